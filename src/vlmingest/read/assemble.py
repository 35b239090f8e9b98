"""Runs of lines -> the Document: one text, its words with their boxes, blocks, sections, tables, figures, links."""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from vlmingest.document import (
    Block,
    BlockKind,
    Document,
    Figure,
    Link,
    Page,
    Section,
    Span,
    Stamp,
    Table,
    WordBoxes,
)
from vlmingest.read import READER_VERSION, normalise
from vlmingest.read.captions import CAPTION
from vlmingest.read.floats import Float, Run
from vlmingest.read.footnotes import anchored
from vlmingest.read.front import ABSTRACT_LABEL
from vlmingest.read.pagelines import Line
from vlmingest.read.pdfium import RawPage
from vlmingest.read.sections import Heading, close_sections

_HYPHEN = normalise.LINE_HYPHEN
_NUMBERED = re.compile(
    r"(?:[^\W\d_][\w.-]*\d[\w.]*|\de)-$"
)  # "Foo-2.5-" goes on below, "1e-" too; pdfium knows a hyphen behind letters only
_URL = re.compile(r"https?://[^\s<>\"')\]}]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in the pages before the text is made of it."""

    pages: list[RawPage]
    runs: list[Run]
    floats: list[Float]
    vocabulary: Counter[str]
    links: list[Link]
    stamp: Stamp | None
    authors: tuple[str, ...]


@dataclass(slots=True)
class _Text:
    """The text as it grows, and where each line stands in it."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    lines: list[Line] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)  # of the lines
    joined: dict[int, int] = field(default_factory=dict)  # line -> end of its last word, moved by a joint
    page_starts: list[tuple[int, int]] = field(default_factory=list)
    addresses: tuple[str, ...] = ()  # of the file's link annotations

    def put(self, part: str) -> None:
        self.parts.append(part)
        self.length += len(part)

    def put_lines(self, lines: list[Line], vocabulary: Counter[str]) -> None:
        """The lines of a row or block, joined; a hyphen that no line continues stays a hyphen."""
        parts, positions, position = self.parts, self.positions, self.length
        page = self.page_starts[-1][1] if self.page_starts else 0
        in_address = False
        for line in lines:
            if line.page != page:
                page = line.page
                self.page_starts.append((position, page))
            positions.append(position)
            text = line.cased or line.text
            parts.append(text)
            position += len(text) + 1
            parts.append(" ")
            if line is lines[-1]:
                break
            if text[-1] == _HYPHEN:
                position = self._join(position, lines[len(positions) - len(self.lines)], vocabulary)
            elif (
                text[-1] == "-" and _NUMBERED.search(text) and lines[len(positions) - len(self.lines)].text[0].isalnum()
            ):
                parts.pop()
                position -= 1
            elif in_address or "http" in text:
                tail = normalise.open_address(text) or (text if in_address and " " not in text else "")
                after = lines[len(positions) - len(self.lines)].text.split(" ", 1)[0]
                in_address = bool(tail) and normalise.address_goes_on(tail, after, self.addresses)
                if in_address:
                    parts.pop()
                    position -= 1
        self.lines += lines
        self.length = position - 1
        parts.pop()
        if parts[-1][-1] == _HYPHEN:
            parts[-1] = parts[-1][:-1] + "-"

    def _join(self, position: int, after: Line, vocabulary: Counter[str]) -> int:
        """Joins the word that the last line breaks off with the line `after`; returns the new position."""
        head = self.parts[-2][:-1]
        kept = normalise.joint(head, after.text, vocabulary)
        self.parts[-2:] = [head + kept]
        end = position - 2 + len(kept)
        self.joined[len(self.positions) - 1] = end
        return end


def assemble(data: bytes, reading: Reading) -> Document:
    """The Document of the bytes `data`."""
    text = _Text(addresses=tuple({link.url for link in reading.links}))
    blocks: list[Block] = []
    headings: list[tuple[Run, Heading, int, int]] = []
    spans: dict[int, Span] = {}
    rows: dict[int, Span] = {}
    for run in reading.runs:
        if text.length:
            text.put("\n" if run.kind is BlockKind.REFERENCE else "\n\n")
        start = text.length
        if run.row_starts:
            _put_rows(text, run, reading.vocabulary, rows)
        else:
            text.put_lines(run.lines, reading.vocabulary)
        blocks.append(Block(kind=run.kind, start=start, end=text.length, page=run.lines[0].page))
        spans[id(run)] = Span(start, text.length)
        if run.kind is BlockKind.HEADING and run.heading is not None:
            headings.append((run, run.heading, start, text.length))
    full = "".join(text.parts)
    sections = [_section(full, *heading) for heading in headings]
    words, marks = _words(text, reading.pages)
    blocks = anchored(full, blocks, marks)
    closed, references, appendix = close_sections(sections, len(full))
    tables, figures = _values(full, reading.floats, spans, rows)
    links = reading.links + [
        Link(url=m[0].rstrip(".,;"), start=m.start(), end=m.end(), kind="text") for m in _URL.finditer(full)
    ]
    title = next((full[b.start : b.end] for b in blocks if b.kind is BlockKind.TITLE), "")
    pages = tuple(Page(number=page.number, width=page.width, height=page.height) for page in reading.pages)
    return Document(
        source="pdf", sha256=hashlib.sha256(data).hexdigest(), reader=READER_VERSION, steps=normalise.STEPS, text=full,
        pages=pages, title=title, authors=reading.authors, stamp=reading.stamp, abstract=_abstract(full, blocks), blocks=tuple(blocks),
        sections=closed, references=references, appendix_start=appendix, tables=tables, figures=figures,
        links=tuple(links), seams=_seams(text, reading.pages), page_starts=tuple(text.page_starts), words=words,
    )  # fmt: skip


def _abstract(text: str, blocks: list[Block]) -> Span | None:
    """From behind its name to the end of its last block."""
    own = [block for block in blocks if block.kind is BlockKind.ABSTRACT]
    if not own:
        return None
    label = ABSTRACT_LABEL.match(text, own[0].start)
    return Span(label.end() if label else own[0].start, own[-1].end)


def _put_rows(text: _Text, run: Run, vocabulary: Counter[str], rows: dict[int, Span]) -> None:
    """A table: a line of text per row; `rows` gets the span of each line's row."""
    starts = {id(line) for line in run.row_starts}
    groups: list[list[Line]] = []
    for line in run.lines:
        if not groups or id(line) in starts:
            groups.append([])
        groups[-1].append(line)
    for group in groups:
        if group is not groups[0]:
            text.put("\n")
        start = text.length
        text.put_lines(group, vocabulary)
        rows.update((id(line), Span(start, text.length)) for line in group)


def _section(text: str, run: Run, heading: Heading, start: int, end: int) -> Section:
    """The section that the heading `text[start:end]` begins; its title is what the text makes of the lines."""
    first = start + max(run.lines[0].text.find(heading.title), 0)
    last = end if len(run.lines) > 1 else min(first + len(heading.title), end)
    return Section(number=heading.number, title=text[first:last], level=heading.level, page=run.lines[0].page,
                   start=start, end=end, is_reference=heading.is_references)  # fmt: skip


def _seams(text: _Text, pages: list[RawPage]) -> tuple[int, ...]:
    """Where a line does not stand beside the line before it in the file's own text; page breaks are no seam."""
    counts = {page.number: len(page.starts) for page in pages}
    seams = []
    for before, line, position in zip(text.lines, text.lines[1:], text.positions[1:], strict=False):
        if before.page == line.page:
            if before.last != line.first:
                seams.append(position)
        elif before.last != counts[before.page] or line.first or line.page != before.page + 1:
            seams.append(position)
    return tuple(seams)


def _words(text: _Text, pages: list[RawPage]) -> tuple[WordBoxes, list[int]]:
    """The words of all lines in the order of the text, column by column: no loop over words in Python; and where the
    raised marks stand.
    """
    base, total = {}, 0
    for page in pages:
        base[page.number] = total
        total += len(page.starts)
    if not text.lines:
        return WordBoxes(), []
    counts = np.array([line.last - line.first for line in text.lines])
    ends_of_lines = np.cumsum(counts)
    firsts = np.array([base[line.page] + line.first for line in text.lines])
    index = np.arange(ends_of_lines[-1]) + np.repeat(firsts - (ends_of_lines - counts), counts)
    lengths = np.concatenate([page.ends - page.starts for page in pages])
    # in a line, each word starts after the words before it and one space per word that is not glued to the one before
    spaces = 1 - np.append(np.concatenate([page.glued for page in pages])[1:], False)  # behind each word
    before = np.cumsum(lengths + spaces) - (lengths + spaces)
    starts = before[index] + np.repeat(np.array(text.positions) - before[firsts], counts)
    ends = starts + lengths[index]
    for line, end in text.joined.items():
        ends[ends_of_lines[line] - 1] = end
    boxes = np.concatenate([page.boxes for page in pages])[index]
    numbers = np.repeat([line.page for line in text.lines], counts)
    marks: list[int] = starts[np.concatenate([page.raised for page in pages])[index]].tolist()
    if not (ends > starts).all():  # a hyphen that stood alone is gone with its joint
        kept = ends > starts
        starts, ends, boxes, numbers = starts[kept], ends[kept], boxes[kept], numbers[kept]
    made = WordBoxes(
        starts=_column("q", starts), ends=_column("q", ends), pages=_column("q", numbers),
        boxes=_column("d", np.round(boxes, 2)),
    )  # fmt: skip
    return made, marks


def _column(code: str, values: npt.NDArray[Any]) -> array[Any]:
    return array(code, np.ascontiguousarray(values).tobytes())


def _values(
    full: str, floats: list[Float], spans: dict[int, Span], rows: dict[int, Span]
) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    tables: list[Table] = []
    figures: list[Figure] = []
    for found in floats:
        span = spans[id(found.caption)]
        match = CAPTION.match(full, span.start)
        caption = full[match.end() if match else span.start : span.end].strip()
        if found.is_table:
            for grid in found.grids or [[]]:
                cells = tuple(tuple(row.cells) for row in grid)
                row_spans = tuple(_reach([rows[id(li)] for li in row.lines if id(li) in rows]) for row in grid)
                tables.append(
                    Table(label=f"Table {found.number}", caption=caption, page=found.page, bbox=found.bbox, cells=cells,
                          header_rows=sum(row.is_header for row in grid), caption_span=span, row_spans=row_spans)
                )  # fmt: skip
        else:
            figures.append(
                Figure(number=found.number, caption=caption, page=found.page, bbox=found.bbox, caption_span=span)
            )
    return tuple(tables), tuple(figures)


def _reach(spans: list[Span]) -> Span | None:
    return Span(min(s.start for s in spans), max(s.end for s in spans)) if spans else None
