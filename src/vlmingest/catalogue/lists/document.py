"""A list as a document: sections, typed segments, and the units that are its entries.

`parse_list` takes any bytes; `render_list(parse_list(data)) == data`. Four shapes of entries are known, and a list
may mix them: panels (a heading with badges or source links below it), items (bullets with a titled link), table rows,
and bold titles with lines of authors and links.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from vlmingest.catalogue.lists import lines as ln
from vlmingest.catalogue.lists.marks import cells_of, is_external, is_source_label, links_of, released_in
from vlmingest.catalogue.lists.pieces import Role, segments_of
from vlmingest.catalogue.lists.segments import Kind, Section, Segment, cut

Shape = Literal["panel", "item", "row", "line"]

_ASIDE = re.compile(
    r"\b(table of contents|contents|toc|references?|acknowledge?ments?|contribut(?:e|ing|ors?|ions?)|licen[sc]e|citation|citing"
    r"|cite|star history|contact|footnotes?|change ?log|related (?:lists|awesome.*|repositories))\b",
    re.IGNORECASE,
)
# a bullet, a table, a line of bold words: signs that a section may hold several entries
_SUSPECT = re.compile(
    rb"\n[ \t]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]|\|?[ \t]*:?-{3,}|(?:\*\*|__)(?!Released:)[^\n]*(?:\*\*|__)|__|\|)"
)
_SURE = re.compile(rb"\[!\[[^\]\n]*\]\([^)\s]*\)\]\(<?https?://")
_ITEM_SHAPES = {Kind.ENTRY_ITEM: "item", Kind.ENTRY_ROW: "row", Kind.ENTRY_LINE: "line"}


@dataclass(frozen=True, slots=True)
class Unit:
    """One entry as it stands: `start` and `end` are byte offsets in the file, `head` the table's head for a row."""

    shape: Shape
    title: str  # a panel's heading; "" for other shapes
    data: bytes
    line: int
    start: int
    end: int
    section: Section
    head: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The entry for reading."""
        return self.section.text if self.shape == "panel" else self.data.decode("utf-8", "replace")

    @property
    def face(self) -> str:
        """What is seen of it without opening anything."""
        return self.section.face if self.shape == "panel" else self.text


class ListDocument:
    """A list as sections that concatenate to its exact bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.sections = tuple(cut(data))
        self._pieces: dict[int, tuple[Segment, ...]] = {}

    @cached_property
    def _is_panel(self) -> tuple[bool, ...]:
        return tuple(looks_like_panel(section) for section in self.sections)

    @cached_property
    def panels(self) -> list[Section]:
        """The sections that are entries, in the order of the list."""
        return [section for section, is_panel in zip(self.sections, self._is_panel, strict=True) if is_panel]

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """How each section is read."""
        count = sum(self._is_panel)
        plain = [section for section, is_panel in zip(self.sections, self._is_panel, strict=True) if not is_panel]
        # beside many panels a few bullets with links are references, not entries of another shape
        items = count < 2 or sum(_titled_items(section) for section in plain) > 2 * count
        bold = count < 2 and sum(_bold_entries(section) for section in plain) >= 2
        return tuple(
            Role(is_panel=True)
            if is_panel
            else Role(
                is_aside=_ASIDE.search(section.title) is not None,
                items_are_entries=items,
                bold_are_entries=bold,
                has_panels=count >= 2,
            )
            for section, is_panel in zip(self.sections, self._is_panel, strict=True)
        )

    def pieces(self, index: int) -> tuple[Segment, ...]:
        """The segments of one section; made on first use."""
        if index not in self._pieces:
            self._pieces[index] = tuple(segments_of(self.sections[index], self.roles[index]))
        return self._pieces[index]

    @property
    def segments(self) -> Iterator[Segment]:
        """All segments; their bytes, joined, are the file."""
        for index in range(len(self.sections)):
            yield from self.pieces(index)

    @property
    def plain_segments(self) -> Iterator[tuple[Section, Segment]]:
        """The segments of all sections that are no panels: cheap in a list of many panels."""
        for index, section in enumerate(self.sections):
            if not self.roles[index].is_panel:
                yield from ((section, segment) for segment in self.pieces(index))

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """All entries, in the order of the list."""
        return tuple(self._units())

    def _units(self) -> Iterator[Unit]:
        for index, section in enumerate(self.sections):
            if self.roles[index].is_panel:
                end = section.start + len(section.data)
                yield Unit("panel", section.title, section.data, section.line, section.start, end, section)
                continue
            head: tuple[str, ...] = ()
            for segment in self.pieces(index):
                if segment.kind == Kind.TABLE:
                    head = tuple(cells_of(segment.text.splitlines()[0]))
                elif segment.kind in _ITEM_SHAPES:
                    yield _small_unit(segment, section, head)

    @cached_property
    def timeline(self) -> list[tuple[str, str]]:
        """Date and name of each row of the timeline table."""
        found = []
        for _, segment in self.plain_segments:
            if segment.kind == Kind.TIMELINE:
                cells = cells_of(segment.text)
                if len(cells) >= 2:
                    found.append((cells[0], cells[1]))
        return found

    @cached_property
    def kinds(self) -> Counter[str]:
        """How many segments of each kind there are."""
        return Counter(segment.kind.value for segment in self.segments)


