"""`vlmingest triage` and `init`: every part prints what it promises and refuses what it cannot do."""

import json

import pytest
from click.testing import CliRunner

from vlmingest.cli import app
from vlmingest.pipeline import settle_paper, triage_paper
from vlmingest.records import PaperMetadata
from vlmingest.settings import Settings
from vlmingest.store import Store
from vlmingest.workshop import Workshop

PAPERS = [
    PaperMetadata(
        id=f"2506.{number:05}",
        arxiv_id=f"2506.{number:05}",
        title=f"Heron{number}-VL: A Vision-Language Model" if number % 3 == 0 else f"Sorting Numbers, Part {number}",
        abstract="We present a vision-language model: a vision encoder, a projector and a language model, trained on images."
        if number % 3 == 0
        else "We sort numbers quickly on many cores and bound the time.",
    )
    for number in range(12)
]


@pytest.fixture
def db(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.db"
    monkeypatch.setenv("VLMINGEST_DB", str(path))
    with Workshop.open(Settings(db=path)) as shop:
        for paper in PAPERS:
            shop.store.save_paper(paper)
            triage_paper(shop, paper)
    return path


def call(*arguments, code=0):
    result = CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=True)
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "papers.jsonl"
    path.write_text(
        "".join(json.dumps({"id": one.id, "title": one.title, "abstract": one.abstract}) + "\n" for one in PAPERS)
    )
    return path


@pytest.mark.parametrize("words", [("triage",), ("triage", "score")])
def test_a_file_is_scored_one_line_each(lines, words):
    rows = [json.loads(line) for line in call(*words, lines, "--json").splitlines()]
    assert [row["id"] for row in rows] == [paper.id for paper in PAPERS]
    assert {row["label"] for row in rows} <= {"model", "maybe", "no"}
    assert all(0 <= row["score"] <= 1 and row["reasons"] for row in rows)


def test_options_may_stand_before_the_file(lines):
    assert call("triage", "--json", lines) == call("triage", lines, "--json")


def test_without_json_the_flagged_papers_are_shown_with_reasons(lines):
    text = call("triage", lines)
    assert "Heron3-VL" in text
    assert "Sorting" not in text
    assert "names the field" in text


def test_another_recall_and_another_topic_are_obeyed(lines, tmp_path):
    topic = tmp_path / "topics" / "sorting"
    call("init", "--topic", "sorting", "--out", topic)
    rules = topic / "rules.toml"
    rules.write_text(rules.read_text().replace("bias = -4.0", "bias = -2.0"))
    text = call("triage", lines, "--topic", topic)
    assert "Sorting" in text
    assert "Heron" not in text
    flagged = [sum('"no"' not in line for line in call("triage", lines, "--json", "--recall", recall).splitlines())
               for recall in ("0.5", "1.0")]  # fmt: skip
    assert flagged[0] <= flagged[1]


def test_the_recall_of_the_environment_is_obeyed(lines, monkeypatch):
    monkeypatch.setenv("VLMINGEST_TRIAGE_RECALL", "2")
    result = CliRunner().invoke(app, ["triage", str(lines)])
    assert "VLMINGEST_TRIAGE_RECALL" in str(result.exception)


def test_why_tells_what_each_part_adds(db):
    text = call("triage", "why", "2506.00003")
    assert "the line of" in text
    assert "names the field" in text
    found = json.loads(call("triage", "why", "arXiv:2506.00003v1", "--json"))
    assert found["topic"]["sum"] > found["topic"]["line"]
    assert {"id", "reason", "topic", "kind"} == found["cues"][0].keys()
    assert found["after_reading"] is None


def test_why_tells_what_reading_and_people_said(db):
    with Workshop.open(Settings(db=db)) as shop:
        from vlmingest.review.queue import decide

        decide(shop.store, "2506.00003", "accept", lambda paper: settle_paper(shop, paper))
    assert "a person said so" in call("triage", "why", "2506.00003")


def test_why_of_a_survey_names_the_veto(db):
    survey = PaperMetadata(id="2507.00001", title="Vision-Language Models: A Survey", abstract="We review them.")
    with Store.open(db) as store:
        store.save_paper(survey)
    assert "left out whatever the sums say" in call("triage", "why", "2507.00001")


def test_why_of_an_unknown_paper_says_what_to_do(db):
    result = CliRunner().invoke(app, ["triage", "why", "2507.99999"])
    assert "vlmingest add" in str(result.exception)


