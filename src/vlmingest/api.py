"""The pure door: bytes -> Document -> record. No I/O, no settings, no state."""

from __future__ import annotations

from collections.abc import Sequence

from vlmingest.document import Document, Finding
from vlmingest.extract import extract_candidates
from vlmingest.read import read_document
from vlmingest.read.guard import check_identity, looks_like_paper
from vlmingest.records import Candidate, Extraction, PaperMetadata, Relevance, Verdict
from vlmingest.settle import settle

__all__ = ["examine", "extract_record", "read_document"]


def extract_record(
    document: Document,
    paper: PaperMetadata | None = None,
    relevance: Relevance | None = None,
    verdicts: Sequence[Verdict] = (),
) -> Extraction:
    """Candidates of all fields from one Document, settled into a record; the same input gives the same bytes.

    `paper` defaults to what the file says of itself. Raises nothing for odd text: doubts are `findings`.
    """
    candidates, relevance, findings = extract_candidates(document, paper, relevance)
    metadata = (
        paper
        if paper is not None
        else PaperMetadata(
            id=document.stamp.arxiv_id if document.stamp else f"local:{document.sha256[:16]}",
            arxiv_id=document.stamp.arxiv_id if document.stamp else None,
            version=(document.stamp.version if document.stamp else None) or 1,
            title=document.title,
            authors=document.authors,
            source="file",
        )
    )
    settled = settle(metadata, relevance, candidates, verdicts, findings)
    return Extraction(record=settled.record, candidates=tuple(candidates), findings=tuple(findings))


def examine(
    document: Document, paper: PaperMetadata | None, relevance: Relevance | None
) -> tuple[list[Candidate], Relevance, list[Finding]]:
    """What the pipeline runs in a child process: the candidates, and whether this is the paper's own text at all."""
    candidates, relevance, findings = extract_candidates(document, paper, relevance)
    guard = check_identity(document, paper) if paper is not None and paper.abstract else looks_like_paper(document)
    return candidates, relevance, [*document.findings, *guard, *findings]
