"""A table beside its caption: the region from the rules, the printed rows in it by baseline.

Without rules the rows next to the caption are taken up to prose. Columns and cells are made by `grid`, cells over several
rows by `spans`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping

from vlmingest.document import Box
from vlmingest.read.graphics import Graphics
from vlmingest.read.grid import Row, Rule, clean, make_grid
from vlmingest.read.pagelines import Line
from vlmingest.read.panels import parts_of
from vlmingest.read.pdfium import RawPage
from vlmingest.read.spans import settle_spans

_REACH = 34.0  # points between a caption and the first rule of its table
_INSIDE = 0.1  # of a table's width: body text begins at its left edge
_LONG = 24.0  # points of a rule across
_SHORT = 4.0  # points: a rule of less is a mark


def table_grids(
    raw: RawPage,
    caption: Box,
    lines: list[Line],
    others: list[Line],
    graphics: Graphics,
    vocabulary: Mapping[str, int],
) -> tuple[list[list[Row]], Box | None]:
    """Rows of the tables beside `caption`, mostly one, and the box around them.

    `lines` are the page's lines without captions, `others` the lines of the other captions: no table reaches over one;
    `vocabulary` counts the document's own words.
    """
    ordered = sorted(lines, key=_middle)
    middles = [_middle(line) for line in ordered]
    region = _ruled_region(caption, ordered, middles, others, graphics)
    if region is not None:
        parts = parts_of(region, graphics)
        found = [(box, _by_baseline(_held(box, ordered, middles, cut=len(parts) > 1))) for box in parts]
        kept = [(box, rows) for box, rows in found if len(rows) > 1]
        if kept:
            return [_grid_rows(raw, rows, graphics, box, vocabulary, cut=len(parts) > 1) for box, rows in kept], region
    bands = [_band(caption, lines, below=below) for below in (True, False)]
    rows = max(bands, key=lambda found: sum(len(row) > 1 for row in found))
    if len(rows) < 2:
        return [], region
    box = region or _around([line for row in rows for line in row])
    return [_grid_rows(raw, rows, graphics, box, vocabulary, cut=False)], box


def _grid_rows(
    raw: RawPage, rows: list[list[Line]], graphics: Graphics, box: Box, vocabulary: Mapping[str, int], *, cut: bool
) -> list[Row]:
    """The settled rows of one table; `cut`: only the words in the box are its own."""
    across = (box[0], box[2]) if cut else None
    grid = make_grid(raw, rows, _header_count(rows, graphics, box), _rules_inside(graphics, box), across)
    settle_spans(grid, vocabulary)
    for row in grid.rows:
        row.cells[:] = [clean(cell) for cell in row.cells]
    return grid.rows


def _header_count(rows: list[list[Line]], graphics: Graphics, box: Box) -> int:
    """Rows above the first full-width rule inside the grid; 1 where no rule parts a header of up to three rows."""
    full = [y for y in _rule_heights(graphics, box, 0.8) if box[1] + 6 < y < box[3] - 6]
    if not full:
        return 1
    above = sum((row[0].y0 + row[0].y1) / 2 < min(full) for row in rows)
    return above if 1 <= above <= 4 else 1


def _rule_heights(graphics: Graphics, box: Box, share: float) -> list[float]:
    """Heights of the rules in the box that cover at least `share` of its width."""
    flat = graphics.flat
    kept = (flat[:, 2] - flat[:, 0] > share * (box[2] - box[0])) & (flat[:, 0] > box[0] - 6) & (flat[:, 2] < box[2] + 6)
    heights: list[float] = flat[kept & (flat[:, 1] >= box[1] - 2) & (flat[:, 1] <= box[3] + 2), 1].tolist()
    return heights


def _rules_inside(graphics: Graphics, box: Box) -> list[Rule]:
    """Rules across in the box, the short ones under spanning header cells too."""
    flat = graphics.flat
    inside = (
        (flat[:, 0] > box[0] - 6) & (flat[:, 2] < box[2] + 6) & (flat[:, 1] >= box[1] - 2) & (flat[:, 1] <= box[3] + 2)
    )
    kept = flat[inside & (flat[:, 2] - flat[:, 0] > _SHORT)]
    return [(y, x0, x1) for x0, y, x1, _ in kept.tolist()]


def _held(region: Box, ordered: list[Line], middles: list[float], *, cut: bool = False) -> list[Line]:
    """The lines in a region, of lines ordered by their middles; with `cut` those too that reach out of it at the sides."""
    inside = ordered[bisect_right(middles, region[1] - 1) : bisect_left(middles, region[3] + 1)]
    if cut:
        return [line for line in inside if line.x1 > region[0] and line.x0 < region[2]]
    return [line for line in inside if line.x0 > region[0] - 6 and line.x1 < region[2] + 6]


def _around(lines: list[Line]) -> Box:
    return (
        min(li.x0 for li in lines),
        min(li.y0 for li in lines),
        max(li.x1 for li in lines),
        max(li.y1 for li in lines),
    )


def _ruled_region(
    caption: Box, ordered: list[Line], middles: list[float], others: list[Line], graphics: Graphics
) -> Box | None:
    """From the rule nearest to the caption outwards, as long as no prose stands between two rules."""
    rules = [r for r in graphics.rules if r[2] > caption[0] - 4 and r[0] < caption[2] + 4]
    found = [_walk(caption, ordered, middles, others, rules, below=below) for below in (True, False)]
    usable = [box for box in found if box is not None and _held(box, ordered, middles)]
    return min(usable, key=lambda b: min(abs(b[1] - caption[3]), abs(caption[1] - b[3])), default=None)


def _walk(
    caption: Box, ordered: list[Line], middles: list[float], others: list[Line], rules: list[Box], *, below: bool
) -> Box | None:
    near = sorted((r for r in rules if (r[1] >= caption[3] - 3 if below else r[3] <= caption[1] + 3)),
                  key=lambda r: r[1] if below else -r[1])  # fmt: skip
    if not near or (near[0][1] - caption[3] if below else caption[1] - near[0][3]) > _REACH:
        return None
    taken = near[:1]
    edge = near[0][1]
    whole = next((r for r in near if r[2] - r[0] > _LONG), near[0])  # an upright does not tell how wide the table is
    x0, _, x1, _ = whole if whole[0] - 2 < near[0][0] and near[0][2] < whole[2] + 2 else near[0]
    across = x1 - x0  # of the widest rule so far
    for rule in near[1:]:
        low, high = sorted((edge, rule[1]))
        left, right = min(x0, rule[0]), max(x1, rule[2])
        inside = ordered[bisect_right(middles, low) : bisect_left(middles, high)]
        between = [li for li in inside if li.x1 > left and li.x0 < right]
        barred = any(low - 2 < _middle(li) < high + 2 and li.x1 > rule[0] and li.x0 < rule[2] for li in others)
        if barred or (not between and high - low > 9):
            break
        wide = x1 - x0
        # what begins inside the table is the text of a cell, however long it is
        prose = sum(li.x0 < left + _INSIDE * wide and _is_prose(li, wide) for li in between)
        if prose >= 3 or (rule[2] - rule[0] > 1.25 * across > 100 and len(taken) > 2):
            break
        across = max(across, rule[2] - rule[0])
        taken.append(rule)
        edge, x0, x1 = rule[1], left, right
    taken = _up_to_last(taken)
    y0, y1 = min(rule[1] for rule in taken), max(rule[3] for rule in taken)
    x0, x1 = min(rule[0] for rule in taken), max(rule[2] for rule in taken)
    return (x0, y0, x1, y1) if len(taken) > 1 and y1 - y0 >= 15 else None


def _up_to_last(rules: list[Box]) -> list[Box]:
    """The rules up to the outermost that closes the table: one over its whole width, or the uprights of its last row.

    A short rule beyond that is of a footnote or of a fraction.
    """
    across = max(rule[2] for rule in rules) - min(rule[0] for rule in rules)
    for count in range(len(rules), 1, -1):
        last = rules[count - 1]
        level = [rule for rule in rules if abs(rule[1] - last[1]) < 1.5]
        if last[3] - last[1] > 6 or max(r[2] for r in level) - min(r[0] for r in level) > 0.9 * across:
            return rules[:count]
    return rules


def _middle(line: Line) -> float:
    return (line.y0 + line.y1) / 2


def _is_prose(line: Line, width: float) -> bool:
    if line.x1 - line.x0 <= 0.6 * width or line.text.count(" ") < 5:
        return False
    words = line.text.split(" ")
    lower = sum(word.strip(".,;").isalpha() and word.islower() for word in words)
    return lower > 0.55 * len(words)


def _by_baseline(lines: list[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda li: (li.y0 + li.y1) / 2):
        middle = (line.y0 + line.y1) / 2
        if rows and middle - sum((li.y0 + li.y1) / 2 for li in rows[-1]) / len(rows[-1]) < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _band(caption: Box, lines: list[Line], *, below: bool) -> list[list[Line]]:
    """Rows next to the caption, from it outwards, until a wide gap or prose."""
    x0, y0, x1, y1 = caption
    reach = [
        li for li in lines if li.x1 > x0 - 60 and li.x0 < x1 + 60 and (li.y0 > y1 - 2 if below else li.y1 < y0 + 2)
    ]
    rows = _by_baseline(reach)
    kept: list[list[Line]] = []
    edge = y1 if below else y0
    for row in rows if below else rows[::-1]:
        top, bottom = min(li.y0 for li in row), max(li.y1 for li in row)
        gap = top - edge if below else edge - bottom
        if gap > 2.2 * row[0].size + (8 if not kept else 0) or any(_is_prose(li, x1 - x0) for li in row):
            break
        kept.append(row)
        edge = bottom if below else top
    return kept if below else kept[::-1]
