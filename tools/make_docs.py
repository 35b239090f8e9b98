"""Writes what can be generated: docs/cli.md, docs/fields.md, docs/settings.md and docs/record.schema.json.

`--check` writes nothing and ends with 1 when a file is stale.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click
from pydantic import BaseModel

from vlmingest import records
from vlmingest.cli import COMMANDS, app

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NOTE = "<!-- made by tools/make_docs.py from the code; change the code, then `make docs` -->"


def cli_page() -> str:
    """Every command with its help text."""
    parts = ["# Commands", NOTE, "Exit codes: 0 done; 1 failed, one clear line on stderr; 2 wrong usage; 3 degraded:"]
    parts[-1] += " the run finished, some items failed or wait.\n\n```text\n" + _help(app, "vlmingest") + "\n```"
    for name in COMMANDS:
        context = click.Context(app, info_name="vlmingest")
        command = app.get_command(context, name)
        assert command is not None, name
        parts.append(f"## vlmingest {name}\n\n```text\n{_help(command, f'vlmingest {name}')}\n```")
        if isinstance(command, click.Group):
            for sub in command.commands.values():
                parts.append(
                    f"### vlmingest {name} {sub.name}\n\n```text\n{_help(sub, f'vlmingest {name} {sub.name}')}\n```"
                )
    return "\n\n".join(parts) + "\n"


def _help(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def fields_page() -> str:
    """The record's fields with their types, from the pydantic models."""
    lines = ["# Fields of a record", "", NOTE, ""]
    models = (
        "Record",
        "RecordPaper",
        "Relevance",
        "ModelIdentity",
        "Fact",
        "Architecture",
        "VisionEncoder",
        "LanguageModel",
    )
    models += ("Connector", "ArchitectureKind", "IntegerValue", "ArchitectureFigure", "Training", "Stage", "Objective")
    models += (
        "Compute",
        "Datasets",
        "DatasetUse",
        "Evidence",
        "Entry",
        "Released",
        "EntryLink",
        "EntryFigure",
        "Verdict",
    )
    models += ("ReviewItem", "Run", "StageCounts")
    for name in models:
        model = getattr(records, name)
        assert issubclass(model, BaseModel)
        lines += [
            f"## {name}",
            "",
            (model.__doc__ or "").strip(),
            "",
            "| field | type | default |",
            "| --- | --- | --- |",
        ]
        for field, info in model.model_fields.items():
            kind = re.sub(r"\b(?:typing|vlmingest(?:\.\w+)+)\.", "", _kind(info.annotation)).replace("|", "\\|")
            default = "required" if info.is_required() else f"`{info.get_default(call_default_factory=True)!r}`"
            lines.append(f"| `{field}` | {kind} | {default if len(default) < 40 else 'see the model'} |")
        lines.append("")
    return "\n".join(lines)


def _kind(annotation: object) -> str:
    text = (
        getattr(annotation, "__name__", None) if isinstance(annotation, type) and "[" not in str(annotation) else None
    )
    return str(text or annotation)


def settings_page() -> str:
    """Every setting with its default and what the code says of it."""
    source = (ROOT / "src" / "vlmingest" / "settings.py").read_text(encoding="utf-8")
    body = source.split("class Settings:")[1].split("@property")[0]
    lines = ["# Settings", "", NOTE, "", "Environment variables, or keys of `vlmingest.toml` (lower case, no prefix);"]
    lines += ["the environment wins. `vlmingest config` shows each value and its origin.", ""]
    lines += ["| variable | default | |", "| --- | --- | --- |"]
    for match in re.finditer(r"^    (\w+): [^=\n]+ = ([^\n]*?)(?:  # ([^\n]*))?$", body, re.MULTILINE):
        name, default, comment = match.groups()
        if name != "origin":
            shown = re.sub(r'field\(default=(""), repr=False\)', r"\1", default).replace("|", "\\|")
            lines.append(f"| `VLMINGEST_{name.upper()}` | `{shown}` | {comment or ''} |")
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """File name -> text."""
    schema = records.Export.model_json_schema()
    return {
        "cli.md": cli_page(),
        "fields.md": fields_page(),
        "settings.md": settings_page(),
        "record.schema.json": json.dumps(schema, indent=1, ensure_ascii=False) + "\n",
    }


def main() -> None:
    """Write or check."""
    stale = []
    for name, text in pages().items():
        path = DOCS / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    print("stale: " + ", ".join(stale) if stale else "nothing is stale")
    sys.exit(1 if stale and "--check" in sys.argv else 0)


if __name__ == "__main__":
    main()
