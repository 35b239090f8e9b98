"""Chunks of a row against a table's columns: aligned in one, centred over several, labels that part all columns."""

from __future__ import annotations

import pytest

from vlmingest.read.columns import Chunk, Column, centred_over, columns_of, is_aligned, tiled

COLUMNS: list[Column] = [(0, 60), (80, 120), (140, 180), (200, 240)]


def chunk(x0: float, x1: float) -> Chunk:
    """A chunk of one word, 8 points high."""
    return Chunk(x0, x1, 100, 8, [(x0, x1, "x")])


@pytest.mark.parametrize(
    ("x0", "x1", "hit"),
    [(80, 100, [1]), (110, 150, [1, 2]), (122, 138, []), (0, 240, [0, 1, 2, 3])],
    ids=["inside", "two", "gap", "all"],
)
def test_the_columns_that_a_chunk_stands_in(x0: float, x1: float, hit: list[int]):
    assert columns_of(chunk(x0, x1), COLUMNS) == hit


def test_aligned_is_left_right_or_centred():
    assert is_aligned(chunk(80, 90), (80, 120))
    assert is_aligned(chunk(110, 120), (80, 120))
    assert is_aligned(chunk(95, 105), (80, 120))
    assert not is_aligned(chunk(84, 90), (80, 120))


def test_a_value_between_two_columns_holds_for_both():
    label, value = chunk(0, 30), chunk(125, 135)  # the middle of the columns from 80 to 180
    row = [label, value]
    assert centred_over(value, row, COLUMNS, columns_of(value, COLUMNS)) == [1, 2]


def test_a_value_that_touches_a_column_but_is_centred_over_three():
    label, value = chunk(0, 30), chunk(152, 168)  # the middle of 80 to 240; aligned with the third column, too
    assert centred_over(value, [label, value], COLUMNS, columns_of(value, COLUMNS)) == []
    wide = chunk(136, 184)
    assert centred_over(wide, [label, wide], COLUMNS, columns_of(wide, COLUMNS)) == []  # its own column's middle
    aside = chunk(145, 175)
    three: list[Column] = [(0, 60), (80, 120), (136, 170), (200, 240)]
    assert centred_over(aside, [label, aside], three, columns_of(aside, three)) == [1, 2, 3]


def test_what_stands_beside_it_bounds_the_columns():
    value, other = chunk(125, 135), chunk(150, 170)
    assert centred_over(value, [value, other], COLUMNS, columns_of(value, COLUMNS)) == []


def test_two_columns_have_nothing_to_be_centred_over():
    value = chunk(65, 75)
    assert centred_over(value, [value], COLUMNS[:2], columns_of(value, COLUMNS[:2])) == []


def test_labels_of_a_header_part_the_columns_between_them():
    wide = [*COLUMNS, (260, 300)]
    labels = [chunk(120, 140), chunk(240, 260)]  # the middles of 80 to 180 and of 200 to 300
    assert tiled(labels, wide) == [[1, 2], [3, 4]]
    assert tiled([chunk(0, 30), *labels], wide) == [[0], [1, 2], [3, 4]]


def test_labels_over_one_column_each_or_beside_the_middle_tell_nothing():
    assert tiled([chunk(95, 105), chunk(155, 165), chunk(215, 225)], COLUMNS) == []
    assert tiled([chunk(122, 128)], COLUMNS) == []
