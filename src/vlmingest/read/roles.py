"""Roles of a page's lines: furniture, headings, captions, references, paragraphs; lines that make one run."""

from __future__ import annotations

import re
from collections import Counter

from vlmingest.document import BlockKind
from vlmingest.read.captions import caption_lines
from vlmingest.read.floats import Run
from vlmingest.read.pagelines import Line
from vlmingest.read.pdfium import RawPage
from vlmingest.read.sections import heading_of
from vlmingest.read.stamp import STAMP


def without_furniture(lines: list[Line], raws: list[RawPage]) -> list[Line]:
    """The lines without running heads, page numbers and the arXiv stamp."""
    bounds = {raw.number: (0.085 * raw.height, 0.92 * raw.height) for raw in raws}
    edges: dict[int, str] = {}
    for line in lines:
        low, high = bounds[line.page]
        if line.y1 < low or line.y0 > high:
            edges[id(line)] = re.sub(r"\d+", "#", line.text)
    repeats = Counter(edges.values())
    kept = []
    for line in lines:
        if line.page == 1 and STAMP.search(line.text):
            continue
        key = edges.get(id(line))
        if key is not None and (repeats[key] >= 3 or re.fullmatch(r"(Page )?\d{1,4}", line.text)):
            continue
        kept.append(line)
    return kept


def body_size(lines: list[Line]) -> float:
    """The font size of most characters, in points."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    rounded: Counter[float] = Counter()
    for size, count in sizes.items():
        rounded[round(size, 1)] += count
    return rounded.most_common(1)[0][0] if rounded else 10.0


def line_runs(lines: list[Line], size: float) -> list[Run]:
    """Lines that make one block each, by their role and their distance; `size`: of the body font."""
    runs: list[Run] = []
    in_references = False
    large = 1.05 * size
    captions = caption_lines(lines)
    for line in lines:
        text = line.text
        last = runs[-1] if runs else None
        kind = BlockKind.REFERENCE if in_references else BlockKind.PARAGRAPH
        if id(line) in captions:
            runs.append(Run(BlockKind.CAPTION, [line]))
            continue
        # most lines are neither large nor bold nor upper case: not worth a call
        heading = heading_of(line, size) if line.size > large or line.is_bold or text.isupper() else None
        if heading:
            if last and last.kind is BlockKind.HEADING and _continues(last.lines[-1], line) and not heading.number:
                last.lines.append(line)
                continue
            in_references = heading.is_references or (in_references and not heading.number and not line.is_bold)
            runs.append(Run(BlockKind.HEADING, [line]))
            continue
        same = last is not None and last.kind is not BlockKind.HEADING and _continues(last.lines[-1], line)
        if last is not None and same and last.kind in {BlockKind.CAPTION, kind}:
            last.lines.append(line)
        else:
            runs.append(Run(kind, [line]))
    return runs


def _continues(above: Line, line: Line) -> bool:
    """Whether `line` goes on where `above` ends: the next line of a column, or the top of the next column or page."""
    if abs(above.size - line.size) > 0.8:
        return False
    if above.page != line.page or line.y1 < above.y0 - 5 * line.size:
        return above.text[-1] not in ".:!?" and line.text[0].islower()
    gap = line.y0 - above.y1
    return -1.2 * line.size < gap < 0.75 * line.size and line.x0 < above.x1 and line.x1 > above.x0


def mark_title(runs: list[Run]) -> None:
    """The run in the largest font at the top of page 1 becomes the title."""
    first = [run for run in runs if run.lines[0].page == 1 and run.lines[0].y0 < 400]
    first = [run for run in first if sum(len(line.text) for line in run.lines) > 8] or runs[:1]
    best = max(first, key=lambda run: run.lines[0].size, default=None)
    if best is not None:
        best.kind = BlockKind.TITLE
