"""What a part of the model was trained on, how much is taken of a sort of data, columns of modules, lists of what is tested."""

from __future__ import annotations

import pytest

from tests.unit.extract.test_dataset_cases import says
from tests.unit.extract.test_datasets import sets
from vlmingest.extract.dataset_names import is_name

OPENING = "# Abstract\nWe present Foo-VL, a vision-language model.\n"


@pytest.mark.parametrize(
    "sentence",
    [
        "Mistral-7B which has 7B parameters and is trained on DVQA is tried, too.",
        "The SigLIP encoder [3], [4] pretrained on DVQA gives the patches.",
        "This may be due to its instruction tuning step on DVQA.",
    ],
)
def test_what_a_part_was_trained_on_is_not_told_of_the_whole(sentence: str) -> None:
    assert "train3" not in says(f"{OPENING}# 1 Experiments\n{sentence}\n", "DVQA")


def test_what_the_own_model_is_trained_on_is() -> None:
    for sentence in ("We train Foo-VL on DVQA.", "Foo-VL is trained on DVQA.", "We fine-tune the model on DVQA."):
        assert "train3" in says(f"{OPENING}# 1 Training\n{sentence}\n", "DVQA")


def test_how_much_is_taken_is_no_part_of_a_name() -> None:
    assert not is_name("Chart Data 2.6M", in_cell=True)
    assert not is_name("Robotic Data", in_cell=True)
    assert not is_name("ZizzleEvalKit")
    assert is_name("Math-10K", in_cell=True)
    assert is_name("Quux Data 2M", in_cell=True)


def test_a_column_of_modules_names_no_sets() -> None:
    table = (
        "Table 1: Our training data.\n| Dataset | Samples | Trainable Modules |\n| DVQA | 20K | LoRA, QuuxNet |\n"
        "| TextCaps | 30K | QuuxNet |\n| GQA | 10K | QuuxNet |\n"
    )
    found = sets(f"{OPENING}# 1 Data\n{table}")["training"]
    assert "QuuxNet" not in found
    assert "DVQA" in found


def test_a_list_of_tasks_of_a_bench_is_of_what_is_tested() -> None:
    table = "| Task | Dataset | Size |\n| QA | DVQA | 20K |\n| Caption | TextCaps | 30K |\n| VQA | GQA | 10K |\n"
    assert "train3" not in says(f"{OPENING}# 1 Experiments\nTable 1: Overview of QuuxBench.\n{table}", "DVQA")


def test_what_is_left_out_of_the_own_work() -> None:
    found = says(f"{OPENING}# 1 Data\nWe exclude DVQA dataset since its links are dead.\n", "DVQA")
    assert "excluded_own" in found
