"""Weights learned over the present ones from what reviewers decided; a few verdicts move them a little.

The present sum stands beside the words and cues as one free column, everything else is held small: where verdicts say
nothing, the old weights decide. The lines move with the mean change of the sums over the stored papers, so that about
as many papers are flagged as before. Pure, but for scikit-learn (extra `train`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from vlmingest.errors import TooFewVerdictsError
from vlmingest.records import PaperMetadata
from vlmingest.triage import learn
from vlmingest.triage.learn import Features, Fit, Sample
from vlmingest.triage.topic import Topic
from vlmingest.triage.words import Line

FEWEST = 3  # accepted papers, and rejected ones
_C = 0.5  # how far verdicts may move a weight
_STREAM_WEIGHT = 0.2  # of all negative weight: a stored paper that nobody judged is hardly a negative
_FREE = 10.0  # a column of this scale is not held small
_FOLDS = 4


class Measured(NamedTuple):
    """How well sums tell accepted from rejected papers: the share of pairs in the right order, out of fold."""

    before: float
    after: float


class Retrained(NamedTuple):
    """The new file, and what changed."""

    data: bytes
    topic: Measured
    kind: Measured
    accepted: int
    rejected: int


def retrain(
    topic: Topic,
    accepted: Sequence[PaperMetadata],
    rejected: Sequence[PaperMetadata],
    stored: Sequence[PaperMetadata],
) -> Retrained:
    """New weights for a topic; `stored`: papers that nobody judged. Raises TooFewVerdictsError, MissingExtraError."""
    if min(len(accepted), len(rejected)) < FEWEST:
        raise TooFewVerdictsError(len(accepted), len(rejected), FEWEST)
    samples = [Sample(paper, "model", "accepted") for paper in accepted]
    samples += [Sample(paper, "off-kind", "rejected") for paper in rejected]
    samples += [Sample(paper, "stream", "stored", False) for paper in stored]
    terms = learn.known_terms(topic.weights) or None
    features = Features([sample.paper for sample in samples], topic, terms)
    base = _present(features, topic)
    fits = tuple(_over(features, present, samples, with_stream=number == 0) for number, present in enumerate(base))
    judged = range(len(accepted) + len(rejected))
    measured = tuple(
        _measure(features, present, samples, judged, with_stream=number == 0) for number, present in enumerate(base)
    )
    everything = range(len(samples))
    moves = [float((features.sums(everything, new) - features.sums(everything, old)).mean())
             for new, old in zip(fits, base, strict=True)]  # fmt: skip
    card = {
        "what": "weights retrained from reviewers' verdicts over those of the card below",
        "accepted": len(accepted),
        "rejected": len(rejected),
        "stored": len(stored),
        "labels_sha256": learn.labels_digest(samples[: len(judged)]),
        "measured": {name: {"before": one.before, "after": one.after} for name, one in
                     zip(("topic", "kind"), measured, strict=True)},
        "base": topic.weights.card,
    }  # fmt: skip
    lines = [_moved(line, *moves) for line in topic.weights.lines]
    curve = (topic.weights.slope, round(topic.weights.offset - topic.weights.slope * moves[0], 4))
    model_at = round(topic.weights.model_at + moves[1], 4)
    data = learn.weights_json(features, (fits[0], fits[1]), lines, model_at, curve, card)
    return Retrained(data, measured[0], measured[1], len(accepted), len(rejected))


def _present(features: Features, topic: Topic) -> tuple[Fit, Fit]:
    """The present weights as fits over the columns of `features`."""
    np, _, _ = learn.sklearn()
    weights = topic.weights
    rows = [weights.terms.get(name, [0, 0, 0]) for name in features.names]
    pairs = [weights.cues.get(name, (0.0, 0.0)) for name in features.cue_ids]
    found = []
    for number, bias in enumerate((weights.topic_bias, weights.kind_bias)):
        terms = np.array([row[number + 1] / 1000 for row in rows])
        found.append(Fit(terms, np.array([pair[number] for pair in pairs]), bias))
    return found[0], found[1]


def _over(
    features: Features,
    base: Fit,
    samples: Sequence[Sample],
    *,
    with_stream: bool,
    rows: Sequence[int] | None = None,
) -> Fit:
    """The base with what the samples of `rows` (None: all) teach beyond it, on the base's scale."""
    np, sparse, regression = learn.sklearn()
    chosen = [
        row for row in (range(len(samples)) if rows is None else rows) if with_stream or samples[row].mark != "stream"
    ]
    marks = [int(samples[row].mark == "model") for row in chosen]
    sums = features.sums(chosen, base)
    spread = float(sums.std()) or 1.0
    free = sparse.csr_matrix(((sums - sums.mean()) / spread * _FREE).reshape(-1, 1))
    model = regression(C=_C, max_iter=500, solver="liblinear", random_state=0)
    model.fit(sparse.hstack([free, features.rows[chosen]]).tocsr(), marks, sample_weight=_balance(samples, chosen))
    first, *_ = model.coef_[0]
    scale = float(first) * _FREE / spread
    if scale <= 0:  # verdicts against the present order: keep its scale, let words and cues speak
        scale = 1.0
    split = 1 + len(features.names)
    terms, cues = model.coef_[0][1:split] / scale, model.coef_[0][split:] * learn.CUE_SCALE / scale
    return Fit(np.asarray(base.terms + terms), np.asarray(base.cues + cues), base.bias)


def _balance(samples: Sequence[Sample], rows: Sequence[int]) -> list[float]:
    """Accepted papers weigh as much as everything else; the stored ones little beside the rejected."""
    count = {mark: sum(samples[row].mark == mark for row in rows) for mark in ("model", "off-kind", "stream")}
    negative = max(count["model"], 1)
    share = _STREAM_WEIGHT if count["stream"] else 0.0
    each = {
        "model": 1.0,
        "off-kind": (1 - share) * negative / max(count["off-kind"], 1),
        "stream": share * negative / max(count["stream"], 1),
    }
    return [each[samples[row].mark] for row in rows]


def _measure(
    features: Features, base: Fit, samples: Sequence[Sample], judged: Sequence[int], *, with_stream: bool
) -> Measured:
    fold = learn.folds(samples, seed=0)
    sums: dict[int, float] = {}
    for number in range(_FOLDS):
        test = [row for row in judged if fold[row] % _FOLDS == number]
        train = [row for row in range(len(samples)) if row not in set(test)]
        if test and {samples[row].mark for row in train} >= {"model", "off-kind"}:
            fit = _over(features, base, samples, with_stream=with_stream, rows=train)
            sums.update(zip(test, map(float, features.sums(test, fit)), strict=True))
    before = {row: float(value) for row, value in zip(judged, features.sums(judged, base), strict=True)}
    return Measured(_in_order(before, samples), _in_order(sums, samples))


def _in_order(sums: dict[int, float], samples: Sequence[Sample]) -> float:
    """The share of (accepted, rejected) pairs of which the accepted one has the higher sum; ties count half."""
    high = [value for row, value in sums.items() if samples[row].mark == "model"]
    low = [value for row, value in sums.items() if samples[row].mark != "model"]
    pairs = [(one > other) + (one == other) / 2 for one in high for other in low]
    return round(sum(pairs) / len(pairs), 4) if pairs else 0.5


def _moved(line: Line, topic: float, kind: float) -> tuple[Any, ...]:
    return (line.recall, round(line.topic + topic, 4), round(line.drop + kind, 4), line.share)
