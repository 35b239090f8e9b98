"""The flow of the text: paragraphs that go on after a column, page or float; floats that drift into the references."""

from __future__ import annotations

from vlmingest.document import BlockKind
from vlmingest.read.floats import Run

_FLOATS = frozenset({BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FIGURE_TEXT, BlockKind.FOOTNOTE})

_MOVED = frozenset({BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FIGURE_TEXT})


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


def before_references(runs: list[Run]) -> list[Run]:
    """The runs with the floats that are set among the references put before these: TeX moves a float down, never up."""
    start = next((i for i, run in enumerate(runs) if run.heading is not None and run.heading.is_references), len(runs))
    end = next((i for i in range(start + 1, len(runs)) if runs[i].kind is BlockKind.HEADING), len(runs))
    inside = runs[start:end]
    floats = [run for run in inside if run.kind in _MOVED]
    rest = [run for run in inside if run.kind not in _MOVED]
    return [*runs[:start], *floats, *rest, *runs[end:]]


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
    return last.text[-1] not in ".:!?" and (first.text[0].islower() or last.text[-1] == "\ufffe")
