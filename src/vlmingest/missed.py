"""The weekly sample of what triage discards: put before a person, judged in the queue, told with exact limits."""

from __future__ import annotations

from datetime import date

from vlmingest.errors import InvalidVerdictError
from vlmingest.records import Action, Reason, ReviewItem, Verdict
from vlmingest.settings import Settings
from vlmingest.store import Store
from vlmingest.triage.sampling import Estimate, draw, estimate

_PRIORITY = 0.3  # under the questions on values of models, over deferred ones


def week_of(day: date) -> str:
    """The ISO week of a day: `2025-W23`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def draw_week(store: Store, settings: Settings, day: date) -> list[str]:
    """Put this week's sample into the queue, once a week; returns the papers that are new in it."""
    week = week_of(day)
    if settings.triage_sample <= 0 or store.samples(week):
        return []
    discarded = store.discarded_ids()
    drawn = draw(discarded, week, settings.triage_sample)
    with store.transaction():
        store.add_samples(week, len(discarded), drawn)
        for paper_id in drawn:
            store.ask(question(store, paper_id))
    return drawn


def question(store: Store, paper_id: str) -> ReviewItem:
    """Is this discarded paper a model paper after all?"""
    paper, said = store.paper(paper_id), store.relevance(paper_id)
    reason = f" ({said.reasons[0]}; score {said.score:.3f})" if said is not None and said.reasons else ""
    return ReviewItem(
        id=ReviewItem.make_id(paper_id, None, "", Reason.TRIAGE_SAMPLE),
        paper=paper_id,
        field=None,
        key="",
        value=paper.title if paper is not None else paper_id,
        reason=Reason.TRIAGE_SAMPLE,
        message=f"triage left this paper out{reason}: accept if it proposes a model, else reject",
        priority=_PRIORITY,
        confidence=said.score if said is not None else None,
    )


def missed(store: Store) -> Estimate:
    """What all judged samples say of the papers under the line."""
    labels = [sample.label for sample in store.samples() if sample.label is not None]
    return estimate(len(labels), labels.count("model"), store.discarded_count())


def answer(store: Store, item: ReviewItem, action: Action, *, by: str = "", note: str = "") -> Verdict:
    """A verdict on a sampled paper. Accepted, it is a model paper that the next run reads; rejected, it stays out."""
    if action not in ("accept", "reject", "defer"):
        raise InvalidVerdictError("triage-sample", action, "accept, reject or defer")
    verdict = Verdict(paper=item.paper, field=None, key="", action=action, by=by, note=note)
    with store.transaction():
        store.add_verdict(verdict)
        if action != "defer":
            store.judge_sample(item.paper, "model" if action == "accept" else "no")
        store.close_item(item.id, "deferred" if action == "defer" else "resolved")
    return verdict


def take_back(store: Store, verdict: Verdict) -> bool:
    """An undone verdict on a sampled paper opens its question again; False where the verdict is none of these."""
    if verdict.field is not None or verdict.key or not store.judge_sample(verdict.paper, None):
        return False
    store.close_item(ReviewItem.make_id(verdict.paper, None, "", Reason.TRIAGE_SAMPLE), "open")
    return True
