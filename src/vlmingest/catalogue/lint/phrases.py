"""Phrases as data: `phrases.toml`, read once, each row with examples that a test checks both ways."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple, cast

Level = Literal["error", "warning", "hint"]


class Phrase(NamedTuple):
    """One row."""

    id: str
    rule: str
    pattern: re.Pattern[str]
    everywhere: bool  # in all lines, or only in what is read as prose
    level: Level
    matches: tuple[str, ...]
    rejects: tuple[str, ...]


@cache
def load_phrases() -> tuple[Phrase, ...]:
    """All rows, in the order of the file."""
    text = (resources.files("vlmingest.catalogue.lint") / "phrases.toml").read_text(encoding="utf-8")
    return tuple(
        Phrase(
            row["id"],
            row["rule"],
            re.compile(row["pattern"], re.IGNORECASE),
            row.get("where") == "all",
            cast("Level", row.get("level", "warning")),
            tuple(row["matches"]),
            tuple(row["rejects"]),
        )
        for row in tomllib.loads(text)["phrase"]
    )
