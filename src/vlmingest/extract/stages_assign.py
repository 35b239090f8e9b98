"""Which stage a sentence speaks of: by an ordinal or a name in it, by its heading, or because the one before did.

`assign` gives for each stage of the plan the pieces of text about it (a sentence that speaks of two stages is divided),
each with how it was given to the stage.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vlmingest.document import Span
from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_aliases import by_alias
from vlmingest.extract.stages_mentions import FIRST, IN_PASSING, OPENS_FIRST, mentions, slot_of
from vlmingest.extract.stages_numbers import RATE
from vlmingest.extract.stages_passage import Passage, Slot
from vlmingest.extract.stages_scopes import ONWARD, in_scopes, of_the_rest, with_later, with_subject
from vlmingest.extract.stages_sequence import FIRST_THEN, LAST, THEN
from vlmingest.extract.stages_turns import in_turn, speaks_in_turn
from vlmingest.extract.wording import wording

_DETAIL = wording("stages_assign.detail")
_OWN_ZONES = frozenset({"training", "method", "appendix", "data"})
_MARKED_ZONES = frozenset({"introduction", "abstract", "caption", "evaluation"})


class Piece(NamedTuple):
    """Text about a stage: its place, the passage it is of, and how it came to the stage ("mark", "every", "heading", "focus")."""

    place: Span
    text: str
    zone: str
    how: str
    may_freeze: bool = True
    may_set: bool = True
    of_trial: bool = False  # is its sentence about runs that are not the model's own?


_OF_TRIAL = wording("stages_assign.of_trial")


def assign(sentences: Sequence[Passage], slots: Sequence[Slot]) -> tuple[dict[int, list[Piece]], list[Piece]]:
    """For each stage (by order) the pieces that speak of it; and the sentences about training that speak of none."""
    told: dict[int, list[Piece]] = {slot.order: [] for slot in slots}
    general: list[Piece] = []
    focus: Slot | None = None
    by_heading: Slot | None = None
    carried: Slot | None = None
    led: Slot | None = None
    latest: Slot | None = None  # the stage that was named last
    before: Passage | None = None
    marker: Passage | None = None  # the last sentence that named a stage
    around: Slot | None = None
    listed: Slot | None = None
    above: list[tuple[int, Slot]] = []  # (end, stage) of the sections around that are about one stage
    paragraph = section = marked = led_paragraph = -1
    several = len(slots) > 1
    in_stretches = any(slot.section and not slot.keys for slot in slots)
    known = by_alias(slots, sentences) if several else {}
    for passage in sentences:
        if passage.zone not in _OWN_ZONES and not (passage.zone == "evaluation" and _tells_details(passage)):
            _hear_outside(passage, slots, known, told, general)
            continue
        if passage.section != section:
            section, focus, carried = passage.section, None, None
            above = [told_by for told_by in above if passage.start < told_by[0]]
            by_heading = _of_section(passage, slots)
            around = above[-1][1] if above and by_heading is None else None
            if several and passage.is_heading and passage.section_end and (own := _only_slot(passage, slots)):
                above.append((passage.section_end, own))
        if passage.paragraph != paragraph:
            paragraph = passage.paragraph
            if in_stretches and (stretch := _of_section(passage, slots)) is not by_heading:
                by_heading, carried = stretch, None
            listed = next((slot for slot in slots if slot.paragraph == paragraph), None)
            focus = listed or carried or by_heading
        pieces = _pieces(passage, slots, known) if several else []
        leader = led if led_paragraph == passage.paragraph else by_heading
        # whatever kind it names, the list says whose paragraph it is
        around_it = listed if not passage.ordinals else None
        if around_it is not None or _looks_back(passage, leader, pieces, slots):
            pieces, focus = [], around_it or leader
        if len(pieces) == 1 and not passage.is_heading and _leads(passage):
            led, led_paragraph = pieces[0][0], passage.paragraph
            carried = pieces[0][0]  # "Stage 2: ..." at its head: what follows in the section is still about it
        # a column may end between the two sentences
        goes_on = marked == passage.paragraph or (marker is not None and marker is before)
        now = focus if goes_on and _tells_of_next(passage, before) else None
        if (
            not pieces
            and (behind := _behind(now, slots, passage.text) or _behind_the_last(latest, slots, passage)) is not None
        ):
            focus = carried = latest = behind
            marked = passage.paragraph
        pieces = pieces or of_the_rest(passage, slots, focus)
        if not pieces and several and not passage.is_heading and _is_of_every(passage, focus):
            for slot in _of_the_part(passage, slots):
                told[slot.order].append(_piece(passage, "every"))
        elif not pieces and not passage.is_heading:
            owner = focus or (slots[0] if len(slots) == 1 else None)
            if owner is None:
                _hear_unowned(passage, around, told, general)
            else:
                told[owner.order].append(_piece(passage, _how(passage, slots, of_heading=owner is by_heading)))
        for slot, piece in pieces:
            focus, marked, latest, marker = slot, passage.paragraph, slot, passage
            if leader is not None and slot.order < leader.order and len(pieces) == 1 and not passage.ordinals:
                focus = carried = leader  # "In the pre-training phase, ...": a look back in what is on a later stage
            told[slot.order].append(_piece(passage, "mark", piece))
        before = passage
    return told, general


def _how(passage: Passage, slots: Sequence[Slot], *, of_heading: bool) -> str:
    """How a sentence that names no stage of the plan came to one: by its heading, or as what was spoken of before."""
    if len(slots) == 1 and passage.ordinals:
        return "general"  # "during the first stage" where the model has but one: of a recipe it is set against
    return "heading" if of_heading else "focus"


def _behind(slot: Slot | None, slots: Sequence[Slot], text: str = "") -> Slot | None:
    """The stage behind `slot`; the last one where `text` opens with "Finally, ..."."""
    if slot is not None and slot.order < slots[-1].order and LAST.match(text) is not None:
        return slots[-1]
    return next((one for one in slots if slot is not None and one.order > slot.order), None)


def _behind_the_last(latest: Slot | None, slots: Sequence[Slot], passage: Passage) -> Slot | None:
    """The stage behind the one that was named last, where a sentence opens with it: "In the subsequent stage, ..."."""
    if not passage.may_count or passage.is_heading or not marks.opens_next(passage.text):
        return None
    return _behind(latest, slots)


def _hear_unowned(passage: Passage, around: Slot | None, told: dict[int, list[Piece]], general: list[Piece]) -> None:
    """Take a sentence that speaks of no stage; `around`: the stage of the section around its own."""
    numbers_of = around if passage.may_set and passage.zone in _OWN_ZONES else None
    if numbers_of is not None:  # of the section around the run-in titles; parts are less surely its own
        told[numbers_of.order].append(_piece(passage, "heading")._replace(may_freeze=False))
    if passage.may_freeze or (passage.may_set and numbers_of is None):
        general.append(_piece(passage, "general")._replace(may_set=numbers_of is None))


_AT_HEAD = 3  # letters before a mark that opens its sentence: "In stage 2"
_BACK = wording("stages_assign.back")


_BEHIND_IT = wording("stages_assign.behind_it")


def _looks_back(
    passage: Passage, leader: Slot | None, pieces: Sequence[tuple[Slot, str]], slots: Sequence[Slot]
) -> bool:
    """In a paragraph on one stage, does a sentence name only others, and these in passing ("unlike in the first stage")?"""
    if leader is None or not pieces or passage.is_heading or any(slot is leader for slot, _ in pieces):
        return False
    found = passage.ordinals or passage.stage_names
    if not found and next(marks.verbs(passage.text), None) is not None:
        lower = passage.text.lower()  # "we fine-tune the projector" in a paragraph on pre-training is of pre-training
        return not any(slot.own_name and slot.own_name in lower for slot in slots)
    if not found or found[0].start <= _AT_HEAD or ONWARD.search(passage.text) is not None:
        return False
    return (
        "this stage" in passage.text[found[0].end :]
        or "this phase" in passage.text[found[0].end :]
        or _BACK.search(passage.text[: found[0].start]) is not None
    )


def _hear_outside(
    passage: Passage,
    slots: Sequence[Slot],
    known: Mapping[str, Slot],
    told: dict[int, list[Piece]],
    general: list[Piece],
) -> None:
    """Take a sentence of the abstract, a caption ... where it names a stage, or speaks of training as a whole."""
    if len(slots) > 1 and passage.zone in _MARKED_ZONES and not (passage.is_heading or _is_of_a_task(passage)):
        for slot, text in _pieces(passage, slots, known):
            told[slot.order].append(_piece(passage, "mark", text))
    early = passage.zone in ("abstract", "introduction") and (passage.may_freeze or passage.may_set)
    if early or (passage.zone == "caption" and passage.may_freeze):
        general.append(_piece(passage, "general"))


def _of_the_part(passage: Passage, slots: Sequence[Slot]) -> Sequence[Slot]:
    """The stages that a passage on "both stages" means: those that its own section tells of, where these are several."""
    here = [slot for slot in slots if slot.section and slot.section[0] <= passage.start < slot.section[1]]
    return here if len(here) > 1 else slots


def _of_section(passage: Passage, slots: Sequence[Slot]) -> Slot | None:
    """The stage that a passage's section, or its title, is about."""
    for slot in slots:
        if slot.section and slot.section[0] <= passage.start < slot.section[1]:
            return slot
    told = (*marks.ordinals(passage.title), *marks.named(passage.title))
    return next((found for mark in told if (found := slot_of(slots, mark)) is not None), None)


