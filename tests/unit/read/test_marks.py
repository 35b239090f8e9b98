"""Raised marks behind words: what is a mark, what an exponent, what a lowered index."""

from __future__ import annotations

import numpy as np
import pytest

from vlmingest.document import Box
from vlmingest.read.marks import is_mark, marked_words, raised, stands_raised


@pytest.mark.parametrize(
    ("base", "small"),
    [("encoder", "1"), ("Lantern-3", "2"), ("Foo-300M", "1"), ("layers.", "12"), ("work", "3,4"), ("works", "3–7")],
)
def test_marks(base: str, small: str):
    assert is_mark(base, small)


@pytest.mark.parametrize(
    ("base", "small"),
    [("10", "4"), ("2.5×10", "4"), ("R", "2"), ("km", "2"), ("10−", "4"), ("(a+b)", "2"), ("encoder", "th")],
)
def test_exponents_and_letters_are_none(base: str, small: str):
    assert not is_mark(base, small)


def boxes_of(word: str, small: int, shift: float) -> list[Box]:
    """A box per character: the last `small` are 6 points high instead of 10, their middle `shift` points higher."""
    made: list[Box] = []
    for index in range(len(word)):
        height = 6.0 if index >= len(word) - small else 10.0
        middle = 100 - (shift if index >= len(word) - small else 0)
        made.append((5.0 * index, middle - height / 2, 5.0 * index + 5, middle + height / 2))
    return made


@pytest.mark.parametrize(
    ("word", "length", "small", "shift", "count"),
    [
        ("encoder12", 2, 2, 3, 2),
        ("Lantern-31", 2, 1, 3, 1),  # of `31` only the 1 is raised
        ("encoder1", 1, 1, -3, 0),  # an index, lowered
        ("encoder1", 1, 0, 0, 0),
        ("VQAv2", 1, 2, 3, 0),  # the letter before it is raised, too
        ("104", 1, 1, 3, 0),
    ],
)
def test_how_much_of_a_word_is_raised(word: str, length: int, small: int, shift: float, count: int):
    made = boxes_of(word, small, shift)
    assert raised(word, length, lambda back: made[len(word) - 1 - back]) == count


def test_only_words_that_end_in_small_digits_are_looked_at():
    text = "encoder1 decoder 104 it2 a1"
    starts = np.array([0, 9, 17, 21, 25])
    ends = np.array([8, 16, 20, 24, 27])
    heights = np.full(5, 10.0)
    last = np.array([6.0, 10.0, 6.0, 6.0, 6.0])
    assert marked_words(text, starts, ends, heights, last) == [(0, 1), (3, 1)]


def test_raised_is_smaller_and_higher():
    assert stands_raised((0, 90, 3, 96), (0, 90, 20, 100))
    assert not stands_raised((0, 94, 3, 100), (0, 90, 20, 100))
    assert not stands_raised((0, 88, 3, 98), (0, 90, 20, 100))
