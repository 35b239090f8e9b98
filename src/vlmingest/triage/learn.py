"""Training the linear model from labelled papers; needs scikit-learn (extra `train`), the product reads plain JSON.

`topic` is fitted on model papers, and with less weight on related ones (adaptations, training recipes, add-ons: a list may
want them), against the stream, the more of it the better, and against papers about such models that propose none. A stream
hides model papers: as many as it should hold, the most suspicious of it, are left out and the fit is made again. `kind` is
fitted on model papers against the other papers of the topic. All figures are out of fold; papers of one family stay in one
fold, so that a near copy does not tell.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

from vlmingest.errors import MissingExtraError
from vlmingest.records import PaperMetadata
from vlmingest.triage.families import name_stem
from vlmingest.triage.rules import found_cues
from vlmingest.triage.topic import Topic
from vlmingest.triage.words import Weights, counts

Mark = Literal["model", "related", "off-kind", "stream"]

KEPT_TERMS = 30_000
MIN_COUNT = 5
FOLDS = 5
CUE_SCALE = 0.07  # a cue beside words of length 1: larger, and the rows drown what the words have learned
MODEL_WEIGHT = 20.0
RELATED_WEIGHT = 2.0
TOPIC_C = 30.0  # rare words of few papers must count: a small C keeps recipes and add-ons out
RELATED_IN_KIND = 0.5  # a related paper is less sure to be no model than a survey
RECALLS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 1.0)
SHARES = (0.01, 0.02, 0.04, 0.08, 0.128)
_MARGIN = 0.1  # under the lowest kind sum that was seen: the next model paper may lie lower
PREVALENCE = 0.01  # model papers in the stream: 0.5-1.5 %
SUSPICIOUS = PREVALENCE  # share of the stream that looks most like model papers and is not held against them


class Sample(NamedTuple):
    """A labelled paper. `group`: which set its figures are reported under; `counted`: in recall and stream share."""

    paper: PaperMetadata
    mark: Mark
    group: str
    counted: bool = True


@dataclass(frozen=True)
class Fit:
    """Weights of terms and cues and the bias of one regression."""

    terms: Any
    cues: Any
    bias: float


@dataclass
class Figures:
    """What was measured out of fold, for the data card and for a person."""

    lines: list[tuple[float, float, float, float]] = field(default_factory=list)  # see `recall_lines`
    recall_at: dict[float, float] = field(default_factory=dict)  # share of the stream -> recall
    missed: list[tuple[str, float]] = field(default_factory=list)  # model papers ranked last, with their share
    groups: dict[str, dict[str, float]] = field(default_factory=dict)  # group -> label -> share

    def text(self) -> list[str]:
        """Plain lines."""
        shares = ", ".join(f"{recall:.3f} at {share:.1%}" for share, recall in self.recall_at.items())
        found = [f"recall at a flagged share of the stream: {shares}"]
        found += [f"recall {recall:.2f} flags {share:.3f} of the stream" for recall, _, _, share in self.lines]
        found += [
            f"{group}: " + ", ".join(f"{label} {share:.3f}" for label, share in labels.items())
            for group, labels in self.groups.items()
        ]
        return [*found, "ranked last: " + ", ".join(f"{paper} ({share:.1%})" for paper, share in self.missed)]


def sklearn() -> tuple[Any, Any, Any]:
    """numpy, scipy.sparse and LogisticRegression; raises MissingExtraError with the remedy."""
    try:
        import numpy as np  # noqa: PLC0415 - the extra `train`
        from scipy import sparse  # type: ignore[import-untyped]  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("train", "training the triage model") from error
    return np, sparse, LogisticRegression


class Features:
    """Papers as rows: words scaled to length 1 over the chosen terms, then cues, then `extra` columns."""

    def __init__(self, papers: Sequence[PaperMetadata], topic: Topic, terms: Mapping[str, float] | None = None) -> None:
        """`terms` (feature -> idf): the words to use; None: the most frequent ones of these papers."""
        self.np, self.sparse, _ = sklearn()
        self.cue_ids = [cue.id for cue in topic.rules.cues if not cue.veto]
        self.idf = dict(terms) if terms is not None else _frequent(papers)
        self.names = list(self.idf)
        self.words, self.cues = self._columns(papers, topic)
        self.rows = self.sparse.hstack([self.words, self.cues * CUE_SCALE]).tocsr()

    def _columns(self, papers: Sequence[PaperMetadata], topic: Topic) -> tuple[Any, Any]:
        """Words and cues, paper by paper: the counts of a whole stream would fill the memory."""
        column = {name: number for number, name in enumerate(self.names)}
        cue_column = {name: number for number, name in enumerate(self.cue_ids)}
        data, indices, starts = array("d"), array("i"), array("q", [0])
        marks = self.np.zeros((len(papers), len(cue_column)))
        for row, paper in enumerate(papers):
            bag = counts(paper.title, paper.abstract)
            known = [
                (column[word], (1 + math.log(count)) * self.idf[word]) for word, count in bag.items() if word in column
            ]
            norm = math.sqrt(sum(value * value for _, value in known)) or 1.0
            data.extend(value / norm for _, value in known)
            indices.extend(number for number, _ in known)
            starts.append(len(data))
            for cue in found_cues(paper, topic.rules, bag.keys()):
                if cue.id in cue_column:
                    marks[row, cue_column[cue.id]] = 1
        shape = (len(papers), len(column))
        return self.sparse.csr_matrix((data, indices, starts), shape=shape), self.sparse.csr_matrix(marks)

    def sums(self, rows: Sequence[int], fit: Fit) -> Any:
        """The sums of some papers."""
        return self.words[rows] @ fit.terms + self.cues[rows] @ fit.cues + fit.bias


def _frequent(papers: Sequence[PaperMetadata]) -> dict[str, float]:
    """The most frequent features with their idf, two decimals as stored, in the order of their names."""
    seen = Counter(word for paper in papers for word in counts(paper.title, paper.abstract))
    chosen = sorted((-count, word) for word, count in seen.items() if count >= MIN_COUNT)[:KEPT_TERMS]
    return {word: round(math.log((1 + len(papers)) / (1 - count)) + 1, 2) for count, word in sorted(chosen, key=_name)}


def _name(pair: tuple[int, str]) -> str:
    return pair[1]


def fit_topic(features: Features, positive: Mapping[int, float], stream: Sequence[int], near: Sequence[int]) -> Fit:
    """Wanted papers (row -> weight) against the stream and near misses, twice: at last without what looks like hidden ones."""
    np, _, _ = sklearn()
    once = _regression(features, positive, dict.fromkeys([*stream, *near], 1.0), c=TOPIC_C)
    sums = features.sums(stream, once)
    line = np.quantile(sums, 1 - SUSPICIOUS)
    plain = [row for row, value in zip(stream, sums, strict=True) if value < line]
    return _regression(features, positive, dict.fromkeys([*plain, *near], 1.0), c=TOPIC_C)


def fit_kind(features: Features, model: Sequence[int], others: Mapping[int, float]) -> Fit:
    """Model papers against papers of the same topic that propose none (row -> weight)."""
    share = sum(others.values()) / max(len(model), 1)
    return _regression(features, dict.fromkeys(model, share), others, c=1.0)


def _regression(features: Features, positive: Mapping[int, float], negative: Mapping[int, float], c: float) -> Fit:
    _, _, regression = sklearn()
    marks = [1] * len(positive) + [0] * len(negative)
    weights = [*positive.values(), *negative.values()]
    model = regression(C=c, max_iter=400, solver="liblinear", random_state=0)
    model.fit(features.rows[[*positive, *negative]], marks, sample_weight=weights)
    split = len(features.names)
    coefficients = model.coef_[0]
    return Fit(coefficients[:split], coefficients[split:] * CUE_SCALE, float(model.intercept_[0]))


def folds(samples: Sequence[Sample], seed: int) -> list[int]:
    """A fold per sample; papers of one family (the stem of the name in the title) share theirs."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable shuffle
    families: dict[str, list[int]] = {}
    for row, sample in enumerate(samples):
        stem = name_stem(sample.paper.title) if sample.mark != "stream" else ""
        families.setdefault(f"{sample.mark}:{sample.group}:{stem or sample.paper.id}", []).append(row)
    result = [0] * len(samples)
    by_group: dict[str, list[str]] = {}
    for key in families:
        by_group.setdefault(key.rsplit(":", 1)[0], []).append(key)
    for keys in by_group.values():
        rng.shuffle(keys)
        for number, key in enumerate(keys):
            for row in families[key]:
                result[row] = number % FOLDS
    return result


