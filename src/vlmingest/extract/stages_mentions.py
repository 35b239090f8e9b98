"""Where a sentence mentions stages of the plan: by a number, a name, a kind, its place in a list, or a verb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_aliases import find
from vlmingest.extract.stages_numbers import RATE
from vlmingest.extract.stages_passage import Passage, Slot
from vlmingest.extract.wording import wording


def slot_of(slots: Sequence[Slot], mark: marks.Mark) -> Slot | None:
    """The stage of the plan that a mark speaks of."""
    if mark.kind == "ordinal":
        if mark.key == "last" and slots:
            return slots[-1]
        return next((slot for slot in slots if mark.key in slot.keys), None)
    return next((slot for slot in slots if mark.key in slot.classes), None)


IN_PASSING = wording("stages_assign.in_passing")
WE_FIRST = wording("stages_assign.we_first")
FIRST = wording("stages_assign.first")


OPENS_FIRST = (
    "We begin",
    "We start",
    "In the",
    "in the",
    "Sched",
    "sched",
    "First",
    "first",
    "Init",
    "init",
    "At ",
    "at ",
    "To ",
    "to ",
    "FIRST",
    "INIT",
)
_OPENS_ITEM = tuple("(0123456iv")
_PHASES_OF = wording("stages_assign.phases_of")


def _by_place(mark: marks.Mark) -> tuple[int, int, str, str]:
    return mark.start, mark.end, mark.key, mark.kind


def _of_two(text: str, slots: Sequence[Slot]) -> Iterator[tuple[Slot, marks.Mark]]:
    """`1e-3 in the former and 1e-5 in the latter`, of two stages."""
    if len(slots) != len(_OF_TWO):
        return
    for slot, word in zip(slots, _OF_TWO, strict=True):
        if (at := text.find(word)) >= 0:
            yield slot, marks.Mark("ordinal", str(slot.order), word, at, at + len(word))


_OF_TWO = (" former", " latter")


def _with_rates(passage: Passage, slots: Sequence[Slot], kinds: tuple[marks.Mark, ...]) -> tuple[marks.Mark, ...]:
    """All kinds that a sentence names, where it has as many rates: "alignment has a rate of 1e-3, instruction tuning one of 1e-5"."""
    every = {mark.key for mark in passage.named if slot_of(slots, mark) is not None}
    more = len(every) > len({mark.key for mark in kinds})
    return passage.named if more and len(list(RATE.finditer(passage.text))) == len(every) else kinds


def mentions(passage: Passage, slots: Sequence[Slot], known: Mapping[str, Slot]) -> Iterator[tuple[Slot, marks.Mark]]:
    """Each mention of a stage with that stage; `known`: the aliases of the stages."""
    kinds = passage.named if passage.is_run_in else passage.stage_names
    if passage.is_run_in:
        own = next((slot for slot in slots if slot.place is not None and slot.place[0] == passage.start), None)
        if own is not None:
            yield own, marks.Mark("title", "", passage.text, 0, len(passage.text))
            return
    first = FIRST.match(passage.text) if passage.text.startswith(OPENS_FIRST) else None
    if first is None and "we first" in passage.text:
        first = WE_FIRST.match(passage.text)
    item = marks.item_title(passage.text) if passage.text.startswith(_OPENS_ITEM) else None
    listed = next((slot for slot in slots if item is not None and slot.item and slot.name == item.name), None)
    if item is not None and (listed is not None or item.key in {str(slot.order) for slot in slots}):
        listed = listed or slots[int(item.key) - 1]
        if listed.item or listed.classes & {mark.key for mark in marks.named(item.name)}:
            yield listed, item
            return
    if first is not None and not passage.ordinals and not kinds:
        opening = marks.Mark("ordinal", "1", first.group(), first.start(), first.end())
        yield from _spoken(slots, [opening])
        return
    if "latter" in passage.text and not kinds and not passage.ordinals:
        yield from _of_two(passage.text, slots)
        return
    if not kinds and ":" in passage.text and passage.may_count and _PHASES_OF.search(passage.text):
        kinds = passage.named  # "two phases: SFT and DPO"
    if kinds and passage.may_set and "rate" in passage.text and not passage.is_run_in:
        kinds = _with_rates(passage, slots, kinds)
    numbered = passage.ordinals
    if numbered and kinds:
        numbered = tuple(o for o in numbered if IN_PASSING.search(passage.text[: o.start]) is None)
        # "Stage 3: vision pre-training", "the first alignment stage": the number says which
        kinds = tuple(k for k in kinds if all(k.start - o.end > 60 or o.start - k.end > 60 for o in numbered))
    titled: list[tuple[int, int]] = []
    for slot, mark in find(passage.text, known) if passage.may_count and not passage.is_heading else ():
        titled.append((mark.start, mark.end))
        yield slot, mark
    lower = passage.text.lower() if any(slot.own_name for slot in slots) else ""
    for slot in slots:
        if slot.own_name and not passage.is_heading and (at := lower.find(slot.own_name)) >= 0:
            titled.append((at, at + len(slot.own_name)))
            yield slot, marks.Mark("title", "", slot.own_name, at, at + len(slot.own_name))
    if titled:
        kinds = tuple(k for k in kinds if all(k.end <= start or k.start >= end for start, end in titled))
    found = sorted({*numbered, *kinds}, key=_by_place) if numbered or kinds else []
    if not found and ("epoch" in passage.text or "rate" in passage.text):
        # "we perform SFT with a learning rate of 1e-5 and GRPO with one of 1e-6"
        several = len({mark.key for mark in passage.named}) > 1
        told = list(passage.named) if several else list(marks.verbs(passage.text))
        found = [] if told and passage.is_foreign else told
    yield from _spoken(slots, found)


def _spoken(slots: Sequence[Slot], found: Sequence[marks.Mark]) -> Iterator[tuple[Slot, marks.Mark]]:
    """The marks that speak of a stage of the plan, each with that stage."""
    for mark in found:
        slot = slot_of(slots, mark)
        if slot is not None:
            yield slot, mark
