"""Figures of papers as the catalogue shows them: where to cut, whose it is, and whether it may be passed on.

A crop is the box of the graphic widened into the white around it: half of the page's margin where the graphic fills its
column, as the editors of such lists cut by hand, and never into a line of text that does not belong to the figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from vlmingest.catalogue.licences import Licence
from vlmingest.document import Box, Document, Figure
from vlmingest.records import Entry, PaperMetadata, Record

PAD = 10.0  # points around a graphic that is narrower than its column
_BELOW = 5.0  # points below a graphic: its caption comes soon
_EDGE = 13.0  # points at the page's edge that nothing is printed on
_LARGEST = 14_400.0  # points: the longest side of a page
_CLEAR = 2.0  # points kept between the crop and foreign text
_HEAD = 40.0  # points at the page's head where running titles stand
_FILLS = 0.78  # of its column's width
_HEADER = 0.45  # of a graphic's height is the most that white above it adds


@dataclass(frozen=True, slots=True)
class FigureFile:
    """A figure that may be published: file name, pixels, what is said below it. `data` is a PNG."""

    name: str
    data: bytes
    width: int
    height: int
    caption: str
    credit: str
    notice: str


class Choice(NamedTuple):
    """The figure of a record and where to cut it. `by`: `hand` (a person's box, from a list's manifest) or `reader`."""

    paper: str
    version: int
    number: str
    page: int
    box: Box
    caption: str
    by: Literal["hand", "reader"]


def hand_boxes(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Paper id -> the entry whose figure has a page and a box: what people cut is kept."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.figure and entry.figure.page and entry.figure.bbox and _is_box(entry.figure.bbox):
            for paper in entry.papers[:1]:
                found.setdefault(paper.split("v")[0] if paper[:1].isdigit() else paper, entry)
    return found


def _is_box(box: Box) -> bool:
    """Finite, of some size, and on a page that a PDF can have (14,400 units a side: ISO 32000 C.2)."""
    x0, y0, x1, y1 = box
    return all(abs(side) <= _LARGEST for side in box) and x0 < x1 and y0 < y1


def noted(record: Record, version: int, entry: Entry | None = None) -> Choice | None:
    """The figure as record and list note it, without a look at the document: a person's box, else the graphic's own.

    None where neither has a page and a box.
    """
    paper, figure = record.paper, record.architecture.figure
    if entry and entry.figure and entry.figure.page and entry.figure.bbox:
        number = entry.figure.number or (figure.number if figure else "")
        caption = figure.caption if figure and figure.number == number else entry.figure.caption
        return Choice(paper.id, version, number, entry.figure.page, entry.figure.bbox, caption, "hand")
    if figure is None or figure.page is None or figure.bbox is None:
        return None
    return Choice(paper.id, version, figure.number, figure.page, figure.bbox, figure.caption, "reader")


def choose(record: Record, version: int, document: Document | None) -> Choice | None:
    """The settled figure and where to cut it out of `document`, which is of `version`; None where it is not there."""
    paper, figure = record.paper, record.architecture.figure
    if document is None or document.source != "pdf" or figure is None or figure.page is None:
        return None
    found = next((one for one in document.figures if (one.number, one.page) == (figure.number, figure.page)), None)
    if found is None and figure.bbox is not None:  # a reviewer's own box
        found = Figure(number=figure.number, caption=figure.caption, page=figure.page, bbox=figure.bbox)
    box = crop_box(document, found) if found else None
    return Choice(paper.id, version, figure.number, figure.page, box, figure.caption, "reader") if box else None


def may_publish(policy: str, licence: Licence) -> bool:
    """`none`: nothing; `licensed`: only what the licence of the version lets others pass on; `all`: the operator answers for the rest."""
    return policy == "all" or (policy == "licensed" and licence.shareable)


def credit_text(paper: PaperMetadata, choice: Choice) -> str:
    """Who made the figure and where it stands."""
    names = ", ".join(paper.authors[:3]) + (" et al." if len(paper.authors) > 3 else "")
    where = f"arXiv:{paper.arxiv_id}v{choice.version}" if paper.arxiv_id else paper.id
    return f"Figure {choice.number}, PDF page {choice.page}, of {names or 'unknown authors'}: {paper.title or paper.id} ({where})."


def notice_text(licence: Licence) -> str:
    """What the reader may do with it."""
    name = "" if licence.name in licence.notice or licence.id == "unknown" else f" Licence: {licence.name}."
    return f"{licence.notice}{name} The licence of the catalogue does not cover it."


class _Column(NamedTuple):
    """Text of the column that holds a figure, and how far a crop may reach to either side."""

    left: float
    right: float
    outer_left: float
    outer_right: float


def crop_box(document: Document, figure: Figure) -> Box | None:
    """The box to cut for `figure`, in points of its page; None where the reader found no graphic."""
    if figure.page is None or figure.bbox is None or not 1 <= figure.page <= len(document.pages):
        return None
    page = document.pages[figure.page - 1]
    words = _words(document, figure.page)
    x0, y0, x1, y1 = figure.bbox
    column = _column(words, figure.bbox, page.width)
    fills = x1 - x0 >= _FILLS * (column.right - column.left)
    left, right = (column.outer_left, column.outer_right) if fills else (x0 - PAD, x1 + PAD)
    # a graphic at the head of its page takes half of the white above it, one in the middle of text its own line's worth
    head = max(y0 / 2, _HEAD)
    top = max(y0 - _HEADER * (y1 - y0), head) if fills else y0 - PAD
    wanted = (min(left, x0), min(top, y0), max(right, x1), y1 + _BELOW)
    return _clear(figure.bbox, wanted, words, (page.width, page.height))


def _words(document: Document, page: int) -> list[Box]:
    words = document.words
    return [
        (words.boxes[4 * i], words.boxes[4 * i + 1], words.boxes[4 * i + 2], words.boxes[4 * i + 3])
        for i, own in enumerate(words.pages)
        if own == page
    ]


def _column(words: list[Box], box: Box, width: float) -> _Column:
    """The column of text around `box`: the whole text, or one half where the box keeps to it."""
    lefts, rights = sorted(b[0] for b in words), sorted(b[2] for b in words)
    if len(words) < 20:  # a page of figures only: no text tells the margins
        return _Column(0.12 * width, 0.88 * width, 0.06 * width, 0.94 * width)
    # a stamp in the margin or a number at the edge is not the text
    left, right = lefts[len(lefts) // 50], rights[-1 - len(rights) // 50]
    middle = (left + right) / 2
    outer = ((left + _EDGE) / 2, (right + width - _EDGE) / 2)
    if box[2] <= middle + PAD:
        return _Column(left, middle, outer[0], middle)
    if box[0] >= middle - PAD:
        return _Column(middle, right, middle, outer[1])
    return _Column(left, right, *outer)


def _clear(box: Box, wanted: Box, words: list[Box], size: tuple[float, float]) -> Box:
    """`wanted`, drawn back towards `box` where it would cut or hold text that stands outside of `box`."""
    x0, y0, x1, y1 = box
    left, top, right, bottom = (
        max(wanted[0], 0.0),
        max(wanted[1], 0.0),
        min(wanted[2], size[0]),
        min(wanted[3], size[1]),
    )
    for wx0, wy0, wx1, wy1 in words:
        across = wx1 > x0 and wx0 < x1
        beside = wy1 > y0 and wy0 < y1
        if across and wy1 <= y0 + 1:
            top = max(top, min(wy1 + _CLEAR, y0))
        elif across and wy0 >= y1 - 1:
            bottom = min(bottom, max(wy0 - _CLEAR, y1))
        elif beside and wx1 <= x0 + 1:
            left = max(left, min(wx1 + _CLEAR, x0))
        elif beside and wx0 >= x1 - 1:
            right = min(right, max(wx0 - _CLEAR, x1))
    return round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)
