"""A table's cells from the words beside its caption: rows by baseline, columns by the gaps that all rows share."""

from __future__ import annotations

from dataclasses import dataclass

from vlmingest.document import Box
from vlmingest.read.pagelines import Line
from vlmingest.read.pdfium import RawPage


@dataclass(slots=True)
class Row:
    """One printed row: its cells, and the lines it is made of."""

    cells: list[str]
    lines: list[Line]


def table_rows(raw: RawPage, caption: Box, lines: list[Line]) -> tuple[list[Row], Box | None]:
    """Rows of the table above or below `caption`, whichever has more columns; and the box of the grid."""
    candidates = [_band(caption, lines, below=below) for below in (True, False)]
    band = max(candidates, key=lambda found: sum(len(row) > 1 for row in found))
    rows = [row for row in band if row]
    if sum(len(row) > 1 for row in rows) < 1:
        return [], None
    words = [(raw.boxes[4 * i], raw.boxes[4 * i + 2], raw.text[raw.starts[i] : raw.ends[i]], number)
             for number, row in enumerate(rows) for line in row for i in range(line.first, line.last)]  # fmt: skip
    edges = _columns([(x0, x1) for x0, x1, *_ in words], rows)
    cells = [[""] * len(edges) for _ in rows]
    for x0, x1, text, number in words:
        middle = (x0 + x1) / 2
        column = min(range(len(edges)), key=lambda c: max(edges[c][0] - middle, middle - edges[c][1], 0))
        cells[number][column] = f"{cells[number][column]} {text}".strip().replace("\ufffe", "-")
    flat = [line for row in rows for line in row]
    box = (min(li.x0 for li in flat), min(li.y0 for li in flat), max(li.x1 for li in flat), max(li.y1 for li in flat))
    return [Row(c, sorted(r, key=lambda li: li.order)) for c, r in zip(cells, rows, strict=True)], box


def _band(caption: Box, lines: list[Line], *, below: bool) -> list[list[Line]]:
    """Rows next to the caption, from it outwards, until a wide gap or two lines of prose."""
    x0, y0, x1, y1 = caption
    reach = [li for li in lines if li.x1 > x0 - 60 and li.x0 < x1 + 60]
    ordered = sorted(reach, key=lambda li: li.y0 if below else -li.y1)
    rows: list[list[Line]] = []
    edge = y1 if below else y0
    for line in ordered:
        if (below and line.y0 < y1 - 2) or (not below and line.y1 > y0 + 2):
            continue
        if rows and abs(line.y0 - rows[-1][0].y0) < 0.5 * line.size:
            rows[-1].append(line)
            continue
        gap = line.y0 - edge if below else edge - line.y1
        if gap > 2.2 * line.size + (8 if not rows else 0) or _is_prose(line, caption):
            break
        rows.append([line])
        edge = line.y1 if below else line.y0
    return rows if below else rows[::-1]


def _is_prose(line: Line, caption: Box) -> bool:
    width = line.x1 - line.x0
    words = line.text.split()
    lower = sum(word.isalpha() and word.islower() for word in words)
    return len(words) >= 6 and lower > 0.6 * len(words) and width > 0.6 * (caption[2] - caption[0])


def _columns(words: list[tuple[float, float]], rows: list[list[Line]]) -> list[tuple[float, float]]:
    """Column ranges: runs of x that hold words, parted where (nearly) no row has any."""
    size = rows[0][0].size
    merged: list[list[float]] = []
    for x0, x1 in sorted(words):
        if merged and x0 < merged[-1][1] + 0.45 * size:
            merged[-1][1] = max(merged[-1][1], x1)
        else:
            merged.append([x0, x1])
    return [(a, b) for a, b in merged]
