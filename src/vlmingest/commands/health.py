"""`verify`, `eval`, `status`, `doctor`, `politeness`, `config`: is everything as it should be?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from vlmingest.commands.common import common, emit_json, open_store, plain, settings_of
from vlmingest.commands.nightly import DATE


@click.command(epilog="Example: vlmingest verify")
@common
def verify(db: Path | None, as_json: bool) -> None:
    """Check every stored quote against the text of its document again; exit code 1 on any miss."""
    from vlmingest.store import verify as check

    with open_store(db) as store:
        result = check(store)
    if as_json:
        emit_json({"quotes": result.checked, "misses": [miss._asdict() for miss in result.misses]})
    else:
        for miss in result.misses:
            click.echo(f"{miss.paper_id} {miss.field} {plain(miss.value)}: {plain(miss.reason)}: {plain(miss.quote)}")
        found = result.checked - len(result.misses)
        click.echo(f"{found} of {result.checked} quotes found in their documents")
    if result.misses:
        raise click.exceptions.Exit(1)


@click.command(
    "eval", epilog="Example: vlmingest eval gold/ --out run.json, later: vlmingest eval gold/ --diff run.json"
)
@common
@click.argument("gold", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Keep this run for a later --diff.")
@click.option(
    "--diff", "before", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Gains and losses since."
)
def evaluate(db: Path | None, as_json: bool, gold: Path, out: Path | None, before: Path | None) -> None:
    """Score the database against gold annotations: precision, recall, F1 per field, and the calibration."""
    from vlmingest import evaluation
    from vlmingest.evaluation.files import read_gold, read_run
    from vlmingest.files import write_out
    from vlmingest.publishing import published_records

    papers, earlier = read_gold(gold), read_run(before) if before is not None else None
    with open_store(db) as store:
        scores = evaluation.evaluate(published_records(store), papers)
    if out is not None:
        write_out(out, scores.model_dump_json(indent=1).encode())
    changes = evaluation.diff(earlier, scores) if earlier is not None else []
    if as_json:
        emit_json(
            {"scores": scores.model_dump(mode="json"), "changes": [one.model_dump(mode="json") for one in changes]}
        )
    else:
        click.echo(evaluation.render(scores, changes))


@click.command(epilog="Example: vlmingest status")
@common
def status(db: Path | None, as_json: bool) -> None:
    """How many papers, records and questions there are, and how the last runs ended."""
    from vlmingest.health import overview

    with open_store(db) as store:
        facts = overview(store)
    if as_json:
        emit_json(facts)
        return
    for name, value in facts["counts"].items():
        click.echo(f"{name:<22} {value}")
    click.echo(
        "watermarks             " + (", ".join(f"{k}: {v}" for k, v in facts["watermarks"].items()) or "none yet")
    )
    for run in facts["runs"]:
        click.echo(f"run {run['id']:<5} {run['kind']:<9} {run['started_at']}  {run['status']}")


@click.command(epilog="Example: vlmingest doctor")
@common
@click.option(
    "--max-age-h", type=click.FloatRange(0), default=None, help="Also fail when no run succeeded so recently."
)
def doctor(db: Path | None, as_json: bool, max_age_h: float | None) -> None:
    """Find problems of the set-up, each with its remedy; exit code 1 when there is one."""
    from vlmingest.health import diagnose

    checks = diagnose(settings_of(db), max_age_h)
    if as_json:
        emit_json([check._asdict() for check in checks])
    else:
        for check in checks:
            click.echo(f"{'ok ' if check.ok else 'BAD'} {check.name:<12} {plain(check.message)}")
    if not all(check.ok for check in checks):
        raise click.exceptions.Exit(1)


@click.command(epilog="Example: vlmingest politeness --since 2025-06-01")
@common
@click.option("--since", type=DATE)
@click.option("--until", type=DATE)
def politeness(db: Path | None, as_json: bool, since: datetime | None, until: datetime | None) -> None:
    """Prove from the request ledger that requests to each host kept their distance."""
    from vlmingest.health import spacing

    settings = settings_of(db)
    with open_store(db) as store:
        rows = spacing(store, settings, _instant(since), _instant(until))
    if as_json:
        emit_json([row._asdict() for row in rows])
    else:
        click.echo(f"{'host':<28} {'requests':>8} {'bytes':>12} {'least gap':>10} {'allowed':>8}")
        for row in rows:
            gap = f"{row.least_gap_s:.2f} s" if row.least_gap_s is not None else "-"
            click.echo(f"{plain(row.host):<28} {row.requests:>8} {row.bytes:>12} {gap:>10} {row.allowed_s:>6.2f} s")
        click.echo("every host was left its interval" if all(row.ok for row in rows) else "TOO FAST: see above")
    if not all(row.ok for row in rows):
        raise click.exceptions.Exit(1)


@click.command(epilog="Example: vlmingest config")
@common
def config(db: Path | None, as_json: bool) -> None:
    """Every setting with its value and where it comes from; secrets are not shown."""
    from dataclasses import fields

    settings = settings_of(db)
    rows = []
    for item in sorted(fields(settings), key=lambda one: one.name):
        if item.name == "origin":
            continue
        value = getattr(settings, item.name)
        shown = ("set" if value else "not set") if item.name.endswith("_key") else str(value)
        rows.append({"name": f"VLMINGEST_{item.name.upper()}", "value": shown, "origin": settings.origin[item.name]})
    if as_json:
        emit_json(rows)
        return
    for row in rows:
        click.echo(f"{row['name']:<30} {row['value']:<45} {row['origin']}")


def _instant(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
