"""Opening the SQLite file: migrations, pragmas, and one place that words SQLite's errors.

Migrations are `db/migrations/NNNN_name.sql`, forward only; each runs in one transaction together with the note that it
ran (sqlite-utils' `db.atomic()`: plain `executescript` would commit an open transaction). A file that was applied may
not change: its hash is checked.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import sqlite_utils

from vlmingest.errors import (
    DataFileError,
    DiskFullError,
    LockedDatabaseError,
    NewerDatabaseError,
    NoDatabaseError,
    NotADatabaseError,
    ReadOnlyDatabaseError,
    StoreError,
)
from vlmingest.resources import data_folder

APPLICATION_ID = 0x766C6D69  # "vlmi"


class Migration(NamedTuple):
    """One numbered file."""

    name: str
    sha256: str
    sql: str


def migrations() -> list[Migration]:
    """All migrations in order; raises DataFileError where the numbers have a gap."""
    found = []
    for number, path in enumerate(sorted((data_folder("db") / "migrations").glob("*.sql")), start=1):
        if not path.name.startswith(f"{number:04d}_"):
            raise DataFileError(path.name, f"expected number {number:04d}: migrations are numbered without gaps")
        data = path.read_bytes()
        found.append(Migration(path.stem, hashlib.sha256(data).hexdigest(), data.decode("utf-8")))
    return found


@contextmanager
def worded(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into the ones of errors.py."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _named(path, error) from error


def _named(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    text, where = str(error).lower(), str(path)
    kinds: tuple[tuple[str, type[StoreError]], ...] = (
        ("locked", LockedDatabaseError),
        ("busy", LockedDatabaseError),
        ("readonly", ReadOnlyDatabaseError),
        ("read-only", ReadOnlyDatabaseError),
        ("unable to open", ReadOnlyDatabaseError),
        ("full", DiskFullError),
        ("disk i/o", DiskFullError),
        ("not a database", NotADatabaseError),
        ("malformed", NotADatabaseError),
    )
    for word, kind in kinds:
        if word in text:
            return kind(where, str(error))
    return StoreError(where, str(error))


def open_database(path: Path, *, create: bool, read_only: bool, timeout_s: float) -> sqlite_utils.Database:
    """An open, migrated database; raises a StoreError of the fitting class."""
    if not path.exists():
        if not create:
            raise NoDatabaseError(str(path))
        with worded(path):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ReadOnlyDatabaseError(str(path), str(error.strerror)) from error
    if path.is_dir():
        raise NotADatabaseError(str(path), "it is a folder")
    with worded(path):
        connection = _connect(path, read_only=read_only, timeout_s=timeout_s)
        try:
            db = sqlite_utils.Database(connection)
            _check(db, path)
            _refuse_newer(db, path)
            if not read_only:
                _migrate(db, path)
        except BaseException:
            connection.close()
            raise
    return db


def _connect(path: Path, *, read_only: bool, timeout_s: float) -> sqlite3.Connection:
    uri = f"file:{_quoted(path)}?mode={'ro' if read_only else 'rwc'}"
    wal = path.with_name(path.name + "-wal")
    if read_only and not os.access(path.parent, os.W_OK) and not wal.exists():
        uri += "&immutable=1"  # WAL needs to write beside the file even to read; nobody is writing, so read it as it is
    connection = sqlite3.connect(uri, uri=True, timeout=timeout_s, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA recursive_triggers = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _check(db: sqlite_utils.Database, path: Path) -> None:
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise NotADatabaseError(str(path), "an SQLite file of something else")


def _applied(db: sqlite_utils.Database) -> dict[str, str]:
    if not db["_migrations"].exists():
        return {}
    rows: dict[str, Any] = dict(db.execute("SELECT name, sha256 FROM _migrations").fetchall())
    return rows


def _refuse_newer(db: sqlite_utils.Database, path: Path) -> None:
    unknown = set(_applied(db)) - {migration.name for migration in migrations()}
    if unknown:
        raise NewerDatabaseError(str(path), ", ".join(sorted(unknown)))


def _migrate(db: sqlite_utils.Database, path: Path) -> None:
    if _pending(db):
        # the write lock first: of two processes that create one database, the second waits and finds it made
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            for migration in _pending(db):
                with db.atomic():
                    db.executescript(migration.sql)
                    db.table("_migrations").insert({"name": migration.name, "sha256": migration.sha256}, pk="name")
        except BaseException:
            db.conn.rollback()
            raise
        db.conn.commit()
        _refuse_newer(db, path)


def _pending(db: sqlite_utils.Database) -> list[Migration]:
    """What was not applied yet; raises DataFileError where an applied file was changed."""
    applied, pending = _applied(db), []
    for migration in migrations():
        if migration.name not in applied:
            pending.append(migration)
        elif applied[migration.name] != migration.sha256:
            raise DataFileError(f"{migration.name}.sql", "changed after it was applied; add a new migration instead")
    return pending
