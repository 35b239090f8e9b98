"""Candidates + human verdicts -> record + review items. Pure; the same input gives the same bytes; a human always wins.

Layers: `merge` turns candidates into one value per (field, key) with a combined confidence; `verdicts` lays the human
layer over them; `build` writes the record; `questions` says what a person should look at.
"""

from __future__ import annotations

from collections.abc import Sequence

from vlmingest.document import Finding
from vlmingest.records import Candidate, PaperMetadata, Record, Relevance, Settled, Verdict
from vlmingest.settle.bands import ARCHITECTURE_FIELDS, band_of
from vlmingest.settle.build import build_record
from vlmingest.settle.merge import MergedValue, merge_candidates
from vlmingest.settle.questions import review_items
from vlmingest.settle.verdicts import apply_verdicts, check_verdict, effective_verdicts, judged_relevance

__all__ = ["ARCHITECTURE_FIELDS", "MergedValue", "band_of", "check_verdict", "effective_verdicts", "settle"]


def settle(
    paper: PaperMetadata,
    relevance: Relevance,
    candidates: Sequence[Candidate],
    verdicts: Sequence[Verdict],
    findings: Sequence[Finding],
    previous: Record | None = None,
) -> Settled:
    """The record of one paper, and the questions left.

    `verdicts` in the order in which they were given: of one (field, key) the latest that is not undone counts; those of
    other papers are passed over. `previous` is the record as last settled (of an older version or by an older reader):
    what changed since becomes a question with both quotes. Order of `candidates` does not matter.
    """
    own = effective_verdicts(paper.id, verdicts)
    relevance = judged_relevance(relevance, own)
    merged = merge_candidates(candidates, relevance)
    values = apply_verdicts(merged, own, previous)
    record = build_record(paper, relevance, values)
    items = review_items(record, values, own, findings, previous)
    return Settled(record=record, review_items=tuple(items))
