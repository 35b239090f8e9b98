"""`replica`: a local replica of arXiv's services."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from vlmingest.commands.nightly import DATE, day


@click.command(epilog="Example: vlmingest replica --corpus papers/ --port 8080 --faults '429:every=5,retry-after=2'")
@click.option(
    "--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Default: the sample papers."
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free port.")
@click.option("--tonight", type=DATE, help="Serve what was announced up to this day.")
@click.option("--faults", default="", help="Faults to inject, see docs/replica.md.")
def replica(corpus: Path | None, port: int, tonight: datetime | None, faults: str) -> None:
    """Serve arXiv's API, /abs, /pdf, /html and /e-print from a folder, on loopback only."""
    from vlmingest.replica import run_replica
    from vlmingest.resources import package_folder

    run_replica(corpus or package_folder("sample"), port=port, faults=faults, tonight=day(tonight))
