"""`add`: papers that a person names - arXiv ids, addresses, files and folders - taken the whole way.

A file is filed under the arXiv id of its name, else of the stamp on its first page, else under its own name without the
suffix ("glow-report.pdf" is `glow-report`); where that name is taken by other bytes, or is none that can be written
everywhere, under `local:<sha>`. A page is filed under `url:<sha>`. The same bytes are the same paper: a second `add` of a
folder finds everything done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from vlmingest import pipeline
from vlmingest.document import Document
from vlmingest.errors import FetchError, InvalidArxivIdError, UnknownArxivIdError, VlmIngestError
from vlmingest.ids import ArxivId
from vlmingest.jobs import Report, keep_papers, process, run, settle_all, tracked
from vlmingest.pipeline import Edition
from vlmingest.records import PaperMetadata
from vlmingest.tally import Outcome, Tally
from vlmingest.workshop import Workshop

_SUFFIX = re.compile(r"\.(?:pdf|html?|xhtml|tex|tar\.gz|tgz|tar|gz)\Z", re.IGNORECASE)
_PLAIN_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,79}")


class Given(NamedTuple):
    """One file or page that somebody gave us."""

    name: str  # how to speak of it in the report
    sha256: str
    media_type: str
    source: str  # "file" or "url"
    arxiv_id: ArxivId | None


def add(shop: Workshop, targets: Sequence[str], *, offline: bool = False) -> Report:
    """Take every target the whole way; what cannot be read is a named failure of the report."""
    from vlmingest.discover import ArxivTarget, PathTarget, UrlTarget, parse_target  # noqa: PLC0415

    parsed = [parse_target(target) for target in targets]  # wrong usage ends here, before anything is done
    ids = [target.arxiv_id for target in parsed if isinstance(target, ArxivTarget)]
    paths = [target.path for target in parsed if isinstance(target, PathTarget)]
    urls = [target.url for target in parsed if isinstance(target, UrlTarget)]

    def work(report: Report, tally: Tally) -> None:
        given = [*_files(shop, paths, tally), *_pages(shop, urls, tally, offline=offline)]
        editions = list(_file_editions(shop, given, report, tally, offline=offline))
        named = list(_named(shop, ids, report, tally, offline=offline))
        ready = [edition for edition, ok in editions if ok]
        tally.enter("extract", len(ready))
        for outcome in tracked(shop, "extract", len(ready), pipeline.extract_versions(shop, ready)):
            tally.leave(outcome)
        settle_all(shop, dict.fromkeys(edition.paper for edition, _ in editions), report, tally)
        process(shop, named, report, tally, wanted=frozenset(paper.id for paper in named))

    return run(shop, "add", work)


# --- arXiv ids -------------------------------------------------------------------------------------------------


def _named(
    shop: Workshop, ids: Sequence[ArxivId], report: Report, tally: Tally, *, offline: bool
) -> Iterator[PaperMetadata]:
    if not ids:
        return
    if not offline:
        from vlmingest.discover import ArxivApiSource  # noqa: PLC0415

        source = ArxivApiSource(shop.client, shop.settings.arxiv_api_url)
        try:
            found, _ = source.by_ids(ids)
            keep_papers(shop, found, report, tally)
        except FetchError as error:
            report.notes.append(str(error))
    for arxiv_id in ids:
        paper = shop.store.paper(arxiv_id.base)
        if paper is not None:
            yield paper
            continue
        tally.enter("discover")
        reason = "unknown-id" if not report.notes else "no-metadata"
        message = str(UnknownArxivIdError(arxiv_id.base)) if not offline else f"{arxiv_id}: not in the database"
        tally.leave(Outcome(arxiv_id.base, arxiv_id.version or 1, "discover", "failed", reason, message))


# --- files and pages -------------------------------------------------------------------------------------------


def _files(shop: Workshop, paths: Sequence[Path], tally: Tally) -> Iterator[Given]:
    from vlmingest.discover import FolderSource  # noqa: PLC0415

    for path in paths:
        for file in FolderSource(path).files() if path.is_dir() else [path]:
            try:
                data = file.read_bytes()
            except OSError as error:
                tally.enter("fetch")
                message = f"{file}: cannot be read ({error.strerror}); check the name and the rights of the file"
                tally.leave(Outcome(file.name, 1, "fetch", "failed", "unreadable-file", message))
                continue
            yield Given(file.name, shop.content.put(data), "", "file", ArxivId.of_filename(file.name))


def _pages(shop: Workshop, urls: Sequence[str], tally: Tally, *, offline: bool) -> Iterator[Given]:
    from vlmingest.fetch import fetch_url  # noqa: PLC0415

    for url in urls:
        try:
            if offline:
                raise FetchError(url, "--offline asks nobody")
            response = fetch_url(shop.client, url)
        except FetchError as error:
            tally.enter("fetch")
            tally.leave(Outcome(url, 1, "fetch", "failed", error.reason, str(error)))
            continue
        try:
            arxiv_id = ArxivId.parse(url)
        except InvalidArxivIdError:
            arxiv_id = None
        yield Given(url, shop.content.put(response.content), response.media_type, "url", arxiv_id)


def _file_editions(
    shop: Workshop, given: Sequence[Given], report: Report, tally: Tally, *, offline: bool
) -> Iterator[tuple[Edition, bool]]:
    """File every given document under its paper; yields the edition and whether its text is there."""
    code = shop.code_hashes["read"]
    fresh: dict[int, Given] = {}
    for number, item in enumerate(given):
        tally.enter("fetch")
        tally.leave(Outcome(item.name, 1, "fetch", "done"))
        tally.enter("read")
        known = shop.store.edition_of_content(item.sha256)
        row = shop.store.ledger(*known, "read") if known else None
        if known is None or row is None or (row.input_hash, row.code_hash) != (item.sha256, code):
            fresh[number] = item
        else:
            yield Edition(*known), _told(tally, Edition(*known), row.failure_reason, row.failure_message, item)
    pages = shop.settings.max_pages
    calls = (
        (number, "vlmingest.read:read_document", (shop.content.get(item.sha256), None, pages))
        for number, item in fresh.items()
    )
    results = shop.readers.run(calls)
    shop.progress.start("read", len(fresh))
    for key, result in results:
        item = fresh[cast("int", key)]
        shop.progress.advance("read", item.name)
        edition = _file_under(shop, item, result, report, offline=offline)
        outcome = pipeline.keep_document(shop, edition, item.sha256, result)
        failed = outcome.state == "failed"
        yield edition, _told(tally, edition, outcome.reason if failed else None, outcome.message, item, fresh=True)
    shop.progress.finish("read")


def _told(
    tally: Tally, edition: Edition, reason: str | None, message: str | None, item: Given, *, fresh: bool = False
) -> bool:
    if reason:
        tally.leave(Outcome(*edition, "read", "failed", reason, f"{item.name}: {message}", fresh=fresh))
        return False
    tally.leave(Outcome(*edition, "read", "done", fresh=fresh))
    return True


def _file_under(shop: Workshop, item: Given, result: object, report: Report, *, offline: bool) -> Edition:
    """Save paper and content of one given document; a readable one brings its own title, authors and abstract."""
    document = result if isinstance(result, Document) else None
    known = shop.store.edition_of_content(item.sha256)
    if known is not None:
        return Edition(*known)
    paper = _metadata(item, document)
    if paper.arxiv_id is None and shop.store.paper(paper.id) is not None:
        paper = paper.model_copy(update={"id": _hashed_id(item)})
    before = shop.store.paper_version(paper.id, paper.version)
    if before is None and not offline and paper.arxiv_id:
        before = _ask_arxiv(shop, paper, report)
    if before is None:
        with shop.store.transaction():
            new = shop.store.paper(paper.id) is None
            shop.store.save_paper(paper)
        if new:
            report.new_papers.append(paper.id)
    edition = Edition(paper.id, paper.version)
    source_format = document.source if document else "file"
    pipeline.keep_content_hash(shop, edition, item.sha256, item.media_type, source_format)
    return edition


def _ask_arxiv(shop: Workshop, paper: PaperMetadata, report: Report) -> PaperMetadata | None:
    from vlmingest.discover import ArxivApiSource  # noqa: PLC0415

    source = ArxivApiSource(shop.client, shop.settings.arxiv_api_url)
    try:
        found, _ = source.by_ids([ArxivId.parse(f"{paper.id}v{paper.version}")])
    except (FetchError, VlmIngestError) as error:
        note = f"arXiv could not be asked for metadata, the files' own titles stand in: {error}"
        if not report.notes:
            report.notes.append(note)
        return None
    for item in found:
        shop.store.save_paper(item)
        report.new_papers.append(item.id)
    return shop.store.paper_version(paper.id, paper.version)


def _given_id(item: Given) -> str:
    """The id of a paper that is not on arXiv: its file's name without the suffix, where that can be written everywhere."""
    stem = _SUFFIX.sub("", Path(item.name).name)
    return stem if item.source == "file" and _PLAIN_STEM.fullmatch(stem) else _hashed_id(item)


