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
_LEAST = 3  # small letters in a line: fewer may be indices of a formula


def mark_small_capitals(lines: list[Line], raw: RawPage, boxes_of: Callable[[list[int]], Floats]) -> None:
    """Sets `cased` of the lines in small capitals; `boxes_of`: see `PdfiumPage.character_boxes`."""
    before: tuple[float, float] | None = None  # sizes of capitals and small capitals in the line above
    for line in lines:
        if len(line.text) <= _LEAST or not line.text.isupper():
            before = None
            continue
        words = raw.words(line.first, line.last)
        heads = raw.heads[line.first : line.last]
        indices = [head + i for head, word in zip(heads, words, strict=True) for i in range(len(word))]
        boxes = boxes_of(indices)
        heights = (boxes[:, 3] - boxes[:, 1]).tolist()
        letters = [round(height, 2) for height, sign in zip(heights, "".join(words), strict=True) if sign.isalpha()]
        capital, small = max(letters), min(letters)
        if before is not None and capital < 1.03 * before[1]:
            capital = before[0]  # a line without a capital
        low, high = _SCALED[0] * capital, _SCALED[1] * capital
        count = sum(height < high for height in letters)
        before = None
        if not low < small < high or count < _LEAST or 2 * count < len(letters):
            continue
        before = capital, max(height for height in letters if height < high)
        line.cased = _cased(line.text, heights, high)


def _cased(text: str, heights: list[float], high: float) -> str:
    """`text` with the letters that are lower than `high` as small letters; `heights`: of its signs but the spaces."""
    sizes = iter(heights)
    signs = [sign if sign == " " or next(sizes) >= high else sign.lower() for sign in text]
    made = "".join(signs)
    return made if len(made) == len(text) else ""
