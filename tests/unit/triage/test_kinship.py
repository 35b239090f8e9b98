"""Copies and releases as questions: asked at settling, answered in the queue, taken back."""

import pytest

from vlmingest.kinship import kin_questions
from vlmingest.pipeline import settle_paper
from vlmingest.records import PaperMetadata, Reason, Relevance
from vlmingest.review.queue import decide, undo
from vlmingest.settings import Settings
from vlmingest.workshop import Workshop

AUTHORS = ("Ann Lee", "Bo Chen")
PAPERS = (
    ("2501.00001", "Heron-VL: A Compact Vision-Language Model", "We present Heron-VL, a compact model.", AUTHORS),
    ("2501.00002", "Sorting on Many Cores", "We sort numbers.", ("Cy Diaz",)),
    ("2502.00003", "Heron-VL: A Compact Vision-Language Model", "We present Heron-VL, a compact model.", AUTHORS),
    ("2506.00004", "Heron-VL 2 Technical Report", "We present Heron-VL 2 for long videos.", ("Ann Lee", "Eve Fox")),
    ("2506.00005", "Heron-VL 3: Wading", "Another group counts birds.", ("Zoe Young",)),
)


@pytest.fixture
def shop(tmp_path):
    with Workshop.open(Settings(db=tmp_path / "a.db")) as opened:
        for paper_id, title, abstract, authors in PAPERS:
            paper = PaperMetadata(id=paper_id, arxiv_id=paper_id, title=title, abstract=abstract, authors=authors)
            opened.store.save_paper(paper)
            opened.store.save_relevance(paper_id, 1, Relevance(label="model", score=0.9))
            settle_paper(opened, paper_id)
        yield opened


def asked(shop, paper_id):
    return [item for item in shop.store.review_items(paper_id) if item.reason == Reason.POSSIBLE_DUPLICATE]


def test_a_copy_is_asked_about_and_an_original_is_not(shop):
    (item,) = asked(shop, "2502.00003")
    assert item.value == "2501.00001"
    assert "the same work as 2501.00001" in item.message
    assert asked(shop, "2501.00001") == []
    assert asked(shop, "2501.00002") == []


def test_a_later_release_names_its_family(shop):
    (item,) = asked(shop, "2506.00004")
    assert "later release" in item.message
    assert "heron-vl" in item.message
    assert asked(shop, "2506.00005") == []  # the name alone is not enough


def test_accepting_makes_a_duplicate_verdict_and_undo_asks_again(shop):
    def resettle(paper):
        settle_paper(shop, paper)

    (item,) = asked(shop, "2502.00003")
    verdict = decide(shop.store, item.id, "accept", resettle, by="me")
    assert (verdict.action, verdict.value) == ("duplicate", "2501.00001")
    left = {item.reason for item in shop.store.review_items("2502.00003")}
    assert not left & {Reason.POSSIBLE_DUPLICATE, Reason.NEW_ENTRY}
    undo(shop.store, resettle)
    assert [one.id for one in asked(shop, "2502.00003")] == [item.id]


def test_rejecting_leaves_the_paper_a_model_and_the_new_entry_open(shop):
    (item,) = asked(shop, "2502.00003")
    decide(shop.store, item.id, "reject", lambda paper: settle_paper(shop, paper))
    assert asked(shop, "2502.00003") == []
    assert shop.store.record("2502.00003").relevance.label == "model"
    assert Reason.NEW_ENTRY in {one.reason for one in shop.store.review_items("2502.00003")}


def test_a_deferred_question_waits(shop):
    (item,) = asked(shop, "2502.00003")
    decide(shop.store, item.id, "defer", lambda paper: settle_paper(shop, paper))
    assert shop.store.item_state(item.id) == "deferred"


def test_settling_again_changes_nothing(shop):
    assert settle_paper(shop, "2502.00003").fresh is False


def test_a_title_of_signs_has_no_relatives(shop):
    assert kin_questions(shop.store, PaperMetadata(id="x", title='"* OR -- (')) == []
