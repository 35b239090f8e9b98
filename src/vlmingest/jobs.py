"""Whole runs: nightly, add, backfill, reread. Loops over `pipeline` stages, counts in = counts out, one report.

A run can be killed at any point and repeated: what is due is found in the stage ledger, never in memory. Papers that
an earlier run could not finish (no answer, asked to come back later) are picked up again by the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from vlmingest import pipeline
from vlmingest.errors import FetchError, InvalidArxivIdError, VlmIngestError
from vlmingest.ids import ArxivId
from vlmingest.missed import draw_week, missed
from vlmingest.pipeline import Edition
from vlmingest.records import PaperMetadata, StageCounts
from vlmingest.tally import Outcome, Tally
from vlmingest.workshop import Workshop

if TYPE_CHECKING:
    from vlmingest.discover import Source

BATCH = 25  # papers per batch: orchestration stays far below the work itself (perf.md 3)
DEFAULT_WINDOW_DAYS = 7  # how far back the very first night looks
Status = Literal["done", "degraded", "failed"]
Result = TypeVar("Result")
Item = TypeVar("Item")


class Step(Protocol):
    """How a named part of a run is executed: called in place, or as a task of an orchestrator."""

    def __call__(self, name: str, work: Callable[[], Result], /) -> Result:
        """Run `work` and give back what it returns."""


def in_place(_name: str, work: Callable[[], Result]) -> Result:
    """The step of the local engine: a plain call."""
    return work()


@dataclass(slots=True)
class Report:
    """What a run did, for a person and for `--json`."""

    run: int
    kind: str
    status: Status = "done"
    since: str | None = None
    until: str | None = None
    counts: dict[str, StageCounts] = field(default_factory=dict)
    new_papers: list[str] = field(default_factory=list)
    new_versions: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    processed: list[str] = field(default_factory=list)
    failures: list[Outcome] = field(default_factory=list)
    still_failing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    quiet_because: str = ""
    open_items: int = 0
    requests: int = 0
    missed: str = ""  # what the sample of the discarded says of missed papers
    off_topic: int = 0  # lines of a snapshot without a word of the topic: not parsed, not kept

    @property
    def exit_code(self) -> int:
        """0 done, 1 failed, 3 degraded."""
        return {"done": 0, "failed": 1, "degraded": 3}[self.status]

    @property
    def is_quiet(self) -> bool:
        """Nothing new came in and nothing had to be done again."""
        return not (self.new_papers or self.new_versions or self.withdrawn or self.processed)


# --- runs ------------------------------------------------------------------------------------------------------


def nightly(
    shop: Workshop,
    sources: Sequence[Source],
    since: date | None = None,
    until: date | None = None,
    max_papers: int | None = None,
    step: Step = in_place,
) -> Report:
    """Discover in a window, then take every paper that is due the whole way.

    Every source has a watermark of its own, and its window starts before it; the report names the widest window.
    """
    until = until or datetime.now(UTC).date()
    starts = {source.name: since or _start(shop, source, until) for source in sources}

    def work(report: Report, tally: Tally) -> None:
        for source in sources:
            step(f"discover {source.name}", partial(discover, shop, source, starts[source.name], until, report, tally))
        cap = shop.settings.nightly_cap if max_papers is None else max_papers
        process(shop, due_papers(shop), report, tally, cap=cap, step=step)
        draw_week(shop.store, shop.settings, until)
        report.missed = missed(shop.store).text()

    return run(shop, "nightly", work, min(starts.values()), until)


def _start(shop: Workshop, source: Source, until: date) -> date:
    mark = shop.store.watermark(source.name)
    start = date.fromisoformat(mark) if mark else until - timedelta(days=DEFAULT_WINDOW_DAYS)
    return start - timedelta(days=shop.settings.overlap_days)


def backfill(shop: Workshop, papers: Iterable[PaperMetadata], cap: int | None = None, step: Step = in_place) -> Report:
    """The same for papers of the past, from any stream of metadata; the watermark stays where it is."""

    def work(report: Report, tally: Tally) -> None:
        for batch in batches(papers, 500):
            step("keep metadata", partial(keep_papers, shop, batch, report, tally))
        process(shop, due_papers(shop), report, tally, cap=cap, step=step)

    return run(shop, "backfill", work)


def reread(shop: Workshop, paper_ids: Sequence[str] = (), step: Step = in_place) -> Report:
    """Run the present rules over stored content again; asks nobody for anything that is already here."""

    def work(report: Report, tally: Tally) -> None:
        chosen = set(paper_ids)
        papers = [paper for paper in due_papers(shop) if not chosen or paper.id in chosen]
        process(shop, papers, report, tally, step=step)

    return run(shop, "reread", work)


def run(
    shop: Workshop,
    kind: str,
    work: Callable[[Report, Tally], None],
    since: date | None = None,
    until: date | None = None,
) -> Report:
    """One run with its row, its counts and its report; a fault in the middle leaves what was done, and says so."""
    store = shop.store
    window = (since.isoformat() if since else None, until.isoformat() if until else None)
    report = Report(store.start_run(kind, *window), kind, since=window[0], until=window[1])
    tally = Tally()
    requests_before = store.request_count()
    try:
        work(report, tally)
        report.counts = tally.close()
        # what an earlier run told, and nothing changed since, is no news; who names a file wants to hear it again
        report.failures = [one for one in tally.failures if one.fresh or kind == "add"]
        report.still_failing = [one.paper for one in tally.failures if one not in report.failures]
        if report.failures or report.notes:
            report.status = "degraded"
    except BaseException as error:
        store.finish_run(report.run, "failed", tally.counts(), [*report.notes, str(error) or type(error).__name__])
        raise
    report.open_items = store.open_item_count()
    report.requests = store.request_count() - requests_before
    store.finish_run(report.run, report.status, report.counts, report.notes)
    return report


# --- parts of a run --------------------------------------------------------------------------------------------


def discover(shop: Workshop, source: Source, since: date, until: date, report: Report, tally: Tally) -> None:
    """Save what the source lists; the watermark moves with the last rows, so a broken window is read again.

    A listing that must be old by arXiv's calendar leaves the watermark where it is, too, and is noted.
    """
    shop.progress.start("discover", 0)
    listed, newest = 0, ""
    try:
        for batch in batches(source.papers(since, until), 200):
            keep_papers(shop, batch, report, tally)
            listed += len(batch)
            newest = max([newest, *(paper.updated or "" for paper in batch)])
        if not _looks_old(source, listed, newest, until, report):
            with shop.store.transaction():
                mark = shop.store.watermark(source.name)
                if mark is None or mark < until.isoformat():
                    shop.store.set_watermark(source.name, until.isoformat())
    except FetchError as error:
        report.notes.append(f"{source.name}: discovery is not complete, the next run reads the window again: {error}")
    shop.progress.finish("discover")


def _looks_old(source: Source, listed: int, newest: str, until: date, report: Report) -> bool:
    """Compare a window that reaches to the present with arXiv's calendar; says what it finds in the report."""
    from vlmingest.discover.freshness import freshness  # noqa: PLC0415 - only nights need the calendar

    now = datetime.now(UTC)
    if until < now.date() - timedelta(days=1):
        return False
    found = freshness(listed, date.fromisoformat(newest) if newest else None, now)
    if found.state == "stale":
        report.notes.append(f"{source.name}: {found.text}")
    elif found.state == "quiet":
        report.quiet_because = found.text
    return found.state == "stale"


