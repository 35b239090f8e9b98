"""Which lines begin a caption: `Figure 3: ...`, `Table 2. ...`, `TABLE II` on a line of its own.

A sentence that goes on after a line end with `Figure 3. The ...` looks the same and is a mention: the line above breaks
off in the middle of a sentence. So does a paragraph that begins with `Tab. 7.` in a paper whose captions say `Table 7:`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from vlmingest.read.pagelines import Line

CAPTION = re.compile(r"(Figure|Fig\.|FIGURE|FIG\.|Table|TABLE|Tab\.)\s*([A-Z]?\.?\d+|[IVX]+)\s*([.:|]|(?=\s[A-Z])|$)")
_OPEN = re.compile(r"(?:^|[\s(])(?:in|see|of|and|to|by|with|from|on|the|or|also|per|cf\.|shown|e\.g\.,?|,)$|[,(]$")


def caption_lines(lines: list[Line]) -> set[int]:
    """`id()` of the lines that begin a caption."""
    found: list[tuple[Line, str, str, str]] = []
    before: Line | None = None
    for line in lines:
        if line.text[0] in "FT" and (match := CAPTION.match(line.text)):
            sign = match[3]
            if not (sign in ("", ".") and before is not None and _goes_on(before, line)):
                found.append((line, match[1], match[2], sign))
        before = line
    styles = Counter((word, sign) for _, word, _, sign in found)
    labels: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for _, word, number, sign in found:
        labels[word[0], number].append(styles[word, sign])
    return {id(line) for line, word, number, sign in found if 2 * styles[word, sign] > max(labels[word[0], number])}


def is_label(text: str) -> bool:
    """Whether a caption's label stands alone on its line: the title is set below it."""
    match = CAPTION.match(text)
    return match is not None and match.end() == len(text)


def _goes_on(before: Line, line: Line) -> bool:
    """Whether the line above breaks off amid a sentence that this line could continue."""
    if abs(before.size - line.size) > 0.3:
        return False
    if _OPEN.search(before.text):
        return True
    gap = line.y0 - before.y1
    tight = before.page == line.page and -1.2 * line.size < gap < 0.75 * line.size
    beside = line.x0 < before.x1 and line.x1 > before.x0
    return tight and beside and before.text[-1].islower() and before.text.count(" ") >= 4
