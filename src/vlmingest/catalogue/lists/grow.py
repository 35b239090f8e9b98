"""A list with one entry more: its panel, its index link, its timeline row, the counts, and not one other byte.

A panel goes where its release date belongs, newest (or oldest) first as the list has it; of one day, after those that
are there. A list without such an order gets it behind its last panel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vlmingest.catalogue.escape import markdown_text
from vlmingest.catalogue.lists.anchors import anchors_of
from vlmingest.catalogue.lists.document import ListDocument
from vlmingest.catalogue.lists.entries import family_name, paper_ids
from vlmingest.catalogue.lists.marks import DAY_OR_MONTH, cells_of, links_of, plain_text, released_in
from vlmingest.catalogue.lists.panel import Draft, panel_text
from vlmingest.catalogue.lists.report import counts_of
from vlmingest.catalogue.lists.segments import Kind, Section, Segment, plain_heading
from vlmingest.catalogue.lists.side_files import credits_with, manifest_with
from vlmingest.catalogue.lists.small import small_edit
from vlmingest.catalogue.lists.splice import Edit, newline_of, splice
from vlmingest.catalogue.lists.style import style_of

_TARGET = re.compile(r"\]\(#([^()\s]*)\)")
_YEAR = re.compile(r"(?:\*\*)?(\d{4}):?(?:\*\*)?:?\s*(?=\[)")
_IS_ORDERED = 0.9  # share of neighbours in order that makes a list ordered: hand-kept lists have slips


class Growth(NamedTuple):
    """The files after the growth; `manifest` and `credits` None where there are none. `notes` say what was not done.

    `panel` is the text of the new panel and `position` its place among the panels; "" and -1 for other shapes.
    """

    data: bytes
    manifest: bytes | None
    credits: bytes | None
    notes: tuple[str, ...] = ()
    panel: bytes = b""
    position: int = -1


class _Place(NamedTuple):
    """Where the panel goes: before `panels[before]`; `len(panels)` is behind the last."""

    before: int
    is_ordered: bool
    newest_first: bool


def add_entry(
    document: ListDocument, draft: Draft, manifest: bytes | None = None, credits_file: bytes | None = None
) -> Growth:
    """The list with `draft` in it; unchanged, with a note, where the family or its paper is there already."""
    there = find_entry(document, draft)
    if there is not None:
        return Growth(
            document.data, manifest, credits_file, (f"{draft.entry.name} is in the list already, as {there}",)
        )
    notes: list[str] = []
    position = -1
    if document.panels:
        place = _place(document, draft)
        position = place.before
        edits = [_panel_edit(document, draft, place), *_index_edits(document, draft, place)]
        edits += _timeline_edits(document, draft, place)
        following = [panel.title for panel in document.panels[place.before :]]
    else:
        edits, following = [small_edit(document, draft)], []
    edits += _count_edits(document)
    grown = splice(document.data, edits)
    new_manifest = manifest_with(manifest, draft.entry, following) if manifest else manifest
    if new_manifest is None and manifest:
        notes.append("the manifest could not be read and stays as it is")
    new_credits = credits_with(credits_file, draft.entry, following) if credits_file else None
    panel = edits[0].new.lstrip() if position >= 0 else b""
    return Growth(grown, new_manifest or manifest, new_credits or credits_file, tuple(notes), panel, position)


def find_entry(document: ListDocument, draft: Draft) -> str | None:
    """The title under which the list has this family or one of its papers already."""
    names = {draft.entry.name.casefold(), draft.entry.title.casefold()}
    wanted = [paper for paper in draft.entry.papers if paper.encode() in document.data]
    for unit in document.units:
        if unit.title and (unit.title.casefold() in names or family_name(unit.title).casefold() in names):
            return unit.title
        if any(paper.encode() in unit.data for paper in wanted):
            found = paper_ids(link.url for link in links_of(unit.face))
            if set(wanted) & set(found):
                return unit.title or plain_text(unit.text)[:80]
    return None


# --- where -----------------------------------------------------------------------------------------------------


def panel_dates(document: ListDocument) -> list[str | None]:
    """The release date of each panel: its own, else the timeline's."""
    timeline = {plain_text(name): day for day, name in document.timeline}
    found: list[str | None] = []
    for panel in document.panels:
        day = timeline.get(family_name(panel.title)) or timeline.get(panel.title)
        if b"eleased" in panel.face_bytes or b"ate:" in panel.face_bytes or day is None:
            day = released_in(panel.face) or day
        found.append(day if day and DAY_OR_MONTH.fullmatch(day) else None)
    return found


