"""The flow of the text: paragraphs that go on after a column, page or float."""

from __future__ import annotations

import re

from vlmingest.document import BlockKind
from vlmingest.read.floats import Run

_FLOATS = frozenset({BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FIGURE_TEXT, BlockKind.FOOTNOTE})
# words that no paragraph ends with, as it does with no comma
_OPEN = re.compile(
    r"\s(?:a|an|and|as|at|by|for|from|in|into|is|of|on|or|our|than|that|the|their|to|via|we|which|with)$"
)
_FULL = 1.5  # font sizes: nearer to the right edge of its paragraph a line is full


def join_paragraphs(runs: list[Run]) -> list[Run]:
    """Runs where a paragraph broken by a column, page, float or footnote is one run; floats follow it."""
    result: list[Run] = []
    for run in runs:
        open_run = _open_paragraph(result) if run.kind is BlockKind.PARAGRAPH else None
        if open_run is not None and _goes_on(open_run, run):
            open_run.lines = open_run.lines + run.lines
        else:
            result.append(run)
    return result


def _open_paragraph(runs: list[Run]) -> Run | None:
    for run in reversed(runs[-14:]):
        if run.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            return run
        if run.kind not in _FLOATS:
            return None
    return None


def _goes_on(above: Run, run: Run) -> bool:
    """Whether the paragraph lacks its end, and the run its start; both of one font size and of more than a few words."""
    last, first = above.lines[-1], run.lines[0]
    if abs(last.size - first.size) > 0.4 or len(last.text) < 25 or first.page - last.page > 1:
        return False
    if last.text[-1] in ",(" or _OPEN.search(last.text):
        return True
    if last.text[-1] in ".:!?":
        return False
    return (
        first.text[0].islower()
        or first.text[0] in "(["
        or last.text[-1] == "\ufffe"
        or (_is_full(above) and first.font == last.font)
    )


def _is_full(run: Run) -> bool:
    """Whether the last line of a paragraph of several reaches as far as the others: it breaks off there."""
    edges = [line.x1 - line.x0 for line in run.lines[-6:-1]]
    last = run.lines[-1]
    return len(edges) > 1 and last.x1 - last.x0 > max(edges) - _FULL * last.size
