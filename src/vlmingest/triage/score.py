"""The relevance score of a paper's metadata: a linear model over cues and words decides, the same cues and words say why.

The topic sum decides what is flagged, at the line of the recall that is asked for; the kind sum decides between `model`
and `maybe`, and turns what is surely a survey, a benchmark or the like into `no`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from vlmingest.records import Label, PaperMetadata, Relevance
from vlmingest.triage.rules import Cue, found_cues
from vlmingest.triage.topic import Topic, load_topic
from vlmingest.triage.words import Line, Share, Verdict, Weights, counts, weigh

TRIAGE_VERSION = "linear.v2"
DEFAULT_RECALL = 0.97


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score with what made it: sums, the line that was held against them, shares of cues and words."""

    relevance: Relevance
    topic: float
    kind: float
    line: Line
    model_at: float
    cues: tuple[tuple[Cue, Share], ...]
    words: tuple[Share, ...]


def worth_scoring(line: str, topic: Topic | None = None) -> bool:
    """The first filter on a raw metadata line: False when no word of the topic is in it.

    Such a paper would be a `no` for `score_paper`, too: the filter loses nothing.
    """
    return (topic or load_topic()).rules.is_on_topic(line.lower())


def score_paper(paper: PaperMetadata, topic: Topic | None = None, recall: float = DEFAULT_RECALL) -> Relevance:
    """Label, probability of a model paper by topic (0..1), reasons by weight.

    `recall`: the share of model papers that must be found (0..1); more recall flags more. Without title and abstract
    the label is `maybe`.
    """
    return explain_paper(paper, topic, recall).relevance


def explain_paper(
    paper: PaperMetadata, topic: Topic | None = None, recall: float = DEFAULT_RECALL, strongest: int = 3
) -> Explanation:
    """The score with the share of every cue and of the `strongest` words."""
    topic = topic or load_topic()
    weights = topic.weights
    line = weights.line(recall)
    if not paper.title and not paper.abstract:
        reason = "no title and no abstract to judge by"
        relevance = Relevance(label="maybe", score=0.5, reasons=(reason,), model=TRIAGE_VERSION)
        return Explanation(relevance, 0.0, 0.0, line, weights.model_at, (), ())
    found = counts(paper.title, paper.abstract)
    cues = found_cues(paper, topic.rules, found.keys())
    verdict = weigh(found, cues, weights, strongest)
    on_topic = topic.rules.is_on_topic(paper.title.lower(), paper.abstract.lower(), paper.comment.lower())
    label = _label(verdict, weights, line, cues) if on_topic else "no"
    marked = sorted(zip(cues, verdict.cues, strict=True), key=lambda pair: -abs(pair[1].topic) - abs(pair[1].kind))
    relevance = Relevance(
        label=label,
        score=_score(verdict, weights, line, label),
        reasons=(*(() if on_topic else ("- no word of the topic",)), *_reasons(verdict, line, marked)),
        model=TRIAGE_VERSION,
    )
    return Explanation(relevance, verdict.topic, verdict.kind, line, weights.model_at, tuple(marked), verdict.words)


def _label(verdict: Verdict, weights: Weights, line: Line, cues: list[Cue]) -> Label:
    if verdict.topic < line.topic or verdict.kind < line.drop or any(cue.veto for cue in cues):
        return "no"
    return "model" if verdict.kind > weights.model_at else "maybe"


def _score(verdict: Verdict, weights: Weights, line: Line, label: Label) -> float:
    """The probability by topic; what is on topic but dropped by its kind ranks just under the line."""
    topic = min(verdict.topic, line.topic - 0.01) if label == "no" else verdict.topic
    return round(_logistic(weights.slope * topic + weights.offset), 4)


def _logistic(value: float) -> float:
    """1 / (1 + e^-value) without overflow at either end."""
    return (1 + math.tanh(value / 2)) / 2


def _reasons(verdict: Verdict, line: Line, found: list[tuple[Cue, Share]]) -> tuple[str, ...]:
    """What speaks against a model by kind, cues by weight, then the words that moved the topic sum most."""
    cues = [f"{sign(mark.topic + mark.kind)} {cue.reason}" for cue, mark in found] or ["no cue of a model paper"]
    words = [f"{sign(share.topic)} word: {shown(share.feature)}" for share in verdict.words]
    off_kind = verdict.topic >= line.topic and verdict.kind < line.drop
    kind = ["- on topic, but worded like a survey, benchmark, data set or application"]
    return (*(kind if off_kind else ()), *cues, *words)


def sign(value: float) -> str:
    """Which way a share counts."""
    return "+" if value > 0 else "-"


def shown(word: str) -> str:
    """A feature for a person: `t_survey of` is `survey of (title)`."""
    plain = " ".join(part.removeprefix("t_") for part in word.split(" "))
    return f"'{plain}' (title)" if word.startswith("t_") else f"'{plain}'"
