"""Nights and people take turns on one list, through the database: no edit is ever lost, no byte changes without a cause."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.catalogue.test_merge import a_list, human
from tests.unit.test_list_export import record, settle, verdict
from vlmingest.catalogue.lists import parse_list
from vlmingest.errors import ListMismatchError
from vlmingest.list_export import LIST_NAME, write_list
from vlmingest.listing import take_over
from vlmingest.store import Store


def machine_night(store: Store, rng: random.Random) -> None:
    """Papers are settled anew, accepted, taken back."""
    for number in range(3):
        paper = f"2411.9000{number}"
        if rng.random() < 0.6:
            day = f"2024-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
            settle(store, record(f"New{number}", rng.choice(["Eye", "Lens", "Retina"]), paper, day))
            if rng.random() < 0.7:
                verdict(store, rng.choice(["accept", "accept", "accept", "reject"]), paper)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database to copy: making one takes longer than a turn."""
    path = tmp_path_factory.mktemp("empty") / "v.db"
    Store.open(path, create=True).close()
    return path


def rounds(folder: Path, empty: Path, seed: int) -> None:
    rng = random.Random(seed)
    out, db = folder / "README.md", folder / "v.db"
    base = a_list(8)
    out.write_bytes(base)
    shutil.copy(empty, db)
    with Store.open(db) as store:
        take_over(store, base, None, None, str(out))
    for turn in range(rng.randrange(1, 4)):
        with Store.open(db) as store:
            machine_night(store, rng)
        edited, _, _ = human(out.read_bytes(), seed * 7 + turn, rng.randrange(0, 4))
        out.write_bytes(edited)
        marks = {word for word in edited.split() if word.startswith(b"HUMAN")}
        try:
            done = write_list(db, out)
        except ListMismatchError:
            assert out.read_bytes() == edited
            return
        after = out.read_bytes()
        assert all(after.count(mark) >= edited.count(mark) for mark in marks)
        assert parse_list(after).data == after == done.data
        write_list(db, out)
        assert out.read_bytes() == after  # the same database, the same bytes
        with Store.open(db, read_only=True) as store:
            assert store.list_bytes(LIST_NAME) == after


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_turns(tmp_path_factory: pytest.TempPathFactory, empty: Path, seed: int) -> None:
    rounds(tmp_path_factory.mktemp("turns"), empty, seed)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@settings(deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_a_thousand_turns(tmp_path_factory: pytest.TempPathFactory, empty: Path, seed: int) -> None:
    rounds(tmp_path_factory.mktemp("turns"), empty, seed)
