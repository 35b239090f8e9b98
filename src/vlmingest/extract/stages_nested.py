"""Plans with a part that has stages of its own: "4.1 Pre-training" of three numbered stages, then "4.2 SFT" and "4.3 DPO".

The numbers count the stages of the pre-training alone there, and each section beside it that speaks of tuning is a stage
after them (or as many as it says and names).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_kinds import heading_title, is_aside
from vlmingest.extract.stages_paragraphs import take_titled
from vlmingest.extract.stages_passage import TITLE_LENGTH, Passage, Slot
from vlmingest.extract.wording import wording

_LATER = frozenset({"align", "sft", "preference", "rl", "finetune"})
_PRETRAINING = wording("stages_kinds.pretraining")
_LEAST = 2  # stages of the part


def nested(passages: Sequence[Passage]) -> list[Slot]:
    """The stages of a paper whose pre-training is numbered by itself; empty for any other paper."""
    for index, passage in enumerate(passages):
        if not passage.is_heading or passage.zone not in ("training", "method") or is_aside(passage.text):
            continue
        if not _PRETRAINING.search(passage.text) or {mark.key for mark in passage.named} & _LATER or passage.ordinals:
            continue
        inside = [other for other in passages[index + 1 :] if other.start < passage.section_end]
        keys = _numbered(inside)
        n = len(keys)
        if n < _LEAST:
            continue
        after = _sections_after(passages, passage)
        if after and not any(
            str(int(keys[-1]) + 1) in _numbers(other) for other in passages if other.start >= passage.section_end
        ):
            slots = _slots(keys, after, passages)
            _take_headed(slots[:n], inside)
            take_titled(slots[:n], inside, ":.")
            return slots
    return []


def _name_behind(title: Passage) -> str:
    """`Stage 1.2 Joint Tuning.` without its number; "" for a sentence."""
    if len(title.text) > TITLE_LENGTH:
        return ""
    return title.text[title.ordinals[0].end :].strip(" .:|–—-)")


_PARTS = re.compile(r"[1-6]\.[1-6]")
_AT_HEAD = 3  # letters before a number that opens its sentence


def numbered_parts(passages: Sequence[Passage]) -> list[Slot]:
    """Stages that are numbered within stages ("Stage 1.1", "Stage 1.2", "Stage 2.1") in titles; empty for any other paper.

    A stage without such parts stays one; "Stage 1.5" alone is a stage between two others, which `stages_counts` knows.
    """
    titled: dict[str, Passage] = {}
    whole: set[str] = set()
    for passage in passages:
        if not passage.may_count or passage.zone not in ("training", "method", "appendix") or passage.is_foreign:
            continue
        for mark in passage.ordinals:
            head = len(passage.text) - len(heading_title(passage.text)) if passage.is_heading else 0
            if mark.start - head <= _AT_HEAD and _PARTS.fullmatch(mark.key):
                titled.setdefault(mark.key, passage)
            elif mark.key.isdigit():
                whole.add(mark.key)
    found: list[Slot] = []
    divided = False
    for key in map(str, range(1, 7)):
        parts: list[str] = []
        while (part := f"{key}.{len(parts) + 1}") in titled:
            parts.append(part)
        if len(parts) < _LEAST and key not in whole and not parts:
            break
        divided |= len(parts) >= _LEAST
        for part in parts if len(parts) >= _LEAST else [key]:
            place = titled.get(part)
            slot = Slot(len(found) + 1, keys={part})
            if place is not None:
                slot.place, slot.name = (place.start, place.end), _name_behind(place)
            found.append(slot)
    return found if divided else []


def _numbers(passage: Passage) -> set[str]:
    """The numbers of stages that a passage on training names."""
    if not passage.may_count or passage.zone not in ("training", "method") or passage.is_foreign:
        return set()
    return {mark.key for mark in passage.ordinals}


def _numbered(inside: Sequence[Passage]) -> list[str]:
    """The numbers of the stages of the part, from 1 (or 0) on: those that it names, or as many as it counts."""
    found = {key for passage in inside if passage.may_count for key in (mark.key for mark in passage.ordinals)}
    n = 0
    while str(n + 1) in found:
        n += 1
    first = 0 if n and "0" in found else 1
    last = n if n + 1 - first >= _LEAST else max((_counted(passage) for passage in inside), default=0)
    return [str(key) for key in range(first if last == n else 1, last + 1)]


def _take_headed(slots: Sequence[Slot], inside: Sequence[Passage]) -> None:
    """Give the slots the sections of the part, where these are as many and of the same level ("Joint Cooldown Stage")."""
    headings = [passage for passage in inside if passage.is_heading]
    level = min((heading.level for heading in headings), default=0)
    headings = [heading for heading in headings if heading.level == level and not is_aside(heading.text)]
    if len(headings) != len(slots) or any(heading.ordinals for heading in headings):
        return
    for slot, heading in zip(slots, headings, strict=True):
        slot.name, slot.place = heading_title(heading.text), (heading.start, heading.end)
        slot.section = (heading.start, heading.section_end)


def _counted(passage: Passage) -> int:
    """The number of stages that a sentence states of the pre-training alone; 0 for none."""
    if not passage.may_count or {mark.key for mark in passage.named} & _LATER:
        return 0
    return max((count.n for count in marks.counts(passage.text, in_training=True) if count.of_pretraining), default=0)


def _sections_after(passages: Sequence[Passage], part: Passage) -> list[Passage]:
    """The sections behind the part and beside it that are about tuning, up to the end of what they are all in."""
    found = []
    for passage in passages:
        if not passage.is_heading or passage.start < part.section_end:
            continue
        if passage.level < part.level:
            break
        if passage.level == part.level and _is_later(passage):
            found.append(passage)
    return found


def _slots(keys: Sequence[str], after: Sequence[Passage], passages: Sequence[Passage]) -> list[Slot]:
    slots = [Slot(order=order, keys={key}, classes={"pretrain"}) for order, key in enumerate(keys, 1)]
    for section in after:
        inside = [passage for passage in passages if section.end <= passage.start < section.section_end]
        titled = [passage for passage in inside if passage.is_heading and _is_later(passage)]
        names = [] if len(titled) >= _LEAST else _names_told(inside)
        for title in titled if len(titled) >= _LEAST else [section]:
            for name in names or [heading_title(title.text)]:
                classes = {mark.key for mark in marks.named(name)} or {mark.key for mark in title.named}
                span = (title.start, title.section_end)
                slots.append(Slot(len(slots) + 1, name, set(), classes, (title.start, title.end), section=span))
    return slots


def _is_later(passage: Passage) -> bool:
    """Does a title name a stage behind the pre-training?"""
    return not {mark.key for mark in passage.named}.isdisjoint(_LATER) and not is_aside(passage.text)


_PHASES = wording("stages_kinds.phases")


def _names_told(inside: Sequence[Passage]) -> list[str]:
    """`Post-training has two phases: SFT and DPO`: their names, where each is of a kind of its own."""
    for passage in inside:
        listed = _PHASES.search(passage.text) if passage.may_count else None
        if listed is None:
            continue
        found = {mark.key: mark.name for mark in reversed(list(marks.named(listed["names"])))}
        if len(found) >= _LEAST:
            return [name for _, name in reversed(found.items())]
    return []
