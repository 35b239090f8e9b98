"""Which pieces of two sequences are the same: patience first (unique pieces anchor), so panels never run into each other.

Lists repeat `</details>` and blank lines hundreds of times; anchors that occur once on both sides keep the comparison
fast and its hunks inside the panels where the change was made.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

_SMALL = 400_000  # cells that difflib may look at where nothing anchors; more is taken as replaced


class Hunk(NamedTuple):
    """`base[start:end]` became `new`; an insertion has `start == end`."""

    start: int
    end: int
    new: tuple[bytes, ...]


def hunks(base: Sequence[bytes], other: Sequence[bytes]) -> list[Hunk]:
    """What `other` changed, in order; hunks neither overlap nor touch."""
    found: list[Hunk] = []
    at = other_at = 0
    for start, other_start, size in [*_matches(base, other), (len(base), len(other), 0)]:
        if start > at or other_start > other_at:
            found.append(Hunk(at, start, tuple(other[other_at:other_start])))
        at, other_at = start + size, other_start + size
    return found


def _matches(a: Sequence[bytes], b: Sequence[bytes]) -> list[tuple[int, int, int]]:
    """Equal runs `(start in a, start in b, length)`, ascending, joined where they touch."""
    runs: list[tuple[int, int, int]] = []
    stack = [(0, len(a), 0, len(b))]
    while stack:
        a0, a1, b0, b1 = stack.pop()
        head = 0
        while a0 + head < a1 and b0 + head < b1 and a[a0 + head] == b[b0 + head]:
            head += 1
        if head:
            runs.append((a0, b0, head))
        a0, b0 = a0 + head, b0 + head
        tail = 0
        while a1 - tail > a0 and b1 - tail > b0 and a[a1 - tail - 1] == b[b1 - tail - 1]:
            tail += 1
        if tail:
            runs.append((a1 - tail, b1 - tail, tail))
        a1, b1 = a1 - tail, b1 - tail
        if a0 == a1 or b0 == b1:
            continue
        anchors = _anchors(a, b, a0, a1, b0, b1)
        if anchors:
            for x, y in anchors:
                runs.append((x, y, 1))
                stack.append((a0, x, b0, y))
                a0, b0 = x + 1, y + 1
            stack.append((a0, a1, b0, b1))
        elif (a1 - a0) * (b1 - b0) <= _SMALL:
            matcher = difflib.SequenceMatcher(None, a[a0:a1], b[b0:b1], autojunk=False)
            runs += [(a0 + x, b0 + y, size) for x, y, size in matcher.get_matching_blocks() if size]
    return _joined(sorted(runs))


def _joined(runs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    joined: list[tuple[int, int, int]] = []
    for start, other, size in runs:
        if joined and (joined[-1][0] + joined[-1][2], joined[-1][1] + joined[-1][2]) == (start, other):
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + size)
        else:
            joined.append((start, other, size))
    return joined


def _anchors(a: Sequence[bytes], b: Sequence[bytes], a0: int, a1: int, b0: int, b1: int) -> list[tuple[int, int]]:
    """Pieces that stand once on both sides, the longest ascending choice of them."""
    counted_a, counted_b = Counter(a[a0:a1]), Counter(b[b0:b1])
    places = {piece: index for index, piece in enumerate(b[b0:b1], b0) if counted_b[piece] == 1}
    pairs = [
        (index, places[piece]) for index, piece in enumerate(a[a0:a1], a0) if counted_a[piece] == 1 and piece in places
    ]
    tops: list[int] = []  # smallest end of an ascending run of each length
    ends: list[int] = []  # its pair
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(tops, place)
        before.append(ends[length - 1] if length else -1)
        tops[length:] = [place, *tops[length + 1 :]] if length < len(tops) else [place]
        ends[length:] = [number, *ends[length + 1 :]] if length < len(ends) else [number]
    chosen, number = [], ends[-1] if ends else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = before[number]
    return chosen[::-1]
