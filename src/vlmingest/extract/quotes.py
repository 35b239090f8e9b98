"""How much of a text a quote shows."""

from __future__ import annotations

import re

MAX_QUOTE_WORDS = 60
_CLAUSE = re.compile(r"[,;:)\]—–](?=\s)|\s(?=[(\[])")
_WORD = re.compile(r"\S+")


def fitted(text: str, low: int, high: int, start: int, end: int) -> tuple[int, int]:
    """Cut `[low, high)` to at most MAX_QUOTE_WORDS around `[start, end)`, at clause bounds where there are any."""
    if high - low < 2 * MAX_QUOTE_WORDS or len(text[low:high].split()) <= MAX_QUOTE_WORDS:
        return low, high
    words = [match.span() for match in _WORD.finditer(text, low, high)]
    first = next(index for index, (_, stop) in enumerate(words) if stop > start)
    last = next((index for index in range(len(words) - 1, -1, -1) if words[index][0] < end), first)
    last = min(max(last, first), first + MAX_QUOTE_WORDS - 1)
    spare = MAX_QUOTE_WORDS - (last - first + 1)
    left = max(first - spare // 2, 0)
    right = min(left + MAX_QUOTE_WORDS - 1, len(words) - 1)
    left = max(right - MAX_QUOTE_WORDS + 1, 0)
    new_low, new_high = words[left][0], words[right][1]
    if left > 0:
        clause = next((m.end() for m in _CLAUSE.finditer(text, new_low, words[first][0])), None)
        if clause is not None:
            new_low = clause
    if right < len(words) - 1:
        clause = None
        for match in _CLAUSE.finditer(text, words[last][1], new_high):
            clause = match.start() + (1 if match.group() in ")]" else 0)
        if clause is not None:
            new_high = clause
    return stripped(text, new_low, new_high)


def stripped(text: str, low: int, high: int) -> tuple[int, int]:
    """`[low, high)` without the blanks at either end."""
    while low < high and text[low].isspace():
        low += 1
    while high > low and text[high - 1].isspace():
        high -= 1
    return low, high
