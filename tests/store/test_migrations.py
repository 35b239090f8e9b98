"""Migrations: gapless, atomic, forward only; the schema file says what they give."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from vlmingest.errors import DataFileError, NewerDatabaseError
from vlmingest.store import Store, database

ROOT = Path(__file__).resolve().parents[2]


def test_numbers_have_no_gap_and_names_describe():
    names = [one.name for one in database.migrations()]
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert all(len(name) > 8 and name[4] == "_" for name in names)


def test_schema_file_is_up_to_date():
    run = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_schema.py", "--check"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def test_opening_twice_applies_nothing_twice(tmp_path):
    for _ in range(2):
        with Store.open(tmp_path / "a.db", create=True) as store:
            assert len(store._all("SELECT name FROM _migrations")) == len(database.migrations())


def test_an_applied_file_may_not_change(tmp_path):
    with Store.open(tmp_path / "a.db", create=True) as store:
        store.db.execute("UPDATE _migrations SET sha256 = 'other'")
    with pytest.raises(DataFileError, match="changed after it was applied"):
        Store.open(tmp_path / "a.db")


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_schema_is_refused(tmp_path, read_only):
    with Store.open(tmp_path / "a.db", create=True) as store:
        store.db.execute("INSERT INTO _migrations VALUES ('9999_from_the_future', 'x')")
    with pytest.raises(NewerDatabaseError):
        Store.open(tmp_path / "a.db", read_only=read_only)


def test_half_of_a_failed_migration_does_not_stay(tmp_path, monkeypatch):
    with Store.open(tmp_path / "a.db", create=True) as store:
        store.set_watermark("arxiv", "2025-06-01")
    bad = database.Migration("0002_bad", "x", "CREATE TABLE half (a); CREATE TABLE half (a);")
    known = database.migrations()
    monkeypatch.setattr(database, "migrations", lambda: [*known, bad])
    with pytest.raises(Exception, match="half"):
        Store.open(tmp_path / "a.db")
    with sqlite3.connect(tmp_path / "a.db") as plain:
        assert not plain.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchall()
        assert plain.execute("SELECT value FROM watermarks").fetchall() == [("2025-06-01",)]
    plain.close()


def test_tables_are_strict_and_keys_enforced(tmp_path):
    with Store.open(tmp_path / "a.db", create=True) as store:
        loose = store._all(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 "
            "AND name NOT LIKE 'sqlite%' AND name <> '_migrations'"
        )
        assert loose == []
        assert store._one("PRAGMA foreign_keys") == (1,)
        assert store._one("PRAGMA journal_mode") == ("wal",)
