"""Gold and records side by side: the normal form of a value, what gold and record say of a field, and what counts as the same.

The measures are those of the outside scorer: "strict" takes the gold name and its `accept` spellings, "family" the family's
name, too; sizes, devices, addresses and learning rates are compared by what they mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from vlmingest.records import Record

LIST_FIELDS = ("vision_encoders", "language_models", "datasets_training", "datasets_evaluation")
SET_FIELDS = ("connector", "architecture_types", "model_sizes", "image_resolutions", "objectives", "devices")


def normal(value: object) -> str:
    """Compatibility form, lower case, letters, digits, dot and plus only."""
    text = unicodedata.normalize("NFKC", str(value)).lower().replace("²", "2")
    return re.sub(r"[^a-z0-9.+]+", "", text).strip(".")


def canonical_size(value: object) -> str:
    """`1300M`, `1.3 billion` and `1.3B` are one size."""
    match = re.match(r"^\s*([\d.]+)\s*([bmtk])", str(value).lower().replace("billion", "b").replace("million", "m"))
    try:
        number, unit = (float(match.group(1).rstrip(".")), match.group(2)) if match else (0.0, "")
    except ValueError:  # "1.2.3b"
        unit = ""
    if match is None or not unit:
        return normal(value)
    if unit == "m" and number >= 1000:
        number, unit = number / 1000, "b"
    return f"{number:g}{unit}"


def paper_id(value: object) -> str:
    """An id without its version or `.pdf`."""
    return re.sub(r"v\d+$", "", str(value or "").removesuffix(".pdf"))


class Name(NamedTuple):
    """A name with its family and the other spellings that count as it."""

    name: str
    family: str
    accept: tuple[str, ...] = ()


def gold_names(items: Iterable[Any]) -> list[Name]:
    """The names of a gold list; an entry may be a plain text."""
    named = ({"name": item} if isinstance(item, str) else item for item in items or ())
    return [
        Name(item["name"], item.get("family") or "", tuple(item.get("accept") or ())) for item in named if item["name"]
    ]


def same_name(claimed: Name, gold: Name, *, lenient: bool) -> bool:
    """Whether a claimed name is the gold one; `lenient`: or of its family."""
    spelling = normal(claimed.name)
    if spelling in {normal(gold.name), *map(normal, gold.accept)}:
        return True
    if not lenient:
        return False
    family = normal(gold.family)
    if family and (family == normal(claimed.family) or spelling.startswith(family)):
        return True
    wanted = normal(gold.name)
    return len(spelling) >= 4 and (spelling in wanted or wanted in spelling)


def claimed_names(record: Record, field: str) -> list[Name]:
    """What the record says of one of LIST_FIELDS."""
    if field == "vision_encoders":
        return [Name(item.name, item.family) for item in record.architecture.vision_encoders]
    if field == "language_models":
        return [Name(item.name, item.family) for item in record.architecture.language_models]
    uses = record.datasets.training if field == "datasets_training" else record.datasets.evaluation
    return [Name(item.name, "") for item in uses]


def claimed_set(record: Record, field: str) -> list[str]:
    """What the record says of one of SET_FIELDS, in normal form, each value once."""
    architecture, training = record.architecture, record.training
    found: dict[str, list[str]] = {
        "connector": [item.type for item in architecture.connectors],
        "architecture_types": [item.type for item in architecture.types],
        "model_sizes": [canonical_size(size) for size in record.model.sizes],
        "image_resolutions": [str(item.value) for item in architecture.image_resolutions],
        "objectives": [item.type for item in training.objectives],
        "devices": [normal(item.device) for item in training.compute if item.device],
    }
    return list(dict.fromkeys(found[field]))


def gold_set(gold: Mapping[str, Any], field: str) -> list[str]:
    """What gold says of one of SET_FIELDS, in normal form, each value once."""
    found: list[object]
    if field == "connector":
        found = [kind for kind in (gold.get("connector") or {}).get("types") or () if kind != "none"]
    elif field == "devices":
        found = [normal(item["device"]) for item in gold.get("compute") or () if item.get("device")]
    elif field == "model_sizes":
        found = [canonical_size(size) for size in gold.get("model_sizes") or ()]
    else:
        found = list(gold.get(field) or ())
    return list(dict.fromkeys(map(str, found)))


def same_value(field: str, claimed: str, gold: str) -> bool:
    """Whether two values in normal form are one; "A100" and "A100 80G" are one device."""
    return claimed in gold or gold in claimed if field == "devices" else claimed == gold


def plain_url(url: str) -> str:
    """An address without its scheme, "www." and what may trail it."""
    return re.sub(r"^https?://(www\.)?|/+$|\.git$", "", url.lower())


def gold_stages(gold: Mapping[str, Any], claimed: int) -> list[Mapping[str, Any]]:
    """The reading of the gold, with or without its optional stages, that has as many stages as claimed."""
    stages = list(gold.get("training_stages") or ())
    return stages if claimed >= len(stages) else [stage for stage in stages if not stage.get("optional")]


def same_rate(wanted: object, claimed: object) -> bool:
    """Whether two learning rates are one, however they are written."""
    try:
        want, got = (float(re.sub(r"[\^ ]", "", str(x).lower().replace("×10", "e"))) for x in (wanted, claimed))
    except ValueError:
        return normal(wanted) == normal(claimed)
    return abs(want - got) <= 1e-3 * max(want, got)
