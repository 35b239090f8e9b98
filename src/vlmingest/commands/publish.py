"""`export`, `compare`: the published catalogue."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from vlmingest.commands.common import common, emit_json, open_store
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
