"""The data sets and benchmarks of `datasets.toml`: their spellings, what they are mostly used for, and an automaton.

`find_datasets` gives every mention of a known name in a text. Unlike for models, a name may be followed by the split that was
used ("MMMUval", "DocVQA_test") and may stand behind a slash or plus ("COCO/VG").
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from vlmingest.vocabulary.code import Code

Use = Literal["training", "evaluation", "both"]


@dataclass(frozen=True)
class Spelling:
    """One way to write a data set. `cased`: the case must stand so; `sure`: no word, model or method is called the same."""

    name: str
    text: str
    cased: bool
    sure: bool


class DatasetMention(NamedTuple):
    """A known name in the text, `text[start:end]`; one spelling may stand for several names."""

    name: str
    start: int
    end: int
    sure: bool


_SHORT = 4
_LONGEST_TAIL = 40
# What may follow a name without a gap: the split or the language of a benchmark, set as a subscript in the file.
_SPLIT = re.compile(
    r"(?:val|test(?:-?dev|-?std|mini|[AB])?|dev|std|mini|overall|avg|sub|w|pub|hard|easy|all|full|relation"
    r"|turbo|EN|CN|en|cn|zh)(?:test|val|dev|sub)?(?![A-Za-z])"
)
# What may follow after a hyphen or underscore without making another name of it.
_TAIL = re.compile(
    r"[-_](?:val(?:idation)?|test(?:-?dev|-?std|-?mini|[AB])?|dev|std|mini|train(?:ing)?|(?:en|cn|zh)(?:test|val|dev)?|full|subset|avg"
    r"|\d+[- ]?shots?|zero-shot|related)(?![A-Za-z0-9])",
    re.IGNORECASE,
)


# How much of it was taken belongs to the name: "Foo-150K".
_AMOUNT = re.compile(r"-\d+(?:\.\d+)?[KMBk](?![A-Za-z0-9]|[-_][A-Za-z])")
_VERSION = re.compile(r"[- ]?v?\d(?:\.\d)?\Z")


@cache
def dataset_uses() -> dict[str, Use]:
    """Canonical name -> what papers on vision-language models mostly do with it."""
    found: dict[str, Use] = {}
    for use, entries in _entries():
        for names in entries:
            found.setdefault(names[0].lstrip("?!"), use)
    return found


@cache
def without_training() -> frozenset[str]:
    """Canonical names of sets that have no training split."""
    return frozenset(name.strip() for name in str(_data()["names"]["no_training"]).replace("\n", " ").split(";"))


@cache
def short_names() -> dict[str, str]:
    """Short name -> the full name that it means where a paper has both."""
    return {str(short): str(full) for short, full in _data()["short"].items()}


@cache
def spellings() -> tuple[Spelling, ...]:
    """All spellings in the order of the file; of one spelling the first entry counts."""
    found: dict[str, Spelling] = {}
    for _, entries in _entries():
        for names in entries:
            name = names[0].lstrip("?!")
            for written in names:
                text = written.lstrip("?!")
                flags = written[: len(written) - len(text)]
                found.setdefault(text, Spelling(name, text, "!" in flags, "?" not in flags))
    return tuple(found.values())


def unversioned(name: str) -> str:
    """A maker's name without the number of its version."""
    return _VERSION.sub("", name)


def with_amount(name: str, amount: str) -> str | None:
    """The canonical name of what a maker's name and how much it is stand for ("Foo", "558k"); None where no set is called so."""
    return known_name(fold_name(unversioned(name)) + amount) or known_name(fold_name(name) + amount)


def dataset_spellings() -> Iterator[tuple[str, Code]]:
    """(spelling, code) of every sure spelling, for the automaton of all names, in a fixed order."""
    for spelling in spellings():
        if spelling.sure and not (spelling.cased and len(fold_name(spelling.text)) <= _SHORT and "-" in spelling.text):
            yield spelling.text, Code("dataset", spelling.name, spelling.name, spelling.cased)


def fold_name(text: str) -> str:
    """The spelling without case, hyphens, underscores and spaces: the same for all ways to write one name."""
    return _without_marks(text.lower())


def _without_marks(text: str) -> str:
    return text.replace("-", "").replace(" ", "").replace("_", "")  # a third of the time of one pattern


@cache
def known_name(folded: str) -> str | None:
    """The canonical name of a folded spelling (`fold_name`), None where it is not known."""
    return _by_fold().get(folded)


class _Others:
    """The names that mean something else in a text, since it holds their phrase; looked for when a name is asked for."""

    def __init__(self, lowered: str) -> None:
        self._lowered = lowered
        self._phrases: dict[str, str] = _data()["unless"]
        self._known: dict[str, bool] = {}

    def __contains__(self, name: str) -> bool:
        phrase = self._phrases.get(name)
        if phrase is None:
            return False
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = phrase in self._lowered
        return found


