"""Whole runs against the replica: nothing twice, nothing lost, killed and resumed, counts in = counts out."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT

RUN = ("nightly", "--engine", "local", "--json")
VOLATILE = ("runs", "requests", "sqlite_sequence")


def tables(path):
    """Every table's rows, without those that belong to a run itself."""
    connection = sqlite3.connect(path)
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name not in VOLATILE and "_fts" not in name
    ]
    rows = {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in names}
    connection.close()
    return rows


def export(vlmingest, folder, name):
    run = vlmingest("export", "json", "--out", folder / name)
    assert run.returncode == 0, run.stderr
    return (folder / name).read_bytes()


def test_a_night_makes_records_and_the_same_night_again_changes_nothing(vlmingest, tmp_path, until):
    first = vlmingest(*RUN, "--until", until)
    assert first.returncode == 0, first.stdout + first.stderr
    report = json.loads(first.stdout)
    assert report["new_papers"]
    assert report["records_changed"]
    for counts in report["counts"].values():
        left = counts["done"] + sum(counts["skipped"].values()) + sum(counts["failed"].values())
        assert counts["entered"] == left
    before, exported = tables(tmp_path / "catalogue.db"), export(vlmingest, tmp_path, "one.json")
    second = vlmingest(*RUN, "--until", until)
    again = json.loads(second.stdout)
    assert (second.returncode, again["new_papers"], again["records_changed"]) == (0, [], [])
    assert tables(tmp_path / "catalogue.db") == before
    assert export(vlmingest, tmp_path, "two.json") == exported
    check = vlmingest("verify", "--json")
    assert check.returncode == 0
    assert json.loads(check.stdout)["quotes"] > 0
    polite = vlmingest("politeness")
    assert polite.returncode == 0, polite.stdout


def test_nights_in_order_bring_a_new_version_and_a_withdrawal(vlmingest, tmp_path, replica, sample_nights):
    news = {"new_versions": [], "withdrawn": []}
    for night in sample_nights:
        replica.tonight = night
        run = vlmingest(*RUN, "--until", night.isoformat())
        assert run.returncode == 0, run.stdout + run.stderr
        report = json.loads(run.stdout)
        for kind in news:
            news[kind] += report[kind]
    assert news["new_versions"] == ["2506.90005v2"]
    assert news["withdrawn"] == ["2506.90006"]
    records = {one["paper"]["id"]: one for one in json.loads(export(vlmingest, tmp_path, "all.json"))["records"]}
    assert records["2506.90006"]["paper"]["withdrawn"] is True
    reasons = {item["reason"] for item in json.loads(vlmingest("review", "list", "--json").stdout)}
    items = json.loads(vlmingest("review", "list", "--json", "--paper", "2506.90006", "--limit", "500").stdout)
    assert "withdrawn" in reasons | {item["reason"] for item in items}


def test_verdicts_survive_a_new_reading(vlmingest, tmp_path, until):
    vlmingest(*RUN, "--until", until)
    item = json.loads(vlmingest("review", "list", "--json", "--reason", "low-confidence").stdout)[0]
    shown = vlmingest("review", "show", item["id"])
    assert ">>>" in shown.stdout
    assert vlmingest("review", "reject", item["id"], "--by", "tester").returncode == 0
    after = export(vlmingest, tmp_path, "after.json")
    assert vlmingest("reread").returncode == 0
    assert export(vlmingest, tmp_path, "again.json") == after
    undone = vlmingest("review", "undo")
    assert undone.returncode == 0
    assert "undone" in undone.stdout


@pytest.mark.parametrize("points", [4])
def test_killed_at_random_points_and_run_again_it_ends_the_same(vlmingest, environment, tmp_path, until, points):
    assert vlmingest(*RUN, "--until", until).returncode == 0
    expected = export(vlmingest, tmp_path, "whole.json")
    started = time.monotonic()
    vlmingest(*RUN, "--until", until, VLMINGEST_DB=str(tmp_path / "timing.db"))
    length = time.monotonic() - started
    rng = random.Random(20251125)
    killed = {**environment, "VLMINGEST_DB": str(tmp_path / "killed.db")}
    for _ in range(points):
        process = subprocess.Popen(
            [sys.executable, "-m", "vlmingest", *RUN, "--until", until],
            cwd=tmp_path, env=killed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(rng.uniform(0.2, length))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    run = vlmingest(*RUN, "--until", until, VLMINGEST_DB=str(tmp_path / "killed.db"))
    assert run.returncode == 0, run.stdout + run.stderr
    done = vlmingest("export", "json", "--out", tmp_path / "resumed.json", VLMINGEST_DB=str(tmp_path / "killed.db"))
    assert done.returncode == 0
    assert (tmp_path / "resumed.json").read_bytes() == expected


def test_a_source_that_is_down_loses_nothing(vlmingest, until):
    run = vlmingest(
        *RUN, "--until", until, VLMINGEST_ARXIV_API_URL="http://127.0.0.1:9/api/query", VLMINGEST_RETRIES="0"
    )
    report = json.loads(run.stdout)
    assert run.returncode == 3
    assert "the next run reads the window again" in report["notes"][0]
    assert json.loads(vlmingest(*RUN, "--until", until).stdout)["new_papers"]


@pytest.mark.prefect
def test_the_prefect_flow_does_the_same_and_its_home_is_disposable(vlmingest, environment, tmp_path, until):
    assert vlmingest(*RUN, "--until", until).returncode == 0
    expected = export(vlmingest, tmp_path, "local.json")
    flow_db = str(tmp_path / "flow.db")
    run = vlmingest("nightly", "--engine", "prefect", "--until", until, "--json", VLMINGEST_DB=flow_db)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    home = tmp_path / "flow.db.data" / "prefect"
    artifacts = sqlite3.connect(home / "prefect.db").execute("SELECT key FROM artifact ORDER BY key").fetchall()
    assert [key for (key,) in artifacts] == ["run-counts", "run-report"]
    done = vlmingest("export", "json", "--out", tmp_path / "flow.json", VLMINGEST_DB=flow_db)
    assert done.returncode == 0
    assert (tmp_path / "flow.json").read_bytes() == expected


def test_the_deployments_are_ours():
    text = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
    assert "America/New_York" in text
    assert "collision_strategy: ENQUEUE" in text
