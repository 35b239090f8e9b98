"""Floats of the pages: each caption with its table's rows or its figure's box, and the lines that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from vlmingest.document import BlockKind, Box
from vlmingest.read.captions import CAPTION
from vlmingest.read.figures import figure_box
from vlmingest.read.graphics import Graphics
from vlmingest.read.grid import Row
from vlmingest.read.pagelines import Line
from vlmingest.read.pdfium import RawPage
from vlmingest.read.sections import Heading
from vlmingest.read.tables import table_grids

_PAIRS = 1 << 20  # lines times drawn objects compared at once


@dataclass(slots=True)
class Run:
    """Lines that make one block; `row_starts` are the lines of a table that begin a row."""

    kind: BlockKind
    lines: list[Line]
    row_starts: list[Line] = field(default_factory=list)
    heading: Heading | None = None


@dataclass(slots=True)
class Float:
    """A caption and what it speaks of; `grids` are the rows of each table, mostly one."""

    caption: Run
    is_table: bool
    number: str
    page: int
    bbox: Box | None
    grids: list[list[Row]]
    body: Run | None = None

    @property
    def rows(self) -> list[Row]:
        """The rows of all tables."""
        return [row for rows in self.grids for row in rows]


def find_floats(
    runs: list[Run],
    pages: dict[int, RawPage],
    graphics: dict[int, Graphics],
    size: float,
    vocabulary: Mapping[str, int],
) -> list[Float]:
    """A Float per caption run, in order; tables first bound the figures of their page. `size`: of the body's font, `vocabulary`: counts
    of the document's own words.
    """
    by_page: dict[int, list[tuple[BlockKind, Line]]] = {}
    for run in runs:
        for line in run.lines:
            by_page.setdefault(line.page, []).append((run.kind, line))
    floats = [_float(run) for run in runs if run.kind is BlockKind.CAPTION]
    for found in sorted(floats, key=lambda f: not f.is_table):
        own = {id(line) for line in found.caption.lines}
        lines = by_page[found.page]
        body = [line for kind, line in lines if kind is not BlockKind.CAPTION]
        captions = [line for kind, line in lines if kind is BlockKind.CAPTION and id(line) not in own]
        box = _union([_box(line) for line in found.caption.lines if line.page == found.page])
        drawn = graphics[found.page]
        if found.is_table:
            found.grids, found.bbox = table_grids(pages[found.page], box, body, captions, drawn, vocabulary)
            continue
        others = [pair for pair in lines if id(pair[1]) not in own]
        area = _text_area(others, pages[found.page])
        prose, labels = _bounds(others, drawn, area, size)
        prose += [f.bbox for f in floats if f.is_table and f.page == found.page and f.bbox is not None]
        found.bbox = figure_box(box, drawn, prose, labels, area)
    return floats


def _float(run: Run) -> Float:
    match = CAPTION.match(run.lines[0].text)
    assert match is not None
    return Float(run, match[1].lower().startswith("t"), match[2], run.lines[0].page, None, [])


def set_apart(runs: list[Run], floats: list[Float]) -> list[Run]:
    """The runs with the lines of tables and figures taken out and put after the caption, as blocks of their own."""
    by_page: dict[int, list[Line]] = {found.page: [] for found in floats}
    for run in runs:
        drawn = run.heading is not None and run.heading.number is None  # large letters in a figure look like a heading
        if run.kind not in {BlockKind.CAPTION, BlockKind.TITLE, BlockKind.HEADING} or drawn:
            for line in run.lines:
                if line.page in by_page:
                    by_page[line.page].append(line)
    claimed: set[int] = set()
    for found in floats:
        lines = _members(found, by_page[found.page], claimed)
        if lines:
            claimed.update(map(id, lines))
            kind = BlockKind.TABLE if found.is_table else BlockKind.FIGURE_TEXT
            found.body = Run(kind, lines, [row.lines[0] for row in found.rows if row.lines])
    bodies = {id(found.caption): found.body for found in floats if found.body is not None}
    result: list[Run] = []
    for run in runs:
        beside = run.lines[0].page in by_page or run.lines[-1].page in by_page
        if beside and run.kind is not BlockKind.CAPTION:
            run.lines = [line for line in run.lines if id(line) not in claimed]
        if run.lines:
            result.append(run)
            if id(run) in bodies:
                result.append(bodies[id(run)])
    return result


def _members(found: Float, lines: list[Line], claimed: set[int]) -> list[Line]:
    if found.is_table:
        for row in found.rows:
            row.lines = [line for line in row.lines if id(line) not in claimed]
        return list({id(line): line for row in found.rows for line in row.lines}.values())
    if found.bbox is None:
        return []
    x0, y0, x1, y1 = found.bbox
    near = [line for line in lines if line.y0 < y1 + 2 and line.y1 > y0 - 2 and id(line) not in claimed]
    return [
        line for line in near
        if y0 - 2 < (line.y0 + line.y1) / 2 < y1 + 2 and x0 - 2 < (line.x0 + line.x1) / 2 < x1 + 2
    ]  # fmt: skip


def _text_area(lines: list[tuple[BlockKind, Line]], raw: RawPage) -> Box:
    """Where text may stand on the page: symmetric margins of what is printed, at least a twentieth of the page."""
    left = max(min((li.x0 for _, li in lines if len(li.text) > 25), default=0.12 * raw.width), 0.05 * raw.width)
    margin = min(left, 0.18 * raw.width)
    return margin, 0.07 * raw.height, raw.width - margin, 0.94 * raw.height


def _bounds(
    lines: list[tuple[BlockKind, Line]], graphics: Graphics, area: Box, size: float
) -> tuple[list[Box], list[Box]]:
    """Boxes of the lines that bound a figure (prose, headings, captions), and of those that may belong to it.

    Text that stands in a form belongs to the drawing, as does text within a large path or image.
    """
    column = (area[2] - area[0]) / 2
    prose: list[Box] = []
    labels: list[Box] = []
    doubtful: list[Box] = []
    font = _body_font(lines)
    for kind, line in lines:
        bounds = kind in {BlockKind.HEADING, BlockKind.TITLE}
        if kind in {BlockKind.PARAGRAPH, BlockKind.REFERENCE}:
            bounds = line.x1 - line.x0 > 0.75 * column and line.size > 0.88 * size and line.text.count(" ") >= 4
            bounds = bounds and (line.font == font or not _is_alone(line, lines))
        if kind is BlockKind.CAPTION:
            prose.append(_box(line))
        else:
            (doubtful if bounds else labels).append(_box(line))
    drawn = _stand_in(doubtful, graphics)
    for box, inside in zip(doubtful, drawn, strict=True):
        (labels if inside else prose).append(box)
    return prose, labels


def _body_font(lines: list[tuple[BlockKind, Line]]) -> str:
    letters: dict[str, int] = {}
    for _, line in lines:
        letters[line.font] = letters.get(line.font, 0) + len(line.text)
    return max(letters, key=lambda font: letters[font], default="")


def _is_alone(line: Line, lines: list[tuple[BlockKind, Line]]) -> bool:
    """No line of the same font right above or below: a sentence that is written into a drawing."""
    reach = 1.2 * line.size
    return not any(
        other is not line and other.font == line.font and other.x1 > line.x0 and other.x0 < line.x1
        and other.y0 < line.y1 + reach and other.y1 > line.y0 - reach
        for _, other in lines
    )  # fmt: skip


def _stand_in(boxes: list[Box], graphics: Graphics) -> list[bool]:
    """For each line's box, whether it stands where a form has a piece of text, or within a large path or image."""
    letters, grounds = graphics.letters, graphics.grounds
    if not (boxes and (len(letters) or len(grounds))):
        return [False] * len(boxes)
    result = np.zeros(len(boxes), np.bool_)
    step = max(1, _PAIRS // (len(letters) + len(grounds)))
    for start in range(0, len(boxes), step):
        x0, y0, x1, y1 = (column[:, None] for column in np.array(boxes[start : start + step]).T)
        x, y = x0 + 1, (y0 + y1) / 2
        left, top, right, bottom = letters.T
        on = (top - 1 < y) & (y < bottom + 1) & (left - 2 < x) & (x < right + 2)
        left, top, right, bottom = grounds.T
        within = (left <= x0 + 2) & (top <= y0 + 2) & (right >= x1 - 2) & (bottom >= y1 - 2)
        result[start : start + step] = on.any(axis=1) | within.any(axis=1)
    shown: list[bool] = result.tolist()
    return shown


def _box(line: Line) -> Box:
    return line.x0, line.y0, line.x1, line.y1


def _union(boxes: list[Box]) -> Box:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
