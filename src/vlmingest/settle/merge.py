"""Candidates of all readers -> one value per (field, key), with a combined confidence.

Readers that differ in kind (rules, LLM) and agree make each other surer; within one kind only the best counts, since
its mistakes repeat. Where a second kind of reader spoke on a field and did not say a value, it becomes less sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, get_args

from pydantic import JsonValue

from vlmingest.records import (
    ArchitectureType,
    Band,
    Candidate,
    ConnectorType,
    Evidence,
    FieldName,
    ObjectiveType,
    Relevance,
    Role,
    Status,
    value_key,
)
from vlmingest.settle.bands import SINGLE_FIELDS, band_of
from vlmingest.settle.calibration import calibrated

POSITIVE_ROLES = frozenset({Role.USED, Role.INITIALISED_FROM, Role.TRAINED_ON, Role.EVALUATED_ON})
# Fields whose values are a closed list.
CLOSED: dict[FieldName, tuple[str, ...]] = {
    FieldName.CONNECTOR: get_args(ConnectorType),
    FieldName.TYPE: get_args(ArchitectureType),
    FieldName.OBJECTIVE: get_args(ObjectiveType),
}
RULES = "rule"
MAX_EVIDENCE = 3
MAX_CONFIDENCE = 0.995
# Another kind of reader read the field and passed this value over.
_UNCONFIRMED = 0.85


class MergedValue(NamedTuple):
    """A value of a field as it stands after merging; `readers` are the kinds that said it ("rule", "prompt")."""

    field: FieldName
    key: str
    value: str
    attributes: dict[str, JsonValue]
    evidence: tuple[Evidence, ...]
    confidence: float
    band: Band
    status: Status = "proposed"
    readers: tuple[str, ...] = ()
    disputed: bool = False

    @property
    def place(self) -> int:
        """Offset of the first evidence, for a stable order."""
        return self.evidence[0].start if self.evidence else 0


@lru_cache(maxsize=1024)
def reader_kind(reader: str) -> str:
    """`rule:x.v1` -> `rule`, `prompt:extract.v3:model` -> `prompt`; no prefix means rules."""
    return reader.split(":", 1)[0] if ":" in reader else RULES


def merge_candidates(candidates: Sequence[Candidate], relevance: Relevance) -> list[MergedValue]:
    """One MergedValue per (field, key) above the drop band, in a fixed order; needs evidence and a positive role."""
    groups = group_candidates(candidates)
    kinds_of_field: dict[FieldName, set[str]] = {}
    for (field, _), ordered in groups.items():
        kinds_of_field.setdefault(field, set()).update(map(_kind, ordered))
    values = []
    for (field, key), ordered in groups.items():
        confidence, readers = _combine(ordered, kinds_of_field[field])
        band = band_of(field, confidence, relevance.label, by_rules=readers == (RULES,))
        if band is None:
            continue
        values.append(
            MergedValue(
                field=field,
                key=key,
                value=ordered[0].value,
                attributes=_attributes(ordered),
                evidence=_evidence(ordered),
                confidence=confidence,
                band=band,
                readers=readers,
                disputed=len(kinds_of_field[field]) > len(readers),
            )
        )
    return sorted(_single(values), key=order)


def group_candidates(candidates: Sequence[Candidate]) -> dict[tuple[FieldName, str], list[Candidate]]:
    """The candidates that may become values, by (field, key), the surest of each first."""
    groups: dict[tuple[FieldName, str], list[Candidate]] = {}
    for candidate in candidates:
        if candidate.role in POSITIVE_ROLES and candidate.evidence and _possible(candidate):
            groups.setdefault((candidate.field, candidate.key), []).append(candidate)
    return {place: sorted(group, key=_rank) if len(group) > 1 else group for place, group in groups.items()}


def order(value: MergedValue) -> tuple[str, float, int, str]:
    """The one order of values: by field, the surest first, then by place and key."""
    return (value.field.value, -round(value.confidence, 6), value.place, value.key)


def _possible(candidate: Candidate) -> bool:
    """Whether the field can hold the value: readers that are not ours may say anything."""
    value = candidate.value
    return value in CLOSED[candidate.field] if candidate.field in CLOSED else bool(value_key(value))


def _kind(candidate: Candidate) -> str:
    return reader_kind(candidate.reader or candidate.evidence[0].reader)


def _rank(candidate: Candidate) -> tuple[float, int, str, str, str]:
    """The surest first; the rest of the key only makes the order the same in every run."""
    rest = repr((sorted(candidate.attributes.items()), candidate.role, candidate.evidence))
    return (-candidate.confidence, candidate.evidence[0].start, candidate.value, candidate.reader, rest)


def _combine(group: Sequence[Candidate], kinds: set[str]) -> tuple[float, tuple[str, ...]]:
    best: dict[str, float] = {}
    for candidate in group:
        kind = _kind(candidate)
        best[kind] = max(best.get(kind, 0.0), min(max(candidate.confidence, 0.0), 1.0))
    if RULES in best:
        own = [candidate for candidate in group if _kind(candidate) == RULES]
        best[RULES] = calibrated(group[0].field, best[RULES], own)
    wrong = 1.0
    for confidence in best.values():
        wrong *= 1.0 - confidence
    confidence = 1.0 - wrong
    if len(kinds) > len(best):
        confidence *= _UNCONFIRMED
    return round(min(confidence, MAX_CONFIDENCE), 4), tuple(sorted(best))


def _attributes(group: Sequence[Candidate]) -> dict[str, JsonValue]:
    merged: dict[str, JsonValue] = {}
    for candidate in group:
        for name, value in sorted(candidate.attributes.items()):
            if merged.get(name) in (None, "", []):
                merged[name] = value
    return merged


def _evidence(group: Sequence[Candidate]) -> tuple[Evidence, ...]:
    found: list[Evidence] = []
    spans: set[tuple[int, int]] = set()
    for candidate in group:
        for item in candidate.evidence:
            if (item.start, item.end) not in spans:
                spans.add((item.start, item.end))
                found.append(item)
    return tuple(found[:MAX_EVIDENCE])


def _single(values: Iterable[MergedValue]) -> list[MergedValue]:
    """Of single-valued fields keep the best value; it is disputed where another came close."""
    kept: list[MergedValue] = []
    best: dict[FieldName, MergedValue] = {}
    for value in sorted(values, key=order):
        if value.field not in SINGLE_FIELDS:
            kept.append(value)
        elif value.field not in best:
            best[value.field] = value
        elif value.confidence >= best[value.field].confidence - 0.1:
            best[value.field] = best[value.field]._replace(disputed=True)
    return kept + list(best.values())


def human_value(field: FieldName, value: JsonValue) -> tuple[str, dict[str, JsonValue]]:
    """The canonical text and the attributes of what a person typed: a text, a number, or {"value": ..., more}."""
    if isinstance(value, dict):
        rest = dict(value)
        for name in ("value", "name", "type", "url", "device", "number"):
            if name in rest:
                text = rest[name] if name in ("number", "device") and field is FieldName.FIGURE else rest.pop(name)
                return str(text), rest
        return "", rest
    return ("" if value is None else str(value)), {}


def key_of(value: str) -> str:
    """Key of a canonical value (the identity that verdicts are attached to)."""
    return value_key(value)
