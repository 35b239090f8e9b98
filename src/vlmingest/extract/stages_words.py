r"""Word patterns of the stage readers, built to be quick: lower case, one shared word boundary, alternatives by first letter.

A row is `(name, pattern)`, a list of alternatives or one pattern that "|" divides. One small pattern finds the places whose
first letters some alternative can start with (at a word's start, for those bound to one); there a pattern of only those
alternatives that can start with these letters says which row it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from vlmingest.extract.leads import starts_of

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
        self._words: list[_Alternative] = []
        self._others: list[_Alternative] = []
        for name, pattern in rows:
            for piece in pattern if isinstance(pattern, list) else _alternatives(pattern):
                if bound or piece.startswith(r"\b"):
                    whole = piece.removeprefix(r"\b")
                    starts = frozenset(start for start in starts_of(whole, _LETTERS) if start[:1] in _FIRST_OF_WORD)
                    self._words.append(_Alternative(name, whole, starts))
                else:
                    self._others.append(_Alternative(name, piece, starts_of(piece, _LETTERS)))
        pieces = [rf"\b(?=[a-z0-9])(?:{_leads(self._words)})"] if self._words else []
        pieces += [_leads(self._others)] if self._others else []
        self._places = re.compile("|".join(pieces))
        self._by_start: dict[str, re.Pattern[str] | None] = {}
        self._compiled: dict[tuple[tuple[int, ...], tuple[int, ...]], re.Pattern[str]] = {}

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """(row, start, end) of every match in order; none overlap."""
        end = 0
        for place in self._places.finditer(text):
            start = place.start()
            if start >= end and (match := self.match(text, start)) is not None:
                row, end = match
                yield row, start, end

    def stand_in(self, text: str) -> bool:
        """Is there any match?"""
        return next(self.find(text), None) is not None

    def match(self, text: str, start: int = 0) -> tuple[str, int] | None:
        """(row, end) of the match at `start`, if any."""
        letters = text[start : start + _LETTERS]
        try:
            rows = self._by_start[letters]
        except KeyError:
            rows = self._by_start[letters] = self._starting_with(letters)
        match = rows.match(text, start) if rows is not None else None
        return None if match is None else ((match.lastgroup or "").rstrip("_"), match.end())

    def _starting_with(self, letters: str) -> re.Pattern[str] | None:
        """One pattern of the alternatives that can start with some letters; None where there are none."""
        words = _that_start(self._words, letters) if letters[:1] in _FIRST_OF_WORD else ()
        others = _that_start(self._others, letters)
        if not words and not others:
            return None
        found = self._compiled.get((words, others))
        if found is None:
            told = _named(self._words, words, r"\b"), _named(self._others, others, "")
            found = self._compiled[words, others] = re.compile("|".join(filter(None, told)))
        return found


class _Alternative(NamedTuple):
    row: str
    pattern: str
    starts: frozenset[str]  # the first letters of what it matches, `_LETTERS` or less; "" for any


_LETTERS = 4  # by which alternatives are told apart: with more of them there are more patterns and hardly less places
_FIRST_OF_WORD = frozenset(["", *"abcdefghijklmnopqrstuvwxyz0123456789"])


def _leads(alternatives: Sequence[_Alternative]) -> str:
    """A pattern for the first letter wherever an alternative can start, and no letters behind it."""
    starts = {start for one in alternatives for start in one.starts if start}
    by_letter: dict[str, set[str]] = {}
    for start in starts:
        by_letter.setdefault(start[0], set()).add(start[1:])
    letters_of: dict[str, str] = {}
    for letter, rests in sorted(by_letter.items()):
        rest = _tree(rests)
        letters_of[rest] = letters_of.get(rest, "") + re.escape(letter)
    told = [f"[{letters}](?={rest})" if rest else f"[{letters}]" for rest, letters in letters_of.items()]
    told += [f"(?={one.pattern})" for one in alternatives if "" in one.starts]
    return "|".join(told)


def _tree(starts: Iterable[str]) -> str:
    """A pattern for any of some starts, each letter looked at once."""
    by_letter: dict[str, set[str]] = {}
    for start in starts:
        if not start:
            return ""  # anything goes
        by_letter.setdefault(start[0], set()).add(start[1:])
    letters_of: dict[str, str] = {}
    for letter, rests in sorted(by_letter.items()):
        rest = _tree(rests)
        letters_of[rest] = letters_of.get(rest, "") + re.escape(letter)
    return "(?:" + "|".join(f"[{letters}]{rest}" for rest, letters in letters_of.items()) + ")"


def _that_start(alternatives: Sequence[_Alternative], letters: str) -> tuple[int, ...]:
    """Which of the alternatives can start with some letters."""
    starts = [letters[:length] for length in range(len(letters) + 1)]
    return tuple(index for index, one in enumerate(alternatives) if not one.starts.isdisjoint(starts))


def _named(alternatives: Sequence[_Alternative], chosen: Iterable[int], boundary: str) -> str:
    """One pattern of some alternatives, a group for each row in order."""
    rows: dict[str, list[str]] = {}
    for index in chosen:
        rows.setdefault(alternatives[index].row, []).append(alternatives[index].pattern)
    mark = "" if boundary else "_"
    groups = "|".join(f"(?P<{row}{mark}>{'|'.join(pieces)})" for row, pieces in rows.items())
    return f"{boundary}(?:{groups})" if groups else ""


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
