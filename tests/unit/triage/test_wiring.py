"""What the settings say is what a run does: recall, cap, topic, retrained weights, the first filter."""

import json
from dataclasses import replace

import pytest

from vlmingest.jobs import Report, _within_cap
from vlmingest.pipeline import triage_paper
from vlmingest.records import PaperMetadata, Relevance
from vlmingest.report import report_json, report_text
from vlmingest.settings import Settings
from vlmingest.sources import FirstFilter, arxiv_source, papers_of
from vlmingest.tally import Tally
from vlmingest.topics import create_topic, weights_path
from vlmingest.triage.topic import packaged_files
from vlmingest.workshop import Workshop

NEAR_THE_LINE = PaperMetadata(
    id="2506.00001",
    title="Reading charts",
    abstract="We introduce a vision-language model that describes images of charts in words.",
)


@pytest.fixture
def shop(tmp_path):
    with Workshop.open(Settings(db=tmp_path / "a.db")) as opened:
        yield opened


def again(shop, **changes):
    return Workshop(replace(shop.settings, **changes), shop.store)


def test_more_recall_makes_the_papers_due_again_and_flags_no_less(shop):
    shop.store.save_paper(NEAR_THE_LINE)
    low = triage_paper(again(shop, triage_recall=0.5), NEAR_THE_LINE)
    high = triage_paper(again(shop, triage_recall=1.0), NEAR_THE_LINE)
    assert (low.state, high.state) == ("skipped", "done")
    assert high.fresh
    assert not triage_paper(again(shop, triage_recall=1.0), NEAR_THE_LINE).fresh
    assert shop.store.relevance(NEAR_THE_LINE.id).label != "no"


def test_what_is_skipped_says_why(shop):
    shop.store.save_paper(NEAR_THE_LINE)
    outcome = triage_paper(again(shop, triage_recall=0.5), NEAR_THE_LINE)
    assert outcome.reason == "not-relevant"
    assert outcome.message


def test_retrained_weights_make_the_papers_due_again(shop):
    shop.store.save_paper(NEAR_THE_LINE)
    triage_paper(again(shop), NEAR_THE_LINE)
    path = weights_path(shop.settings)
    path.parent.mkdir(parents=True)
    weights = json.loads(packaged_files("vlm")["weights.json"])
    path.write_text(json.dumps({**weights, "bias": [9.0, 9.0]}))
    assert triage_paper(again(shop), NEAR_THE_LINE).fresh
    assert shop.store.relevance(NEAR_THE_LINE.id).label == "model"


def test_the_cap_keeps_the_best_and_the_others_wait(shop):
    papers = [PaperMetadata(id=f"2506.{number:05}", title="x") for number in range(5)]
    for number, paper in enumerate(papers):
        shop.store.save_paper(paper)
        shop.store.save_relevance(paper.id, 1, Relevance(label="maybe", score=number / 10))
    tally = Tally()
    chosen = _within_cap(shop, papers, 2, tally)
    assert [paper.id for paper in chosen] == ["2506.00003", "2506.00004"]
    assert tally.close()["fetch"].skipped == {"over-the-cap": 3}
    assert _within_cap(shop, papers, 0, Tally()) == []
    assert _within_cap(shop, papers, None, Tally()) == papers


def test_the_query_is_the_topics_unless_one_is_set(shop, tmp_path):
    create_topic("speech", tmp_path / "speech")
    assert arxiv_source(again(shop, topic=str(tmp_path / "speech"))).query == "cat:cs.CL OR cat:eess.AS"
    assert "cs.CV" in arxiv_source(again(shop)).query
    assert arxiv_source(again(shop, query="cat:cs.SD")).query == "cat:cs.SD"


def test_lines_without_a_word_of_the_topic_are_passed_over_and_told(shop, tmp_path):
    path = tmp_path / "snapshot.jsonl"
    rows = [
        {"id": "2506.00001", "title": "Heron-VL", "abstract": "A vision-language model."},
        {"id": "2506.00002", "title": "Sorting", "abstract": "We sort."},
        {"id": "2506.00003", "title": "Pixels", "abstract": "We read images."},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    first = FirstFilter(shop.topic)
    kept = [paper.id for paper in papers_of(shop, None, None, None, path, first)]
    assert kept == ["2506.00001", "2506.00003"]
    assert first.dropped == 1
    report = Report(1, "backfill", off_topic=first.dropped)
    assert "first filter: 1 lines" in report_text(report, "a.db")
    assert report_json(report)["off_topic_lines"] == 1


def test_the_report_tells_what_is_missed():
    report = Report(1, "nightly", missed="0 of 5 sampled papers were models: ...")
    assert "0 of 5 sampled" in report_text(report, "a.db")
