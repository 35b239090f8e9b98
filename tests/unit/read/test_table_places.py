"""Tables of a PDF: justified cells, texts flush with a column or centred over several, several tables under one caption."""

from __future__ import annotations

from tests.unit.read.pages import PROSE, Text, column, make_pdf
from tests.unit.read.test_tables import TITLE, cells, rule, table_of
from vlmingest.document import BlockKind
from vlmingest.read import read_document

CAPTION: Text = (72, 650, 10, "F1", "Table 1: Numbers of the models that we compare.")


def spread(x: float, y: float, words: str, step: float, size: float = 9) -> list[Text]:
    """Words of a line that is stretched, each with as much space behind it: Helvetica's letters are 0.556 wide here (digits)."""
    placed = []
    for word in words.split():
        placed.append((x, y, size, "F1", word))
        x += 0.556 * size * len(word) + step
    return placed


def test_the_stretched_lines_of_a_justified_cell_are_one_text():
    # letters of one width, so that the spaces are as wide as they are said to be
    lines = [
        *cells(624, (75, "Task"), (160, "Data")),
        (75, 606, 9, "F1", "OCR"),
        *spread(160, 606, "ba3db gepah doeph bnugo", 9.0),
        (160, 595, 9, "F1", "aeoug ndbph goeda hnbep eon"),
        (75, 579, 9, "F1", "Maths"),
        (160, 579, 9, "F1", "bandog"),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(570))
    assert table.cells[1] == ("OCR", "ba3db gepah doeph bnugo aeoug ndbph goeda hnbep eon")


def test_values_at_equal_distances_stay_in_their_columns():
    lines = [
        *cells(624, (75, "Model"), (115, "Size"), (148, "Score")),
        *spread(75, 606, "Bedug 70B 71.2", 12.0),
        *cells(594, (75, "Hapenb"), (113, "7B"), (141, "69.9")),
    ]
    table = table_of(lines, rule(636, 72, 180) + rule(618, 72, 180) + rule(586, 72, 180))
    assert len(table.cells[0]) == 3
    assert table.cells[1] == ("Bedug", "70B", "71.2")


