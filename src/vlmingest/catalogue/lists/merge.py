"""People edit the published list: their version, ours and what both began from become one file again.

The rule: nothing that a person wrote is ever lost. What only one side changed is taken; where both changed the same
lines, the person's words stay and what the machine wanted is handed back as a `Conflict`, a question for review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vlmingest.catalogue.lists.diff import Hunk, hunks

# Words stay whole: a count within a person's word ("x3") is not the count of the line.
_TOKEN = re.compile(rb"\[[^\[\]]*\]\([^()]*\)|\w+|\s+|.", re.DOTALL)
_STRUCTURED = re.compile(rb"\]\(#|\A\s*\||<summary\b|\A[^\n]*\b\d+\+? ", re.IGNORECASE)


class Conflict(NamedTuple):
    """Both sides changed `base` (line numbers of the base, from 1); `theirs` stays in the file."""

    line: int
    base: bytes
    theirs: bytes
    ours: bytes


class Merged(NamedTuple):
    """The merged file, and what could not be merged."""

    data: bytes
    conflicts: tuple[Conflict, ...] = ()


def merge(base: bytes, theirs: bytes, ours: bytes) -> Merged:
    """`theirs` holds the edits of people, `ours` those of the machine. `merge(b, t, b) == t`, `merge(b, b, o) == o`."""
    if theirs in (base, ours):
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    lines = base.splitlines(keepends=True)
    parts: list[bytes] = []
    conflicts: list[Conflict] = []
    at = 0
    for start, end, left, right in _regions(
        hunks(lines, theirs.splitlines(keepends=True)), hunks(lines, ours.splitlines(keepends=True))
    ):
        parts += lines[at:start]
        was = b"".join(lines[start:end])
        mine, other = _side(lines, start, end, left), _side(lines, start, end, right)
        if not right or mine == other:
            parts.append(mine)
        elif not left:
            parts.append(other)
        elif (insertions := _both_insert(start, end, left, right)) is not None:
            parts.append(insertions)
        elif (fine := _by_tokens(was, mine, other)) is not None:
            parts.append(fine)
        else:
            parts.append(mine)
            conflicts.append(Conflict(start + 1, was, mine, other))
        at = end
    return Merged(_lines_joined([*parts, *lines[at:]]), tuple(conflicts))


def _lines_joined(parts: Sequence[bytes]) -> bytes:
    """The parts, with a line end where a last line without one would run into the next part."""
    joined: list[bytes] = []
    for part in parts:
        if part:
            if joined and not joined[-1].endswith((b"\n", b"\r")):
                joined.append(b"\n")
            joined.append(part)
    return b"".join(joined)


def _regions(left: Sequence[Hunk], right: Sequence[Hunk]) -> Iterator[tuple[int, int, list[Hunk], list[Hunk]]]:
    """Stretches of the base that one or both sides changed; hunks that overlap share a stretch, touching ones do not."""
    waiting = sorted(
        [(hunk, 0) for hunk in left] + [(hunk, 1) for hunk in right],
        key=lambda pair: (pair[0].start, pair[0].end, pair[1]),
    )
    index = 0
    while index < len(waiting):
        start, end = waiting[index][0].start, waiting[index][0].end
        sides: tuple[list[Hunk], list[Hunk]] = ([], [])
        while index < len(waiting) and ((not sides[0] and not sides[1]) or _meets(waiting[index][0], start, end)):
            hunk, side = waiting[index]
            sides[side].append(hunk)
            end = max(end, hunk.end)
            index += 1
        yield start, end, *sides


def _meets(hunk: Hunk, start: int, end: int) -> bool:
    """Does the hunk change something inside the stretch? At its very end it stands alone."""
    return hunk.start < end or (hunk.start == end == start and hunk.end == hunk.start)


def _side(lines: Sequence[bytes], start: int, end: int, changes: Sequence[Hunk]) -> bytes:
    """One side's version of a stretch of the base."""
    parts: list[bytes] = []
    at = start
    for hunk in changes:
        parts += [*lines[at : hunk.start], *hunk.new]
        at = hunk.end
    return b"".join([*parts, *lines[at:end]])


def _both_insert(start: int, end: int, left: Sequence[Hunk], right: Sequence[Hunk]) -> bytes | None:
    """Two insertions at one place: both stay, the person's first."""
    if start != end:
        return None
    mine, other = (b"".join(line for hunk in side for line in hunk.new) for side in (left, right))
    gap = b"" if not mine or mine.endswith(b"\n") else b"\n"
    return mine + gap + other


def _by_tokens(base: bytes, mine: bytes, other: bytes) -> bytes | None:
    """Index rows, table rows and lines with counts merge word by word; sentences never do. None where words collide."""
    if not all(_STRUCTURED.search(side) and side.count(b"\n") <= 1 for side in (base, mine, other)):
        return None
    tokens = _TOKEN.findall(base)
    parts: list[bytes] = []
    at = 0
    for start, end, left, right in _regions(hunks(tokens, _TOKEN.findall(mine)), hunks(tokens, _TOKEN.findall(other))):
        one, two = _side(tokens, start, end, left), _side(tokens, start, end, right)
        if left and right and one != two and start != end:
            return None
        parts += tokens[at:start]
        parts.append(one + two if left and right and one != two else one if left else two)
        at = end
    return b"".join([*parts, *tokens[at:]])
