"""The box of a figure: graphics above its caption, up to the nearest prose."""

from __future__ import annotations

from vlmingest.document import Box
from vlmingest.read.pdfium import Graphic


def figure_box(caption: Box, graphics: list[Graphic], prose: list[Box], page_width: float) -> Box | None:
    """Union of the graphics between the caption and the prose above it, in the caption's column; None without any."""
    middle = page_width / 2
    full = caption[0] < middle - 20 and caption[2] > middle + 20
    left, right = (0.0, page_width) if full else ((0.0, middle) if caption[2] <= middle + 20 else (middle, page_width))
    ceiling = max((b[3] for b in prose if b[3] <= caption[1] and b[2] > left + 5 and b[0] < right - 5
                   and b[2] - b[0] > 0.5 * (right - left)), default=0.0)  # fmt: skip
    inside = [
        g.box for g in graphics
        if g.box[3] <= caption[1] + 6 and g.box[1] >= ceiling - 6 and g.box[0] >= left - 10 and g.box[2] <= right + 10
    ]  # fmt: skip
    inside = [b for b in inside if b[3] - b[1] > 1 or b[2] - b[0] > 1]
    if not inside:
        return None
    return (
        max(min(b[0] for b in inside), 0.0), max(min(b[1] for b in inside), 0.0),
        min(max(b[2] for b in inside), page_width), max(b[3] for b in inside),
    )  # fmt: skip
