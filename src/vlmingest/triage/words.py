"""The linear triage model: words, word pairs and cues, and their weights in `weights.json`.

A feature is a lower-case word, a pair of neighbours (`vision language`), a word or pair of the title (`t_survey`), or a
cue of rules.toml. The value of a word is `(1 + ln count) * idf`, and the words of a paper are scaled to length 1 over
those that the model knows, so that long abstracts do not weigh more; a cue counts 1. Two logistic regressions share
the features: `topic` tells model papers from the stream, `kind` tells them from surveys, benchmarks, data sets and
applications of the same topic. Both are trained by `vlmingest.triage.learn`.
"""

from __future__ import annotations

import heapq
import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from vlmingest.errors import DataFileError
from vlmingest.triage.rules import Cue

_WORD = re.compile(r"\w\w+")


def counts(title: str, abstract: str) -> Counter[str]:
    """The words and pairs of a paper and how often each occurs."""
    head = _WORD.findall(title.lower())
    words = [*head, *_WORD.findall(abstract.lower()), *(f"t_{word}" for word in head)]
    found = Counter(words)
    found.update(map(" ".join, zip(words, words[1:], strict=False)))
    return found


class Line(NamedTuple):
    """Papers with sums from `topic` and `drop` (kind) on are flagged: `recall` of the model papers, `share` of all."""

    recall: float
    topic: float
    drop: float
    share: float | None


@dataclass(frozen=True, slots=True)
class Weights:
    """The stored model. `terms`: feature -> idf in hundredths, topic and kind weight in thousandths."""

    card: dict[str, object]
    terms: dict[str, list[int]]
    cues: dict[str, tuple[float, float]]
    topic_bias: float
    kind_bias: float
    lines: tuple[Line, ...]  # by rising recall
    model_at: float  # kind sum over which a flagged paper is a `model`
    slope: float
    offset: float

    def line(self, recall: float) -> Line:
        """The first line that finds at least `recall` of the model papers; the last one where none does."""
        return next((line for line in self.lines if line.recall >= recall - 1e-9), self.lines[-1])


class Share(NamedTuple):
    """What one feature adds to the sums."""

    feature: str  # a word, or the id of a cue
    topic: float
    kind: float


class Verdict(NamedTuple):
    """The two sums of a paper, and what moved the topic sum most: words, then cues."""

    topic: float
    kind: float
    words: tuple[Share, ...]
    cues: tuple[Share, ...]


def parse_weights(data: bytes, where: str) -> Weights:
    """The weights of a JSON file; raises DataFileError."""
    try:
        found = json.loads(data)
        return Weights(
            card=found["card"],
            terms=found["terms"],
            cues={name: (pair[0], pair[1]) for name, pair in found["cues"].items()},
            topic_bias=found["bias"][0],
            kind_bias=found["bias"][1],
            lines=tuple(Line(*line) for line in found["lines"]),
            model_at=found["model_at"],
            slope=found["calibration"][0],
            offset=found["calibration"][1],
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise DataFileError(where, f"cannot be read as triage weights ({type(error).__name__}: {error})") from error


def weigh(found: Counter[str], cues: Sequence[Cue], weights: Weights, strongest: int = 3) -> Verdict:
    """The sums of both regressions for the counts and cues of a paper, with the `strongest` words."""
    square = topic = kind = 0.0
    known: list[tuple[float, str, float, float]] = []
    terms = weights.terms
    for word, count in found.items():
        row = terms.get(word)
        if row is None:
            continue
        value = row[0] if count == 1 else row[0] * (1 + math.log(count))
        square += value * value
        share = value * row[1]
        topic += share
        kind += value * row[2]
        known.append((-abs(share), word, share, value * row[2]))
    norm = 1000 * math.sqrt(square) if square else 1.0
    words = tuple(Share(word, at / norm, by / norm) for _, word, at, by in heapq.nsmallest(strongest, known))
    marks = tuple(Share(cue.id, *weights.cues.get(cue.id, (0.0, 0.0))) for cue in cues)
    return Verdict(
        weights.topic_bias + topic / norm + sum(mark.topic for mark in marks),
        weights.kind_bias + kind / norm + sum(mark.kind for mark in marks),
        words,
        marks,
    )
