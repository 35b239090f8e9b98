"""Faster searches: where a pattern may begin is found by its first two letters.

The engine skips to a letter that a match can begin with only where the pattern starts with plain letters; behind a word's bound
or a look around it tries everything at every character. `lead_of` finds those first letters and makes a pattern that starts
with them and looks back from there.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

try:  # nothing public reads a pattern; where Python no longer has these, searches are only slower
    from re import _constants, _parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover
    _constants = _parser = None

_MOST = 26  # first letters: with more of them too little is skipped
_DIGIT = r"\d"


def lead_of(pattern: str) -> re.Pattern[str] | None:
    """Matches a letter or two wherever `pattern` (which heeds case) matches from there on; None where that would be no faster,
    or where the pattern refers back to a group.
    """
    if _parser is None:  # pragma: no cover
        return None
    try:
        tree = _parser.parse(pattern)
        if _is_led(tree):
            return None
        seconds = _letters(_starts(tree))
        if not seconds or len(seconds) > _MOST:
            return None
        if _DIGIT in seconds:  # one set: the engine skips by it
            return re.compile(f"[{_escaped(seconds)}](?<=(?={pattern})(?s:.))")
        if None not in seconds.values():
            pairs = "|".join(f"{re.escape(one)}[{_escaped(after or ())}]" for one, after in sorted(seconds.items()))
            return re.compile(f"(?:{pairs})(?<=(?={pattern})(?s:..))")
        pairs = "|".join(
            re.escape(one) if after is None else f"{re.escape(one)}(?=[{_escaped(after)}])"
            for one, after in sorted(seconds.items(), key=lambda item: item[0])
        )
        return re.compile(f"(?:{pairs})(?<=(?={pattern})(?s:.))")
    except (re.error, _UnclearError):
        return None


def finder_of(pattern: str) -> re.Pattern[str]:
    """For who asks only whether `pattern` (which heeds case) stands in a text: the fastest that tells."""
    return lead_of(pattern) or re.compile(pattern)


def led_matches(
    lead: re.Pattern[str] | None,
    regex: re.Pattern[str],
    text: str,
    start: int,
    end: int,
    first: re.Match[str] | None = None,
) -> Iterator[re.Match[str]]:
    """What `regex.finditer(text, start, end)` gives; `lead` is `lead_of` its pattern, `first` its first place if that is known."""
    if lead is None:
        yield from regex.finditer(text, start, end)
        return
    search, match_at = lead.search, regex.match
    place = first if first is not None else search(text, start, end)
    while place is not None:
        match = match_at(text, place.start(), end)
        if match is None:
            return  # cannot be: the lead has just looked
        yield match
        place = search(text, match.end(), end)


def has_any(text: str, words: Iterable[str]) -> bool:
    """Does one of the words stand in a text? (`any` with a generator takes twice as long.)"""
    for word in words:  # noqa: SIM110
        if word in text:
            return True
    return False


class _UnclearError(Exception):
    """A match may begin with anything."""


class _Starts(NamedTuple):
    """What matches begin with, as tuples of at most two letters (or more, where asked for): those that are `told` (two letters, or
    less and then anything), and those of matches that are at their `end` by then.
    """

    told: set[tuple[str, ...]]
    end: set[tuple[str, ...]]


_EMPTY: tuple[str, ...] = ()


def _letters(starts: _Starts) -> dict[str, set[str] | None]:
    """First letter -> the second ones; None where it may be any, or none."""
    found: dict[str, set[str] | None] = defaultdict(set)
    for start in starts.told | starts.end:
        if not start:
            raise _UnclearError
        seconds = found[start[0]]
        if len(start) == 1:
            found[start[0]] = None
        elif seconds is not None:
            seconds.add(start[1])
    return dict(found)


def starts_of(pattern: str, most: int) -> frozenset[str]:
    """What matches of a pattern begin with, in at most `most` letters; "" among them: with anything, as far as is understood."""
    if _parser is None:  # pragma: no cover
        return frozenset({""})
    starts = _starts(_parser.parse(pattern), most)
    return frozenset("".join(itertools.takewhile(_DIGIT.__ne__, start)) for start in starts.told | starts.end)


def _starts(tree: Iterable[tuple[Any, Any]], most: int = 2) -> _Starts:
    told: set[tuple[str, ...]] = set()
    ends = {_EMPTY}
    for operation, value in tree:
        item = _starts_of(str(operation), value, most)
        if item is None:
            continue
        going: set[tuple[str, ...]] = set()
        for end in ends:
            told.update((*end, *start)[:most] for start in item.told)
            for start in item.end:
                whole = (*end, *start)
                (told if len(whole) >= most else going).add(whole[:most])
        ends = going
        if not ends:
            break
    return _Starts(told, ends)


def _starts_of(name: str, value: Any, most: int) -> _Starts | None:
    """What one piece of a pattern begins with; None for what has no width."""
    match name:
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return None
        case "LITERAL":
            return _Starts(set(), {(chr(value),)})
        case "IN":
            letters = _of_set(value)
            return _Starts({_EMPTY}, set()) if letters is None else _Starts(set(), {(letter,) for letter in letters})
        case "SUBPATTERN" if not value[1] and not value[2]:
            return _starts(value[3], most)
        case "ATOMIC_GROUP":
            return _starts(value, most)
        case "BRANCH":
            each = [_starts(branch, most) for branch in value[1]]
            return _Starts(set().union(*(one.told for one in each)), set().union(*(one.end for one in each)))
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, times, inner = value
            told, end = _starts(inner, most)
            if times > 1:  # what follows may be the same once more
                told, end = told | end, set()
            return _Starts(told, end | ({_EMPTY} if not least else set()))
    return _Starts({_EMPTY}, set())  # anything


def _of_set(items: Iterable[tuple[Any, Any]]) -> set[str] | None:
    """The letters of a set; None for a large one."""
    found: set[str] = set()
    for operation, value in items:
        name = str(operation)
        if name == "LITERAL":
            found.add(chr(value))
        elif name == "RANGE" and value[1] - value[0] < _MOST:
            found.update(map(chr, range(value[0], value[1] + 1)))
        elif name == "CATEGORY" and value is _constants.CATEGORY_DIGIT:
            found.add(_DIGIT)
        else:
            return None
    return found


def _escaped(letters: Iterable[str]) -> str:
    return "".join(letter if letter == _DIGIT else re.escape(letter) for letter in sorted(letters))


def _is_led(tree: Any) -> bool:
    """Whether the engine finds the first letters itself."""
    operation, value = tree[0]
    name = str(operation)
    if name == "SUBPATTERN":
        return _is_led(value[3])
    if name == "BRANCH":
        return all(len(branch) and str(branch[0][0]) == "LITERAL" for branch in value[1])
    return name in ("LITERAL", "IN")
