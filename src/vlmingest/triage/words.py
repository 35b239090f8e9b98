"""The linear triage model: words and word pairs of a title and an abstract, and their weights in `weights.json`.

A feature is a lower-case word, a pair of neighbours (`vision language`), or a word or pair of the title (`t_survey`).
Its value is `(1 + ln count) * idf`, and the values of a paper are scaled to length 1 over the features that the model
knows, so that long abstracts do not weigh more. Two logistic regressions share the features: `topic` tells model papers
from the stream, `kind` tells them from surveys, benchmarks, data sets and applications of the same topic. Both are
trained by tools/train_triage.py.
"""

from __future__ import annotations

import heapq
import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources

_WORD = re.compile(r"\w\w+")


def counts(title: str, abstract: str) -> Counter[str]:
    """The features of a paper and how often each occurs."""
    head = _WORD.findall(title.lower())
    words = [*head, *_WORD.findall(abstract.lower()), *(f"t_{word}" for word in head)]
    found = Counter(words)
    found.update(map(" ".join, zip(words, words[1:], strict=False)))
    return found


@dataclass(frozen=True, slots=True)
class Weights:
    """The stored model. `terms`: feature -> (idf, topic weight, kind weight); thresholds are on the raw sums."""

    card: dict[str, object]
    terms: dict[str, list[int]]  # hundredths (idf) and thousandths (weights)
    topic_bias: float
    kind_bias: float
    flag_at: dict[str, float]  # a recall of model papers or a share of the stream -> topic sum
    target: str  # the one of `flag_at` that decides
    model_at: float  # kind sum over which a flagged paper is a `model`
    drop_at: float  # kind sum under which a flagged paper is a `no`
    slope: float
    offset: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The two sums of a paper, and the words that moved the topic sum most: (word, share of the sum)."""

    topic: float
    kind: float
    words: tuple[tuple[str, float], ...]


@cache
def load_weights() -> Weights:
    """The weights of this package, parsed once."""
    data = json.loads(resources.files(__package__).joinpath("weights.json").read_bytes())
    return Weights(
        card=data["card"],
        terms=data["terms"],
        topic_bias=data["bias"][0],
        kind_bias=data["bias"][1],
        flag_at=data["flag_at"],
        target=data["target"],
        model_at=data["model_at"],
        drop_at=data["drop_at"],
        slope=data["calibration"][0],
        offset=data["calibration"][1],
    )


def weigh(title: str, abstract: str, weights: Weights, strongest: int = 3) -> Verdict:
    """The sums of both regressions for a paper, with the `strongest` words by size of their share."""
    square = topic = kind = 0.0
    known: list[tuple[float, str, float]] = []
    terms = weights.terms
    found = counts(title, abstract)
    for word, count in found.items():
        row = terms.get(word)
        if row is None:
            continue
        value = row[0] if count == 1 else row[0] * (1 + math.log(count))
        square += value * value
        share = value * row[1]
        topic += share
        kind += value * row[2]
        known.append((-abs(share), word, share))
    norm = 1000 * math.sqrt(square) if square else 1.0
    words = tuple((word, share / norm) for _, word, share in heapq.nsmallest(strongest, known))
    return Verdict(weights.topic_bias + topic / norm, weights.kind_bias + kind / norm, words)
