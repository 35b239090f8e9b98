"""Patterns on the wording of papers that code asks by name, each at its own place: rows of rule files (see `rules`).

Where all rows of a file are asked in turn, their reader goes over them. A pattern that one function needs is a row, too, so that
it has its examples both ways; the module names it once at its top, and it is read and compiled when it is first asked:

    _VAGUE = wording("dataset_names.vague")
    ...
    if _VAGUE.search(name): ...
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Protocol

from vlmingest.errors import DataFileError
from vlmingest.extract.leads import finder_of, lead_of
from vlmingest.extract.rules import Rule, load_rules, lower_case


class Search(Protocol):
    """`search`, `match` or `fullmatch` of a pattern."""

    def __call__(self, text: str, start: int = ..., end: int = ..., /) -> re.Match[str] | None:
        """The match, if there is one."""


class Places(Protocol):
    """`finditer` of a pattern."""

    def __call__(self, text: str, start: int = ..., end: int = ..., /) -> Iterator[re.Match[str]]:
        """The matches in order."""


class Wording:
    """The row `FILE.NAME.v1` of rules/FILE.toml; or all rows `FILE.NAME.*.v1`, of which any may match.

    The methods of its pattern are kept with it: an attribute that is there already costs hardly more than a global name.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rows; DataFileError where there are none, or where case matters to some of them only."""
        file = self.name.partition(".")[0]
        found = load_rules(file).of(f"{self.name}.")
        if len({rule.case for rule in found}) != 1:
            raise DataFileError(f"rules/{file}.toml", f"{self.name}: no rows, or only some of them heed case")
        return found

    @cached_property
    def pattern(self) -> str:
        """The pattern of the row, or one that matches what any of the rows does."""
        return "|".join(rule.pattern for rule in self.rules)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.pattern, 0 if self.rules[0].case else re.IGNORECASE)

    @cached_property
    def search(self) -> Search:
        """`re.Pattern.search`."""
        return self.regex.search

    @cached_property
    def match(self) -> Search:
        """`re.Pattern.match`."""
        return self.regex.match

    @cached_property
    def fullmatch(self) -> Search:
        """`re.Pattern.fullmatch`."""
        return self.regex.fullmatch

    @cached_property
    def finditer(self) -> Places:
        """`re.Pattern.finditer`."""
        return self.regex.finditer

    @cached_property
    def split(self) -> Callable[[str], list[str]]:
        """`re.Pattern.split`, for a pattern whose groups, if any, always match."""
        return self.regex.split

    @cached_property
    def sub(self) -> Callable[[str | Callable[[re.Match[str]], str], str], str]:
        """`re.Pattern.sub`."""
        return self.regex.sub

    @cached_property
    def lead(self) -> re.Pattern[str] | None:
        """For `leads.led_matches` over text that needs no folding: finds where the pattern matches, faster, or None."""
        return lead_of(self.pattern)

    @cached_property
    def stands_in(self) -> Search:
        """For who asks only whether it stands in a text, in lower case unless case matters: the fastest that tells."""
        if self.rules[0].case:
            return finder_of(self.pattern).search
        low = lower_case(self.pattern)
        return self.search if low is None else finder_of(low.pattern).search


def wording(name: str) -> Wording:
    """The wording of this name, for a module to keep."""
    return Wording(name)
