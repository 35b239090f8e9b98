"""What people decide, what waits for them, and the settled outcome of both layers."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import JsonValue

from vlmingest.document import Frozen
from vlmingest.records.candidates import Evidence
from vlmingest.records.canonical import digest
from vlmingest.records.model import (
    Record,
)
from vlmingest.records.terms import (
    FieldName,
)

Action = Literal["accept", "correct", "reject", "defer", "duplicate", "add"]


class Verdict(Frozen):
    """What a person decided; append-only. `key` names the machine value (see `value_key`), `value` the corrected one.

    `add` states a value no machine proposed (`key` is then the key of `value`). `duplicate`: `value` is the other
    paper. A whole-paper verdict has `field` None. A later verdict on the same (paper, field, key) wins; `undone` ones
    do not count.
    """

    paper: str
    field: FieldName | None
    key: str
    action: Action
    value: JsonValue = None
    by: str = ""
    at: str = ""
    note: str = ""
    evidence: tuple[Evidence, ...] = ()
    undone: bool = False


class Reason(StrEnum):
    """Why a person should look."""

    LOW_CONFIDENCE = "low-confidence"
    READERS_DISAGREE = "readers-disagree"
    VALUE_CHANGED = "value-changed"
    NEW_NAME = "new-name"
    NEW_ENTRY = "new-entry"
    NEW_FAMILY = "new-family"
    WITHDRAWN = "withdrawn"
    MISSING_FIELD = "missing-field"
    UNREADABLE = "unreadable"
    WRONG_DOCUMENT = "wrong-document"
    VERDICT_CONFLICT = "verdict-conflict"
    INJECTION = "suspicious-text"
    POSSIBLE_DUPLICATE = "possible-duplicate"
    EDIT_CONFLICT = "edit-conflict"
    TRIAGE_SAMPLE = "triage-sample"


class ReviewItem(Frozen):
    """One question for a person. `priority` is the expected value of answering it; higher comes first."""

    id: str
    paper: str
    field: FieldName | None
    key: str
    value: str
    reason: Reason
    message: str
    priority: float = 0.0
    confidence: float | None = None
    evidence: tuple[Evidence, ...] = ()
    previous: str | None = None
    previous_evidence: tuple[Evidence, ...] = ()

    @staticmethod
    def make_id(paper: str, field: str | None, key: str, reason: str) -> str:
        """The same question has the same id in every run."""
        return digest([paper, field, key, reason])[:12]


class Settled(Frozen):
    """A record and what is left to ask."""

    record: Record
    review_items: tuple[ReviewItem, ...] = ()
