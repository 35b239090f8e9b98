"""What every match of a pattern holds: pieces that are looked for in less time than the pattern.

A row's cues say which sentences are worth its pattern; most of those still hold no match, since what else the pattern needs is not
there. `needs_of` reads those other pieces from the pattern itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from ahocorasick_rs import AhoCorasick, Implementation

try:  # nothing public reads a pattern; where Python no longer has this, searches are only slower
    from re import _parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover
    _parser = None

_MOST = 24  # spellings of a stretch of a pattern that are joined with what follows it
_MOST_PIECES = 80
_SHORTEST = 4  # letters of a piece that is rare enough to tell
_MOST_SETS = 2
_LETTERS = 3  # letters of a set that is spelled out

Pieces = frozenset[str]
Needs = tuple[tuple[str, ...], ...]


def needs_of(pattern: str, cues: Iterable[str] = (), most: int = _MOST_PIECES) -> Needs:
    """Sets of pieces in lower case: every match of `pattern` holds one piece of each set, however it is written.

    Sets of which each of the `cues` holds a piece are left out: who asks has looked for those.
    """
    if _parser is None:  # pragma: no cover
        return ()
    known = tuple(cues)
    found = {
        _shortest(pieces)
        for pieces in _needed(_parser.parse(pattern))
        if min(map(len, pieces)) >= _SHORTEST and len(pieces) <= most
    }
    telling = [
        pieces for pieces in found if not (known and all(any(piece in cue for piece in pieces) for cue in known))
    ]
    # The fewest and the longest first: they are looked for in the least time, and stand in the fewest sentences.
    telling.sort(key=lambda pieces: (len(pieces), -min(map(len, pieces)), sorted(pieces)))
    return tuple(tuple(sorted({piece.lower() for piece in pieces})) for pieces in telling[:_MOST_SETS])


def holds_needs(text: str, needs: Needs) -> bool:
    """Does a text in lower case hold a piece of every set? For few pieces; a `Sieve` looks for many at once."""
    for pieces in needs:
        for piece in pieces:
            if piece in text:
                break
        else:
            return False
    return True


def _shortest(pieces: Pieces) -> Pieces:
    """The pieces without those that hold another of them."""
    return frozenset(one for one in pieces if not any(other != one and other in one for other in pieces))


def _needed(tree: Iterable[tuple[Any, Any]]) -> list[Pieces]:
    """All sets of pieces of which every match holds one; pieces that stand side by side are joined."""
    found: list[Pieces] = []
    run: Pieces = frozenset({""})
    for name, value, spelled in _pieces_of(tree):
        if spelled is not None and len(spelled) * len(run) <= _MOST:
            run = frozenset(map("".join, product(run, spelled)))
            continue
        found.append(run)
        run = spelled if spelled is not None else frozenset({""})
        if spelled is None:
            found += _within(name, value)
    return [pieces for pieces in (*found, run) if "" not in pieces]


def _pieces_of(tree: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, Any, Pieces | None]]:
    """The pieces of a pattern that match letters, each with all that it may match, where that is little."""
    for operation, value in tree:
        name = str(operation)
        if name not in ("AT", "ASSERT", "ASSERT_NOT"):
            yield name, value, _spelled(name, value)


def _within(name: str, value: Any) -> list[Pieces]:
    """The sets of a piece of a pattern that has too many spellings, or endless ones."""
    match name:
        case "SUBPATTERN" if not value[1] and not value[2]:
            return _needed(value[3])
        case "ATOMIC_GROUP":
            return _needed(value)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT" if value[0]:
            return _needed(value[2])
        case "BRANCH":
            # Of each branch its best set: a match holds a piece of one of them.
            each = [max(_needed(branch), key=_worth, default=frozenset({""})) for branch in value[1]]
            return [frozenset().union(*each)]
    return []


def _worth(pieces: Pieces) -> tuple[int, int]:
    return min(*map(len, pieces), 2 * _SHORTEST), -len(pieces)


def _spelled(name: str, value: Any) -> Pieces | None:
    """Everything that a piece of a pattern may match, where that is little."""
    match name:
        case "LITERAL":
            return frozenset({chr(value)})
        case "IN":
            if len(value) <= _LETTERS and all(str(operation) == "LITERAL" for operation, _ in value):
                return frozenset(chr(letter) for _, letter in value)
        case "SUBPATTERN" if not value[1] and not value[2]:
            return _all_spelled(value[3])
        case "BRANCH":
            each = [_all_spelled(branch) for branch in value[1]]
            whole = [one for one in each if one is not None]
            joined = frozenset().union(*whole)
            return joined if len(whole) == len(each) and len(joined) <= _MOST else None
        case "MAX_REPEAT" | "MIN_REPEAT" if value[0] == 0 and value[1] == 1:
            inner = _all_spelled(value[2])
            return None if inner is None else inner | {""}
    return None


def _all_spelled(tree: Iterable[tuple[Any, Any]]) -> Pieces | None:
    run: Pieces = frozenset({""})
    for _, _, spelled in _pieces_of(tree):
        if spelled is None or len(spelled) * len(run) > _MOST:
            return None
        run = frozenset(map("".join, product(run, spelled)))
    return run


class Sieve:
    """Rows by what their matches hold: one pass over a text tells which of them are worth their pattern there."""

    def __init__(self, rows: Sequence[Sequence[Iterable[str]]]) -> None:
        """`rows`: of each row the sets of pieces of which a text must hold one each; an empty set asks for nothing."""
        self._count = len(rows)
        self._all = (1 << self._count) - 1
        self._levels = max(map(len, rows), default=0)
        marks: dict[str, int] = defaultdict(int)  # piece -> the sets that it fulfils: for each row a bit on each level
        self._free = 0
        for index, sets in enumerate(rows):
            for level in range(self._levels):
                pieces = tuple(sets[level]) if level < len(sets) else ()
                bit = 1 << (level * self._count + index)
                self._free |= 0 if pieces else bit
                for piece in pieces:
                    marks[piece] |= bit
        known = sorted(marks)
        self._marks = [marks[piece] for piece in known]
        self._automaton = AhoCorasick(known, implementation=Implementation.DFA)

    def of(self, text: str) -> int:
        """The rows of which a text in lower case holds all that they need, as bits."""
        held, marks = self._free, self._marks
        for index in {found[0] for found in self._automaton.find_matches_as_indexes(text, overlapping=True)}:
            held |= marks[index]
        rows, count = self._all, self._count
        for _ in range(self._levels):
            rows &= held
            held >>= count
        return rows
