"""Floats among the references: TeX moves a table or figure down, never up, so it was called in the text before them.

It is put behind the text that first speaks of it on its page or the two before, or else last speaks of it; right before the
references where none does.
"""

from __future__ import annotations

import re

from vlmingest.document import BlockKind
from vlmingest.read.captions import CAPTION
from vlmingest.read.floats import Run

_FLOATS = frozenset({BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FIGURE_TEXT})
_TELLS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_MENTION = re.compile(r"\b(Tab|Fig)(?:les?|\.|s\.|ures?)?\s?([A-Z]?\.?\d+|[IVX]+)\b", re.IGNORECASE)
_NEAR = 2  # pages that a float is behind the text that it belongs to, mostly

Key = tuple[str, str]  # T or F, number


def out_of_references(runs: list[Run]) -> list[Run]:
    """The runs with the floats that are set among the references put into the text before these."""
    first = next((i for i, run in enumerate(runs) if run.heading is not None and run.heading.is_references), len(runs))
    after = next((i for i in range(first + 1, len(runs)) if runs[i].kind is BlockKind.HEADING), len(runs))
    if not any(run.kind is BlockKind.CAPTION for run in runs[first:after]):
        return runs
    told = _mentions(runs[:first])
    moved: dict[int, list[Run]] = {}
    rest: list[Run] = []
    target = first
    for run in runs[first:after]:
        if run.kind is BlockKind.CAPTION:
            target = _target(run, told, first)
        if run.kind in _FLOATS:
            moved.setdefault(target, []).append(run)
        else:
            rest.append(run)
    result: list[Run] = []
    for index, run in enumerate(runs[:first]):
        result.append(run)
        result += moved.get(index, ())
    return [*result, *moved.get(first, ()), *rest, *runs[after:]]


def _mentions(runs: list[Run]) -> dict[Key, list[tuple[int, int]]]:
    """Where the text speaks of each float: (run, page), in order."""
    told: dict[Key, list[tuple[int, int]]] = {}
    for index, run in enumerate(runs):
        if run.kind in _TELLS:
            for line in run.lines:
                for match in _MENTION.finditer(line.text):
                    told.setdefault((match[1][0].upper(), match[2]), []).append((index, line.page))
    return told


def _target(caption: Run, told: dict[Key, list[tuple[int, int]]], first: int) -> int:
    """The run that the float is put behind; `first`, the references, where none speaks of it."""
    match = CAPTION.match(caption.lines[0].text)
    places = told.get((match[1][0].upper(), match[2]), []) if match else []
    if not places:
        return first
    return next((run for run, page in places if page >= caption.lines[0].page - _NEAR), places[-1][0])
