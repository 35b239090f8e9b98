"""From what is said of a part to how sure it is that the proposed model has it: features and their weights.

`weigh(view, uses)` gives (part, probability, features) in a fixed order. The weights are a logistic regression trained by
tools/train_parts.py (rules/parts_weights.toml), one per field, over features that a person can read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from vlmingest.extract.headings import SectionKind
from vlmingest.extract.parts_gather import PartUse
from vlmingest.extract.rules import load_rules
from vlmingest.extract.voice import Voice
from vlmingest.records import Role

_SHARED = frozenset({"ViT", "DeiT", "SoViT", "ResNet"})  # shapes that named encoders have
_SPECIFIC = re.compile(r"\d|-(?:[BLHgGe]\b|Large|Base|Huge|[Gg]iant|[Bb]ig-?G|[Ss][Oo])")
_OURS = (SectionKind.METHOD, SectionKind.TRAINING, SectionKind.OTHER)


class Said(NamedTuple):
    """What the paper says beside names: that it has no vision encoder, a connector, codes of images, each 0..1."""

    free: float = 0.0
    connected: float = 0.0
    draws: float = 0.0


_NOTHING = Said()


def features_of(use: PartUse, best: float, plain_best: float, later: float, said: Said) -> dict[str, float]:
    """Readable features of one part, each about 0..1; `best`: the strongest part of its field in the paper.

    `plain_best`: the strongest that is neither a bare shape nor a whole model; `later`: the strongest later version of it; `said`:
    what the paper says beside names.
    """
    strongest = max((hit.strength for hit in use.hits), default=0.0)
    places = {hit.span.start // 40 for hit in use.hits if hit.strength >= 0.3}
    rules = {hit.rule for hit in use.hits if hit.strength >= 0.3}
    total = 1.0
    for place in places:
        total *= 1.0 - 0.5 * max(hit.strength for hit in use.hits if hit.span.start // 40 == place)
    against = len({hit.span.start for hit in use.against if hit.role is Role.COMPARED})
    tool = len({hit.span.start for hit in use.against if hit.rule.startswith("part.tool")})
    cited = len({hit.span.start for hit in use.against if hit.role is Role.CITED}) - tool
    mentions = max(use.mentions, 1)
    code = use.code
    return {
        "strongest": strongest,
        "gathered": 1.0 - total,
        "places": min(len(places), 4) / 4,
        "rules": min(len(rules), 4) / 4,
        "share": min(strongest / best, 1.0) ** 2 if best > 0 else 0.0,
        "ours": min(sum(use.sections[kind] for kind in _OURS), 6) / 6,
        "abstract": min(use.sections[SectionKind.ABSTRACT] + use.sections[SectionKind.FRONT], 2) / 2,
        "related": use.sections[SectionKind.RELATED] / mentions,
        "experiments": use.sections[SectionKind.EXPERIMENTS] / mentions,
        "ablation": use.sections[SectionKind.ABLATION] / mentions,
        "other_voice": use.voices[Voice.OTHER] / mentions,
        "own_voice": use.voices[Voice.OWN] / mentions,
        "figure": min(use.figures, 2) / 2,
        "cells": min(use.cells, 6) / 6,
        "table": max((hit.strength for hit in use.hits if hit.rule.startswith("part.table")), default=0.0),
        "compared": min(against, 4) / 4,
        "tool": min(tool, 3) / 3,
        "cited": min(max(cited, 0), 4) / 4,
        "whole": float(bool(code and code.whole)),
        "whole_beside": float(bool(code and code.whole)) * plain_best,
        "whole_connected": float(bool(code and code.whole)) * said.connected,
        "closed": float(bool(code and code.closed)),
        "shape": float(bool(code and code.shape)),
        "shape_beside": float(is_shared(use)) * plain_best,
        "coder": float(bool(code and code.coder)),
        "coder_beside": float(bool(code and code.coder)) * plain_best,
        "coder_idle": float(bool(code and code.coder)) * plain_best * (1.0 - said.draws),
        "reader_beside": float(bool(code and code.reader)) * plain_best,
        "later_beside": later,
        "encoder_free": said.free if use.kind == "vision_encoder" and not (code and code.coder) else 0.0,
        "new": float(code is None),
    }


def is_shared(use: PartUse) -> bool:
    """Whether a part is a shape that many named encoders have: it may be that of one of them."""
    return use.code is not None and use.code.shape and use.code.family in _SHARED


def is_coder(use: PartUse) -> bool:
    """Whether a part turns images into codes or latents."""
    return use.code is not None and use.code.coder


def is_bare(use: PartUse) -> bool:
    """Whether a part is a shape without a variant and without weights ("ViT"): a name may stand elsewhere."""
    return use.code is not None and use.code.shape and not any(map(_SPECIFIC.search, use.surfaces))


def weigh(uses: Iterable[PartUse], said: Said = _NOTHING) -> list[tuple[PartUse, float, dict[str, float]]]:
    """Every part with its probability and features, the surest first."""
    uses = list(uses)
    found = []
    for kind in ("vision_encoder", "language_model"):
        same = [use for use in uses if use.kind == kind]
        strengths = {id(use): max((hit.strength for hit in use.hits), default=0.0) for use in same}
        named = [strengths[id(use)] for use in same if not (is_shared(use) and is_bare(use))]
        best = max(named, default=0.0) or max(strengths.values(), default=0.0)
        plain = [
            strengths[id(use)]
            for use in same
            if use.code is None
            or not (use.code.whole or is_shared(use) or use.code.closed or use.code.coder or use.code.reader)
        ]
        for use in same:
            later = [strengths[id(other)] for other in same if other is not use and is_version(other.name, use.name)]
            features = features_of(use, best, max(plain, default=0.0), max(later, default=0.0), said)
            found.append((use, probability(kind, features), features))
    return sorted(found, key=lambda item: (item[0].kind, -item[1], item[0].name))


def is_version(name: str, series: str) -> bool:
    """Whether `name` is a version of `series`: "Foo 2.5" of "Foo"."""
    if len(name) <= len(series) or name[:1].lower() != series[:1].lower():
        return False
    rest = name.lower().removeprefix(series.lower())
    return len(rest) < len(name) and rest.lstrip(" -v")[:1].isdigit()


def probability(kind: str, features: Mapping[str, float]) -> float:
    """The logistic of the weighed features."""
    weights = _weights()[kind]
    total = weights.get("constant", 0.0) + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-max(min(total, 30.0), -30.0)))


@cache
def _weights() -> dict[str, dict[str, float]]:
    data = load_rules("parts_weights").data
    return {
        kind: {name: float(value) for name, value in data[kind].items()}
        for kind in ("vision_encoder", "language_model")
    }
