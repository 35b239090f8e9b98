"""A section's lines as typed segments. What carries entries in this list is decided before (`shapes`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from vlmingest.catalogue.lists import lines as ln
from vlmingest.catalogue.lists.lines import Line
from vlmingest.catalogue.lists.marks import DAY_OR_MONTH, cells_of, is_source_label, links_of, released_in
from vlmingest.catalogue.lists.segments import Kind, Section, Segment

# paragraphs: neighbouring lines of one kind are one segment; rows and items stand alone
_JOINED = frozenset(
    {
        Kind.BLANK, Kind.TEXT, Kind.DEEP_DIVE, Kind.SUMMARY, Kind.BADGES, Kind.AUTHORS, Kind.VERBATIM, Kind.DISCLOSURE,
        Kind.BANNER, Kind.TABLE,
    }
)  # fmt: skip
_NAMED = re.compile(r"[^\W\d_]")
_SMALL_WORDS = frozenset(
    ("and", "et", "al", "al.", "of", "the", "for", "de", "der", "da", "di", "von", "van", "la", "le", "du", "bin", "el", "in", "at", "y")
)  # fmt: skip
_YEAR_INDEX = re.compile(r"\s*(?:\*\*)?[\w .-]{1,20}:(?:\*\*)?\s*\[[^\]]+\]\(#[^)]*\)\s*\Z")
_DETAILS = re.compile(r"</?(?:details|summary)\b", re.IGNORECASE)
_HTML_ONLY = re.compile(r"\s*(?:</?[a-zA-Z][^<>]*>\s*)+")


@dataclass(frozen=True, slots=True)
class Role:
    """How a section is read."""

    is_panel: bool = False
    is_aside: bool = False  # contents, references, licence: holds no entries
    items_are_entries: bool = False
    bold_are_entries: bool = False
    has_panels: bool = False  # entries are panels: a table with dates is their timeline


@dataclass
class _Cutter:
    lines: list[Line]
    found: list[tuple[Kind, int, int]] = field(default_factory=list)  # kind, first line, line after the last

    def take(self, kind: Kind, start: int, end: int) -> int:
        """Note a piece; returns where the next begins."""
        if self.found and kind in _JOINED and self.found[-1][0] == kind and self.found[-1][2] == start:
            self.found[-1] = (kind, self.found[-1][1], end)
        else:
            self.found.append((kind, start, end))
        return end

    def segments(self) -> list[Segment]:
        """The pieces with their bytes."""
        return [
            Segment(
                kind,
                b"".join(line.raw for line in self.lines[start:end]),
                self.lines[start].number,
                self.lines[start].start,
            )
            for kind, start, end in self.found
        ]


def segments_of(section: Section, role: Role) -> list[Segment]:
    """Every line of a section in a typed segment, in order; their bytes are the section's bytes."""
    cutter = _Cutter(ln.lines_of(section.data, section.start, section.line))
    index = cutter.take(Kind.HEADING, 0, 1) if section.level else 0
    if not section.level and section.start == 0:
        index = _front_matter(cutter)
    cut: Callable[[_Cutter, int, Role], int] = _Panel().step if role.is_panel else _plain_step
    while index < len(cutter.lines):
        index = _block(cutter, index) or cut(cutter, index, role)
    return cutter.segments()


def _front_matter(cutter: _Cutter) -> int:
    lines = cutter.lines
    if lines and lines[0].text.rstrip() == "---":
        for position in range(1, len(lines)):
            if lines[position].text.rstrip() in ("---", "..."):
                return cutter.take(Kind.FRONT_MATTER, 0, position + 1)
    return 0


def _block(cutter: _Cutter, index: int) -> int | None:
    """What looks the same everywhere: code, marked figures, comments, blank lines."""
    lines = cutter.lines
    if lines[index].is_blank:
        return cutter.take(Kind.BLANK, index, index + 1)
    for kind, ends in ((Kind.CODE, ln.code_end), (Kind.FIGURE, ln.marked_figure_end), (Kind.COMMENT, ln.comment_end)):
        if (end := ends(lines, index)) is not None:
            return cutter.take(kind, index, end)
    return None


