"""`export`, `import-list`, `lint`, `compare`: the published catalogue."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from vlmingest.commands.common import common, emit_json, open_store, settings_of
from vlmingest.commands.nightly import DATE
from vlmingest.errors import UsageError

KINDS = ["json", "jsonl", "csv", "markdown", "list", "bibtex", "atom", "site", "all", "schema"]


@click.command(epilog="Example: vlmingest export markdown --out catalogue")
@common
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A file; a folder for markdown, site, all.")
@click.option("--as-of", type=DATE, help="As the catalogue was known on this day.")
def export(db: Path | None, as_json: bool, kind: str, out: Path, as_of: datetime | None) -> None:
    """Write the catalogue. The same database gives the same bytes; "-" as --out prints a one-file format."""
    from vlmingest import publishing
    from vlmingest.files import write_out, write_tree

    day = as_of.date().isoformat() if as_of else None
    if kind == "schema":
        from vlmingest.catalogue import schema_bytes

        write_out(out, schema_bytes())
        click.echo(f"wrote {out}")
        return
    with open_store(db) as store:
        if kind == "all":
            names = publishing.publish_all(store, out, day)
        elif kind in publishing.FOLDERS:
            files = publishing.export_folder(store, kind, day)
            write_tree(out, files)
            names = sorted(files)
        else:
            data = publishing.export_file(store, kind, day)
            if str(out) == "-":
                sys.stdout.buffer.write(data)
                return
            write_out(out, data)
            names = [out.name]
    if as_json:
        emit_json({"out": str(out), "files": names})
    else:
        click.echo(f"wrote {len(names)} {'file' if len(names) == 1 else 'files'} to {out}")


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


@click.command(epilog="Example: vlmingest compare --fields name,vision_encoders,connectors --format markdown")
@common
@click.option("--fields", default="", help="Columns, separated by commas; default: the usual ones.")
@click.option("--format", "kind", type=click.Choice(["markdown", "html", "csv"]), default="markdown")
@click.argument("papers", nargs=-1)
def compare(db: Path | None, as_json: bool, fields: str, kind: str, papers: tuple[str, ...]) -> None:
    """A table of records, one a row, with the columns you name."""
    del as_json
    from vlmingest import catalogue
    from vlmingest.catalogue.fields import COLUMNS, COMPARISON
    from vlmingest.publishing import published_records

    with open_store(db) as store:
        records = [record for record in published_records(store) if not papers or record.paper.id in papers]
    columns = tuple(name.strip() for name in fields.split(",") if name.strip()) or COMPARISON
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown:
        raise UsageError(f"no field {', '.join(unknown)}; there are: {', '.join(COLUMNS)}")
    if kind == "csv":
        sys.stdout.buffer.write(catalogue.export_csv(records, columns))
    else:
        make = catalogue.comparison_markdown if kind == "markdown" else catalogue.comparison_html
        click.echo(make(records, columns))
