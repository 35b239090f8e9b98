"""The list as people keep it: its bytes, side files, exports, panels that are ours, edits by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from hashlib import sha256
from typing import NamedTuple, Protocol

from vlmingest.records import Entry, ReviewItem
from vlmingest.store.base import Base
from vlmingest.store.rows import as_json, item_row, now, upsert


class PanelRow(NamedTuple):
    """A panel that was made from a record; `generated` is what the machine last wrote."""

    paper: str
    entry: str
    record_digest: str
    generated: bytes
    prose: str = "[]"  # JSON: the sentences with their clauses, fields and values


class EditRow(NamedTuple):
    """One edit by hand."""

    entry: str
    paper: str | None
    what: str
    before: str
    after: str
    at: str


class HumanEdit(Protocol):
    """What the catalogue tells of an edit (`catalogue.lists.edits.ListEdit`; edges do not import the pure side)."""

    @property
    def entry(self) -> str: ...
    @property
    def papers(self) -> tuple[str, ...]: ...
    @property
    def what(self) -> str: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...


_GAP = 1024  # between the positions of neighbouring entries


def _entry_row(name: str, entry: Entry, position: int) -> dict[str, object]:
    return {
        "name": name,
        "position": position,
        "title": entry.title,
        "released": entry.released.date if entry.released else None,
        "status": entry.status,
        "entry_json": as_json(entry),
    }


class Lists(Base):
    """Tables of 0002_lists."""

    def save_list_file(self, name: str, role: str, data: bytes) -> None:
        """A file beside the list: `manifest` or `credits`."""
        with self.transaction():
            upsert(self.db, "list_files", ["list", "role"], {"list": name, "role": role, "data": data})

    def list_file(self, name: str, role: str) -> bytes | None:
        """The bytes of a side file."""
        row = self._one("SELECT data FROM list_files WHERE list = ? AND role = ?", name, role)
        return bytes(row[0]) if row else None

    def save_export(self, name: str, path: str, data: bytes, digest: str = "") -> None:
        """What was written to a place. The bytes of the list as it stands are not stored a second time."""
        digest = digest or sha256(data).hexdigest()
        with self.transaction():
            known = self._one("SELECT sha256 FROM list_exports WHERE list = ? AND path = ?", name, path)
            if known is None or known[0] != digest:
                kept = b"" if digest == self.list_digest(name) else data
                row = {"list": name, "path": path, "sha256": digest, "data": kept, "at": now()}
                upsert(self.db, "list_exports", ["list", "path"], row)
            self.db.conn.execute("INSERT OR IGNORE INTO list_generations VALUES (?, ?, ?)", [name, digest, now()])

    def replace_list(self, name: str, data: bytes, manifest: str, digest: str, path: str = "") -> None:
        """The list changes. Other places than `path` that hold the edition it had so far keep their bytes."""
        with self.transaction():
            self.db.conn.execute(
                "UPDATE list_exports SET data = (SELECT data FROM lists WHERE name = ?1) WHERE list = ?1 AND path <> ?2 "
                "AND length(data) = 0 AND sha256 = (SELECT sha256 FROM lists WHERE name = ?1) AND sha256 <> ?3",
                [name, path, digest],
            )
            row = {"name": name, "sha256": digest, "data": data, "manifest_json": manifest, "imported_at": now()}
            if (self.list_digest(name) or "") != digest or path == "":
                upsert(self.db, "lists", ["name"], row)

    def export_at(self, name: str, path: str) -> bytes | None:
        """What we last wrote to that place."""
        row = self._one(
            "SELECT CASE WHEN length(e.data) > 0 OR l.sha256 <> e.sha256 THEN e.data ELSE l.data END "
            "FROM list_exports e LEFT JOIN lists l ON l.name = e.list WHERE e.list = ? AND e.path = ?",
            name, path,
        )  # fmt: skip
        return bytes(row[0]) if row else None

    def export_digest(self, name: str, path: str) -> str | None:
        """The sha256 of what we last wrote to that place."""
        row = self._one("SELECT sha256 FROM list_exports WHERE list = ? AND path = ?", name, path)
        return row[0] if row else None

    def is_generation(self, name: str, data: bytes) -> bool:
        """Did we ever write exactly these bytes?"""
        digest = sha256(data).hexdigest()
        return self._one("SELECT 1 FROM list_generations WHERE list = ? AND sha256 = ?", name, digest) is not None

    def list_digest(self, name: str) -> str | None:
        """The sha256 of the list as it stands."""
        row = self._one("SELECT sha256 FROM lists WHERE name = ?", name)
        return row[0] if row else None

    # --- papers that are or wait to become entries ---------------------------------------------------------------

    def accepted_papers(self, name: str) -> list[tuple[str, str, str]]:
        """Papers that a person decided on and that have no panel yet: `(paper, "accept"|"duplicate", value)`, by id.

        The latest verdict on the whole paper counts. `value` of a duplicate names the other paper or entry.
        """
        rows = self._all(
            "SELECT v.paper_id, v.action, v.value_json FROM verdicts v JOIN ("
            "SELECT paper_id, max(id) AS latest FROM verdicts "
            "WHERE field IS NULL AND undone = 0 AND action <> 'defer' GROUP BY paper_id) w ON v.id = w.latest "
            "LEFT JOIN list_panels p ON p.list = ? AND p.paper_id = v.paper_id "
            "WHERE v.action IN ('accept', 'duplicate') AND p.paper_id IS NULL ORDER BY v.paper_id",
            name,
        )
        return [(row[0], row[1], str(json.loads(row[2]) or "")) for row in rows]

    def is_listed_by_hand(self, paper: str) -> bool:
        """Does an entry hold the paper that is not of our making? Then nobody has to be asked whether it is a new one."""
        sql = (
            "SELECT 1 FROM entries, json_each(entry_json, '$.papers') AS held "
            "WHERE instr(entry_json, ?1) > 0 AND held.value = ?1 "
            "AND NOT EXISTS (SELECT 1 FROM list_panels WHERE paper_id = ?1 AND length(generated) > 0) LIMIT 1"
        )
        return self._one(sql, paper) is not None

    def save_panel(self, name: str, panel: PanelRow) -> None:
        """The machine's version of a panel."""
        row = {
            "list": name,
            "paper_id": panel.paper,
            "entry": panel.entry,
            "record_digest": panel.record_digest,
            "generated": panel.generated,
            "prose_json": panel.prose,
        }
        with self.transaction():
            upsert(self.db, "list_panels", ["list", "paper_id"], row)

    def stale_panels(self, name: str) -> list[PanelRow]:
        """Panels whose record changed since the machine wrote them, by paper."""
        rows = self._all(
            "SELECT p.paper_id, p.entry, p.record_digest, p.generated FROM list_panels p "
            "JOIN records r ON r.paper_id = p.paper_id "
            "WHERE p.list = ? AND r.digest <> p.record_digest ORDER BY p.paper_id",
            name,
        )
        return [PanelRow(row[0], row[1], row[2], bytes(row[3])) for row in rows]

    def revoked_panels(self, name: str) -> list[PanelRow]:
        """Panels of ours whose paper has no accepting verdict any more, by paper."""
        rows = self._all(
            "SELECT p.paper_id, p.entry, p.record_digest, p.generated FROM list_panels p LEFT JOIN verdicts v ON v.id = ("
            "SELECT max(id) FROM verdicts w WHERE w.paper_id = p.paper_id AND w.field IS NULL AND w.undone = 0 "
            "AND w.action <> 'defer') WHERE p.list = ? AND (v.action IS NULL OR v.action NOT IN ('accept', 'duplicate')) "
            "ORDER BY p.paper_id",
            name,
        )
        return [PanelRow(row[0], row[1], row[2], bytes(row[3])) for row in rows]

    def panels_accepted_after(self, name: str, day: str) -> list[PanelRow]:
        """Panels of ours whose paper had no accepting verdict yet on that day, by paper."""
        rows = self._all(
            "SELECT p.paper_id, p.entry, p.record_digest, p.generated FROM list_panels p WHERE p.list = ?1 AND NOT EXISTS ("
            "SELECT 1 FROM verdicts v WHERE v.paper_id = p.paper_id AND v.field IS NULL AND v.action = 'accept' "
            "AND v.undone = 0 AND substr(v.at, 1, 10) <= ?2) ORDER BY p.paper_id",
            name, day,
        )  # fmt: skip
        return [PanelRow(row[0], row[1], row[2], bytes(row[3])) for row in rows]

    def forget_panel(self, name: str, paper: str) -> None:
        """The paper's panel left the list."""
        with self.transaction():
            self.db.conn.execute("DELETE FROM list_panels WHERE list = ? AND paper_id = ?", [name, paper])

    def forget_panels(self, name: str, kept: AbstractSet[str]) -> None:
        """Another list was taken over: only papers that it holds count as entered."""
        with self.transaction():
            for (paper,) in self._all("SELECT paper_id FROM list_panels WHERE list = ?", name):
                if paper not in kept:
                    self.db.conn.execute("DELETE FROM list_panels WHERE list = ? AND paper_id = ?", [name, paper])

    # --- edits by hand -----------------------------------------------------------------------------------------------

    def add_edits(self, name: str, edits: Iterable[HumanEdit]) -> int:
        """Append edits; returns how many."""
        rows = [
            [name, one.entry, one.papers[0] if one.papers else None, one.what, one.before, one.after, now()]
            for one in edits
        ]
        with self.transaction():
            self.db.conn.executemany(
                "INSERT INTO list_edits (list, entry, paper, what, before, after, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
        return len(rows)

    def list_edits(self, name: str, entry: str | None = None) -> list[EditRow]:
        """Edits in the order in which they were seen."""
        rows = self._all(
            "SELECT entry, paper, what, before, after, at FROM list_edits "
            "WHERE list = ?1 AND (?2 IS NULL OR entry = ?2) ORDER BY id",
            name, entry,
        )  # fmt: skip
        return [EditRow(*row) for row in rows]

    # --- entries -----------------------------------------------------------------------------------------------------

    def replace_entries(self, entries: Sequence[Entry]) -> None:
        """The entries of the list, in its order; those that it has no more go."""
        seen: dict[str, Entry] = {}
        for entry in entries:
            name = entry.name
            while name in seen:  # the table wants one row a name; lint reports the repetition
                name += "'"
            seen[name] = entry
        with self.transaction():
            known = dict(self._all("SELECT name, entry_json FROM entries"))
            for position, (name, entry) in enumerate(seen.items()):
                known.pop(name, None)
                upsert(self.db, "entries", ["name"], _entry_row(name, entry, position * _GAP))
            for gone in known:
                self.db.conn.execute("DELETE FROM entries WHERE name = ?", [gone])

    def update_entry(self, name: str, change: Callable[[Entry], Entry]) -> None:
        """One entry, at its place, as `change` makes it; nothing where no entry has this name."""
        row = self._one("SELECT position, entry_json FROM entries WHERE name = ?", name)
        if row is None:
            return
        entry = change(Entry.model_validate_json(row[1]))
        with self.transaction():
            self.db.conn.execute("DELETE FROM entries WHERE name = ?", [name])
            upsert(self.db, "entries", ["name"], _entry_row(entry.name, entry, row[0]))

    def insert_entry(self, entry: Entry, index: int) -> None:
        """One entry more, before the one that has `index` now. Places have gaps: ten thousand rows need not move."""
        with self.transaction():
            around = self._all(
                "SELECT position FROM entries ORDER BY position, name LIMIT 2 OFFSET ?", max(index - 1, 0)
            )
            places = [row[0] for row in around]
            if not places:
                position = 0
            elif index == 0:
                position = places[0] - _GAP
            elif len(places) == 1:
                position = places[0] + _GAP
            elif places[1] - places[0] > 1:
                position = (places[0] + places[1]) // 2
            else:
                names = self._all("SELECT name FROM entries ORDER BY position, name")
                anew = [[number * _GAP, name] for number, (name,) in enumerate(names)]
                self.db.conn.executemany("UPDATE entries SET position = ? WHERE name = ?", anew)
                position = index * _GAP - _GAP // 2
            upsert(self.db, "entries", ["name"], _entry_row(entry.name, entry, position))

    def titles(self) -> dict[str, tuple[str, str]]:
        """Title and abstract of every paper with an arXiv id."""
        rows = self._all("SELECT arxiv_id, title, abstract FROM papers WHERE arxiv_id IS NOT NULL ORDER BY id")
        return {row[0]: (row[1], row[2]) for row in rows}

    def withdrawn_ids(self) -> list[str]:
        """The arXiv ids of withdrawn papers."""
        rows = self._all("SELECT arxiv_id FROM papers WHERE withdrawn = 1 AND arxiv_id IS NOT NULL ORDER BY id")
        return [row[0] for row in rows]

    # --- questions ---------------------------------------------------------------------------------------------------

    def ask(self, item: ReviewItem) -> bool:
        """Put a question of the list into the queue; False where it was asked before, open or answered."""
        if self._one("SELECT 1 FROM review_items WHERE id = ?", item.id) is not None:
            return False
        with self.transaction():
            upsert(self.db, "review_items", ["id"], item_row(item, item.paper, "open"))
        return True

    def close_item(self, item_id: str, state: str) -> None:
        """The question is `resolved` or `deferred`."""
        with self.transaction():
            self.db.conn.execute("UPDATE review_items SET state = ? WHERE id = ?", [state, item_id])
