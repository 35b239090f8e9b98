"""What stands on a page and is not its text: running heads, page numbers, the arXiv stamp, line numbers, watermarks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import numpy as np
import numpy.typing as npt

from vlmingest.read.arrays import Codes, Ints
from vlmingest.read.pagelines import Line
from vlmingest.read.pdfium import RawPage
from vlmingest.read.stamp import STAMP

_TOP, _BOTTOM = 0.085, 0.92  # shares of the page's height: what ends above or starts below is at the edge
_PAGE_NUMBER = re.compile(r"(?i)[-–—\s]*(?:page|p\.)?\s*(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s]*")
_COUNT = re.compile(r"\d{1,4}")
_NUMBERED_LINES = 12  # a page of a review copy has 40 and more
_LEAD = 0.16  # share of the page's width that its margins take


def without_furniture(lines: list[Line], pages: list[RawPage]) -> list[Line]:
    """The lines without running heads, page numbers, the arXiv stamp and watermarks.

    A running head is at the edge of three pages and more (two of a paper of four pages), numbers aside; a watermark
    stands at the same place on half of the pages; a page number may stand far from the edge, but counts with the pages.
    """
    bounds = {page.number: (_TOP * page.height, _BOTTOM * page.height) for page in pages}
    enough = 3 if len(pages) > 4 else 2
    edges: dict[int, str] = {}
    inside: list[Line] = []
    for line in lines:
        low, high = bounds[line.page]
        if line.y1 < low or line.y0 > high:
            edges[id(line)] = re.sub(r"\d+", "#", line.text)
        elif len(line.text) < 40:
            inside.append(line)
    numbers = _page_numbers(lines, len(pages))
    heads = {key for key, count in Counter(edges.values()).items() if count >= enough}
    marks = _watermarks(inside, max(3, len(pages) // 2))
    kept = []
    for line in lines:
        if line.page == 1 and STAMP.search(line.text):
            continue
        key = edges.get(id(line))
        if key is not None and (key in heads or _PAGE_NUMBER.fullmatch(line.text)):
            continue
        if id(line) in marks or id(line) in numbers:
            continue
        kept.append(line)
    return kept


def _page_numbers(lines: list[Line], pages: int) -> set[int]:
    """`id()` of the numbers alone at the foot of their pages that count up with the pages, wherever the foot is."""
    lowest: dict[int, Line] = {}
    for line in lines:
        if line.page not in lowest or line.y0 > lowest[line.page].y0:
            lowest[line.page] = line
    counting = [(int(line.text) - page, line) for page, line in lowest.items() if _COUNT.fullmatch(line.text)]
    offsets = Counter(offset for offset, _ in counting)
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    return {id(line) for off, line in counting if off == offset} if count >= max(3, pages // 2) else set()


def _watermarks(lines: list[Line], enough: int) -> set[int]:
    """`id()` of the lines that stand with the same text at the same place of `enough` pages."""
    often = {text for text, count in Counter([line.text for line in lines]).items() if count >= enough}
    if not often:
        return set()
    places: defaultdict[tuple[str, int, int], list[Line]] = defaultdict(list)
    for line in lines:
        if line.text in often:
            places[line.text, int(line.x0 / 4), int(line.y0 / 4)].append(line)
    return {id(line) for same in places.values() if len({line.page for line in same}) >= enough for line in same}


def drop_line_numbers(page: RawPage) -> None:
    """Take the numbers of a review copy's lines out of the page's words: runs of 1, 2, 3 down a margin."""
    left, right = page.boxes[:, 2] < _LEAD * page.width, page.boxes[:, 0] > (1 - _LEAD) * page.width
    beside = np.flatnonzero(left | right)
    if np.count_nonzero(_is_digit(page.codes[page.starts[beside]])) < _NUMBERED_LINES:
        return
    digits = np.cumsum(_is_digit(page.codes))
    lengths = page.ends - page.starts
    counts = digits[page.ends - 1] - digits[page.starts] + 1
    numeric = (counts == lengths) & (lengths <= 4) & _is_digit(page.codes[page.starts])
    gone = [_counting(page, np.flatnonzero(numeric & side)) for side in (left, right)]
    drop = np.concatenate(gone)
    if not len(drop):
        return
    keep = np.ones(len(lengths), np.bool_)
    keep[drop] = False
    page.starts, page.ends = page.starts[keep], page.ends[keep]
    page.boxes, page.glued, page.raised = page.boxes[keep], page.glued[keep], page.raised[keep]
    page.heads = [head for head, kept in zip(page.heads, keep.tolist(), strict=True) if kept]


def _is_digit(codes: Codes) -> npt.NDArray[np.bool_]:
    return (codes >= 48) & (codes <= 57)


def _counting(page: RawPage, words: Ints) -> Ints:
    """Those of the numeric words that count up by one from each to the next below, if they are many."""
    if len(words) < _NUMBERED_LINES:
        return words[:0]
    words = words[np.argsort(page.boxes[words, 1], kind="stable")]
    spans = zip(page.starts[words].tolist(), page.ends[words].tolist(), strict=True)
    values = np.array([int(page.text[start:end]) for start, end in spans])
    steps = np.diff(values) == 1
    inside = np.concatenate([[False], steps]) | np.concatenate([steps, [False]])
    return words[inside] if inside.sum() >= _NUMBERED_LINES else words[:0]
