"""Names that the extractor knows: data files and one automaton over them all.

`load()` reads the files once; `find(text, lowered)` gives every mention with its code and half-open span. Case, hyphens and
spaces are folded; sizes, versions and patch sizes that follow a name belong to its span (see `tails`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from vlmingest.vocabulary.code import Code, Kind
from vlmingest.vocabulary.datasets import dataset_spellings
from vlmingest.vocabulary.tails import read_tail

__all__ = ["Code", "Kind", "Mention", "Vocabulary", "load"]

_NUMBER_GOES_ON = re.compile(r"\d|\.\d|[BbMm](?![A-Za-z])")
_SEPARATOR = re.compile(r"[- ]")
_MIXED = 3  # separators of a spelling that may each differ


class Mention(NamedTuple):
    """A name in the text; the span takes in a size or variant that follows ("Qwen2.5-7B-Instruct").

    `stem`: where the listed name ends; `short_end`: where it ends without a resolution ("@336px").
    """

    code: Code
    start: int
    end: int
    sizes: tuple[str, ...]
    stem: int = 0
    short_end: int = 0


class Vocabulary:
    """All codes and their automaton."""

    def __init__(self, spellings: Iterable[tuple[str, Code]]) -> None:
        codes: dict[str, list[Code]] = {}
        self._exact: dict[Code, set[str]] = {}  # of codes whose letters count: the spellings without hyphens and spaces
        for spelling, code in spellings:
            for variant in _variants(spelling.lower()):
                known = codes.setdefault(variant, [])
                if all(entry.kind != code.kind for entry in known):
                    known.append(code)
            if code.case:
                self._exact.setdefault(code, set()).add(_without_marks(spelling))
        self._patterns = sorted(codes)
        self._codes = [codes[pattern] for pattern in self._patterns]
        self._automaton = AhoCorasick(self._patterns, implementation=Implementation.DFA)

    def find(self, text: str, lowered: str) -> list[Mention]:
        """Mentions in order; `lowered` is `text` in lower case, offset for offset.

        Of spellings that overlap the one that starts first counts, then the longest one that can be read.
        """
        spans = [
            (start, -end, index)
            for index, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True)
            if not start or not (lowered[start - 1].isalnum() or lowered[start - 1] in "-_")
        ]
        spans.sort()
        found: list[Mention] = []
        taken, spelled = 0, (-1, -1)  # where the last mention ends, and its spelling (which may stand for two kinds)
        for start, end, index in spans:
            if start < taken and (start, end) != spelled:
                continue
            for code in self._codes[index]:
                mention = self._read(code, text, start, -end)
                if mention is not None:
                    found.append(mention)
                    taken, spelled = max(taken, mention.end), (start, end)
        return found

    def _read(self, code: Code, text: str, start: int, end: int) -> Mention | None:
        if code.case and _without_marks(text[start:end]) not in self._exact[code]:
            return None
        if code.kind == "dataset":
            return None if text[end : end + 1].isalnum() else Mention(code, start, end, (), end, end)
        if text[end - 1].isdigit() and _NUMBER_GOES_ON.match(text, end):
            return None  # "LLaMA-3" of "LLaMA-30B"
        tail = read_tail(text, end, code.kind)
        if tail is None or (code.sized and tail.end == end and text[start:end].lower() == code.name.lower()):
            return None
        return Mention(code, start, tail.end, tail.sizes, end, tail.short_end)


@cache
def load() -> Vocabulary:
    """The vocabulary of the package's data files."""
    return Vocabulary((*_part_spellings(), *dataset_spellings()))


def _part_spellings() -> Iterable[tuple[str, Code]]:
    kinds: tuple[tuple[Kind, str], ...] = (("vision_encoder", "vision_encoders"), ("language_model", "language_models"))
    for kind, name in kinds:
        for canonical, row in _data(name)["codes"].items():
            if row.get("ignored"):
                continue
            code = Code(
                kind=kind,
                name=canonical,
                family=row["family"],
                needs=tuple(row.get("needs", ())),
                **{
                    flag: bool(row.get(flag))
                    for flag in ("case", "sized", "shape", "coder", "whole", "closed", "reader", "seq2seq")
                },
            )
            for spelling in (canonical, *row["aliases"]):
                yield spelling, code


def _without_marks(text: str) -> str:
    return text.replace("-", "").replace(" ", "")


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))


def _variants(lower: str) -> set[str]:
    """Every hyphen and space of a spelling as a hyphen, as a space, and left out (of the first three, one after the other)."""
    first, *rest = _SEPARATOR.split(lower)
    found = {first}
    for number, piece in enumerate(rest):
        marks = ("-", " ", "") if number < _MIXED else ("-",)
        found = {f"{known}{mark}{piece}" for known in found for mark in marks}
    return found | {lower, lower.replace("-", " "), lower.replace("-", "")}
