r"""Lines of a justified cell (`p{...}`, `X`): TeX stretches all spaces of a line alike, up to the width of a column gap.

Such a line begins where the lines of its cell begin and has the same space between all of its words, and a line above or
below it has words where it has spaces. Between columns there is a space in all rows.
"""

from __future__ import annotations

from vlmingest.read.columns import Chunk, Word

_ALIKE = 0.07  # font sizes that the spaces of one line differ by
_BEHIND_SIGN = 2.0  # times as wide is the space behind a comma or full stop, at most
_WIDEST = 2.4  # font sizes of the widest space in a line
_EDGE = 0.12  # font sizes that the edges of two lines of a cell are apart
_LEADING = 1.5  # font sizes between two lines of one cell
_SPACE = 0.5  # font sizes: columns have a wider gap between them in all rows
_FEW = 3  # words: a line of no more must end where another line of the cell ends
_SIGNS = (",", ";", ".", ":")


def join_justified(rows: list[list[Chunk]], middles: list[float], parted: list[bool]) -> None:
    """Joins the chunks of each justified line to one, in place; `parted[i]`: a rule runs above row `i`."""
    words = [[word for chunk in row for word in chunk.words] for row in rows]
    for index, row in enumerate(rows):
        at = 0
        while at < len(row) - 1:
            count = _alike(row, at)
            if count > 1:
                line = [word for chunk in row[at : at + count] for word in chunk.words]
                beside = [words[other] for other in _beside(row[at].size, index, middles, parted)]
                if any(_is_line(line, other, row[at].size) for other in beside):
                    row[at : at + count] = [_joined(row[at : at + count], line)]
            at += 1


def _beside(size: float, index: int, middles: list[float], parted: list[bool]) -> list[int]:
    """The rows above and below that may be lines of the same cell."""
    pairs = ((index - 1, index), (index + 1, index + 1))
    return [
        other for other, lower in pairs
        if 0 <= other < len(middles) and not parted[lower] and middles[lower] - middles[lower - 1] < _LEADING * size
    ]  # fmt: skip


def _alike(row: list[Chunk], at: int) -> int:
    """How many chunks from `at` on have the same space between all their words."""
    size = row[at].size
    spaces: list[float] = []
    count = 0
    before: Word | None = None
    for chunk in row[at:]:
        for word in chunk.words:
            if before is None:
                before = word
                continue
            space = word[0] - before[1]
            if not _fits(space, before, spaces, size):
                return count
            if not before[2].endswith(_SIGNS):
                spaces.append(space)
            before = word
        count += 1
    return count


def _fits(space: float, before: Word, spaces: list[float], size: float) -> bool:
    if space > _WIDEST * size:
        return False
    if not spaces:
        return True
    if before[2].endswith(_SIGNS):
        return min(spaces) - _ALIKE * size < space < _BEHIND_SIGN * max(spaces)
    return max(*spaces, space) - min(*spaces, space) < _ALIKE * size


def _is_line(line: list[Word], other: list[Word], size: float) -> bool:
    """Whether `other`, words of a row above or below, holds a line of the same cell: it begins and ends no farther out, and has
    words where `line` has its wide spaces.
    """
    first, last = line[0][0], line[-1][1]
    begun = [i for i, word in enumerate(other) if abs(word[0] - first) < _EDGE * size]
    if not begun or sum(any(map(str.isalpha, word[2])) for word in line) < 0.5 * len(line):
        return False
    inside = [word for word in other[begun[0] :] if word[0] < last]
    ends = abs(inside[-1][1] - last) < _EDGE * size
    if inside[-1][1] > last + 0.5 * size or (len(line) <= _FEW and not ends):
        return False
    spaces = [(one[1], two[0]) for one, two in zip(line, line[1:], strict=False)]
    end = inside[-1][1]
    return any(b - a > _SPACE * size and b < end and not _goes_on((a, b), inside, _SPACE * size) for a, b in spaces)


def _goes_on(space: tuple[float, float], other: list[Word], least: float) -> bool:
    """Whether the space is also one between two words of the other line: the gap of two columns."""
    low, high = space
    return any(min(high, two[0]) - max(low, one[1]) > least for one, two in zip(other, other[1:], strict=False))


def _joined(chunks: list[Chunk], words: list[Word]) -> Chunk:
    return Chunk(chunks[0].x0, chunks[-1].x1, chunks[0].middle, chunks[0].size, words)
