"""Lists of names in running text: what is said of the first or the last of a list is said of all of it.

"Datasets such as A [1], B and C" calls all three data; "A, B, and C benchmarks" all three benchmarks. A long list of names with
citations is telling, too, where none of its names is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from vlmingest.extract.dataset_cues import Beside
from vlmingest.extract.view import PaperView

_ASIDE = r"(?:\[(?:[\d,;\s–-]+|[^\[\]\d][^\[\]]{0,120}\d\d[a-z]?)\]|\((?:[^()]|\([^()]*\)){0,120}\)|\d{1,3}(?![\w.]))"
_WORD = (
    r"(?:data(?:\s?sets?)?|benchmarks?|corpus|corpora|captions?|caption(?:ing)?|annotations|train(?:ing)?|val(?:idation)?|test(?:-\w+)?|sets?"
    r"|splits?|subsets?|tasks?|challenge|images?|videos?)"
)
_JOIN = r"(?:[,;]\s*(?:and\s+|or\s+|as\s+well\s+as\s+)?|[/+&|•]|\band\b|\bor\b|\bas\s+well\s+as\b)"
# "TextCaps) and question answering (VQAv2": the next task of a list by task.
_NEXT_TASK = r"(?:(?:[A-Za-z][\w/-]*\s+){0,4}[A-Za-z][\w/-]*\s*[(:]\s*)?"
_GAP = re.compile(
    rf"[\s)]*(?:{_ASIDE}[\s)]*(?:,\s*(?=\[))?){{0,3}}(?:{_WORD}[\s)]*){{0,2}}(?:{_ASIDE}[\s)]*)?{_JOIN}\s*(?:and\s+)?(?:\d+(?:\.\d+)?\s?[%KMB]?\s+)?(?:(?:from|on|in|for|of)\s+)?(?:the\s+)?{_NEXT_TASK}",
    re.IGNORECASE,
)
# A sentence that opens with the name speaks of the set of data itself ("Foo [3] consists of"), not of another's work.
OPENING = 6
_TELLS = re.compile(
    r"(?:\s?\[[\d, ]+\]|\s\([^()]{0,80}\))?\s(?:data\s?sets?\s|corpus\s|benchmark\s|V?\d\s)?(?:is|are|was|were|has|[a-z]+s|built|collected|made)\s"
)
_MAX_GAP = 150
_PLAIN_GAPS = frozenset({", ", " and ", ", and ", "/", "; "})  # most gaps that are one
_LONG = 4
_BARE = frozenset({"model", "tool", "listed"})
_SHARED = ("data", "training", "evaluation", "trained_on", "evaluated_on", "contrast")


class Member(NamedTuple):
    """A name in a list: `[start, end)`, whether a list of names knows it for sure, and what stands beside it."""

    start: int
    end: int
    sure: bool
    beside: Beside


class InList(NamedTuple):
    """What a name's list says of it; `mates`: how many other names of the list are known for sure; `telling`: not all stand bare."""

    mates: int
    says: tuple[str, ...]
    telling: bool
    length: int


ALONE = InList(0, (), False, 1)


def lists_of(text: str, members: Sequence[Member]) -> dict[int, InList]:
    """Start of a name -> its list; `members` in order of the text. Names that stand alone are left out."""
    found: dict[int, InList] = {}
    run: list[Member] = []
    for member in members:
        if run and (member.start < run[-1].end or not _is_gap(text, run[-1].end, member.start)):
            found.update(_close(run))
            run = []
        run.append(member)
    found.update(_close(run))
    return found


def _is_gap(text: str, start: int, end: int) -> bool:
    return end - start < _MAX_GAP and (text[start:end] in _PLAIN_GAPS or _GAP.fullmatch(text, start, end) is not None)


def _close(run: Sequence[Member]) -> Iterator[tuple[int, InList]]:
    if len(run) < 2:
        return
    sure = sum(member.sure for member in run)
    shared = {name for name in (*run[0].beside.before, *run[-1].beside.after) if name in _SHARED}
    says = [f"list_{name}" for name in _SHARED if name in shared]
    if len(run) >= _LONG:
        says.append("list_long")
    if 2 * sum("cited" in member.beside.after for member in run) >= len(run):
        says.append("list_cited")
    if 2 * sum("model" in member.beside.after for member in run) >= len(run):
        says.append("list_model")
    if 2 * sum("amount" in member.beside.after for member in run) >= len(run):
        says.append("list_amount")
    telling = sure > 0 or any(not set(member.beside.all) <= _BARE for member in run)
    for member in run:
        mates = sure - member.sure
        most = ("mates_most",) if 2 * mates >= len(run) - 1 and mates else ()
        yield member.start, InList(mates, (*says, *most), telling, len(run))


def sets_told(view: PaperView, names: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    """Sentences that tell of one set of data, which they open with ("FooQA [3] takes images from Bar"): index -> its end.

    `names`: the index of the sentence, start and end of each name.
    """
    sentences, text = view.sentences, view.text
    return {
        index: end
        for index, start, end in names
        if start <= sentences[index].start + OPENING and _TELLS.match(text, end) is not None
    }
