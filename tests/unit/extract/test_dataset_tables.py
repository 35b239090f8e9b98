"""Names in tables and figures that list data, in headers of two rows, and what sentences say is left out."""

from __future__ import annotations

import pytest

from tests.unit.extract.test_dataset_cases import says
from tests.unit.extract.test_datasets import sets, view_of
from vlmingest.document import BlockKind
from vlmingest.extract.dataset_cells import names_with_amounts
from vlmingest.extract.dataset_mentions import dataset_groups
from vlmingest.extract.dataset_names import described_names
from vlmingest.extract.view import PaperView

OPENING = "# Abstract\nWe present Foo-VL, a vision-language model.\n"


def names(view: PaperView) -> set[str]:
    return {group.name for group in dataset_groups(view).values()}


def test_one_title_over_all_columns_closes_none() -> None:
    text = (
        f"{OPENING}# 1 Data\nTable 1: Our training data.\n| Type: Images | Type: Images |\n"
        "| Charts | Quux-Chart, PlotQA, DVQA |\n| Type: Videos | Type: Videos |\n| Clips | ZizzleCaps, VATEX |\n"
    )
    found = names(view_of(text))
    assert {"Quux-Chart", "ZizzleCaps", "PlotQA"} <= found
    assert not any("Type" in name for name in found)


def test_hyphens_hide_no_known_name() -> None:
    text = f"{OPENING}# 1 Data\nTable 1: Our training data.\n| Kind | Datasets |\n| Text | Ultra-Chat, OpenOrca, SlimOrca |\n"
    assert "UltraChat" in sets(text)["training"]


def test_a_list_under_the_word_ablation_is_a_list_where_it_has_no_scores() -> None:
    table = "| Kind | Datasets |\n| Caption | TextCaps, MSRVTT |\n| Answer | GQA, OK-VQA |\n"
    caption = "Table 1: The SFT blend of our ablation study.\n"
    assert "train3" in says(f"{OPENING}# 1 Experiments\n{caption}{table}", "TextCaps")
    scored = "| Data | Acc |\n| TextCaps, MSRVTT | 71.23 |\n| GQA, OK-VQA | 72.34 |\n"
    assert "train3" not in says(f"{OPENING}# 1 Experiments\n{caption}{scored}", "TextCaps")


def test_rows_of_a_header_may_make_one_name() -> None:
    text = (
        f"{OPENING}# 1 Results\nTable 1: Results of our models.\n| Model | Text | Screen2 | POPE |\n| Model | VQA | Words | POPE |\n"
        "| Bar | 60.1 | 50.2 | 80.0 |\n| Foo-VL (ours) | 61.1 | 51.2 | 81.0 |\n"
    )
    view = PaperView(
        view_of(text).document.model_copy(
            update={"tables": (view_of(text).document.tables[0].model_copy(update={"header_rows": 2}),)}
        )
    )
    found = names(view)
    assert {"TextVQA", "Screen2Words"} <= found
    assert "Screen2" not in found


def test_figures_list_sets_with_their_amounts() -> None:
    listed = "Charts (20%): QuuxChart [3] (10.0 K), PlotQA [4] (1.5 M), DVQA (30K), ZizzleQA (7.0 K), GQA [9] (80 K), TextCaps (22K)"
    document = view_of(f"{OPENING}# 1 Data\n{listed}\n").document
    blocks = (*document.blocks[:-1], document.blocks[-1].model_copy(update={"kind": BlockKind.FIGURE_TEXT}))
    groups = dataset_groups(PaperView(document.model_copy(update={"blocks": blocks})))
    found = {group.name for group in groups.values() if group.counts.get("train3")}
    assert {"QuuxChart", "ZizzleQA", "PlotQA", "GQA"} <= found
    assert names_with_amounts("A net (10 K) and a lot (of) other (things) in (5) brackets (x)", 0, 60) == []


def test_names_of_plain_words_are_cited_or_stand_among_sets() -> None:
    assert list(described_names("Detailed Caption [3], Short Answers", of_sets=False)) == ["Detailed Caption"]
    assert list(described_names("Detailed Caption, In-house Data", of_sets=True)) == ["Detailed Caption"]


def test_a_language_model_among_sets_means_its_data() -> None:
    rows = "| Text | OpenChat, OpenOrca, SlimOrca |\n| Image | GQA, DVQA |\n"
    assert "OpenChat" in names(view_of(f"{OPENING}# 1 Data\nTable 1: Our training data.\n| Kind | Datasets |\n{rows}"))


