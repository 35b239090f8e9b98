"""Records as they were known on a day: versions that had appeared, verdicts that had been given and not yet undone.

The human layer and the versions of papers carry dates and are honoured; the machine layer is what the present readers
make of those versions, since a rerun replaces it as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from vlmingest.document import Finding
from vlmingest.records import Candidate, Entry, Record, Relevance
from vlmingest.settle import settle
from vlmingest.store import Store
from vlmingest.triage import score_paper


def records_on(store: Store, day: str) -> Iterator[Record]:
    """The records of `day` (an ISO date, inclusive), by paper id; papers that were never settled are left out."""
    for paper_id in store.paper_ids():
        if store.record_exists(paper_id) and (record := record_on(store, paper_id, day)) is not None:
            yield record


def record_on(store: Store, paper_id: str, day: str) -> Record | None:
    """One paper's record on `day`; None where no version was known yet."""
    known = store.versions_on(paper_id, day)
    paper = store.paper_version(paper_id, known[-1]) if known else None
    if paper is None:
        return None
    read = [version for version in known if _was_read(store, paper_id, version)]
    candidates, relevance, findings = _machine_layer(store, paper_id, read[-1] if read else None)
    relevance = relevance or store.relevance(paper_id) or score_paper(paper)
    previous = _machine_record(store, paper_id, read[-2]) if len(read) > 1 else None
    return settle(paper, relevance, candidates, store.verdicts(paper_id, as_of=day), findings, previous).record


def entries_on(entries: list[Entry], records: list[Record], day: str) -> list[Entry]:
    """Entries that could stand in the list on `day`: released by then, or with a paper that was known by then."""
    known = {key for record in records for key in (record.paper.id, record.paper.arxiv_id)}
    kept = []
    for entry in entries:
        if entry.released is not None:
            if entry.released.date <= day:
                kept.append(entry)
        elif not entry.papers or known.intersection(entry.papers):
            kept.append(entry)
    return kept


def _was_read(store: Store, paper_id: str, version: int) -> bool:
    row = store.ledger(paper_id, version, "extract")
    return row is not None and bool(row.output_hash)


def _machine_layer(
    store: Store, paper_id: str, version: int | None
) -> tuple[list[Candidate], Relevance | None, list[Finding]]:
    if version is None:
        return [], None, []
    relevance, findings = store.extraction(paper_id, version)
    return store.candidates(paper_id, version), relevance, findings


def _machine_record(store: Store, paper_id: str, version: int) -> Record | None:
    paper = store.paper_version(paper_id, version)
    if paper is None:
        return None
    candidates, relevance, findings = _machine_layer(store, paper_id, version)
    return settle(paper, relevance or score_paper(paper), candidates, (), findings).record
