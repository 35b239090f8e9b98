"""The weekly sample: drawn once, judged in the queue, taken back, told with limits."""

from datetime import date

import pytest

from vlmingest import missed
from vlmingest.errors import InvalidVerdictError
from vlmingest.records import PaperMetadata, Reason, Relevance
from vlmingest.review.queue import decide, undo
from vlmingest.settings import Settings
from vlmingest.store import Store

DAY = date(2025, 6, 4)
SETTINGS = Settings(triage_sample=3)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "a.db", create=True) as opened:
        for number in range(20):
            paper = PaperMetadata(id=f"2506.{number:05}", title=f"Paper {number}", abstract="Words.")
            label, score = ("model", 0.9) if number < 2 else ("no", number / 100)
            opened.save_paper(paper)
            opened.save_relevance(paper.id, 1, Relevance(label=label, score=score, reasons=("- a reason",)))
        yield opened


def ask(store):
    missed.draw_week(store, SETTINGS, DAY)
    return store.review_items(reason=Reason.TRIAGE_SAMPLE)


def settled(_paper):
    settled.calls += 1


settled.calls = 0


def test_a_week_is_drawn_once_and_only_from_what_was_left_out(store):
    first = missed.draw_week(store, SETTINGS, DAY)
    assert len(first) == 3
    assert all(paper >= "2506.00002" for paper in first)
    assert missed.draw_week(store, SETTINGS, DAY) == []
    second = missed.draw_week(store, SETTINGS, date(2025, 6, 11))
    assert not set(first) & set(second)
    assert {sample.frame for sample in store.samples("2025-W23")} == {18}
    assert {sample.frame for sample in store.samples("2025-W24")} == {15}


def test_no_sample_is_drawn_where_none_is_wanted(store):
    assert missed.draw_week(store, Settings(triage_sample=0), DAY) == []


def test_weeks_are_iso_weeks():
    assert missed.week_of(date(2027, 1, 1)) == "2026-W53"


def test_the_question_says_why_the_paper_was_left_out(store):
    item = ask(store)[0]
    assert "- a reason" in item.message
    assert item.value.startswith("Paper ")


def test_what_is_rejected_stays_out_and_counts(store):
    before = settled.calls
    for item in ask(store):
        decide(store, item.id, "reject", settled)
    found = missed.missed(store)
    assert (found.judged, found.missed, found.discarded) == (3, 0, 18)
    assert settled.calls == before
    assert store.review_items(reason=Reason.TRIAGE_SAMPLE) == []


def test_what_is_accepted_was_missed_and_is_settled(store):
    item = ask(store)[0]
    before = settled.calls
    decide(store, item.id, "accept", settled)
    assert settled.calls == before + 1
    assert missed.missed(store).missed == 1
    assert missed.missed(store).papers[0] >= 1


def test_undo_opens_the_question_again(store):
    item = ask(store)[0]
    decide(store, item.id, "reject", settled)
    undo(store, settled)
    assert store.item_state(item.id) == "open"
    assert missed.missed(store).judged == 0


def test_undo_of_something_else_settles_its_paper(store):
    before = settled.calls
    decide(store, "2506.00000", "accept", settled)
    undo(store, settled)
    assert settled.calls == before + 2


def test_a_deferred_question_is_not_judged(store):
    item = ask(store)[0]
    decide(store, item.id, "defer", settled)
    assert store.item_state(item.id) == "deferred"
    assert missed.missed(store).judged == 0


def test_only_yes_no_or_later_are_answers(store):
    with pytest.raises(InvalidVerdictError, match="accept, reject or defer"):
        decide(store, ask(store)[0].id, "correct", settled, value="x")


def test_papers_under_the_line_stay_listed_with_their_scores(store):
    everything = list(store.scored())
    assert len(everything) == 20
    assert [one.relevance.score for one in everything] == sorted(
        (one.relevance.score for one in everything), reverse=True
    )
    assert [one.paper_id for one in store.scored("no", 2)] == ["2506.00019", "2506.00018"]


def test_the_latest_verdict_on_a_whole_paper_is_the_one_that_trains(store):
    for action in ("accept", "reject"):
        decide(store, "2506.00000", action, settled)
    decide(store, "2506.00001", "accept", settled)
    assert store.whole_verdicts() == [("2506.00000", "reject"), ("2506.00001", "accept")]
    undo(store, settled)
    assert store.whole_verdicts() == [("2506.00000", "reject")]