def _only_slot(heading: Passage, slots: Sequence[Slot]) -> Slot | None:
    """The one stage that a heading names; None where it names none or several."""
    found = {
        slot.order: slot for mark in (*heading.ordinals, *heading.named) if (slot := slot_of(slots, mark)) is not None
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _piece(passage: Passage, how: str, text: str | None = None) -> Piece:
    """A passage, or a `text` of it, as a piece."""
    place = Span(passage.start, passage.end)
    of_trial = passage.may_set and _OF_TRIAL.search(passage.text) is not None
    told = passage.text if text is None else text
    return Piece(place, told, passage.zone, how, passage.may_freeze, passage.may_set, of_trial)


def _is_of_a_task(passage: Passage) -> bool:
    """Is a sentence on the evaluation about fine-tuning for a task, which is no stage of the model?"""
    if passage.zone != "evaluation" or passage.ordinals:
        return False
    return {mark.key for mark in passage.named} == {"finetune"}


def _tells_details(passage: Passage) -> bool:
    """Does a sentence on the evaluation tell how the model was trained? What `_DETAIL` knows holds a cue of the two kinds."""
    if passage.is_heading or not (passage.may_freeze or passage.may_set):
        return False
    lower = passage.text.lower()
    may = "epoch" in lower or "learning r" in lower or "batch s" in lower or "optimi" in lower or "ez" in lower
    return (
        (may or "oz" in lower or "lora" in lower)
        and _DETAIL.search(passage.text) is not None
        and not _is_of_a_task(passage)
    )


def _is_of_every(passage: Passage, focus: Slot | None) -> bool:
    if not (passage.may_count or "throughout" in passage.text or "nless" in passage.text):
        return passage.may_freeze and "always" in passage.text and _ALWAYS.search(passage.text) is not None
    every = _EVERY_STAGE.search(passage.text)
    # "throughout the training" in a paragraph on one stage is of that stage
    return every is not None and (focus is None or every.group().lower() not in _OF_THIS)


_ALWAYS = wording("stages_assign.always")
_OF_THIS = frozenset({"throughout training", "throughout the training"})


_TITLE = 40  # letters under which a sentence may be the title of what follows


def _tells_of_next(passage: Passage, before: Passage | None) -> bool:
    """Does a sentence go on to the next stage ("Subsequently, the entire model is fine-tuned")? Not behind a stage's title."""
    if before is not None and (before.is_run_in or (len(before.text) < _TITLE and passage.text.startswith("We "))):
        return False  # "Stage 2. We then unfreeze the encoder"
    return passage.may_freeze and not passage.is_heading and THEN.match(passage.text) is not None


def _leads(passage: Passage) -> bool:
    """Does the sentence open with a stage's mark?"""
    found = (*passage.ordinals, *(passage.named if passage.is_run_in else passage.stage_names))
    return passage.is_run_in or any(mark.start <= 24 for mark in found)


_ITEM = re.compile(r"(?:^|[\s(])(?:[1-6]|i{1,3}|iv)\)\s")
_EVERY_STAGE = wording("stages_assign.every_stage")
_RATE_CUE = wording("stages_assign.rate")
_NUMBER_CUE = wording("stages_assign.number")


def _pieces(passage: Passage, slots: Sequence[Slot], known: Mapping[str, Slot]) -> list[tuple[Slot, str]]:
    """The sentence divided among the stages it names, of at least two."""
    text = passage.text
    if not (
        passage.may_count
        or passage.may_name
        or slots[0].item
        or (text.startswith(OPENS_FIRST) and FIRST.match(text))
        or "respectively" in text
        or "latter" in text
        or "rates" in text
        or _by_own_name(text, slots)
    ):
        return []
    items = list(_ITEM.finditer(text)) if text.count(")") >= len(slots) else []
    if len(items) == len(slots):  # "1) training ...; 2) ...; 3) ..."
        ends = [item.start() for item in items[1:]] + [len(text)]
        return [(slot, text[item.end() : end]) for slot, item, end in zip(slots, items, ends, strict=True)]
    named = sorted(mentions(passage, slots, known), key=lambda told: told[1].start)
    if len(named) > 1:
        titled = named[0][1].start <= _AT_HEAD and text[named[0][1].end : named[0][1].end + 1] == ":"
        named = named[:1] + [
            told
            for told in named[1:]
            if IN_PASSING.search(text[: told[1].start]) is None
            and not (titled and _BEHIND_IT.search(text[: told[1].start]))
        ]
    if passage.may_freeze and (scopes := in_scopes(text, slots, named)):
        return scopes
    spoken = list({slot.order: slot for slot, _ in named}.values())
    if len(spoken) > 1 or (not spoken and speaks_in_turn(text)):
        shared = in_turn(text, spoken or slots)
        if shared:
            return shared
    may_turn = not named and passage.may_freeze and len(slots) > 1 and ("irst" in text or "nitially" in text)
    if may_turn and (turn := FIRST_THEN.search(text)) is not None:
        return [(slots[0], text[: turn.start("then")]), (slots[1], text[turn.start("then") :])]
    if len({slot.order for slot, _ in named}) < 2:
        return with_later(text, named[0][0], slots) if named else []
    beside = all(
        one is two or _BESIDE.fullmatch(text, before.end, after.start)
        for (one, before), (two, after) in itertools.pairwise(named)
    )
    if beside:  # "for both SFT and DPO"
        return [(slot, text) for slot in {slot.order: slot for slot, _ in named}.values()]
    # "1e-3 for the first stage and 2e-5 for the second": the mark stands behind what it is about
    behind = RATE.search(text, named[-1][1].end) is None and (
        len(text) - named[-1][1].end < _TAIL or RATE.search(text, 0, named[0][1].start) is not None
    )
    pieces: list[tuple[Slot, str]] = []
    groups = _side_by_side(named, text)
    rates = list(RATE.finditer(text)) if behind and groups[0][0][1].start <= _OPENS else []
    if len(rates) == len(groups):
        # "For pre-training, the rate is 1e-3, which becomes 1e-5 during tuning": as many rates as stages, in order
        starts = [0, *(rate.end() for rate in rates[:-1])]
        ends = [rate.end() for rate in rates[:-1]] + [len(text)]
        lead = _RATE_CUE.search(text)
        word = "" if lead is None else f"{lead.group(0)} "
        return [
            (slot, text[start:end] if start == 0 else word + text[start:end])
            for group, start, end in zip(groups, starts, ends, strict=True)
            for slot, _ in group
        ]
    for index, group in enumerate(groups):
        first, last = group[0][1].start, max(mark.end for _, mark in group)
        if behind:
            start = max((mark.end for _, mark in groups[index - 1]), default=0) if index else 0
            end = last if index + 1 < len(groups) else len(text)
        else:
            start = first if index else 0
            end = groups[index + 1][0][1].start if index + 1 < len(groups) else len(text)
        told = with_subject(text[start:end], pieces[-1][1]) if pieces and passage.may_freeze else text[start:end]
        pieces += [(slot, told) for slot, _ in group]
    # the words before the first number ("the learning rates are set to") belong to every piece
    cue = _RATE_CUE.search(text) or _NUMBER_CUE.search(text)
    if cue and (behind or RATE.search(pieces[-1][1])):
        return [(slot, piece if cue.group(0) in piece else f"{cue.group(0)} {piece}") for slot, piece in pieces]
    return pieces


_TAIL = 25  # letters behind a mark that ends its sentence
_OPENS = 12  # letters before a mark that opens its sentence: "For the pre-training phase, ..."


def _side_by_side(named: Sequence[tuple[Slot, marks.Mark]], text: str) -> list[list[tuple[Slot, marks.Mark]]]:
    """Mentions in groups: "Stages 2 and 3", "Stage 2 and Stage 3", "the alignment and pre-training stages" are told the same."""
    groups = [[named[0]]]
    for (_, before), (slot, mark) in itertools.pairwise(named):
        alike = before.kind == mark.kind == "ordinal" or _OF_STAGES.search(text, mark.start, mark.end + 8) is not None
        if mark.start < before.end or (alike and _BESIDE.fullmatch(text, before.end, mark.start)):
            groups[-1].append((slot, mark))
        else:
            groups.append([(slot, mark)])
    return groups


_OF_STAGES = re.compile(r"\b(?:stages|phases)\b")


def _by_own_name(text: str, slots: Sequence[Slot]) -> bool:
    """Does a text hold a name that the paper gave to one of its stages?"""
    names = [slot.own_name for slot in slots if slot.own_name]
    lower = text.lower() if names else ""
    return any(name in lower for name in names)


_BESIDE = re.compile(r"\)?\s*(?:stages?|phases?)?\s*(?:\([^()]*\)\s*)*(?:,|and|&|/|, and)\s*(?:the )?")