def out_of_fold(features: Features, samples: Sequence[Sample], seed: int) -> tuple[list[float], list[float]]:
    """Topic and kind sums of every sample, by fits that have not seen it; uncounted stream papers are only trained on."""
    fold = folds(samples, seed)
    topic, kind = [0.0] * len(samples), [0.0] * len(samples)
    for number in range(FOLDS):
        train = [row for row, sample in enumerate(samples) if fold[row] != number or not sample.counted]
        test = [row for row, sample in enumerate(samples) if fold[row] == number and sample.counted]
        by_topic, by_kind = fit_both(features, samples, train)
        for row, at, by in zip(test, features.sums(test, by_topic), features.sums(test, by_kind), strict=True):
            topic[row], kind[row] = float(at), float(by)
    return topic, kind


def fit_both(features: Features, samples: Sequence[Sample], rows: Sequence[int]) -> tuple[Fit, Fit]:
    """Both regressions over some samples."""
    of = {mark: [row for row in rows if samples[row].mark == mark] for mark in get_args(Mark)}
    wanted = dict.fromkeys(of["model"], MODEL_WEIGHT) | dict.fromkeys(of["related"], RELATED_WEIGHT)
    others = dict.fromkeys(of["off-kind"], 1.0) | dict.fromkeys(of["related"], RELATED_IN_KIND)
    return (
        fit_topic(features, wanted, of["stream"], of["off-kind"]),
        fit_kind(features, of["model"], others),
    )