def order_of(dates: Sequence[str | None]) -> bool | None:
    """True: newest first; False: oldest first; None: no order by date."""
    known = [day for day in dates if day]
    pairs = list(zip(known, known[1:], strict=False))
    if not pairs or len(known) * 2 < len(dates):
        return None
    for newest_first in (True, False):
        kept = sum(a >= b if newest_first else a <= b for a, b in pairs)
        if kept >= _IS_ORDERED * len(pairs):
            return newest_first
    return None


def _place(document: ListDocument, draft: Draft) -> _Place:
    dates = panel_dates(document)
    newest_first = order_of(dates)
    day = draft.entry.released.date if draft.entry.released else None
    if newest_first and day is None:  # seen at once by whoever can tell the day, and beside no wrong year
        return _Place(0, is_ordered=True, newest_first=True)
    if newest_first is None or day is None:
        return _Place(len(dates), is_ordered=False, newest_first=bool(newest_first))
    for index, other in enumerate(dates):
        if other and (other < day if newest_first else other > day):
            return _Place(index, is_ordered=True, newest_first=newest_first)
    return _Place(len(dates), is_ordered=True, newest_first=newest_first)


# --- the panel -------------------------------------------------------------------------------------------------


def _panel_edit(document: ListDocument, draft: Draft, place: _Place) -> Edit:
    panels = document.panels
    near = [*panels[place.before :], *reversed(panels[: place.before])] if place.is_ordered else list(reversed(panels))
    text = panel_text(draft, style_of(document, near)).replace("\n", newline_of(document.data))
    if place.before < len(panels):
        return Edit(panels[place.before].start, panels[place.before].start, text.encode())
    last = panels[-1]
    end = last.start + len(last.data)
    gap = newline_of(document.data)
    before = "" if last.data.endswith((b"\n\n", b"\r\n\r\n")) else gap if last.data.endswith(b"\n") else gap * 2
    after = text if end < len(document.data) else text.rstrip() + gap
    return Edit(end, end, (before + after).encode())


# --- index and contents ----------------------------------------------------------------------------------------


def _index_edits(document: ListDocument, draft: Draft, place: _Place) -> Iterator[Edit]:
    headings = anchors_of(section.title for section in document.sections if section.level)
    by_start = dict(zip([section.start for section in document.sections if section.level], headings, strict=True))
    order = [by_start[panel.start] for panel in document.panels]
    known = {anchor: number for number, anchor in enumerate(order)}
    own = anchors_of([*headings, plain_heading(markdown_text(draft.entry.title or draft.entry.name))])[-1]
    link = f"[{markdown_text(draft.entry.name)}](#{own})"
    rows = []
    for _, segment in document.plain_segments:
        if segment.kind in (Kind.INDEX, Kind.CONTENTS) and not known.keys().isdisjoint(_targets(segment)):
            rows.append(segment)
    inline = [row for row in rows if row.kind == Kind.INDEX]
    by_year = any(_YEAR.match(row.text.lstrip()) for row in inline)
    if inline and (draft.entry.released or not by_year):  # no year, no row
        yield _inline_edit(document, draft, place, inline, known, link)
    bullets = [row for row in rows if row.kind == Kind.CONTENTS]
    if bullets:
        yield _bullet_edit(bullets, known, place, link, newline_of(document.data))


def _targets(segment: Segment) -> list[str]:
    return _TARGET.findall(segment.text)


def _inline_edit(
    document: ListDocument, draft: Draft, place: _Place, rows: list[Segment], known: dict[str, int], link: str
) -> Edit:
    day = draft.entry.released.date if draft.entry.released else ""
    years = {match[1]: row for row in rows if (match := _YEAR.match(row.text.lstrip()))}
    if years and day and day[:4] not in years:
        return _new_year(years, day[:4], link, newest_first=place.newest_first, gap=newline_of(document.data))
    row = years.get(day[:4], rows[-1]) if years else _row_at(rows, known, place)
    text = row.data.decode("utf-8", "surrogateescape")
    later = [one for one in links_of(text) if known.get(one.url[1:], -1) >= place.before and one.url.startswith("#")]
    mark = re.search(r"\)(\s*[|·•,]\s*)\[", text)
    between = mark[1] if mark else " | "
    if place.is_ordered and later:
        return _at(row, text, later[0].start, link + between)
    ends = [one.end for one in links_of(text)]
    return _at(row, text, ends[-1], between + link) if ends else _at(row, text, len(text.rstrip()), " " + link)


