"""Data sets where the plain reading would be wrong: others' models, sets compared, short forms, tables of tuned models."""

from __future__ import annotations

import pytest

from tests.unit.extract.test_datasets import sets, view_of
from vlmingest.extract.dataset_aliases import is_glossed, long_names
from vlmingest.extract.dataset_mentions import dataset_groups
from vlmingest.extract.dataset_names import cell_names, is_name, is_spelled_out


def says(text: str, name: str) -> set[str]:
    """All that the places of a name say."""
    groups = dataset_groups(view_of(text)).values()
    return {one for group in groups if group.name == name for place in group.places for one in place.says}


@pytest.mark.parametrize(
    ("sentence", "feature"),
    [
        ("We are sure that a BarNet-L model trained on CC12M would be better.", "trained_named"),
        ("We train Quux-Seg on CC12M and keep our encoder as it is.", "trained_named"),
        ("The words are as many as in CC12M, which was used to train Bar-2.", "trained_named"),
        ("Others lean on a small filtering network fine-tuned on CC12M.", "trained_noun"),
        ("These systems are strong since they are trained on CC12M.", "trained_noun"),
        (
            "We start from the Bar-2B chat model, which was tuned on GQA and then by preferences on CC12M.",
            "trained_named",
        ),
        ("We take the CC12M pretrained Bar-L as our encoder.", "beside_contrast"),
        ("Unlike CC12M, our pairs are clean.", "beside_contrast"),
        ("VizWiz contains pictures of CC12M with long answers.", "set_told"),
    ],
)
def test_a_hint_at_most(sentence: str, feature: str) -> None:
    found = says(f"# 1 Intro\nFoo-VL is our model.\n# 2 Experiments\n{sentence}\n", "CC12M")
    assert feature in found
    assert not {"train2", "train3"} & found


@pytest.mark.parametrize(
    "sentence",
    [
        "We train Foo-VL on CC12M.",
        "We fine-tune Foo-VL 2 on CC12M.",
        "Foo-VL-7B is trained on CC12M.",
        "We train the MLP on CC12M.",
    ],
)
def test_what_is_ours_is_trained_plainly(sentence: str) -> None:
    found = says(f"# 1 Intro\nFoo-VL is our model.\n# 2 Training\n{sentence}\n", "CC12M")
    assert "train3" in found
    assert not {"trained_named", "trained_noun"} & found


def test_what_is_tested_after_training_is_not_trained_on() -> None:
    text = "# 1 Experiments\nWe train a head on COCO and then test it on several sets: VizWiz, OK-VQA and GQA.\n"
    assert "left_evaluate" in says(text, "OK-VQA")


def test_other_sets_beside_the_own_one_say_nothing() -> None:
    text = (
        "# 1 Data\nTable 1: Comparison of instruction data sets.\n"
        "| Dataset | Source | Video |\n| SVIT | COCO | × |\n| LRV | VG | × |\n| Foo-IT (ours) | CC12M | ✓ |\n"
    )
    assert "of_peers" in says(text, "COCO")
    assert "of_peers" not in says(text, "CC12M")


def test_a_table_of_tuned_models_says_what_is_trained_on() -> None:
    table = "| Model | VQAv2 | GQA |\n| Bar | 70.1 | 50.2 |\n| Foo-VL (ours) | 75.1 | 60.2 |\n"
    assert "train2" in says(f"# 1 Results\nTable 1: Results of fine-tuned models.\n{table}", "VQAv2")
    other = "# 1 Results\nTable 1: Results. Rows marked with a star are fine-tuned.\n"
    assert not {"train1", "train2"} & says(other + table, "VQAv2")


CAPTION = "Table 1: Results of Foo-VL. QX: Quux-Bench, ZZB: Zizzle Bench, and so on.\n"


def test_short_forms_mean_the_long_names() -> None:
    text = f"# 1 Results\n{CAPTION}| Model | QX | ZZB | POPE |\n| Bar | 1.5 | 2.5 | 80.1 |\n| Foo-VL (ours) | 3.5 | 4.5 | 85.1 |\n"
    view = view_of(text)
    assert long_names(view) == {"qx": "Quux-Bench", "zzb": "Zizzle Bench"}
    names = {group.name for group in dataset_groups(view).values()}
    assert {"Quux-Bench", "Zizzle Bench"} <= names
    assert not {"QX", "ZZB"} & names
    assert "Quux-Bench" in sets(text)["evaluation"]


def test_capitals_for_plain_words_are_no_names() -> None:
    view = view_of("# 1 Results\nWe rate with recall of objects (RO), and CQ (correct quotes). We name XYZ (Foo).\n")
    assert is_glossed(view, "CQ")
    assert not is_glossed(view, "XYZ")
    assert not is_glossed(view, "RecallX")


@pytest.mark.parametrize(
    "name", ["Interleaved Data", "High-quality Instruction Data", "Vision-Centric", "Question Answering"]
)
def test_descriptions_are_no_names(name: str) -> None:
    assert not is_name(name, in_cell=True)


@pytest.mark.parametrize("name", ["Plot-QA", "Quux Instruct", "ZizzleBench"])
def test_names_stay_names(name: str) -> None:
    assert is_name(name, in_cell=True)


def test_a_whole_mixture_in_one_cell() -> None:
    cell = ", ".join(f"Quux{letter}Bench [{number}]" for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert len(list(cell_names(cell))) == 26


def test_a_title_over_names_is_no_name() -> None:
    text = (
        "# 1 Results\nTable 1: Results of our models.\n| Model | Zizzle | Zizzle | Other |\n| Model | QuuxBench | BarQA | POPE |\n"
        "| Bar | 60.1 | 50.2 | 80.0 |\n| Foo-VL (ours) | 61.1 | 51.2 | 81.0 |\n"
    )
    names = {group.name for group in dataset_groups(view_of(text)).values()}
    assert {"QuuxBench", "BarQA"} <= names
    assert "Zizzle" not in names


def test_a_clause_on_models_does_not_say_what_they_are_tested_on() -> None:
    told = "We report the results on the models that were trained with an encoder, namely GQA and DVQA."
    found = says(f"# 1 Intro\nFoo-VL is our model.\n# 2 Experiments\n{told}\n", "GQA")
    assert "left_evaluate" in found
    assert not {"train2", "train3"} & found


def test_what_is_based_on_a_set_is_no_result_on_it() -> None:
    found = says("# 1 Intro\nFoo-VL is our model.\n# 2 Data\nWe obtain 20K dialogues based on CC12M photos.\n", "CC12M")
    assert not {"evaluate2", "evaluate3"} & found


def test_words_that_a_short_form_stands_for_are_no_set() -> None:
    text = "we tune on ZOO (Zebras Outside Oases) and Optical Sign Reading (OCR) data"
    for name, spelled in (("Zebras Outside Oases", True), ("Optical Sign Reading", True), ("ZOO", False)):
        start = text.index(name)
        assert is_spelled_out(text, start, start + len(name)) is spelled
