r"""Word patterns of the stage readers, built to be quick: lower case, one shared word boundary, alternatives by first letter.

A row is `(name, pattern)`, a list of alternatives or one pattern that "|" divides. Those that start with a word boundary go behind one common `\b`,
so that most places of a text fail at once. A row's name may then appear twice, the second time with "_" behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vlmingest.errors import DataFileError

_FOLD = str.maketrans({"İ": "I"})  # the one letter whose lower case is longer: offsets stay


def folded(text: str) -> str:
    """`text` in lower case, offset for offset."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.translate(_FOLD).lower()


def words_pattern(rows: Iterable[tuple[str, str | list[str]]], *, bound: bool = False) -> re.Pattern[str]:
    """One pattern of all rows for text in lower case: earlier rows win; the group that matched names the row.

    `bound`: every alternative starts at a word boundary, written or not.
    """
    words: list[str] = []
    others: list[str] = []
    firsts: set[str] = set()
    for name, pattern in rows:
        alternatives = pattern if isinstance(pattern, list) else list(_alternatives(pattern))
        whole = [piece.removeprefix(r"\b") for piece in alternatives if bound or piece.startswith(r"\b")]
        loose = [piece for piece in alternatives if not bound and not piece.startswith(r"\b")]
        if whole:
            words.append(f"(?P<{name}>{'|'.join(whole)})")
        for piece in loose:
            firsts.update(_first_letters(piece))
        if loose:
            others.append(f"(?P<{name}_>{'|'.join(loose)})")
    # each side behind a look at its first letters: without it most time goes to places where no word can start
    pieces = [rf"\b(?=[a-z0-9])(?:{'|'.join(words)})"] if words else []
    if others:
        pieces.append(f"(?=[{''.join(sorted(firsts))}])(?:{'|'.join(others)})")
    return re.compile("|".join(pieces))


_LOOK_BEHIND = re.compile(r"(?:\(\?<[!=][^()]*\))*")
_FIRST = re.compile(r"\(\?:(?P<listed>(?:[a-z][^|()]*\|?)+)\)|(?P<plain>[a-z,])|\[(?P<set>[^\]]+)\]")


def _first_letters(alternative: str) -> str:
    """The letters that an alternative can start with: it starts with a letter, a list of words or a set."""
    match = _FIRST.match(alternative, _LOOK_BEHIND.match(alternative).end())  # type: ignore[union-attr]
    if match is None or alternative[match.end() : match.end() + 1] in ("?", "*", "{"):
        raise DataFileError("rules/stages_*.toml", f"{alternative!r} needs a word boundary or plain words at its start")
    listed = match["listed"]
    return "".join(word[0] for word in listed.split("|")) if listed else match["plain"] or match["set"]


def _alternatives(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern at its top level."""
    depth = 0
    in_set = False
    piece = ""
    index = 0
    while index < len(pattern):
        letter = pattern[index]
        if letter == "\\":
            piece += pattern[index : index + 2]
            index += 2
            continue
        if in_set:
            in_set = letter != "]"
        elif letter == "[":
            in_set = True
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "|" and depth == 0:
            yield piece
            piece = ""
            index += 1
            continue
        piece += letter
        index += 1
    yield piece
