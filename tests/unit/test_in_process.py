"""Commands and runs in this process, against the replica: what they print, and what they leave."""

import json

import pytest

from vlmingest import jobs
from vlmingest.cli import COMMANDS, app, main
from vlmingest.demo import nights
from vlmingest.errors import SettingError
from vlmingest.pipeline import formats_of
from vlmingest.replica import Replica
from vlmingest.report import report_json, report_markdown, report_text, stage_rows
from vlmingest.resources import package_folder
from vlmingest.settings import load_settings
from vlmingest.sources import arxiv_source, papers_of
from vlmingest.workshop import Workshop, code_hash

SAMPLE = package_folder("sample")
LAST = nights(SAMPLE)[-1]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    """A database after one night, and the report of that night."""
    folder = tmp_path_factory.mktemp("catalogue")
    with Replica(SAMPLE) as server:
        server.tonight = LAST
        settings = load_settings(
            environ={
                "VLMINGEST_DB": str(folder / "c.db"),
                "VLMINGEST_ARXIV_API_URL": f"{server.base_url}/api/query",
                "VLMINGEST_ARXIV_CONTENT_URL": server.base_url,
                "VLMINGEST_MIN_INTERVAL_S": "0.01",
                "VLMINGEST_TRIAGE_RECALL": "1.0",  # as in the demo
            },
            folder=folder,
        )
        with Workshop.open(settings) as shop:
            report = jobs.nightly(shop, [arxiv_source(shop)], None, LAST)
            ids = folder / "ids.txt"
            ids.write_text("2506.90001\n")
            more = jobs.backfill(shop, papers_of(shop, None, None, ids, None))
    return folder, report, more


@pytest.fixture
def call(catalogue, capsys, monkeypatch):
    folder, _, _ = catalogue
    monkeypatch.setenv("VLMINGEST_DB", str(folder / "c.db"))
    monkeypatch.setenv("VLMINGEST_MIN_INTERVAL_S", "0.01")
    monkeypatch.setenv("VLMINGEST_TRIAGE_RECALL", "1.0")
    monkeypatch.chdir(folder)

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["vlmingest", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        streams = capsys.readouterr()
        return stop.value.code, streams.out, streams.err

    return run


def test_the_report_of_a_night_in_three_forms(catalogue):
    _, report, more = catalogue
    text = report_text(report, "c.db")
    assert "new papers" in text
    assert "review list" in text
    assert report_json(report)["counts"]["read"]["entered"] > 0
    assert "| stage | in | done |" in report_markdown(report)
    assert {row["stage"] for row in stage_rows(report)} >= {"discover", "triage", "fetch", "read", "extract", "settle"}
    assert more.is_quiet
    assert "nothing is new" in report_text(more, "c.db")


def test_looking_commands_say_what_there_is(call):
    for arguments, words in (
        (("status",), "papers"),
        (("politeness",), "interval"),
        (("verify",), "quotes found"),
        (("config",), "VLMINGEST_DB"),
        (("doctor",), "database"),
        (("search", "vision encoder"), "papers"),
        (("show", "2506.90001"), "Lanternfish"),
        (("blame", "2506.90001", "vision_encoder"), "candidates"),
        (("compare", "--format", "csv"), "Lanternfish"),
        (("compare",), "|"),
        (("review", "list"), "shown"),
        (("triage", SAMPLE / "papers.jsonl"), "2506.9000"),
        (("triage", SAMPLE / "papers.jsonl", "--json"), '"label"'),
        (("eval", SAMPLE / "gold"), "vision_encoders"),
    ):
        code, out, err = call(*arguments)
        assert code == 0, f"{arguments}: {err}"
        assert words in out, arguments


def test_json_of_looking_commands_is_json(call):
    for arguments in (
        ("status", "--json"), ("politeness", "--json"), ("verify", "--json"), ("config", "--json"), ("doctor", "--json"),
        ("search", "model", "--json"), ("show", "2506.90001", "--json"), ("blame", "2506.90001", "name", "--json"),
        ("review", "list", "--json"), ("eval", str(SAMPLE / "gold"), "--json"),
    ):  # fmt: skip
        code, out, err = call(*arguments)
        assert code == 0, f"{arguments}: {err}"
        json.loads(out)


def test_a_question_is_shown_answered_and_the_answer_taken_back(call):
    _, out, _ = call("review", "list", "--json", "--reason", "low-confidence")
    items = json.loads(out)
    first, second = items[0]["id"], items[1]["id"]
    code, out, _ = call("review", "show", first)
    assert code == 0
    assert ">>>" in out
    assert call("review", "show", first, "--json")[0] == 0
    assert call("review", "accept", first, "--by", "me")[0] == 0
    assert call("review", "defer", second)[0] == 0
    assert second in {item["id"] for item in json.loads(call("review", "list", "--state", "deferred", "--json")[1])}
    assert call("review", "undo")[0] == 0
    assert call("review", "undo", "--json")[0] == 0
    code, _, err = call("review", "add", "2506.90001", "architecture.connector", "telepathy")
    assert code == 2
    assert "one of linear" in err
    assert call("review", "add", "2506.90001", "architecture.connector", "pooling", "--note", "seen")[0] == 0
    assert "pooling" in call("show", "2506.90001")[1]
    assert call("review", "undo")[0] == 0


def test_every_export_is_written_and_the_same_again(call, catalogue):
    folder, _, _ = catalogue
    for kind in ("json", "jsonl", "csv", "bibtex", "atom", "schema"):
        code, _, err = call("export", kind, "--out", folder / f"one.{kind}")
        assert code == 0, err
        call("export", kind, "--out", folder / f"two.{kind}")
        assert (folder / f"one.{kind}").read_bytes() == (folder / f"two.{kind}").read_bytes()
    for kind in ("markdown", "site", "all"):
        assert call("export", kind, "--out", folder / kind)[0] == 0
    assert call("export", "list", "--out", folder / "list.md")[0] == 1
    assert call("export", "json", "--out", folder, "--json")[0] == 2
    code, out, _ = call("read", SAMPLE / "pdf" / "2506.90001v1.pdf")
    assert code == 0
    assert json.loads(out)["title"]
    assert "sections" in call("read", SAMPLE / "pdf" / "2506.90001v1.pdf", "--out", folder / "read.json")[1]


def test_reading_again_with_the_same_rules_changes_nothing(call):
    code, out, err = call("reread")
    assert code == 0, err
    assert "nothing is new" in out


def test_adding_a_file_that_is_there_already_is_nothing_new(call):
    code, out, err = call("add", SAMPLE / "pdf" / "2506.90002v1.pdf", "--offline")
    assert code == 0, err
    assert "records made or changed" not in out


def test_unknown_things_are_one_line(call):
    for arguments in (("show", "nothing"), ("blame", "nothing", "name"), ("blame", "2506.90001", "colour"),
                      ("review", "show", "zzzz"), ("compare", "--fields", "colour")):  # fmt: skip
        code, _, err = call(*arguments)
        assert code in (1, 2)
        assert err.startswith("vlmingest: ")
        assert err.count("\n") == 1


def test_the_overview_lists_every_command(call):
    code, out, _ = call("--help")
    assert code == 0
    assert all(name in out for name in COMMANDS)
    assert app.name


def test_formats_are_checked_and_code_hashes_differ():
    assert formats_of("html, pdf") == ["html", "pdf"]
    with pytest.raises(SettingError, match="pdf, html, latex"):
        formats_of("docx")
    assert code_hash("read") != code_hash("extract")
