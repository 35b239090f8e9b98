"""arXiv's API through the `arxiv` package, every request of it through our one polite client.

How a window is listed. The API can filter by date of first submission only (`lastUpdatedDate:[..]` as a filter matches
the first submission, too, as users report), yet it can sort by last update. So a window that reaches to the present is
walked from the newest update downwards until it is left: this finds new versions and withdrawals as well, and entries
that move while pages are read are seen twice rather than not at all. A window of the past, and whatever lies below the
30,000 results that a query may give, is asked for by `submittedDate`, in slices under that limit; of papers revised
later arXiv shows the latest version only.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from vlmingest.discover.atom import FeedPage, read_page
from vlmingest.discover.source import Answer, Getter
from vlmingest.discover.withdrawal import withdrawal_reason
from vlmingest.errors import ArxivQueryError, InvalidArxivIdError, SourceContradictionError
from vlmingest.ids import ArxivId
from vlmingest.records import PaperMetadata

if TYPE_CHECKING:
    import arxiv
    import requests

MAX_RESULTS = 30_000  # info.arxiv.org/help/api/user-manual 3.1.1.2: more gives HTTP 400
MAX_PAGE = 2_000  # same; over 1,000 is discouraged
_IDS_PER_REQUEST = 100
_ASKS = 3  # times that a contradictory page is asked for
_PAGES_ABOVE = 2  # pages of updates newer than the window before it counts as one of the past


class Lookup(NamedTuple):
    """What `by_ids` found, in the order asked, and which ids arXiv does not know."""

    found: list[PaperMetadata]
    missing: list[ArxivId]


class ArxivApiSource:
    """The search API at `base_url` (`https://export.arxiv.org/api/query`); see the module for how it lists a window.

    `notes` gathers what looked odd in the answers (entries that could not be read), for the run report.
    """

    name = "arxiv-api"

    def __init__(self, client: Getter, base_url: str, *, query: str = "", page_size: int = 500) -> None:
        self.query = query
        self.page_size = min(max(1, page_size), MAX_PAGE)
        self.notes: list[str] = []
        self._base_url = base_url
        self._client = client
        self._page = FeedPage(0, 0, 0, 0, "")

    def papers(self, since: date, until: date) -> Iterator[PaperMetadata]:
        """`search` with the query of this source."""
        return self.search(self.query, since, until)

    def search(
        self,
        query: str,
        since: date | None = None,
        until: date | None = None,
        max_results: int | None = None,
        page_size: int | None = None,
    ) -> Iterator[PaperMetadata]:
        """Papers that match `query`, each edition once; updated or first submitted from `since` to `until` (UTC dates).

        Raises ArxivQueryError where arXiv refuses the query, SourceContradictionError for a page that stays empty
        amid a counted result, and every other FetchError.
        """
        papers = self._distinct(self._window(query, since, until, page_size or self.page_size))
        return papers if max_results is None else islice(papers, max_results)

    def by_ids(self, ids: Sequence[ArxivId]) -> Lookup:
        """Metadata by id; an id without version gives the latest one. arXiv drops unknown ids without a word."""
        wanted = list(dict.fromkeys(ids))
        papers: dict[ArxivId, PaperMetadata] = {}
        for first in range(0, len(wanted), _IDS_PER_REQUEST):
            for paper in self._lookup(wanted[first : first + _IDS_PER_REQUEST]):
                exact = ArxivId(paper.id, paper.version)
                papers[exact] = paper
                if (latest := papers.get(exact.with_version(None))) is None or latest.version <= paper.version:
                    papers[exact.with_version(None)] = paper
        return Lookup(
            [papers[arxiv_id] for arxiv_id in wanted if arxiv_id in papers],
            [arxiv_id for arxiv_id in wanted if arxiv_id not in papers],
        )

    # --- windows -----------------------------------------------------------------------------------------------

    def _window(self, query: str, since: date | None, until: date | None, page_size: int) -> Iterator[PaperMetadata]:
        if since is None and until is None:
            yield from self._results(query, "submittedDate", "descending", page_size)
            return
        since, until = since or date(1991, 1, 1), until or date.max
        above, lowest = 0, until
        newest_first = self._results(query, "lastUpdatedDate", "descending", page_size)
        for walked, paper in enumerate(newest_first, 1):
            updated = date.fromisoformat(paper.updated or "")
            if updated < since:
                return
            if updated <= until or _within(paper.published, since, until):
                yield paper
            above += updated > until
            lowest = min(lowest, updated)
            past = above == walked and above >= _PAGES_ABOVE * page_size
            if past or walked >= MAX_RESULTS:
                yield from self._submitted(query, since, lowest, page_size)
                return

    def _submitted(self, query: str, since: date, until: date, page_size: int) -> Iterator[PaperMetadata]:
        """By date of first submission, oldest first; split in halves until a slice is under arXiv's limit."""
        span = f"submittedDate:[{since:%Y%m%d}0000 TO {until:%Y%m%d}2359]"
        dated = f"({query}) AND {span}" if query else span
        ids: set[str] = set()
        for attempt in (1, 2):
            for paper in self._results(dated, "submittedDate", "ascending", page_size):
                if self._page.total > MAX_RESULTS and not ids:
                    if since == until:
                        raise ArxivQueryError(self._base_url, f"more than {MAX_RESULTS} papers on {since}")
                    middle = since + (until - since) // 2
                    yield from self._submitted(query, since, middle, page_size)
                    yield from self._submitted(query, middle + timedelta(days=1), until, page_size)
                    return
                ids.add(paper.id)
                yield paper
            if len(ids) >= self._page.total:
                return
            if attempt == 2:
                detail = f"{len(ids)} of {self._page.total} papers submitted {since} to {until} were listed"
                raise SourceContradictionError(self._base_url, detail)

    @staticmethod
    def _distinct(papers: Iterator[PaperMetadata]) -> Iterator[PaperMetadata]:
        seen: set[tuple[str, int]] = set()
        for paper in papers:
            if (paper.id, paper.version) not in seen:
                seen.add((paper.id, paper.version))
                yield paper

    def _lookup(self, batch: Sequence[ArxivId]) -> Iterator[PaperMetadata]:
        import arxiv  # noqa: PLC0415 - brings requests and lxml

        search = arxiv.Search(id_list=[str(arxiv_id) for arxiv_id in batch], max_results=None)
        try:
            # all pages are read before anything is given, so that a refusal leaves nothing half told
            found = [self._paper(result) for result in self._client_of(len(batch)).results(search)]
        except ArxivQueryError:
            if len(batch) == 1:
                return  # arXiv refuses the id itself: as good as unknown
            middle = len(batch) // 2
            yield from self._lookup(batch[:middle])
            yield from self._lookup(batch[middle:])
            return
        yield from (paper for paper in found if paper is not None)

    # --- the arxiv package -------------------------------------------------------------------------------------

    def _results(
        self,
        query: str,
        sort_by: Literal["submittedDate", "lastUpdatedDate"],
        order: Literal["ascending", "descending"],
        page_size: int,
    ) -> Iterator[PaperMetadata]:
        import arxiv  # noqa: PLC0415 - brings requests and lxml

        search = arxiv.Search(
            query, max_results=None, sort_by=arxiv.SortCriterion(sort_by), sort_order=arxiv.SortOrder(order)
        )
        for result in self._client_of(min(page_size, MAX_PAGE)).results(search):
            paper = self._paper(result)
            if paper is not None:
                yield paper

    def _client_of(self, page_size: int) -> arxiv.Client:
        """The package's client without its own delay and retries: politeness and ledger are ours."""
        import arxiv  # noqa: PLC0415 - brings requests and lxml

        client = arxiv.Client(page_size=page_size, delay_seconds=0, num_retries=0)
        client.query_url_format = self._base_url + "?{}"
        adapter = _adapter(self._page_at)
        for scheme in ("http://", "https://"):
            client._session.mount(scheme, adapter)  # noqa: SLF001 - the package offers no other way in
        return client

    def _page_at(self, url: str) -> Answer:
        """One page that holds what it promises; see `vlmingest.discover.atom`."""
        for _ in range(_ASKS):
            answer = self._client.get(url, accept="application/atom+xml", also_status=(400,), check=_wrong)
            if answer.status != 200:
                raise ArxivQueryError(url, _words_of(answer))
            self._page = read_page(answer.content)
            if self._page.error:
                raise ArxivQueryError(url, self._page.error)
            if not self._page.is_contradiction:
                return answer
        detail = f"no usable entry at {self._page.start} of {self._page.total}, asked {_ASKS} times"
        raise SourceContradictionError(url, detail)

    def _paper(self, result: arxiv.Result) -> PaperMetadata | None:
        try:
            arxiv_id = ArxivId.parse(result.entry_id)
        except InvalidArxivIdError:
            self.notes.append(f"an entry without an arXiv id was left out: {result.entry_id[:100]!r}")
            return None
        comment = _folded(result.comment)
        reason = withdrawal_reason(comment)
        return PaperMetadata(
            id=arxiv_id.base,
            arxiv_id=arxiv_id.base,
            version=arxiv_id.version or 1,
            title=_folded(result.title),
            authors=tuple(name for author in result.authors if (name := _folded(author.name))),
            abstract=_folded(result.summary),
            categories=tuple(dict.fromkeys(filter(None, [result.primary_category, *result.categories]))),
            published=result.published.astimezone(UTC).date().isoformat(),
            updated=result.updated.astimezone(UTC).date().isoformat(),
            comment=comment,
            doi=_folded(result.doi),
            journal_ref=_folded(result.journal_ref),
            withdrawn=reason is not None,
            withdrawn_reason=reason or "",
            source=self.name,
        )


