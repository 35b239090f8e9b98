"""Words of a page -> lines: one run of text on one baseline in one column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vlmingest.read.pdfium import RawPage

_BOLD = ("bold", "medi", "cmbx", "sfbx", "-bd", "black", "heavy", "demi", "libertinetb")


@dataclass(slots=True)
class Line:
    """A line: words `first..last` (half open) of its page, its box, font size and name."""

    page: int
    first: int
    last: int
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    font: str
    order: int

    @property
    def is_bold(self) -> bool:
        """Whether the font's name says so (`CMBX12`, `NimbusRomNo9L-Medi`, `Arial-BoldMT`)."""
        name = self.font.lower()
        return any(sign in name for sign in _BOLD)


def page_lines(raw: RawPage, font_of: Callable[[int | None], str]) -> list[Line]:
    """Lines in content order: pdfium's line ends, and gaps wider than a word space in between."""
    text, starts, ends, boxes = raw.text, raw.starts, raw.ends, raw.boxes
    lines: list[Line] = []
    first = 0
    for index in range(1, len(starts) + 1):
        if index < len(starts) and not _breaks(text, starts, ends, boxes, index):
            continue
        lines.append(_line(raw, first, index, font_of, len(lines)))
        first = index
    return lines if starts else []


def _breaks(text: str, starts: list[int], ends: list[int], boxes: list[float], index: int) -> bool:
    before = ends[index - 1]
    if text[before - 1] == "\ufffe" or "\n" in text[before : starts[index]]:
        return True
    left, right = 4 * index - 4, 4 * index
    size = max(boxes[left + 3] - boxes[left + 1], 1.0)
    gap = boxes[right] - boxes[left + 2]
    return gap > 2.2 * size or gap < -6 * size


def _line(raw: RawPage, first: int, last: int, font_of: Callable[[int | None], str], order: int) -> Line:
    boxes = raw.boxes[4 * first : 4 * last]
    text = " ".join(raw.text[raw.starts[i] : raw.ends[i]] for i in range(first, last))
    tops, bottoms = boxes[1::4], boxes[3::4]
    heights = sorted(b - t for t, b in zip(tops, bottoms, strict=True))
    font = font_of(raw.fonts[(first + last) // 2])
    return Line(
        page=raw.number, first=first, last=last, text=text, x0=min(boxes[0::4]), y0=min(tops), x1=max(boxes[2::4]),
        y1=max(bottoms), size=heights[len(heights) // 2], font=font, order=order,
    )  # fmt: skip
