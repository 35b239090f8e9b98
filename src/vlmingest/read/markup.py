"""Builds a Document out of a stream of blocks: what the HTML reader and the LaTeX reader share.

Neither format has pages or boxes; everything else of the Document is made here, so that both give the same shapes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from vlmingest.document import (
    Block,
    BlockKind,
    Document,
    Figure,
    Finding,
    Link,
    References,
    Section,
    Span,
    Table,
)
from vlmingest.errors import TooLargeDocumentError
from vlmingest.read.normalise import MATHEMATICAL

MAX_TEXT = 8_000_000  # characters; the longest arXiv papers have about one million
MAX_CELLS = 200_000
STEPS = ("nfc", "control-characters", "mathematical-letters", "ligatures", "soft-hyphens", "spaces")

_URL = re.compile(r"https?://[^\s<>\"'{}|\\^`\[\]]+[^\s<>\"'{}|\\^`\[\].,;:!?)]")
_LABEL = re.compile(
    r"\s*(?P<kind>table|tab\.|figure|fig\.|algorithm|listing)\s*(?P<number>[A-Z]?[\w.\-]*\d\w*|[IVX]+)\s*[:.|]?\s*",
    re.IGNORECASE,
)
_REFERENCE_TITLES = frozenset(["references", "bibliography", "literature cited", "references and notes"])


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {**MATHEMATICAL, **dict.fromkeys([*range(32), *range(127, 160)], " ")}
    table.update(dict.fromkeys([0xA0, 0x2028, 0x2029, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "))
    # soft hyphen, zero width marks, direction overrides (a way to hide text), byte order mark, non-characters
    hidden = [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xFFFE, 0xFFFF]
    table.update(dict.fromkeys(hidden))
    table.update({0xFB00 + i: letters for i, letters in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))})
    table.update(dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))
    return table


_CHARACTERS = _table()


def clean(text: str) -> str:
    """The named steps of `STEPS` on one block: one line, single spaces, no ligatures, nothing invisible."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_CHARACTERS)).split())