# --- lines and figures -----------------------------------------------------------------------------------------


def recall_lines(
    model: Sequence[tuple[float, float]], stream: Sequence[tuple[float, float]]
) -> list[tuple[float, float, float, float]]:
    """(recall, topic sum that reaches it, kind sum under which nothing counts, share of the stream flagged by both).

    Pairs are (topic sum, kind sum). The kind line lies under every model paper that reaches the topic line, so that it
    takes nothing of the recall.
    """
    ranked = sorted(model, reverse=True)
    found = []
    for recall in RECALLS:
        number = min(math.ceil(recall * len(ranked) - 1e-9), len(ranked))
        line = math.floor(ranked[number - 1][0] * 10_000) / 10_000  # rounded up, it would lose its own paper
        drop = min(kind for _, kind in ranked[:number]) - _MARGIN
        share = sum(topic >= line and kind >= drop for topic, kind in stream) / max(len(stream), 1)
        found.append((recall, line, round(drop, 4), round(share, 4)))
    return found


def share_from(sums: Sequence[float], line: float) -> float:
    """The share of sums that reach a line."""
    return sum(value >= line for value in sums) / max(len(sums), 1)


def model_line(near: Sequence[tuple[float, float]], line: float, drop: float, as_model: float) -> float:
    """The kind sum over which a flagged paper is a `model`: at most `as_model` of the near misses are."""
    flagged = sorted((kind for topic, kind in near if topic >= line and kind >= drop), reverse=True)
    place = int(as_model * len(near))
    return round(flagged[place] if place < len(flagged) else drop, 4)


def calibration(model: Sequence[float], stream: Sequence[float]) -> tuple[float, float]:
    """Slope and offset of the curve from topic sum to probability, at PREVALENCE model papers in the stream."""
    np, _, regression = sklearn()
    sums = np.array([[value] for value in (*model, *stream)])
    marks = [1] * len(model) + [0] * len(stream)
    weights = [PREVALENCE / len(model)] * len(model) + [(1 - PREVALENCE) / len(stream)] * len(stream)
    fitted = regression(C=1e3).fit(sums, marks, sample_weight=np.array(weights) * len(marks))
    return round(float(fitted.coef_[0][0]), 4), round(float(fitted.intercept_[0]), 4)


def weights_json(
    features: Features,
    fits: tuple[Fit, Fit],
    lines: Sequence[tuple[Any, ...]],
    model_at: float,
    curve: tuple[float, float],
    card: Mapping[str, object],
) -> bytes:
    """The file that the product reads: whole numbers, sorted keys, one line."""
    topic, kind = fits
    rows = zip(features.names, topic.terms, kind.terms, strict=True)
    content = {
        "card": dict(card),
        "bias": [round(topic.bias, 4), round(kind.bias, 4)],
        "terms": {word: [round(features.idf[word] * 100), round(a * 1000), round(b * 1000)] for word, a, b in rows},
        "cues": {
            name: [round(float(a), 4), round(float(b), 4)]
            for name, a, b in zip(features.cue_ids, topic.cues, kind.cues, strict=True)
        },
        "lines": [list(line) for line in lines],
        "model_at": model_at,
        "calibration": list(curve),
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return (text + "\n").encode()


def labels_digest(samples: Sequence[Sample]) -> str:
    """A hash over which papers carried which mark."""
    rows = sorted([sample.paper.id, sample.mark] for sample in samples)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def known_terms(weights: Weights) -> dict[str, float]:
    """The words of a trained model with their idf."""
    return {word: row[0] / 100 for word, row in weights.terms.items()}
