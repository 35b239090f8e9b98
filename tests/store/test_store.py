"""What goes in comes out, the second time changes nothing, and a human layer that nobody can rewrite."""

import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from vlmingest.document import Document
from vlmingest.errors import (
    DiskFullError,
    LockedDatabaseError,
    NoDatabaseError,
    NotADatabaseError,
    StoreError,
    UnknownItemError,
)
from vlmingest.records import (
    Candidate,
    Evidence,
    FieldName,
    PaperMetadata,
    Reason,
    Record,
    RecordPaper,
    Relevance,
    ReviewItem,
    Settled,
    Verdict,
)
from vlmingest.store import Store, verify

PAPER = PaperMetadata(
    id="2506.90001", arxiv_id="2506.90001", title="Quokka-VL", abstract="A model.", published="2025-06-01"
)
TEXT = "We connect CLIP to the language model with a linear layer."
DOCUMENT = Document(source="pdf", sha256="a" * 64, reader="pdf.v1", text=TEXT, page_starts=((0, 1),))
PROOF = Evidence(quote="a linear layer", page=1, start=TEXT.index("a linear"), end=len(TEXT) - 1, reader="rule:x.v1")
LINEAR = Candidate(field=FieldName.CONNECTOR, value="linear", evidence=(PROOF,), reader="rule:x.v1", confidence=0.6)
ITEM = ReviewItem(
    id="abcdef012345", paper=PAPER.id, field=FieldName.CONNECTOR, key="linear", value="linear",
    reason=Reason.LOW_CONFIDENCE, message="0.60", priority=2.0, confidence=0.6, evidence=(PROOF,),
)  # fmt: skip
SETTLED = Settled(
    record=Record(paper=RecordPaper(id=PAPER.id), relevance=Relevance(label="model", score=0.9)), review_items=(ITEM,)
)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "a.db", create=True) as opened:
        yield opened


def fill(store):
    store.save_paper(PAPER)
    store.save_document(PAPER.id, 1, DOCUMENT)
    store.replace_candidates(PAPER.id, 1, "rules", [LINEAR])
    store.save_settled(PAPER.id, SETTLED)
    store.record_stage(PAPER.id, 1, "extract", "in", "code", output_hash="out")
    store.set_watermark("arxiv", "2025-06-01")


def test_what_goes_in_comes_out(store):
    fill(store)
    assert store.paper(PAPER.id) == PAPER
    assert store.document(PAPER.id) == DOCUMENT
    assert store.candidates(PAPER.id) == [LINEAR]
    assert store.record(PAPER.id) == SETTLED.record
    assert store.review_items() == [ITEM]
    assert store.review_item("abcd") == ITEM
    assert store.ledger(PAPER.id, 1, "extract").output_hash == "out"


def test_the_second_time_changes_no_row(store):
    fill(store)
    before = (list(store.db.conn.iterdump()), store.db.conn.total_changes)
    fill(store)
    assert (list(store.db.conn.iterdump()), store.db.conn.total_changes) == before


def test_an_older_version_never_hides_a_newer(store):
    newer = PAPER.model_copy(update={"version": 2, "title": "Quokka-VL 2"})
    assert store.save_paper(newer)
    assert store.save_paper(PAPER)
    assert not store.save_paper(PAPER)
    assert store.paper(PAPER.id) == newer
    assert (store.versions(PAPER.id), store.paper_version(PAPER.id, 1)) == ([1, 2], PAPER)


def test_verdicts_are_append_only_and_outlive_the_machine_layer(store):
    fill(store)
    number = store.add_verdict(
        Verdict(paper=PAPER.id, field=FieldName.CONNECTOR, key="linear", action="accept", by="ann")
    )
    for change in ("UPDATE verdicts SET action = 'reject'", "DELETE FROM verdicts"):
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            store.db.conn.execute(change)
        store.db.conn.rollback()
    store.replace_candidates(PAPER.id, 1, "rules", [])
    assert [one.by for one in store.verdicts(PAPER.id)] == ["ann"]
    assert number == 1
    assert store.undo_last("bob") is None
    assert store.undo_last("ann").undone
    with pytest.raises(sqlite3.DatabaseError, match="append-only"):
        store.db.conn.execute("UPDATE verdicts SET undone = 0, undone_at = NULL")
    store.db.conn.rollback()


def test_a_verdict_needs_its_paper(store):
    with pytest.raises(UnknownItemError):
        store.add_verdict(Verdict(paper="2506.99999", field=None, key="", action="accept"))