@pytest.mark.parametrize(
    ("sentence", "left_out"),
    [
        ("We train our model without using CC12M.", True),
        ("CC12M and GQA are not used in our training.", True),
        ("We sample pairs (excluding 20K of GQA) from the CC12M set to train our model.", False),
        ("We remove one tenth of the samples in CC12M.", False),
        ("For CC12M we do not use other templates than ours.", False),
        ("Our model is trained on CC12M instead of on noisy pairs.", False),
    ],
)
def test_what_is_left_out_is_the_name_itself(sentence: str, left_out: bool) -> None:
    found = says(f"{OPENING}# 1 Training\n{sentence}\n", "CC12M")
    assert ("excluded" in found) is left_out, found
    assert left_out or "with_exclude" in found


def test_what_another_set_was_made_from() -> None:
    text = f"{OPENING}# 1 Data\nThe small part of VizWiz has 12 photos sourced from CC12M.\n"
    assert "source_of_set" in says(text, "CC12M")
    assert "source_of_set" not in says(f"{OPENING}# 1 Data\nWe take photos sourced from CC12M.\n", "CC12M")


def test_what_is_tested_where_the_paper_tells_of_tuning() -> None:
    tuned = "We fine-tune Foo-VL on the training split of each task.\nWe evaluate our model on VATEX and TextCaps.\n"
    assert "tested_where_tuned" in says(f"{OPENING}# 1 Videos\n{tuned}", "VATEX")
    assert "tested_where_tuned" not in says(
        f"{OPENING}# 1 Training\n{tuned.splitlines()[0]}\n# 2 Results\n{tuned.splitlines()[1]}\n", "VATEX"
    )
    general = "We fine-tune in a stage of supervised fine-tuning.\nWe evaluate our model on VATEX and TextCaps.\n"
    assert "tested_where_tuned" not in says(f"{OPENING}# 1 Zero-shot tests\n{general}", "VATEX")


def test_a_table_of_evaluation_by_task_is_not_of_training() -> None:
    rows = "| Dataset | Task | Split |\n| GQA | answers | val |\n| VATEX | captions | test |\n"
    found = says(f"{OPENING}# 1 Details\nTable 1: Summary of the datasets for evaluation.\n{rows}", "GQA")
    assert "evaluate3" in found
    assert not {"train2", "train3"} & found


def test_columns_of_sizes_or_inputs_are_the_own_model() -> None:
    rows = "| ZizzleQA | 61.2 | 63.0 |\n| GQA | 60.1 | 62.2 |\n| QuuxCaps | 99.5 | 101.2 |\n"
    for header in ("| | 3B | 10B |\n", "| Task | 224px | 448px |\n", "| Task | 224px² 3B | 448px² 3B |\n"):
        text = f"{OPENING}# 1 Results\nTable 1: Results of the models.\n{header}{rows}"
        assert "evaluate3" in says(text, "GQA"), header
        assert {"ZizzleQA", "QuuxCaps"} <= names(view_of(text))
    others = "| Model | 224 | 448 |\n| Bar-L | 61.2 | 63.0 |\n| GQA | 61.2 | 63.0 |\n"
    assert "evaluate3" not in says(f"{OPENING}# 1 Results\nTable 1: Results of the models.\n{others}", "GQA")


def test_a_task_beside_its_sets_is_no_set() -> None:
    rows = "| Task | Amount | Datasets |\n| VQA | 424K | GQA, DVQA, OK-VQA |\n| Captions | 43K | TextCaps, VATEX |\n"
    assert says(f"{OPENING}# 1 Data\nTable 1: Our training data.\n{rows}", "VQA") <= {"doubtful"}


def test_a_split_may_be_set_as_one_letter() -> None:
    rows = "| Model | MMMUV | MMBT | POPE |\n| Bar | 40.1 | 60.2 | 80.0 |\n| Foo-VL (ours) | 41.1 | 61.2 | 81.0 |\n"
    found = names(view_of(f"{OPENING}# 1 Results\nTable 1: Results of our models.\n{rows}"))
    assert {"MMMU", "MMBench"} <= found
    assert "MMMUV" not in found


def test_tuning_by_instructions_is_no_tuning_to_a_set() -> None:
    rows = "| Model | GQA | POPE |\n| Foo-VL (ours) | 61.2 | 81.0 |\n"
    for caption, tuned in (("instruction fine-tuned models", False), ("fine-tuned models", True)):
        found = says(f"{OPENING}# 1 Results\nTable 1: Results of {caption}.\n{rows}", "GQA")
        assert ("in_tuned_table" in found) is tuned
