"""What the flows share: opening the workshop, running a step as a task, the two artifacts of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from vlmingest.commands.progress import progress
from vlmingest.jobs import Report
from vlmingest.report import report_markdown, stage_rows
from vlmingest.settings import load_settings
from vlmingest.workshop import Workshop

Result = TypeVar("Result")


def opened(db: Path | None) -> Workshop:
    """The workshop of the settings, with another database where one is named."""
    return Workshop.open(load_settings({"db": db}), progress())


def as_task(name: str, work: Callable[[], Result]) -> Result:
    """One step as one task run; our own ledger knows what is done, so nothing is cached and nothing retried here."""
    run: Callable[[], Result] = task(name=name, task_run_name=name, cache_policy=NO_CACHE, retries=0)(work)
    return run()


def publish_report(report: Report) -> None:
    """One Markdown artifact and one table per run; the database holds the same numbers."""
    create_markdown_artifact(report_markdown(report), key="run-report", description=f"{report.kind}: {report.status}")
    create_table_artifact(stage_rows(report), key="run-counts", description=f"{report.kind}: counts per stage")
