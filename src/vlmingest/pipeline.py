"""The stages of a paper's way, one plain function each; joins the edges and the pure core.

Nothing here knows of Prefect or of the command line. Every stage asks the stage ledger first: the same input with the
same code is not done again, so every run can be repeated, killed and resumed. What a stage makes is stored in the same
transaction as its ledger row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, cast

from vlmingest.document import Document, Finding
from vlmingest.errors import (
    DocumentError,
    FetchError,
    NotFoundError,
    SettingError,
    TooLargeDocumentError,
    VlmIngestError,
)
from vlmingest.ids import ArxivId
from vlmingest.kinship import kin_questions, unanswered
from vlmingest.records import Candidate, PaperMetadata, Reason, Record, Relevance, Verdict, digest
from vlmingest.settle import settle
from vlmingest.tally import Outcome
from vlmingest.triage import score_paper
from vlmingest.workshop import Workshop

Format = Literal["pdf", "html", "latex"]
# failures that the same bytes and the same code would only repeat; everything else is tried again by the next run
_FINAL_KINDS = (DocumentError,)
_STOPS_FETCHING = ("denied", "cooling-down")


class Edition(NamedTuple):
    """One version of one paper on its way."""

    paper: str
    version: int


# --- triage ----------------------------------------------------------------------------------------------------


def triage_paper(shop: Workshop, paper: PaperMetadata) -> Outcome:
    """Score the metadata and store the relevance; `no` is skipped with the reason."""
    store, edition = shop.store, Edition(paper.id, paper.version)
    source = digest(
        [paper.title, paper.abstract, list(paper.categories), paper.comment, shop.topic.digest, shop.triage_recall]
    )
    row = store.ledger(*edition, "triage")
    current = row is not None and (row.input_hash, row.code_hash) == (source, shop.code_hashes["triage"])
    relevance = store.relevance(paper.id) if current else None
    if relevance is None:
        relevance = score_paper(paper, shop.topic, shop.triage_recall)
        with store.transaction():
            store.save_relevance(*edition, relevance)
            store.record_stage(*edition, "triage", source, shop.code_hashes["triage"], output_hash=digest(relevance))
    if relevance.label == "no":
        return Outcome(*edition, "triage", "skipped", "not-relevant", relevance.reasons[0])
    return Outcome(*edition, "triage", "done", fresh=not current)


# --- fetch -----------------------------------------------------------------------------------------------------


def fetch_version(shop: Workshop, edition: Edition, source_format: Format) -> Outcome:
    """Get one format of one version into the content store; one request at most."""
    from vlmingest.fetch import fetch_paper  # noqa: PLC0415 - httpx only where something is fetched

    store = shop.store
    wanted = digest([*edition, source_format])
    row = store.ledger(*edition, "fetch")
    if row is not None and row.input_hash == wanted and row.output_hash and shop.content.has(row.output_hash):
        return Outcome(*edition, "fetch", "done", fresh=False)
    try:
        arxiv_id = ArxivId.parse(edition.paper).with_version(edition.version)
        response = fetch_paper(shop.client, shop.settings.arxiv_content_url, arxiv_id, source_format)
    except FetchError as error:
        store.record_stage(*edition, "fetch", wanted, "", failure=(error.reason, str(error)))
        return Outcome(*edition, "fetch", "failed", error.reason, str(error))
    keep_content(shop, edition, response.content, response.media_type, source_format, wanted)
    return Outcome(*edition, "fetch", "done")


def keep_content(
    shop: Workshop, edition: Edition, data: bytes, media_type: str, source_format: str, wanted: str = ""
) -> str:
    """Put bytes into the content store and note them for the edition; returns their sha256."""
    sha = shop.content.put(data)
    keep_content_hash(shop, edition, sha, media_type, source_format, wanted)
    return sha


def keep_content_hash(
    shop: Workshop, edition: Edition, sha: str, media_type: str, source_format: str, wanted: str = ""
) -> None:
    """Note bytes that are in the content store already as those of the edition."""
    with shop.store.transaction():
        shop.store.save_version_content(*edition, sha, media_type, source_format)
        shop.store.record_stage(*edition, "fetch", wanted or digest([*edition, source_format]), "", output_hash=sha)


# --- read ------------------------------------------------------------------------------------------------------


def read_versions(shop: Workshop, editions: Sequence[Edition]) -> Iterator[Outcome]:
    """Read the fetched bytes of many editions in child processes; outcomes come as they are ready."""
    due: dict[Edition, str] = {}
    for edition in editions:
        row, fetched = shop.store.ledger(*edition, "read"), shop.store.ledger(*edition, "fetch")
        sha = fetched.output_hash if fetched is not None else None
        if sha is None:
            yield Outcome(*edition, "read", "failed", "no-content", "nothing was fetched")
        elif row is None or (row.input_hash, row.code_hash) != (sha, shop.code_hashes["read"]):
            due[edition] = sha
        elif row.failure_reason:
            yield Outcome(*edition, "read", "failed", row.failure_reason, row.failure_message or "", fresh=False)
        else:
            yield Outcome(*edition, "read", "done", fresh=False)
    pages = shop.settings.max_pages
    calls = (
        (edition, "vlmingest.read:read_document", (shop.content.get(sha), None, pages)) for edition, sha in due.items()
    )
    for edition, result in shop.readers.run(calls):
        yield keep_document(shop, cast("Edition", edition), due[cast("Edition", edition)], result)


def keep_document(shop: Workshop, edition: Edition, sha: str, result: object) -> Outcome:
    """Store what a reader process gave for the bytes `sha`: a Document, or the error as a failure of the ledger."""
    code = shop.code_hashes["read"]
    if isinstance(result, VlmIngestError):
        reason = getattr(result, "reason", "failed")
        # another limit of pages may be set by the next run
        final = isinstance(result, _FINAL_KINDS) and not isinstance(result, TooLargeDocumentError)
        shop.store.record_stage(*edition, "read", sha if final else "", code, failure=(reason, str(result)))
        return Outcome(*edition, "read", "failed", reason, str(result))
    document = cast("Document", result)
    with shop.store.transaction():
        output = shop.store.save_document(*edition, document)
        shop.store.record_stage(*edition, "read", sha, code, output_hash=output)
    return Outcome(*edition, "read", "done")


def cross_check(shop: Workshop, edition: Edition, source_format: Format) -> None:
    """Compare the document with another format of the same version; a disagreement becomes a finding of the document.

    Costs one request. A format that is missing or unreadable proves nothing.
    """
    from vlmingest.fetch import fetch_paper  # noqa: PLC0415 - httpx only where something is fetched

    document, row = shop.store.document(*edition), shop.store.ledger(*edition, "read")
    if document is None or row is None:
        return
    try:
        arxiv_id = ArxivId.parse(edition.paper).with_version(edition.version)
        response = fetch_paper(shop.client, shop.settings.arxiv_content_url, arxiv_id, source_format)
        target = "vlmingest.read.guard:cross_checked"
        checked = shop.readers.call(target, document, response.content, shop.settings.cross_check)
    except VlmIngestError:
        return
    if checked.findings != document.findings:
        with shop.store.transaction():
            output = shop.store.save_document(*edition, checked)
            shop.store.record_stage(*edition, "read", row.input_hash, row.code_hash, output_hash=output)


# --- extract ---------------------------------------------------------------------------------------------------


def extract_versions(shop: Workshop, editions: Sequence[Edition]) -> Iterator[Outcome]:
    """Candidates of many editions, in the child processes too: rules run over hostile text, limits hold there."""
    due: dict[Edition, str] = {}
    for edition in editions:
        read = shop.store.ledger(*edition, "read")
        paper, relevance = shop.store.paper_version(*edition), shop.store.relevance(edition.paper)
        source = digest(
            [
                read.output_hash if read else None,
                digest(paper) if paper else None,
                digest(relevance) if relevance else None,
                shop.settings.llm_model if shop.settings.llm_enabled else None,
            ]
        )
        row = shop.store.ledger(*edition, "extract")
        if row is None or (row.input_hash, row.code_hash) != (source, shop.code_hashes["extract"]):
            due[edition] = source
        elif row.failure_reason:
            yield Outcome(*edition, "extract", "failed", row.failure_reason, row.failure_message or "", fresh=False)
        else:
            yield Outcome(*edition, "extract", "done", fresh=False)
    for edition, result in shop.readers.run(_extract_calls(shop, due)):
        yield _keep_extraction(shop, cast("Edition", edition), due[cast("Edition", edition)], result)


def _extract_calls(shop: Workshop, due: Iterable[Edition]) -> Iterator[tuple[Edition, str, tuple[object, ...]]]:
    for edition in due:
        document = shop.store.document(*edition)
        paper, relevance = shop.store.paper_version(*edition), shop.store.relevance(edition.paper)
        yield edition, "vlmingest.api:examine", (document, paper, relevance)


def _keep_extraction(shop: Workshop, edition: Edition, source: str, result: object) -> Outcome:
    code = shop.code_hashes["extract"]
    if isinstance(result, VlmIngestError):
        reason = getattr(result, "reason", "failed")
        shop.store.record_stage(*edition, "extract", source, code, failure=(reason, str(result)))
        return Outcome(*edition, "extract", "failed", reason, str(result))
    candidates, relevance, findings = cast("tuple[list[Candidate], Relevance, list[Finding]]", result)
    second: list[Candidate] | None = None
    if shop.settings.llm_enabled:
        from vlmingest.second_reader import llm_reading  # noqa: PLC0415 - off by default

        second, doubts = llm_reading(shop, edition)
        findings = [*findings, *doubts]
        if any(doubt.code in ("llm-failed", "llm-budget") for doubt in doubts):
            source = ""  # the rules' record stands; the next run asks the second reader again
    output = digest([[digest(candidate) for candidate in candidates], digest(relevance), [f.message for f in findings]])
    with shop.store.transaction():
        shop.store.replace_candidates(*edition, "rules", candidates)
        if second is None:
            shop.store.drop_reading(*edition, "llm")
        else:
            shop.store.replace_candidates(*edition, "llm", second)
        shop.store.save_extraction(*edition, relevance, findings)
        shop.store.record_stage(*edition, "extract", source, code, output_hash=output)
    return Outcome(*edition, "extract", "done")


# --- settle ----------------------------------------------------------------------------------------------------


def settle_paper(shop: Workshop, paper_id: str) -> Outcome:
    """Record and review items from the machine layer, the human layer and the state of the paper."""
    store = shop.store
    paper = store.paper(paper_id)
    if paper is None:
        raise KeyError(paper_id)
    version = _settled_version(shop, paper)
    findings = list(_state_findings(shop, paper, version))
    candidates, relevance, extracted = _machine_layer(shop, paper_id, version)
    if relevance is None:
        relevance = store.relevance(paper_id) or score_paper(paper, shop.topic, shop.triage_recall)
    verdicts = store.verdicts(paper_id)
    earlier = [number for number in store.versions(paper_id) if version is not None and number < version]
    previous = _machine_record(shop, paper_id, max(earlier)) if earlier else None
    kin = kin_questions(store, paper) if _may_be_entry(relevance, verdicts) else []
    listed = ["listed"] if store.is_listed_by_hand(paper_id) else []
    source = digest(
        [
            digest(paper), version, digest(relevance), [digest(item) for item in candidates],
            [digest(item) for item in verdicts], [digest(item) for item in (*findings, *extracted)],
            digest(previous) if previous else None, [digest(item) for item in kin], *listed,
        ]
    )  # fmt: skip
    row = store.ledger(paper_id, paper.version, "settle")
    if row is not None and (row.input_hash, row.code_hash) == (source, shop.code_hashes["settle"]):
        return Outcome(paper_id, paper.version, "settle", "done", fresh=False)
    settled = settle(paper, relevance, candidates, verdicts, [*findings, *extracted], previous)
    kin = unanswered(kin, verdicts)
    asked = [item for item in settled.review_items if not (listed and item.reason is Reason.NEW_ENTRY)]
    settled = settled.model_copy(update={"review_items": (*asked, *kin)})
    with store.transaction():
        store.save_settled(paper_id, settled)
        store.record_stage(
            paper_id, paper.version, "settle", source, shop.code_hashes["settle"], output_hash=digest(settled.record)
        )
    return Outcome(paper_id, paper.version, "settle", "done")


def _may_be_entry(relevance: Relevance, verdicts: Sequence[Verdict]) -> bool:
    """Could the paper become an entry? Only then a copy of another one matters."""
    return relevance.label != "no" or any(verdict.field is None and verdict.action == "accept" for verdict in verdicts)


def _settled_version(shop: Workshop, paper: PaperMetadata) -> int | None:
    """The newest version that was read: a withdrawn or unreadable version leaves the one before it standing."""
    for version in sorted(shop.store.versions(paper.id), reverse=True):
        row = shop.store.ledger(paper.id, version, "extract")
        if row is not None and row.output_hash:
            return version
    return None


def _machine_layer(
    shop: Workshop, paper_id: str, version: int | None
) -> tuple[list[Candidate], Relevance | None, list[Finding]]:
    if version is None:
        return [], None, []
    relevance, findings = shop.store.extraction(paper_id, version)
    return shop.store.candidates(paper_id, version), relevance, findings


def _machine_record(shop: Workshop, paper_id: str, version: int) -> Record | None:
    """What the machine alone made of an earlier version; None where it was never read."""
    row = shop.store.ledger(paper_id, version, "extract")
    paper = shop.store.paper_version(paper_id, version)
    if row is None or not row.output_hash or paper is None:
        return None
    candidates, relevance, findings = _machine_layer(shop, paper_id, version)
    return settle(
        paper, relevance or score_paper(paper, shop.topic, shop.triage_recall), candidates, (), findings
    ).record


def _state_findings(shop: Workshop, paper: PaperMetadata, version: int | None) -> Iterator[Finding]:
    """What the ledger says of the newest version: withdrawn, unreadable, another document."""
    if paper.withdrawn:
        yield Finding(code=Reason.WITHDRAWN, message=paper.withdrawn_reason or "the authors withdrew the paper")
        return
    for stage in ("fetch", "read", "extract"):
        row = shop.store.ledger(paper.id, paper.version, stage)
        if row is not None and row.failure_reason and (stage != "fetch" or row.failure_reason == NotFoundError.reason):
            kept = "" if version is None else f"; the values are those of version {version}"
            yield Finding(
                code=Reason.UNREADABLE, message=f"{stage} failed: {row.failure_message or row.failure_reason}{kept}"
            )


# --- the whole way ---------------------------------------------------------------------------------------------


def due_editions(papers: Iterable[PaperMetadata]) -> Iterator[Edition]:
    """The newest version of each paper that can have a document."""
    for paper in papers:
        if not paper.withdrawn:
            yield Edition(paper.id, paper.version)


def stops_fetching(outcome: Outcome) -> bool:
    """The host has asked to stop: no further request to it in this run."""
    return outcome.state == "failed" and outcome.reason in _STOPS_FETCHING


def formats_of(text: str) -> list[Format]:
    """The order of formats to ask for; raises SettingError for a word that is none."""
    known: dict[str, Format] = {"pdf": "pdf", "html": "html", "latex": "latex"}
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or not all(name in known for name in names):
        raise SettingError("VLMINGEST_FORMATS", text, "pdf, html, latex in the order to ask for, separated by commas")
    return [known[name] for name in names]
