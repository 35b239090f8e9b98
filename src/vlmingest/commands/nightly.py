"""`nightly`, `add`, `backfill`, `reread`: the commands that run the pipeline."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vlmingest.commands.common import common, finish, settings_of
from vlmingest.commands.progress import progress
from vlmingest.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from vlmingest.jobs import Report
    from vlmingest.settings import Settings

DATE = click.DateTime(["%Y-%m-%d"])
engine_option = click.option(
    "--engine", type=click.Choice(["prefect", "local"]), default="prefect", help="local runs the same without Prefect."
)


def day(value: datetime | None) -> date | None:
    """The date of a --since or --until."""
    return value.date() if value else None


@click.command(epilog="Example: vlmingest nightly --engine local --since 2025-06-02 --until 2025-06-03")
@common
@click.option("--since", type=DATE, help="First day of the window; default: the watermark, with an overlap.")
@click.option("--until", type=DATE, help="Last day; default: today.")
@click.option("--max-papers", type=click.IntRange(0), help="Fetch at most so many new papers, best scores first.")
@engine_option
def nightly(
    db: Path | None,
    as_json: bool,
    since: datetime | None,
    until: datetime | None,
    max_papers: int | None,
    engine: str,
) -> None:
    """Find new papers, read them, extract their fields, settle records and queue; then report."""
    settings = settings_of(db)
    if since and until and since > until:
        raise UsageError("--since lies after --until")
    if engine == "prefect":
        from vlmingest.orchestrate import run_flow

        report = run_flow("nightly", settings, since=day(since), until=day(until), max_papers=max_papers)
    else:
        report = local_nightly(settings, day(since), day(until), max_papers)
    finish(report, settings.db, as_json=as_json)


def local_nightly(settings: Settings, since: date | None, until: date | None, max_papers: int | None) -> Report:
    """The nightly run in this process."""
    from vlmingest import jobs
    from vlmingest.sources import nightly_sources
    from vlmingest.workshop import Workshop

    with Workshop.open(settings, progress()) as shop:
        return jobs.nightly(shop, nightly_sources(shop), since, until, max_papers)


@click.command(epilog="Example: vlmingest add 2304.08485 https://arxiv.org/abs/2310.03744 papers/ --offline")
@common
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--offline", is_flag=True, help="Ask nobody for metadata; the files speak for themselves.")
def add(db: Path | None, as_json: bool, targets: tuple[str, ...], offline: bool) -> None:
    """Add papers and take them the whole way.

    TARGET: an arXiv id, URL or DOI; the http(s) URL of a PDF or HTML page; the path of a PDF, of LaTeX source
    (.tex, .tar.gz), of an HTML file, or of a folder of them.
    """
    from vlmingest.intake import add as take_in
    from vlmingest.workshop import Workshop

    settings = settings_of(db)
    with Workshop.open(settings, progress()) as shop:
        report = take_in(shop, targets, offline=offline)
    finish(report, settings.db, as_json=as_json)


@click.command(epilog="Example: vlmingest backfill --from 2025-01-01 --to 2025-03-31")
@common
@click.option("--from", "start", type=DATE, help="First day.")
@click.option("--to", "end", type=DATE, help="Last day.")
@click.option(
    "--ids", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file of arXiv ids, one a line."
)
@click.option(
    "--snapshot",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Metadata lines: .jsonl, .jsonl.gz or .jsonl.xz.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Reader processes.")
@click.option("--runner", type=click.Choice(["local"]), default="local", help="Where the reading is done.")
@click.option("--max-papers", type=click.IntRange(0), help="Fetch at most so many new papers in this run.")
def backfill(
    db: Path | None,
    as_json: bool,
    start: datetime | None,
    end: datetime | None,
    ids: Path | None,
    snapshot: Path | None,
    workers: int | None,
    runner: str,
    max_papers: int | None,
) -> None:
    """The same for the past: a span of dates, a file of ids, or a file of metadata."""
    del runner
    from vlmingest import jobs
    from vlmingest.sources import FirstFilter, papers_of
    from vlmingest.workshop import Workshop

    if sum(1 for given in (start or end, ids, snapshot) if given) != 1 or bool(start) != bool(end):
        raise UsageError("name one of: --from DATE with --to DATE, --ids FILE, --snapshot FILE")
    if start and end and start > end:
        raise UsageError("--from lies after --to")
    settings = settings_of(db, workers=workers)
    with Workshop.open(settings, progress()) as shop:
        first_filter = FirstFilter(shop.topic)
        papers = papers_of(shop, day(start), day(end), ids, snapshot, first_filter)
        report = jobs.backfill(shop, papers, cap=max_papers)
        report.off_topic = first_filter.dropped
    finish(report, settings.db, as_json=as_json)


@click.command(epilog="Example: vlmingest reread 2506.90001")
@common
@click.argument("papers", nargs=-1, metavar="[PAPER...]")
def reread(db: Path | None, as_json: bool, papers: tuple[str, ...]) -> None:
    """Run the present rules over stored papers again, after the program or its rules changed; fetches nothing twice."""
    from vlmingest import jobs
    from vlmingest.workshop import Workshop

    settings = settings_of(db)
    with Workshop.open(settings, progress()) as shop:
        report = jobs.reread(shop, papers)
    finish(report, settings.db, as_json=as_json)
