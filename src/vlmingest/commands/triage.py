"""`triage`: scores with reasons, what is under the line, the sample of it, training; `init`: a topic of your own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vlmingest.commands.common import common, emit_json, open_store, plain, settings_of
from vlmingest.errors import UnknownItemError, UsageError

if TYPE_CHECKING:
    from vlmingest.records import PaperMetadata
    from vlmingest.triage.score import Explanation

topic_option = click.option("--topic", default=None, help="A topic of the package, or a folder (VLMINGEST_TOPIC).")
recall_option = click.option(
    "--recall",
    "triage_recall",
    type=click.FloatRange(0, 1, min_open=True),
    help="Share of the model papers to find (VLMINGEST_TRIAGE_RECALL); more recall flags more papers.",
)


class WithFile(click.Group):
    """`vlmingest triage FILE` scores the file: what is no command is the file of `score`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `score` first where no command stands first."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["score", *args]
        return super().parse_args(ctx, args)


@click.group(cls=WithFile, epilog="Example: vlmingest triage papers.jsonl.gz --json | head -3")
def triage() -> None:
    """Is a paper worth reading? Scores with reasons, what was left out, and how to teach it.

    `vlmingest triage FILE` is short for `vlmingest triage score FILE`.
    """


@triage.command(epilog="Example: vlmingest triage score papers.jsonl.gz --recall 0.9")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@common
@topic_option
@recall_option
def score(db: Path | None, as_json: bool, file: Path, topic: str | None, triage_recall: float | None) -> None:
    """Score metadata lines (id, title, abstract, categories, comment): is the paper worth reading?

    With --json one object a line for every paper; else the flagged papers with their reasons.
    """
    from vlmingest.discover import read_snapshot
    from vlmingest.topics import checked_recall, topic_of
    from vlmingest.triage import score_paper

    settings = settings_of(db, topic=topic, triage_recall=triage_recall)
    wanted, recall = topic_of(settings), checked_recall(settings)
    write = sys.stdout.write
    for paper in read_snapshot(file):
        relevance = score_paper(paper, wanted, recall)
        if as_json:
            line = {
                "id": paper.id,
                "score": relevance.score,
                "label": relevance.label,
                "reasons": list(relevance.reasons),
            }
            write(json.dumps(line, ensure_ascii=False) + "\n")
        elif relevance.label != "no":
            write(f"{relevance.score:5.2f} {relevance.label:5} {paper.id:14} {plain(paper.title)}\n")
            for reason in relevance.reasons:
                write(f"{'':27}{plain(reason)}\n")


@triage.command(epilog="Example: vlmingest triage why 2506.90001")
@common
@click.argument("paper")
def why(db: Path | None, as_json: bool, paper: str) -> None:
    """Why a paper has its score: what each cue and word adds, and which line it was held against."""
    from vlmingest.commands.inspect import _paper_id
    from vlmingest.topics import checked_recall, topic_of
    from vlmingest.triage import explain_paper

    settings = settings_of(db)
    with open_store(db) as store:
        found = store.paper(_paper_id(paper))
        if found is None:
            raise UnknownItemError("paper", paper, "it was never listed by a source; add it with: vlmingest add ID")
        record = store.record(found.id)
    explained = explain_paper(found, topic_of(settings), checked_recall(settings), strongest=8)
    text = list(_explained(found, explained))
    if record is not None:
        text.append(f"after reading: {record.relevance.label}")
        text += [
            f"  {plain(reason)}" for reason in record.relevance.reasons if "full text" in reason or "person" in reason
        ]
    if not as_json:
        click.echo("\n".join(text))
        return
    relevance = explained.relevance
    emit_json(
        {
            "id": found.id,
            "title": found.title,
            "label": relevance.label,
            "score": relevance.score,
            "topic": {"sum": explained.topic, "line": explained.line.topic},
            "kind": {"sum": explained.kind, "line": explained.line.drop, "model_at": explained.model_at},
            "cues": [
                {"id": cue.id, "reason": cue.reason, "topic": share.topic, "kind": share.kind}
                for cue, share in explained.cues
            ],
            "words": [{"word": share.feature, "topic": share.topic, "kind": share.kind} for share in explained.words],
            "after_reading": record.relevance.model_dump(mode="json") if record is not None else None,
        }
    )


def _explained(paper: PaperMetadata, explained: Explanation) -> list[str]:
    from vlmingest.triage.score import shown

    relevance, line = explained.relevance, explained.line
    over = "over" if explained.topic >= line.topic else "under"
    lines = [
        f"{paper.id}  {plain(paper.title)}",
        f"{relevance.label}, score {relevance.score:.3f}",
        f"  on topic: {explained.topic:+.2f}, {over} the line of {line.topic:+.2f} (recall {line.recall:.2f})",
        (
            f"  kind:     {explained.kind:+.2f}; under {line.drop:+.2f} it is no model paper, "
            f"over {explained.model_at:+.2f} it is called a model"
        ),
        "   topic    kind",
    ]
    shares = [(share, plain(cue.reason)) for cue, share in explained.cues]
    shares += [(share, f"word {plain(shown(share.feature))}") for share in explained.words]
    lines += [f"  {share.topic:+6.2f}  {share.kind:+6.2f}  {reason}" for share, reason in shares]
    lines += [f"  {'':14}{plain(cue.reason)}: left out whatever the sums say" for cue, _ in explained.cues if cue.veto]
    return lines


