"""Health of a catalogue: an overview, set-up checks with remedies, proof of polite access."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from vlmingest.errors import VlmIngestError
from vlmingest.resources import data_folder
from vlmingest.settings import Settings
from vlmingest.store import Store

_FREE_BYTES = 1 << 30
_CLOCK_SLACK_S = 0.01  # the ledger's instants have milliseconds


class Check(NamedTuple):
    """One thing that was looked at."""

    name: str
    ok: bool
    message: str


class Spacing(NamedTuple):
    """How far apart the requests to one host were; `allowed_s` is the least distance."""

    host: str
    requests: int
    bytes: int
    least_gap_s: float | None
    allowed_s: float

    @property
    def ok(self) -> bool:
        """No two requests stood too close."""
        return self.least_gap_s is None or self.least_gap_s >= self.allowed_s - _CLOCK_SLACK_S


def overview(store: Store, runs: int = 5) -> dict[str, Any]:
    """Counts, watermarks and the last runs."""
    return {
        "counts": store.counts(),
        "watermarks": store.watermarks(),
        "runs": [run.model_dump(mode="json") for run in store.runs(runs)],
    }


def diagnose(settings: Settings, max_age_h: float | None = None) -> list[Check]:
    """Look at Python, SQLite, packaged data, database, disk, contact, the LLM and the last good run."""
    checks = [
        Check("python", sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}; 3.11 or newer is needed"),
        _sqlite(),
        _resources(),
        _database(settings.db),
        _disk(settings.data_path),
        _topic(settings),
        Check(
            "contact",
            True,
            settings.contact or "no contact set; arXiv likes one: VLMINGEST_CONTACT=you@example.org",
        ),
        _llm(settings),
    ]
    if max_age_h is not None:
        checks.append(_freshness(settings.db, max_age_h))
    return checks


def spacing(store: Store, settings: Settings, since: str | None = None, until: str | None = None) -> list[Spacing]:
    """Per host of the request ledger: requests, bytes, least gap between two starts."""
    by_host: dict[str, list[tuple[datetime, int, str]]] = {}
    for row in store.requests(since, until):
        by_host.setdefault(row.host, []).append((datetime.fromisoformat(row.at), row.bytes, row.url))
    result = []
    for host, rows in sorted(by_host.items()):
        times = sorted(at for at, _, _ in rows)
        gaps = [(after - before).total_seconds() for before, after in pairwise(times)]
        allowed = _owed(settings, rows[0][2])
        result.append(Spacing(host, len(rows), sum(size for _, size, _ in rows), min(gaps, default=None), allowed))
    return result


def _owed(settings: Settings, url: str) -> float:
    """The least distance; a replica on this machine is owed none, unless an interval was set."""
    from vlmingest.fetch.addresses import host_group  # noqa: PLC0415 - only the proof needs it

    is_own = host_group(url) == "loopback" and settings.origin.get("min_interval_s") == "default"
    return 0.0 if is_own else settings.interval_for(url)


def _sqlite() -> Check:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
        ok = sqlite3.sqlite_version_info >= (3, 37)
        return Check("sqlite", ok, f"SQLite {sqlite3.sqlite_version}; 3.37 or newer with FTS5 is needed")
    except sqlite3.OperationalError as error:
        return Check("sqlite", False, f"SQLite lacks FTS5 ({error}); install a Python whose SQLite has it")
    finally:
        connection.close()


def _resources() -> Check:
    try:
        folders = [data_folder(name) for name in ("db", "prompts", "flows")]
    except VlmIngestError as error:
        return Check("package", False, str(error))
    return Check("package", True, f"migrations, prompts and flows found in {folders[0].parent}")


def _database(path: Path) -> Check:
    if not path.exists():
        folder = path.resolve().parent
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            return Check("database", False, f"{path}: the folder cannot be written; name another with --db")
        return Check("database", True, f"{path}: none yet; `vlmingest add` or `nightly` makes it")
    try:
        with Store.open(path, read_only=True) as store:
            count = store.counts().get("papers", 0)
    except VlmIngestError as error:
        return Check("database", False, str(error))
    return Check("database", True, f"{path}: {count} papers")


def _disk(path: Path) -> Check:
    folder = path.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Check("disk", free > _FREE_BYTES, f"{free / _FREE_BYTES:.1f} GiB free for {path}; 1 GiB is needed")


def _topic(settings: Settings) -> Check:
    from vlmingest.topics import checked_recall, recall_note, topic_of  # noqa: PLC0415 - reads the weights

    try:
        topic = topic_of(settings)
        note = recall_note(topic.weights, checked_recall(settings))
    except VlmIngestError as error:
        return Check("topic", False, str(error))
    return Check("topic", True, f"{topic.title}: {note}")


def _llm(settings: Settings) -> Check:
    if not settings.llm_enabled:
        return Check("llm", True, "off (the default); rules read every paper")
    installed = importlib.util.find_spec("pydantic_ai") is not None
    remedy = "" if installed else '; install it with: pip install "vlmingest[llm]"'
    return Check("llm", installed, f"{settings.llm_model} at {settings.llm_base_url}{remedy}")


def _freshness(path: Path, max_age_h: float) -> Check:
    try:
        with Store.open(path, read_only=True) as store:
            good = [run for run in store.runs(50) if run.status in ("done", "degraded") and run.finished_at]
    except VlmIngestError as error:
        return Check("last run", False, str(error))
    if not good:
        return Check("last run", False, "no run has succeeded yet; run `vlmingest nightly`")
    finished = datetime.fromisoformat(str(good[0].finished_at))
    age_h = (datetime.now(UTC) - finished).total_seconds() / 3600
    return Check("last run", age_h <= max_age_h, f"{age_h:.1f} h ago; at most {max_age_h:g} h are allowed")
