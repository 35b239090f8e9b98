"""The human layer over the machine's values: a human always wins, whatever the machine says in any later run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from vlmingest.errors import InvalidVerdictError
from vlmingest.records import (
    Evidence,
    FieldName,
    Record,
    Relevance,
    Status,
    Verdict,
)
from vlmingest.settle.bands import SINGLE_FIELDS
from vlmingest.settle.build import record_values
from vlmingest.settle.merge import CLOSED, MergedValue, human_value, key_of, order

# (field or None, key) -> the verdict that counts
Effective = Mapping[tuple[FieldName | None, str], Verdict]

_WHOLE = frozenset({FieldName.IMAGE_RESOLUTION, FieldName.VISUAL_TOKENS})
_SETTING = frozenset({"accept", "correct", "add"})


def check_verdict(verdict: Verdict) -> None:
    """Raise InvalidVerdictError where the field cannot take the verdict's value."""
    if verdict.field is None or verdict.action not in ("correct", "add"):
        return
    text, _ = human_value(verdict.field, verdict.value)
    wanted = _wanted(verdict.field, text)
    if wanted is not None:
        raise InvalidVerdictError(verdict.field.value, text if text.strip() else str(verdict.value), wanted)


def _wanted(field: FieldName, text: str) -> str | None:
    """What the field takes instead of `text`; None where it takes it."""
    if not text.strip():
        return "a value"
    if field in CLOSED and text not in CLOSED[field]:
        return "one of " + ", ".join(CLOSED[field])
    if field in _WHOLE and not (text.isascii() and text.isdigit() and int(text) > 0):
        return "a whole number above 0"
    return None


def effective_verdicts(paper: str, verdicts: Sequence[Verdict]) -> dict[tuple[FieldName | None, str], Verdict]:
    """The verdicts that count: of this paper, not undone, the latest of each (field, key), valid."""
    found: dict[tuple[FieldName | None, str], Verdict] = {}
    for verdict in verdicts:
        if verdict.paper != paper or verdict.undone:
            continue
        try:
            check_verdict(verdict)
        except InvalidVerdictError:
            continue
        place = (verdict.field, verdict.key)
        found.pop(place, None)  # the latest stands last
        found[place] = verdict
    return found


def judged_relevance(relevance: Relevance, verdicts: Effective) -> Relevance:
    """A verdict on the whole paper (field None) decides its label: accept -> model, reject -> no.

    Verdicts on something about the paper (`family:...`, `duplicate:...`) say nothing of what it proposes.
    """
    for verdict in verdicts.values():
        if verdict.field is None and ":" not in verdict.key and verdict.action in ("accept", "reject"):
            label, score = ("model", 1.0) if verdict.action == "accept" else ("no", 0.0)
            reason = f"a person said so: {verdict.note}" if verdict.note else "a person said so"
            relevance = relevance.model_copy(update={"label": label, "score": score, "reasons": (reason,)})
    return relevance


def apply_verdicts(values: Sequence[MergedValue], verdicts: Effective, previous: Record | None) -> list[MergedValue]:
    """The values with the human layer over them, in the one order.

    accept: stays as the person saw it, even when no reader says it any more; correct: replaced; reject: gone; add: put
    in; defer: stays as it is. In a single-valued field a person's value is the only one.
    """
    machine = {(value.field, value.key): value for value in values}
    human: dict[tuple[FieldName, str], MergedValue] = {}
    removed: set[tuple[FieldName, str]] = set()
    for verdict in verdicts.values():
        if verdict.field is None:
            continue
        place = (verdict.field, verdict.key)
        if verdict.action == "reject":
            removed.add(place)
            human.pop(place, None)
        elif verdict.action in _SETTING:
            value = _settled_value(verdict, machine.get(place), previous)
            if _wanted(value.field, value.value) is not None:
                continue  # accepted by its key alone, and no reader says any more what that stood for
            if verdict.action == "correct":
                removed.add(place)
            removed.discard((value.field, value.key))
            human[value.field, value.key] = value
    single = {value.field: value for value in human.values() if value.field in SINGLE_FIELDS}
    kept = [
        value
        for place, value in machine.items()
        if place not in human and place not in removed and value.field not in single
    ]
    latest = [value for value in human.values() if single.get(value.field, value) is value]
    return sorted(kept + latest, key=order)


def _settled_value(verdict: Verdict, machine: MergedValue | None, previous: Record | None) -> MergedValue:
    assert verdict.field is not None
    text, attributes = human_value(verdict.field, verdict.value)
    evidence: tuple[Evidence, ...] = verdict.evidence
    if verdict.action == "accept" and machine is not None:
        text = text or machine.value
        attributes = attributes or machine.attributes
        evidence = evidence or machine.evidence
    elif machine is not None:
        attributes = {**_inherited(machine, text), **attributes}
        evidence = evidence or (machine.evidence if verdict.action == "correct" else ())
    text = text or _spelling(verdict.field, verdict.key, previous)
    status: Status = "corrected" if verdict.action == "correct" else "accepted"
    key = verdict.key if verdict.action == "accept" else key_of(text)
    return MergedValue(verdict.field, key, text, attributes, evidence, 1.0, "accept", status, ("human",))


def _inherited(machine: MergedValue, text: str) -> dict[str, JsonValue]:
    """What a correction of the text leaves true: all but what is derived from the name."""
    if machine.value == text:
        return dict(machine.attributes)
    return {name: value for name, value in machine.attributes.items() if name not in ("family", "params", "new_name")}


def _spelling(field: FieldName, key: str, previous: Record | None) -> str:
    """How to write a value that no reader says any more and whose verdict holds only its key.

    As the last record did, else as the field's closed list does, else as the key.
    """
    if previous is not None:
        for value in record_values(previous):
            if (value.field, value.key) == (field, key):
                return value.value
    return next((value for value in CLOSED.get(field, ()) if key_of(value) == key), key)