@triage.command("list", epilog="Example: vlmingest triage list --label no --limit 20")
@common
@click.option(
    "--label", type=click.Choice(["model", "maybe", "no"]), help="Only these; `no` is what is under the line."
)
@click.option("--limit", type=click.IntRange(1), default=50)
def list_(db: Path | None, as_json: bool, label: str | None, limit: int) -> None:
    """All papers that were ever listed with their scores, best first; those under the line stay here."""
    with open_store(db) as store:
        rows = list(store.scored(label, limit))  # type: ignore[arg-type]
        under = store.discarded_count()
    if as_json:
        emit_json([{"id": row.paper_id, "title": row.title, **row.relevance.model_dump(mode="json")} for row in rows])
        return
    for row in rows:
        click.echo(f"{row.relevance.score:5.3f} {row.relevance.label:5} {row.paper_id:14} {plain(row.title)}")
    click.echo(f"{len(rows)} shown, {under} under the line. Why one is where it is: vlmingest triage why ID")


@triage.command(epilog="Example: vlmingest triage sample --size 10")
@common
@click.option("--size", "triage_sample", type=click.IntRange(0), help="Papers a week (VLMINGEST_TRIAGE_SAMPLE).")
def sample(db: Path | None, as_json: bool, triage_sample: int | None) -> None:
    """Put this week's sample of what was left out into the queue, and tell how many model papers are missed.

    The nightly run draws it by itself. Answer with `vlmingest review list --reason triage-sample`.
    """
    from datetime import UTC, datetime

    from vlmingest.missed import draw_week, missed, week_of

    settings = settings_of(db, triage_sample=triage_sample)
    today = datetime.now(UTC).date()
    with open_store(db, read_only=False) as store:
        drawn = draw_week(store, settings, today)
        found = missed(store)
        waiting = sum(one.label is None for one in store.samples())
    if as_json:
        low, high = found.papers
        emit_json(
            {
                "week": week_of(today),
                "drawn": drawn,
                "waiting": waiting,
                "judged": found.judged,
                "missed": found.missed,
                "under_the_line": found.discarded,
                "missed_papers": {"low": low, "high": high, "confidence": 0.95},
            }
        )
        return
    click.echo(f"week {week_of(today)}: {len(drawn)} papers drawn, {waiting} wait for a verdict")
    click.echo(found.text())
    click.echo("Next: vlmingest review list --reason triage-sample")


@triage.command(epilog="Example: vlmingest triage train --dry-run")
@common
@click.option("--dry-run", is_flag=True, help="Only report what would change.")
@click.option("--reset", is_flag=True, help="Forget what was trained; the topic's own weights hold again.")
def train(db: Path | None, as_json: bool, dry_run: bool, reset: bool) -> None:
    """Learn from the reviewers: accepted and rejected papers, and the papers of the imported list.

    The new weights lie in the data folder of the database; the next run scores every paper again. Needs scikit-learn:
    pip install "vlmingest[train]".
    """
    from vlmingest import retraining
    from vlmingest.workshop import Workshop

    with Workshop(settings_of(db), open_store(db, read_only=True)) as shop:
        if reset:
            was_there = retraining.reset(shop)
            click.echo("the topic's own weights hold again" if was_there else "nothing was trained here")
            return
        done = retraining.train(shop, dry_run=dry_run)
    result = done.result
    if as_json:
        emit_json(
            {
                "accepted": result.accepted,
                "rejected": result.rejected,
                "in_order": {"topic": result.topic._asdict(), "kind": result.kind._asdict()},
                "changes": [change._asdict() for change in done.changes],
                "weights": done.path if done.kept else None,
            }
        )
        return
    click.echo(f"learned from {result.accepted} accepted and {result.rejected} rejected papers")
    for name, pair in (("topic", result.topic), ("kind", result.kind)):
        click.echo(
            f"  {name}: {pair.before:.1%} of the pairs in the right order before, {pair.after:.1%} after (unseen)"
        )
    for change in done.changes:
        click.echo(f"  {change.before} -> {change.after}: {change.paper} {plain(change.title)}")
    click.echo(f"{len(done.changes)} papers change their label")
    click.echo(f"kept in {done.path}; undo with: vlmingest triage train --reset" if done.kept else "nothing was kept")


@click.command(epilog="Example: vlmingest init --topic text-to-speech --out topics/tts")
@click.option("--topic", required=True, help="The name of the topic; one of the package is copied.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The folder; default: topics/NAME.")
@click.option("--check", is_flag=True, help="Only try the cues of the folder on their own examples.")
def init(topic: str, out: Path | None, check: bool) -> None:
    """Make the folder of a topic: its query, its cues with examples, its names. Fill it in, then use it.

    A catalogue follows another topic by VLMINGEST_TOPIC=FOLDER (or `topic` in vlmingest.toml). It is scored by its cues
    at first; `vlmingest triage train` learns weights from verdicts.
    """
    from vlmingest import topics

    folder = out if out is not None else Path("topics") / topic
    if check:
        found = topics.check_topic(
            topics.base_topic(settings_of(None, topic=str(folder if folder.is_dir() else topic)))
        )
        for problem in found:
            click.echo(plain(problem))
        if found:
            raise click.exceptions.Exit(1)
        click.echo("every cue matches its examples and none of its counter-examples")
        return
    if not topic.strip() or Path(topic).name != topic:
        raise UsageError(f"{topic!r} is no name of a topic; name the folder with --out")
    for path in topics.create_topic(topic, folder):
        click.echo(f"made {path}")
    click.echo(f"Next: fill them in, then: vlmingest init --topic {plain(topic)} --out {folder} --check")
    click.echo(f"and:  VLMINGEST_TOPIC={folder} vlmingest triage FILE.jsonl")
