"""How sure it is that the own model is trained or evaluated on a set of data: a logistic sum over its group's counts.

The weights stand in `weights/datasets.json` (made by tools/train_datasets.py on annotated papers); every weight belongs to a
feature with a readable name, so that `reasons` can say why.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources

from vlmingest.extract.dataset_groups import Group
from vlmingest.extract.dataset_names import not_data, shape_features
from vlmingest.vocabulary.datasets import without_training

ROLES = ("training", "evaluation")
_LEVELS = {"training": ("train", "evaluate"), "evaluation": ("evaluate", "train")}
_COUNTED = frozenset((
    "in_abstract", "in_introduction", "in_method", "in_training", "in_data", "in_experiments", "in_ablation", "in_conclusion",
    "heading", "excluded", "excluded_own", "with_gather", "with_source", "with_elsewhere", "with_data", "own_voice", "of_part", "listed", "listed_well", "beside_cited",
    "beside_data", "beside_model", "beside_training", "beside_evaluation", "beside_trained_on", "beside_evaluated_on", "not_scored",
    "scored_benchmark", "scored_ablation", "figure", "caption_figure", "caption_benchmark", "caption_mixture", "cell_name",
    "table_mixture_cell", "table_mixture_stub", "table_benchmark_head", "table_benchmark_rowwise", "table_ablation_head",
    "table_benchmark_cell", "table_benchmark_stub", "table_ablation_cell", "table_ablation_stub", "of_others", "doubtful",
    "list_data", "list_training", "list_evaluation", "list_trained_on", "list_evaluated_on", "list_long", "list_cited", "list_model", "mates_most", "beside_own",
    "gathered", "told_train", "told_evaluate", "near_tuning",  "with_tuning", "with_untuned", "in_tuned_table", "in_untuned_table", "has_longer", "tested_where_tuned", "source_of_set", "with_exclude",
    "trained_named", "trained_noun", "from_source", "of_peers", "set_told", "beside_contrast", "list_contrast",
    "column_unscored", "column_family", "under_set", "under_title", "column_mates_most", "column_mates_none", "label_column", "compared",
    "doubtful_train1", "doubtful_train2", "doubtful_train3", "doubtful_with_data", "doubtful_with_amount", "doubtful_own_voice",
    "with_fault", "with_amount", "before_fault", "beside_amount", "list_amount",
))  # fmt: skip


_TELLING = (
    "beside_data", "beside_cited", "beside_evaluation", "beside_training", "beside_trained_on", "beside_evaluated_on", "listed",
    "listed_well", "cell_name", "beside_model", "list_data", "list_training", "list_evaluation", "list_long", "list_cited", "list_model",
    "own_voice", "mates_most", "beside_own", "column_unscored", "column_family", "under_set", "under_title", "column_mates_none",
)  # fmt: skip
# What shows of a name that no list knows that it is one of data.
_COMPANY = (
    "beside_data", "beside_evaluation", "beside_training", "beside_trained_on", "beside_evaluated_on", "listed", "cell_name", "list_data",
    "list_long", "list_training", "beside_own",
)  # fmt: skip
_SECTIONS = ("in_abstract", "in_introduction", "in_method", "in_training", "in_data", "in_experiments", "in_ablation")
_MANY = 64  # from here on the share is 1.0 to the last bit
_SATURATED = tuple(1.0 - 0.5**count for count in range(_MANY + 1))
_ABLATION = frozenset({"in_ablation", *(f"table_ablation_{part}" for part in ("head", "stub", "cell", "rowwise"))})
_CROWD = 12
_OF_TUNING = ("in_tuned_table", "in_untuned_table", "with_tuning", "near_tuning", "with_untuned", "tested_where_tuned")
_IDLE = ("doubtful", "of_others", "figure")
_PLANS = tuple(
    (f"table_{kind}", tuple(f"table_{kind}_{part}" for part in ("head", "stub", "cell", "loose")))
    for kind in ("hyperparameter", "stages")
)


def features(group: Group, role: str, common: Mapping[str, float] | None = None) -> dict[str, float]:
    """Named features of a group for a role, each between 0 and 1 (many places of one sort count little more than two).

    `common`: what `common_features` gives for the group, where that is at hand.
    """
    counts = group.counts
    mine, other = _LEVELS[role]
    found = dict(common if common is not None else common_features(group))
    use = "fits" if group.use == role else group.use if group.use in ("", "both") else "against"
    use = use or "unknown"
    found[f"use_{use}"] = 1.0
    if group.use:
        found[f"is:{group.name}"] = 1.0
    level, against = group.level(mine), group.level(other)
    found[f"level{level}"] = 1.0
    found[f"against{against}"] = 1.0
    found[f"{use}*level{level}"] = 1.0
    if role == "training" and group.use and group.name in without_training():
        found["no_training"] = 1.0
        if group.tunes:
            found["tunes*no_training"] = group.tunes
    for name in _SECTIONS:
        if counts.get(name):
            found[f"{use}*{name}"] = 1.0
    found[f"level{level}*against{against}"] = 1.0
    found.update(_beside_peers(group, mine, level))
    if level and role == "training":
        found.update(_plainest_places(group, f"{mine}{level}", level))
    weight = against_weight = 0
    for number in (1, 2, 3):
        times = counts.get(f"{mine}{number}", 0)
        if times > 1:
            found[f"again{number}"] = 1.0 - 0.7 ** (times - 1)
        weight += number * times
        against_weight += number * counts.get(f"{other}{number}", 0)
    if weight + against_weight:
        found["share"] = weight / (weight + against_weight)
    return found


def common_features(group: Group) -> dict[str, float]:
    """The features that do not hang on the role."""
    counts = dict(group.counts)
    total = sum(group.surfaces.values())
    found = {name: _SATURATED[min(count, _MANY)] for name, count in counts.items() if name in _COUNTED}
    found["bias"] = 1.0
    found["often"] = min(math.log1p(total) / 4.0, 1.0)
    found.update(_flags(counts, total))
    if group.tunes:
        for number in (1, 2, 3):
            if counts.get(f"evaluate{number}"):
                found[f"tunes*evaluate{number}"] = group.tunes
        for name in _OF_TUNING:
            if counts.get(name):
                found[f"tunes*{name}"] = group.tunes
    if group.use and not counts.get("sure"):
        found["never_sure"] = 1.0
    if group.use and group.key in not_data():
        found["is_task"] = 1.0
    if not group.use:
        found.update(shape_features(group.name))
        if not any(counts.get(name) for name in _COMPANY):
            found["unknown*lonely"] = 1.0
        if counts.get("beside_own") and found.get("shape_data"):
            found["own_set"] = 1.0
        found.update({f"unknown*{name}": found[name] for name in _TELLING if name in found})
        if counts.get("own_prefix"):
            found["unknown*own_prefix"] = 1.0
            if found.get("shape_data"):
                found["own_prefix*shape_data"] = 1.0
    return found


_THERE = frozenset((
    "own_voice", "with_gather", "with_source", "from_source", "source_of_set", "with_elsewhere", "with_data", "with_fault", "with_tuning", "with_untuned", "with_amount",
    "in_abstract", "in_introduction", "in_method", "in_training", "in_data", "in_experiments", "in_ablation", "in_other", "left_train", "right_train", "left_evaluate", "right_evaluate",
    "listed", "list_long", "beside_cited", "beside_training", "beside_data", "beside_evaluation", "beside_amount", "set_told", "trained_named", "heading",
))  # fmt: skip


def _plainest_places(group: Group, says: str, level: int) -> dict[str, float]:
    """What the places that speak most plainly of a use say besides: who does it, where, and with what."""
    there: set[str] = set()
    for place in group.places:
        if says in place.says:
            there.update(place.says)
    return {f"{at}:{name}": 1.0 for name in there & _THERE for at in (level, "there")}


def _beside_peers(group: Group, use: str, level: int) -> dict[str, float]:
    """How plainly the paper speaks of this name beside all others: a hint counts more where nothing is told plainly."""
    most, count = group.peers.get(use, (0, 0))
    if not level or not count:
        return {}
    if level < most:
        return {f"behind*level{level}": 1.0, f"behind_many*level{level}": min(count, _CROWD) / _CROWD}
    return {f"leads*level{level}": 1.0, f"leads_few*level{level}": 1.0 / count}


def _flags(counts: Mapping[str, int], total: int) -> dict[str, float]:
    """Shares and flags that hold for both roles."""
    found: dict[str, float] = {}
    if total - sum(counts.get(name, 0) for name in _IDLE) <= 0:
        found["never_own"] = 1.0
    for name in _IDLE:
        if counts.get(name):
            found[f"share_{name}"] = counts[name] / total
    ablation = sum(count for name, count in counts.items() if name in _ABLATION)
    if ablation:
        found["share_ablation"] = min(ablation / total, 1.0)
    for name in ("own_name", "own_prefix", "own_variant"):
        if counts.get(name):
            found[name] = 1.0
    for feature, parts in _PLANS:
        if any(counts.get(part) for part in parts):
            found[feature] = 1.0
    return found


def score(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Probability between 0 and 1."""
    weight_of = weights.get
    total = sum([value * weight_of(name, 0.0) for name, value in found.items()])
    return 1.0 / (1.0 + math.exp(-max(min(total, 30.0), -30.0)))


def reasons(found: Mapping[str, float], weights: Mapping[str, float], most: int) -> dict[str, float]:
    """The features that weighed most, as signed parts of the log odds."""
    weight_of = weights.get
    parts = [(-abs(part), name, part) for name, value in found.items() if (part := value * weight_of(name, 0.0))]
    parts.sort()
    return {name: round(part, 2) for _, name, part in parts[:most]}


@cache
def load_weights() -> Mapping[str, Mapping[str, float]]:
    """Role -> feature -> weight."""
    text = (resources.files(__package__) / "weights" / "datasets.json").read_text(encoding="utf-8")
    weights: Mapping[str, Mapping[str, float]] = json.loads(text)["weights"]
    return weights
