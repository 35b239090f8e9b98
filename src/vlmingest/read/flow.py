"""The flow of the text: paragraphs that go on after a column, page or float; floats that came to stand in the references."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vlmingest.document import BlockKind
from vlmingest.read.captions import CAPTION
from vlmingest.read.floats import Run

_FLOATS = frozenset({BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FIGURE_TEXT, BlockKind.FOOTNOTE})
_PROSE = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_OF_FLOAT = frozenset({BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FIGURE_TEXT})
# words that no paragraph ends with
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
    if _OPEN.search(last.text):
        return True
    if last.text[-1] in ".:!?":
        return False
    return first.text[0].islower() or last.text[-1] == "\ufffe" or (_is_full(above) and first.font == last.font)


def _is_full(run: Run) -> bool:
    """Whether the last line of a paragraph of several reaches as far as the others: it breaks off there."""
    edges = [line.x1 - line.x0 for line in run.lines[-6:-1]]
    last = run.lines[-1]
    return len(edges) > 1 and last.x1 - last.x0 > max(edges) - _FULL * last.size


def bring_back_floats(runs: list[Run]) -> list[Run]:
    """Floats that TeX put among the references stand behind the paragraph that first speaks of them, or before the references."""
    start = next((i for i, run in enumerate(runs) if run.heading is not None and run.heading.is_references), None)
    if start is None:
        return runs
    end = next((i for i in range(start + 1, len(runs)) if runs[i].kind is BlockKind.HEADING), len(runs))
    strayed = list(_floats(runs[start:end]))
    if not strayed:
        return runs
    gone = {id(run) for group in strayed for run in group}
    behind: dict[int, list[Run]] = {}
    for group in strayed:
        place = _first_mention(group[0], runs)
        behind.setdefault(id(runs[start - 1] if place is None else place), []).extend(group)
    result: list[Run] = []
    for run in runs:
        if id(run) not in gone:
            result += [run, *behind.get(id(run), [])]
    return result


def _floats(runs: list[Run]) -> Iterator[list[Run]]:
    """Each caption with the table's or figure's text behind it."""
    for index, run in enumerate(runs):
        if run.kind is BlockKind.CAPTION:
            behind = runs[index + 1 : index + 2]
            yield [run, *(other for other in behind if other.kind in _OF_FLOAT and other.kind is not run.kind)]


def _first_mention(caption: Run, runs: list[Run]) -> Run | None:
    match = CAPTION.match(caption.lines[0].text)
    if match is None:
        return None
    word = "Tab(?:le|\\.)" if match[1].lower().startswith("t") else "Fig(?:ure|\\.)"
    mention = re.compile(rf"\b{word}s?\s*{re.escape(match[2])}\b", re.IGNORECASE)
    return next((run for run in runs if run.kind in _PROSE and any(mention.search(li.text) for li in run.lines)), None)
