"""The box of a figure: drawings, images and labels between its caption and the nearest prose, cut to the text area.

Drawings that stand in forms (included PDF files) are looked at piece by piece: a form's own box counts what its clip
hides and its white margins. What reaches beyond the text area or over the caption is cut.
"""

from __future__ import annotations

from vlmingest.document import Box
from vlmingest.read.pdfium import OBJECT_PATH, Graphic

_FLAT = 1.5  # points: a path of less height is a rule


def figure_box(caption: Box, graphics: list[Graphic], prose: list[Box], labels: list[Box], area: Box) -> Box | None:
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


def _inside(graphics: list[Graphic], labels: list[Box], space: Box) -> Box | None:
    boxes = []
    for graphic in graphics:
        cut = _cut(graphic.box, space)
        wide, high = graphic.box[2] - graphic.box[0], graphic.box[3] - graphic.box[1]
        if cut is None or (graphic.kind == OBJECT_PATH and high < _FLAT and wide > 0.4 * (space[2] - space[0])):
            continue
        if (cut[2] - cut[0] + 0.1) * (cut[3] - cut[1] + 0.1) >= 0.25 * (wide + 0.1) * (high + 0.1):
            boxes.append(cut)
    if not any(b[2] - b[0] > 8 or b[3] - b[1] > 8 for b in boxes):
        return None
    boxes += [cut for label in labels if (cut := _cut(label, space)) == label]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _cut(box: Box, space: Box) -> Box | None:
    x0, y0, x1, y1 = max(box[0], space[0]), max(box[1], space[1]), min(box[2], space[2]), min(box[3], space[3])
    return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None
