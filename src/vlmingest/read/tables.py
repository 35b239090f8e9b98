"""A table's cells: the region from the rules beside the caption, rows by baseline, columns by the gaps between chunks.

A chunk is a run of words in one row without a wide gap. Chunks that overlap in x make a column; one that covers several
columns spans them, and its text is repeated in each. Without rules the rows next to the caption are taken up to prose.
"""

from __future__ import annotations

from dataclasses import dataclass

from vlmingest.document import Box
from vlmingest.read.pagelines import Line
from vlmingest.read.pdfium import OBJECT_PATH, Graphic, RawPage

_REACH = 34.0  # points between a caption and the first rule of its table
_GAP = 0.62  # font sizes between words that part two chunks


@dataclass(slots=True)
class Row:
    """One printed row: its cells, and the lines it is made of."""

    cells: list[str]
    lines: list[Line]


@dataclass(slots=True)
class _Chunk:
    x0: float
    x1: float
    text: str


def table_rows(
    raw: RawPage, caption: Box, lines: list[Line], others: list[Line], graphics: list[Graphic]
) -> tuple[list[Row], Box | None]:
    """Rows of the table beside `caption` and the box of its grid.

    `lines` are the page's lines without captions, `others` the lines of the other captions: no table reaches over one.
    """
    region = _ruled_region(caption, lines, others, graphics)
    if region is not None:
        inside = [li for li in lines if _holds(region, li)]
        rows = _by_baseline(inside)
    else:
        bands = [_band(caption, lines, below=below) for below in (True, False)]
        rows = max(bands, key=lambda found: sum(len(row) > 1 for row in found))
    if len(rows) < 2:
        return [], region
    chunks = [_chunks(raw, row) for row in rows]
    columns = _columns([chunk for row in chunks for chunk in row])
    cells = [_cells(row, columns) for row in chunks]
    flat = [line for row in rows for line in row]
    box = region or _around(flat)
    return [Row(c, sorted(r, key=lambda li: li.order)) for c, r in zip(cells, rows, strict=True)], box


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


def _ruled_region(caption: Box, lines: list[Line], others: list[Line], graphics: list[Graphic]) -> Box | None:
    """From the rule nearest to the caption outwards, as long as no prose stands between two rules."""
    rules = [
        g.box for g in graphics if g.kind == OBJECT_PATH and g.box[3] - g.box[1] < 2.5 and g.box[2] - g.box[0] > 24
    ]
    rules = [r for r in rules if r[2] > caption[0] and r[0] < caption[2]]
    found = [_walk(caption, lines, others, rules, below=below) for below in (True, False)]
    usable = [box for box in found if box is not None and any(_holds(box, li) for li in lines)]
    return min(usable, key=lambda b: min(abs(b[1] - caption[3]), abs(caption[1] - b[3])), default=None)


def _walk(caption: Box, lines: list[Line], others: list[Line], rules: list[Box], *, below: bool) -> Box | None:
    near = sorted((r for r in rules if (r[1] >= caption[3] - 3 if below else r[3] <= caption[1] + 3)),
                  key=lambda r: r[1] if below else -r[1])  # fmt: skip
    if not near or (near[0][1] - caption[3] if below else caption[1] - near[0][3]) > _REACH:
        return None
    kept = [near[0]]
    for rule in near[1:]:
        low, high = sorted((kept[-1][1], rule[1]))
        wide = max(r[2] for r in kept) - min(r[0] for r in kept)
        between = [li for li in lines if low < (li.y0 + li.y1) / 2 < high and li.x1 > rule[0] and li.x0 < rule[2]]
        barred = any(low - 2 < (li.y0 + li.y1) / 2 < high + 2 and li.x1 > rule[0] and li.x0 < rule[2] for li in others)
        if barred or (not between and high - low > 5):
            break
        if sum(_is_prose(li, wide) for li in between) >= 3 or (rule[2] - rule[0] > 1.25 * wide > 100 and len(kept) > 2):
            break
        kept.append(rule)
    tall = max(r[3] for r in kept) - min(r[1] for r in kept)
    if len(kept) < 2 or tall < 15:
        return None
    return min(r[0] for r in kept), min(r[1] for r in kept), max(r[2] for r in kept), max(r[3] for r in kept)


def _is_prose(line: Line, width: float) -> bool:
    words = line.text.split()
    lower = sum(word.strip(".,;").isalpha() and word.islower() for word in words)
    return len(words) >= 6 and lower > 0.55 * len(words) and line.x1 - line.x0 > 0.6 * width


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
    boxes = raw.boxes
    indices = sorted((i for line in row for i in range(line.first, line.last)), key=lambda i: boxes[4 * i])
    chunks: list[_Chunk] = []
    for i in indices:
        x0, y0, x1, y1 = boxes[4 * i : 4 * i + 4]
        text = raw.text[raw.starts[i] : raw.ends[i]].replace("\ufffe", "-")
        if chunks and x0 - chunks[-1].x1 < _GAP * max(y1 - y0, 4.0):
            chunks[-1].text += f" {text}"
            chunks[-1].x1 = max(chunks[-1].x1, x1)
        else:
            chunks.append(_Chunk(x0, x1, text))
    return chunks


def _columns(chunks: list[_Chunk]) -> list[list[float]]:
    """Column ranges, narrow chunks first: one that would join two columns of several chunks each spans them."""
    columns: list[list[float]] = []  # x0, x1, count
    for chunk in sorted(chunks, key=lambda c: c.x1 - c.x0):
        hit = [c for c in columns if chunk.x0 < c[1] - 0.5 and chunk.x1 > c[0] + 0.5]
        if len(hit) > 1 and sum(c[2] > 1 for c in hit) > 1:
            continue
        rest = [c for c in columns if c not in hit]
        merged = [
            min([chunk.x0, *(c[0] for c in hit)]),
            max([chunk.x1, *(c[1] for c in hit)]),
            1 + sum(c[2] for c in hit),
        ]
        columns = [*rest, merged]
    return sorted(columns)


def _cells(row: list[_Chunk], columns: list[list[float]]) -> list[str]:
    cells = [""] * len(columns)
    for chunk in row:
        hit = [i for i, c in enumerate(columns) if chunk.x0 < c[1] - 0.5 and chunk.x1 > c[0] + 0.5]
        middle = (chunk.x0 + chunk.x1) / 2
        left, right = columns[0][0], columns[-1][1]
        alone = len(row) == 1 and abs(middle - (left + right) / 2) < 0.08 * (right - left)
        for i in range(len(columns)) if alone and len(columns) > 2 else hit:
            cells[i] = f"{cells[i]} {chunk.text}".strip()
    return cells
