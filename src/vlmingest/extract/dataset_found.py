"""Where names of data stand in the text of a paper: those that lists know, and in prose what only looks like one.

What a place says of its name, and which places are of one set, is read in `dataset_mentions`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from vlmingest.document import BlockKind
from vlmingest.extract.dataset_cues import Beside, beside, cues, parts_to_read
from vlmingest.extract.dataset_lists import InList
from vlmingest.extract.dataset_names import is_plain, is_short_form, is_spelled_out, looks_like_data, names_in
from vlmingest.extract.dataset_uses import DATA_HOME
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.view import PaperView
from vlmingest.vocabulary.datasets import find_datasets, fold_name

_BARE = Beside((), ())
_TITLES = frozenset({BlockKind.TITLE, BlockKind.HEADING})
# Here others' work is told: what stands beside a name is not of the own one.
OF_OTHERS = frozenset({SectionKind.RELATED, SectionKind.REFERENCES})
# What is named here is named again where it matters.
_NO_NEWS = OF_OTHERS | {SectionKind.FRONT, SectionKind.INTRODUCTION, SectionKind.CONCLUSION}


class Found(NamedTuple):
    """A place with a name: whether a list knows that (`known`), and then whether it has no other meaning (`sure`)."""

    name: str
    start: int
    end: int
    sure: bool
    known: bool
    sentence: int | None  # its index
    beside: Beside


class Finds:
    """The places of one paper. `hidden`: names to be read as if no list knew them."""

    def __init__(self, view: PaperView, hidden: Callable[[str], bool]) -> None:
        self._view = view
        self.known = tuple(
            self._found(found.name, found.start, found.end, found.sure)
            for found in find_datasets(view.text, view.lowered, parts_to_read(view))
            if not hidden(found.name)
        )
        self._taken = sorted(
            {(found.start, found.end) for found in self.known}
            | {(mention.start, mention.end) for mention in view.mentions if mention.code.kind != "dataset"}
        )
        named = (*self.known, *self._unknown_in_prose())
        self.all = sorted(named, key=lambda found: (found.start, found.end, found.name))

    def _found(self, name: str, start: int, end: int, sure: bool) -> Found:
        """A known name; what stands beside it tells nothing in a table or where others' work is told."""
        index = self._view.sentence_index(start)
        bare = index is None or self._view.sentences[index].section in OF_OTHERS
        return Found(name, start, end, sure, True, index, _BARE if bare else beside(self._view.text, start, end))

    def _unknown_in_prose(self) -> Iterator[Found]:
        view, read = self._view, cues(self._view)
        near = {found.sentence for found in self.known if found.sentence is not None}
        for index in sorted(near | read.may_name()):
            sentence = view.sentences[index]
            if sentence.section in _NO_NEWS or sentence.kind in _TITLES:
                continue
            if index not in near and not read.speaks(index):
                continue
            for start, end in names_in(view.text, sentence.start, sentence.end):
                if not self.is_taken(start, end):
                    yield Found(view.text[start:end], start, end, True, False, index, beside(view.text, start, end))

    def is_taken(self, start: int, end: int) -> bool:
        """Whether `[start, end)` overlaps with a name that is known: of data, of a part or of a model."""
        index = bisect_right(self._taken, (end, 0)) - 1
        while index >= 0 and self._taken[index][0] > start - 80:
            if self._taken[index][0] < end and self._taken[index][1] > start:
                return True
            index -= 1
        return False

    def stands_for(self, found: Found) -> bool:
        """Whether it is a short form that the name after the colon explains ("FQA: FooQA [3]; BQA: BarQA")."""
        text = self._view.text
        if not text.startswith(": ", found.end) or not text[found.start : found.end].isupper():
            return False
        after = bisect_left(self._taken, (found.end + 2, 0))
        return after < len(self._taken) and self._taken[after][0] == found.end + 2


def may_be_data(view: PaperView, found: Found, listed: InList, own: frozenset[str]) -> bool:
    """Whether anything beside a name that no list knows, its list or its look says that it could be one of data.

    `own`: folded names of the own model.
    """
    text = view.text
    if fold_name(found.name) in own or is_short_form(text, found.start, found.end):
        return False
    if is_spelled_out(text, found.start, found.end):
        return False
    if is_plain(found.name):
        return "mates_most" in listed.says
    if "maker" in found.beside.before and "data" not in found.beside.after:
        return False
    if not set(found.beside.all) <= {"model", "tool"}:
        return True
    section = view.sentences[found.sentence].section if found.sentence is not None else None
    return listed.telling or (section in DATA_HOME and looks_like_data(found.name))