def keep_papers(shop: Workshop, papers: Sequence[PaperMetadata], report: Report, tally: Tally) -> None:
    """Save metadata; tells new papers, new versions and withdrawals apart."""
    with shop.store.transaction():
        for paper in papers:
            tally.enter("discover")
            before = shop.store.paper(paper.id)
            changed = shop.store.save_paper(paper)
            if changed:
                _note_news(report, before, paper)
            state: Literal["done", "skipped"] = "done" if changed else "skipped"
            tally.leave(Outcome(paper.id, paper.version, "discover", state, "" if changed else "known"))
            shop.progress.advance("discover", paper.id)


def _note_news(report: Report, before: PaperMetadata | None, paper: PaperMetadata) -> None:
    if before is None:
        report.new_papers.append(paper.id)
    elif paper.withdrawn and not before.withdrawn:
        report.withdrawn.append(paper.id)
    elif paper.version > before.version:
        report.new_versions.append(f"{paper.id}v{paper.version}")


def due_papers(shop: Workshop) -> Iterator[PaperMetadata]:
    """Every paper known, in the order of ids; what is all done passes through at the cost of ledger look-ups."""
    return (paper for paper in map(shop.store.paper, shop.store.paper_ids()) if paper is not None)


def process(
    shop: Workshop,
    papers: Iterable[PaperMetadata],
    report: Report,
    tally: Tally,
    *,
    wanted: frozenset[str] = frozenset(),
    cap: int | None = None,
    step: Step = in_place,
) -> None:
    """Triage, fetch, read, extract and settle, in batches. `wanted`: papers that a person asked for pass triage.

    `cap`: at most so many papers that were never settled are fetched; those with the best scores go first, the others
    wait for the next run.
    """
    relevant = step("triage", lambda: list(_triage(shop, papers, tally, wanted)))
    chosen = _within_cap(shop, relevant, cap, tally)
    for start in range(0, len(chosen), BATCH):
        batch = chosen[start : start + BATCH]
        step(f"papers {start + 1}-{start + len(batch)}", partial(_whole_way, shop, batch, report, tally))


def _whole_way(shop: Workshop, papers: Sequence[PaperMetadata], report: Report, tally: Tally) -> None:
    """One batch from full text to record."""
    _full_text(shop, list(pipeline.due_editions(papers)), report, tally)
    settle_all(shop, [paper.id for paper in papers], report, tally)


