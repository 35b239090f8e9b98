"""The publish flow: every export of the catalogue into one folder."""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from flows.assembly import as_task, opened
from vlmingest.publishing import publish_all


@flow(name="publish", flow_run_name="publish")
def publish(db: str | None = None, out: str = "published") -> list[str]:
    """Write all formats below `out`; returns the file names."""
    with opened(Path(db) if db else None) as shop:
        return as_task("publish", lambda: publish_all(shop.store, Path(out), settings=shop.settings))
