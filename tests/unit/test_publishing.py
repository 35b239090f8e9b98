"""Exports from a database: as of a day, with what they were made from, byte for byte the same elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.web.many import many_records
from vlmingest import provenance, publishing
from vlmingest.commands.publish import compare, export
from vlmingest.history import record_on, records_on
from vlmingest.records import (
    Candidate,
    Entry,
    Evidence,
    FieldName,
    PaperMetadata,
    Released,
    Relevance,
    Settled,
    Verdict,
    value_key,
)
from vlmingest.settle import settle
from vlmingest.store import Store

PAPER = "2401.00001"


def candidate(value: str, quote: str) -> Candidate:
    proof = Evidence(quote=quote, page=1, start=0, end=len(quote), reader="rule:x.v1")
    return Candidate(
        field=FieldName.VISION_ENCODER, value=value, confidence=0.95, evidence=(proof,), reader="rule:x.v1"
    )


def version(number: int, day: str, **changes: object) -> PaperMetadata:
    return PaperMetadata(
        id=PAPER, arxiv_id=PAPER, version=number, title=f"Foo, version {number}", published="2024-01-01", updated=day
    ).model_copy(update=changes)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A paper of two read versions and a withdrawal; verdicts on both, one of them undone later."""
    store = Store.open(tmp_path / "v.db", create=True)
    relevance = Relevance(label="model", score=0.9)
    versions = [version(1, "2024-01-01"), version(2, "2024-03-01"), version(3, "2024-06-01", withdrawn=True)]
    for meta, encoder in zip(versions, ("CLIP", "SigLIP", None), strict=True):
        store.save_paper(meta)
        if encoder:
            store.replace_candidates(PAPER, meta.version, "rules", [candidate(encoder, f"we use {encoder}")])
            store.save_extraction(PAPER, meta.version, relevance, [])
            store.record_stage(PAPER, meta.version, "extract", "in", "code", output_hash="out")
    for key, action, at in (("CLIP", "accept", "2024-01-20T10:00:00Z"), ("SigLIP", "reject", "2024-04-01T10:00:00Z")):
        store.add_verdict(
            Verdict(paper=PAPER, field=FieldName.VISION_ENCODER, key=value_key(key), action=action, by="a", at=at)
        )
    first = settle(versions[0], relevance, store.candidates(PAPER, 1), (), []).record
    now = settle(versions[2], relevance, store.candidates(PAPER, 2), store.verdicts(PAPER), [], first)
    store.save_settled(PAPER, now)
    return store


def encoders(store: Store, day: str) -> list[tuple[str, str]] | None:
    record = record_on(store, PAPER, day)
    return [(one.name, one.status) for one in record.architecture.vision_encoders] if record else None


def test_a_day_has_its_versions_and_its_verdicts(store: Store) -> None:
    assert encoders(store, "2023-12-31") is None
    assert encoders(store, "2024-01-10") == [("CLIP", "proposed")]
    assert encoders(store, "2024-01-20") == [("CLIP", "accepted")]
    before_rejection = encoders(store, "2024-03-31")
    assert before_rejection is not None
    assert ("SigLIP", "proposed") in before_rejection
    after = encoders(store, "2024-04-01")
    assert after is not None
    assert "SigLIP" not in dict(after)
    early, late = record_on(store, PAPER, "2024-05-31"), record_on(store, PAPER, "2024-06-01")
    assert early is not None
    assert late is not None
    assert (early.paper.withdrawn, early.paper.version) == (False, 2)
    assert (late.paper.withdrawn, late.paper.version) == (True, 3)


def test_a_verdict_counts_until_the_day_of_its_undoing(store: Store) -> None:
    store.undo_last()  # today, which is after 2024
    assert "SigLIP" not in dict(encoders(store, "2024-05-01") or [])
    assert "SigLIP" in dict(encoders(store, "9999-01-01") or [])
    store.close()


def test_the_last_day_is_the_present(store: Store) -> None:
    assert list(records_on(store, "9999-12-31")) == list(store.records())


def test_a_paper_that_was_never_settled_is_in_no_export(store: Store) -> None:
    store.save_paper(PaperMetadata(id="2402.00002", arxiv_id="2402.00002", published="2024-02-01"))
    assert [record.paper.id for record in records_on(store, "2024-12-31")] == [PAPER]


def test_a_paper_that_was_never_read_has_what_its_metadata_say(store: Store) -> None:
    meta = PaperMetadata(id="2402.00002", arxiv_id="2402.00002", title="Bar", published="2024-02-01")
    store.save_paper(meta)
    store.save_settled(meta.id, settle(meta, Relevance(label="maybe", score=0.5), [], [], []))
    record = record_on(store, meta.id, "2024-12-31")
    assert record is not None
    assert (record.paper.title, record.architecture.vision_encoders) == ("Bar", ())


def test_entries_appear_with_their_release_or_their_paper(store: Store) -> None:
    entries = [
        Entry(name="early", released=Released(date="2023-01-01", basis="list")),
        Entry(name="late", released=Released(date="2025-01-01", basis="list")),
        Entry(name="paper", papers=(PAPER,)),
        Entry(name="other paper", papers=("2409.00001",)),
        Entry(name="undated"),
    ]
    store.save_entries(entries)
    records = publishing.published_records(store, "2024-05-01")
    names = [entry.name for entry in publishing.published_entries(store, records, "2024-05-01")]
    assert names == ["early", "paper", "undated"]
    assert len(publishing.published_entries(store, records)) == 5


