"""The nightly flow: discover, then every due paper the whole way; one report as artifacts.

Assembly only: each task is one call of a job step. The date window comes from our own watermark, never from the
scheduled time, so late or doubled runs find nothing to do. Retries belong to the HTTP client, which knows Retry-After.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from prefect import flow

from flows.assembly import as_task, opened, publish_report
from vlmingest import jobs
from vlmingest.sources import nightly_sources


@flow(name="nightly", flow_run_name="nightly", validate_parameters=True)
def nightly(
    db: str | None = None, since: date | None = None, until: date | None = None, max_papers: int | None = None
) -> jobs.Report:
    """Find new papers and take them from metadata to record and review queue."""
    with opened(Path(db) if db else None) as shop:
        report = jobs.nightly(shop, nightly_sources(shop), since, until, max_papers, step=as_task)
    publish_report(report)
    return report
