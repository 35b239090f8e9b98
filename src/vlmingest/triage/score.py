"""The first relevance score: cue rows of `rules.toml`, summed as log-odds."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from vlmingest.records import Label, PaperMetadata, Relevance

TRIAGE_VERSION = "cues.v1"


@dataclass(frozen=True, slots=True)
class Cue:
    """One row: found once in its part of the metadata, it adds `weight` to the log-odds."""

    id: str
    reason: str
    part: str
    weight: float
    pattern: re.Pattern[str]
    matches: tuple[str, ...]
    rejects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All cues with the bias and the two thresholds."""

    bias: float
    model_at: float
    maybe_at: float
    cues: tuple[Cue, ...]


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
            matches=tuple(row["matches"]),
            rejects=tuple(row["rejects"]),
        )
        for row in data["cue"]
    )
    return Rules(data["bias"], data["model_at"], data["maybe_at"], cues)


def score_paper(paper: PaperMetadata) -> Relevance:
    """Score title and abstract; reasons in order of weight. Without title and abstract the label is `maybe`."""
    rules = load_rules()
    if not paper.title and not paper.abstract:
        return Relevance(label="maybe", score=0.5, reasons=("no title and no abstract to judge by",), model=TRIAGE_VERSION)
    parts = {"title": paper.title, "abstract": paper.abstract, "both": f"{paper.title}\n{paper.abstract}"}
    found = [cue for cue in rules.cues if cue.pattern.search(parts[cue.part])]
    score = 1 / (1 + math.exp(-(rules.bias + sum(cue.weight for cue in found))))
    label: Label = "model" if score >= rules.model_at else "maybe" if score >= rules.maybe_at else "no"
    found.sort(key=lambda cue: -abs(cue.weight))
    reasons = tuple(f"{'+' if cue.weight > 0 else '-'} {cue.reason}" for cue in found)
    return Relevance(label=label, score=round(score, 4), reasons=reasons or ("no cue of a model paper",), model=TRIAGE_VERSION)
