"""Small logistic models stored as plain JSON (weights/NAME.json): the chance of features, by their weights."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources


def chance(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic of the weighed features; `constant` is the weight that always counts."""
    total = weights["constant"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-max(min(total, 30.0), -30.0)))


@cache
def weights_of(name: str) -> Mapping[str, float]:
    """Feature -> weight, and `constant`, from weights/`name`.json."""
    path = resources.files(__package__) / "weights" / f"{name}.json"
    found: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return found