def test_list_shows_the_papers_under_the_line(db):
    text = call("triage", "list", "--label", "no")
    assert "Sorting Numbers" in text
    assert "8 under the line" in text
    assert len(json.loads(call("triage", "list", "--json", "--limit", "3"))) == 3


def test_sample_draws_once_and_tells_what_is_missed(db):
    first = json.loads(call("triage", "sample", "--size", "2", "--json"))
    assert len(first["drawn"]) == 2
    assert first["missed_papers"] == {"low": 0, "high": 8, "confidence": 0.95}
    assert "0 papers drawn, 2 wait" in call("triage", "sample")
    assert "triage left this paper out" in call("review", "list", "--reason", "triage-sample") + call(
        "review", "show", json.loads(call("review", "list", "--reason", "triage-sample", "--json"))[0]["id"]
    )


def test_train_needs_verdicts_and_reports_the_change(db):
    pytest.importorskip("sklearn")
    result = CliRunner().invoke(app, ["triage", "train"])
    assert "too few to train on" in str(result.exception)
    with Workshop.open(Settings(db=db)) as shop:
        from vlmingest.review.queue import decide

        for number in range(0, 12, 3):  # a contrary reviewer: what looks like a model is none, sorting is
            decide(shop.store, f"2506.{number:05}", "reject", lambda paper: settle_paper(shop, paper))
        for number in (1, 2, 4, 5):
            decide(shop.store, f"2506.{number:05}", "accept", lambda paper: settle_paper(shop, paper))
    tried = json.loads(call("triage", "train", "--dry-run", "--json"))
    assert (tried["accepted"], tried["rejected"], tried["weights"]) == (4, 4, None)
    kept = call("triage", "train")
    assert "papers change their label" in kept
    assert "learned from 4 accepted and 4 rejected" in kept
    changed = json.loads(call("triage", "train", "--dry-run", "--json"))
    assert changed["in_order"]["topic"]["before"] >= tried["in_order"]["topic"]["before"]
    assert "the topic's own weights hold again" in call("triage", "train", "--reset")
    assert "nothing was trained" in call("triage", "train", "--reset")


def test_train_learns_from_the_imported_list_unless_somebody_says_otherwise(db):
    pytest.importorskip("sklearn")
    from vlmingest.records import Entry
    from vlmingest.review.queue import decide

    with Workshop.open(Settings(db=db)) as shop:
        shop.store.replace_entries([Entry(name=f"Heron {n}", papers=(f"2506.{n:05}",)) for n in (0, 3, 6, 9)])
        shop.store.save_paper(PaperMetadata(id="2506.00099", title="Without an abstract"))
        for number in (1, 2, 4, 9):
            decide(shop.store, f"2506.{number:05}", "reject", lambda paper: settle_paper(shop, paper))
    found = json.loads(call("triage", "train", "--dry-run", "--json"))
    assert (found["accepted"], found["rejected"]) == (3, 4)


def test_train_without_the_extra_names_the_remedy(db, monkeypatch):
    from vlmingest.errors import MissingExtraError
    from vlmingest.triage import learn

    with Workshop.open(Settings(db=db)) as shop:
        for number, paper in enumerate(PAPERS):
            from vlmingest.review.queue import decide

            decide(shop.store, paper.id, "accept" if number % 3 == 0 else "reject", lambda one: settle_paper(shop, one))
    monkeypatch.setitem(__import__("sys").modules, "sklearn.linear_model", None)
    with pytest.raises(MissingExtraError, match=r"vlmingest\[train\]"):
        learn.sklearn()
    result = CliRunner().invoke(app, ["triage", "train"])
    assert "vlmingest[train]" in str(result.exception)


def test_init_makes_a_folder_and_checks_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = call("init", "--topic", "speech")
    assert "topics/speech/rules.toml" in text
    assert "every cue matches" in call("init", "--topic", "speech", "--check")
    assert "every cue matches" in call("init", "--topic", "vlm", "--check")
    rules = tmp_path / "topics/speech/rules.toml"
    rules.write_text(rules.read_text().replace('rejects = ["something else"]', 'rejects = ["speech"]'))
    assert "topic-term: matches 'speech'" in call("init", "--topic", "speech", "--check", code=1)
    result = CliRunner().invoke(app, ["init", "--topic", "../speech"])
    assert "no name of a topic" in str(result.exception)
