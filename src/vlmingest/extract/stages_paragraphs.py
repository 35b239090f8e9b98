"""Stages told in paragraphs of their own behind the sentence that counts them ("Training takes three steps:")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_passage import Passage, Slot
from vlmingest.extract.wording import wording


def _announced(passages: Sequence[Passage], n: int, ends: str = ":") -> Iterator[tuple[int, Passage]]:
    """The sentences that announce `n` stages, told behind them."""
    for index, passage in enumerate(passages):
        if not passage.may_count or passage.text[-1] not in ends or passage.zone not in ("training", "method"):
            continue
        if any(count.n == n for count in marks.counts(passage.text, in_training=True)):
            yield index, passage


def take_paragraphs(slots: list[Slot], passages: Sequence[Passage]) -> None:
    """The paragraphs behind "is trained in three stages:" are about one stage each, in order."""
    if any(slot.paragraph >= 0 for slot in slots):
        return
    for index, passage in _announced(passages, len(slots)):
        wanted = range(passage.paragraph + 1, passage.paragraph + 1 + len(slots))
        behind = [other for other in passages[index + 1 :] if other.paragraph in wanted]
        here = {other.paragraph for other in behind if other.section == passage.section and not other.is_heading}
        if len(here) >= len(slots) - 1 and not any(other.is_heading or other.ordinals for other in behind):
            for slot, paragraph in zip(slots, wanted, strict=True):
                slot.paragraph = paragraph
            return


_OF_REWARDS = wording("stages_kinds.of_rewards")
_TITLE_WORDS = re.compile(r"(?:[A-Z][\w-]*\s+){0,2}\Z")
_LONGEST_TITLE = 60
_BULLET = re.compile(r"\A[-•▪‣*–]\s+")


def name_paragraphs(slots: Sequence[Slot], passages: Sequence[Passage]) -> None:
    """Stages that nothing names are what the titles of the announced paragraphs say ("Reward Modeling Here we ...").

    Paragraphs without a title go on with the one before (behind a formula, say).
    """
    if any(slot.classes for slot in slots):
        return
    take_titled(slots, passages)


def take_titled(slots: Sequence[Slot], passages: Sequence[Passage], ends: str = ":") -> None:
    """Give the slots the titled paragraphs behind the sentence that announces as many stages, and ends with one of `ends`."""
    for index, passage in _announced(passages, len(slots), ends):
        found: list[tuple[Passage, str, set[str]]] = []
        last = passage.paragraph
        for other in passages[index + 1 :]:
            if other.section != passage.section or other.is_heading or other.ordinals:
                break
            if other.paragraph != last and (title := _run_in_title(other.text)) is not None:
                found.append((other, *title))
            last = other.paragraph
        if len(found) != len(slots):
            continue
        for slot, (first, name, classes) in zip(slots, found, strict=True):
            slot.paragraph = first.paragraph
            slot.classes |= classes
            if slot.name in ("", f"Stage {slot.order}"):
                slot.name = name
            slot.place = slot.place or (first.start, first.end)
        return


def _run_in_title(text: str) -> tuple[str, set[str]] | None:
    """The title in capitals at the head of a paragraph that names a kind of stage: its words and its kind."""
    text = _BULLET.sub("", text)
    head = text[:_LONGEST_TITLE]
    told = [(mark.start, mark.end, {mark.key}) for mark in marks.named(head)]
    told += [(match.start(), match.end(), set()) for match in _OF_REWARDS.finditer(head)]
    for start, end, classes in sorted(told, key=lambda one: one[0])[:1]:
        if text[start].isupper() and _TITLE_WORDS.match(text[:start]):
            return text[:end], classes
    return None
