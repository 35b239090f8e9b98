"""Verdicts, records, review items: the human layer, and what is settled from it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from vlmingest.errors import UnknownItemError
from vlmingest.records import Evidence, FieldName, Reason, Record, ReviewItem, Settled, Verdict, digest
from vlmingest.store.base import Base
from vlmingest.store.rows import as_json, item_row, models, now, upsert

_ITEM = (
    "id, paper_id, field, key, value, reason, message, priority, confidence, evidence_json, previous, "
    "previous_evidence_json"
)


class Human(Base):
    """What people decided, and the questions for them."""

    def add_verdict(self, verdict: Verdict) -> int:
        """Append a verdict; returns its number. Nothing ever deletes it."""
        if self._one("SELECT 1 FROM papers WHERE id = ?", verdict.paper) is None:
            raise UnknownItemError("paper", verdict.paper)
        with self.transaction():
            cursor = self.db.conn.execute(
                "INSERT INTO verdicts (paper_id, field, key, action, value_json, by, at, note, evidence_json) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    verdict.paper, verdict.field, verdict.key, verdict.action, as_json(verdict.value), verdict.by,
                    verdict.at or now(), verdict.note, as_json(verdict.evidence),
                ],
            )  # fmt: skip
        return int(cursor.lastrowid or 0)

    def undo_last(self, by: str | None = None) -> Verdict | None:
        """Undo the newest verdict that counts (of one person); returns it, or None where there is none."""
        row = self._one(
            "SELECT id FROM verdicts WHERE undone = 0 AND (? IS NULL OR by = ?) ORDER BY id DESC LIMIT 1", by, by
        )
        if row is None:
            return None
        with self.transaction():
            self.db.conn.execute("UPDATE verdicts SET undone = 1, undone_at = ? WHERE id = ?", [now(), row[0]])
        return next(iter(self._verdicts("WHERE id = ?", row[0])))

    def verdicts(self, paper_id: str, as_of: str | None = None) -> list[Verdict]:
        """All verdicts on a paper, in the order in which they were given; `as_of`: as they stood on that day."""
        if as_of is None:
            return list(self._verdicts("WHERE paper_id = ? ORDER BY id", paper_id))
        undone = "undone = 1 AND substr(undone_at, 1, 10) <= ?1"
        where = "WHERE paper_id = ?2 AND substr(at, 1, 10) <= ?1 ORDER BY id"
        return list(self._verdicts(where, as_of, paper_id, undone=undone))

    def _verdicts(self, where: str, *values: object, undone: str = "undone") -> Iterator[Verdict]:
        columns = f"paper_id, field, key, action, value_json, by, at, note, evidence_json, {undone}"
        for row in self._all(f"SELECT {columns} FROM verdicts {where}", *values):
            yield Verdict(
                paper=row[0], field=FieldName(row[1]) if row[1] else None, key=row[2], action=row[3],
                value=json.loads(row[4]), by=row[5], at=row[6], note=row[7], evidence=models(Evidence, row[8]),
                undone=bool(row[9]),
            )  # fmt: skip

    # --- records ---------------------------------------------------------------------------------------------

    def save_settled(self, paper_id: str, settled: Settled) -> None:
        """The record and its open questions; questions that are settled close, deferred ones stay deferred."""
        record = settled.record
        row = {
            "paper_id": paper_id,
            "version": record.paper.version,
            "model_name": record.model.name,
            "label": record.relevance.label,
            "score": record.relevance.score,
            "published": record.paper.published,
            "digest": digest(record),
            "record_json": as_json(record),
        }
        with self.transaction():
            upsert(self.db, "records", ["paper_id"], row)
            self._save_items(paper_id, settled)

    def _save_items(self, paper_id: str, settled: Settled) -> None:
        # questions that the list asks are answered there, not by settling the paper again
        live = dict(
            self._all(
                "SELECT id, state FROM review_items WHERE paper_id = ? AND state <> 'resolved' "
                "AND reason NOT IN ('edit-conflict', 'new-family', 'triage-sample')",
                paper_id,
            )
        )
        latest = {
            (verdict.field, verdict.key): verdict.action for verdict in self.verdicts(paper_id) if not verdict.undone
        }
        for item in settled.review_items:
            state = "deferred" if latest.get((item.field, item.key)) == "defer" else "open"
            upsert(self.db, "review_items", ["id"], item_row(item, paper_id, state))
            live.pop(item.id, None)
        for gone in live:
            self.db.conn.execute("UPDATE review_items SET state = 'resolved' WHERE id = ?", [gone])

    def record(self, paper_id: str) -> Record | None:
        """The settled record of a paper."""
        row = self._one("SELECT record_json FROM records WHERE paper_id = ?", paper_id)
        return Record.model_validate_json(row[0]) if row else None

    def record_exists(self, paper_id: str) -> bool:
        """Was the paper ever settled?"""
        return self._one("SELECT 1 FROM records WHERE paper_id = ?", paper_id) is not None

    def record_digest(self, paper_id: str) -> str | None:
        """A hash of the settled record."""
        row = self._one("SELECT digest FROM records WHERE paper_id = ?", paper_id)
        return row[0] if row else None

    def records(self) -> Iterator[Record]:
        """All records by id, as they stand now; those of another day: `history.records_on`."""
        for (text,) in self._all("SELECT record_json FROM records ORDER BY paper_id"):
            yield Record.model_validate_json(text)

    # --- the queue -------------------------------------------------------------------------------------------

    def review_items(
        self,
        paper: str | None = None,
        reason: str | None = None,
        field: str | None = None,
        state: str = "open",
        limit: int = -1,
    ) -> list[ReviewItem]:
        """Questions in the order of their value."""
        rows = self._all(
            f"SELECT {_ITEM} FROM review_items WHERE state = ?1 AND (?2 IS NULL OR paper_id = ?2) "
            "AND (?3 IS NULL OR reason = ?3) AND (?4 IS NULL OR field = ?4) ORDER BY priority DESC, id LIMIT ?5",
            state, paper, reason, field, limit,
        )  # fmt: skip
        return [_item(row) for row in rows]

    def review_item(self, item_id: str) -> ReviewItem:
        """One question by its id, or by the beginning of it; raises UnknownItemError."""
        rows = self._all(
            f"SELECT {_ITEM} FROM review_items "
            "WHERE id = ?1 OR (length(?1) >= 4 AND substr(id, 1, length(?1)) = ?1) LIMIT 2",
            item_id,
        )
        if len(rows) != 1:
            raise UnknownItemError("review item", item_id, "see vlmingest review list")
        return _item(rows[0])

    def item_state(self, item_id: str) -> str:
        """open, deferred or resolved."""
        row = self._one("SELECT state FROM review_items WHERE id = ?", item_id)
        return row[0] if row else "resolved"

    def open_item_count(self) -> int:
        """How many questions wait; a counter, not a scan."""
        row = self._one("SELECT n FROM counters WHERE name = 'review' AND key = 'open'")
        return row[0] if row else 0


def _item(row: tuple[object, ...]) -> ReviewItem:
    names = ("id", "paper", "field", "key", "value", "reason", "message", "priority", "confidence")
    values = dict(zip(names, row[:9], strict=True))
    return ReviewItem.model_validate(
        {
            **values,
            "reason": Reason(str(values["reason"])),
            "evidence": json.loads(str(row[9])),
            "previous": row[10],
            "previous_evidence": json.loads(str(row[11])),
        }
    )