def test_deferred_leaves_the_queue_and_vanished_questions_close(store):
    fill(store)
    store.add_verdict(Verdict(paper=PAPER.id, field=FieldName.CONNECTOR, key="linear", action="defer"))
    store.save_settled(PAPER.id, SETTLED)
    assert (store.item_state(ITEM.id), store.open_item_count()) == ("deferred", 0)
    store.undo_last()
    store.save_settled(PAPER.id, SETTLED)
    assert (store.item_state(ITEM.id), store.open_item_count()) == ("open", 1)
    store.save_settled(PAPER.id, SETTLED.model_copy(update={"review_items": ()}))
    assert (store.item_state(ITEM.id), store.open_item_count()) == ("resolved", 0)


def test_search_follows_title_and_text(store):
    fill(store)
    assert [hit["paper_id"] for hit in store.search("quokka")] == [PAPER.id]
    assert [hit["paper_id"] for hit in store.search('linear "layer')] == [PAPER.id]
    store.save_paper(PAPER.model_copy(update={"title": "Renamed"}))
    assert store.search("quokka") == []


def test_verify_finds_a_quote_that_moved(store):
    fill(store)
    assert verify(store).misses == []
    moved = LINEAR.model_copy(update={"evidence": (PROOF.model_copy(update={"start": 0, "end": 14}),)})
    store.replace_candidates(PAPER.id, 1, "rules", [moved])
    assert [miss.value for miss in verify(store).misses] == ["linear"]


def test_a_failed_transaction_leaves_nothing(store):
    with pytest.raises(ZeroDivisionError), store.transaction():
        _ = [fill(store), 1 / 0]
    assert (store.paper_ids(), store.watermark("arxiv")) == ([], None)


def test_a_run_whose_process_died_is_marked(store):
    run = store.start_run("nightly")
    store.db.execute("UPDATE runs SET owner = ? WHERE id = ?", [f"{os.uname().nodename}/999999999/1", run])
    living = store.start_run("nightly")
    store.start_run("nightly")
    states = {one.id: one.status for one in store.runs()}
    assert (states[run], states[living]) == ("interrupted", "running")


# --- faults ----------------------------------------------------------------------------------------------------


def test_bad_files_have_their_errors(tmp_path):
    with pytest.raises(NoDatabaseError):
        Store.open(tmp_path / "none.db")
    with pytest.raises(NotADatabaseError):
        Store.open(tmp_path)
    (tmp_path / "text.db").write_text("this is not a database, it only looks for trouble\n" * 40)
    with pytest.raises(NotADatabaseError):
        Store.open(tmp_path / "text.db")
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE notes (a)")
    other.close()
    with pytest.raises(NotADatabaseError):
        Store.open(tmp_path / "other.db", create=True)


def test_a_locked_database_says_so(tmp_path, store):
    with Store.open(tmp_path / "a.db", timeout_s=0.05) as second, store.transaction():
        with pytest.raises(LockedDatabaseError):
            second.save_paper(PAPER)
        assert second.paper_ids() == []


def test_a_full_disk_keeps_what_was_finished(store):
    store.save_paper(PAPER)
    store.db.execute("PRAGMA max_page_count = 1")
    with pytest.raises(DiskFullError):
        store.save_document(PAPER.id, 1, DOCUMENT.model_copy(update={"text": "x " * 500_000}))
    assert store.paper(PAPER.id) == PAPER
    assert store.document(PAPER.id) is None


def test_a_read_only_store_refuses_to_write(tmp_path, store):
    with Store.open(tmp_path / "a.db", read_only=True) as reader, pytest.raises(StoreError):
        reader.save_paper(PAPER)


def test_kill_9_amid_writing_leaves_whole_papers(tmp_path):
    path = tmp_path / "k.db"
    code = (
        "import sys; from pathlib import Path; from vlmingest.store import Store; "
        "from vlmingest.records import PaperMetadata\n"
        "store = Store.open(Path(sys.argv[1]), create=True)\n"
        "for n in range(10**6):\n"
        "    store.save_paper(PaperMetadata(id=f'p{n}'))\n"
        "    if n == 20: print('go', flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"go\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with Store.open(path) as store:
        ids = store.paper_ids()
        assert len(ids) >= 21
        assert all(store.versions(one) == [1] for one in ids)
        assert store.counts()["papers"] == len(ids)
        assert store._one("PRAGMA integrity_check") == ("ok",)


def test_two_processes_may_create_one_database(tmp_path):
    code = (
        "import sys; from pathlib import Path; from vlmingest.store import Store; "
        "Store.open(Path(sys.argv[1]), create=True).close()"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "c.db")], stderr=subprocess.PIPE) for _ in range(3)
    ]
    assert [(child.wait(), child.communicate()[1]) for child in children] == [(0, b"")] * 3