def _within_cap(shop: Workshop, papers: Sequence[PaperMetadata], cap: int | None, tally: Tally) -> list[PaperMetadata]:
    new = [paper for paper in papers if not shop.store.record_exists(paper.id)]
    if cap is None or len(new) <= cap:
        return list(papers)

    def rank(paper: PaperMetadata) -> tuple[float, str]:
        relevance = shop.store.relevance(paper.id)
        return (-(relevance.score if relevance else 0.0), paper.id)

    waiting = {paper.id for paper in sorted(new, key=rank)[cap:]}
    for paper in papers:
        if paper.id in waiting:
            tally.enter("fetch")
            tally.leave(Outcome(paper.id, paper.version, "fetch", "skipped", "over-the-cap"))
    return [paper for paper in papers if paper.id not in waiting]


def _triage(
    shop: Workshop, papers: Iterable[PaperMetadata], tally: Tally, wanted: frozenset[str]
) -> Iterator[PaperMetadata]:
    for paper in papers:
        tally.enter("triage")
        if paper.source in ("file", "url"):  # a person gave it: the text decides, not its first page
            tally.leave(Outcome(paper.id, paper.version, "triage", "skipped", "given"))
            yield paper
            continue
        outcome = pipeline.triage_paper(shop, paper)
        known = shop.store.record_exists(paper.id)
        if outcome.state == "skipped" and (paper.id in wanted or known or not paper.abstract):
            outcome = outcome._replace(state="done", reason="", message="")
        tally.leave(outcome)
        if outcome.state == "done":
            yield paper


def _full_text(shop: Workshop, editions: Sequence[Edition], report: Report, tally: Tally) -> None:
    """Fetch and read in the order of formats that is set: a format that is missing or unreadable gives way."""
    formats = pipeline.formats_of(shop.settings.formats)
    tally.enter("fetch", len(editions))
    waiting = list(editions)
    ready: list[Edition] = []
    last: dict[Edition, Outcome] = {}
    for number, source_format in enumerate(formats):
        fetched = list(_fetch(shop, waiting, source_format, report, last))
        for outcome in tracked(shop, "read", len(fetched), pipeline.read_versions(shop, fetched)):
            last[Edition(outcome.paper, outcome.version)] = outcome
        good = [edition for edition in fetched if last[edition].state == "done"]
        ready += good
        if shop.settings.cross_check and number + 1 < len(formats):
            for edition in good:
                if last[edition].fresh and not _was_given(edition.paper):
                    pipeline.cross_check(shop, edition, formats[number + 1])
        waiting = [edition for edition in waiting if last[edition].state != "done"]
        if not waiting or number == len(formats) - 1:
            break
    for edition in editions:
        outcome = last[edition]
        if outcome.stage == "fetch":
            tally.leave(outcome)
        else:
            tally.leave(Outcome(*edition, "fetch", "done", fresh=outcome.fresh))
            tally.enter("read")
            tally.leave(outcome)
    tally.enter("extract", len(ready))
    for outcome in tracked(shop, "extract", len(ready), pipeline.extract_versions(shop, ready)):
        tally.leave(outcome)


def _was_given(paper_id: str) -> bool:
    """Whether the paper came as bytes and is not on arXiv: there is nobody to ask for it."""
    try:
        ArxivId.parse(paper_id)
    except InvalidArxivIdError:
        return True
    return False


def _fetch(
    shop: Workshop,
    editions: Sequence[Edition],
    source_format: pipeline.Format,
    report: Report,
    last: dict[Edition, Outcome],
) -> Iterator[Edition]:
    stopped: Outcome | None = None
    shop.progress.start("fetch", len(editions))
    for edition in editions:
        if _was_given(edition.paper):
            last[edition] = Outcome(*edition, "fetch", "done", fresh=False)
            yield edition
            continue
        if stopped is not None:
            last[edition] = Outcome(*edition, "fetch", "failed", stopped.reason, "waits for the next run")
            continue
        outcome = last[edition] = pipeline.fetch_version(shop, edition, source_format)
        shop.progress.advance("fetch", edition.paper)
        if outcome.state == "done":
            yield edition
        elif pipeline.stops_fetching(outcome):
            stopped = outcome
            report.notes.append(f"fetching stopped: {outcome.message}")
    shop.progress.finish("fetch")


def settle_all(shop: Workshop, paper_ids: Iterable[str], report: Report, tally: Tally) -> None:
    """Settle papers one by one; each is a transaction of its own."""
    for paper_id in paper_ids:
        _settle(shop, paper_id, report, tally)


def _settle(shop: Workshop, paper_id: str, report: Report, tally: Tally) -> None:
    tally.enter("settle")
    before = shop.store.record_digest(paper_id)
    try:
        outcome = pipeline.settle_paper(shop, paper_id)
    except VlmIngestError as error:  # one bad paper never stops a run
        paper = shop.store.paper(paper_id)
        outcome = Outcome(paper_id, paper.version if paper else 1, "settle", "failed", "settle", str(error))
    tally.leave(outcome)
    if shop.store.record_digest(paper_id) != before:
        report.processed.append(paper_id)


def tracked(shop: Workshop, stage: str, total: int, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Pass outcomes on and tell the progress."""
    shop.progress.start(stage, total)
    for outcome in outcomes:
        shop.progress.advance(stage, outcome.paper)
        yield outcome
    shop.progress.finish(stage)


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of at most `size` items, in order."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