def _hashed_id(item: Given) -> str:
    return f"{'local' if item.source == 'file' else 'url'}:{item.sha256[:16]}"


def _metadata(item: Given, document: Document | None) -> PaperMetadata:
    """What the file says of itself."""
    from vlmingest.read.dateline import front_date, title_as_spelt  # noqa: PLC0415

    stamp = document.stamp if document else None
    arxiv_id = item.arxiv_id or (ArxivId.parse(stamp.arxiv_id).with_version(stamp.version) if stamp else None)
    title = title_as_spelt(document.title, document.text) if document and document.title else Path(item.name).name
    abstract = document.quote(*document.abstract) if document and document.abstract else ""
    stamped = stamp is not None and arxiv_id is not None and stamp.arxiv_id == arxiv_id.base
    version = (arxiv_id.version if arxiv_id else None) or (stamp.version if stamped and stamp else None) or 1
    dated = stamp.date if stamped and stamp else None
    if document and arxiv_id is None:
        dated = front_date(document.text, document.abstract[0] if document.abstract else None)
    return PaperMetadata(
        id=arxiv_id.base if arxiv_id else _given_id(item),
        arxiv_id=arxiv_id.base if arxiv_id else None,
        version=version,
        title=title,
        authors=document.authors if document else (),
        abstract=abstract,
        categories=(stamp.category,) if stamped and stamp and stamp.category else (),
        published=dated if version == 1 else None,
        updated=dated,
        source=item.source,
    )
