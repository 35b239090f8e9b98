"""The relevance score of a paper's metadata: a linear model decides, cue rows and its strongest words say why.

The topic sum of `weights.json` decides what is flagged, at the threshold of its target; the kind sum decides between
`model` and `maybe`, and turns what is surely a survey, a benchmark or the like into `no`.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from vlmingest.records import Label, PaperMetadata, Relevance
from vlmingest.triage.words import Verdict, Weights, load_weights, weigh

TRIAGE_VERSION = "linear.v1"


@dataclass(frozen=True, slots=True)
class Cue:
    """One row: a reason when found in its part of the metadata; `weight` gives rank and sign."""

    id: str
    reason: str
    part: str
    weight: float
    pattern: re.Pattern[str]
    veto: bool
    matches: tuple[str, ...]
    rejects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All cues, what lets them rescue a paper just under the line, and the words of the first filter."""

    bias: float
    rescue_at: float
    rescue_target: str
    cues: tuple[Cue, ...]
    first_words: tuple[bytes, ...]


@cache
def load_rules() -> Rules:
    """The rule rows of this package, compiled once."""
    data = tomllib.loads(resources.files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))
    cues = tuple(
        Cue(
            id=row["id"],
            reason=row["reason"],
            part=row["part"],
            weight=row["weight"],
            pattern=re.compile(row["pattern"]),
            veto=row.get("veto", False),
            matches=tuple(row["matches"]),
            rejects=tuple(row["rejects"]),
        )
        for row in data["cue"]
    )
    return Rules(
        data["bias"],
        data["rescue_at"],
        data["rescue_target"],
        cues,
        tuple(word.encode() for word in data["first_filter"]["words"]),
    )


def worth_scoring(line: bytes) -> bool:
    """The first filter on a raw metadata line: False when no word of images, video or language models is in it."""
    lowered = line.lower()
    return any(word in lowered for word in load_rules().first_words)


def score_paper(paper: PaperMetadata) -> Relevance:
    """Score title and abstract: label, probability of a model paper by topic (0..1), reasons by weight.

    Without title and abstract the label is `maybe`.
    """
    if not paper.title and not paper.abstract:
        return Relevance(
            label="maybe", score=0.5, reasons=("no title and no abstract to judge by",), model=TRIAGE_VERSION
        )
    weights = load_weights()
    verdict = weigh(paper.title, paper.abstract, weights)
    cues = _found(paper)
    return Relevance(
        label=_label(verdict, weights, cues),
        score=round(_logistic(weights.slope * verdict.topic + weights.offset), 4),
        reasons=_reasons(verdict, weights, cues),
        model=TRIAGE_VERSION,
    )


def _found(paper: PaperMetadata) -> list[Cue]:
    """The cues of a paper, by size of their weight."""
    parts = {"title": paper.title, "abstract": paper.abstract, "both": f"{paper.title}\n{paper.abstract}"}
    found = [cue for cue in load_rules().cues if cue.pattern.search(parts[cue.part])]
    return sorted(found, key=lambda cue: -abs(cue.weight))


def _label(verdict: Verdict, weights: Weights, cues: list[Cue]) -> Label:
    rules = load_rules()
    if any(cue.veto for cue in cues):
        return "no"
    if verdict.topic < weights.flag_at[weights.target]:
        near = verdict.topic >= weights.flag_at[rules.rescue_target]
        return "maybe" if near and rules.bias + sum(cue.weight for cue in cues) >= rules.rescue_at else "no"
    if verdict.kind < weights.drop_at:
        return "no"
    return "model" if verdict.kind > weights.model_at else "maybe"


def _logistic(value: float) -> float:
    """1 / (1 + e^-value) without overflow at either end."""
    return (1 + math.tanh(value / 2)) / 2


def _reasons(verdict: Verdict, weights: Weights, found: list[Cue]) -> tuple[str, ...]:
    """What speaks against a model by kind, cues by weight, then the words that moved the topic sum most."""
    cues = [f"{'+' if cue.weight > 0 else '-'} {cue.reason}" for cue in found] or ["no cue of a model paper"]
    words = [f"{'+' if share > 0 else '-'} word: {_shown(word)}" for word, share in verdict.words]
    on_topic = verdict.topic >= weights.flag_at[weights.target]
    kind = ["- on topic, but worded like a survey, benchmark, data set or application"]
    return (*(kind if on_topic and verdict.kind < weights.drop_at else ()), *cues, *words)


def _shown(word: str) -> str:
    """A feature for a person: `t_survey of` is `survey of (title)`."""
    plain = " ".join(part.removeprefix("t_") for part in word.split(" "))
    return f"'{plain}' (title)" if word.startswith("t_") else f"'{plain}'"
