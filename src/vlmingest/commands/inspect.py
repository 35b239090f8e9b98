"""`read`, `search`, `show`, `blame`: looking at documents, metadata and records."""

from __future__ import annotations

import json
from pathlib import Path

import click

from vlmingest.commands.common import common, emit_json, open_store, plain, settings_of
from vlmingest.errors import UnknownItemError, UsageError


@click.command(epilog="Example: vlmingest read paper.pdf --out paper.json")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON there.")
@click.option("--json", "as_json", is_flag=True, help="JSON is what this command prints anyway.")
def read(file: Path, out: Path | None, as_json: bool) -> None:
    """One document as JSON, without a database: text, sections, references, tables, figures, links."""
    del as_json
    from vlmingest.files import write_out
    from vlmingest.isolate import Worker
    from vlmingest.views import document_json

    settings = settings_of(None)
    memory, cpu_s, wall_s = settings.reader_memory_mib, settings.reader_cpu_s, settings.reader_wall_s
    with Worker(memory_mib=memory, cpu_s=cpu_s, wall_s=wall_s) as worker:
        document = worker.call("vlmingest.read:read_document", file.read_bytes(), None, settings.max_pages)
    text = json.dumps(document_json(document), ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
        return
    write_out(out, (text + "\n").encode("utf-8", "surrogatepass"))
    pages = f"{len(document.pages)} pages, " if document.pages else ""
    click.echo(
        f"{file}: {pages}{len(document.sections)} sections, {len(document.tables)} tables, "
        f"{len(document.figures)} figures -> {out}"
    )


@click.command(epilog='Example: vlmingest search "pixel shuffle" --limit 5')
@common
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 1000), default=20)
def search(db: Path | None, as_json: bool, query: str, limit: int) -> None:
    """Full-text search over titles, abstracts and the text of papers."""
    with open_store(db) as store:
        hits = store.search(query, limit)
    if as_json:
        emit_json(hits)
        return
    for hit in hits:
        click.echo(f"{hit['paper_id']:16} {plain(hit['title'])}\n{'':16} {plain(hit['snippet'])}")
    click.echo(f"{len(hits)} papers")


@click.command(epilog="Example: vlmingest show 2506.90001")
@common
@click.argument("paper")
def show(db: Path | None, as_json: bool, paper: str) -> None:
    """One record, each value with the sentence that proves it."""
    from vlmingest.catalogue import model_page

    with open_store(db) as store:
        record = store.record(_paper_id(paper))
    if record is None:
        raise UnknownItemError("record", paper, "see vlmingest export csv --out - for all")
    if as_json:
        emit_json(record.model_dump(mode="json"))
    else:
        click.echo(model_page(record))


@click.command(epilog="Example: vlmingest blame 2506.90001 architecture.vision_encoder")
@common
@click.argument("entry")
@click.argument("field")
def blame(db: Path | None, as_json: bool, entry: str, field: str) -> None:
    """Where a value came from: every candidate with rule and quote, and every verdict."""
    from vlmingest.listing import LIST_PARTS
    from vlmingest.records import FieldName

    if field in LIST_PARTS:
        _blame_list(db, entry, field, as_json=as_json)
        return
    names = [name.value for name in FieldName if field in (name.value, name.value.split(".")[-1], name.value + "s")]
    if not names:
        known = [name.value for name in FieldName]
        raise UsageError(f"no field {field!r}; there are: {', '.join(known)}; of the list: {', '.join(LIST_PARTS)}")
    with open_store(db) as store:
        paper = _paper_of(store, entry)
        candidates = [item for item in store.candidates(paper) if item.field in names]
        verdicts = [item for item in store.verdicts(paper) if item.field in names]
    if as_json:
        emit_json(
            {
                "paper": paper,
                "candidates": [item.model_dump(mode="json") for item in candidates],
                "verdicts": [item.model_dump(mode="json") for item in verdicts],
            }
        )
        return
    for item in sorted(candidates, key=lambda one: -one.confidence):
        click.echo(f"{item.confidence:.2f} {item.role:17} {plain(item.value)}   [{item.reader}]")
        for proof in item.evidence:
            where = f"p. {proof.page}" if proof.page else proof.source
            click.echo(f'     {where}, {plain(proof.section or "no section")}: "{plain(proof.quote)}"')
    for verdict in verdicts:
        undone = " (undone)" if verdict.undone else ""
        click.echo(f"{verdict.at} {plain(verdict.by)}: {verdict.action} {plain(verdict.value or verdict.key)}{undone}")
    click.echo(f"{len(candidates)} candidates, {len(verdicts)} verdicts")


def _blame_list(db: Path | None, entry: str, part: str, *, as_json: bool) -> None:
    """A part of an entry of the list: what it says, why, and the edits by hand."""
    from vlmingest.listing import part_history

    with open_store(db) as store:
        found = part_history(store, entry, part)
    if as_json:
        emit_json(found)
        return
    click.echo(f"{plain(found['entry'])} {part}: {plain(found['value'])}")
    if found["why"]:
        click.echo(plain(found["why"]))
    for edit in found["edits"]:
        click.echo(f"{edit['at']} by hand: {plain(edit['before'])[:200]!r} -> {plain(edit['after'])[:200]!r}")
    click.echo(f"{len(found['edits'])} edits by hand")


def _paper_id(text: str) -> str:
    from vlmingest.errors import InvalidArxivIdError
    from vlmingest.ids import ArxivId

    try:
        return ArxivId.parse(text).base
    except InvalidArxivIdError:
        return text


def _paper_of(store: object, entry: str) -> str:
    """A paper by its id, or by the name of an entry or model."""
    from vlmingest.store import Store

    assert isinstance(store, Store)
    paper = _paper_id(entry)
    if store.paper(paper) is not None:
        return paper
    folded = entry.casefold()
    for item in store.entries():
        if item.name.casefold() == folded and item.papers:
            return _paper_id(item.papers[0])
    for record in store.records():
        if record.model.name and record.model.name.casefold() == folded:
            return record.paper.id
    raise UnknownItemError("entry or paper", entry, "see vlmingest export csv --out - for all")
