"""Floats among the references: TeX moves a table or figure down, never up, so it was called in the text before them.

It is put behind the text that first speaks of it on its page or the two before, or else last speaks of it; where none does,
before the references and the closing sections above them, which hold no floats of their own.
"""

from __future__ import annotations

import re

from vlmingest.document import BlockKind
from vlmingest.read.captions import CAPTION
from vlmingest.read.floats import Run

_FLOATS = frozenset({BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FIGURE_TEXT})
_TELLS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_MENTION = re.compile(r"\b(Tab|Fig)(?:les?|\.|s\.|ures?)?\s?([A-Z]?\.?\d+|[IVX]+)\b", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?i)(?:conclu|limitation|discussion|acknowledg|broader|societal|social impact|ethic|future work|author contrib|contributions)"
)
_NEAR = 2  # pages that a float is behind the text that it belongs to, mostly

Key = tuple[str, str]  # T or F, number


def out_of_references(runs: list[Run]) -> list[Run]:
    """The runs with the floats that are set among the references put into the text before these."""
    first = next((i for i, run in enumerate(runs) if run.heading is not None and run.heading.is_references), len(runs))
    after = next((i for i in range(first + 1, len(runs)) if runs[i].kind is BlockKind.HEADING), len(runs))
    if not first or not any(run.kind is BlockKind.CAPTION for run in runs[first:after]):
        return runs
    told = _mentions(runs[:first])
    last = _closing(runs[:first])
    moved: dict[int, list[Run]] = {}
    rest: list[Run] = []
    target = last
    for run in runs[first:after]:
        if run.kind is BlockKind.CAPTION:
            target = _target(run, told, last)
        if run.kind in _FLOATS:
            moved.setdefault(target, []).append(run)
        else:
            rest.append(run)
    result: list[Run] = []
    for index, run in enumerate(runs[:first]):
        result.append(run)
        result += moved.get(index, ())
    return [*result, *rest, *runs[after:]]


def _closing(runs: list[Run]) -> int:
    """The last run before the sections that close the paper: conclusion, limitations, thanks."""
    end = len(runs)
    for index in range(len(runs) - 1, 0, -1):
        heading = runs[index].heading
        if heading is None:
            continue
        if not _CLOSING.match(heading.title):
            break
        end = index
    return end - 1


def _mentions(runs: list[Run]) -> dict[Key, list[tuple[int, int]]]:
    """Where the text speaks of each float: (run, page), in order."""
    told: dict[Key, list[tuple[int, int]]] = {}
    for index, run in enumerate(runs):
        if run.kind in _TELLS:
            for line in run.lines:
                for match in _MENTION.finditer(line.text):
                    told.setdefault((match[1][0].upper(), match[2]), []).append((index, line.page))
    return told


def _target(caption: Run, told: dict[Key, list[tuple[int, int]]], last: int) -> int:
    """The run that the float is put behind; `last` where none speaks of it."""
    match = CAPTION.match(caption.lines[0].text)
    places = told.get((match[1][0].upper(), match[2]), []) if match else []
    if not places:
        return last
    return next((run for run, page in places if page >= caption.lines[0].page - _NEAR), places[-1][0])