@dataclass(slots=True)
class MarkupBuilder:
    """Collects blocks in reading order; `finish` makes the Document."""

    source: Literal["html", "latex"]
    reader: str
    parts: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    headings: list[Section] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    title: str = ""
    authors: list[str] = field(default_factory=list)
    abstract: Span | None = None
    in_appendix: bool = False
    appendix_start: int | None = None
    cells: int = 0

    def add(self, kind: BlockKind, text: str, links: list[tuple[str, str]] | None = None) -> Span | None:
        """One block; None where nothing is left of the text. `links` are (URL, shown text) in order."""
        text = clean(text)
        if not text:
            return None
        if self.length + len(text) > MAX_TEXT:
            raise TooLargeDocumentError(f"more than {MAX_TEXT} characters of text")
        start, end = self.length, self.length + len(text)
        self.parts.append(text)
        self.length = end + 1
        self.blocks.append(Block(kind=kind, start=start, end=end))
        self._add_links(text, start, links or [])
        return Span(start, end)

    def _add_links(self, text: str, start: int, links: list[tuple[str, str]]) -> None:
        taken: set[str] = set()
        at = 0
        for url, shown in links:
            found = text.find(clean(shown), at) if clean(shown) else -1
            if found >= 0:
                at = found + len(clean(shown))
                span = (start + found, start + at)
            else:
                span = (start, start)
            taken.add(url)
            self.links.append(Link(url=url, start=span[0], end=span[1], kind="annotation"))
        for match in _URL.finditer(text):
            if match[0] not in taken:
                self.links.append(Link(url=match[0], start=start + match.start(), end=start + match.end()))

    def add_title(self, text: str) -> None:
        """The paper's title; the first one counts."""
        if not self.title and self.add(BlockKind.TITLE, text):
            self.title = clean(text)

    def add_authors(self, names: list[str]) -> None:
        """The author line."""
        names = [name for name in map(clean, names) if name]
        if names and self.add(BlockKind.AUTHORS, ", ".join(names)):
            self.authors += names

    def add_abstract(self, text: str, links: list[tuple[str, str]] | None = None) -> None:
        """One paragraph of the abstract."""
        if span := self.add(BlockKind.ABSTRACT, text, links):
            self.abstract = Span(self.abstract.start if self.abstract else span.start, span.end)

    def add_heading(self, number: str | None, title: str, level: int, *, is_appendix: bool = False) -> None:
        """A section's heading; it ends where the next heading of its level or above starts."""
        title = clean(title)
        number = clean(number or "").strip(" .:") or None
        if not title:
            return
        span = self.add(BlockKind.HEADING, f"{number} {title}" if number else title)
        if span is None:
            return
        is_reference = title.casefold().rstrip(":.") in _REFERENCE_TITLES
        if is_appendix and not self.in_appendix:
            self.in_appendix, self.appendix_start = True, span.start
        self.headings.append(
            Section(
                number=number,
                title=title,
                level=max(1, level),
                page=None,
                start=span.start,
                end=span.end,
                is_reference=is_reference,
                is_appendix=self.in_appendix and not is_reference,
            )
        )

    def add_table(
        self,
        label: str,
        caption: str,
        cells: list[list[str]],
        header_rows: int = 1,
        links: list[tuple[str, str]] | None = None,
    ) -> None:
        """Caption and rows; a spanning cell is repeated in `cells` and written once in the text."""
        caption_span = self.add(BlockKind.CAPTION, caption, links)
        rows = [[clean(cell) for cell in row] for row in cells]
        self.cells += sum(map(len, rows))
        if self.cells > MAX_CELLS:
            raise TooLargeDocumentError(f"more than {MAX_CELLS} table cells")
        width = max(map(len, rows), default=0)
        rows = [row + [""] * (width - len(row)) for row in rows]
        spans = [
            self.add(
                BlockKind.TABLE,
                " ".join(cell for i, cell in enumerate(row) if cell and (i == 0 or cell != row[i - 1])),
            )
            for row in rows
        ]
        if rows:
            self.tables.append(
                Table(
                    label=clean(label),
                    caption=clean(caption),
                    page=None,
                    bbox=None,
                    cells=tuple(map(tuple, rows)),
                    header_rows=header_rows,
                    caption_span=caption_span,
                    row_spans=tuple(spans),
                )
            )

    def add_figure(
        self, number: str, caption: str, assets: list[str], links: list[tuple[str, str]] | None = None
    ) -> None:
        """A figure; `assets` are its files' names, the first is kept."""
        span = self.add(BlockKind.CAPTION, caption, links)
        self.figures.append(
            Figure(
                number=clean(number),
                caption=clean(caption),
                page=None,
                bbox=None,
                caption_span=span,
                asset=assets[0] if assets else None,
            )
        )

    def finish(self, data: bytes) -> Document:
        """The Document of the file `data`."""
        text = "\n".join(self.parts)
        sections = _close(self.headings, len(text))
        references = next((s for s in reversed(sections) if s.is_reference), None)
        entries = [block for block in self.blocks if block.kind is BlockKind.REFERENCE]
        if references is None and entries:
            span: References | None = References(page=None, start=entries[0].start, end=entries[-1].end)
        else:
            span = References(page=None, start=references.start, end=references.end) if references else None
        return Document(
            source=self.source,
            sha256=hashlib.sha256(data).hexdigest(),
            reader=self.reader,
            steps=STEPS,
            text=text,
            title=self.title,
            authors=tuple(self.authors),
            abstract=self.abstract,
            blocks=tuple(self.blocks),
            sections=tuple(sections),
            references=span,
            appendix_start=self.appendix_start,
            tables=tuple(self.tables),
            figures=tuple(self.figures),
            links=tuple(self.links),
            findings=tuple(self.findings),
        )


def _close(headings: list[Section], length: int) -> list[Section]:
    """Give every section its end: the start of the next one of its level or above."""
    closed: list[Section] = []
    open_ones: list[tuple[int, int]] = []  # (level, index into closed)
    for heading in headings:
        while open_ones and open_ones[-1][0] >= heading.level:
            index = open_ones.pop()[1]
            closed[index] = closed[index].model_copy(update={"end": heading.start})
        open_ones.append((heading.level, len(closed)))
        closed.append(heading)
    for _, index in open_ones:
        closed[index] = closed[index].model_copy(update={"end": length})
    return closed


def split_label(caption: str) -> tuple[str, str]:
    """(label, number) of a caption: `Table 3: Results` gives (`Table 3`, `3`); empty where it has none."""
    match = _LABEL.match(caption)
    return (f"{match['kind'].capitalize().rstrip('.')} {match['number']}", match["number"]) if match else ("", "")
