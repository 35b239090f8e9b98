"""An entry leaves the list, or changes its name or day: the other places that speak of it follow."""

from __future__ import annotations

import json
from collections.abc import Iterator

from vlmingest.catalogue.escape import markdown_text
from vlmingest.catalogue.lists.anchors import anchors_of
from vlmingest.catalogue.lists.document import ListDocument, Unit
from vlmingest.catalogue.lists.entries import family_name
from vlmingest.catalogue.lists.grow import Growth
from vlmingest.catalogue.lists.marks import DAY_OR_MONTH, Link, cells_of, links_of, plain_text
from vlmingest.catalogue.lists.report import counts_of
from vlmingest.catalogue.lists.segments import Kind, Segment, plain_heading
from vlmingest.catalogue.lists.side_files import credit_rows, manifest_records
from vlmingest.catalogue.lists.splice import Edit, splice

# --- out -------------------------------------------------------------------------------------------------------


def remove_entry(
    document: ListDocument, unit: Unit, manifest: bytes | None = None, credits_file: bytes | None = None
) -> Growth:
    """The list without an entry: what `add_entry` put in goes, and nothing else."""
    edits = [Edit(unit.start, unit.end, b""), *_unlink(document, unit), *_unrow(document, unit)]
    number = len(document.units)
    edits += [Edit(one.start, one.end, str(number - 1).encode()) for one in counts_of(document) if one.value == number]
    return Growth(
        splice(document.data, edits),
        _without_record(manifest, unit.title) if manifest else manifest,
        _without_credit(credits_file, unit.title) if credits_file else credits_file,
    )


def edited_rows(document: ListDocument, unit: Unit, generated: bytes) -> list[str]:
    """Rows of the timeline on an entry that say more than the machine wrote: words that its panel does not have.

    `generated`: the panel as the machine wrote it. What stands behind the last cell of a row is a person's, too.
    """
    panel = plain_text(generated.decode("utf-8", "replace"))
    found = []
    for row in _timeline_rows(document, unit):
        text = row.text.strip()
        cells = [plain_text(cell) for cell in cells_of(text)]
        if not text.endswith("|") or any(
            cell and cell not in panel and not DAY_OR_MONTH.search(cell) for cell in cells
        ):
            found.append(text)
    return found


def _unlink(document: ListDocument, unit: Unit) -> Iterator[Edit]:
    pieces = [segment for _, segment in document.plain_segments]
    for position, segment in enumerate(pieces):
        links = _links_to(document, unit, segment)
        if not links:
            continue
        text = segment.data.decode("utf-8", "surrogateescape")
        every = [link for link in links_of(text) if link.url.startswith("#")]
        if segment.kind == Kind.CONTENTS or len(every) == 1:
            after = pieces[position + 1] if position + 1 < len(pieces) else None
            blank = after if segment.kind == Kind.INDEX and after is not None and after.kind == Kind.BLANK else None
            size = len(segment.data) + (len(blank.data.splitlines(keepends=True)[0]) if blank else 0)
            yield Edit(segment.start, segment.start + size, b"")
            continue
        for link in links:
            place = every.index(link)
            last = place == len(every) - 1
            start, end = (every[place - 1].end, link.end) if last else (link.start, every[place + 1].start)
            yield _span(segment, text, start, end, "")


def _unrow(document: ListDocument, unit: Unit) -> Iterator[Edit]:
    for segment in _timeline_rows(document, unit):
        yield Edit(segment.start, segment.start + len(segment.data), b"")


def _timeline_rows(document: ListDocument, unit: Unit) -> list[Segment]:
    name = family_name(unit.title)
    rows = [segment for _, segment in document.plain_segments if segment.kind == Kind.TIMELINE]
    return [row for row in rows if any(plain_text(cell) == name for cell in cells_of(row.text)[1:2])]


def _links_to(document: ListDocument, unit: Unit, segment: Segment) -> list[Link]:
    if segment.kind not in (Kind.INDEX, Kind.CONTENTS):
        return []
    target = f"#{_anchor(document, unit)}"
    return [link for link in links_of(segment.data.decode("utf-8", "surrogateescape")) if link.url == target]


def _anchor(document: ListDocument, unit: Unit) -> str:
    headed = [section for section in document.sections if section.level]
    anchors = anchors_of(section.title for section in headed)
    return next((anchor for anchor, section in zip(anchors, headed, strict=True) if section.start == unit.start), "")


def _span(segment: Segment, text: str, start: int, end: int, new: str) -> Edit:
    first = segment.start + len(text[:start].encode("utf-8", "surrogateescape"))
    size = len(text[start:end].encode("utf-8", "surrogateescape"))
    return Edit(first, first + size, new.encode())


def _without_record(manifest: bytes, title: str) -> bytes:
    records = manifest_records(manifest)
    for position, record in enumerate(records):
        if record.title == title:
            start, end = record.start, record.end
            if position + 1 < len(records):
                end = records[position + 1].start
            elif position:
                start = records[position - 1].end
            return splice(manifest, [Edit(start, end, b"")])
    return manifest


def _without_credit(text: bytes, title: str) -> bytes:
    row = credit_rows(text).get(markdown_text(title))
    return splice(text, [Edit(row[0], row[1], b"")]) if row else text


# --- renamed, dated --------------------------------------------------------------------------------------------


def follow_edits(document: ListDocument, unit: Unit, title: str, day: tuple[str, str] = ("", "")) -> list[Edit]:
    """Edits of index and timeline when the panel `unit` gets `title`, and `day` (before, after) where it changed."""
    edits: list[Edit] = []
    old, new = family_name(unit.title), family_name(title)
    if title != unit.title:
        headings = [section.title for section in document.sections if section.level and section.start != unit.start]
        anchor = anchors_of([*headings, plain_heading(markdown_text(title))])[-1]
        for _, segment in document.plain_segments:
            text = segment.data.decode("utf-8", "surrogateescape")
            for link in _links_to(document, unit, segment):
                label = markdown_text(new) if link.label == old else text[link.start + 1 : link.end].rpartition("](")[0]
                edits.append(_span(segment, text, link.start, link.end, f"[{label}](#{anchor})"))
    for row in _timeline_rows(document, unit):
        text = row.text
        if day[0] != day[1] and day[1]:
            text = text.replace(f"| {day[0]} |", f"| {day[1]} |", 1)
        if old != new:
            text = text.replace(f"| {markdown_text(old)} |", f"| {markdown_text(new)} |", 1)
        if text != row.text:
            edits.append(Edit(row.start, row.start + len(row.data), text.encode()))
    return edits


def retitled_files(
    manifest: bytes | None, credits_file: bytes | None, old: str, new: str
) -> tuple[bytes | None, bytes | None]:
    """Manifest and credits with the new title in the entry's own row."""
    if manifest:
        for record in manifest_records(manifest):
            if record.title == old:
                piece = manifest[record.start : record.end]
                was, now = (json.dumps(text, ensure_ascii=False).encode() for text in (old, new))
                manifest = splice(manifest, [Edit(record.start, record.end, piece.replace(was, now, 1))])
    if credits_file and (row := credit_rows(credits_file).get(markdown_text(old))):
        piece = credits_file[row[0] : row[1]]
        was, now = markdown_text(old).encode(), markdown_text(new).encode()
        credits_file = splice(credits_file, [Edit(row[0], row[1], piece.replace(was, now, 1))])
    return manifest, credits_file
