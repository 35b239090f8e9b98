"""The reread flow: present rules over stored papers, after the program or its rules changed."""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from flows.assembly import as_task, opened, publish_report
from vlmingest import jobs


@flow(name="reread", flow_run_name="reread")
def reread(db: str | None = None, papers: list[str] | None = None) -> jobs.Report:
    """Read and extract stored content again; nothing is fetched twice."""
    with opened(Path(db) if db else None) as shop:
        report = jobs.reread(shop, papers or (), step=as_task)
    publish_report(report)
    return report
