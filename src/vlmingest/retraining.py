"""`triage train`: from the verdicts of a database to weights in its data folder, with what changes by it."""

from __future__ import annotations

from typing import NamedTuple

from vlmingest.files import write_out
from vlmingest.records import Label, PaperMetadata
from vlmingest.topics import weights_path
from vlmingest.triage import explain_paper
from vlmingest.triage.retrain import Retrained, retrain
from vlmingest.workshop import Workshop

_MOST_STORED = 20_000  # unjudged papers that training looks at


class Change(NamedTuple):
    """A paper whose label the new weights change."""

    paper: str
    title: str
    before: Label
    after: Label
    score_before: float
    score_after: float


class Outcome(NamedTuple):
    """What was learned, what it changes, and whether it was kept."""

    result: Retrained
    changes: list[Change]
    path: str
    kept: bool


def train(shop: Workshop, *, dry_run: bool = False) -> Outcome:
    """Retrain over the present weights; raises TooFewVerdictsError and MissingExtraError. `dry_run` keeps nothing."""
    store = shop.store
    verdicts = dict(store.whole_verdicts())
    for entry in store.entries():  # what the list publishes was accepted, if nobody says otherwise
        verdicts.update({paper: "accept" for paper in entry.papers if paper not in verdicts})
    papers = [paper for paper in map(store.paper, store.paper_ids()) if paper is not None]
    of: dict[str | None, list[PaperMetadata]] = {"accept": [], "reject": [], None: []}
    for paper in papers:
        if paper.title and paper.abstract:
            of[verdicts.get(paper.id)].append(paper)
    result = retrain(shop.topic, of["accept"], of["reject"], of[None][-_MOST_STORED:])
    path = weights_path(shop.settings)
    after = shop.topic.with_weights(result.data, str(path))
    changes = []
    for paper in papers:
        old = explain_paper(paper, shop.topic, shop.triage_recall).relevance
        new = explain_paper(paper, after, shop.triage_recall).relevance
        if old.label != new.label:
            changes.append(Change(paper.id, paper.title, old.label, new.label, old.score, new.score))
    if not dry_run:
        write_out(path, result.data)
    return Outcome(result, changes, str(path), not dry_run)


def reset(shop: Workshop) -> bool:
    """Back to the topic's own weights; False where nothing was retrained."""
    path = weights_path(shop.settings)
    if not path.is_file():
        return False
    path.unlink()
    return True
