"""Operations of the queue: a verdict is checked, appended, and its paper settled again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from pydantic import JsonValue

from vlmingest import missed
from vlmingest.errors import InvalidVerdictError, UnknownItemError
from vlmingest.kinship import kin_verdict
from vlmingest.listing import LIST_REASONS, answer
from vlmingest.records import Action, Candidate, FieldName, Reason, ReviewItem, Verdict, value_key
from vlmingest.settle import check_verdict
from vlmingest.store import Store

CONTEXT = 220  # characters of text shown on each side of a quote
Resettle = Callable[[str], object]


class Shown(NamedTuple):
    """A question with what helps to answer it."""

    item: ReviewItem
    state: str
    title: str
    context: list[tuple[str, str, str]]  # before, quote, after
    rivals: list[Candidate]


def show_item(store: Store, item_id: str) -> Shown:
    """A question, its quotes in their context, and the other candidates of the field, negative ones too."""
    item = store.review_item(item_id)
    paper = store.paper(item.paper)
    document = store.document(item.paper)
    context = []
    for proof in item.evidence:
        if document is None or proof.source in ("abstract", "comment"):
            context.append(("", proof.quote, ""))
            continue
        text = document.text
        context.append(
            (
                text[max(proof.start - CONTEXT, 0) : proof.start],
                text[proof.start : proof.end],
                text[proof.end : proof.end + CONTEXT],
            )
        )
    rivals = [one for one in store.candidates(item.paper) if one.field == item.field and one.key != item.key]
    rivals.sort(key=lambda one: -one.confidence)
    return Shown(item, store.item_state(item.id), paper.title if paper else item.paper, context, rivals)


def decide(
    store: Store,
    item_id: str,
    action: Action,
    resettle: Resettle,
    *,
    value: str | None = None,
    by: str = "",
    note: str = "",
) -> Verdict:
    """Accept, correct, reject, defer or duplicate; raises InvalidVerdictError where the field cannot take the value.

    `item_id` may be a paper's id: the decision is then on the paper as an entry of the list.
    """
    given: JsonValue = parsed(value)
    if store.paper(item_id) is not None:
        verdict = Verdict(paper=item_id, field=None, key="", action=action, value=given, by=by, note=note)
        return _give(store, verdict, resettle)
    item = store.review_item(item_id)
    if item.reason in LIST_REASONS:
        verdict = answer(store, item, action, by=by, note=note)
        resettle(verdict.paper)
        return verdict
    if item.reason == Reason.TRIAGE_SAMPLE:
        verdict = missed.answer(store, item, action, by=by, note=note)
        if action == "accept":  # what was rejected stays out: no record, nothing to settle
            resettle(verdict.paper)
        return verdict
    if item.reason == Reason.POSSIBLE_DUPLICATE:
        return _give(store, kin_verdict(item, action, by=by, note=note), resettle)
    if action == "accept" and item.field is not None and not item.key:
        raise InvalidVerdictError(
            item.field.value, item.value, "a value: `correct` it, or `reject` to say there is none"
        )
    if action == "accept" and given is None and item.field is not None:
        given = item.value
    verdict = Verdict(
        paper=item.paper, field=item.field, key=item.key, action=action, value=given, by=by, note=note,
        evidence=item.evidence,
    )  # fmt: skip
    return _give(store, verdict, resettle)


def add_value(
    store: Store, paper: str, field: FieldName, value: str, resettle: Resettle, *, by: str = "", note: str = ""
) -> Verdict:
    """State a value that no reader proposed."""
    if store.paper(paper) is None:
        raise UnknownItemError("paper", paper)
    given = parsed(value)
    text = value if isinstance(given, str) or given is None else json.dumps(given)
    verdict = Verdict(paper=paper, field=field, key=value_key(text), action="add", value=given, by=by, note=note)
    return _give(store, verdict, resettle)


def undo(store: Store, resettle: Resettle, *, by: str | None = None) -> Verdict:
    """Take the last verdict back; raises UnknownItemError where there is none."""
    verdict = store.undo_last(by)
    if verdict is None:
        raise UnknownItemError("verdict", "to undo")
    if not missed.take_back(store, verdict) or store.record_exists(verdict.paper):
        resettle(verdict.paper)
    return verdict


def parsed(value: str | None) -> JsonValue:
    """A value as typed: a JSON object where it is one (a training stage, say), else the text."""
    if value is None or not value.lstrip().startswith("{"):
        return value
    try:
        found: JsonValue = json.loads(value)
    except ValueError:
        return value
    return found


def _give(store: Store, verdict: Verdict, resettle: Resettle) -> Verdict:
    check_verdict(verdict)
    store.add_verdict(verdict)
    resettle(verdict.paper)
    return verdict
