"""The pull request of a night: what is new in words, foreign text escaped; and the workflow that opens it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
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


def script_of(name: str) -> str:
    return next(str(step["run"]) for step in steps() if step.get("name") == name)


@pytest.fixture
def forge(tmp_path: Path) -> Callable[..., str]:
    """A repository with a list, a clone of it, and a `gh` that knows one pull request; runs a step of the workflow."""
    if shutil.which("git") is None or shutil.which("bash") is None:
        pytest.skip("needs git and bash")
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "gh").write_text(
        f'#!/bin/bash\necho "$@" >> {tmp_path}/gh.log\n[ "$2" = list ] && cat {tmp_path}/open 2>/dev/null\n'
        f'[ "$2" = create ] && echo 1 > {tmp_path}/open\nexit 0\n'
    )
    (tools / "gh").chmod(0o755)
    environment = {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path), "MAIN": "main",
        "GIT_AUTHOR_NAME": "p", "GIT_AUTHOR_EMAIL": "p@x", "GIT_COMMITTER_NAME": "p", "GIT_COMMITTER_EMAIL": "p@x",
    }  # fmt: skip

    def run(script: str, folder: str = "clone") -> str:
        place = tmp_path / folder if folder else tmp_path
        done = subprocess.run(
            ["bash", "-e", "-c", script], cwd=place, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(
        "git init -q -b main origin && cd origin && printf 'a\\nb\\nc\\n' > README.md && git add . && "
        "git commit -q -m start && git config receive.denyCurrentBranch ignore",
        "",
    )
    return run


def night(forge: Callable[..., str], change: str) -> str:
    """A fresh checkout of the main branch, the two steps of the workflow, and between them what a night writes."""
    forge("rm -rf clone && git clone -q origin clone", "")
    forge(script_of("Go on from the open pull request"))
    forge(f"{change}; echo body > body.md")
    return forge(script_of("Propose the difference"))


def test_pull_request_grows_over_nights_and_peoples_edits_win(forge: Callable[..., str], tmp_path: Path) -> None:
    assert "nothing to propose" in night(forge, "true")
    night(forge, "sed -i '1i new1' README.md")
    # a person edits the main branch while the pull request is open
    forge("git switch -q main && sed -i 's/^b$/B by hand/' README.md && git commit -q -a -m edit", "origin")
    night(forge, "sed -i '1i new2' README.md")
    assert forge("git show vlmingest/nightly:README.md", "origin") == "new2\nnew1\na\nB by hand\nc\n"
    said = (tmp_path / "gh.log").read_text()
    assert said.count("pr create") == 1
    assert said.count("pr edit") == 1


def test_a_merged_pull_request_is_followed_by_a_new_one(forge: Callable[..., str], tmp_path: Path) -> None:
    night(forge, "sed -i '1i new1' README.md")
    forge("git switch -q main && git merge -q vlmingest/nightly", "origin")
    (tmp_path / "open").unlink()
    assert "nothing to propose" in night(forge, "true")
    night(forge, "sed -i '1i new2' README.md")
    assert forge("git show vlmingest/nightly:README.md", "origin") == "new2\nnew1\na\nb\nc\n"
    assert (tmp_path / "gh.log").read_text().count("pr create") == 2
