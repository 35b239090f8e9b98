"""The data sets and benchmarks of `datasets.toml` as spellings for the automaton."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources

from vlmingest.vocabulary.code import Code


def dataset_spellings() -> Iterator[tuple[str, Code]]:
    """(spelling, code) of every name and alias, in a fixed order."""
    data = tomllib.loads((resources.files(__package__) / "datasets.toml").read_text(encoding="utf-8"))
    cased = set(_names(data["cased"]))
    for canonical in sorted(set(_names(data["names"])) | cased | set(data["aliases"])):
        yield canonical, Code("dataset", canonical, canonical, canonical in cased)
        for spelling in data["aliases"].get(canonical, ()):
            yield spelling, Code("dataset", canonical, canonical)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.replace("\n", " ").split(";") if name.strip()]
