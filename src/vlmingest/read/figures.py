"""The box of a figure: drawings, images and labels between its caption and the nearest prose, cut to the text area.

Drawings that stand in forms (included PDF files) are looked at piece by piece: a form's own box counts what its clip
hides and its white margins. What reaches beyond the text area or over the caption is cut.
"""

from __future__ import annotations

import numpy as np

from vlmingest.document import Box
from vlmingest.read.graphics import OBJECT_PATH, Graphics

_LABEL_GAP = 11.0  # points between a drawing and a label above or below it; farther stand authors and running heads
_LINE_GAP = 8.0  # points between lines of a label
_FLAT = 1.5  # points: a path of less height is a rule


def figure_box(caption: Box, graphics: Graphics, prose: list[Box], labels: list[Box], area: Box) -> Box | None:
    """Union of graphics and labels above the caption (below it where nothing is above); None without any.

    `prose`: boxes of lines that bound a figure; `labels`: boxes of other lines; `area`: the page's text area, in points.
    """
    left, right = _column(caption, area)
    across = [b for b in prose if b[2] > left + 5 and b[0] < right - 5]
    ceiling = max((b[3] for b in across if b[3] <= caption[1] + 2), default=area[1] - 6)
    above = (left - 4, ceiling, right + 4, caption[1])
    floor = min((b[1] for b in across if b[1] >= caption[3] - 2), default=area[3])
    below = (left - 4, caption[3], right + 4, floor)
    return _inside(graphics, labels, above) or _inside(graphics, labels, below)


def _column(caption: Box, area: Box) -> tuple[float, float]:
    """The x range of the caption's column: half of the area where the caption stays in one half of two columns."""
    left, _, right, _ = area
    middle = (left + right) / 2
    centred = abs((caption[0] + caption[2]) / 2 - middle) < 0.06 * (right - left)
    if centred or (caption[0] < middle - 15 and caption[2] > middle + 15):
        return left, right
    return (left, middle) if caption[0] < middle - 15 else (middle, right)


def _inside(graphics: Graphics, labels: list[Box], space: Box) -> Box | None:
    x0, y0, x1, y1 = space
    boxes = graphics.boxes
    cut = np.concatenate([np.maximum(boxes[:, :2], (x0, y0)), np.minimum(boxes[:, 2:], (x1, y1))], axis=1)
    wide, high = cut[:, 2] - cut[:, 0], cut[:, 3] - cut[:, 1]
    rules = (graphics.kinds == OBJECT_PATH) & (graphics.heights < _FLAT) & (graphics.widths > 0.4 * (x1 - x0))
    mostly = (wide + 0.1) * (high + 0.1) >= 0.25 * (graphics.widths + 0.1) * (graphics.heights + 0.1)
    inside = cut[(wide >= 0) & (high >= 0) & mostly & ~rules]
    if not ((inside[:, 2:] - inside[:, :2]) > 8).any():
        return None
    low, top = inside.min(axis=0).tolist(), inside.max(axis=0).tolist()
    near = [b for b in labels if b[0] >= x0 and b[1] >= y0 and b[2] <= x1 and b[3] <= y1]
    return _with_labels((low[0], low[1], top[2], top[3]), near)


def _with_labels(box: Box, labels: list[Box]) -> Box:
    """`box` grown by the labels at its sides, by those close above and below it, and by lines that follow on these."""
    gap = _LABEL_GAP
    while reached := [b for b in labels if b[1] < box[3] + gap and b[3] > box[1] - gap]:
        labels = [b for b in labels if b not in reached]
        grown = [box, *reached]
        box = min(b[0] for b in grown), min(b[1] for b in grown), max(b[2] for b in grown), max(b[3] for b in grown)
        gap = _LINE_GAP
    return box
