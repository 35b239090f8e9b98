"""Is a new model a point release of a family that the list has? A proposal for a person, never a decision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from vlmingest.document import Frozen
from vlmingest.records import Entry

# words that name a size or an edition of one architecture
_EDITIONS = frozenset(
    ("mini", "small", "base", "large", "huge", "tiny", "nano", "pro", "plus", "max", "ultra", "turbo", "lite", "flash", "preview",
     "instruct", "chat", "thinking", "it", "hd", "xl", "xxl", "medium", "dense", "moe", "fp8", "awq", "gptq", "beta", "alpha")
)  # fmt: skip
_SIZE = re.compile(r"\d+(?:\.\d+)?[bm](?:-?a\d+(?:\.\d+)?b)?")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*[bm]\b|\d+(?:\.\d+)*|[^\w\s-]", re.IGNORECASE)


class Version(NamedTuple):
    """A name apart: `Qwen2.5-VL-7B-Instruct` -> stem `qwen vl`, numbers `(2, 5)`, editions `7b instruct`."""

    stem: tuple[str, ...]
    numbers: tuple[int, ...]
    editions: tuple[str, ...]


class FamilyProposal(Frozen):
    """`entry` is the family's name in the list; `score` 0..1."""

    entry: str
    papers: tuple[str, ...]
    score: float
    why: str


def version_of(name: str) -> Version:
    """Take a model's name apart."""
    stem: list[str] = []
    editions: list[str] = []
    numbers: tuple[int, ...] = ()
    for word in _TOKEN.findall(name.casefold()):
        if _SIZE.fullmatch(word) or (word in _EDITIONS and stem):
            editions.append(word)
        elif word[0].isdigit():
            numbers = numbers or tuple(int(part) for part in word.split("."))
        elif re.fullmatch(r"\w+", word) and word != "v":  # the letter before a number: `v1.5`
            stem.append(word)
    return Version(tuple(stem), numbers, tuple(editions))


def members_of(name: str) -> list[str]:
    """`Kimi K2.5 and K2.6` -> both names in full; other names as they are."""
    parts = re.split(r"\s+and\s+|\s*[,/&]\s*", name)
    if len(parts) == 1:
        return [name]
    first = parts[0].split()
    return [
        part
        if len(part.split()) >= len(first) or len(first) == 1
        else " ".join([*first[: len(first) - len(part.split())], part])
        for part in parts
    ]


def propose_family(name: str, entries: Iterable[Entry]) -> FamilyProposal | None:
    """The best family for `name`: the same stem, and the same main version; None where there is none."""
    own = version_of(name)
    if not own.stem:
        return None
    found: list[FamilyProposal] = []
    for entry in entries:
        for member in members_of(entry.name):
            other = version_of(member)
            if other.stem != own.stem or member.casefold() == name.casefold():
                continue
            score, why = _likeness(own, other)
            if score:
                found.append(
                    FamilyProposal(
                        entry=entry.name, papers=entry.papers, score=score, why=f"{name} beside {member}: {why}"
                    )
                )
    return max(found, key=lambda one: (one.score, one.entry), default=None)


def _likeness(own: Version, other: Version) -> tuple[float, str]:
    if own.numbers == other.numbers:
        return (
            (0.9, "the same version in another size or edition")
            if own.editions != other.editions
            else (0.8, "the same name")
        )
    main, before = own.numbers[:1], other.numbers[:1]
    if main and main == before:
        return 0.7, "a point release of the same main version"
    if not before and own.numbers and own.numbers[0] == 1:
        return 0.6, "a point release of the first version"
    return 0.0, ""
