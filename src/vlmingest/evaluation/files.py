"""Gold annotations and kept runs from files; raises DataFileError with the file and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vlmingest.errors import DataFileError, UsageError
from vlmingest.evaluation import Evaluation

_LISTS = (
    "vision_encoders",
    "language_models",
    "datasets_training",
    "datasets_evaluation",
    "architecture_types",
    "model_sizes",
    "image_resolutions",
    "training_stages",
    "objectives",
    "compute",
    "model_aliases",
)
_OF_OBJECTS = ("training_stages", "compute")
_TABLES = ("connector", "links", "architecture_figure")


def read_gold(folder: Path) -> list[dict[str, Any]]:
    """All annotations `*.json` of a folder, by name; raises UsageError where it holds none."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise UsageError(f"{folder} holds no gold annotation (one .json file per paper)")
    return [_annotation(path) for path in paths]


def read_run(path: Path) -> Evaluation:
    """A run that `vlmingest eval --out` kept."""
    try:
        return Evaluation.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise DataFileError(str(path), "is no run that `vlmingest eval --out` wrote") from error


def _annotation(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataFileError(str(path), f"is not JSON ({error})") from error
    if not isinstance(data, dict):
        raise DataFileError(str(path), "a gold annotation is an object with the fields of one paper")
    for name in (*_LISTS, *_TABLES):
        wanted: type = list if name in _LISTS else Mapping
        if data.get(name) is not None and not isinstance(data[name], wanted):
            raise DataFileError(str(path), f"{name} is not {'a list' if name in _LISTS else 'an object'}")
    for name in _OF_OBJECTS:
        if not all(isinstance(item, Mapping) for item in data.get(name) or ()):
            raise DataFileError(str(path), f"{name} holds what is no object")
    for name in _LISTS[:4]:
        if not all(
            isinstance(item, str) or (isinstance(item, Mapping) and "name" in item) for item in data.get(name) or ()
        ):
            raise DataFileError(str(path), f"{name} holds what is neither a name nor an object with a name")
    return data
