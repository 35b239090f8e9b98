"""What all commands share: --db and --json, settings, the open database, output."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vlmingest.settings import Settings, load_settings

if TYPE_CHECKING:
    from vlmingest.jobs import Report
    from vlmingest.store import Store

Command = TypeVar("Command", bound=Callable[..., Any])


def common(command: Command) -> Command:
    """Add --db and --json."""
    command = click.option("--json", "as_json", is_flag=True, help="Print machine-readable results.")(command)
    return click.option(
        "--db", type=click.Path(path_type=Path), default=None, help="The database (setting VLMINGEST_DB)."
    )(command)


def settings_of(db: Path | None, **overrides: object) -> Settings:
    """Settings with the command line on top."""
    return load_settings({"db": db, **overrides})


def open_store(db: Path | None, *, read_only: bool = True) -> Store:
    """The existing database, for a command that only looks or reviews; raises NoDatabaseError."""
    from vlmingest.store import Store

    return Store.open(settings_of(db).db, read_only=read_only)


def emit_json(value: object) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def plain(text: object) -> str:
    """Foreign text for a terminal: control characters (escape sequences) made visible as spaces."""
    return "".join(ch if ch.isprintable() else " " for ch in str(text))


def finish(report: Report, db: Path, *, as_json: bool) -> None:
    """Print a run's report and end with its exit code."""
    from vlmingest.report import report_json, report_text

    if as_json:
        emit_json(report_json(report))
    else:
        click.echo(report_text(report, str(db)))
    if report.exit_code:
        raise click.exceptions.Exit(report.exit_code)
