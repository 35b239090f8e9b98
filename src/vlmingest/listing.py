"""The published list and the database: taking a list over, checking one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from vlmingest import catalogue
from vlmingest.publishing import LIST_NAME
from vlmingest.store import Store


def take_over(store: Store, data: bytes, manifest: bytes | None) -> dict[str, Any]:
    """Keep every byte of a list and its entries; returns counts and the import report."""
    document = catalogue.parse_list(data)
    entries = catalogue.entries_of(document, manifest)
    report = catalogue.import_report(document, entries)
    assert catalogue.render_list(document) == data
    assert report.bytes_unaccounted == 0
    with store.transaction():
        text = manifest.decode("utf-8", "replace") if manifest else "{}"
        store.save_list(LIST_NAME, data, text, hashlib.sha256(data).hexdigest())
        store.save_entries(entries)
    return {
        "entries": len(entries),
        "figures": report.with_figure,
        "dated": report.dated,
        "bytes": len(data),
        "report": report.model_dump(),
    }


def check_list(data: bytes, titles: dict[str, str]) -> list[dict[str, Any]]:
    """Findings of the linter as plain data."""
    return [finding.model_dump() for finding in catalogue.lint_list(catalogue.parse_list(data), titles)]


def known_titles(db: Path) -> dict[str, str]:
    """Titles of the papers that the database knows, to check what stands behind a badge; none without a database."""
    if not db.exists():
        return {}
    with Store.open(db, read_only=True) as store:
        papers = [store.paper(paper_id) for paper_id in store.paper_ids()]
    return {paper.arxiv_id: paper.title for paper in papers if paper is not None and paper.arxiv_id}