def find_datasets(text: str, lowered: str, parts: Sequence[tuple[int, int]] | None = None) -> Iterator[DatasetMention]:
    """Mentions in order, of the `parts` only; `lowered` is `text` in lower case, offset for offset."""
    automaton, patterns = _automaton()
    other = _Others(lowered)
    for low, high in parts if parts is not None else ((0, len(text)),):
        for index, begin, stop in automaton.find_matches_as_indexes(lowered[low:high]):
            start, end = begin + low, stop + low
            read = None
            if not (start and lowered[start - 1].isalnum()):  # else part of a word, as three of four are
                read = _read_at(text, lowered, patterns[index], start, end, other)
            # "use VQAv2" holds "e VQA": the longest match at a place may hide a name that begins or ends inside it.
            if read is not None:
                yield from read
            elif not lowered[start:end].isalnum():
                yield from _hidden_in(text, lowered, start, end, other)


def _read_at(
    text: str, lowered: str, rows: list[tuple[Spelling, tuple[str, ...]]], start: int, end: int, other: _Others
) -> list[DatasetMention] | None:
    """The mentions that a match stands for; None where it is part of other words."""
    before = lowered[start - 1] if start else " "
    if before.isalnum() or (before in "-_" and start > 1 and lowered[start - 2].isalnum()):
        return None
    if not _ends(text, end):
        return None
    written = text[start:end]
    for spelling, names in rows:
        if spelling.cased and written != spelling.text and _without_marks(written) != _without_marks(spelling.text):
            continue
        amount = _AMOUNT.match(text, end) if text[end : end + 1] == "-" else None
        stop = amount.end() if amount is not None else end
        sure = spelling.sure and spelling.text not in other
        return [DatasetMention(name, start, stop, sure and name not in other) for name in names]
    return None


def _hidden_in(text: str, lowered: str, start: int, end: int, other: _Others) -> list[DatasetMention]:
    """The first mention that begins within a match that is none: behind its start, or at it and shorter."""
    automaton, patterns = _automaton()
    for low, high in ((start, end - 1), (start + 1, end + _LONGEST_TAIL)):
        for index, begin, stop in automaton.find_matches_as_indexes(lowered[low:high]):
            if begin + low >= end:
                break
            read = _read_at(text, lowered, patterns[index], begin + low, stop + low, other)
            if read is not None:
                return read
    return []


def _ends(text: str, end: int) -> bool:
    """Whether the name ends at `end`, or only a split follows."""
    after = text[end : end + 1]
    if after.isalnum():
        return _SPLIT.match(text, end) is not None
    if after and after in "-_" and text[end + 1 : end + 2].isalnum():
        return _TAIL.match(text, end) is not None or _AMOUNT.match(text, end) is not None  # "Foo-2B-Chinese" is another
    return True


@cache
def _by_fold() -> dict[str, str]:
    return {fold_name(spelling.text): spelling.name for spelling in reversed(spellings())}


@cache
def _automaton() -> tuple[AhoCorasick, list[list[tuple[Spelling, tuple[str, ...]]]]]:
    variants: dict[str, list[tuple[Spelling, tuple[str, ...]]]] = {}
    for spelling in spellings():
        for variant in _variants(spelling.text, spelling.cased):
            variants.setdefault(variant, []).append((spelling, (spelling.name,)))
    for text, names in _data()["expand"].items():
        for variant in _variants(text, False):
            variants[variant] = [(Spelling(text, text, False, True), tuple(names))]
    for rows in variants.values():  # the strictest spelling is tried first
        rows.sort(key=lambda row: (not row[0].cased, not row[0].sure))
    patterns = sorted(variants)
    automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
    return automaton, [variants[pattern] for pattern in patterns]


def _variants(text: str, cased: bool) -> set[str]:
    lower = text.lower()
    if cased and len(fold_name(text)) <= _SHORT:
        return {lower}  # "IN-R" is a data set, "INR" is not
    return {
        lower,
        lower.replace("-", " "),
        lower.replace(" ", "-"),
        lower.replace("-", ""),
        lower.replace(" ", ""),
        lower.replace("-", "").replace(" ", ""),
        lower.replace("-", "_").replace(" ", "_"),
    }


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files(__package__) / "datasets.toml").read_text(encoding="utf-8"))


@cache
def _entries() -> tuple[tuple[Use, tuple[tuple[str, ...], ...]], ...]:
    """(use, entries) where an entry is the canonical name and its other spellings, flags still on them."""
    uses: tuple[Use, ...] = ("training", "evaluation", "both")
    return tuple((use, tuple(_parse(str(_data()["names"][use])))) for use in uses)


def _parse(text: str) -> Iterator[tuple[str, ...]]:
    for entry in text.replace("\n", " ").split(";"):
        name, _, others = entry.partition(" = ")
        if name.strip():
            yield (name.strip(), *(other.strip() for other in others.split(",") if other.strip()))
