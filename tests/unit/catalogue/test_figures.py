"""Figures: where a crop may reach, whose box wins, and which licences let a figure be passed on."""

from __future__ import annotations

import math
import tomllib
from importlib import resources

import pytest

from vlmingest.catalogue.figures import choose, credit_text, crop_box, hand_boxes, may_publish, noted, notice_text
from vlmingest.catalogue.licences import UNKNOWN, licence_of, load_licences
from vlmingest.document import Box, Document, Figure, Page, WordBoxes
from vlmingest.records import (
    Architecture,
    ArchitectureFigure,
    Entry,
    EntryFigure,
    PaperMetadata,
    Record,
    RecordPaper,
    Relevance,
)

ROWS = tomllib.loads((resources.files("vlmingest.catalogue") / "licences.toml").read_text(encoding="utf-8"))["licence"]


def document(box: Box, words: list[Box], figure_page: int = 1) -> Document:
    return Document(
        source="pdf", sha256="0" * 64, reader="pdf.v1", text="x", pages=(Page(number=1, width=612, height=792),),
        figures=(Figure(number="2", caption="Figure 2: It.", page=figure_page, bbox=box),),
        words=WordBoxes(
            starts=(0,) * len(words), ends=(1,) * len(words), pages=(1,) * len(words),
            boxes=tuple(value for word in words for value in word),
        ),
    )  # fmt: skip


def text(left: float = 108, right: float = 504, top: float = 300, lines: int = 12) -> list[Box]:
    """Lines of four words each."""
    wide = (right - left) / 4
    return [
        (left + n * wide, top + 12 * row, left + n * wide + wide, top + 12 * row + 10)
        for row in range(lines)
        for n in range(4)
    ]


def crop(box: Box, words: list[Box]) -> Box:
    made = document(box, words)
    found = crop_box(made, made.figures[0])
    assert found is not None
    return found


def test_a_graphic_as_wide_as_the_text_gets_half_of_the_margins() -> None:
    left, top, right, bottom = crop((110, 100, 500, 250), text())
    assert left == pytest.approx((108 + 13) / 2)
    assert right == pytest.approx((504 + 612 - 13) / 2)
    assert 0 < top < 100
    assert bottom == 255


def test_a_narrow_graphic_gets_a_small_border() -> None:
    assert crop((200, 100, 300, 250), text()) == (190, 90, 310, 255)


def test_a_crop_never_reaches_into_foreign_text() -> None:
    caption, header, beside = (110.0, 252.0, 500.0, 262.0), (108.0, 80.0, 300.0, 92.0), (80.0, 150.0, 100.0, 160.0)
    left, top, _, bottom = crop((110, 100, 500, 250), [*text(), caption, header, beside])
    assert bottom == 250
    assert top == 94
    assert left == 102


def test_labels_inside_do_not_narrow_the_crop() -> None:
    assert crop((200, 100, 300, 250), [*text(), (210, 110, 240, 120)]) == (190, 90, 310, 255)


def test_a_figure_of_one_column_stays_in_it() -> None:
    words = text(54, 290) + text(322, 558)
    left, _, right, _ = crop((60, 100, 285, 250), words)
    assert 13 < left < 54
    assert right <= 306
    left, _, right, _ = crop((325, 100, 555, 250), words)
    assert left >= 306
    assert right > 558


def test_a_page_of_figures_only_has_margins_by_its_width() -> None:
    left, _, right, _ = crop((80, 100, 530, 250), [(80, 255, 100, 260)])
    assert (left, right) == (pytest.approx(0.06 * 612, abs=0.01), pytest.approx(0.94 * 612, abs=0.01))


@pytest.mark.parametrize(
    "figure",
    [Figure(number="1", caption="", page=None, bbox=None), Figure(number="1", caption="", page=9, bbox=(1, 1, 2, 2))],
)
def test_no_page_no_crop(figure: Figure) -> None:
    assert crop_box(document((1, 1, 2, 2), []), figure) is None


def record(number: str = "2", page: int | None = 1, bbox: Box | None = None) -> Record:
    figure = ArchitectureFigure(number=number, page=page, caption="Figure 2: It.", bbox=bbox)
    return Record(
        paper=RecordPaper(id="2401.00001", arxiv_id="2401.00001"), relevance=Relevance(label="model", score=1),
        architecture=Architecture(figure=figure),
    )  # fmt: skip


