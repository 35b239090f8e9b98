"""From the places of a side to the chance that images of it go into the own model: features a person can read, and weights.

The weights (weights/resolutions.json) are a logistic regression trained by tools/train_resolutions.py on sides of papers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from vlmingest.extract.headings import SectionKind
from vlmingest.extract.rules import load_rules
from vlmingest.extract.view import PaperView

_METHODS = frozenset({SectionKind.METHOD, SectionKind.TRAINING})
_FRONT = frozenset({SectionKind.FRONT, SectionKind.ABSTRACT, SectionKind.INTRODUCTION})
_LATER = frozenset({SectionKind.EXPERIMENTS, SectionKind.OTHER})
_USUAL = frozenset({224, 336, 384, 448})
_LOOKED_AT = 4  # places of a side
_WEAK = 0.25  # what is said of others, tried out or filtered by
_BEFORE, _AFTER = 90, 60  # characters around a place


class Place(NamedTuple):
    """One place that says a side; `kind`: sentence, table or encoder (what its name ends in), oblong (of two sides)."""

    weight: float
    start: int
    end: int
    kind: str = "sentence"


def together(places: Sequence[Place]) -> float:
    """The chance by the best place, a little more by the next ones."""
    wrong = 1.0
    for index, place in enumerate(places[:_LOOKED_AT]):
        wrong *= 1 - place.weight * (1.0 if index == 0 else 0.4)
    return 1 - wrong


@cache
def _around() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Rows of rules/inputs.toml that are looked for around a place, by the name of their feature; for text in lower case."""
    rules = {rule.id.split(".")[1]: rule for rule in load_rules("inputs").rules}
    near = ((name, rules[f"near_{name}"]) for name in ("former", "example", "window", "tool", "final", "made"))
    return tuple((name, rule.low or rule.regex) for name, rule in near)


def features_of(side: int, found: Mapping[int, Sequence[Place]], view: PaperView) -> dict[str, float]:
    """Readable features of one side, each about 0..1; `found`: the places of all sides, surest first."""
    places = found[side][:_LOOKED_AT]
    own = together(places)
    others = [together(rest) for other, rest in found.items() if other != side]
    best_other = max(others, default=0.0)
    features = {
        "odds": logit(own) / 4,
        "places": min(len(found[side]), 4) / 4,
        "alone": float(own >= _WEAK > best_other),
        "beside": max(best_other - own, 0.0),
        "many": min(sum(1 for other in others if other >= 0.5), 6) / 6,
        "usual": float(side in _USUAL),
        "odd": float(side % 14 != 0 and side % 16 != 0),
        "table": max((place.weight for place in places if place.kind == "table"), default=0.0),
        "oblong": float(any(place.kind == "oblong" for place in places)),
        "encoder": float(all(place.kind == "encoder" for place in places)),
    }
    return features | _by_places(places, view)


def _by_places(places: Sequence[Place], view: PaperView) -> dict[str, float]:
    """Shares, by weight, of the places in kinds of sections and with telling words around them."""
    total = sum(place.weight for place in places) or 1.0
    shares = dict.fromkeys(("methods", "front", "later", "data", "ablation", *(name for name, _ in _around())), 0.0)
    for place in places:
        share = place.weight / total
        section = view.section_kind(place.start)
        shares["methods"] += share * (section in _METHODS)
        shares["front"] += share * (section in _FRONT)
        shares["later"] += share * (section in _LATER)
        shares["data"] += share * (section is SectionKind.DATA)
        shares["ablation"] += share * (section is SectionKind.ABLATION)
        if place.kind == "table":
            continue
        sentence = view.sentence_at(place.start)
        low = max(place.start - _BEFORE, sentence.start if sentence is not None else 0)
        high = min(place.end + _AFTER, sentence.end if sentence is not None else place.end)
        for name, pattern in _around():
            if pattern.search(view.lowered, low, high):
                shares[name] += share
    return shares


def logit(value: float) -> float:
    """Log odds of a chance that is first kept off 0 and 1."""
    held = min(max(value, 0.02), 0.98)
    return math.log(held / (1 - held))
