"""The Document: one normalised text per paper version, and where everything stands in it.

`text` is the only coordinate system: every offset is a half-open range `[start, end)` into it, in code points.
Order of `text`: title block, body in reading order, references, appendix. Floats (captions, tables), and footnotes are
blocks of their own, put after the paragraph they interrupt, so that a paragraph is one run even across a page break.
Furniture (running heads, page numbers, the arXiv stamp, line numbers, watermarks) is not in `text`.
Boxes: `(x0, y0, x1, y1)` in PDF points, origin at the top left of the page as displayed; pages are 1-based.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator, WithJsonSchema

SourceKind = Literal["pdf", "html", "latex"]
Box = tuple[float, float, float, float]


class Frozen(BaseModel):
    """A value: it never changes after it is made and takes no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(NamedTuple):
    """Half-open range of `Document.text`."""

    start: int
    end: int


class BlockKind(StrEnum):
    """What a run of `text` is."""

    TITLE = "title"
    AUTHORS = "authors"
    ABSTRACT = "abstract"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    FORMULA = "formula"
    CAPTION = "caption"
    TABLE = "table"
    FIGURE_TEXT = "figure-text"
    FOOTNOTE = "footnote"
    REFERENCE = "reference"


class Block(Frozen):
    """One run of text of one kind; `page` is where it starts (None for HTML and LaTeX).

    `anchor`: for a footnote, the offset in `text` of the mark that points to it, where that was found.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    anchor: int | None = None


class Page(Frozen):
    """A page as displayed, in points."""

    number: int
    width: float
    height: float


class Section(Frozen):
    """A heading and what stands below it, subsections included; `level` 1 is the top."""

    number: str | None
    title: str
    level: int
    page: int | None
    start: int
    end: int
    is_reference: bool = False
    is_appendix: bool = False

    @property
    def label(self) -> str:
        """`4.1 Architecture`, or the title alone."""
        return f"{self.number} {self.title}" if self.number else self.title


class References(Frozen):
    """Where the bibliography starts (and ends) in the text."""

    page: int | None
    start: int
    end: int


class Table(Frozen):
    """A table as cells, row by row; spanning cells as GUIDE.md of the reading gold says.

    `row_spans[i]` is where row i stands in `text` (None where it has no run of its own), so that a cell has a quote.
    """

    label: str
    caption: str
    page: int | None
    bbox: Box | None
    cells: tuple[tuple[str, ...], ...]
    header_rows: int = 1
    caption_span: Span | None = None
    row_spans: tuple[Span | None, ...] = ()


class Figure(Frozen):
    """A figure: its number, caption and the box of the graphic itself."""

    number: str
    caption: str
    page: int | None
    bbox: Box | None
    caption_span: Span | None = None
    asset: str | None = None  # file name in an HTML page or a source archive


class Link(Frozen):
    """A link: from an annotation, or written out in the text."""

    url: str
    page: int | None = None
    start: int | None = None
    end: int | None = None
    kind: Literal["annotation", "text"] = "text"


class Stamp(Frozen):
    """The arXiv stamp on the left margin of page 1: `arXiv:2304.08485v2  [cs.CV]  11 Dec 2023`."""

    arxiv_id: str
    version: int | None = None
    category: str | None = None
    date: str | None = None  # ISO


class Finding(Frozen):
    """Something doubtful about data, as a value: becomes a line of the report or a review item."""

    code: str
    message: str
    field: str | None = None
    start: int | None = None
    end: int | None = None


def _integers(values: Iterable[int]) -> Sequence[int]:
    return values if isinstance(values, array) else array("q", values)


def _reals(values: Iterable[float]) -> Sequence[float]:
    return values if isinstance(values, array) else array("d", values)


# compact columns of numbers (`array`): a paper has 70,000 of them, and every reader process sends them to its parent
Integers = Annotated[
    Sequence[int], PlainValidator(_integers), PlainSerializer(list, return_type=list[int]),
    WithJsonSchema({"type": "array", "items": {"type": "integer"}}),
]  # fmt: skip
Reals = Annotated[
    Sequence[float], PlainValidator(_reals), PlainSerializer(list, return_type=list[float]),
    WithJsonSchema({"type": "array", "items": {"type": "number"}}),
]  # fmt: skip


class WordBoxes(Frozen):
    """The box of every word, in columns: word i is `text[starts[i]:ends[i]]` on `pages[i]`, box `boxes[4i:4i+4]`.

    Sorted by `starts`. A word that is broken over two lines has the box of its first part. To a hundredth of a point.
    """

    starts: Integers = array("q")
    ends: Integers = array("q")
    pages: Integers = array("q")
    boxes: Reals = array("d")


class PageBox(NamedTuple):
    """A box on a page."""

    page: int
    box: Box


class Document(Frozen):
    """What a reader makes of one file."""

    source: SourceKind
    sha256: str  # of the bytes
    reader: str  # name and version of the reader, e.g. "pdf.v1"
    steps: tuple[str, ...] = ()  # the named normalisation steps that made `text`
    text: str
    pages: tuple[Page, ...] = ()
    title: str = ""
    authors: tuple[str, ...] = ()
    stamp: Stamp | None = None
    abstract: Span | None = None
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    references: References | None = None
    appendix_start: int | None = None
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    links: tuple[Link, ...] = ()
    words: WordBoxes = WordBoxes()
    # starts of the pages' runs in `text`: (offset, page) sorted; an offset's page is the last at or before it
    page_starts: tuple[tuple[int, int], ...] = ()
    # offsets where two neighbouring characters of `text` do not stand side by side in the file (column, page, float)
    seams: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()

    @cached_property
    def _page_offsets(self) -> list[int]:
        return [offset for offset, _ in self.page_starts]

    @cached_property
    def _section_offsets(self) -> list[int]:
        return [section.start for section in self.sections]

    def page_at(self, offset: int) -> int | None:
        """The 1-based page of the character at `offset`; None where the format has no pages."""
        index = bisect_right(self._page_offsets, offset) - 1
        if index < 0:
            return self.page_starts[0][1] if self.page_starts else None
        return self.page_starts[index][1]

    def section_at(self, offset: int) -> Section | None:
        """The innermost section that holds `offset`; None before the first heading."""
        index = bisect_right(self._section_offsets, offset) - 1
        return self.sections[index] if index >= 0 else None

    def boxes_at(self, start: int, end: int) -> list[PageBox]:
        """Boxes of the words that `[start, end)` touches, one per word, in order."""
        words = self.words
        index = max(bisect_right(words.starts, start) - 1, 0)
        found: list[PageBox] = []
        while index < len(words.starts) and words.starts[index] < end:
            if words.ends[index] > start:
                x0, y0, x1, y1 = words.boxes[4 * index : 4 * index + 4]
                found.append(PageBox(words.pages[index], (x0, y0, x1, y1)))
            index += 1
        return found

    def quote(self, start: int, end: int) -> str:
        """The text of a span."""
        return self.text[start:end]