def test_the_manifest_names_files_code_and_data(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "c.json"
    assert publishing.write_file(store, "json", out, "2024-05-01") == ["c.json", "c.json.provenance.json"]
    made = json.loads((tmp_path / "c.json.provenance.json").read_bytes())
    assert made["files"] == {
        "c.json": {"bytes": out.stat().st_size, "sha256": hashlib.sha256(out.read_bytes()).hexdigest()}
    }
    assert made["as_of"] == "2024-05-01"
    assert set(made["code"]) == {"triage", "read", "extract", "settle", "publish"}
    assert "datasets.toml" in made["vocabulary"]
    assert "extract/rules/parts.toml" in made["rules"]
    assert any(name.startswith("triage/") for name in made["weights"])
    assert made["data"]["verdicts"]["rows"] == 2
    assert str(tmp_path) not in out.read_text() + json.dumps(made)


def test_the_manifest_changes_with_the_data(store: Store) -> None:
    before = store.data_marks()
    store.undo_last()
    after = store.data_marks()
    assert {name for name in before if before[name] != after[name]} == {"verdicts"}


def test_files_that_are_gone_leave_the_folder_unless_somebody_changed_them(store: Store, tmp_path: Path) -> None:
    records = many_records(3)
    for record in records:
        store.save_paper(PaperMetadata(id=record.paper.id, arxiv_id=record.paper.id, published=record.paper.published))
        store.save_settled(record.paper.id, Settled(record=record))
    out = tmp_path / "site"
    publishing.write_folder(store, "site", out)
    kept, gone = (out / f"models/{record.paper.id}.html" for record in records[:2])
    kept.write_text("a person wrote this")
    (out / "own.txt").write_text("mine")
    for record in records[:2]:
        store.save_settled(
            record.paper.id,
            Settled(record=record.model_copy(update={"relevance": Relevance(label="no", score=0.0)})),
        )
    publishing.write_folder(store, "site", out)
    assert kept.read_text() == "a person wrote this"
    assert not gone.exists()
    assert (out / "own.txt").exists()
    (out / provenance.NAME).write_text('{"export": "site", "files": {"../v.db": {"sha256": "x"}, "a": 1}}')
    publishing.write_folder(store, "site", out)
    assert (tmp_path / "v.db").exists()


SCRIPT = """
import sys
from pathlib import Path
from vlmingest import publishing
from vlmingest.store import Store
with Store.open(Path(sys.argv[1]), read_only=True) as store:
    publishing.write_folder(store, "all", Path(sys.argv[2]))
"""


def test_two_machines_write_identical_bytes(store: Store, tmp_path: Path) -> None:
    for record in many_records(30):
        store.save_paper(PaperMetadata(id=record.paper.id, arxiv_id=record.paper.id, published=record.paper.published))
        store.save_settled(record.paper.id, Settled(record=record))
    store.save_list("README.md", b"# A list\n", "{}", "0" * 64)
    store.close()
    trees = []
    for number, (zone, language, seed) in enumerate(
        (("Pacific/Auckland", "C", "0"), ("America/New_York", "de_DE.UTF-8", "12345"))
    ):
        home = tmp_path / f"machine {number}"
        home.mkdir()
        database = home / f"db{number}"
        database.write_bytes((tmp_path / "v.db").read_bytes())
        environment = {
            "PATH": os.environ["PATH"], "TZ": zone, "LC_ALL": language, "LANG": language, "PYTHONHASHSEED": seed,
            "HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path),
        }  # fmt: skip
        command = [sys.executable, "-c", SCRIPT, str(database), "out"]
        subprocess.run(command, cwd=home, env=environment, check=True, timeout=60)
        out = home / "out"
        trees.append({path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()})
    assert trees[0] == trees[1]
    assert {"README.md", "catalogue.json", "provenance.json", "site/index.html", "markdown/README.md"} <= set(trees[0])


def test_commands_write_and_compare(store: Store, tmp_path: Path) -> None:
    store.close()
    database, run = str(tmp_path / "v.db"), CliRunner().invoke
    out = tmp_path / "out.csv"
    result = run(export, ["csv", "--db", database, "--out", str(out), "--json", "--as-of", "2024-01-10"])
    assert json.loads(result.output)["files"] == ["out.csv", "out.csv.provenance.json"]
    assert "CLIP" in out.read_text()
    result = run(export, ["markdown", "--db", database, "--out", str(tmp_path / "md"), "--no-provenance"])
    assert result.output.startswith("wrote 3 files")
    assert run(export, ["jsonl", "--db", database, "--out", "-"]).output.count("\n") == 1
    rows = json.loads(run(compare, ["--db", database, "--json", "--fields", "id,vision_encoders", PAPER]).output)
    assert rows == [{"id": [PAPER], "vision_encoders": ["CLIP"]}]
    assert run(compare, ["--db", database, "--format", "csv", "--fields", "all"]).output.startswith("id,name,title")
    assert "<caption>" not in run(compare, ["--db", database, "--format", "html"]).output
    assert "no paper or model" in str(run(compare, ["--db", database, "nobody"]).exception)
