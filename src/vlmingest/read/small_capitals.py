"""Small capitals that are set as capitals of a smaller size: `LLAVA-NEXT` on the page is `LLaVA-NeXT` in the source.

Times, which IEEEtran and ICLR's style set titles, headings and captions in, has no small capitals: TeX scales capitals down,
so the file says `A` for both. The size tells which were small letters. Only lines in capitals throughout are looked at.
"""

from __future__ import annotations

from collections.abc import Callable

from vlmingest.read.arrays import Floats
from vlmingest.read.pagelines import Line
from vlmingest.read.pdfium import RawPage

_SCALED = (0.68, 0.88)  # of the capitals; TeX's virtual fonts take 0.8
_SHORT = 5  # characters: shorter lines are cells and labels
_LEAST = 3  # small letters in a line: fewer may be indices of a formula


def mark_small_capitals(lines: list[Line], raw: RawPage, boxes_of: Callable[[list[int]], Floats]) -> None:
    """Sets `cased` of the lines in small capitals; `boxes_of`: see `PdfiumPage.character_boxes`."""
    shown = [line for line in lines if len(line.text) > _SHORT and line.text.isupper()]
    if not shown:
        return
    last: Line | None = None
    sizes: tuple[float, float] | None = None  # of capitals and small capitals in the line above
    for line, vary in zip(shown, _vary(shown, raw, boxes_of), strict=True):
        above = sizes if last is not None and last.order + 1 == line.order else None
        last, sizes = line, None
        if vary or above is not None:
            sizes = _set_case(line, raw, boxes_of, above)


def _vary(lines: list[Line], raw: RawPage, boxes_of: Callable[[list[int]], Floats]) -> list[bool]:
    """Whether the letters of each line differ in size, by the starts of its words and the end of its longest."""
    tails, firsts, spread = [], [], []
    heights = raw.boxes[:, 3] - raw.boxes[:, 1]
    for line in lines:
        words = raw.words(line.first, line.last)
        longest = max(range(len(words)), key=lambda i: len(words[i]))
        tails.append(raw.heads[line.first + longest] + len(words[longest].rstrip(".,:;")) - 1)
        firsts.append(line.first + longest)
        own = heights[line.first : line.last]
        spread.append(own.min() < _SCALED[1] * own.max())
    boxes = boxes_of(tails)
    smaller = boxes[:, 3] - boxes[:, 1] < _SCALED[1] * heights[firsts]
    return [bool(one or other) for one, other in zip(smaller.tolist(), spread, strict=True)]


def _set_case(
    line: Line, raw: RawPage, boxes_of: Callable[[list[int]], Floats], above: tuple[float, float] | None
) -> tuple[float, float] | None:
    """Sets `cased` where the line is in small capitals; returns the sizes of its capitals and its small capitals."""
    words = raw.words(line.first, line.last)
    heads = raw.heads[line.first : line.last]
    boxes = boxes_of([head + i for head, word in zip(heads, words, strict=True) for i in range(len(word))])
    heights = (boxes[:, 3] - boxes[:, 1]).tolist()
    letters = [round(height, 2) for height, sign in zip(heights, "".join(words), strict=True) if sign.isalpha()]
    capital, small = max(letters), min(letters)
    if above is not None and capital < 1.03 * above[1]:
        capital = above[0]  # a line without a capital
    low, high = _SCALED[0] * capital, _SCALED[1] * capital
    count = sum(height < high for height in letters)
    if not low < small < high or count < _LEAST or 2 * count < len(letters):
        return None
    line.cased = _cased(line.text, heights, high)
    return capital, max(height for height in letters if height < high)


def _cased(text: str, heights: list[float], high: float) -> str:
    """`text` with the letters that are lower than `high` as small letters; `heights`: of its signs but the spaces."""
    sizes = iter(heights)
    signs = [sign if sign == " " or next(sizes) >= high else sign.lower() for sign in text]
    made = "".join(signs)
    return made if len(made) == len(text) else ""
