"""`demo`: the whole product on sample papers, offline."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vlmingest.commands.nightly import engine_option
from vlmingest.commands.progress import progress

if TYPE_CHECKING:
    from vlmingest.jobs import Report


@click.command(epilog="Example: vlmingest demo --out vlmingest-demo --engine local")
@click.option("--out", type=click.Path(path_type=Path), default=Path("vlmingest-demo"), help="Where everything goes.")
@engine_option
def demo(out: Path, engine: str) -> None:
    """Several nights on sample papers, against a local replica of arXiv: a new version and a withdrawn paper included."""
    from vlmingest import demo as main_job
    from vlmingest.publishing import publish_all
    from vlmingest.store import Store

    with main_job.sample_arxiv() as replica:
        settings = main_job.demo_settings(out, replica.base_url)
        click.echo(
            f"A replica of arXiv with invented sample papers runs on {replica.base_url} until this command ends."
        )
        if engine == "prefect":
            click.echo("Prefect starts its own server for the first night; that takes some seconds.")
        reports = main_job.run_nights(settings, replica, engine, progress(), _tell)
    with Store.open(settings.db) as store:
        records = list(store.records())
        names = publish_all(store, out / "catalogue", settings=settings)
        waiting = store.open_item_count()
    if all(report.is_quiet for report in reports):
        click.echo("Nothing is new: everything that the source lists is in the database already.")
    models = [record for record in records if record.relevance.label == "model"]
    click.echo("")
    click.echo(f"{len(records)} papers were read, {len(models)} of them propose a model:")
    for record in models[:6]:
        encoders = ", ".join(item.name for item in record.architecture.vision_encoders) or "no vision encoder"
        backbones = ", ".join(item.name for item in record.architecture.language_models) or "no language model"
        click.echo(f"  {record.model.name or record.paper.title[:40]:<22} {encoders} + {backbones}")
    click.echo("")
    click.echo(f"database    {settings.db}")
    published = out / "catalogue"
    click.echo(f"catalogue   {published} ({len(names)} files: JSON, CSV, BibTeX, Atom, Markdown in markdown/README.md)")
    click.echo(f"site        {published / 'site' / 'index.html'} (open it in a browser)")
    click.echo(f"queue       {waiting} questions wait for a reviewer")
    click.echo("")
    # from `make run` the command is in .venv/bin, not on the PATH
    started = Path(sys.argv[0])
    command = started if started.name == "vlmingest" and not shutil.which("vlmingest") else "vlmingest"
    click.echo(f"Next: {command} review list --db {settings.db}")


def _tell(day: date, report: Report) -> None:
    news = [
        f"{len(ids)} {word}"
        for ids, word in (
            (report.new_papers, "new papers"),
            (report.new_versions, "new versions"),
            (report.withdrawn, "withdrawn"),
            (report.processed, "records made or changed"),
        )
        if ids
    ]
    click.echo(f"night of {day}: {', '.join(news) or 'nothing is new'}; {report.requests} requests")
    for failure in report.failures:
        click.echo(f"  ! {failure.message}")