# --- panels ----------------------------------------------------------------------------------------------------


class _Panel:
    """Reads a panel from top to bottom: summary, badges, authors, date, figure, then what is folded away."""

    def __init__(self) -> None:
        self.depth = 0
        self.linked = False
        self.named = False
        self.last: Kind | None = None

    def step(self, cutter: _Cutter, index: int, role: Role) -> int:
        """One block; `role` is not asked."""
        del role
        text = cutter.lines[index].text
        stripped = text.strip()
        if (end := ln.picture_end(cutter.lines, index)) is not None:
            return self._take(cutter, Kind.FIGURE, index, end)
        if _DETAILS.search(text):
            return self._disclosure(cutter, index, text)
        if _HTML_ONLY.fullmatch(text) and not links_of(text):
            return self._take(cutter, Kind.VERBATIM, index, index + 1)
        if self.depth:
            return self._take(cutter, Kind.DEEP_DIVE, index, index + 1)
        if released_in(text):
            return self._take(cutter, Kind.RELEASED, index, index + 1)
        if any(link.image or is_source_label(link.label) for link in links_of(text)):
            self.linked = True
            return self._take(cutter, Kind.BADGES, index, index + 1)
        if stripped.startswith(">"):
            return self._take(cutter, Kind.FIGURE if "figure" in stripped.lower() else Kind.TEXT, index, index + 1)
        return self._words(cutter, index, stripped)

    def _words(self, cutter: _Cutter, index: int, text: str) -> int:
        if ln.BULLET.match(text):
            return self._take(cutter, Kind.ITEM, index, index + 1)
        above_badges = self.last is None and (text.startswith(("*", "_")) or ", " in text)
        if not self.named and (self.linked or above_badges) and looks_like_names(text):
            self.named = True
            return self._take(cutter, Kind.AUTHORS, index, index + 1)
        if self.last == Kind.AUTHORS and cutter.found[-1][0] == Kind.AUTHORS and looks_like_names(text):
            return self._take(cutter, Kind.AUTHORS, index, index + 1)
        return self._take(cutter, Kind.SUMMARY, index, index + 1)

    def _disclosure(self, cutter: _Cutter, index: int, text: str) -> int:
        self.depth += len(re.findall(r"<details\b", text, re.IGNORECASE))
        closes = len(re.findall(r"</details\b", text, re.IGNORECASE))
        words = re.sub(r"<summary\b.*?</summary\s*>|<[^<>]*>", "", text, flags=re.IGNORECASE).strip()
        is_prose = bool(words) and self.depth > 0 and not re.match(r"\s*<(?:details|summary)\b", text, re.IGNORECASE)
        kind = Kind.DEEP_DIVE if is_prose else Kind.DISCLOSURE
        self.depth = max(0, self.depth - closes)
        return self._take(cutter, kind, index, index + 1)

    def _take(self, cutter: _Cutter, kind: Kind, start: int, end: int) -> int:
        self.last = kind
        return cutter.take(kind, start, end)


def looks_like_names(text: str) -> bool:
    """`Mingqiao Ye et al., EPFL`: a line of people or a team, not a sentence."""
    bare = re.sub(r"<[^<>]*>|[*_`]|\[\d+\]|\^?\{?\d+\}?", "", text).strip()
    bare = re.sub(r"(?i)^authors?\s*:\s*", "", bare)
    words = [word for word in re.split(r"[\s,;()/]+", bare) if _NAMED.search(word)]
    if not words or re.search(r"[a-z]{3,}\.\s+[A-Z]|[:!?]\s", bare.replace("et al. ", "")):
        return False
    if len(words) > 6 and "," not in bare and " and " not in bare and " & " not in bare:
        return False
    lower = [word for word in words if word.islower() and word not in _SMALL_WORDS]
    return len(lower) <= 0.12 * len(words)


