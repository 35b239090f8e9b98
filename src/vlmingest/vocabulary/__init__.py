"""Names that the extractor knows: data files and one automaton over them all.

`load()` reads the files once; `find(lowered, text)` gives every mention with its kind, code and half-open span.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from vlmingest.vocabulary.code import Code, Kind
from vlmingest.vocabulary.datasets import dataset_spellings

__all__ = ["Code", "Kind", "Mention", "Vocabulary", "load"]


class Mention(NamedTuple):
    """A name in the text; the span takes in a size or variant that follows ("Qwen2.5-7B-Instruct")."""

    code: Code
    start: int
    end: int
    sizes: tuple[str, ...]


_TAIL = re.compile(
    r"(?:[- ]?(?:v?\d+(?:\.\d+)*|\d+(?:\.\d+)?[BbMm]|ViT-[BLHgG]/\d+(?:@\d+(?:px)?)?|SO400M|So400m|Instruct|Chat|Base|Large|XL|XXL"
    r"|Lightning|-?[LBHgG]/\d+))*(?![A-Za-z0-9])"
)
_SIZE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?[BM]\b", re.IGNORECASE)
_FOLD = re.compile(r"[- ]")


class Vocabulary:
    """All codes and their automaton."""

    def __init__(self, spellings: dict[str, list[tuple[str, Code]]]) -> None:
        self._patterns = sorted(spellings)
        self._codes = [spellings[pattern] for pattern in self._patterns]
        self._automaton = AhoCorasick(self._patterns, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str, lowered: str) -> list[Mention]:
        """Mentions in order; `lowered` is `text` in lower case, offset for offset."""
        found = []
        for index, start, end in self._automaton.find_matches_as_indexes(lowered):
            if start and (lowered[start - 1].isalnum() or lowered[start - 1] in "-_/"):
                continue
            for spelling, code in self._codes[index]:
                if code.case and _FOLD.sub("", text[start:end]) != _FOLD.sub("", spelling):
                    continue
                stop = end
                if code.kind != "dataset":
                    tail = _TAIL.match(text, end)
                    if tail is None:
                        continue
                    stop = tail.end()
                elif end < len(text) and lowered[end].isalnum():
                    continue
                sizes = tuple(size.upper() for size in _SIZE.findall(text[end:stop]))
                if code.sized and not sizes:
                    continue
                found.append(Mention(code, start, stop, sizes))
        return found


@cache
def load() -> Vocabulary:
    """The vocabulary of the package's data files."""
    spellings: dict[str, list[tuple[str, Code]]] = {}
    for kind, name in (("vision_encoder", "vision_encoders"), ("language_model", "language_models")):
        for canonical, row in _data(name)["codes"].items():
            if row.get("ignored"):
                continue
            code = Code(kind, canonical, row["family"], row.get("case", False), row.get("sized", False))  # type: ignore[arg-type]
            for spelling in (canonical, *row["aliases"]):
                _add(spellings, spelling, code)
    for spelling, code in dataset_spellings():
        _add(spellings, spelling, code)
    return Vocabulary(spellings)


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))


def _add(spellings: dict[str, list[tuple[str, Code]]], spelling: str, code: Code) -> None:
    lower = spelling.lower()
    for variant in {
        lower,
        lower.replace("-", " "),
        lower.replace(" ", "-"),
        lower.replace("-", ""),
        lower.replace(" ", ""),
    }:
        known = spellings.setdefault(variant, [])
        if all(entry[1].kind != code.kind for entry in known):
            known.append((spelling, code))
