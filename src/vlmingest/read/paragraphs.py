r"""Where a paragraph begins within a run of lines: an indent, a line left short above it, or a little more space.

Two columns set paragraphs with an indent and no space between them (CVPR, ACL), one column often with a space that is less
than between other blocks (`\parskip` of 5.5 points at NeurIPS). A new one begins only where a sentence ends.
"""

from __future__ import annotations

import re
from statistics import median

from vlmingest.document import BlockKind
from vlmingest.read.floats import Run
from vlmingest.read.pagelines import Line

_ENDS = re.compile(r"[.!?:][)\]”’\"']*\d{0,2}$")
_STARTS = re.compile(r"(?:[“\"‘(\[]|\d{1,2}[.)] )?[A-Z]")
# font sizes
_LEAST_INDENT, _MOST_INDENT = 0.7, 3.5
_SHORT = 2.0  # of the line above, at least
_FULL = 0.6  # from the right edge to the end of a line that is set full
_SPACE = 0.3  # more than between the other lines
_JUSTIFIED = 0.7  # of the lines end at the right edge
_FEWEST = 4  # lines of a column that tell its edges


def part_paragraphs(runs: list[Run]) -> list[Run]:
    """The runs with each paragraph as one of its own."""
    result: list[Run] = []
    for run in runs:
        if run.kind is not BlockKind.PARAGRAPH or len(run.lines) < _FEWEST:
            result.append(run)
            continue
        starts = _starts(run.lines)
        result += [
            Run(BlockKind.PARAGRAPH, run.lines[start:end])
            for start, end in zip([0, *starts], [*starts, len(run.lines)], strict=True)
        ]
    return result


def _starts(lines: list[Line]) -> list[int]:
    """Indexes of the lines that begin a paragraph within another one's run."""
    found: list[int] = []
    columns: dict[int, _Column] = {}
    for column in _columns(lines):
        columns |= dict.fromkeys(range(column.first, column.last), column)
    for index in range(1, len(lines)):
        line, above = lines[index], lines[index - 1]
        if not _ENDS.search(above.text) or not _STARTS.match(line.text):
            continue
        column, before = columns[index], columns[index - 1]
        indent = (line.x0 - column.left) / line.size
        indented = column.told and _LEAST_INDENT < indent < _MOST_INDENT
        short = before.justified and above.x1 < before.right - _SHORT * line.size
        apart = column is before and line.y0 - above.y1 > column.space + _SPACE * line.size
        if indented or short or apart:
            found.append(index)
    return found


class _Column:
    """Lines `first` to `last` (half open) of a run that stand below each other, and what they have in common."""

    def __init__(self, lines: list[Line], first: int, last: int) -> None:
        self.first, self.last = first, last
        mine = lines[first:last]
        size = mine[0].size
        self.told = len(mine) >= _FEWEST
        self.left = min(line.x0 for line in mine)
        self.right = max(line.x1 for line in mine)
        full = sum(line.x1 > self.right - _FULL * size for line in mine)
        self.justified = self.told and full >= _JUSTIFIED * len(mine)
        self.space = median([
            below.y0 - above.y1 for above, below in zip(mine, mine[1:], strict=False)
        ] or [0.0])  # fmt: skip


def _columns(lines: list[Line]) -> list[_Column]:
    bounds = [0, *(i for i in range(1, len(lines)) if _leaves(lines[i - 1], lines[i])), len(lines)]
    return [_Column(lines, first, last) for first, last in zip(bounds, bounds[1:], strict=False)]


def _leaves(above: Line, line: Line) -> bool:
    """Whether the line stands in another column, or on another page."""
    return above.page != line.page or line.y0 < above.y0 or line.x0 >= above.x1 or line.x1 <= above.x0
