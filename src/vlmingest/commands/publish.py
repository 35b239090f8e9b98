"""`export`, `compare`, `figure`, `pull-request`: the published catalogue."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from vlmingest.commands.common import common, emit_json, open_store, plain, settings_of
from vlmingest.commands.nightly import DATE
from vlmingest.errors import UsageError

KINDS = ["json", "jsonl", "csv", "markdown", "list", "bibtex", "atom", "site", "figures", "all", "schema"]


@click.command(epilog="Example: vlmingest export markdown --out catalogue")
@common
@click.argument("kind", type=click.Choice(KINDS))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="A file; a folder for markdown, site, figures, all."
)
@click.option(
    "--as-of", type=DATE, help="As the catalogue was known on this day: later versions and verdicts left out."
)
@click.option(
    "--provenance/--no-provenance",
    default=None,
    help="Write what the export was made from beside it (provenance.json); on, but for a list.",
)
@click.option(
    "--side-files",
    type=click.Path(file_okay=False, path_type=Path),
    help="For a list: the folder where its figure manifest and CREDITS.md go.",
)
def export(
    db: Path | None,
    as_json: bool,
    kind: str,
    out: Path,
    as_of: datetime | None,
    provenance: bool | None,
    side_files: Path | None,
) -> None:
    """Write the catalogue. The same database gives the same bytes; "-" as --out prints a one-file format."""
    from vlmingest import publishing

    day = as_of.date().isoformat() if as_of else None
    if kind == "schema":
        from vlmingest.catalogue import schema_bytes
        from vlmingest.files import write_out

        write_out(out, schema_bytes())
        click.echo(f"wrote {out}")
        return
    manifest = kind != "list" if provenance is None else provenance
    if kind == "list" and str(out) != "-" and day is None and not manifest:
        from vlmingest.commands.lists import write_list

        write_list(settings_of(db), out, side_files, as_json=as_json)
        return
    if kind == "list" and day is not None:
        click.echo("note: a list has no past in the database: it is written as it stands today", err=True)
    with open_store(db) as store:
        if kind not in publishing.ONE_FILE:
            if kind == "markdown":
                names = publishing.write_folder(store, kind, out, day, manifest=manifest)
            else:
                names = publishing.write_with_figures(settings_of(db), store, kind, out, day, manifest=manifest)
        elif str(out) == "-":
            sys.stdout.buffer.write(publishing.export_file(store, kind, day))
            return
        else:
            names = publishing.write_file(store, kind, out, day, manifest=manifest)
    if as_json:
        emit_json({"out": str(out), "files": names})
    else:
        click.echo(f"wrote {len(names)} {'file' if len(names) == 1 else 'files'} to {out}")


@click.command(epilog="Example: vlmingest figure 2506.90001 --out figure.png")
@common
@click.argument("paper")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to copy the PNG; default: only say where it is kept."
)
def figure(db: Path | None, as_json: bool, paper: str, out: Path | None) -> None:
    """The architecture figure of a paper: cut out, with caption, credit and licence. For you, not for publishing."""
    from vlmingest import figures
    from vlmingest.catalogue.figures import may_publish, notice_text
    from vlmingest.errors import UnknownItemError
    from vlmingest.files import write_out

    settings = settings_of(db)
    with open_store(db) as store:
        record = store.record(paper)
        if record is None:
            raise UnknownItemError("record of", paper, "see: vlmingest compare --fields id,name")
        row = figures.cut_one(settings, store, record, list(store.entries()))
    choice, path = row.choice, row.path
    if out is not None and path is not None:
        write_out(out, path.read_bytes())
        path = out
    exported = may_publish(settings.figures, row.licence)
    if as_json:
        facts = {**choice._asdict(), "file": str(path), "credit": row.credit, "licence": row.licence.id}
        emit_json({**facts, "notice": notice_text(row.licence), "exported": exported})
        return
    click.echo(f"file     {path}")
    click.echo(
        f"figure   {plain(choice.number)} on page {choice.page}, cut by {choice.by}: {[round(x, 1) for x in choice.box]}"
    )
    click.echo(f"caption  {plain(choice.caption)}")
    click.echo(f"credit   {plain(row.credit)}")
    click.echo(
        f"licence  {row.licence.name}; {'exported' if exported else 'not exported'} (VLMINGEST_FIGURES={settings.figures})"
    )


@click.command(epilog="Example: vlmingest compare --fields name,vision_encoders,connectors --format markdown")
@common
@click.option(
    "--fields", default="", help='Columns, separated by commas; "all" for every one; default: the usual ones.'
)
@click.option("--format", "kind", type=click.Choice(["markdown", "html", "csv"]), default="markdown")
@click.option("--as-of", type=DATE, help="As the catalogue was known on this day.")
@click.argument("papers", nargs=-1)
def compare(
    db: Path | None, as_json: bool, fields: str, kind: str, as_of: datetime | None, papers: tuple[str, ...]
) -> None:
    """A table of records, one a row, with the columns you name. PAPERS: ids or names of models; none means all."""
    from vlmingest import catalogue
    from vlmingest.catalogue.fields import COLUMNS, COMPARISON
    from vlmingest.publishing import published_records

    columns = tuple(name.strip() for name in fields.split(",") if name.strip()) or COMPARISON
    if columns == ("all",):
        columns = tuple(COLUMNS)
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown:
        raise UsageError(f"no field {', '.join(unknown)}; there are: {', '.join(COLUMNS)}")
    with open_store(db) as store:
        found = published_records(store, as_of.date().isoformat() if as_of else None)
    records = catalogue.chosen(found, papers)
    if as_json:
        emit_json(catalogue.comparison_rows(records, columns))
    elif kind == "csv":
        sys.stdout.buffer.write(catalogue.export_csv(records, columns))
    else:
        make = catalogue.comparison_markdown if kind == "markdown" else catalogue.comparison_html
        click.echo(make(records, columns), nl=False)


@click.command("pull-request", epilog="Example: vlmingest pull-request report.json --lint lint.json --out body.md")
@common
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--lint", "findings", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="From lint --json."
)
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it; default: print it.")
def pull_request(db: Path | None, as_json: bool, report: Path, findings: Path | None, out: Path | None) -> None:
    """The body of a pull request from the REPORT of `nightly --json`: new models, questions, failures."""
    import json

    from vlmingest.files import write_out
    from vlmingest.proposal import proposal

    def read(path: Path, kind: type) -> Any:
        try:
            value = json.loads(path.read_bytes() or b"null")
        except ValueError as error:
            raise UsageError(f"{path} holds no JSON: {error}") from error
        if not isinstance(value, kind):
            raise UsageError(f"{path} is not what --json of the command writes")
        return value

    told = read(report, dict)
    with open_store(db) as store:
        body = proposal(store, told, read(findings, list) if findings else ())
    if out is not None:
        write_out(out, body.encode())
    if as_json:
        emit_json({"body": body, "out": str(out) if out else None})
    elif out is None:
        click.echo(body, nl=False)