def test_entries_of_a_list_stay_in_their_column_though_they_stand_in_the_middle_of_the_table():
    lines = [
        *cells(624, (75, "Category"), (170, "Dataset"), (360, "Ratio")),
        *cells(606, (75, "Captions"), (170, "Lanterns (Hill, 2021)"), (360, "11.1%")),
        *cells(594, (170, "Wells (Moor, 2022)")),
        *cells(582, (170, "Palimpsests of the old towns, 2020")),
        *cells(570, (75, "Charts"), (170, "Almanac"), (360, "2.0%")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(562))
    assert [row[1] for row in table.cells[1:]] == [
        "Lanterns (Hill, 2021)", "Wells (Moor, 2022)", "Palimpsests of the old towns, 2020", "Almanac",
    ]  # fmt: skip
    assert all("Palimpsests" not in cell for row in table.cells for cell in (row[0], row[2]))


def test_the_title_of_a_group_of_rows_holds_for_all_columns():
    lines = [
        *cells(624, (75, "Dataset"), (200, "Images"), (300, "Pairs")),
        *cells(606, (75, "Captions")),
        *cells(594, (75, "Lantern set"), (200, "57"), (300, "58")),
        *cells(582, (75, "Questions that are asked about documents and charts")),
        *cells(570, (75, "Well set"), (200, "12"), (300, "13")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(562))
    assert table.cells[1] == ("Captions",) * 3
    assert table.cells[3] == ("Questions that are asked about documents and charts",) * 3


def test_the_first_line_of_a_label_is_no_title():
    lines = [
        *cells(624, (75, "Setting"), (200, "One"), (300, "Two")),
        *cells(606, (75, "Number of")),
        *cells(594, (75, "layers"), (200, "24"), (300, "24")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(586))
    assert table.cells[1] == ("Number of", "", "")


def test_the_rule_of_a_footnote_closes_no_table():
    lines = [
        *cells(624, (75, "Model"), (200, "Score")),
        *cells(606, (75, "Lantern"), (200, "71.2")),
        *column(["and what is said of it", "goes on here in short lines", "down to the foot"], top=570),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(598) + rule(530, 72, 130))
    assert table.cells == (("Model", "Score"), ("Lantern", "71.2"))


def test_long_texts_within_a_table_are_no_prose():
    lines = [
        *cells(624, (75, "Data"), (160, "What it is")),
        (75, 606, 9, "F1", "Lantern"),
        *column(PROSE[:4], x=160, top=606, size=7, step=9),
        *cells(560, (75, "Well"), (160, "short")),
    ]
    table = table_of(lines, rule(636) + rule(618) + rule(550))
    assert [row[0] for row in table.cells] == ["Data", "Lantern", "Well"]
    assert table.cells[1][1].startswith("the model is trained on pairs")
    assert table.cells[1][1].endswith("to be joined by")


def test_tables_side_by_side_under_one_caption_are_two():
    lines = [
        *cells(624, (75, "Model"), (150, "Score"), (260, "Stage"), (340, "Rate")),
        *cells(606, (75, "Lantern"), (150, "71.2")),
        *cells(602, (260, "One"), (340, "1e-3")),
        *cells(590, (75, "Well"), (150, "69.9"), (260, "Two"), (340, "1e-5")),
    ]
    drawing = "".join(rule(y, 72, 200) + rule(y, 255, 400) for y in (636, 618, 580))
    page = [TITLE, CAPTION, *lines, *column(PROSE, top=300)]
    left, right = read_document(make_pdf([page], drawing)).tables
    assert left.cells == (("Model", "Score"), ("Lantern", "71.2"), ("Well", "69.9"))
    assert right.cells == (("Stage", "Rate"), ("One", "1e-3"), ("Two", "1e-5"))
    assert left.caption == right.caption


def test_tables_one_below_the_other_are_parted_at_their_heavy_rules():
    lines = [
        *cells(624, (75, "Model"), (200, "Score")),
        *cells(606, (75, "Lantern"), (200, "71.2")),
        *cells(580, (75, "Model"), (160, "Charts"), (260, "Maths")),
        *cells(562, (75, "Lantern"), (160, "1.0"), (260, "2.0")),
    ]
    heavy = "".join(f"72 {y} 328 1.6 re f\n" for y in (636, 598, 594, 552))
    page = [TITLE, CAPTION, *lines, *column(PROSE, top=300)]
    first, second = read_document(make_pdf([page], heavy + rule(618) + rule(575))).tables
    assert first.cells == (("Model", "Score"), ("Lantern", "71.2"))
    assert second.cells == (("Model", "Charts", "Maths"), ("Lantern", "1.0", "2.0"))


def test_a_table_among_the_references_stands_behind_the_text_that_speaks_of_it():
    first = [
        TITLE,
        (72, 700, 14, "F2", "1 Data"),
        *column([*PROSE, "What we take of each is listed in Table 1."], top=680),
        (72, 560, 14, "F2", "2 Results"),
        *column(PROSE, top=540),
        (72, 440, 14, "F2", "References"),
        *column(
            ["[1] A. Hill. On lanterns in old towns. 2020.", "[2] B. Moor. On wells and what they hold. 2021."], top=420
        ),
    ]
    second = [
        (72, 700, 10, "F1", "Table 1: What we take of each."),
        *cells(674, (75, "Data"), (200, "Size")),
        *cells(656, (75, "Lanterns"), (200, "12K")),
        *column(["[3] C. Vale. On palimpsests and their layers. 2022."], top=600),
    ]
    drawing = rule(686) + rule(668) + rule(648)
    document = read_document(make_pdf([first, second], drawing))
    (table,) = document.tables
    section = document.section_at(table.caption_span.start)
    assert section is not None
    assert section.title == "Data"
    assert document.references is not None
    assert table.caption_span.start < document.references.start
    assert [b.page for b in document.blocks if b.kind is BlockKind.TABLE] == [2]


def test_a_table_among_the_references_that_nothing_speaks_of_stands_before_the_closing_sections():
    page = [
        TITLE,
        (72, 700, 14, "F2", "1 Results"),
        *column(PROSE, top=680),
        (72, 600, 14, "F2", "2 Conclusion"),
        *column(PROSE, top=580),
        (72, 500, 14, "F2", "References"),
        *column(["[1] A. Hill. On lanterns in old towns. 2020."], top=480),
        (72, 440, 10, "F1", "Table 1: Settings of the last run."),
        *cells(414, (75, "Setting"), (200, "Value")),
        *cells(396, (75, "Rate"), (200, "1e-3")),
        *column(["[2] C. Vale. On palimpsests and their layers. 2022."], top=340),
    ]
    document = read_document(make_pdf([page], rule(426) + rule(408) + rule(388)))
    (table,) = document.tables
    section = document.section_at(table.caption_span.start)
    assert section is not None
    assert section.title == "Results"


def test_a_list_of_sets_with_amounts_is_the_text_of_its_figure():
    listed = [
        "OCR (27%): Lanterns (10.0 K), Wells (155 K), Old Towns (775 K), Almanacs (50.0 K),",
        "Layers (100 K), Charts of Vale (80 K), Moor QA (79.0 K), Hill QA (free, 74 K)",
    ]
    page = [
        TITLE,
        *column(PROSE, top=700),
        *column(listed, top=600),
        (72, 560, 10, "F1", "Figure 1: What our mixture holds, and how much of each."),
        *column(PROSE, top=500),
    ]
    document = read_document(make_pdf([page]))
    kinds = [b.kind for b in document.blocks if "Almanacs" in document.text[b.start : b.end]]
    assert kinds == [BlockKind.FIGURE_TEXT]


def test_a_word_broken_in_a_cell_is_whole():
    lines = [
        *cells(624, (75, "Task"), (160, "Data")),
        *cells(606, (75, "OCR"), (160, "old lanterns of the town, palim-")),
        *cells(595, (160, "psests and wells")),
    ]
    page = [TITLE, CAPTION, *lines, *column(["palimpsests are named here too", *PROSE], top=300)]
    (table,) = read_document(make_pdf([page], rule(636) + rule(618) + rule(586))).tables
    assert table.cells[1] == ("OCR", "old lanterns of the town, palimpsests and wells")
