"""From the raw confidence of rules to the chance of being right, per field, as measured on gold.

confidence.json holds for each field a logistic curve over the raw log odds (with what speaks besides: how much evidence there
is, whether the name is new), and two thresholds: below `keep` a value is not put into the record, at `accept` and above it
may be taken over unseen (None: never). tools/train_confidence.py makes it, by leaving out one paper at a time. A curve is
monotone in the raw confidence. Fields that gold does not speak of have no curve: their values wait for a person.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from vlmingest.document import Frozen
from vlmingest.records import Candidate, FieldName

# Of fields without a curve: keep what is likelier right than not by the reader's own word.
KEEP_AT = 0.4
_EDGE = 0.002


class Curve(Frozen):
    """How one field's raw confidence reads, and its thresholds. `slope` is never negative."""

    slope: float = 1.0
    intercept: float = 0.0
    evidence: float = 0.0
    new_name: float = 0.0
    keep: float = KEEP_AT
    accept: float | None = None

    def chance(self, confidence: float, features: Mapping[str, float]) -> float:
        """The chance that a value with this raw confidence and these features is right."""
        odds = self.slope * logit(confidence) + self.intercept
        odds += self.evidence * features["evidence"] + self.new_name * features["new_name"]
        return 1 / (1 + math.exp(-odds))


@cache
def load_curves() -> Mapping[FieldName, Curve]:
    """The curves of confidence.json by field."""
    path = resources.files(__package__) / "confidence.json"
    data = json.loads(path.read_text(encoding="utf-8"))["fields"]
    return {FieldName(name): Curve.model_validate(curve) for name, curve in data.items()}


def curve_of(field: FieldName) -> Curve:
    """The curve of a field; the identity where gold says nothing of it."""
    return load_curves().get(field, _PLAIN)


def logit(confidence: float) -> float:
    """Log odds of a confidence, which is first kept off 0 and 1."""
    held = min(max(confidence, _EDGE), 1 - _EDGE)
    return math.log(held / (1 - held))


def features_of(group: Sequence[Candidate]) -> dict[str, float]:
    """What speaks for a value besides the surest reader: more places, and whether its name is in no vocabulary."""
    places = {(proof.start, proof.end) for candidate in group for proof in candidate.evidence}
    new = any(candidate.attributes.get("new_name") for candidate in group)
    return {"evidence": math.log(min(len(places), 4) or 1), "new_name": float(new)}


def calibrated(field: FieldName, confidence: float, group: Sequence[Candidate]) -> float:
    """The chance that a value of rules is right; `group` are the candidates that propose it."""
    if field not in load_curves():
        return confidence
    return curve_of(field).chance(confidence, features_of(group))


_PLAIN = Curve()
