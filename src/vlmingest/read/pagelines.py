"""Words of a page -> lines: one run of text on one baseline in one column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vlmingest.read.arrays import Ints
from vlmingest.read.marks import is_mark, stands_raised
from vlmingest.read.normalise import LINE_HYPHEN
from vlmingest.read.pdfium import RawPage

_TOUCHING = 0.12  # font sizes: words nearer than this have no space between them
_BOLD = ("bold", "medi", "cmbx", "sfbx", "-bd", "black", "heavy", "demi", "libertinetb")

_ITALIC = ("ital", "obl", "slant", "-it", "cmti", "cmsl", "sfti", "ptmri")


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
    is_bold: bool  # as the font's name says: `CMBX12`, `NimbusRomNo9L-Medi`, `Arial-BoldMT`
    lead: int = 0  # characters at its start in bold or italics, where the line goes on upright
    lead_words: int = 0
    is_lead_bold: bool = False
    cased: str = ""  # `text` with small capitals as small letters, where it has any


@lru_cache(maxsize=4096)
def _is_bold(font: str) -> bool:
    name = font.lower()
    return any(sign in name for sign in _BOLD)


@lru_cache(maxsize=4096)
def is_italic(font: str) -> bool:
    """Whether the font's name says that it is slanted."""
    name = font.lower()
    return any(sign in name for sign in _ITALIC)


def page_lines(raw: RawPage, fonts_of: Callable[[list[int]], list[str]]) -> list[Line]:
    """Lines in content order: pdfium's line ends, and gaps wider than a word space in between.

    `fonts_of`: names of the fonts of characters, see `PdfiumPage.font_names`.
    """
    if not len(raw.starts):
        return []
    breaks = _breaks(raw)
    firsts = np.concatenate([[0], np.flatnonzero(breaks) + 1])
    lasts = np.append(firsts[1:], len(raw.starts))
    boxes = raw.boxes
    x0, y0 = np.minimum.reduceat(boxes[:, 0], firsts).tolist(), np.minimum.reduceat(boxes[:, 1], firsts).tolist()
    x1, y1 = np.maximum.reduceat(boxes[:, 2], firsts).tolist(), np.maximum.reduceat(boxes[:, 3], firsts).tolist()
    heights = boxes[:, 3] - boxes[:, 1]
    owner = np.repeat(np.arange(len(firsts)), lasts - firsts)
    middles = (firsts + lasts) // 2
    sizes = heights[np.lexsort((heights, owner))][middles].tolist()  # the median height of each line's words
    heads = raw.heads
    fonts = fonts_of([heads[i] for i in middles.tolist()])
    texts = _texts(raw, firsts, lasts, breaks, owner)
    pages = [raw.number] * len(texts)
    columns = (
        pages,
        firsts.tolist(),
        lasts.tolist(),
        texts,
        x0,
        y0,
        x1,
        y1,
        sizes,
        fonts,
        range(len(texts)),
        map(_is_bold, fonts),
    )
    lines = list(map(Line, *columns))
    _mark_leads(lines, raw, fonts_of)
    return lines


def _may_begin(text: str) -> bool:
    """A head begins with a capital, or is counted ("a) ...")."""
    return not text[0].islower() or text[1:2] == ")"


def _mark_leads(lines: list[Line], raw: RawPage, fonts_of: Callable[[list[int]], list[str]]) -> None:
    """Sets `lead` of the lines whose first words are in bold or italics, and whose others are not."""
    heads = raw.heads
    asked = [
        line
        for above, line in zip([None, *lines], lines, strict=False)
        if line.last - line.first > 2 and (_may_begin(line.text) or (above is not None and above.is_bold))
    ]
    for line, font in zip(asked, fonts_of([heads[line.first] for line in asked]), strict=True):
        if not (_is_bold(font) or is_italic(font)):
            continue
        fonts = fonts_of(heads[line.first : line.last])
        count = next((i for i, other in enumerate(fonts) if other != font), 0)
        if not count or _is_bold(fonts[-1]) or is_italic(fonts[-1]):
            continue
        words, glued = raw.words(line.first, line.first + count), raw.glued[line.first : line.first + count].tolist()
        line.lead = sum(len(word) for word in words) + sum(not glue for glue in glued[1:])
        line.lead_words, line.is_lead_bold = count, _is_bold(font)


def _breaks(raw: RawPage) -> Ints:
    """Between which neighbouring words a line ends, as booleans.

    pdfium ends a line behind a raised mark and goes on beside it: words side by side on one baseline stay one line,
    and those that touch are marked as glued, but for the marks of notes.
    """
    codes, boxes = raw.codes, raw.boxes
    hyphens = codes[raw.ends[:-1] - 1] == ord(LINE_HYPHEN)
    ended = np.zeros(len(hyphens) + 1, np.bool_)
    ended[np.searchsorted(raw.starts, np.flatnonzero(codes == 10)) - 1] = True  # the words before the line feeds
    ended = ended[:-1]
    heights = boxes[:, 3] - boxes[:, 1]
    size = np.maximum(heights[:-1], 1.0)
    gap = boxes[1:, 0] - boxes[:-1, 2]
    common = np.minimum(boxes[:-1, 3], boxes[1:, 3]) - np.maximum(boxes[:-1, 1], boxes[1:, 1])
    tall = np.maximum(size, heights[1:])
    beside = (common > 0.4 * np.minimum(heights[:-1], heights[1:])) & (gap > -0.3 * tall) & (gap < 0.9 * tall)
    raw.glued[1:] = ended & beside & ~hyphens & (gap < _TOUCHING * tall)
    for index in np.flatnonzero(raw.glued).tolist():
        one, two = boxes[index].tolist(), boxes[index - 1].tolist()
        if stands_raised(one, two) and is_mark(*raw.words(index - 1, index + 1)):
            raw.glued[index], raw.raised[index] = False, True
    return hyphens | (ended & ~beside) | (gap > 2.2 * size) | (gap < -6 * size)  # type: ignore[no-any-return]


def _texts(raw: RawPage, firsts: Ints, lasts: Ints, breaks: Ints, owner: Ints) -> list[str]:
    """Each line's words with one space between them: mostly a slice of the page's text as it is."""
    text = raw.text
    starts, ends = raw.starts[firsts].tolist(), raw.ends[lasts - 1].tolist()
    texts = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    tails, heads = raw.ends[:-1], raw.starts[1:]
    odd = ~breaks & ((heads - tails != 1) | (raw.codes[tails] != 32))
    for index in set(owner[:-1][odd].tolist()):
        texts[index] = _text(raw, int(firsts[index]), int(lasts[index]))
    return texts


def _text(raw: RawPage, first: int, last: int) -> str:
    glued = raw.glued[first:last].tolist()
    parts = [word if glue else f" {word}" for word, glue in zip(raw.words(first, last), glued, strict=True)]
    return "".join(parts).lstrip(" ")


def glue_names(pages: list[RawPage], lines: list[Line]) -> None:
    """Raised numbers that stand behind the same word again and again belong to its name (a squared "2"): notes come once."""
    marks = [(page, index) for page in pages for index in np.flatnonzero(page.raised).tolist() if index]
    pairs = Counter("\n".join(page.words(index - 1, index + 1)) for page, index in marks)
    for page, index in marks:
        if pairs["\n".join(page.words(index - 1, index + 1))] < 2:
            continue
        page.glued[index], page.raised[index] = True, False
        for line in lines:
            if line.page == page.number and line.first < index < line.last:
                line.text = _text(page, line.first, line.last)
