r"""Word patterns of the stage readers, built to be quick: lower case, one shared word boundary, alternatives by first letter.

A row is `(name, pattern)`, a list of alternatives or one pattern that "|" divides. Those that start with a word boundary go
behind one common `\b`, so that most places of a text fail at once, and there behind each letter that they can start with, so
that few are tried at each word. Groups would cost as much as all the rest: one pattern without any finds the places, and a
small one for the letter there says which row it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from vlmingest.errors import DataFileError

_FOLD = str.maketrans({"İ": "I"})  # the one letter whose lower case is longer: offsets stay


def folded(text: str) -> str:
    """`text` in lower case, offset for offset."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.translate(_FOLD).lower()


class Words:
    """All rows for text in lower case: at each place of a text earlier rows win, those bound to a word's start before others.

    `bound`: every alternative starts at a word boundary, written or not.
    """

    def __init__(self, rows: Iterable[tuple[str, str | list[str]]], *, bound: bool = False) -> None:
        words: list[_Alternative] = []
        others: list[_Alternative] = []
        for name, pattern in rows:
            for piece in pattern if isinstance(pattern, list) else _alternatives(pattern):
                if bound or piece.startswith(r"\b"):
                    whole = piece.removeprefix(r"\b")
                    words.append(_Alternative(name, whole, openings_of(whole)))
                else:
                    others.append(_Alternative(name, piece, frozenset(_first_letters(piece))))
        # each side behind a look at its first letters: without it most time goes to places where no word can start
        pieces = [rf"\b(?=[a-z0-9])(?:{_by_letter(words)})"] if words else []
        if others:
            firsts = "".join(sorted({letter for other in others for letter in other.opens}))
            pieces.append(f"(?=[{re.escape(firsts)}])(?:{'|'.join(other.pattern for other in others)})")
        self._places = re.compile("|".join(pieces))
        self._words, self._others = words, others
        self._rows: dict[str, re.Pattern[str]] = {}

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """(row, start, end) of every match in order; none overlap."""
        for match in self._places.finditer(text):
            start, end = match.span()
            yield self._row(text, start), start, end

    def stand_in(self, text: str) -> bool:
        """Is there any match?"""
        return self._places.search(text) is not None

    def match(self, text: str, start: int = 0) -> tuple[str, int] | None:
        """(row, end) of the match at `start`, if any."""
        match = self._places.match(text, start)
        return None if match is None else (self._row(text, start), match.end())

    def _row(self, text: str, start: int) -> str:
        letter = text[start]
        rows = self._rows.get(letter)
        if rows is None:
            told = _named(self._words, letter, r"\b"), _named(self._others, letter, "")
            rows = self._rows[letter] = re.compile("|".join(filter(None, told)))
        match = rows.match(text, start)
        return (match.lastgroup or "").rstrip("_") if match is not None else ""


class _Alternative(NamedTuple):
    row: str
    pattern: str
    opens: frozenset[str]  # the letters that it can start with


_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_BUNCH = 5


def _by_letter(words: Sequence[_Alternative]) -> str:
    """The alternatives behind each letter that they can start with, in bunches of letters: few are looked at for a word."""
    told = [
        (letter, f"(?={letter})(?:{'|'.join(here)})")
        for letter in _LETTERS
        if (here := [word.pattern for word in words if letter in word.opens])
    ]
    bunches = [told[first : first + _BUNCH] for first in range(0, len(told), _BUNCH)]
    return "|".join(
        f"(?=[{''.join(letter for letter, _ in bunch)}])(?:{'|'.join(piece for _, piece in bunch)})"
        for bunch in bunches
    )


def _named(alternatives: Sequence[_Alternative], letter: str, boundary: str) -> str:
    """One pattern of the alternatives that can start with a letter, a group for each row in order."""
    rows: dict[str, list[str]] = {}
    for one in alternatives:
        if letter in one.opens:
            rows.setdefault(one.row, []).append(one.pattern)
    mark = "" if boundary else "_"
    groups = "|".join(f"(?P<{row}{mark}>{'|'.join(pieces)})" for row, pieces in rows.items())
    return f"{boundary}(?:{groups})" if groups else ""


_ATOM = re.compile(
    r"(?P<look>\(\?<?[!=])|(?P<group>\(\?:)|(?P<other>\()|\[(?P<set>\^?\]?(?:\\.|[^\]\\])*)\]|\\(?P<escape>.)|(?P<letter>.)",
    re.DOTALL,
)
_REPEAT = re.compile(r"(?P<none>[?*]|\{0?,\d*\}|\{0\})|\+|\{[^}]*\}")
_CLASS = {"w": _LETTERS, "d": "0123456789", "s": "", "W": "", "S": _LETTERS, "D": _LETTERS}


def openings_of(pattern: str) -> frozenset[str]:
    """The letters and digits that a match of `pattern` can start with (or more: what is not understood may start with any)."""
    found: set[str] = set()
    for piece in _alternatives(pattern):
        letters, may_be_empty = _openings(piece)
        found.update(_LETTERS if may_be_empty else letters)
    return frozenset(found)


def _openings(piece: str) -> tuple[set[str], bool]:
    """What one alternative can start with, and whether it can match nothing."""
    found: set[str] = set()
    at = 0
    while at < len(piece):
        atom = _ATOM.match(piece, at)
        if atom is None or atom["other"]:
            return set(_LETTERS), True
        at = atom.end()
        letters, may_be_empty = set[str](), False
        if atom["look"] or atom["group"]:
            end = _closing(piece, at)
            inside = piece[at:end]
            at = end + 1
            if atom["look"]:
                continue
            for alternative in _alternatives(inside):
                more, empty = _openings(alternative)
                letters |= more
                may_be_empty |= empty
        elif atom["set"] is not None:
            letters = {letter for letter in _LETTERS if re.match(f"[{atom['set']}]", letter)}
        elif atom["escape"]:
            if atom["escape"] in "bBAZ":
                continue
            letters = set(_CLASS.get(atom["escape"], atom["escape"]))
        elif atom["letter"] in "^$":
            continue
        else:
            letters = set(_LETTERS) if atom["letter"] == "." else {atom["letter"]}
        found |= letters
        repeat = _REPEAT.match(piece, at)
        if repeat is not None:
            at = repeat.end() + (piece[repeat.end() : repeat.end() + 1] in ("?", "+"))
            may_be_empty |= repeat["none"] is not None
        if not may_be_empty:
            return found, False
    return found, True


def _closing(pattern: str, start: int) -> int:
    """Where the group ends whose inside starts at `start`."""
    depth = 1
    at = start
    while depth:
        atom = _ATOM.match(pattern, at)
        if atom is None:
            return len(pattern)
        depth += 1 if atom["look"] or atom["group"] or atom["other"] else -1 if atom["letter"] == ")" else 0
        at = atom.end()
    return at - 1


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
