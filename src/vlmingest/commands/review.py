"""`review`: the queue in the terminal."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vlmingest.commands.common import common, emit_json, open_store, settings_of
from vlmingest.errors import UsageError

if TYPE_CHECKING:
    from vlmingest.records import Action, ReviewItem, Verdict
    from vlmingest.store import Store

note_option = click.option("--note", default="", help="Why; kept with the verdict.")
by_option = click.option("--by", default=None, help="Who decides; default: your user name.")


@click.group()
def review() -> None:
    """The queue of questions: look, decide, take back. Verdicts survive every re-run."""


@review.command("list", epilog="Example: vlmingest review list --reason new-name --limit 20")
@common
@click.option("--paper", help="Only this paper.")
@click.option("--field", help="Only this field, e.g. architecture.connector.")
@click.option("--reason", help="Only this reason, e.g. low-confidence, new-name, value-changed.")
@click.option("--state", type=click.Choice(["open", "deferred", "resolved"]), default="open")
@click.option("--limit", type=click.IntRange(1), default=30)
def list_(
    db: Path | None, as_json: bool, paper: str | None, field: str | None, reason: str | None, state: str, limit: int
) -> None:
    """What waits for a person, most valuable first."""
    from vlmingest.records import FieldName, Reason
    from vlmingest.review.terminal import listing

    for kind, given, known in (("reason", reason, Reason), ("field", field, FieldName)):
        if given is not None and given not in [one.value for one in known]:
            raise UsageError(f"no {kind} {given!r}; there are: {', '.join(one.value for one in known)}")
    with open_store(db) as store:
        items = store.review_items(paper, reason, field, state, limit)
        total = store.open_item_count()
    if as_json:
        emit_json([item.model_dump(mode="json") for item in items])
        return
    for line in listing(items):
        click.echo(line)
    if items:
        click.echo(f"{len(items)} shown, {total} open. Next: vlmingest review show {items[0].id}")
    else:
        click.echo("nothing waits for you" if not total else f"nothing of this kind; {total} open questions in all")


@review.command(epilog="Example: vlmingest review show 3f2a")
@common
@click.argument("item")
def show(db: Path | None, as_json: bool, item: str) -> None:
    """One question with the quoted sentence in its context."""
    from vlmingest.review.queue import show_item
    from vlmingest.review.terminal import page

    with open_store(db) as store:
        shown = show_item(store, item)
        cut = _figure(db, store, shown.item)
    if as_json:
        emit_json(
            {
                "item": shown.item.model_dump(mode="json"),
                "figure": str(cut) if cut else None,
                "state": shown.state,
                "title": shown.title,
                "context": [list(one) for one in shown.context],
                "rivals": [one.model_dump(mode="json") for one in shown.rivals],
            }
        )
        return
    for line in page(shown):
        click.echo(line)
    if cut:
        click.echo(f"the figure: {cut}")


def _figure(db: Path | None, store: Store, item: ReviewItem) -> Path | None:
    """A picture of what a question about the architecture figure means."""
    from vlmingest.records import FieldName

    if item.field is not FieldName.FIGURE:
        return None
    from vlmingest.figures import for_review

    row = for_review(settings_of(db), store, item)
    return row.path if row else None


@review.command(epilog="Example: vlmingest review accept 3f2a 81bc --note 'as table 1 says'")
@common
@click.argument("items", nargs=-1, required=True)
@note_option
@by_option
def accept(db: Path | None, as_json: bool, items: tuple[str, ...], note: str, by: str | None) -> None:
    """The proposed value is right."""
    _decide(db, items, "accept", None, note, by, as_json=as_json)


@review.command(epilog="Example: vlmingest review correct 3f2a 'SigLIP-SO400M' --note 'section 3.1'")
@common
@click.argument("item")
@click.argument("value")
@note_option
@by_option
def correct(db: Path | None, as_json: bool, item: str, value: str, note: str, by: str | None) -> None:
    """The right value is VALUE; for a training stage, a JSON object of its attributes."""
    _decide(db, (item,), "correct", value, note, by, as_json=as_json)


@review.command(epilog="Example: vlmingest review reject 3f2a")
@common
@click.argument("items", nargs=-1, required=True)
@note_option
@by_option
def reject(db: Path | None, as_json: bool, items: tuple[str, ...], note: str, by: str | None) -> None:
    """The proposed value is wrong."""
    _decide(db, items, "reject", None, note, by, as_json=as_json)


@review.command(epilog="Example: vlmingest review defer 3f2a")
@common
@click.argument("items", nargs=-1, required=True)
@note_option
@by_option
def defer(db: Path | None, as_json: bool, items: tuple[str, ...], note: str, by: str | None) -> None:
    """Not now; the question leaves the open queue (see --state deferred)."""
    _decide(db, items, "defer", None, note, by, as_json=as_json)


@review.command(epilog="Example: vlmingest review add 2506.90001 architecture.connector mlp --note 'figure 2'")
@common
@click.argument("paper")
@click.argument("field")
@click.argument("value")
@note_option
@by_option
def add(db: Path | None, as_json: bool, paper: str, field: str, value: str, note: str, by: str | None) -> None:
    """State a value that no reader proposed."""
    from vlmingest.pipeline import settle_paper
    from vlmingest.records import FieldName
    from vlmingest.review.queue import add_value
    from vlmingest.workshop import Workshop

    if field not in [name.value for name in FieldName]:
        raise UsageError(f"no field {field!r}; there are: {', '.join(name.value for name in FieldName)}")
    with Workshop(settings_of(db), open_store(db, read_only=False)) as shop:
        verdict = add_value(
            shop.store,
            paper,
            FieldName(field),
            value,
            lambda one: settle_paper(shop, one),
            by=by or user_name(),
            note=note,
        )
    _tell([verdict], as_json=as_json)


@review.command(epilog="Example: vlmingest review undo")
@common
@by_option
def undo(db: Path | None, as_json: bool, by: str | None) -> None:
    """Take the last verdict back."""
    from vlmingest.pipeline import settle_paper
    from vlmingest.review.queue import undo as take_back
    from vlmingest.workshop import Workshop

    with Workshop(settings_of(db), open_store(db, read_only=False)) as shop:
        verdict = take_back(shop.store, lambda one: settle_paper(shop, one), by=by)
    _tell([verdict], as_json=as_json)


def _decide(
    db: Path | None,
    items: tuple[str, ...],
    action: Action,
    value: str | None,
    note: str,
    by: str | None,
    *,
    as_json: bool,
) -> None:
    from vlmingest.pipeline import settle_paper
    from vlmingest.review.queue import decide
    from vlmingest.workshop import Workshop

    given = []
    with Workshop(settings_of(db), open_store(db, read_only=False)) as shop:
        for item in items:
            verdict = decide(
                shop.store,
                item,
                action,
                lambda one: settle_paper(shop, one),
                value=value,
                by=by or user_name(),
                note=note,
            )
            given.append(verdict)
    _tell(given, as_json=as_json)


def _tell(verdicts: list[Verdict], *, as_json: bool) -> None:
    from vlmingest.review.terminal import plain

    if as_json:
        emit_json([verdict.model_dump(mode="json") for verdict in verdicts])
        return
    for verdict in verdicts:
        field = verdict.field.value if verdict.field else "paper"
        state = "undone" if verdict.undone else verdict.action
        said = plain(verdict.value or verdict.key)
        click.echo(f"{state}: {verdict.paper} {field}" + (f" = {said}" if said else ""))
    click.echo("Next: vlmingest review list, or vlmingest review undo")


def user_name() -> str:
    """Who decides, unless --by says so."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "someone"
