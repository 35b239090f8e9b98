"""The front of a PDF: title, authors and abstract among the runs of its first pages."""

from __future__ import annotations

import re
import unicodedata

from vlmingest.document import BlockKind
from vlmingest.read.floats import Run
from vlmingest.read.outline import letters
from vlmingest.read.pagelines import Line
from vlmingest.read.pdfium import RawPage
from vlmingest.read.sections import is_named

ABSTRACT_LABEL = re.compile(r"(?i)(?:abstract|summary)\b\s*[.:—–-]*\s*")
_NAME = re.compile(r"(?:[^\W\d_][\w'’.-]*\s){1,3}[^\W\d_][\w'’-]+")
_PLACE = re.compile(
    r"(?i)universit|institut|laborator|\blab\b|school|college|department|research|google|microsoft|meta\b|inc\.|corp|"
    r"academy|center|centre|team|group|http|@|abstract|equal|author|contribut|report|preprint|version|\bUSA\b|china"
)
_TEAM = re.compile(r"(?:[\w.-]+\s){0,4}(?:Team|Group|Labs?|Collaboration)\b|[\w.]+-AI\b|[\w.]+ AI\b")
_BETWEEN = re.compile(r"[,;&·|]|\band\b|[\d*†‡§¶∗⋆?♠♣♢♡]+|\s{2,}")
_ACCENT = re.compile(r"([¨´`ˆ˜ˇ])\s?([^\W\d_])")
_COMBINING = {"¨": "\u0308", "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "ˇ": "\u030c"}
_AFTER_ABSTRACT = re.compile(r"(?i)(?:keywords?|index terms|key words|contents)\b")
_HEAD = 280.0  # points from the top of the page: the title begins above
_GAP = 0.6  # font sizes between two names in one line
_LONGEST = 3500  # characters of an abstract
_PROSE = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_BESIDE = frozenset({BlockKind.FOOTNOTE, BlockKind.CAPTION, BlockKind.FIGURE_TEXT, BlockKind.TABLE, BlockKind.FORMULA})


def mark_title(runs: list[Run]) -> None:
    """The lines in the largest font at the top of page 1 become the title: one run, wherever their runs parted."""
    first = [run for run in runs if run.lines[0].page == 1 and run.lines[0].y0 < 400 and _length(run) > 9]
    # a drawing below the authors may have larger letters
    first = [run for run in first if run.lines[0].y0 < _HEAD] or first or runs[:1]
    best = max(first, key=lambda run: run.lines[0].size, default=None)
    if best is None:
        return
    best.kind, best.heading = BlockKind.TITLE, None
    at = runs.index(best)
    while at + 1 < len(runs) and _same_title(best.lines[-1], runs[at + 1].lines[0], runs[at + 1]):
        best.lines = best.lines + runs.pop(at + 1).lines
    while at > 0 and _same_title(runs[at - 1].lines[-1], best.lines[0], runs[at - 1]):
        best.lines = runs.pop(at - 1).lines + best.lines
        at -= 1


def _same_title(above: Line, below: Line, other: Run) -> bool:
    """Whether two neighbouring lines of page 1 have one height and little between them."""
    if above.page != below.page or other.kind is BlockKind.CAPTION or _is_section(other):
        return False
    high, low = above.y1 - above.y0, below.y1 - below.y0
    return abs(high - low) < 0.1 * max(high, low) and -0.5 * high < below.y0 - above.y1 < 0.9 * high


def _is_section(run: Run) -> bool:
    """A heading with a number: `A Survey of ...` begins with an article, not with the letter of an appendix."""
    return run.heading is not None and run.heading.number is not None and run.heading.number != "A"


def mark_authors(runs: list[Run], pages: dict[int, RawPage]) -> tuple[str, ...]:
    """Names between the title and the first section; their runs become AUTHORS blocks. A team where no person is named."""
    names: list[str] = []
    teams: list[str] = []
    start = next((i + 1 for i, run in enumerate(runs) if run.kind is BlockKind.TITLE), len(runs))
    for run in runs[start : start + 30]:
        text = " ".join(line.text for line in run.lines)
        if run.lines[0].page > 1 or is_named(text) or _is_section(run):
            break
        if run.kind in _BESIDE or run.kind is BlockKind.HEADING:
            continue
        if run.kind is not BlockKind.PARAGRAPH or ABSTRACT_LABEL.match(text):
            break
        if len(text) > 1500 or sum(w.isalpha() and w.islower() for w in text.split()) > 0.45 * len(text.split()):
            break
        run.kind = BlockKind.AUTHORS
        for line in run.lines:
            for part in _parts(line, pages[line.page]):
                names += _names(part)
                teams += [match[0] for match in [_TEAM.match(part)] if match and len(part) < 60]
    return tuple(dict.fromkeys(names)) or tuple(teams[:1])


def _parts(line: Line, page: RawPage) -> list[str]:
    """The line, cut where more than a word space stands between two words."""
    boxes = page.boxes[line.first : line.last].tolist()
    words = page.words(line.first, line.last)
    parts = [words[0]]
    for before, box, word in zip(boxes, boxes[1:], words[1:], strict=False):
        if box[0] - before[2] > _GAP * line.size:
            parts.append(word)
        else:
            parts[-1] += f" {word}"
    return parts


def _names(text: str) -> list[str]:
    composed = _ACCENT.sub(lambda m: unicodedata.normalize("NFC", m[2] + _COMBINING[m[1]]), text)
    found = [" ".join(part.split()) for part in _BETWEEN.split(composed)]
    return [name for name in found if _NAME.fullmatch(name) and name[0].isupper() and not _PLACE.search(name)]


def mark_abstract(runs: list[Run]) -> None:
    """The runs of the abstract become ABSTRACT blocks: below its heading, or begun by its name, or alone before section 1."""
    heads = [i for i, run in enumerate(runs) if run.kind is BlockKind.HEADING and run.lines[0].page <= 3]
    for index, run in enumerate(runs):
        if run.lines[0].page > 3:
            break
        if run.kind is BlockKind.HEADING and letters(run.lines[0].text) == "abstract":
            return _mark(runs, index + 1)
        if run.kind is BlockKind.PARAGRAPH and ABSTRACT_LABEL.match(run.lines[0].text):
            return _mark(runs, index)
    title = next((i for i, run in enumerate(runs) if run.kind is BlockKind.TITLE), None)
    section = next((i for i in heads if (h := runs[i].heading) and h.number in ("1", "I")), None)
    if title is None or section is None:
        return None
    between = [i for i in range(title + 1, section) if runs[i].kind is BlockKind.PARAGRAPH]
    long = [i for i in between if 350 <= _length(runs[i]) <= _LONGEST]
    return _mark(runs, long[0]) if long else None


def _mark(runs: list[Run], start: int) -> None:
    length = 0
    for run in runs[start:]:
        text = run.lines[0].text
        if run.kind in _BESIDE:
            continue
        over = run.lines[0].page > runs[start].lines[0].page + 1 or length + _length(run) > _LONGEST
        if run.kind not in _PROSE or over or _AFTER_ABSTRACT.match(text) or " . . ." in text:
            return
        length += _length(run)
        run.kind = BlockKind.ABSTRACT


def _length(run: Run) -> int:
    return sum(len(line.text) + 1 for line in run.lines)
