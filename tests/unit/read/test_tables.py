"""Tables of a PDF: rules, labels over rows, wrapped cells, headers set tight, section rows, marks."""

from __future__ import annotations

import pytest

from tests.unit.read.pages import PROSE, Text, column, make_pdf
from vlmingest.document import Table
from vlmingest.read import read_document
from vlmingest.read.grid import clean

TITLE: Text = (150, 740, 18, "F2", "A Paper Of Tables And Nothing Else")


def rule(y: float, x0: float = 72, x1: float = 400) -> str:
    """A thin filled rule at height `y` from below."""
    return f"{x0} {y} {x1 - x0} 0.8 re f\n"


def cells(row: float, *texts: tuple[float, str], font: str = "F1", size: float = 9) -> list[Text]:
    """Texts of one row, each at its x."""
    return [(x, row, size, font, text) for x, text in texts]


def table_of(
    lines: list[Text], drawing: str, caption: str = "Table 1: Numbers of the models that we compare."
) -> Table:
    page = [TITLE, (72, 650, 10, "F1", caption), *lines, *column(PROSE, top=300)]
    (table,) = read_document(make_pdf([page], drawing)).tables
    assert len({len(row) for row in table.cells}) == 1
    assert len(table.row_spans) == len(table.cells)
    return table


