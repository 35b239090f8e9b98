r"""Run-in heads: the bold or italic words that `\paragraph{...}` sets at the start of a paragraph, in its first line.

They are headings of the lowest level, as in the other readers. A name in bold that the sentence goes on with is none.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from vlmingest.document import BlockKind
from vlmingest.read.floats import Run
from vlmingest.read.front import ABSTRACT_LABEL
from vlmingest.read.pagelines import Line, is_italic
from vlmingest.read.pdfium import RawPage
from vlmingest.read.sections import Heading

LEVEL = 4
_MOST_WORDS = 12
_IEEE = re.compile(
    r"(?:(?P<number>\d{1,2})|[a-z])\)\s(?=\S)"
)  # IEEEtran: "1) Training: ...", paragraphs "a) Data: ..."
_FLOAT = re.compile(r"(?:Fig(?:ure|s)?|Tab(?:le|s)?)\.?\s?\d")  # "Fig. 4 shows ...": a sentence
_SPEAKER = re.compile(r"[A-Z]\w+:")
_STARTS = re.compile(r"[A-Z\d(]|[a-z]\)\s")
_ENDS = re.compile(r"[.:?!]\s?$|[—–]$")


def has_run_in_head(line: Line) -> bool:
    """Whether the line begins with words in bold or italics that read as a head of what follows."""
    if not line.lead:
        return False
    head, rest = line.text[: line.lead].strip(), line.text[line.lead :].strip()
    if len(head.split()) > _MOST_WORDS or not _STARTS.match(head) or len(head) < 3 or _FLOAT.match(head):
        return False
    if not line.is_lead_bold:
        return bool(_IEEE.match(head)) or (_ENDS.search(head) is not None and head.count(" ") > 0)
    if _ENDS.search(head) or rest[:1] in (":", "."):
        return True
    return " " in head and rest[:1].isupper()  # a name is followed by a verb


def is_counted_head(line: Line) -> bool:
    """Whether the line begins with a head that IEEEtran counts and sets in italics, number included in what is upright."""
    if not _IEEE.match(line.text):
        return False
    if line.lead:
        return not line.is_lead_bold and _IEEE.match(line.text[: line.lead]) is not None
    return is_italic(line.font)


def part_run_in_heads(runs: list[Run], pages: dict[int, RawPage]) -> list[Run]:
    """The runs with the run-in heads of paragraphs, behind the first section's heading, as headings of their own."""
    result: list[Run] = []
    begun = False
    spoken = Counter(match[0] for run in runs if (match := _SPEAKER.match(run.lines[0].text)))
    for run in runs:
        begun = begun or run.kind is BlockKind.HEADING
        above = _lines_of_head(run) if begun and run.kind is BlockKind.PARAGRAPH else -1
        speaker = _SPEAKER.match(run.lines[0].text)  # "Question: ..." again and again is a talk that is shown
        if above < 0 or ABSTRACT_LABEL.match(run.lines[0].text) or (speaker and spoken[speaker[0]] > 1):
            result.append(run)
            continue
        line = run.lines[above]
        head, rest = _parted(line, pages[line.page])
        counted = _IEEE.match(run.lines[0].text)
        level = LEVEL - 1 if counted is not None and counted["number"] and not line.is_lead_bold else LEVEL
        lines = [*run.lines[:above], head]
        if counted is not None:
            lines[0] = replace(lines[0], first=lines[0].first + 1, text=_IEEE.sub("", lines[0].text, count=1))
        title = lines[0].text
        title = title if above else title.rstrip(" .:—–")  # the text of other lines is put behind it
        result.append(Run(BlockKind.HEADING, lines, heading=Heading(None, title, level)))
        run.lines = [rest, *run.lines[above + 1 :]]
        result.append(run)
    return result


def _lines_of_head(run: Run) -> int:
    """How many whole lines the run-in head has before the one that it ends in; -1 without a head."""
    first = run.lines[0]
    if has_run_in_head(first):
        return 0
    second = run.lines[1] if len(run.lines) > 1 else None
    if second is None or not second.lead or not (first.is_bold if second.is_lead_bold else is_counted_head(first)):
        return -1
    words = len(first.text.split()) + second.lead_words
    rest = second.text[second.lead :].strip()
    head = second.text[: second.lead].strip()
    ended = _ENDS.search(head) is not None or rest[:1].isupper()
    return 1 if ended and words <= 2 * _MOST_WORDS and _STARTS.match(first.text) else -1


def _parted(line: Line, page: RawPage) -> tuple[Line, Line]:
    """The line's head and its rest."""
    cut = line.first + line.lead_words
    boxes = page.boxes
    head = replace(line, last=cut, text=line.text[: line.lead].rstrip(), x1=float(boxes[cut - 1, 2]), lead=0, cased="")
    rest = line.text[line.lead :].lstrip()
    return head, replace(line, first=cut, text=rest, x0=float(boxes[cut, 0]), lead=0, cased="")