def _adapter(page_at: Callable[[str], Answer]) -> requests.adapters.BaseAdapter:
    """A transport for a requests session that asks our client instead of the network."""
    import requests  # noqa: PLC0415 - the arxiv package needs it, nobody else

    class Adapter(requests.adapters.BaseAdapter):
        def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
            answer = page_at(request.url or "")
            response = requests.Response()
            response.status_code = answer.status
            response.url = answer.url
            response.request = request
            response.headers.update(answer.headers)
            response.raw = io.BytesIO(answer.content)
            return response

        def close(self) -> None:
            """Nothing to free: the client belongs to somebody else."""

    return Adapter()


def _wrong(answer: Answer) -> str | None:
    """What is wrong with a page as such; the client asks once more."""
    if answer.status != 200:
        return None
    try:
        read_page(answer.content)
    except ValueError as error:
        return str(error)
    return None


def _words_of(answer: Answer) -> str:
    try:
        return read_page(answer.content).error or f"HTTP {answer.status}"
    except ValueError:
        return f"HTTP {answer.status}"


def _within(published: str | None, since: date, until: date) -> bool:
    return published is not None and since <= date.fromisoformat(published) <= until


def _folded(text: str | None) -> str:
    """One line: arXiv breaks titles and abstracts at 80 columns. TeX is kept as it is."""
    return " ".join((text or "").split())
