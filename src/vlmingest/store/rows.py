"""Between pydantic values and rows: JSON columns, compressed documents, and writing only what changed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlite_utils

from vlmingest.document import Document, Frozen
from vlmingest.records import ReviewItem, canonical_json

Model = TypeVar("Model", bound=Frozen)


def now() -> str:
    """The present instant, UTC, ISO 8601 with seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def as_json(value: Any) -> str:
    """Canonical JSON of a value or of a sequence of models."""
    if isinstance(value, list | tuple):
        value = [item.model_dump(mode="json") if isinstance(item, Frozen) else item for item in value]
    return canonical_json(value)


def models(kind: type[Model], text: str) -> tuple[Model, ...]:
    """A JSON list of models."""
    return tuple(kind.model_validate(item) for item in json.loads(text))


def packed(document: Document) -> tuple[str, bytes]:
    """The text, and everything else compressed."""
    data = document.model_dump(mode="json", exclude={"text"})
    return document.text, zlib.compress(canonical_json(data).encode("utf-8", "surrogatepass"), 6)


def unpacked(text: str, rest: bytes) -> Document:
    """The Document of a row."""
    data = json.loads(zlib.decompress(rest).decode("utf-8", "surrogatepass"))
    return Document.model_validate({**data, "text": text})


def upsert(db: sqlite_utils.Database, table: str, key: Sequence[str], row: Mapping[str, Any]) -> bool:
    """Insert or update by primary key; a row that is the same already is not touched. True when something changed."""
    columns = list(row)
    names = ", ".join(f'"{name}"' for name in columns)
    rest = [name for name in columns if name not in key]
    assignments = ", ".join(f'"{name}" = excluded."{name}"' for name in rest)
    differs = " OR ".join(f'"{table}"."{name}" IS NOT excluded."{name}"' for name in rest)
    action = f"UPDATE SET {assignments} WHERE {differs}" if rest else "NOTHING"
    cursor = db.conn.execute(
        f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))}) '
        f"ON CONFLICT ({', '.join(key)}) DO {action}",
        [row[name] for name in columns],
    )
    return cursor.rowcount > 0


def item_row(item: ReviewItem, paper_id: str, state: str) -> dict[str, Any]:
    """The row of a question in `review_items`."""
    return {
        "id": item.id,
        "paper_id": paper_id,
        "field": item.field,
        "key": item.key,
        "value": item.value,
        "reason": item.reason,
        "message": item.message,
        "priority": item.priority,
        "confidence": item.confidence,
        "evidence_json": as_json(item.evidence),
        "previous": item.previous,
        "previous_evidence_json": as_json(item.previous_evidence),
        "state": state,
    }
