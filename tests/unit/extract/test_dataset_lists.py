"""Lists of data sets: in running text, in tables of several layouts, and what rows, columns and titles say of the use."""

from __future__ import annotations

import pytest

from tests.unit.extract.test_datasets import sets, view_of
from vlmingest.extract.dataset_cues import Beside
from vlmingest.extract.dataset_lists import Member, lists_of
from vlmingest.extract.dataset_mentions import Mentions
from vlmingest.extract.dataset_names import is_name, is_short_form
from vlmingest.extract.dataset_tuning import tunes_downstream
from vlmingest.vocabulary.datasets import find_datasets

RESULTS = """
# 3 Experiments
We evaluate Foo-VL on POPE.
Table 9: Comparison with open models.
| Model | POPE |
| LLaVA | 80.1 |
| Foo-VL (ours) | 85.1 |
"""


def members(text: str, names: dict[str, Beside]) -> list[Member]:
    return [Member(text.index(name), text.index(name) + len(name), False, near) for name, near in names.items()]


def test_what_is_said_of_one_name_holds_for_its_list() -> None:
    text = "datasets such as Abc [1], the Def (12K), and Ghi; Jkl (Doe et al., 2020) + Mno"
    near = {"Abc": Beside(("data",), ("cited",)), **{name: Beside((), ()) for name in ("Def", "Ghi", "Jkl", "Mno")}}
    found = lists_of(text, members(text, near))
    assert all({"list_data", "list_long"} <= set(one.says) for one in found.values())
    assert {one.length for one in found.values()} == {5}


@pytest.mark.parametrize(
    "gap",
    [
        ", ",
        " and ",
        " / ",
        " + ",
        " [3], [4] and ",
        " dataset, the ",
        " (83K), ",
        "), question answering (",
        " and 40% from ",
    ],
)
def test_gaps_of_lists(gap: str) -> None:
    text = f"Abc{gap}Def"
    assert lists_of(text, members(text, {"Abc": Beside((), ()), "Def": Beside((), ())}))


@pytest.mark.parametrize("gap", [" is larger than ", ". ", " was used to filter "])
def test_no_list(gap: str) -> None:
    text = f"Abc{gap}Def"
    assert not lists_of(text, members(text, {"Abc": Beside((), ()), "Def": Beside((), ())}))


def test_the_last_name_of_a_list_counts_though_it_stands_bare() -> None:
    text = "# 2 Training\nWe fine-tune on GQA, OCR-VQA and QuuxCharts.\n"
    assert {"GQA", "OCR-VQA", "QuuxCharts"} <= set(sets(text)["training"])


def test_a_table_whose_caption_says_nothing_lists_data_by_its_cells() -> None:
    text = """
# 2 Training data
Table 1: Overview.
| task | names |
| Captions | COCO, TextCaps, QuuxCaps |
| Questions | VQAv2, GQA |
| Charts | ChartQA, DVQA |
"""
    found = sets(text + RESULTS)
    assert {"COCO", "TextCaps", "QuuxCaps", "VQAv2", "GQA", "ChartQA", "DVQA"} <= set(found["training"])
    assert not {"Captions", "Questions", "Charts"} & set(found["training"])


def test_a_tick_under_held_out_is_no_training() -> None:
    text = """
# 2 Data
Table 1: Description of the datasets for instruction tuning and evaluation.
| Dataset | Held-out | Description |
| TextCaps | × | captions that need reading |
| OK-VQA | × | questions that need knowledge |
| NoCaps | ✓ (val) | captions of new objects |
| VizWiz | ✓ (test) | questions of blind people |
"""
    found = sets(text + RESULTS)
    assert {"TextCaps", "OK-VQA"} <= set(found["training"])
    assert not {"NoCaps", "VizWiz"} & set(found["training"])


def test_a_title_row_says_what_the_rows_below_are_for() -> None:
    text = """
# 2 Data
Table 1: Summary of the datasets used for training and testing.
| Dataset | Task |
| Training sets | Training sets |
| TextCaps | captions |
| OK-VQA | questions |
| Testing sets | Testing sets |
| NoCaps | captions |
"""
    found = sets(text + RESULTS)
    assert {"TextCaps", "OK-VQA"} <= set(found["training"])
    assert "NoCaps" not in found["training"]


def test_names_of_the_data_row_of_a_table_of_stages() -> None:
    text = """
# 2 Training
Table 1: Training setup of each stage.
| | Stage 1 | Stage 2 |
| Trainable | MLP | All |
| Data | CC3M, QuuxCaps | LLaVA-Instruct-150K, QuuxChat-40K |
| Learning rate | 1e-3 | 2e-5 |
| Batch size | 256 | 128 |
"""
    view = view_of(text + RESULTS)
    groups = Mentions(view).groups
    assert {"cc3m", "quuxcaps", "quuxchat40k"} <= set(groups)
    assert not {"mlp", "all"} & set(groups)


def test_columns_of_ticks_name_what_is_made_use_of() -> None:
    text = """
# 4 Ablation
Table 3: Ablation on the data.
| ADE20K | QuuxSeg | score |
| ✓ | | 48.9 |
| ✓ | ✓ | 52.9 |
"""
    assert not {"ADE20K", "QuuxSeg"} & set(sets(text)["evaluation"])


def test_a_paper_that_tunes_on_what_it_is_evaluated_on() -> None:
    tuned = "# 3 Experiments\nWe fine-tune the model on each task. We then fine-tune on downstream data and finetune for the target task.\n"
    assert tunes_downstream(view_of(tuned)) > 0.5
    assert tunes_downstream(view_of("# 3 Experiments\nAll results are zero-shot.\n")) == 0.0
    transfers = (
        "For all transfers we use one recipe. We transfer the model to 20 tasks. The transfer results are new.\n"
    )
    assert tunes_downstream(view_of(f"# 3 Experiments\n{transfers}")) > 0.5
    assert tunes_downstream(view_of("# 3 Experiments\nThe zero-shot transfer results and tasks are new.\n")) == 0.0


@pytest.mark.parametrize(
    "name", ["Text-only SFT", "Part-1", "Long Video", "High-quality Text", "Mean Reciprocal Rank", "Stage II", "testA"]
)
def test_descriptions_are_no_names(name: str) -> None:
    assert not is_name(name, in_cell=True)


@pytest.mark.parametrize("name", ["QuuxQA", "Chart-Quux", "FRAMES", "Quux-101", "Foo of Bar"])
def test_names_are_names(name: str) -> None:
    assert is_name(name, in_cell=True)


def test_a_short_form_of_plain_words_is_no_name() -> None:
    text = "trained for grounded captioning (GC) and on Quux Wide Images (QWI)"
    assert is_short_form(text, text.index("GC"), text.index("GC") + 2)
    assert not is_short_form(text, text.index("QWI"), text.index("QWI") + 3)


@pytest.mark.parametrize("text", ["we use VQAv2 [5]", "on the VQAv2 test set", "To amass data we take VQAv2"])
def test_a_name_within_a_longer_chance_match_is_found(text: str) -> None:
    assert [found.name for found in find_datasets(text, text.lower())] == ["VQAv2"]