def test_header_and_rows_between_rules():
    lines = [
        *cells(624, (75, "Model"), (200, "Score"), (300, "Size")),
        *cells(606, (75, "Lantern"), (200, "71.2"), (300, "7B")),
        *cells(592, (75, "Palimpsest"), (200, "69.9"), (300, "13B")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(586))
    assert table.label == "Table 1"
    assert table.caption == "Numbers of the models that we compare."
    assert table.header_rows == 1
    assert table.cells == (("Model", "Score", "Size"), ("Lantern", "71.2", "7B"), ("Palimpsest", "69.9", "13B"))


def test_without_rules_the_rows_beside_the_caption_are_taken_up_to_prose():
    lines = [
        *cells(632, (75, "Model"), (200, "Score")),
        *cells(620, (75, "Lantern"), (200, "71.2")),
        *cells(608, (75, "Palimpsest"), (200, "69.9")),
        *column(PROSE, top=560),
    ]
    assert table_of(lines, "").cells == (("Model", "Score"), ("Lantern", "71.2"), ("Palimpsest", "69.9"))


def test_a_label_centred_between_two_rules_belongs_to_all_its_rows():
    lines = [
        *cells(624, (75, "Data"), (200, "Model"), (300, "Score")),
        *cells(600.5, (75, "Pairs")),
        *cells(589.5, (75, "(14M images)")),
        *cells(606, (200, "Small"), (300, "1.0")),
        *cells(595, (200, "Middle"), (300, "2.0")),
        *cells(584, (200, "Large"), (300, "3.0")),
        *cells(566, (75, "Web"), (200, "Large"), (300, "4.0")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(578) + rule(560))
    assert table.cells[1:] == (
        ("Pairs (14M images)", "Small", "1.0"),
        ("Pairs (14M images)", "Middle", "2.0"),
        ("Pairs (14M images)", "Large", "3.0"),
        ("Web", "Large", "4.0"),
    )


def test_labels_without_rules_reach_as_far_up_as_down():
    lines = [
        *cells(624, (75, "Family"), (200, "Model"), (300, "Score")),
        *cells(606, (200, "Small"), (300, "1.0")),
        *cells(594, (75, "Dense"), (200, "Middle"), (300, "2.0")),
        *cells(582, (200, "Large"), (300, "3.0")),
        *cells(570, (75, "Sparse"), (200, "Only"), (300, "4.0")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(560))
    assert [row[0] for row in table.cells[1:]] == ["Dense", "Dense", "Dense", "Sparse"]


def test_values_of_some_rows_are_no_label():
    lines = [
        *cells(624, (75, "Task"), (200, "Zero"), (300, "Few")),
        *cells(606, (75, "One"), (200, "yes"), (300, "yes")),
        *cells(594, (75, "Two"), (200, "yes"), (300, "yes")),
        *cells(582, (75, "Three"), (200, "yes")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(572))
    assert [row[2] for row in table.cells] == ["Few", "yes", "yes", ""]


def test_a_cell_that_wraps_is_one_cell():
    lines = [
        *cells(624, (75, "Stage"), (160, "Data")),
        *cells(606, (75, "First"), (160, "pairs of images and texts from the web,")),
        *cells(596, (160, "filtered and cleaned by a model")),
        *cells(584, (75, "Second"), (160, "instructions")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(576))
    assert table.cells[1:] == (
        ("First", "pairs of images and texts from the web, filtered and cleaned by a model"),
        ("Second", "instructions"),
    )


def test_a_group_between_rules_with_one_label_is_one_row():
    lines = [
        *cells(624, (75, "Size"), (160, "Sources")),
        *cells(606, (160, "one corpus of captions, a corpus of charts,")),
        *cells(596, (75, "1.8M"), (160, "a corpus of questions, a corpus of pages,")),
        *cells(586, (160, "and what the others left")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(578))
    assert table.cells[1:] == (
        ("1.8M", "one corpus of captions, a corpus of charts, a corpus of questions, a corpus of pages, and what the others left"),
    )  # fmt: skip


def test_header_cells_over_columns_and_of_two_lines():
    lines = [
        *cells(632, (75, "Training"), (245, "Retrieval"), (340, "Captions")),
        *cells(618, (75, "data"), (215, "text"), (290, "image"), (345, "score")),
        *cells(600, (75, "small"), (215, "1.0"), (290, "2.0"), (345, "3.0")),
        *cells(588, (75, "large"), (215, "4.0"), (290, "5.0"), (345, "6.0")),
    ]
    drawing = rule(642) + rule(628, 210, 315) + rule(628, 335, 385) + rule(612) + rule(580)
    table = table_of(lines, drawing)
    assert table.header_rows == 2
    assert table.cells[:2] == (
        ("Training data", "Retrieval", "Retrieval", "Captions"),
        ("Training data", "text", "image", "score"),
    )


def test_a_header_set_tight_is_cut_at_its_columns():
    lines = [
        *cells(624, (75, "Method"), (150, "Parameters"), (201, "Memory")),
        *cells(606, (75, "Lantern"), (160, "188M"), (210, "33G")),
        *cells(594, (75, "Other"), (162, "13B"), (210, "55G")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(586))
    assert table.cells[0] == ("Method", "Parameters", "Memory")


@pytest.mark.parametrize("font", ["F2", "F3"])
def test_a_row_in_another_style_heads_the_rows_below(font: str):
    lines = [
        *cells(624, (75, "Setting"), (200, "3B"), (300, "8B")),
        *cells(606, (75, "Vision Encoder"), font=font),
        *cells(594, (75, "Layers"), (200, "24"), (300, "24")),
        *cells(582, (75, "Heads"), (200, "16"), (300, "16")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(574))
    assert table.cells[1] == ("Vision Encoder",) * 3


def test_a_caption_in_mid_sentence_is_none():
    text = [
        *PROSE,
        "which is what we show for all of the models in",
        "Table 1. The rest of this sentence goes on here",
        *PROSE,
    ]
    assert read_document(make_pdf([[TITLE, *column(text)]])).tables == ()


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("LLaVA‡ [18]", "LLaVA [18]"), ("Flamingo-3B∗", "Flamingo-3B"), ("78.2*", "78.2*"), ("×", "✗"), ("3×3", "3×3"),
        ("4 × 4", "4 × 4"), ("OFA [17] †", "OFA [17]"),
    ],
)  # fmt: skip
def test_marks_of_a_cell(printed: str, expected: str):
    assert clean(printed) == expected


def test_labels_on_baselines_of_their_own_make_the_first_column():
    lines = [
        *cells(624, (130, "Setting"), (210, "First"), (270, "Second"), (330, "Third")),
        *cells(604, (130, "Side"), (210, "224"), (270, "336"), (330, "448")),
        *cells(598, (75, "Image")),
        *cells(592, (130, "Tokens"), (210, "256"), (270, "576"), (330, "729")),
        *cells(572, (130, "Rate"), (210, "1e-3"), (270, "2e-5"), (330, "3e-6")),
        *cells(566, (75, "Steps")),
        *cells(560, (130, "Epochs"), (210, "1"), (270, "2"), (330, "3")),
    ]
    table = table_of(lines, rule(636) + rule(616) + rule(584) + rule(552))
    assert table.cells[1:] == (
        ("Image", "Side", "224", "336", "448"), ("Image", "Tokens", "256", "576", "729"),
        ("Steps", "Rate", "1e-3", "2e-5", "3e-6"), ("Steps", "Epochs", "1", "2", "3"),
    )  # fmt: skip


def test_a_value_centred_over_two_stages_holds_for_both():
    lines = [
        *cells(624, (75, "Setting"), (200, "Alignment"), (300, "Instruction")),
        *cells(606, (75, "Rate"), (210, "1e-3"), (315, "2e-5")),
        *cells(592, (75, "Epochs"), (269, "1")),  # the middle of 200 to about 343
        *cells(578, (75, "Batch"), (214, "256"), (317, "128")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(570))
    assert table.cells == (
        ("Setting", "Alignment", "Instruction"), ("Rate", "1e-3", "2e-5"), ("Epochs", "1", "1"), ("Batch", "256", "128"),
    )  # fmt: skip
