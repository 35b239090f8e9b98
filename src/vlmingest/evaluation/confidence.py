"""Whether each claimed value is right, how sure the machine was of it, and whether settle took it over unseen.

`matched` says which gold values one claimed value hits, whatever record it stands in; the trainer of confidences
(tools/train_confidence.py) and the report use it alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import JsonValue

from vlmingest.evaluation.gold import (
    LIST_FIELDS,
    Name,
    canonical_size,
    gold_names,
    gold_set,
    gold_stages,
    normal,
    plain_url,
    same_name,
    same_rate,
    same_value,
)
from vlmingest.records import FieldName, Record
from vlmingest.settle.build import record_values

BINS = 10
# The fields that gold says something of, under the names of the report.
JUDGED_FIELDS: dict[FieldName, str] = {
    FieldName.VISION_ENCODER: "vision_encoders",
    FieldName.LANGUAGE_MODEL: "language_models",
    FieldName.TRAINING_DATASET: "datasets_training",
    FieldName.EVALUATION_DATASET: "datasets_evaluation",
    FieldName.CONNECTOR: "connector",
    FieldName.TYPE: "architecture_types",
    FieldName.SIZE: "model_sizes",
    FieldName.IMAGE_RESOLUTION: "image_resolutions",
    FieldName.OBJECTIVE: "objectives",
    FieldName.COMPUTE: "devices",
    FieldName.NAME: "model_name",
    FieldName.FIGURE: "architecture_figure",
    FieldName.CODE: "code_link",
    FieldName.STAGE: "stages",
}


class Judged(NamedTuple):
    """One claimed value: is it right, how sure was the machine, did settle accept it."""

    right: bool
    confidence: float
    accepted: bool


def judged_values(record: Record, gold: Mapping[str, Any]) -> Iterable[tuple[str, Judged]]:
    """Every claimed value of every field that gold speaks of, under the field's name in the report."""
    for value in record_values(record):
        hits = matched(value.field, value.value, value.attributes, gold, stages=len(record.training.stages))
        if hits is not None:
            accepted = value.band == "accept" or value.status != "proposed"
            yield JUDGED_FIELDS[value.field], Judged(bool(hits), float(value.confidence), accepted)


def matched(
    field: FieldName, value: str, attributes: Mapping[str, JsonValue], gold: Mapping[str, Any], stages: int
) -> frozenset[str] | None:
    """The gold values that a claimed value hits (strictly); None where gold says nothing of the field.

    `stages`: how many stages the record claims, which decides how gold with optional stages is read.
    """
    name = JUDGED_FIELDS.get(field)
    if name is None:
        return None
    if name in LIST_FIELDS:
        claimed = Name(value, str(attributes.get("family") or ""))
        return frozenset(one.name for one in gold_names(gold.get(name) or ()) if same_name(claimed, one, lenient=False))
    if field is FieldName.NAME:
        names = (gold.get("model_name") or "", *(gold.get("model_aliases") or ()))
        return frozenset({"name"} if normal(value) in set(map(normal, names)) else ())
    if field is FieldName.CODE:
        code = (gold.get("links") or {}).get("code")
        return frozenset({code} if plain_url(code) == plain_url(value) else ()) if code else None
    if field is FieldName.FIGURE:
        return _figure(attributes, gold)
    if field is FieldName.STAGE:
        return _stage(attributes, gold, stages)
    plain = {FieldName.SIZE: canonical_size, FieldName.COMPUTE: normal}.get(field, str)(value)
    return frozenset(one for one in gold_set(gold, name) if same_value(name, plain, one))


def _figure(attributes: Mapping[str, JsonValue], gold: Mapping[str, Any]) -> frozenset[str] | None:
    figure = gold.get("architecture_figure") or {}
    if not figure.get("number"):
        return None
    right = normal(attributes.get("number")) == normal(figure["number"])
    right = right and (not figure.get("page") or attributes.get("page") == figure["page"])
    return frozenset({"figure"} if right else ())


def _stage(attributes: Mapping[str, JsonValue], gold: Mapping[str, Any], stages: int) -> frozenset[str] | None:
    """A stage is right where the gold's stage of the same place trains the same parts at the same rate."""
    if not gold.get("training_stages"):
        return None
    order, wanted = attributes.get("order"), gold_stages(gold, stages)
    if not isinstance(order, int) or not 1 <= order <= len(wanted):
        return frozenset()
    stage = wanted[order - 1]
    trainable = attributes.get("trainable")
    right = not stage.get("trainable") or set(trainable if isinstance(trainable, list) else ()) == set(
        stage["trainable"]
    )
    rate = stage.get("learning_rate")
    right = right and (not rate or same_rate(rate, attributes.get("learning_rate") or ""))
    return frozenset({str(order)} if right else ())


def calibration_error(values: Sequence[tuple[bool, float]]) -> float:
    """Expected calibration error of (right, confidence 0..1) pairs: mean over bins of |accuracy - mean confidence|."""
    bins: dict[int, list[tuple[bool, float]]] = defaultdict(list)
    for right, confidence in values:
        bins[min(int(confidence * BINS), BINS - 1)].append((right, confidence))
    gaps = (abs(sum(r for r, _ in held) - sum(c for _, c in held)) for held in bins.values())
    return sum(gaps) / len(values) if values else 0.0
