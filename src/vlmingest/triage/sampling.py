"""How many model papers triage misses: a weekly random sample of what it discards, and exact limits for the rate.

Pure: which papers, and what their verdicts say. The limits are those of Clopper and Pearson (Biometrika 26, 1934):
they hold for any size of sample, also where nothing was missed.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

_STEPS = 60  # halvings of 0..1: more than a float can tell apart


class Estimate(NamedTuple):
    """What the verdicts on `judged` sampled papers say of all `discarded` ones; `missed` of the judged were models."""

    judged: int
    missed: int
    discarded: int
    low: float  # limits of the share of models among the discarded
    high: float

    @property
    def papers(self) -> tuple[int, int]:
        """Missed papers among the discarded: at least those that were seen, at most."""
        return max(math.floor(self.low * self.discarded), self.missed), math.ceil(self.high * self.discarded)

    def text(self, confidence: float = 0.95) -> str:
        """One plain line."""
        if not self.judged:
            return f"{self.discarded} papers are under the line; no sampled one was judged yet"
        low, high = self.papers
        return (
            f"{self.missed} of {self.judged} sampled papers were models: of the {self.discarded} papers under the line "
            f"{low} to {high} are missed ({confidence:.0%} sure)"
        )


def draw(paper_ids: Iterable[str], week: str, size: int) -> list[str]:
    """`size` of the papers at random, the same for the same week on every machine."""
    ranked = sorted((hashlib.sha256(f"{week} {paper}".encode()).digest(), paper) for paper in paper_ids)
    return sorted(paper for _, paper in ranked[: max(size, 0)])


def estimate(judged: int, missed: int, discarded: int, confidence: float = 0.95) -> Estimate:
    """The estimate of `missed` models among `judged` sampled papers."""
    low, high = clopper_pearson(missed, judged, confidence)
    return Estimate(judged, missed, discarded, low, high)


def clopper_pearson(hits: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Exact limits of a share of which `hits` of `trials` were seen; (0, 1) without trials."""
    if not 0 <= hits <= trials:
        raise ValueError(f"{hits} of {trials}")
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else _solve(lambda share: 1 - _at_most(hits - 1, trials, share) < tail)
    high = 1.0 if hits == trials else _solve(lambda share: _at_most(hits, trials, share) > tail)
    return low, high


def _solve(is_below: Callable[[float], bool]) -> float:
    """The share at which a predicate that holds for small shares stops to hold."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def _at_most(hits: int, trials: int, share: float) -> float:
    """The chance of at most `hits` in `trials` at a share strictly between 0 and 1."""
    log_share, log_rest = math.log(share), math.log1p(-share)
    whole = math.lgamma(trials + 1)
    return math.fsum(
        math.exp(whole - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * log_share + (trials - k) * log_rest)
        for k in range(hits + 1)
    )
