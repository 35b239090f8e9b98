"""What to ask a person, and what it is worth: priority = weight of the field x chance that the value is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vlmingest.document import Finding
from vlmingest.records import FieldName, Reason, Record, ReviewItem, Verdict
from vlmingest.settle.bands import SINGLE_FIELDS
from vlmingest.settle.build import record_values
from vlmingest.settle.merge import MergedValue
from vlmingest.settle.verdicts import Effective

# How much a reader of the list loses by a wrong value.
_WEIGHTS: dict[FieldName, float] = {
    FieldName.NAME: 1.0,
    FieldName.VISION_ENCODER: 1.0,
    FieldName.LANGUAGE_MODEL: 1.0,
    FieldName.CONNECTOR: 0.8,
    FieldName.TYPE: 0.8,
    FieldName.CODE: 0.7,
    FieldName.FIGURE: 0.6,
    FieldName.SIZE: 0.6,
    FieldName.STAGE: 0.5,
    FieldName.TRAINING_DATASET: 0.4,
    FieldName.EVALUATION_DATASET: 0.3,
}
_DEFAULT_WEIGHT = 0.4
_DEFERRED = 0.1  # a deferred question sinks, it does not vanish
_FINDINGS = {reason.value: reason for reason in Reason}
_REQUIRED = (FieldName.NAME, FieldName.LANGUAGE_MODEL, FieldName.TYPE)


def review_items(
    record: Record,
    values: Sequence[MergedValue],
    verdicts: Effective,
    findings: Sequence[Finding],
    previous: Record | None,
) -> list[ReviewItem]:
    """The questions about this record, the most valuable first; each id occurs once."""
    paper = record.paper.id
    found: list[ReviewItem] = []
    if record.relevance.label != "no" or any(value.status != "proposed" for value in values):
        found += [item for value in values for item in _of_value(paper, value)]
        found += _missing(paper, record, values)
        found += _new_entry(paper, record, verdicts)
    found += _changes(paper, values, verdicts, previous)
    found += _of_paper(paper, record, findings, previous)
    items: dict[str, ReviewItem] = {}
    for item in found:
        verdict = verdicts.get((item.field, item.key))
        if verdict is not None and item.reason not in (Reason.VALUE_CHANGED, Reason.WITHDRAWN):
            if verdict.action != "defer":
                continue
            item = item.model_copy(update={"priority": round(item.priority * _DEFERRED, 4)})  # noqa: PLW2901
        items.setdefault(item.id, item)
    return sorted(items.values(), key=lambda item: (-item.priority, item.id))


def weight_of(field: FieldName | None) -> float:
    """How much a value of this field matters."""
    return _WEIGHTS.get(field, _DEFAULT_WEIGHT) if field is not None else 1.0


def _item(
    paper: str,
    field: FieldName | None,
    value: MergedValue | None,
    reason: Reason,
    message: str,
    priority: float,
    **more: object,
) -> ReviewItem:
    key = value.key if value is not None else str(more.pop("key", ""))
    return ReviewItem(
        id=ReviewItem.make_id(paper, field.value if field is not None else None, key, reason.value),
        paper=paper,
        field=field,
        key=key,
        value=value.value if value is not None else str(more.pop("text", "")),
        reason=reason,
        message=message,
        priority=round(priority, 4),
        confidence=value.confidence if value is not None else None,
        evidence=value.evidence if value is not None else (),
        **more,
    )


def _of_value(paper: str, value: MergedValue) -> Iterable[ReviewItem]:
    if value.status != "proposed":
        return
    weight = weight_of(value.field)
    if value.attributes.get("new_name"):
        message = f"{value.value!r} is not in the vocabulary: is it a {_noun(value.field)}?"
        yield _item(paper, value.field, value, Reason.NEW_NAME, message, weight * (1.2 - value.confidence / 2))
    elif value.disputed:
        message = f"the readers do not agree on {_noun(value.field)} {value.value!r}"
        yield _item(paper, value.field, value, Reason.READERS_DISAGREE, message, weight * (1.1 - value.confidence / 2))
    elif value.band == "review":
        message = f"{_noun(value.field)} {value.value!r} at confidence {value.confidence:.2f}"
        yield _item(paper, value.field, value, Reason.LOW_CONFIDENCE, message, weight * (1 - value.confidence))


def _missing(paper: str, record: Record, values: Sequence[MergedValue]) -> Iterable[ReviewItem]:
    if record.relevance.label != "model":
        return
    present = {value.field for value in values}
    for field in _REQUIRED:
        if field not in present:
            message = f"no {_noun(field)} was found in a model paper"
            yield _item(paper, field, None, Reason.MISSING_FIELD, message, 0.5 * weight_of(field))


def _new_entry(paper: str, record: Record, verdicts: Effective) -> Iterable[ReviewItem]:
    """Open until somebody decides, through all versions; papers that were given by hand are `maybe`, and asked, too."""
    if record.relevance.label == "no":
        return
    if any(_is_on_entry(verdict) for verdict in verdicts.values()):
        return
    name = record.model.name or record.paper.title
    yield _item(paper, None, None, Reason.NEW_ENTRY, f"a new entry: {name}", record.relevance.score, text=name)


def _is_on_entry(verdict: Verdict) -> bool:
    """Is the entry decided on? A rejected proposal about the paper (`duplicate:...`) leaves it open."""
    is_proposal = ":" in verdict.key and verdict.action == "reject"
    return verdict.field is None and verdict.action != "defer" and not is_proposal


def _changes(
    paper: str, values: Sequence[MergedValue], verdicts: Effective, previous: Record | None
) -> Iterable[ReviewItem]:
    """What the last record said otherwise: a value that is gone, or another one in a single-valued field."""
    if previous is None:
        return
    now = {(value.field, value.key): value for value in values}
    for old in record_values(previous):
        if (old.field, old.key) in now or old.field is FieldName.STAGE:
            continue
        verdict = verdicts.get((old.field, old.key))
        if verdict is not None and verdict.action in ("reject", "correct"):
            continue
        if old.band != "accept" and old.status == "proposed":
            continue
        successor = _successor(old, values)
        text = successor.value if successor is not None else "nothing"
        yield ReviewItem(
            id=ReviewItem.make_id(paper, old.field.value, old.key, Reason.VALUE_CHANGED.value),
            paper=paper,
            field=old.field,
            key=old.key,
            value=text,
            reason=Reason.VALUE_CHANGED,
            message=f"{_noun(old.field)} was {old.value!r}, now {text!r}",
            priority=round(weight_of(old.field), 4),
            confidence=successor.confidence if successor is not None else None,
            evidence=successor.evidence if successor is not None else (),
            previous=old.value,
            previous_evidence=old.evidence,
        )


def _successor(old: MergedValue, values: Sequence[MergedValue]) -> MergedValue | None:
    """The value that took the place of `old`: the only one of a single-valued field, else one of the same family."""
    same = [value for value in values if value.field is old.field]
    if old.field in SINGLE_FIELDS:
        return same[0] if same else None
    family = old.attributes.get("family")
    related = [value for value in same if family and value.attributes.get("family") == family]
    return related[0] if related else (same[0] if len(same) == 1 else None)


def _of_paper(paper: str, record: Record, findings: Sequence[Finding], previous: Record | None) -> Iterable[ReviewItem]:
    if record.paper.withdrawn and not (previous is not None and previous.paper.withdrawn):
        reason = record.paper.withdrawn_reason or "no reason given"
        yield _item(paper, None, None, Reason.WITHDRAWN, f"withdrawn: {reason}", 1.5, key="withdrawn")
    for finding in findings:
        known = _FINDINGS.get(finding.code)
        if known is not None:
            yield _item(paper, None, None, known, finding.message, 1.2, key=finding.code)


def _noun(field: FieldName) -> str:
    return field.value.split(".", 1)[1].replace("_", " ")