def _small_unit(segment: Segment, section: Section, head: tuple[str, ...]) -> Unit:
    shape: Shape = {Kind.ENTRY_ITEM: "item", Kind.ENTRY_ROW: "row"}.get(segment.kind, "line")  # type: ignore[assignment]
    kept = head if shape == "row" else ()
    end = segment.start + len(segment.data)
    return Unit(shape, "", segment.data, segment.line, segment.start, end, section, kept)


def parse_list(data: bytes) -> ListDocument:
    """Any bytes are a list."""
    return ListDocument(data)


def render_list(document: ListDocument) -> bytes:
    """The exact bytes that were parsed, put together again from the sections."""
    return b"".join(section.data for section in document.sections)


def looks_like_panel(section: Section) -> bool:
    """An entry under its own heading: below the top, with a badge, a `Paper`-like link or a date, and no entries inside."""
    if section.level < 2 or not section.title or _ASIDE.fullmatch(section.title.strip()):
        return False
    if b"](" not in section.data and b"<a " not in section.data:
        return False
    if not _SUSPECT.search(b"\n" + section.face_bytes) and _SURE.search(section.face_bytes):
        return True  # the usual panel, decided without taking it apart: lists of 10,000 panels are cut in a moment
    lines = ln.lines_of(section.face_bytes, 0, 0)
    if any(ln.is_table(lines, index) for index in range(len(lines)) if "|" in lines[index].text):
        return False
    if _titled_items(section) or _bold_entries(section) >= 2:
        return False
    sources = [
        link for link in links_of(section.face) if is_external(link) and (link.image or is_source_label(link.label))
    ]
    return bool(sources) or released_in(section.face) is not None or any(map(is_external, links_of(section.heading)))


def _titled_items(section: Section) -> int:
    if _ASIDE.search(section.title) or (b"](" not in section.data and b"<a " not in section.data):
        return 0
    lines = ln.lines_of(section.face_bytes, 0, 0)
    return sum(ln.BULLET.match(line.text) is not None and ln.titled(line.text) for line in lines)


def _bold_entries(section: Section) -> int:
    if _ASIDE.search(section.title) or (b"**" not in section.data and b"__" not in section.data):
        return 0
    lines = ln.lines_of(section.face_bytes, 0, 0)
    marked = [index for index, line in enumerate(lines) if "**" in line.text or "__" in line.text]
    return sum(ln.bold_entry_end(lines, index) is not None for index in marked)
