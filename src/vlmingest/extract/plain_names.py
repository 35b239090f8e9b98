"""A paper's own names in a text, without patterns: one compiled for each paper costs more than all its searches."""

from __future__ import annotations

import re


def ends_word(text: str, stop: int, end: int) -> bool:
    """Does a name that stops at `stop` of `text[:end]` end a word there?"""
    return stop >= end or not (text[stop].isalnum() or text[stop] == "_")


def find_name(text: str, name: str, start: int = 0) -> int:
    """The first place from `start` on where a name stands as words of its own, no part behind a hyphen; -1 for none."""
    at = text.find(name, start)
    while at >= 0:
        if not (at and (text[at - 1].isalnum() or text[at - 1] in "_-")) and ends_word(text, at + len(name), len(text)):
            return at
        at = text.find(name, at + 1)
    return -1


def with_name_as(text: str, name: str, word: str, unless: re.Pattern[str] | None = None) -> str:
    """The text with `word` wherever the name stands, but not where `unless` follows."""
    pieces = []
    done = 0
    at = find_name(text, name)
    while at >= 0:
        end = at + len(name)
        pieces += [text[done:at], text[at:end] if unless is not None and unless.match(text, end) else word]
        done = end
        at = find_name(text, name, done)
    return "".join([*pieces, text[done:]])
