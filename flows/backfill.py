"""The backfill flow: the same stages for papers of the past."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from prefect import flow

from flows.assembly import as_task, opened, publish_report
from vlmingest import jobs
from vlmingest.sources import papers_of


@flow(name="backfill", flow_run_name="backfill")
def backfill(
    db: str | None = None,
    start: date | None = None,
    end: date | None = None,
    ids: Path | None = None,
    snapshot: Path | None = None,
    max_papers: int | None = None,
) -> jobs.Report:
    """Papers of a span of dates, of a file of ids or of a snapshot of metadata."""
    with opened(Path(db) if db else None) as shop:
        report = jobs.backfill(shop, papers_of(shop, start, end, ids, snapshot), cap=max_papers, step=as_task)
    publish_report(report)
    return report
