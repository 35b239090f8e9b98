"""What is generated is up to date; what a user can call is documented."""

import subprocess
import sys

import click
import pytest

from tests.conftest import ROOT
from vlmingest.cli import COMMANDS, app


def test_the_generated_pages_are_fresh():
    run = subprocess.run(
        [sys.executable, "tools/make_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, f"{run.stdout}{run.stderr}; run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_and_an_example(name):
    command = app.get_command(click.Context(app), name)
    assert command is not None
    assert command.help
    commands = command.commands.values() if isinstance(command, click.Group) else [command]
    assert all((one.epilog or "").startswith("Example: vlmingest") for one in commands), f"{name}: no example"


def test_the_readme_names_the_set_up_commands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme
