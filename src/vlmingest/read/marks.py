"""Raised marks at the end of a word: `InternViT-300M` with the mark of footnote 1 is no `InternViT-300M1`.

Which words end in smaller letters is known from the boxes of their first and last character; only those are looked at
letter by letter. An exponent stays with its base (`10` and `-4`, `m` and `2`), a lowered index with its word.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from vlmingest.document import Box
from vlmingest.read.arrays import Floats, Ints

_SMALLER = 0.85  # of the first letter's height
_RAISED = 0.08  # heights of the first letter that the middle of a mark is above its middle
_MARK = re.compile(r"\d{1,3}(?:[,–-]\d{1,3}){0,8}$")
# what takes an exponent: numbers, single letters, signs and units
_BASE = re.compile(r"(?:.*[\d)\]}|²³×·/=<>≤≥∼~±^∗*−–-])?(?:[^\W\d_]|[ckmnµ]m|km|sec|px|\d[\d.,]*)?")

# `BLIP-3`, `Foo-X7B`, `300M`: a number that ends a name takes no exponent, nor does an amount
_NAME = re.compile(r"[A-Za-z]{2,}[\w.]*[-–]?\d|(?:[A-Za-z]{2,}[\w.–-]*)?\d[\d.]*[KMBT]$")


def marked_words(text: str, starts: Ints, ends: Ints, heights: Floats, last_heights: Floats) -> list[tuple[int, int]]:
    """(index of the word, length of its mark as written) of the words that may end in a raised mark."""
    found: list[tuple[int, int]] = []
    for index in np.flatnonzero(last_heights < _SMALLER * heights).tolist():
        word = text[starts[index] : ends[index]]
        match = _MARK.search(word)
        if match is not None and match.start() > 1:
            found.append((index, match.end() - match.start()))
    return found


def raised(word: str, length: int, boxes: Callable[[int], Box]) -> int:
    """How many of the last `length` characters of `word` are a raised mark; 0 where they are an exponent or no mark.

    `boxes(i)`: the box (x0, y0, x1, y1; origin at the top) of the character `i` from the end, 0 for the last.
    """
    first = boxes(len(word) - 1)
    count = 0
    while count < min(length + 1, len(word) - 1) and stands_raised(boxes(count), first):
        count += 1
    return count if 0 < count <= length and is_mark(word[: len(word) - count], word[len(word) - count :]) else 0


def is_mark(base: str, small: str) -> bool:
    """Whether smaller letters behind a word point to a note or to references, and are not its exponent."""
    return _MARK.fullmatch(small) is not None and (not _BASE.fullmatch(base) or _NAME.match(base) is not None)


def stands_raised(box: Box, before: Box) -> bool:
    """Whether a word is smaller than the word before it, and stands higher."""
    height = before[3] - before[1]
    smaller = box[3] - box[1] < _SMALLER * height
    return smaller and (box[1] + box[3]) / 2 < (before[1] + before[3]) / 2 - _RAISED * height
