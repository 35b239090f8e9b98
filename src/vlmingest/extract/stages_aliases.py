"""Stages by the names that the paper gives them: "an Alignment stage, a Continued Training (CT) stage and an Annealing stage".

No vocabulary: a name is what stands before "stage" or "phase" in a list of several, above a column of a table of stages, or
in a title. Each becomes an alias of its stage, under which the text speaks of it ("in the CT stage") from then on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_passage import Passage, Slot
from vlmingest.extract.wording import wording

_LEAST_LISTED = 3  # two names in a sentence may be two of many
_LONGEST = 5  # words of a name
_UNIT = wording("stages_aliases.unit")
_IN_LIST = wording("stages_aliases.in_list")
_NUMBERED = wording("stages_aliases.numbered")
_UNIT_BEHIND = wording("stages_aliases.unit_behind")
_SHORT = re.compile(r"\((?P<short>[A-Z][\w-]{1,9})\)")
_TELLS_NOTHING = wording("stages_aliases.tells_nothing")
_MOST_LETTERS = 60


def listed(passages: Iterable[Passage]) -> Iterator[tuple[Passage, list[str]]]:
    """Sentences that name three stages or more, each with an article of its own, and the names in order."""
    for passage in passages:
        text = passage.text
        if text.count(" stage") + text.count(" phase") < _LEAST_LISTED or passage.is_foreign:
            continue
        names = list(dict.fromkeys(match["name"] for match in _IN_LIST.finditer(text)))
        if len(names) >= _LEAST_LISTED and not any(_TELLS_NOTHING.search(name.lower()) for name in names):
            yield passage, names


def plain(name: str) -> str:
    """A name in the spelling in which names are compared: no number, no brackets, no hyphens, no "stage" behind it."""
    bare = _UNIT_BEHIND.sub("", _NUMBERED.sub("", re.sub(r"\([^)]*\)", "", name)))
    return " ".join(bare.replace("-", "").lower().split())


def take_names(slots: Sequence[Slot], names: Sequence[str], place: tuple[int, int] | None) -> None:
    """Give as many names to the stages, in order, where these have none but their number."""
    if len(names) != len(slots):
        return
    for slot, name in zip(slots, names, strict=True):
        told = _NUMBERED.sub("", name).strip(" .:")
        if not plain(name) or len(told) > _MOST_LETTERS:
            continue
        slot.aliases |= _aliases(name)
        if not slot.name or slot.name == f"Stage {slot.order}":
            slot.name = told
            slot.place = slot.place or place
        slot.classes |= {mark.key for mark in marks.named(told)} if not slot.classes else set()


def _aliases(name: str) -> set[str]:
    told = plain(name)
    found = (
        {told}
        if any(map(str.isalpha, told)) and told.count(" ") < _LONGEST and not _TELLS_NOTHING.fullmatch(told)
        else set()
    )
    return found | {match["short"].lower() for match in _SHORT.finditer(name)}


def by_alias(slots: Sequence[Slot], passages: Sequence[Passage]) -> dict[str, Slot]:
    """Alias -> stage, of the aliases that are one stage's alone; short forms that titles tell are taken in."""
    for slot in slots:
        if slot.name and not slot.name.startswith(("Stage ", "stage ")):
            slot.aliases |= _aliases(slot.name)
    owners = Counter(alias for slot in slots for alias in slot.aliases)
    found = {alias: slot for slot in slots for alias in slot.aliases if owners[alias] == 1}
    for passage in passages:
        if "(" in passage.text and len(passage.text) <= _MOST_LETTERS and (owner := found.get(plain(passage.text))):
            for match in _SHORT.finditer(passage.text):
                found.setdefault(match["short"].lower(), owner)
    return found


def find(text: str, aliases: Mapping[str, Slot]) -> Iterator[tuple[Slot, marks.Mark]]:
    """Mentions of stages by their aliases: before "stage" or "phase", or as the whole of a title."""
    if not aliases:
        return
    if len(text) <= _MOST_LETTERS and (slot := aliases.get(plain(text))) is not None:
        yield slot, marks.Mark("title", "", text, 0, len(text))
        return
    for unit in _UNIT.finditer(text):
        last = unit.start()
        while (told := _before(text, last, aliases)) is not None:
            slot, start = told
            yield slot, marks.Mark("title", "", text[start:last], start, unit.end() if last == unit.start() else last)
            beside = _BESIDE.search(text, max(0, start - _LONGEST_JOINT), start) if unit["many"] else None
            if beside is None:
                break
            last = beside.start()


def _before(text: str, end: int, aliases: Mapping[str, Slot]) -> tuple[Slot, int] | None:
    """The longest alias that ends at `end`: its stage and where it starts."""
    low = max(0, end - _MOST_LETTERS)
    for start in [low + word.start() for word in _WORD.finditer(text[low:end])][-_LONGEST:]:
        words = text[start:end].replace("-", "").lower()  # as `plain` writes it
        if (slot := aliases.get(words)) is not None:
            return slot, start
    return None


_WORD = re.compile(r"[^\s,;:()/]+")
_BESIDE = re.compile(r"(?:,? and |, |/| & )(?:the )?\Z")  # "the PT, CT, and SFT stages"
_LONGEST_JOINT = 10
