"""Faster searches: where a pattern may begin is found by its first letters.

The engine skips to a letter that a match can begin with only where the pattern starts with plain letters; behind a word's bound
or a look around it tries everything at every character. `lead_of` finds those first letters and makes a pattern that starts
with them and looks back from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _constants, _parser  # type: ignore[attr-defined]  # nothing public reads a pattern
from typing import Any

_MOST = 20  # letters: with more of them too little is skipped


def lead_of(pattern: str) -> re.Pattern[str] | None:
    """Matches one letter wherever `pattern` (which heeds case) matches from that letter on; None where that would be no
    faster, or where the pattern refers back to a group.
    """
    try:
        tree = _parser.parse(pattern)
        firsts, empty = _firsts(tree)
        if empty or not firsts or len(firsts) > _MOST or _is_led(tree):
            return None
        letters = "".join(re.escape(letter) if len(letter) == 1 else letter for letter in sorted(firsts))
        return re.compile(f"[{letters}](?<=(?={pattern})(?s:.))")
    except (re.error, _UnclearError):
        return None


def led_matches(
    lead: re.Pattern[str] | None, regex: re.Pattern[str], text: str, start: int, end: int
) -> Iterator[re.Match[str]]:
    """What `regex.finditer(text, start, end)` gives; `lead` is `lead_of` its pattern."""
    if lead is None:
        yield from regex.finditer(text, start, end)
        return
    search, match_at = lead.search, regex.match
    place = search(text, start, end)
    while place is not None:
        match = match_at(text, place.start(), end)
        if match is None:
            return  # cannot be: the lead has just looked
        yield match
        place = search(text, match.end(), end)


class _UnclearError(Exception):
    """A match may begin with too many letters to tell."""


def _firsts(tree: Iterable[tuple[Any, Any]]) -> tuple[set[str], bool]:
    """The letters (or classes, as in a set) that a match begins with, and whether it may be empty."""
    found: set[str] = set()
    for operation, value in tree:
        name = str(operation)
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            continue
        if name == "LITERAL":
            return found | {chr(value)}, False
        if name == "IN":
            return found | _of_set(value), False
        if name == "SUBPATTERN":
            _, flags, no_flags, inner = value
            if flags or no_flags:
                raise _UnclearError
            letters, empty = _firsts(inner)
        elif name == "ATOMIC_GROUP":
            letters, empty = _firsts(value)
        elif name == "BRANCH":
            each = [_firsts(branch) for branch in value[1]]
            letters, empty = set().union(*(one for one, _ in each)), any(may for _, may in each)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, _, inner = value
            letters, empty = _firsts(inner)
            empty = empty or not least
        else:
            raise _UnclearError
        found |= letters
        if not empty:
            return found, False
    return found, True


def _of_set(items: Iterable[tuple[Any, Any]]) -> set[str]:
    found: set[str] = set()
    for operation, value in items:
        name = str(operation)
        if name == "LITERAL":
            found.add(chr(value))
        elif name == "RANGE" and value[1] - value[0] < _MOST:
            found.update(map(chr, range(value[0], value[1] + 1)))
        elif name == "CATEGORY" and value is _constants.CATEGORY_DIGIT:
            found.add(r"\d")
        else:
            raise _UnclearError
    return found


def _is_led(tree: Any) -> bool:
    """Whether the engine finds the first letters itself."""
    operation, value = tree[0]
    name = str(operation)
    if name == "SUBPATTERN":
        return _is_led(value[3])
    if name == "BRANCH":
        return all(len(branch) and str(branch[0][0]) == "LITERAL" for branch in value[1])
    return name in ("LITERAL", "IN")
