"""What columns, captions and the rest of a paper say of names: labels, comparisons, variants of the own model, words for data."""

from __future__ import annotations

import pytest

from tests.unit.extract.test_dataset_cases import says
from tests.unit.extract.test_datasets import sets, view_of
from vlmingest.extract.dataset_mentions import dataset_groups
from vlmingest.extract.dataset_names import is_variant

OPENING = "# Abstract\nWe present Foo-VL, a vision-language model.\n"


@pytest.mark.parametrize(
    ("key", "variant"),
    [
        ("foo7b", True),
        ("foovideochat", True),
        ("foo2.1b", True),
        ("foov1.5base", True),
        ("fooinstruct150k", False),
        ("foocap", False),
        ("bar7b", False),
    ],
)
def test_variants_of_the_own_model(key: str, variant: bool) -> None:
    assert is_variant(key, frozenset({"foo"})) is variant


def test_a_column_of_labels_names_no_sets() -> None:
    caption = f"{OPENING}# 1 Data\nTable 1: Our training data.\n"
    table = "| Task | Dataset | Samples |\n| OCR-VQA | DVQA, DocVQA | 20K |\n| Caption | TextCaps, GQA | 30K |\n"
    assert "label_column" in says(caption + table, "OCR-VQA")
    assert "train3" not in says(caption + table, "OCR-VQA")
    assert "train3" in says(caption + table, "DVQA")
    made = "| Dataset | Captioner | Samples |\n| DVQA | LLaVA-1.5 | 20K |\n| TextCaps | LLaVA-1.5 | 30K |\n"
    assert "LLaVA-1.5" not in sets(caption + made)["training"]


def test_a_caption_tells_of_what_is_trained_on() -> None:
    table = "| Name | Pairs |\n| DVQA | 20K |\n| TextCaps | 30K |\n"
    assert "train3" in says(
        f"{OPENING}# 1 Experiments\nTable 1: Details of the datasets for training Foo-VL.\n{table}", "DVQA"
    )
    caption = f"{OPENING}# 1 Training Data\nTable 1: Number of samples from each benchmark.\n| Dataset | Size |\n"
    sampled = f"{caption}| DVQA | 20K |\n| TextCaps | 30K |\n| GQA | 5K |\n| DocVQA | 5K |\n"
    assert "train3" in says(sampled, "DVQA")


def test_sets_that_are_compared_are_not_all_ours() -> None:
    text = (
        f"{OPENING}# 1 Data\nTable 1: Comparison of our training data with existing datasets.\n| Dataset | Pairs |\n"
        "| DVQA | 20K |\n| TextCaps | 30K |\n| Foo-VL-Mix (ours) | 90K |\n"
    )
    found = says(text, "DVQA")
    assert not {"train3", "train2"} & found


def test_a_word_that_is_once_called_data_means_it_everywhere() -> None:
    later = "We train our model on GRIT and then on WebVid.\n"
    assert says(f"{OPENING}# 1 Training\nThe grit of GRIT is known. GRIT helps.\n", "GRIT") == {
        "doubtful",
        "doubtful_train1",
    }
    found = says(f"{OPENING}# 1 Data\nWe introduce GRIT, a large dataset of regions.\n# 2 Training\n{later}", "GRIT")
    assert "doubtful" not in found
    assert "train3" in found


def test_a_described_set_keeps_its_last_word() -> None:
    text = f"{OPENING}# 1 Training\nWe train our model on LLaVA instruction data [3] and on TextCaps.\n"
    assert "LLaVA instruction data" in sets(text)["training"]


def test_headers_tell_sets_from_their_parts() -> None:
    text = (
        f"{OPENING}# 1 Experiments\nTable 1: Results of our models.\n| Model | GQA | POPE | Quux-Hit | Tuned-X |\n"
        "| Bar | 60.1 | 50.2 | 80.0 | small |\n| Foo-VL (ours) | 61.1 | 51.2 | 81.0 | large |\n"
    )
    groups = dataset_groups(view_of(text))
    assert "column_mates_most" in groups["quuxhit"].counts
    assert "column_unscored" not in groups["quuxhit"].counts
    assert "column_unscored" in groups["tunedx"].counts


def test_faults_are_found_with_sets() -> None:
    assert "with_fault" in says(f"{OPENING}# 1 Data\nSets such as WebVid are noisy.\n", "WebVid")
    assert "before_fault" in says(f"{OPENING}# 1 Data\nWe also tried WebVid. It had minimal impact.\n", "WebVid")
