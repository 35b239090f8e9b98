"""Ledgers, watermarks, runs, the list and the LLM cache."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from vlmingest.records import Entry, Run, StageCounts
from vlmingest.store.base import Base
from vlmingest.store.rows import as_json, now, upsert


class LedgerRow(NamedTuple):
    """What is done of a stage: an output, or a failure with its reason."""

    input_hash: str
    code_hash: str
    output_hash: str | None
    failure_reason: str | None
    failure_message: str | None


class RequestRow(NamedTuple):
    """One outbound request."""

    at: str
    host: str
    url: str
    status: int | None
    bytes: int
    waited_s: float


class LoggedRequest(Protocol):
    """What the HTTP client tells of a request (`vlmingest.fetch.RequestLogRow`; edges do not import one another)."""

    @property
    def host(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def at(self) -> str: ...
    @property
    def status(self) -> int | None: ...
    @property
    def bytes(self) -> int: ...
    @property
    def waited_s(self) -> float: ...
    @property
    def elapsed_s(self) -> float: ...
    @property
    def outcome(self) -> str: ...


class Runs(Base):
    """The truth about what is done."""

    def ledger(self, paper_id: str, version: int, stage: str) -> LedgerRow | None:
        """The state of one stage of one version."""
        row = self._one(
            "SELECT input_hash, code_hash, output_hash, reason, message FROM stage_ledger "
            "WHERE paper_id = ? AND version = ? AND stage = ?",
            paper_id, version, stage,
        )  # fmt: skip
        return LedgerRow(*row) if row else None

    def record_stage(
        self,
        paper_id: str,
        version: int,
        stage: str,
        input_hash: str,
        code_hash: str,
        *,
        output_hash: str | None = None,
        failure: tuple[str, str] | None = None,
    ) -> None:
        """Note an output or a failure (reason, message); the same again changes nothing, not even the time."""
        reason, message = failure or (None, None)
        values = [input_hash, code_hash, output_hash, reason, message]
        if self.ledger(paper_id, version, stage) == LedgerRow(input_hash, code_hash, output_hash, reason, message):
            return
        with self.transaction():
            self.db.conn.execute(
                "INSERT OR REPLACE INTO stage_ledger "
                "(paper_id, version, stage, input_hash, code_hash, output_hash, reason, message, at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [paper_id, version, stage, *values, now()],
            )

    # --- requests --------------------------------------------------------------------------------------------

    def log_request(self, row: LoggedRequest) -> None:
        """Every outbound try, in a transaction of its own."""
        with self.transaction():
            self.db.conn.execute(
                "INSERT INTO requests (at, host, method, url, status, bytes, waited_s, elapsed_s, error) "
                "VALUES (?, ?, 'GET', ?, ?, ?, ?, ?, ?)",
                [row.at, row.host, row.url, row.status, row.bytes, row.waited_s, row.elapsed_s,
                 "" if row.outcome == "ok" else row.outcome],
            )  # fmt: skip

    def requests(self, since: str | None = None, until: str | None = None) -> Iterator[RequestRow]:
        """The request ledger in the order of time."""
        rows = self._all(
            "SELECT at, host, url, status, bytes, waited_s FROM requests "
            "WHERE (?1 IS NULL OR at >= ?1) AND (?2 IS NULL OR at < ?2) ORDER BY at, id",
            since, until,
        )  # fmt: skip
        return (RequestRow(*row) for row in rows)

    def request_count(self) -> int:
        """How many requests were ever sent."""
        row = self._one("SELECT coalesce(max(id), 0) FROM requests")
        return row[0] if row else 0

    # --- watermarks and runs ---------------------------------------------------------------------------------

    def watermark(self, source: str) -> str | None:
        """The newest point of a source that is stored as a whole."""
        row = self._one("SELECT value FROM watermarks WHERE source = ?", source)
        return row[0] if row else None

    def watermarks(self) -> dict[str, str]:
        """All of them."""
        return dict(self._all("SELECT source, value FROM watermarks ORDER BY source"))

    def set_watermark(self, source: str, value: str) -> None:
        """Move it, within the transaction of the rows that it covers."""
        with self.transaction():
            upsert(self.db, "watermarks", ["source"], {"source": source, "value": value})

    def start_run(self, kind: str, since: str | None = None, until: str | None = None) -> int:
        """A new run; runs whose process is gone are marked as interrupted."""
        with self.transaction():
            for run_id, owner in self._all("SELECT id, owner FROM runs WHERE status = 'running'"):
                if not _is_alive(owner):
                    self.db.conn.execute(
                        "UPDATE runs SET status = 'interrupted', finished_at = ? WHERE id = ?", [now(), run_id]
                    )
            cursor = self.db.conn.execute(
                "INSERT INTO runs (kind, started_at, status, since, until, owner) VALUES (?, ?, 'running', ?, ?, ?)",
                [kind, now(), since, until, _owner(os.getpid())],
            )
        return int(cursor.lastrowid or 0)

    def finish_run(self, run_id: int, status: str, counts: Mapping[str, StageCounts], notes: Sequence[str]) -> None:
        """How it ended."""
        plain = {stage: count.model_dump(mode="json") for stage, count in counts.items()}
        with self.transaction():
            self.db.conn.execute(
                "UPDATE runs SET status = ?, finished_at = ?, counts_json = ?, notes_json = ? WHERE id = ?",
                [status, now(), as_json(plain), as_json(list(notes)), run_id],
            )

    def runs(self, limit: int = 20) -> list[Run]:
        """The newest runs."""
        names = ("id", "kind", "started_at", "finished_at", "status", "since", "until")
        rows = self._all(
            f"SELECT {', '.join(names)}, counts_json, notes_json FROM runs ORDER BY id DESC LIMIT ?",
            limit,
        )
        return [
            Run.model_validate({**dict(zip(names, row[:7], strict=True)), "counts": json.loads(row[7]),
                                "notes": json.loads(row[8])})
            for row in rows
        ]  # fmt: skip

    def counts(self) -> dict[str, int]:
        """Counters for the overview."""
        rows = self._all("SELECT name, key, n FROM counters WHERE n > 0 ORDER BY name, key")
        counts = {"papers": 0, "documents": 0, "records": 0}
        for name, key, number in rows:
            if name in ("papers", "documents", "records"):
                counts[name] = number
            elif name in ("records.label", "review", "verdicts"):
                counts[f"{name.replace('records.label', 'records')}: {key}"] = number
        return counts

    # --- the list --------------------------------------------------------------------------------------------

    def save_list(self, name: str, data: bytes, manifest: str = "{}", sha256: str = "") -> None:
        """An imported list, byte for byte."""
        row = {"name": name, "sha256": sha256, "data": data, "manifest_json": manifest, "imported_at": now()}
        with self.transaction():
            known = self._one("SELECT data, manifest_json FROM lists WHERE name = ?", name)
            if known is None or (known[0], known[1]) != (data, manifest):
                upsert(self.db, "lists", ["name"], row)

    def list_bytes(self, name: str) -> bytes | None:
        """The list as it was imported or last changed."""
        row = self._one("SELECT data FROM lists WHERE name = ?", name)
        return bytes(row[0]) if row else None

    def save_entries(self, entries: Sequence[Entry]) -> None:
        """The panels of the list, in its order."""
        with self.transaction():
            for position, entry in enumerate(entries):
                row = {
                    "name": entry.name,
                    "position": position,
                    "title": entry.title,
                    "released": entry.released.date if entry.released else None,
                    "status": entry.status,
                    "entry_json": as_json(entry),
                }
                upsert(self.db, "entries", ["name"], row)

    def entries(self) -> list[Entry]:
        """The panels in the order of the list."""
        rows = self._all("SELECT entry_json FROM entries ORDER BY position, name")
        return [Entry.model_validate_json(row[0]) for row in rows]


def _owner(pid: int) -> str:
    """Host, process and the moment the process started: a process id alone is used again."""
    try:
        started = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        started = ""
    return f"{socket.gethostname()}/{pid}/{started}"


def _is_alive(owner: str) -> bool:
    host, pid, _ = [*owner.rsplit("/", 2), "", ""][:3]
    if host != socket.gethostname():
        return True  # on another machine: not for us to say
    try:
        os.kill(int(pid), 0)
    except (OSError, ValueError):
        return False
    return _owner(int(pid)) == owner
