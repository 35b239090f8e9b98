"""Roles of lines: headings, captions, footnotes, references, list items, formulas, paragraphs; lines that make one run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from vlmingest.document import BlockKind
from vlmingest.read.captions import caption_lines, is_label
from vlmingest.read.floats import Run
from vlmingest.read.headings import find_headings
from vlmingest.read.normalise import address_goes_on, open_address
from vlmingest.read.outline import Entry
from vlmingest.read.pagelines import Line
from vlmingest.read.pdfium import RawPage
from vlmingest.read.run_in import has_run_in_head, is_counted_head

_BULLET = re.compile(r"[•▪◦‣∙●○■◆►✓]\s?\S|[–—-]\s[^\W\d_]|\((?:\d{1,2}|[a-z]|[ivx]{1,4})\)\s|\d{1,2}\)\s")
_REFERENCE = re.compile(r"\[\d{1,3}\]|\[[A-Z][\w+]{1,9}\]")
_REFERENCES = re.compile(r"(?i)(?:\d{1,2}\.?\s)?\s?(?:references|bibliography|r eferences)\s?")
_APPENDIX = re.compile(r"(?i)append|supplement")
_NOTE = re.compile(r"(?:\d{1,2}|[∗*†‡§¶♮♯♢♠♣]{1,3})\s?(?=[^\W\d_]|[(“\"])")
_ADDRESS_NOTE = re.compile(r"\d{1,2}(?:https?:|www\.)")  # a word by itself: its height tells nothing
_MATHS = re.compile(r"[=≤≥≈∑∏∫∈×·−∥√∇∂∼→⟨∀←+]")
_EQUATION_NUMBER = re.compile(r"\(\d{1,3}[a-z]?\)$")
_PROSE_WORD = re.compile(r"[a-z]{3,}")
_SIGNS = frozenset("•▪◦‣∙●○■◆►✓–—-([0123456789")  # what items and references begin with
_SMALL = 0.94  # of the body's size: footnotes are set smaller
_ITEMS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_CAPTION, _HEADING = BlockKind.CAPTION, BlockKind.HEADING  # members of an enumeration are slow to look up
_SHORTEST_WRAPPED = 20  # characters of the first line of a heading of two
_GOES_ON = frozenset({BlockKind.CAPTION, BlockKind.FOOTNOTE})


def body_size(lines: list[Line]) -> float:
    """The font size of most characters before the references, in points."""
    ends = [i for i, line in enumerate(lines) if len(line.text) < 16 and _REFERENCES.fullmatch(line.text)]
    before = lines[: ends[-1]] if ends and ends[-1] > 0.2 * len(lines) else lines
    sizes: Counter[float] = Counter()
    for line in before:
        sizes[line.size] += len(line.text)
    rounded: Counter[float] = Counter()
    for size, count in sizes.items():
        rounded[round(size, 1)] += count
    return rounded.most_common(1)[0][0] if rounded else 10.0


def line_runs(
    lines: list[Line], pages: dict[int, RawPage], size: float, outline: list[Entry], addresses: Collection[str] = ()
) -> list[Run]:
    """Lines that make one block each, by their role and their distance; `size`: of the body font, `addresses`: those
    that the file's link annotations hold.
    """
    captions = caption_lines(lines)
    headings = find_headings(lines, size, outline, captions)
    notes = _note_lines(lines, pages, size)
    beginnings = captions | notes | headings.keys()
    runs: list[Run] = []
    in_references = False
    for line in lines:
        last = runs[-1] if runs else None
        if id(line) in beginnings:
            heading = headings.get(id(line))
            if heading is None:
                runs.append(Run(BlockKind.CAPTION if id(line) in captions else BlockKind.FOOTNOTE, [line]))
            elif last and last.kind is BlockKind.HEADING and not heading.number and _is_wrapped(last.lines[-1], line):
                last.lines.append(line)
            else:
                goes_on = in_references and not heading.number and not line.is_bold
                in_references = heading.is_references or (goes_on and not _APPENDIX.match(heading.title))
                runs.append(Run(BlockKind.HEADING, [line], heading=heading))
            continue
        kind = BlockKind.REFERENCE if in_references else BlockKind.PARAGRAPH
        if line.text[0] in _SIGNS:
            if in_references and _REFERENCE.match(line.text):
                runs.append(Run(kind, [line]))
                continue
            if not in_references and _BULLET.match(line.text) and not is_counted_head(line):
                runs.append(Run(BlockKind.LIST_ITEM, [line]))
                continue
        if last is not None and (
            (last.kind is _CAPTION and _is_title_below(last, line))
            or (last.kind is _HEADING and _is_rest_of_heading(last, line))
            or ("http" in last.lines[-1].text and _is_rest_of_address(last.lines[-1], line, addresses))
        ):
            last.lines.append(line)
            continue
        begins = (line.lead or line.text[0] in _SIGNS) and last and last.lines[-1].text[-1] in ".:" and _begins(line)
        if last is not None and last.kind is not BlockKind.HEADING and not begins and _continues(last.lines[-1], line):
            above = last.kind
            outdented = above is BlockKind.LIST_ITEM and line.x0 < last.lines[0].x0 - 2 and line.y0 > last.lines[-1].y0
            if above is kind or above in _GOES_ON or (above in _ITEMS and not outdented):
                last.lines.append(line)
                continue
        runs.append(Run(kind, [line]))
    for run in runs:
        if run.kind is BlockKind.PARAGRAPH and _is_formula(run):
            run.kind = BlockKind.FORMULA
    return runs


def _continues(above: Line, line: Line) -> bool:
    """Whether `line` goes on where `above` ends: the next line of a column, or the top of the next column or page."""
    if abs(above.size - line.size) > 0.8:
        return False
    if above.page != line.page or _is_top(above, line):
        return above.text[-1] not in ".:!?" and line.text[0].islower()
    gap = line.y0 - above.y1
    return -1.2 * line.size < gap < 0.75 * line.size and line.x0 < above.x1 and line.x1 > above.x0


def _is_wrapped(above: Line, line: Line) -> bool:
    """Whether a heading without a number goes on with the one above it, and is none of its own, set otherwise or below a short one."""
    aligned = abs(above.x0 - line.x0) < 0.5 * line.size or abs(above.x0 + above.x1 - line.x0 - line.x1) < line.size
    return _continues(above, line) and aligned and len(above.text) > _SHORTEST_WRAPPED


def _begins(line: Line) -> bool:
    """Whether a run-in head begins with the line."""
    return (line.lead > 0 and has_run_in_head(line)) or (line.text[0] in _SIGNS and is_counted_head(line))


def _is_rest_of_heading(run: Run, line: Line) -> bool:
    """Whether a bold line, or a centred one in capitals, goes on with the heading above it, which has no end of its own."""
    above = run.lines[-1]
    if len(run.lines) > 2:
        return False
    centred = abs(above.x0 + above.x1 - line.x0 - line.x1) < line.size and line.x0 > above.x0 + line.size
    if not (line.is_bold and above.is_bold) and not (centred and line.text.isupper() and above.text.isupper()):
        return False
    same = above.font == line.font and abs(above.size - line.size) < 0.3 and above.page == line.page
    return same and len(above.text) > 24 and -0.5 * above.size < line.y0 - above.y1 < 0.6 * above.size


def _is_rest_of_address(above: Line, line: Line, addresses: Collection[str]) -> bool:
    """Whether the line goes on with a web address: in a font of other height than the words before it, behind any sign."""
    tail = open_address(above.text)
    if not tail or not address_goes_on(tail, line.text.split(" ", 1)[0], addresses):
        return False
    # no more than the start of the next line is looked at: the address may begin at the end of a line set wide
    # and a footnote's first word has the height of its raised mark
    reach = 1.1 * line.size if above.size < 0.92 * line.size else 0.75 * above.size
    below = -1.2 * above.size < line.y0 - above.y1 < reach and line.x0 < above.x1
    return below if above.page == line.page and line.y0 > above.y0 else _is_top(above, line)


def _is_top(above: Line, line: Line) -> bool:
    """Whether the line stands on the next page, or higher up on the page, as the first of a column does."""
    return line.page == above.page + 1 or (line.page == above.page and line.y1 < above.y0 - 5 * line.size)


def _is_title_below(run: Run, line: Line) -> bool:
    """A caption's title in small capitals under its label ("TABLE II"), as IEEEtran sets them: centred lines whose size varies."""
    if not is_label(run.lines[0].text):
        return False
    label, above = run.lines[0], run.lines[-1]
    capitals = line.text.isupper() or (
        above is not label and above.text[-1] != "." and not _PROSE_WORD.search(line.text)
    )
    if not capitals:
        return False
    centred = abs(label.x0 + label.x1 - line.x0 - line.x1) < 2 * label.size
    return centred and above.page == line.page and -0.5 * label.size < line.y0 - above.y1 < label.size


