"""arXiv's OAI-PMH service: the whole of computer science by date of change, with licences and withdrawals.

It selects by datestamp (the last change of a record, bulk changes and journal references included), so a window is
asked for by `from` alone, without `until`, as arXiv advises; records whose newest version is older than moderation ever
takes are left out. The token of the next page encodes an offset and dies with the day: a token that is refused starts
the listing anew, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from vlmingest.discover.oai_pages import OaiPage, read_oai_page
from vlmingest.discover.source import Answer, Getter
from vlmingest.errors import ArxivQueryError, SourceContradictionError
from vlmingest.records import PaperMetadata

_HELD = timedelta(days=30)  # moderation holds papers for four days "or longer" (help/availability)
_MOST_PAGES = 2_000


class OaiSource:
    """The service at `base_url` (`https://oaipmh.arxiv.org/oai`); `categories` filters, empty takes all of `oai_set`."""

    name = "arxiv-oai"

    def __init__(self, client: Getter, base_url: str, *, categories: Sequence[str] = (), oai_set: str = "cs") -> None:
        self.notes: list[str] = []
        self._client = client
        self._base_url = base_url
        self._categories = frozenset(categories)
        self._set = oai_set

    def papers(self, since: date, until: date) -> Iterator[PaperMetadata]:
        """Papers changed since `since`, each version once; raises ArxivQueryError and every other FetchError.

        `until` bounds the first submission only: what changed later is listed, too.
        """
        seen: set[tuple[str, int]] = set()
        for restarts in (1, 0):
            for page in self._pages(since):
                if page.error == "badResumptionToken" and restarts:
                    break
                if page.error:
                    raise ArxivQueryError(self._base_url, f"{page.error}: {page.error_text}")
                self.notes += page.notes
                for paper in page.papers:
                    place = (paper.id, paper.version)
                    if place not in seen and self._wanted(paper, since, until):
                        seen.add(place)
                        yield paper
            else:
                return

    def _wanted(self, paper: PaperMetadata, since: date, until: date) -> bool:
        if self._categories and self._categories.isdisjoint(paper.categories):
            return False
        if paper.published is not None and date.fromisoformat(paper.published) > until:
            return False
        return paper.updated is None or since - date.fromisoformat(paper.updated) <= _HELD

    def _pages(self, since: date) -> Iterator[OaiPage]:
        """Page after page; one with an error is the last. Nothing changed (`noRecordsMatch`) is an empty listing."""
        first: dict[str, str | int] = {"metadataPrefix": "arXivRaw", "from": since.isoformat(), "set": self._set}
        params = first
        tokens: set[str] = set()
        for _ in range(_MOST_PAGES):
            answer = self._client.get(
                self._base_url, accept="text/xml", params={"verb": "ListRecords"} | params, check=_wrong
            )
            page = read_oai_page(answer.content, self.name)
            if page.error == "noRecordsMatch":
                return
            yield page
            if page.error or not page.token:
                return
            if page.token in tokens:
                raise SourceContradictionError(self._base_url, "the same resumption token came twice")
            tokens.add(page.token)
            params = {"resumptionToken": page.token}
        raise SourceContradictionError(self._base_url, f"more than {_MOST_PAGES} pages")


def _wrong(answer: Answer) -> str | None:
    """What is wrong with a page as such; the client asks once more."""
    try:
        read_oai_page(answer.content, "")
    except ValueError as error:
        return str(error)
    return None
