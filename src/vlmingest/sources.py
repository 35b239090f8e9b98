"""Where metadata comes from, put together from the settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from vlmingest.errors import SettingError, UsageError
from vlmingest.ids import ArxivId
from vlmingest.records import PaperMetadata
from vlmingest.triage import Topic, worth_scoring
from vlmingest.workshop import Workshop

if TYPE_CHECKING:
    from vlmingest.discover import ArxivApiSource, Source

# the categories in which model papers appear (../shared/meta: 0.5-1.5 % of them are)
DEFAULT_QUERY = "cat:cs.CV OR cat:cs.CL OR cat:cs.AI OR cat:cs.LG OR cat:cs.RO OR cat:cs.MM"


def arxiv_source(shop: Workshop) -> ArxivApiSource:
    """The API search of arXiv over the topic's query."""
    from vlmingest.discover import ArxivApiSource  # noqa: PLC0415 - brings httpx and requests

    settings = shop.settings
    return ArxivApiSource(
        shop.client, settings.arxiv_api_url, query=settings.query or shop.topic.query or DEFAULT_QUERY
    )


def nightly_sources(shop: Workshop) -> list[Source]:
    """The sources that a night asks, in the order of the setting; raises SettingError for a word that names none."""
    from vlmingest.discover import FeedSource, OaiSource  # noqa: PLC0415 - brings httpx

    settings = shop.settings
    categories = categories_of(settings.query or shop.topic.query or DEFAULT_QUERY)
    known: dict[str, Callable[[], Source]] = {
        "api": lambda: arxiv_source(shop),
        "oai": lambda: OaiSource(shop.client, settings.arxiv_oai_url, categories=categories),
        "feed": lambda: FeedSource(shop.client, settings.arxiv_feed_url, categories=categories),
    }
    names = list(dict.fromkeys(name.strip() for name in settings.sources.split(",") if name.strip()))
    # a feed holds one announcement only: what it did not show yesterday, nobody would find
    if not all(name in known for name in names) or not set(names) & {"api", "oai"}:
        raise SettingError(
            "VLMINGEST_SOURCES", settings.sources, "api or oai, with feed beside it if you like: api,oai,feed"
        )
    return [known[name]() for name in names]


def categories_of(query: str) -> list[str]:
    """The categories that an API query names with `cat:`; those of the default query where it names none."""
    found = re.findall(r"\bcat:([A-Za-z-]+(?:\.[A-Za-z-]+)?)", query)
    return list(dict.fromkeys(found)) or categories_of(DEFAULT_QUERY)


class FirstFilter:
    """Lines of a snapshot that hold a word of the topic pass; `dropped` counts the others, which are never parsed."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.dropped = 0

    def __call__(self, line: str) -> bool:
        if worth_scoring(line, self.topic):
            return True
        self.dropped += 1
        return False


def papers_of(
    shop: Workshop,
    start: date | None,
    end: date | None,
    ids: Path | None,
    snapshot: Path | None,
    first_filter: FirstFilter | None = None,
) -> Iterator[PaperMetadata]:
    """The metadata that a backfill names: a span of dates, a file of ids or a snapshot file (through `first_filter`)."""
    if snapshot is not None:
        from vlmingest.discover import read_snapshot  # noqa: PLC0415

        yield from read_snapshot(snapshot, wanted=first_filter)
    elif ids is not None:
        wanted = [ArxivId.parse(line) for line in ids.read_text(encoding="utf-8").split()]
        found, missing = arxiv_source(shop).by_ids(wanted)
        yield from found
        if missing:
            names = ", ".join(map(str, missing[:5]))
            raise UsageError(f"arXiv knows no paper {names}; take {'it' if len(missing) == 1 else 'them'} out of {ids}")
    elif start is not None and end is not None:
        yield from arxiv_source(shop).papers(start, end)
