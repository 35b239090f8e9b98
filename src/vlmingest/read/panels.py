"""Several tables under one caption: side by side, or one below the other. Their rules tell them apart.

Each table has rules of its own over its whole width, and the two rules between one table and the next have nothing between
them: booktabs sets both heavier than those inside.
"""

from __future__ import annotations

from operator import itemgetter

from vlmingest.document import Box
from vlmingest.read.graphics import Graphics

_LONG = 24.0  # points: a rule of less is no rule of a whole table
_LEAST = 15.0  # points of height of a table
_WHOLE = 0.97  # of the width of a table
_PAIR = 9.0  # points between the last rule of a table and the first of the next
_HEAVY = 1.2  # times the height of the lighter rules


def parts_of(region: Box, graphics: Graphics) -> list[Box]:
    """The boxes of the tables in the region: the region itself where there is one."""
    x0, y0, x1, y1 = region
    flat = graphics.flat
    inside = (flat[:, 0] > x0 - 6) & (flat[:, 2] < x1 + 6) & (flat[:, 1] > y0 - 2) & (flat[:, 3] < y1 + 2)
    rules: list[Box] = [tuple(box) for box in flat[inside & (flat[:, 2] - flat[:, 0] > _LONG)].tolist()]
    columns = _side_by_side(rules)
    if len(columns) < 2:
        return _stacked(region, rules)
    return [part for own, box in columns for part in _stacked(box, own)]


def _side_by_side(rules: list[Box]) -> list[tuple[list[Box], Box]]:
    """The rules that stand over each other, and the box of each such set; none where a set is no table."""
    sets: list[list[Box]] = []
    reach = 0.0
    for rule in sorted(rules):
        if sets and rule[0] < reach:
            sets[-1].append(rule)
        else:
            sets.append([rule])
        reach = max(reach, rule[2]) if len(sets[-1]) > 1 else rule[2]
    found = []
    for own in sets:
        box = (min(r[0] for r in own), min(r[1] for r in own), max(r[2] for r in own), max(r[3] for r in own))
        if box[3] - box[1] < _LEAST:
            return []
        found.append((own, box))
    return found


def _stacked(region: Box, rules: list[Box]) -> list[Box]:
    """The region, cut between two heavy rules over its whole width that follow one another."""
    whole = [rule for rule in rules if rule[2] - rule[0] > _WHOLE * (region[2] - region[0])]
    whole.sort(key=itemgetter(1))
    if len(whole) < 4:
        return [region]
    light = _HEAVY * min(rule[3] - rule[1] for rule in whole)
    cuts = [
        (above[3], below[1])
        for above, below in zip(whole[1:], whole[2:-1], strict=False)
        if below[1] - above[3] < _PAIR and min(above[3] - above[1], below[3] - below[1]) > light
    ]
    tops = [region[1], *(below for _, below in cuts)]
    bottoms = [*(above for above, _ in cuts), region[3]]
    return [(region[0], top, region[2], bottom) for top, bottom in zip(tops, bottoms, strict=True) if bottom > top]
