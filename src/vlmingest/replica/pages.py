"""What the replica answers: a pure function of address, corpus and night."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from urllib.parse import parse_qsl

from vlmingest.errors import InvalidArxivIdError
from vlmingest.ids import ArxivId
from vlmingest.replica import atom
from vlmingest.replica.corpus import Corpus, Edition
from vlmingest.replica.harvest import feed_answer, oai_answer
from vlmingest.replica.query import QueryError, parse_query

MAX_PAGE = 2_000
MAX_RESULTS = 30_000
_ATOM = "application/atom+xml; charset=utf-8"
_XML = "text/xml; charset=utf-8"
_HTML = "text/html; charset=utf-8"
_PAPER = re.compile(r"/(abs|pdf|html|e-print|src)/(.+?)(?:\.pdf|/)?")
# arXiv refuses other forms; ids of these forms that do not exist are dropped without a word (recorded samples)
_ID_FORM = re.compile(r"(?:\d{4}\.\d{4,6}|[A-Za-z-]+(?:\.[A-Za-z]{2})?/\d{7})(?:v\d+)?")
_SORTS = ("relevance", "lastUpdatedDate", "submittedDate")
_ORDERS = ("ascending", "descending")
ROBOTS = b"User-agent: *\nDisallow: /replica/\n"


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    status: int
    body: bytes
    media_type: str = _HTML
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """A corpus on one night. `thinning` is a fault of the API pages: "", empty-page, empty-feed, short-page."""

    corpus: Corpus
    tonight: date | None
    thinning: str = ""

    @property
    def now(self) -> datetime:
        """The time of the pages: fixed by the night, so that the same night gives the same bytes."""
        return datetime.combine(self.tonight or date(2025, 1, 1), time(4), UTC)

    def answer(self, path: str, query: str) -> Page:
        """The page at `path?query`."""
        if path.rstrip("/") == "/api/query":
            return self.search(dict(parse_qsl(query, keep_blank_values=True)))
        if path.rstrip("/") == "/oai":
            return Page(200, oai_answer(self.corpus, self.tonight, self.now, dict(parse_qsl(query)), "/oai"), _XML)
        if path.startswith("/atom/"):
            categories = path.removeprefix("/atom/").split("+")
            return Page(200, feed_answer(self.corpus, self.tonight, self.now, categories, "/atom"), _ATOM)
        if path == "/robots.txt":
            return Page(200, ROBOTS, "text/plain")
        match = _PAPER.fullmatch(path)
        if match is None:
            return not_found("Page not found")
        try:
            arxiv_id = ArxivId.parse(match[2])
        except InvalidArxivIdError:
            return not_found(f"Invalid article identifier {match[2]!r}")
        edition = self.corpus.edition(arxiv_id.base, arxiv_id.version, self.tonight)
        if edition is None:
            return not_found(f"Article {arxiv_id} doesn't exist")
        return self.abstract(edition) if match[1] == "abs" else _full_text(edition, match[1])

    # --- the API -----------------------------------------------------------------------------------------------

    def search(self, params: dict[str, str]) -> Page:
        """`/api/query`."""
        try:
            start, size = _whole(params, "start", 0), _whole(params, "max_results", 10)
            papers = self._selected(params)
        except (QueryError, ValueError) as error:
            return self._error(str(error))
        if start + min(size, MAX_PAGE) > MAX_RESULTS or size > MAX_RESULTS:
            return self._error(f"start + max_results must not exceed {MAX_RESULTS}")
        page = papers[start : start + min(size, MAX_PAGE)]
        total = len(papers)
        if self.thinning in ("empty-page", "empty-feed"):
            page = []
            total = 0 if self.thinning == "empty-feed" else total
        elif self.thinning == "short-page":
            page = page[: (len(page) + 1) // 2]
        told = f"search_query={params.get('search_query', '')}&id_list={params.get('id_list', '')}"
        return Page(200, atom.feed(told, start, size, total, page, self.now), _ATOM)

    def _selected(self, params: dict[str, str]) -> list[Edition]:
        query, ids = params.get("search_query", "").strip(), params.get("id_list", "").strip()
        sort_by, order = params.get("sortBy") or "relevance", params.get("sortOrder") or "descending"
        if sort_by not in _SORTS:
            raise QueryError(f"sortBy must be in: {', '.join(_SORTS)}")
        if order not in _ORDERS:
            raise QueryError(f"sortOrder must be in: {', '.join(_ORDERS)}")
        if not query and not ids:
            return []
        papers = self._by_ids(ids) if ids else self.corpus.latest(self.tonight)
        if query:
            test = parse_query(query)
            papers = [paper for paper in papers if test(paper)]
        if ids and sort_by == "relevance":
            return papers
        key = _submitted if sort_by == "lastUpdatedDate" else _published
        return sorted(papers, key=key, reverse=order == "descending")

    def _by_ids(self, ids: str) -> list[Edition]:
        found = []
        for text in filter(None, (item.strip() for item in ids.split(","))):
            if not _ID_FORM.fullmatch(text):
                raise QueryError(f"incorrect id format for {text}")
            try:
                arxiv_id = ArxivId.parse(text)
            except InvalidArxivIdError:
                continue
            found.append(self.corpus.edition(arxiv_id.base, arxiv_id.version, self.tonight))
        return [edition for edition in found if edition is not None]

    def _error(self, message: str) -> Page:
        return Page(400, atom.error_feed(message, self.now), _ATOM)

    # --- pages of a paper --------------------------------------------------------------------------------------

    def abstract(self, edition: Edition) -> Page:
        """`/abs/ID`: the facts of an edition and the history of versions."""
        e = html.escape
        history = "".join(
            f"<li>[v{item.version}] {item.submitted:%a, %d %b %Y %H:%M:%S UTC}{' (withdrawn)' * item.withdrawn}</li>"
            for item in self.corpus.history(edition.id, self.tonight)
        )
        notice = "<p>This version has been withdrawn: no full text is available.</p>" if edition.withdrawn else ""
        links = "".join(f'<a href="/{_path(kind)}/{e(edition.name)}">{kind}</a> ' for kind in edition.files)
        authors = "".join(f'<meta name="citation_author" content="{e(author)}"/>' for author in edition.authors)
        body = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><title>[{e(edition.id)}] {e(edition.title)}'
            f'</title><meta name="citation_title" content="{e(edition.title)}"/>{authors}'
            f'<meta name="citation_arxiv_id" content="{e(edition.id)}"/></head><body><h1>{e(edition.title)}</h1>'
            f"<p>{e(', '.join(edition.authors))}</p>{notice}<blockquote>{e(edition.abstract)}</blockquote>"
            f"<p>Comments: {e(edition.comment)}</p><p>Subjects: {e('; '.join(edition.categories))}</p>"
            f"<p>{links}</p><ol>{history}</ol></body></html>"
        )
        return Page(200, body.encode())


def not_found(message: str) -> Page:
    """An HTML page with status 404, as arXiv answers."""
    return Page(404, html_page("404", message))


def html_page(title: str, message: str) -> bytes:
    """A plain page for people."""
    title, message = html.escape(title), html.escape(message)
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{message}</h1></body></html>".encode()


def _full_text(edition: Edition, kind: str) -> Page:
    if edition.withdrawn:
        return not_found(f"{edition.name} has been withdrawn and has no full text")
    name = "source" if kind in ("e-print", "src") else kind
    path = edition.files.get(name)
    if path is None:
        return not_found(f"No {name} for {edition.name}")
    try:
        return Page(200, path.read_bytes(), _media_type(path))
    except OSError:
        return not_found(f"No {name} for {edition.name}")


def _media_type(path: Path) -> str:
    kinds = {".pdf": "application/pdf", ".html": _HTML, ".gz": "application/gzip", ".tgz": "application/gzip"}
    return kinds.get(path.suffix.lower(), "application/octet-stream")


def _path(kind: str) -> str:
    return "src" if kind == "source" else kind


def _whole(params: dict[str, str], name: str, default: int) -> int:
    text = params.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"-?\d{1,12}", text):
        raise QueryError(f"{name} must be an integer")
    if int(text) < 0:
        raise QueryError(f"{name} must be non-negative")
    return int(text)


def _published(paper: Edition) -> tuple[datetime, str]:
    return paper.published, paper.id


def _submitted(paper: Edition) -> tuple[datetime, str]:
    return paper.submitted, paper.id