def test_a_box_that_a_person_cut_wins() -> None:
    entry = Entry(
        name="Foo", papers=("2401.00001v2",), figure=EntryFigure(number="3", page=1, bbox=(1, 2, 3, 4), caption="Hand")
    )
    hands = hand_boxes([entry, Entry(name="Bar", papers=("2402.00001",), figure=EntryFigure(number="1"))])
    assert hands == {"2401.00001": entry}
    chosen = noted(record(), 2, hands["2401.00001"])
    assert chosen is not None
    assert (chosen.by, chosen.box, chosen.number, chosen.caption, chosen.version) == (
        "hand", (1, 2, 3, 4), "3", "Hand", 2,
    )  # fmt: skip
    same = entry.model_copy(update={"figure": EntryFigure(page=1, bbox=(1, 2, 3, 4))})
    unnamed = noted(record(), 1, same)
    assert unnamed is not None
    assert (unnamed.number, unnamed.caption) == ("2", "Figure 2: It.")


@pytest.mark.parametrize(
    "box", [(math.nan, 1, 2, 3), (0, 0, math.inf, 10), (5, 5, 1, 1), (-1e300, 0, 1e300, 1), (1, 1, 1, 2)]
)
def test_a_box_that_is_none_is_passed_over(box: Box) -> None:
    assert hand_boxes([Entry(name="Foo", papers=("2401.00001",), figure=EntryFigure(page=1, bbox=box))]) == {}


def test_without_a_document_the_record_says_where_the_graphic_is() -> None:
    found = noted(record(bbox=(1, 2, 3, 4)), 1)
    assert found is not None
    assert (found.by, found.box) == ("reader", (1, 2, 3, 4))
    assert noted(record(), 1) is None
    assert noted(record(page=None, bbox=(1, 2, 3, 4)), 1) is None


def test_the_readers_figure_is_taken_where_nobody_cut_one() -> None:
    made = document((110, 100, 500, 250), text())
    chosen = choose(record(), 1, made)
    assert chosen is not None
    assert (chosen.by, chosen.number, chosen.page) == ("reader", "2", 1)
    own = choose(record("9", bbox=(200, 100, 300, 250)), 1, made)
    assert own is not None
    assert own.box == (190, 90, 310, 255)
    assert choose(record("9"), 1, made) is None
    assert choose(record(page=None), 1, made) is None
    assert choose(record(), 1, None) is None
    assert choose(record(), 1, made.model_copy(update={"source": "html"})) is None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_licence_rows(row: dict[str, object]) -> None:
    for given in row["matches"]:  # type: ignore[attr-defined]
        assert licence_of(given).id == row["id"]
    for given in row["rejects"]:  # type: ignore[attr-defined]
        assert licence_of(given).id != row["id"]


def test_unknown_licences_are_not_shared() -> None:
    assert licence_of("") == licence_of("All rights reserved") == UNKNOWN
    assert not UNKNOWN.shareable
    assert len({one.id for one in load_licences()}) == len(load_licences())


@pytest.mark.parametrize(
    ("policy", "licence", "allowed"),
    [("none", "CC BY 4.0", False), ("licensed", "CC BY 4.0", True), ("licensed", "", False), ("all", "", True),
     ("licensed", "CC BY-NC-ND 4.0", False)],
)  # fmt: skip
def test_settings_and_licence_decide(policy: str, licence: str, allowed: bool) -> None:
    assert may_publish(policy, licence_of(licence)) is allowed


def test_credit_and_notice_name_authors_place_and_licence() -> None:
    made = document((110, 100, 500, 250), text())
    chosen = choose(record(), 2, made)
    assert chosen is not None
    paper = PaperMetadata(id="2401.00001", arxiv_id="2401.00001", title="Foo", authors=("A", "B", "C", "D"))
    assert credit_text(paper, chosen) == "Figure 2, PDF page 1, of A, B, C et al.: Foo (arXiv:2401.00001v2)."
    local = PaperMetadata(id="local:ab")
    assert credit_text(local, chosen) == "Figure 2, PDF page 1, of unknown authors: local:ab (local:ab)."
    assert "CC BY" in notice_text(licence_of("CC BY 4.0"))
    assert notice_text(UNKNOWN).count("licence") == 2
