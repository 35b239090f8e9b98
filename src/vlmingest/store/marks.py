"""Marks of the data: how many rows a part of the database has, and a hash over them that is the same on every machine."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from vlmingest.records import canonical_json
from vlmingest.store.base import Base

# what decides an export, by part; instants of machine work are no data
_PARTS = {
    "papers": "SELECT paper_id, version, withdrawn, first_seen, metadata_json FROM paper_versions ORDER BY 1, 2",
    "documents": "SELECT paper_id, version, source, sha256, reader, digest FROM documents ORDER BY 1, 2",
    "readings": "SELECT paper_id, version, reader, digest FROM readings ORDER BY 1, 2, 3",
    "verdicts": "SELECT paper_id, field, key, action, value_json, by, at, note, undone FROM verdicts ORDER BY id",
    "records": "SELECT paper_id, version, digest FROM records ORDER BY 1",
    "entries": "SELECT name, position, entry_json FROM entries ORDER BY position, name",
    "lists": "SELECT name, sha256 FROM lists ORDER BY 1",
    "vocabulary_additions": "SELECT kind, key, name, family, aliases_json FROM vocabulary_additions ORDER BY 1, 2",
}


class Mark(NamedTuple):
    """`sha256` over the canonical JSON of the rows."""

    rows: int
    sha256: str


class Marks(Base):
    """What an export was made from."""

    def data_marks(self) -> dict[str, Mark]:
        """A mark per part of the database."""
        marks = {}
        for name, sql in _PARTS.items():
            rows, sha = self._all(sql), hashlib.sha256()
            for row in rows:
                sha.update(canonical_json(list(row)).encode("utf-8", "surrogatepass") + b"\n")
            marks[name] = Mark(len(rows), sha.hexdigest())
        return marks
