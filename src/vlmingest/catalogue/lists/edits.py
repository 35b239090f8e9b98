"""What people changed in a list, entry by entry: the form in which edits of the Markdown reach the human layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Literal

from vlmingest.catalogue.lists.document import ListDocument
from vlmingest.catalogue.lists.entries import entries_of
from vlmingest.catalogue.lists.segments import Kind
from vlmingest.document import Frozen
from vlmingest.records import Entry

What = Literal["entry", "title", "summary", "authors", "released", "papers", "link", "figure", "prose", "text", "order"]


class ListEdit(Frozen):
    """One change: `before` is "" for what was added, `after` is "" for what was removed.

    `link` values are `label url`; `entry` stands for a whole panel, `text` for what is outside of all entries.
    """

    entry: str
    papers: tuple[str, ...] = ()
    what: What
    before: str = ""
    after: str = ""


def edits_between(base: ListDocument, theirs: ListDocument) -> list[ListEdit]:
    """Every change between two versions of a list, in the order of `theirs`; removed entries come last."""
    if base.data == theirs.data:
        return []
    old, new = _described(base), _described(theirs)
    found: list[ListEdit] = []
    matched: set[str] = set()
    by_paper = {paper: name for name, one in old.items() for paper in one.entry.papers}
    for name, one in new.items():
        same = (
            name
            if name in old
            else next((by_paper[p] for p in one.entry.papers if by_paper.get(p) not in (None, *new)), None)
        )
        if same is None or same in matched:
            found.append(ListEdit(entry=one.entry.name, papers=one.entry.papers, what="entry", after=one.text))
            continue
        matched.add(same)
        found += _changes(old[same], one)
    for name, one in old.items():
        if name not in matched:
            found.append(ListEdit(entry=one.entry.name, papers=one.entry.papers, what="entry", before=one.text))
    kept = [name for name in old if name in matched]
    if [name for name in new if name in old] != [name for name in kept if name in new]:
        found.append(ListEdit(entry="", what="order", before=" | ".join(kept), after=" | ".join(new)))
    before, after = _outside(base), _outside(theirs)
    if before != after:
        found.append(ListEdit(entry="", what="text", before=before, after=after))
    return found


class _Described(Frozen):
    entry: Entry
    prose: str
    text: str


def _described(document: ListDocument) -> Mapping[str, _Described]:
    places = {section.start: index for index, section in enumerate(document.sections)}
    found: dict[str, _Described] = {}
    for unit, entry in zip(document.units, entries_of(document), strict=True):
        prose = ""
        if unit.shape == "panel":
            pieces = document.pieces(places[unit.start])
            prose = "".join(piece.text for piece in pieces if piece.kind in (Kind.DEEP_DIVE, Kind.TEXT, Kind.CODE))
        name = entry.name
        while name in found:  # a name that stands twice is lint's business; no edit of either is lost here
            name += "'"
        found[name] = _Described(entry=entry, prose=prose, text=unit.text)
    return found


def _changes(old: _Described, new: _Described) -> Iterator[ListEdit]:
    if old.text == new.text:
        return
    a, b = old.entry, new.entry
    pairs: list[tuple[What, str, str]] = [
        ("title", a.title, b.title),
        ("summary", a.summary, b.summary),
        ("authors", a.authors, b.authors),
        ("released", a.released.date if a.released else "", b.released.date if b.released else ""),
        ("papers", " ".join(a.papers), " ".join(b.papers)),
        ("figure", a.figure.model_dump_json() if a.figure else "", b.figure.model_dump_json() if b.figure else ""),
        ("prose", old.prose, new.prose),
    ]
    known, now = [f"{link.label} {link.url}" for link in a.links], [f"{link.label} {link.url}" for link in b.links]
    gone, come = [one for one in known if one not in now], [one for one in now if one not in known]
    pairs += [("link", was, now) for was, now in zip_longest(gone, come, fillvalue="")]
    changed = [ListEdit(entry=b.name, papers=b.papers, what=what, before=x, after=y) for what, x, y in pairs if x != y]
    yield from changed
    if not changed:  # white space, markup: kept in the file, noted as a whole
        yield ListEdit(entry=b.name, papers=b.papers, what="prose", before=old.text, after=new.text)


def _outside(document: ListDocument) -> str:
    """The text of the list outside its entries, without index, timeline and counts, which follow from the entries."""
    kinds = (Kind.ENTRY_ITEM, Kind.ENTRY_ROW, Kind.ENTRY_LINE, Kind.INDEX, Kind.TIMELINE, Kind.CONTENTS, Kind.BLANK)
    return "".join(segment.text for _, segment in document.plain_segments if segment.kind not in kinds)