def _row_at(rows: list[Segment], known: dict[str, int], place: _Place) -> Segment:
    """The first row that holds a panel behind the new one, else the last row."""
    if place.is_ordered:
        for row in rows:
            if any(known.get(target, -1) >= place.before for target in _targets(row)):
                return row
    return rows[-1]


def _new_year(years: dict[str, Segment], year: str, link: str, *, newest_first: bool, gap: str) -> Edit:
    line = f"**{year}:** {link}"
    ordered = sorted(years.items(), key=lambda pair: pair[1].start)
    behind = [row for other, row in ordered if (other < year if newest_first else other > year)]
    if behind:
        return Edit(behind[0].start, behind[0].start, f"{line}{gap}{gap}".encode())
    last = ordered[-1][1]
    end = last.start + len(last.data)
    return Edit(end, end, f"{gap}{line}{gap}".encode())


def _bullet_edit(rows: list[Segment], known: dict[str, int], place: _Place, link: str, gap: str) -> Edit:
    mark = re.match(r"\s*(?:[-*+]|\d+[.)])\s+", rows[-1].text)
    line = f"{mark[0] if mark else '- '}{link}{gap}"
    if place.is_ordered:
        for row in rows:
            if any(known.get(target, -1) >= place.before for target in _targets(row)):
                return Edit(row.start, row.start, line.encode())
    end = rows[-1].start + len(rows[-1].data)
    return Edit(end, end, line.encode() if rows[-1].data.endswith(b"\n") else (gap + line.rstrip()).encode())


def _at(row: Segment, text: str, offset: int, new: str) -> Edit:
    place = row.start + len(text[:offset].encode("utf-8", "surrogateescape"))
    return Edit(place, place, new.encode())


# --- timeline and counts ---------------------------------------------------------------------------------------


def _timeline_edits(document: ListDocument, draft: Draft, place: _Place) -> Iterator[Edit]:
    released = draft.entry.released
    if released is None:
        return
    table: tuple[Section, Segment] | None = None
    rows: list[Segment] = []
    for section, segment in document.plain_segments:
        if segment.kind == Kind.TABLE and not rows:
            table = (section, segment)
        elif segment.kind == Kind.TIMELINE:
            rows.append(segment)
    if table is None or not rows:
        return
    row = timeline_row(cells_of(table[1].text.splitlines()[0]), draft) + newline_of(document.data)
    newest_first = order_of([_day(one) for one in rows])
    newest_first = place.newest_first if newest_first is None else newest_first
    for one in rows:
        day = _day(one)
        if day and (day < released.date if newest_first else day > released.date):
            yield Edit(one.start, one.start, row.encode())
            return
    end = rows[-1].start + len(rows[-1].data)
    yield Edit(
        end, end, row.encode() if rows[-1].data.endswith(b"\n") else (newline_of(document.data) + row.rstrip()).encode()
    )


def _day(row: Segment) -> str | None:
    match = DAY_OR_MONTH.search(row.text)
    return match[0] if match else None


def timeline_row(head: Sequence[str], draft: Draft) -> str:
    """`| 2024-01-02 | Foo | What is new |` under any head: the date, the name, and words in the first other column."""
    cells, said = [], False
    for position, name in enumerate(head):
        word = name.lower()
        if re.search(r"date|released|time|year", word):
            cells.append(draft.entry.released.date if draft.entry.released else "")
        elif re.search(r"architecture|model|name|entry|paper|title|method", word) or (position == 1 and not said):
            cells.append(markdown_text(draft.entry.name))
        else:
            cells.append("" if said else markdown_text(draft.contribution or draft.entry.title))
            said = True
    return "| " + " | ".join(cells) + " |"


def _count_edits(document: ListDocument) -> Iterator[Edit]:
    """Numbers that state how many entries there are; a number that was wrong before is left for `lint`."""
    number = len(document.units)
    for count in counts_of(document):
        if count.value == number:
            yield Edit(count.start, count.end, str(number + 1).encode())
