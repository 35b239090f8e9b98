"""Floats that have drifted: TeX sets a table or figure at the top of a page, often in a later section than the one it is called in.

A float that stands in another section than the text that first speaks of it is put behind that text, and none stays among
the references. One that the text does not speak of stays where it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from vlmingest.document import BlockKind
from vlmingest.read.captions import CAPTION
from vlmingest.read.floats import Run

_FLOATS = frozenset({BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FIGURE_TEXT})
_TELLS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_MENTION = re.compile(r"\b(Tab|Fig)(?:les?|\.|s\.|ures?)?\s?([A-Z]?\.?\d+|[IVX]+)\b", re.IGNORECASE)
_NEAR = 2  # pages that a float is behind the text that it belongs to, mostly
_BEFORE = -1  # the place right before the references

Key = tuple[str, str]  # T or F, number


def settle_floats(runs: list[Run]) -> list[Run]:
    """The runs with each float in the section that it belongs to; `runs` in the order of the pages."""
    heads = [i for i, run in enumerate(runs) if run.kind is BlockKind.HEADING]
    first = next((i for i in heads if (heading := runs[i].heading) is not None and heading.is_references), len(runs))
    after = next((i for i in heads if i > first), len(runs))
    told = _mentions(runs, first, after)
    moved: dict[int, list[Run]] = {}
    kept: list[tuple[int, Run]] = []
    target: int | None = None
    for index, run in enumerate(runs):
        if run.kind is BlockKind.CAPTION:
            target = _target(index, run, told, heads, (first, after))
        elif run.kind not in _FLOATS:
            target = None
        if target is None:
            kept.append((index, run))
        else:
            moved.setdefault(target, []).append(run)
    result: list[Run] = []
    for index, run in kept:
        if index == first:
            result += moved.get(_BEFORE, ())
        result.append(run)
        result += moved.get(index, ())
    return result


def _mentions(runs: list[Run], first: int, after: int) -> dict[Key, list[tuple[int, int]]]:
    """Where the text speaks of each float: (run, page), in order."""
    told: dict[Key, list[tuple[int, int]]] = {}
    for index, run in enumerate(runs):
        if run.kind not in _TELLS or first <= index < after:
            continue
        for line in run.lines:
            if "ab" in line.text or "ig" in line.text or "TAB" in line.text or "IG" in line.text:
                for match in _MENTION.finditer(line.text):
                    told.setdefault((match[1][0].upper(), match[2]), []).append((index, line.page))
    return told


def _target(
    index: int, caption: Run, told: dict[Key, list[tuple[int, int]]], heads: list[int], references: tuple[int, int]
) -> int | None:
    """The run that the float is put behind; None where it stays."""
    first, after = references
    match = CAPTION.match(caption.lines[0].text)
    places = told.get((match[1][0].upper(), match[2]), []) if match else []
    page = caption.lines[0].page
    place = next((run for run, at in places if at >= page - _NEAR), places[-1][0] if places else None)
    inside = first < index < after
    if place is None or (inside and place > index):
        return _BEFORE if inside else None
    return place if inside or bisect_right(heads, place) != bisect_right(heads, index) else None
