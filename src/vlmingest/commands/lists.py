"""`import-list`, `lint`: a Markdown list that people keep by hand."""

from __future__ import annotations

from pathlib import Path

import click

from vlmingest.commands.common import common, emit_json, settings_of


@click.command("import-list", epilog="Example: vlmingest import-list README.md --manifest assets/manifest.json")
@common
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The figure manifest.")
def import_list(db: Path | None, as_json: bool, file: Path, manifest: Path | None) -> None:
    """Take over an existing Markdown list without losing a byte."""
    from vlmingest.listing import take_over
    from vlmingest.store import Store

    settings = settings_of(db)
    with Store.open(settings.db, create=True) as store:
        summary = take_over(store, file.read_bytes(), manifest.read_bytes() if manifest else None)
    if as_json:
        emit_json(summary)
        return
    click.echo(f"{file}: {summary['entries']} entries, {summary['figures']} figures, {summary['bytes']} bytes kept")
    click.echo("Next: vlmingest export list --out README.md writes the same bytes; vlmingest lint checks the list")


@click.command(epilog="Example: vlmingest lint README.md")
@common
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def lint(db: Path | None, as_json: bool, file: Path) -> None:
    """Check a Markdown list: badges, papers, dates, order, duplicates, anchors, prose."""
    from vlmingest.listing import check_list, known_titles

    findings = check_list(file.read_bytes(), known_titles(settings_of(db).db))
    if as_json:
        emit_json(findings)
    else:
        for finding in findings:
            click.echo(f"{file}:{finding['line']}: {finding['rule']}: {finding['message']}")
        click.echo(f"{len(findings)} findings")
    if findings:
        raise click.exceptions.Exit(1)
