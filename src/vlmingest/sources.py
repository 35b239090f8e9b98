"""Where metadata comes from, put together from the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from vlmingest.errors import UsageError
from vlmingest.ids import ArxivId
from vlmingest.records import PaperMetadata
from vlmingest.workshop import Workshop

if TYPE_CHECKING:
    from vlmingest.discover import ArxivApiSource

# the categories in which model papers appear (../shared/meta: 0.5-1.5 % of them are)
DEFAULT_QUERY = "cat:cs.CV OR cat:cs.CL OR cat:cs.AI OR cat:cs.LG OR cat:cs.RO OR cat:cs.MM"


def arxiv_source(shop: Workshop) -> ArxivApiSource:
    """The API search of arXiv over the topic's query."""
    from vlmingest.discover import ArxivApiSource  # noqa: PLC0415 - brings httpx and requests

    settings = shop.settings
    return ArxivApiSource(shop.client, settings.arxiv_api_url, query=settings.query or DEFAULT_QUERY)


def papers_of(
    shop: Workshop, start: date | None, end: date | None, ids: Path | None, snapshot: Path | None
) -> Iterator[PaperMetadata]:
    """The metadata that a backfill names: a span of dates, a file of ids or a snapshot file."""
    if snapshot is not None:
        from vlmingest.discover import read_snapshot  # noqa: PLC0415

        yield from read_snapshot(snapshot)
    elif ids is not None:
        wanted = [ArxivId.parse(line) for line in ids.read_text(encoding="utf-8").split()]
        found, missing = arxiv_source(shop).by_ids(wanted)
        yield from found
        if missing:
            names = ", ".join(map(str, missing[:5]))
            raise UsageError(f"arXiv knows no paper {names}; take {'it' if len(missing) == 1 else 'them'} out of {ids}")
    elif start is not None and end is not None:
        yield from arxiv_source(shop).papers(start, end)
