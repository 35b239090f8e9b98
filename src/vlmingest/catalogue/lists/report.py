"""What an import understood of a list, and what it keeps without understanding it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from vlmingest.catalogue.lists.document import ListDocument
from vlmingest.catalogue.lists.segments import Kind
from vlmingest.document import Frozen
from vlmingest.records import Entry

_COUNTED = (
    r"architectures?|models?|papers?|entries|entry|panels?|works?|methods?|vlms?|mllms?|systems?|families|projects?"
)
_COUNT = re.compile(
    rf"(?<![\w.,#/=-])(\d{{1,6}})(\+?)(?:\*\*)?(?= (?:[\w()/&-]+ ){{0,4}}(?:{_COUNTED})\b)", re.IGNORECASE
)


class CountMention(NamedTuple):
    """A number of entries that the list states; offsets of its digits in the file."""

    value: int
    is_minimum: bool  # `155+`
    line: int
    start: int
    end: int


class Verbatim(Frozen):
    """A piece that was not understood."""

    line: int
    bytes: int
    text: str


class ImportReport(Frozen):
    """`bytes_by_kind` sums to `bytes_total`; the difference is `bytes_unaccounted`, which is 0 or the import is wrong."""

    bytes_total: int
    bytes_unaccounted: int
    bytes_verbatim: int
    bytes_by_kind: dict[str, int]
    segments_by_kind: dict[str, int]
    entries_by_shape: dict[str, int]
    entries: int
    with_paper: int
    with_links: int
    with_authors: int
    with_summary: int
    with_deep_dive: int
    with_figure: int
    without_figure_noted: int
    dated: int
    dated_in_panel: int
    timeline_rows: int
    index_links: int
    counts: tuple[int, ...] = ()
    verbatim: tuple[Verbatim, ...] = ()


def import_report(document: ListDocument, entries: list[Entry]) -> ImportReport:
    """Account for every byte and count what was found."""
    sizes: Counter[str] = Counter()
    pieces: Counter[str] = Counter()
    verbatim, index_links = [], 0
    for segment in document.segments:
        sizes[segment.kind.value] += len(segment.data)
        pieces[segment.kind.value] += 1
        if segment.kind == Kind.VERBATIM:
            verbatim.append(
                Verbatim(line=segment.line, bytes=len(segment.data), text=" ".join(segment.text.split())[:120])
            )
        if segment.kind in (Kind.INDEX, Kind.CONTENTS):
            index_links += segment.text.count("](#")
    noted, deep = _panel_marks(document)
    return ImportReport(
        bytes_total=len(document.data),
        bytes_unaccounted=len(document.data) - sum(sizes.values()),
        bytes_verbatim=sizes[Kind.VERBATIM.value],
        bytes_by_kind=dict(sorted(sizes.items())),
        segments_by_kind=dict(sorted(pieces.items())),
        entries_by_shape=dict(sorted(Counter(unit.shape for unit in document.units).items())),
        entries=len(entries),
        with_paper=sum(bool(entry.papers) for entry in entries),
        with_links=sum(bool(entry.links) for entry in entries),
        with_authors=sum(bool(entry.authors) for entry in entries),
        with_summary=sum(bool(entry.summary) for entry in entries),
        with_deep_dive=deep,
        with_figure=sum(entry.figure is not None for entry in entries),
        without_figure_noted=noted,
        dated=sum(entry.released is not None for entry in entries),
        dated_in_panel=sum(entry.released is not None and entry.released.source == "panel" for entry in entries),
        timeline_rows=len(document.timeline),
        index_links=index_links,
        counts=tuple(count.value for count in counts_of(document)),
        verbatim=tuple(verbatim),
    )


def _panel_marks(document: ListDocument) -> tuple[int, int]:
    """Panels whose figure block says in words why there is no figure; panels with a deep dive."""
    noted = deep = 0
    for index, role in enumerate(document.roles):
        if role.is_panel:
            pieces = document.pieces(index)
            figures = "".join(piece.text for piece in pieces if piece.kind == Kind.FIGURE)
            noted += bool(figures) and "<img" not in figures.lower() and "![" not in figures
            deep += any(piece.kind == Kind.DEEP_DIVE for piece in pieces)
    return noted, deep


def _is_year(match: re.Match[str], text: str) -> bool:
    """`through July 2026 and covers ... systems`: a year, unless the noun follows at once."""
    followed = re.match(rf"\+? (?:{_COUNTED})\b", text[match.end(1) :], re.IGNORECASE)
    return 1990 <= int(match[1]) <= 2099 and not match[2] and followed is None


def counts_of(document: ListDocument) -> Iterator[CountMention]:
    """Numbers of entries that the list states outside its entries, such as `155+ ... architectures`."""
    for _, segment in document.plain_segments:
        if segment.kind not in (Kind.TEXT, Kind.DISCLOSURE, Kind.HEADING):
            continue
        text = segment.data.decode("utf-8", "surrogateescape")
        for match in _COUNT.finditer(text):
            if _is_year(match, text):
                continue
            start = segment.start + len(text[: match.start(1)].encode("utf-8", "surrogateescape"))
            line = segment.line + text.count("\n", 0, match.start())
            yield CountMention(int(match[1]), bool(match[2]), line, start, start + len(match[1]))
