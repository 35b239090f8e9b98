"""arXiv's feed of the day (Atom): what the last announcement brought, with licences, and whether the feed is stale.

A feed holds one announcement (2,000 papers at most, empty on Saturdays and Sundays; info.arxiv.org/help/rss), so it
stands beside another source and never alone: it finds at once what an index shows late. `published` in it is the date
of the announcement, not of submission; cross-lists may be old papers. Feeds have served the day before's announcement
under today's date of building: the announcement date of the entries is compared with arXiv's calendar.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from vlmingest.discover.calendar import EASTERN, is_announcement_night, knows_holidays
from vlmingest.discover.source import Answer, Getter
from vlmingest.errors import InvalidArxivIdError, SourceContradictionError
from vlmingest.ids import ArxivId
from vlmingest.records import PaperMetadata

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_ENTRIES = 2_000
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ANNOUNCE = re.compile(r"^\s*arXiv:\S+\s+Announce Type:\s*\S+\s*(?:Abstract:\s*)?", re.IGNORECASE)
_KINDS = frozenset({"new", "cross", "replace", "replace-cross"})


class Announcement(NamedTuple):
    """One entry: the paper, the date of its announcement, and new, cross, replace or replace-cross."""

    paper: PaperMetadata
    announced: date | None
    kind: str


class FeedSource:
    """The feeds below `base_url` (`https://rss.arxiv.org/atom`), one request for all `categories`."""

    name = "arxiv-feed"

    def __init__(
        self,
        client: Getter,
        base_url: str,
        *,
        categories: Sequence[str],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.notes: list[str] = []
        self._client = client
        self._url = f"{base_url}/{'+'.join(categories)}"
        self._clock = clock

    def papers(self, since: date, until: date) -> Iterator[PaperMetadata]:
        """Papers of the last announcement, whatever the window; raises SourceContradictionError where it is an old one."""
        del since, until
        answer = self._client.get(self._url, accept="application/atom+xml", check=_wrong)
        entries = read_feed(answer.content, self.name)
        if len(entries) >= MAX_ENTRIES:
            self.notes.append(f"the feed holds {len(entries)} papers, its most: there may be more")
        yield from (entry.paper for entry in entries)
        self._refuse_stale(entries)

    def _refuse_stale(self, entries: Sequence[Announcement]) -> None:
        now = self._clock()
        expected = expected_announcement(now)
        if not knows_holidays(expected.year):
            return
        shown = max((entry.announced for entry in entries if entry.announced), default=None)
        if shown is None:
            if now.astimezone(EASTERN).weekday() < 5:  # skipDays: the feed is empty on Saturday and Sunday
                raise SourceContradictionError(self._url, f"the feed is empty; the announcement of {expected} was due")
        elif shown < expected:
            raise SourceContradictionError(
                self._url, f"the feed is stale: it shows the announcement of {shown}, that of {expected} was due"
            )


def expected_announcement(now: datetime) -> date:
    """The date that the newest feed must bear at `now` (aware): feeds are built at midnight Eastern after a mailing.

    One hour of grace, since the building takes its time.
    """
    day = (now.astimezone(EASTERN) - timedelta(hours=1)).date()
    while not is_announcement_night(day - timedelta(days=1)):
        day -= timedelta(days=1)
    return day


def read_feed(content: bytes, source: str) -> list[Announcement]:
    """The entries of a feed; raises ValueError where it is not a whole Atom feed. Entries without an id are left out."""
    from lxml import etree  # noqa: PLC0415 - heavy, and only needed here

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser=parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {error.msg}") from error
    if root is None or root.tag != f"{_ATOM}feed":
        raise ValueError("not an Atom feed")
    found = (_announcement(entry, source) for entry in root.iterfind(f"{_ATOM}entry"))
    return [item for item in found if item is not None]


def _announcement(entry: _Element, source: str) -> Announcement | None:
    try:
        arxiv_id = ArxivId.parse(_folded(entry.findtext(f"{_ATOM}id")))
    except InvalidArxivIdError:
        return None
    kind = _folded(entry.findtext(f"{_ARXIV}announce_type"))
    announced = _date(entry.findtext(f"{_ATOM}published"))
    version = arxiv_id.version or 1
    categories = (item.get("term", "") for item in entry.iterfind(f"{_ATOM}category"))
    paper = PaperMetadata(
        id=arxiv_id.base,
        arxiv_id=arxiv_id.base,
        version=version,
        title=_folded(entry.findtext(f"{_ATOM}title")),
        authors=tuple(name for part in (entry.findtext(f"{_DC}creator") or "").split(",") if (name := _folded(part))),
        abstract=_folded(_ANNOUNCE.sub("", entry.findtext(f"{_ATOM}summary") or "")),
        categories=tuple(dict.fromkeys(filter(None, categories))),
        doi=_folded(entry.findtext(f"{_ARXIV}DOI")),
        journal_ref=_folded(entry.findtext(f"{_ARXIV}journal_reference")),
        licence=_folded(entry.findtext(f"{_DC}rights")),
        source=source,
    )
    return Announcement(paper, announced, kind if kind in _KINDS else "")


def _date(text: str | None) -> date | None:
    try:
        return datetime.fromisoformat(_folded(text)).date()
    except ValueError:
        return None


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())


def _wrong(answer: Answer) -> str | None:
    """What is wrong with a page as such; the client asks once more."""
    try:
        read_feed(answer.content, "")
    except ValueError as error:
        return str(error)
    return None
