"""The command line: a table of commands, each loaded only when it is called, and one place that words errors.

`vlmingest --help` imports click and nothing else of weight; no command imports Prefect unless it runs a flow.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from typing import NamedTuple, NoReturn

import click

from vlmingest import __version__
from vlmingest.errors import VlmIngestError


class Lazy(NamedTuple):
    """Where a command lives and what the overview says of it."""

    target: str
    help: str


COMMANDS = {
    "demo": Lazy("demo:demo", "Run several nights on sample papers, offline, and show what came out."),
    "nightly": Lazy("nightly:nightly", "Find new papers, read them, extract, settle; then report."),
    "add": Lazy("nightly:add", "Add papers: arXiv ids, addresses, PDF files or folders."),
    "backfill": Lazy("nightly:backfill", "The same as nightly, for the past."),
    "reread": Lazy("nightly:reread", "Run the present rules over stored papers again."),
    "review": Lazy("review:review", "The queue: list, show, accept, correct, reject, defer, undo."),
    "serve": Lazy("serve:serve", "The same queue in the browser, with the quote shown on its page."),
    "read": Lazy("inspect:read", "Show one document as JSON: text, sections, tables, figures."),
    "triage": Lazy("triage:triage", "Is a paper worth reading? Scores, reasons, what was left out, training."),
    "search": Lazy("inspect:search", "Full-text search over titles, abstracts and papers."),
    "show": Lazy("inspect:show", "Show one record with the evidence of each value."),
    "blame": Lazy("inspect:blame", "Where a value of an entry came from."),
    "export": Lazy("publish:export", "Write json, jsonl, csv, markdown, list, bibtex, atom, site or figures."),
    "import-list": Lazy("lists:import_list", "Take over an existing Markdown list without losing a byte."),
    "draft": Lazy("lists:draft", "The panel that a paper would get, with what is behind each clause."),
    "lint": Lazy("lists:lint", "Check a Markdown list against the rules of such lists."),
    "figure": Lazy("publish:figure", "Cut out a paper's architecture figure, with credit and licence."),
    "pull-request": Lazy("publish:pull_request", "What a night brought, as the body of a pull request."),
    "links": Lazy("lists:links", "Check the links of a list: ok, suspect, dead after three days."),
    "compare": Lazy("publish:compare", "A comparison table of any fields."),
    "verify": Lazy("health:verify", "Check every stored quote against its document again."),
    "eval": Lazy("health:evaluate", "Score the database against gold annotations, per field."),
    "status": Lazy("health:status", "How the catalogue is doing, and when it last ran."),
    "doctor": Lazy("health:doctor", "Find problems of the set-up, with their remedies."),
    "politeness": Lazy("health:politeness", "Prove that requests kept their distance."),
    "config": Lazy("health:config", "Every setting with its value and where it comes from."),
    "init": Lazy("triage:init", "Make the folder of a topic of your own: query, cues, names."),
    "replica": Lazy("replica:replica", "Serve a local replica of arXiv's services."),
}


class LazyGroup(click.Group):
    """Commands are imported when they are called; the overview comes from the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table, which is the order of use."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        lazy = COMMANDS.get(cmd_name)
        if lazy is None:
            return super().get_command(ctx, cmd_name)
        module, name = lazy.target.split(":")
        command: click.Command = getattr(import_module(f"vlmingest.commands.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, without importing a single command."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="First steps: `vlmingest demo`, then `vlmingest review list`. Each command has --help with an example.",
)
@click.version_option(__version__, prog_name="vlmingest")
def app() -> None:
    """Keep a catalogue of vision-language-model architectures current, with the sentence that proves each value."""


def main() -> NoReturn:
    """Run a command; every known trouble is one line on stderr and the right exit code."""
    try:
        code = app.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.UsageError as error:
        error.show()
        code = 2
    except click.ClickException as error:
        code = _fail(error.format_message(), 1)
    except VlmIngestError as error:
        code = _fail(str(error), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        code = _fail("stopped; what was finished is kept, run the same command again to go on", 1)
    except BrokenPipeError:  # the reader of our output went away, e.g. `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        code = _fail(_os_message(error), 1)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> int:
    line = " ".join("".join(ch if ch.isprintable() else " " for ch in message).split())
    click.echo(f"vlmingest: {line}", err=True)
    return code


def _os_message(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    remedies = {
        errno.ENOSPC: "the disk is full; free some space and run again, finished papers are kept",
        errno.EACCES: "no permission; check the rights of the file and of its folder",
        errno.EROFS: "the file system is read-only; name another place with --db or --out",
        errno.ENOENT: "no such file or folder; check the name",
        errno.EADDRINUSE: "the port is taken; choose another with --port",
    }
    return where + remedies.get(error.errno or 0, error.strerror or str(error))
