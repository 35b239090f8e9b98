"""Paragraphs within a run of lines: told by an indent, by a line left short, by a little more space."""

from __future__ import annotations

from tests.unit.read.pages import column, make_pdf
from vlmingest.document import BlockKind
from vlmingest.read import read_document
from vlmingest.read.floats import Run
from vlmingest.read.pagelines import Line
from vlmingest.read.paragraphs import part_paragraphs

FULL = 300.0
WORDS = "The lamp is lit at dusk and goes out at dawn, as it did in every year before"


def line(text: str, y: float, x0: float = 50.0, x1: float = FULL, page: int = 1) -> Line:
    return Line(page, 0, 1, text, x0, y, x1, y + 10, 10.0, "Times", 0, False)


def parted(*lines: Line, kind: BlockKind = BlockKind.PARAGRAPH) -> list[list[str]]:
    return [[one.text for one in run.lines] for run in part_paragraphs([Run(kind, list(lines))])]


def lines_of(*texts: str, step: float = 12.0) -> list[Line]:
    return [line(text, step * index) for index, text in enumerate(texts)]


ENDED = [WORDS, "the last.", "Then the next night comes", WORDS, WORDS]


def test_an_indent_begins_a_paragraph() -> None:
    lines = lines_of(*ENDED)
    lines[2].x0 += 10
    assert [len(run) for run in parted(*lines)] == [2, 3]


def test_a_line_left_short_ends_one_where_the_lines_are_justified() -> None:
    lines = lines_of(WORDS, *ENDED)
    lines[2].x1 = 200
    assert [len(run) for run in parted(*lines)] == [3, 3]
    ragged = lines_of(WORDS, *ENDED)
    for index, one in enumerate(ragged):
        one.x1 = 200.0 + 13 * (index % 5)
    assert len(parted(*ragged)) == 1


def test_a_little_more_space_parts() -> None:
    lines = lines_of(*ENDED)
    for one in lines[2:]:
        one.y0 += 5
        one.y1 += 5
    assert [len(run) for run in parted(*lines)] == [2, 3]


def test_only_where_a_sentence_ends_and_another_begins() -> None:
    for above, below in (("the last", "Then the next"), ("the last.", "then the next"), ("it is", "42")):
        lines = lines_of(WORDS, above, below, WORDS, WORDS)
        lines[2].x0 += 10
        assert len(parted(*lines)) == 1


def test_a_number_with_its_stop_begins_one_too() -> None:
    lines = lines_of(WORDS, "has three parts:", "1. The lamp", WORDS, "2) The wick")
    for index in (2, 4):
        lines[index].x0 += 10
    lines[3].text = "and all that is about it."
    assert [len(run) for run in parted(*lines)] == [2, 2, 1]


def test_few_lines_tell_no_edges_and_other_kinds_stay_whole() -> None:
    lines = lines_of(*ENDED)
    lines[2].x0 += 10
    assert len(parted(*lines[:3])) == 1
    assert len(parted(*lines, kind=BlockKind.REFERENCE)) == 1


def test_the_next_column_has_edges_of_its_own() -> None:
    left = lines_of(WORDS, WORDS, WORDS, WORDS, "the last.")
    right = [
        line(text, 12.0 * index, x0=350, x1=600) for index, text in enumerate(["The next column", WORDS, WORDS, WORDS])
    ]
    assert len(parted(*left, *right)) == 1  # full to its end: it may go on
    left[-1].x1 = 120
    assert [len(run) for run in parted(*left, *right)] == [5, 4]
    right[0].x0 += 12
    left[-1].x1 = FULL
    assert [len(run) for run in parted(*left, *right)] == [5, 4]


def test_of_a_page() -> None:
    texts = [WORDS, WORDS, "and nobody has ever seen who does it.", "Some say that it is the wind.", WORDS, WORDS]
    placed = column(texts, top=690)
    placed[3] = (placed[3][0] + 12, *placed[3][1:])
    page = [(150.0, 740.0, 18.0, "F2", "A Paper Of Lamps"), (72.0, 710.0, 13.0, "F2", "1 Lamps"), *placed]
    document = read_document(make_pdf([page]))
    found = [document.text[one.start : one.end] for one in document.blocks if one.kind is BlockKind.PARAGRAPH]
    assert [text[:9] for text in found] == ["The lamp ", "Some say "]
