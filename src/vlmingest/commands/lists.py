"""`import-list`, `draft`, `lint`, `links`: a Markdown list that people keep by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vlmingest.commands.common import common, emit_json, open_store, plain, settings_of

if TYPE_CHECKING:
    from vlmingest.catalogue.lists.edits import ListEdit
    from vlmingest.catalogue.prose import Prose
    from vlmingest.fetch import HttpClient
    from vlmingest.link_check import LinkReport
    from vlmingest.list_export import FigureOf
    from vlmingest.records import Record
    from vlmingest.settings import Settings
    from vlmingest.store import Store


@click.command("import-list", epilog="Example: vlmingest import-list README.md --manifest assets/manifest.json")
@common
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The figure manifest.")
@click.option(
    "--credits",
    "credits_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The figure credits.",
)
def import_list(db: Path | None, as_json: bool, file: Path, manifest: Path | None, credits_file: Path | None) -> None:
    """Take over an existing Markdown list without losing a byte; an edited one: with its edits."""
    from vlmingest.catalogue.lists.edits import ListEdit
    from vlmingest.listing import take_over
    from vlmingest.store import Store

    settings = settings_of(db)
    with Store.open(settings.db, create=True) as store:
        summary = take_over(
            store,
            file.read_bytes(),
            manifest.read_bytes() if manifest else None,
            credits_file.read_bytes() if credits_file else None,
            str(file.resolve()),
        )
    _flow_back(settings, [ListEdit.model_validate(edit) for edit in summary["edits"]])
    if as_json:
        emit_json(summary)
        return
    click.echo(f"{file}: {summary['entries']} entries, {summary['figures']} figures, {summary['bytes']} bytes kept")
    for line in _report_lines(summary["report"]):
        click.echo(f"  {line}")
    if summary["edits"]:
        click.echo(f"  {len(summary['edits'])} edits by hand since the list that was here before; they are kept")
    click.echo("Next: vlmingest export list --out README.md writes the same bytes; vlmingest lint checks the list")


def write_list(settings: Settings, out: Path, side_files: Path | None, *, as_json: bool) -> None:
    """`export list`: the next edition, merged with the edits of the file that is there."""
    from vlmingest import list_export

    manifest = side_files / "manifest.json" if side_files else None
    credits_out = side_files / "CREDITS.md" if side_files else None
    picture = _pictures(settings, out, side_files) if side_files else list_export.no_figure
    done = list_export.write_list(settings.db, out, manifest, credits_out, picture)
    _flow_back(settings, done.edits)
    names = [out.name, *(path.name for path in (manifest, credits_out) if path is not None and path.is_file())]
    added = [entry.name for entry, _ in done.grown]
    if as_json:
        edits = [edit.model_dump() for edit in done.edits]
        questions = [item.id for item in done.questions]
        emit_json(
            {
                "out": str(out),
                "files": names,
                "added": added,
                "edits": edits,
                "questions": questions,
                "notes": done.notes,
            }
        )
        return
    click.echo(f"wrote {len(names)} {'file' if len(names) == 1 else 'files'} to {out}")
    if added:
        click.echo(f"  added: {plain(', '.join(added))}")
    if done.edits:
        click.echo(f"  edits by hand taken in: {len(done.edits)}")
    for note in done.notes:
        click.echo(f"  {plain(note)}")
    if done.questions:
        number = len(done.questions)
        click.echo(f"  {number} {'question waits' if number == 1 else 'questions wait'}: vlmingest review list")


def _pictures(settings: Settings, out: Path, folder: Path) -> FigureOf:
    """Figures for new panels: cut where settings and licence allow, shown from `folder` as the list sees it."""
    import os

    from vlmingest import figures
    from vlmingest.list_export import Picture
    from vlmingest.records import EntryFigure

    seen_from = Path(os.path.relpath(folder.resolve(), out.resolve().parent)).as_posix()

    def cut(store: Store, record: Record) -> Picture | None:
        rows = figures.rows(settings, store, [record], store.entries(), settings.figures)
        file = next(iter(figures.published(rows).values()), None)
        if file is None:
            return None
        choice = rows[0].choice
        shown = EntryFigure(
            number=choice.number, page=choice.page, file=f"{seen_from}/{file.name}", caption=choice.caption,
            bbox=choice.box, licence=rows[0].licence.name,
        )  # fmt: skip
        return Picture(shown, file.name, file.data)

    return cut


def _flow_back(settings: Settings, edits: Sequence[ListEdit]) -> None:
    """Edits of fields become verdicts, and their papers are settled again."""
    if not edits:
        return
    from vlmingest.listing import flow_back
    from vlmingest.pipeline import settle_paper
    from vlmingest.store import Store
    from vlmingest.workshop import Workshop

    with Workshop(settings, Store.open(settings.db)) as shop:
        for paper in flow_back(shop.store, edits):
            settle_paper(shop, paper)


def _report_lines(report: dict[str, Any]) -> Iterator[str]:
    """What was recognised, and what is kept without being understood."""
    shapes = ", ".join(f"{number} as {shape}" for shape, number in report["entries_by_shape"].items())
    yield f"entries: {shapes or 'none recognised'}"
    yield (
        f"with an arXiv paper {report['with_paper']}, links {report['with_links']}, authors {report['with_authors']}, "
        f"summary {report['with_summary']}, deep dive {report['with_deep_dive']}"
    )
    yield (
        f"figures {report['with_figure']}, without one but with the reason {report['without_figure_noted']}; "
        f"dated {report['dated']} ({report['dated_in_panel']} in the panel, {report['timeline_rows']} timeline rows)"
    )
    if report["counts"]:
        yield "counts stated in the text: " + ", ".join(map(str, report["counts"]))
    kinds = sorted(report["bytes_by_kind"].items(), key=lambda pair: (-pair[1], pair[0]))
    yield "bytes: " + ", ".join(f"{kind} {size}" for kind, size in kinds)
    yield f"{report['bytes_unaccounted']} bytes unaccounted, {report['bytes_verbatim']} kept verbatim without being understood"
    for piece in report["verbatim"][:5]:
        yield f"  line {piece['line']}: {plain(piece['text'])}"


@click.command(epilog="Example: vlmingest draft 2506.90001")
@common
@click.argument("paper")
@click.option(
    "--check",
    "polished",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Other words for the draft, by a person or a language model: say what they lose or make up.",
)
def draft(db: Path | None, as_json: bool, paper: str, polished: Path | None) -> None:
    """The panel that a paper would get, and for each clause the field and the values behind it."""
    from vlmingest.catalogue.lists.draft import draft_of
    from vlmingest.catalogue.lists.panel import panel_text
    from vlmingest.catalogue.lists.style import style_of
    from vlmingest.catalogue.prose import draft_prose
    from vlmingest.catalogue.prose_lint import lint_prose
    from vlmingest.errors import UnknownItemError
    from vlmingest.list_export import style_source

    with open_store(db) as store:
        record = store.record(paper)
        if record is None:
            raise UnknownItemError("record of", paper, "see: vlmingest compare --fields id,name")
        document = style_source(store)
    made = draft_of(record)
    if polished is not None:
        _check_polish(made.prose, polished.read_text(encoding="utf-8", errors="replace"), as_json=as_json)
        return
    refused = lint_prose(draft_prose(record), record)
    text = panel_text(made, style_of(document, document.panels))
    if as_json:
        findings = [finding.model_dump() for finding in refused]
        emit_json({"panel": text, "prose": made.prose.model_dump(mode="json"), "refused": findings})
        return
    click.echo(text.rstrip())
    click.echo()
    for sentence in made.prose.sentences:
        for clause in sentence.clauses:
            source = ", ".join(clause.values) or f"“{clause.quote}”"
            click.echo(f"{sentence.part:12} {', '.join(clause.fields)}: {plain(source)}")
    for finding in refused:
        click.echo(f"left out: {finding.rule}: {plain(finding.message)}")


def _check_polish(prose: Prose, text: str, *, as_json: bool) -> None:
    from vlmingest.catalogue.prose_lint import lint_polish

    findings = lint_polish(prose, text)
    if as_json:
        emit_json([finding.model_dump() for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.rule}: {plain(finding.message)}")
        click.echo(f"{len(findings)} findings")
    if findings:
        raise click.exceptions.Exit(1)


@click.command(epilog="Example: vlmingest lint README.md --hints")
@common
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--titles",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON lines with id, title, abstract of papers that the database does not know.",
)
@click.option("--hints", is_flag=True, help="Also what is a matter of judgement; hints alone do not fail.")
def lint(db: Path | None, as_json: bool, file: Path, titles: Path | None, hints: bool) -> None:
    """Check a Markdown list: badges, papers, dates, order, index, timeline, counts, duplicates, anchors, prose."""
    from vlmingest.listing import check_list, known_papers, withdrawn_papers

    path = settings_of(db).db
    papers = known_papers(path, titles.read_bytes() if titles else None)
    findings = check_list(file.read_bytes(), papers, withdrawn=withdrawn_papers(path), hints=hints)
    if as_json:
        emit_json(findings)
    else:
        for finding in findings:
            click.echo(f"{file}:{finding['line']}: {finding['level']}: {finding['rule']}: {plain(finding['message'])}")
        click.echo(f"{len(findings)} findings")
    if any(finding["level"] != "hint" for finding in findings):
        raise click.exceptions.Exit(1)


@click.command(epilog="Example: vlmingest links README.md --limit 50")
@common
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--limit", type=click.IntRange(min=0), default=0, help="Ask at most so many; 0: all that are due.")
@click.option("--no-check", is_flag=True, help="Only show what earlier checks found.")
@click.option("--internal", is_flag=True, help="Also ask addresses inside your own network.")
def links(db: Path | None, as_json: bool, file: Path | None, limit: int, no_check: bool, internal: bool) -> None:
    """Check the links of a list, politely and with history: ok, suspect, dead after three days of failures."""
    from vlmingest import link_check
    from vlmingest.errors import UnknownItemError
    from vlmingest.fetch.addresses import is_internal
    from vlmingest.list_export import LIST_NAME
    from vlmingest.store import Store

    settings = settings_of(db)
    with Store.open(settings.db, create=file is not None) as store:
        data = file.read_bytes() if file else store.list_bytes(LIST_NAME)
        if data is None:
            raise UnknownItemError("list", LIST_NAME, "name a file, or take one over: vlmingest import-list README.md")
        urls = link_check.links_in(data)
        if no_check:
            report = link_check.LinkReport(tuple(store.link_states(urls)), 0)
        else:
            with link_client(settings, store) as client:
                refuse = (lambda _: False) if internal else is_internal
                report = link_check.check_links(
                    store, client, urls, link_check.today(), limit=limit, is_internal=refuse
                )
    _tell_links(report, as_json=as_json)
    if report.is_offline or report.of("dead"):
        raise click.exceptions.Exit(1)


def link_client(settings: Settings, store: Store) -> HttpClient:
    """A client for many hosts: small bodies, one more try."""
    from vlmingest.fetch import HttpClient
    from vlmingest.link_check import MAX_BODY_BYTES

    return HttpClient(
        interval_for=settings.interval_for,
        state_dir=settings.data_path / "politeness",
        contact=settings.contact,
        timeout_s=settings.timeout_s,
        total_s=settings.timeout_s * 2,
        retries=min(settings.retries, 1),
        max_bytes=MAX_BODY_BYTES,
        log=store.log_request,
    )


def _tell_links(report: LinkReport, *, as_json: bool) -> None:
    counts = {state: len(report.of(state)) for state in ("ok", "suspect", "dead", "unchecked")}
    if as_json:
        rows = [row._asdict() for row in report.rows]
        emit_json({"asked": report.asked, "offline": report.is_offline, **counts, "links": rows})
        return
    for state in ("dead", "suspect"):
        for row in report.of(state):
            since = f", failing since {row.failing_since}" if row.failing_since else ""
            click.echo(f"{state}: {plain(row.url)} ({plain(row.reason) or row.status}{since})")
    for row in report.rows:
        if row.moved_to:
            click.echo(f"moved: {plain(row.url)} -> {plain(row.moved_to)}")
    click.echo(", ".join(f"{number} {state}" for state, number in counts.items()) + f"; asked {report.asked} now")
    if report.is_offline:
        click.echo("nothing could be reached: the network is at fault, no link was blamed", err=True)