# --- everything else -------------------------------------------------------------------------------------------


def _plain_step(cutter: _Cutter, index: int, role: Role) -> int:
    lines, text = cutter.lines, cutter.lines[index].text
    if ln.is_table(lines, index):
        return _table(cutter, index, role)
    if (end := ln.item_end(lines, index)) is not None:
        return cutter.take(_item_kind("".join(line.text for line in lines[index:end]), role), index, end)
    if ln.is_rule(text):
        return cutter.take(Kind.RULE, index, index + 1)
    if role.bold_are_entries and (end := ln.bold_entry_end(lines, index)) is not None:
        return cutter.take(Kind.ENTRY_LINE, index, end)
    if (end := ln.picture_end(lines, index)) is not None:
        return cutter.take(Kind.BANNER, index, end)
    if _DETAILS.search(text):
        return cutter.take(Kind.DISCLOSURE, index, index + 1)
    links = links_of(text)
    if _is_index(text, sum(link.url.startswith("#") for link in links)):
        return cutter.take(Kind.INDEX, index, index + 1)
    if (
        links
        and all(link.image for link in links)
        and not re.sub(r"\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)", "", text).strip()
    ):
        return cutter.take(Kind.BADGES, index, index + 1)
    if _HTML_ONLY.fullmatch(text) and not links:
        return cutter.take(Kind.VERBATIM, index, index + 1)
    return cutter.take(Kind.TEXT, index, index + 1)


def _is_index(text: str, anchors: int) -> bool:
    """`**2024:** [A](#a) | [B](#b)`: links to entries, one after the other; with a year before it, one is enough."""
    return (anchors >= 2 and bool(re.search(r"\)\s*[|·•,]\s*\[", text))) or (
        anchors == 1 and bool(_YEAR_INDEX.match(text))
    )


def _item_kind(text: str, role: Role) -> Kind:
    links = links_of(text)
    if links and all(link.url.startswith("#") for link in links):
        return Kind.CONTENTS
    if role.items_are_entries and not role.is_aside and ln.titled(text):
        return Kind.ENTRY_ITEM
    return Kind.REFERENCE if links else Kind.ITEM


def _table(cutter: _Cutter, index: int, role: Role) -> int:
    head = cells_of(cutter.lines[index].text)
    kind = table_kind(head, role)
    position = cutter.take(Kind.TABLE, index, index + 2)
    while position < len(cutter.lines) and "|" in cutter.lines[position].text and not cutter.lines[position].is_blank:
        row = cutter.lines[position].text
        fits = kind == Kind.ROW or (
            DAY_OR_MONTH.search(row) is not None
            if kind == Kind.TIMELINE
            else any(not link.url.startswith("#") for link in links_of(row))
        )
        actual = kind if fits else Kind.ROW
        cutter.take(actual, position, position + 1)
        position += 1
    return position


_TITLES = re.compile(r"title|name|paper|model|method|work|architecture|entry|approach|system", re.IGNORECASE)


def table_kind(head: list[str], role: Role) -> Kind:
    """What the rows under this head are: of the timeline, entries, or just rows."""
    names = [re.sub(r"[^\w ]", "", cell).strip().lower() for cell in head]
    dated = [name for name in names if re.fullmatch(r"(release )?date|released|published|time|year|month", name)]
    if role.has_panels:
        return Kind.TIMELINE if dated else Kind.ROW
    if any(_TITLES.search(name) for name in names) and not role.is_aside:
        return Kind.ENTRY_ROW
    return Kind.ROW


def title_column(head: list[str]) -> int:
    """Which column names the entry: `Title` before `Name`, `Model` and the like, else the first."""
    names = [re.sub(r"[^\w ]", "", cell).strip().lower() for cell in head]
    for wanted in (
        r".*\btitle\b.*",
        r".*\bname\b.*",
        r"(model|method|work|architecture|approach|system|entry)s?",
        r"papers?",
    ):
        for position, name in enumerate(names):
            if re.fullmatch(wanted, name):
                return position
    return 0