def _note_lines(lines: list[Line], pages: dict[int, RawPage], size: float) -> set[int]:
    """`id()` of the lines that begin a footnote: a raised mark, small print, and no line of the body below in the column."""
    small = _SMALL * size
    begun = [line for line in lines if line.size < small and _NOTE.match(line.text)]
    lowest: dict[int, list[Line]] = {line.page: [] for line in begun}
    for line in lines:
        if line.page in lowest and line.size >= small:
            lowest[line.page].append(line)
    found: set[int] = set()
    for line in begun:
        page = pages[line.page]
        if line.y0 < 0.45 * page.height:
            continue
        head = float(page.boxes[line.first, 3] - page.boxes[line.first, 1])
        if line.text[0].isdigit() and head > 0.85 * line.size and not _ADDRESS_NOTE.match(line.text):
            continue
        if not any(other.y0 > line.y1 and other.x0 < line.x1 and other.x1 > line.x0 for other in lowest[line.page]):
            found.add(id(line))
    return found


def _is_formula(run: Run) -> bool:
    """Signs of mathematics and next to no words, or a number in brackets at the end of such lines."""
    if len(run.lines) > 4 or len(run.lines[0].text) > 90:
        return False
    text = " ".join(line.text for line in run.lines)
    if not _MATHS.search(text) or len(text) < 5:
        return False
    words = sum(len(word) for word in _PROSE_WORD.findall(text))
    return words < (0.35 if _EQUATION_NUMBER.search(text) else 0.15) * len(text)
