"""A table's cells: the region from the rules beside the caption, rows by baseline, columns by the gaps between chunks.

A chunk is a run of words in one row without a wide gap. Chunks that overlap in x make a column; one that covers several
columns spans them, and its text is repeated in each. Without rules the rows next to the caption are taken up to prose.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from vlmingest.document import Box
from vlmingest.read.graphics import Graphics
from vlmingest.read.normalise import LINE_HYPHEN
from vlmingest.read.pagelines import Line
from vlmingest.read.pdfium import RawPage
from vlmingest.read.spans import fill_labels, header_groups

_REACH = 34.0  # points between a caption and the first rule of its table
_GAP = 0.62  # font sizes between words that part two chunks


@dataclass(slots=True)
class Row:
    """One printed row: its cells, and the lines it is made of."""

    cells: list[str]
    lines: list[Line]
    is_header: bool = False


@dataclass(slots=True)
class _Chunk:
    x0: float
    x1: float
    text: str


def table_rows(
    raw: RawPage, caption: Box, lines: list[Line], others: list[Line], graphics: Graphics
) -> tuple[list[Row], Box | None]:
    """Rows of the table beside `caption` and the box of its grid.

    `lines` are the page's lines without captions, `others` the lines of the other captions: no table reaches over one.
    """
    region = _ruled_region(caption, lines, others, graphics)
    rows = _by_baseline([li for li in lines if _holds(region, li)]) if region is not None else []
    if len(rows) < 2:
        bands = [_band(caption, lines, below=below) for below in (True, False)]
        rows = max(bands, key=lambda found: sum(len(row) > 1 for row in found))
    if len(rows) < 2:
        return [], region
    chunks = [_chunks(raw, row) for row in rows]
    columns = _columns(chunks)
    cells = [_cells(row, columns) for row in chunks]
    box = region or _around([line for row in rows for line in row])
    heads = _header_count(rows, graphics, box)
    shown = [Row(c, sorted(r, key=lambda li: li.order)) for c, r in zip(cells, rows, strict=True)]
    kept = fill_labels(cells, heads)
    for i in kept:
        if (
            i >= heads and rows[i][0].is_bold and cells[i][0] and not any(cells[i][1:])
        ):  # a section row: its label holds for every column
            cells[i][:] = [cells[i][0]] * len(columns)
    return _merge_header(shown, chunks, columns, heads, graphics, box, kept), box


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


def _merge_header(
    rows: list[Row],
    chunks: list[list[_Chunk]],
    columns: list[list[float]],
    heads: int,
    graphics: Graphics,
    box: Box,
    kept: list[int],
) -> list[Row]:
    """The kept rows, header cells of several lines joined."""
    spanning = [any(len(_hit(chunk, columns)) > 1 for chunk in row) for row in chunks[:heads]]
    heights = _rule_heights(graphics, box, 0.08)
    split = [False] * heads
    for i in range(1, heads):
        low, high = rows[i - 1].lines[0].y0, rows[i].lines[0].y1
        split[i] = any(low + 3 < y < high - 3 for y in heights)
    merged: list[Row] = []
    for group in header_groups(spanning, split):
        stacks = zip(*(rows[i].cells for i in group), strict=True)
        lines = [line for i in group for line in rows[i].lines]
        merged.append(Row([" ".join(filter(None, stack)) for stack in stacks], lines, is_header=True))
    return merged + [rows[i] for i in kept if i >= heads]


def _holds(region: Box, line: Line) -> bool:
    middle = (line.y0 + line.y1) / 2
    return region[1] - 1 < middle < region[3] + 1 and line.x0 > region[0] - 6 and line.x1 < region[2] + 6


def _around(lines: list[Line]) -> Box:
    return (
        min(li.x0 for li in lines),
        min(li.y0 for li in lines),
        max(li.x1 for li in lines),
        max(li.y1 for li in lines),
    )


def _ruled_region(caption: Box, lines: list[Line], others: list[Line], graphics: Graphics) -> Box | None:
    """From the rule nearest to the caption outwards, as long as no prose stands between two rules."""
    rules = [r for r in graphics.rules if r[2] > caption[0] - 4 and r[0] < caption[2] + 4]
    found = [_walk(caption, lines, others, rules, below=below) for below in (True, False)]
    usable = [box for box in found if box is not None and any(_holds(box, li) for li in lines)]
    return min(usable, key=lambda b: min(abs(b[1] - caption[3]), abs(caption[1] - b[3])), default=None)


def _walk(caption: Box, lines: list[Line], others: list[Line], rules: list[Box], *, below: bool) -> Box | None:
    near = sorted((r for r in rules if (r[1] >= caption[3] - 3 if below else r[3] <= caption[1] + 3)),
                  key=lambda r: r[1] if below else -r[1])  # fmt: skip
    if not near or (near[0][1] - caption[3] if below else caption[1] - near[0][3]) > _REACH:
        return None
    ordered = sorted(lines, key=_middle)
    middles = [_middle(line) for line in ordered]
    count = 1
    edge = near[0][1]
    x0, y0, x1, y1 = near[0]
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
        if sum(_is_prose(li, wide) for li in between) >= 3 or (rule[2] - rule[0] > 1.25 * across > 100 and count > 2):
            break
        across = max(across, rule[2] - rule[0])
        count, edge = count + 1, rule[1]
        x0, y0, x1, y1 = left, min(y0, rule[1]), right, max(y1, rule[3])
    return (x0, y0, x1, y1) if count > 1 and y1 - y0 >= 15 else None


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


def _chunks(raw: RawPage, row: list[Line]) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    words = [
        word
        for line in row
        for word in zip(raw.boxes[line.first : line.last].tolist(), line.text.split(" "), strict=True)
    ]
    for (x0, y0, x1, y1), text in sorted(words, key=lambda word: word[0][0]):
        if chunks and x0 - chunks[-1].x1 < _GAP * max(y1 - y0, 4.0):
            chunks[-1].text += f" {text}".replace(LINE_HYPHEN, "-")
            chunks[-1].x1 = max(chunks[-1].x1, x1)
        else:
            chunks.append(_Chunk(x0, x1, text.replace(LINE_HYPHEN, "-")))
    return chunks


def _columns(rows: list[list[_Chunk]]) -> list[list[float]]:
    """Column ranges from the rows of most chunks, narrow chunks first; then what the other rows hold beside them.

    A chunk that would join two columns of several chunks each spans them. A value alone between two columns of a wide
    table is centred over all of them and makes no column.
    """
    most = max(len(row) for row in rows)
    full = [chunk for row in rows if len(row) >= 0.6 * most for chunk in row]
    rest = [chunk for row in rows if len(row) < 0.6 * most for chunk in row if not (len(row) <= 2 and most > 3)]
    columns: list[list[float]] = []  # x0, x1, count
    for chunk in [*sorted(full, key=_width), *sorted(rest, key=_width)]:
        hit = [c for c in columns if chunk.x0 < c[1] - 0.5 and chunk.x1 > c[0] + 0.5]
        if len(hit) > 1 and sum(c[2] > 1 for c in hit) > 1:
            continue
        others = [c for c in columns if c not in hit]
        low, high = min([chunk.x0, *(c[0] for c in hit)]), max([chunk.x1, *(c[1] for c in hit)])
        columns = [*others, [low, high, 1 + sum(c[2] for c in hit)]]
    return sorted(columns)


def _width(chunk: _Chunk) -> float:
    return chunk.x1 - chunk.x0


def _hit(chunk: _Chunk, columns: list[list[float]]) -> list[int]:
    return [i for i, c in enumerate(columns) if chunk.x0 < c[1] - 0.5 and chunk.x1 > c[0] + 0.5]


def _cells(row: list[_Chunk], columns: list[list[float]]) -> list[str]:
    cells = [""] * len(columns)
    for chunk in row:
        for i in _targets(chunk, row, columns):
            cells[i] = f"{cells[i]} {chunk.text}".strip()
    return cells


def _targets(chunk: _Chunk, row: list[_Chunk], columns: list[list[float]]) -> list[int]:
    """The columns that show a chunk: those it stands in, or all that it is centred over."""
    count = len(columns)
    if len(row) <= 2 and chunk is row[-1]:
        middle, first = (chunk.x0 + chunk.x1) / 2, len(row) - 1
        left, right = columns[min(first, count - 1)][0], columns[-1][1]
        if count > 2 + first and abs(middle - (left + right) / 2) < 0.05 * (right - left):
            return list(range(first, count))
    hit = _hit(chunk, columns)
    return hit or [min(range(count), key=lambda i: max(columns[i][0] - chunk.x1, chunk.x0 - columns[i][1]))]
