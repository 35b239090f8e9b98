"""The pull request of a night: what is new in words, foreign text escaped; and the workflow that opens it."""

from __future__ import annotations

import json
import re
import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner
from markdown_it import MarkdownIt

from tests.web.many import many_records
from vlmingest.cli import COMMANDS
from vlmingest.commands.publish import pull_request
from vlmingest.errors import UsageError
from vlmingest.proposal import LIMIT, proposal
from vlmingest.records import PaperMetadata, Reason, ReviewItem, Settled
from vlmingest.store import Store

WORKFLOW = Path(__file__).parents[2] / "examples" / "github-workflow" / "vlmingest.yml"
EVIL = "<img src=x> @everyone [x](javascript:1) | `` ```"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Fifty records and a question whose text means harm."""
    store = Store.open(tmp_path / "v.db", create=True)
    for record in many_records(50):
        store.save_paper(PaperMetadata(id=record.paper.id, arxiv_id=record.paper.id, published=record.paper.published))
        item = ReviewItem(
            id=ReviewItem.make_id(record.paper.id, None, "", Reason.NEW_ENTRY), paper=record.paper.id, field=None,
            key="", value=EVIL, reason=Reason.NEW_ENTRY, message="",
        )  # fmt: skip
        store.save_settled(record.paper.id, Settled(record=record, review_items=(item,)))
    return store


def report(**changes: object) -> dict[str, object]:
    ids = sorted(record.paper.id for record in many_records(50))
    base: dict[str, object] = {
        "run": 7, "kind": "nightly", "status": "degraded", "since": "2025-06-01", "until": "2025-06-02",
        "new_papers": ids[:45], "new_versions": [], "withdrawn": [EVIL], "records_changed": ids,
        "failures": [{"paper": EVIL, "stage": "read", "message": EVIL}] * 30,
        "counts": {"read": {"entered": 50, "done": 20, "skipped": {}, "failed": {"damaged": 30}}}, "requests": 9,
    }  # fmt: skip
    return {**base, **changes}


def test_body_says_what_is_new_and_what_waits(store: Store) -> None:
    text = proposal(store, report(), [{"line": 3, "rule": "dead-anchor", "message": EVIL}])
    assert text.startswith("Run 7 for 2025-06-01 to 2025-06-02 (degraded): 45 new papers, 1 withdrawn.")
    assert "## New models" in text
    assert "and 5 more" in text
    assert "## Changed" in text
    assert "## Questions for a reviewer: 50 open" in text
    assert "and 10 more" in text
    assert "| read | 50 | 20 | 0 | 30 |" in text
    assert "line 3: dead-anchor" in text


def test_foreign_text_is_only_text(store: Store) -> None:
    text = proposal(store, report(), [{"line": 3, "rule": "x", "message": EVIL}])
    shown = MarkdownIt("commonmark").enable("table").render(text)
    outside_code = re.sub(r"<code>.*?</code>", "", shown)
    assert "<img" not in shown
    assert "@everyone" not in outside_code
    assert 'href="javascript' not in shown
    assert len(text) < LIMIT


def test_a_quiet_night_is_one_line_and_a_list_of_questions(store: Store) -> None:
    quiet = proposal(store, {"run": 8})
    assert quiet.startswith("Run 8: nothing is new.\n\n## Questions")


def test_a_body_is_cut_before_the_forge_refuses_it(store: Store) -> None:
    many = report(failures=[{"paper": "x", "stage": "read", "message": "y" * 5000}] * 30)
    text = proposal(store, many)
    assert len(text) <= LIMIT + 100
    assert "(cut: the rest" in text


def test_command_reads_the_reports_of_the_other_commands(store: Store, tmp_path: Path) -> None:
    store.close()
    told, lint, out = tmp_path / "r.json", tmp_path / "l.json", tmp_path / "b.md"
    told.write_text(json.dumps(report()))
    lint.write_text("[]")
    run, database = CliRunner().invoke, ["--db", str(tmp_path / "v.db")]
    assert run(pull_request, [str(told), *database, "--lint", str(lint), "--out", str(out)]).exit_code == 0
    assert run(pull_request, [str(told), *database]).output == out.read_text()
    assert json.loads(run(pull_request, [str(told), *database, "--json"]).output)["body"] == out.read_text()
    for content in ("no json", "[]", ""):
        told.write_text(content)
        assert isinstance(run(pull_request, [str(told), *database]).exception, UsageError)


def steps() -> list[dict[str, object]]:
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return list(workflow["jobs"]["nightly"]["steps"])


def scripts() -> list[str]:
    return [str(step["run"]) for step in steps() if "run" in step]


def calls() -> list[list[str]]:
    """Every call of vlmingest in the workflow, as words."""
    found = []
    for script in scripts():
        for line in script.splitlines():
            if match := re.search(r"(?:^|\s)vlmingest (.*)", line.split("#")[0]):
                # what the shell puts in or redirects is no option of ours
                text = re.sub(r"\$\{SINCE:\+(.*?)\}", r"\1", match[1])
                text = re.split(r"\s(?:>|\|\|)\s", text)[0]
                found.append(shlex.split(text))
    return [call for call in found if not call[0].startswith("==")]


def test_every_command_and_option_of_the_workflow_exists() -> None:
    assert {call[0] for call in calls()} == {
        "doctor", "import-list", "nightly", "verify", "export", "lint", "pull-request"
    }  # fmt: skip
    for name, *words in calls():
        module, attribute = COMMANDS[name].target.split(":")
        command: click.Command = getattr(import_module(f"vlmingest.commands.{module}"), attribute)
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options


def test_workflow_puts_no_foreign_text_into_a_shell() -> None:
    for script in scripts():
        for expression in re.findall(r"\$\{\{(.*?)\}\}", script):
            assert expression.strip().startswith("vars."), expression
    assert any("--body-file" in script for script in scripts())


def test_workflow_keeps_the_database_whatever_happens() -> None:
    kept = [
        step for step in steps() if "cache/save" in str(step.get("uses")) or "upload-artifact" in str(step.get("uses"))
    ]
    assert len(kept) == 2
    assert all(step["if"] == "${{ always() }}" for step in kept)


def test_workflow_runs_by_night_one_at_a_time_with_few_rights() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    triggers = workflow[True]  # YAML 1.1 reads the word "on" as true
    assert triggers["schedule"][0]["cron"].count(" ") == 4
    assert workflow["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert workflow["concurrency"]["cancel-in-progress"] is False
