"""Kinds of stage ("align", "sft" ...) that a paper's own model goes through, from headings, run-in titles and sentences.

They name the stages of a plan, and make the plan where the paper neither counts nor numbers its stages: sections side by
side ("3.1 Pre-training", "3.2 Instruction tuning"), or kinds that are spoken of often enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_freeze import Freeze, is_doubtful, read_freeze
from vlmingest.extract.stages_numbers import numbers
from vlmingest.extract.stages_passage import ZONE_WEIGHT, Passage, Slot
from vlmingest.extract.stages_words import folded
from vlmingest.extract.wording import wording

_NOT_OWN = wording("stages_kinds.not_own")
OWN = wording("stages_kinds.own")


ORDER = {key: index for index, key in enumerate(marks.CLASSES)}


class Kind(NamedTuple):
    """A kind of stage: how much speaks for it, its first mention, the place and words that name it best."""

    key: str
    weight: float
    first: int
    place: tuple[int, int]
    name: str
    has_heading: bool
    has_settings: bool = False  # does a sentence about it tell a learning rate, a batch size or epochs?


_ASIDE = wording("stages_kinds.aside")
_MIN_SIBLINGS = 2


def siblings(passages: Sequence[Passage]) -> list[Slot]:
    """Stages as sections (or run-in titles of a section) side by side, each named for its kind: the longest such row.

    "3.1 Low-resolution pre-training", "3.2 High-resolution pre-training", "3.3 Supervised fine-tuning" are three, though
    two are of one kind. Empty for less than two.
    """
    best: list[Slot] = []
    row: list[Slot] = []
    level = -1
    for passage in passages:
        if passage.is_heading and passage.level < level:
            row, level = [], -1
        if not passage.may_name or passage.zone not in ("training", "method"):
            continue  # no title of training is without a cue of a kind's name
        titled, run_in = passage.is_heading, passage.is_run_in
        if not (titled or run_in) or not (passage.named or passage.is_of_training) or is_aside(passage.text):
            continue
        here = passage.level if titled else 100 + passage.section
        if here != level:
            row, level = [], here
        if any(slot.name == passage.text for slot in row):
            continue
        span = (passage.start, passage.section_end) if titled else None
        row.append(
            Slot(
                order=len(row) + 1,
                name=heading_title(passage.text),
                classes={mark.key for mark in passage.named},
                place=(passage.start, passage.end),
                section=span,
            )
        )
        if len(row) > len(best) and any(slot.classes for slot in row):
            best = list(row)
    return best if len(best) >= _MIN_SIBLINGS else []


def with_settings(passages: Sequence[Passage], row: Sequence[Slot]) -> bool:
    """Does each section of a row tell a learning rate, a batch size, epochs or steps of its own?"""
    spans = [slot.section for slot in row if slot.section is not None]
    told = {
        span
        for passage in passages
        if passage.may_set and not passage.is_heading
        for span in spans
        if span[0] <= passage.start < span[1]
        and any(number.kind in ("learning_rate", "batch_size", "epochs", "steps") for number in numbers(passage.text))
    }
    return len(told) == len(row)


_OF_LEARNING = wording("stages_kinds.of_learning")


def own_sections(passages: Sequence[Passage], n: int) -> list[Slot]:
    """The one row of `n` sections side by side whose titles name some learning, of kinds known or not; else none.

    "3.2 Unified Structure Learning", "3.3 Multi-task Fine-tuning" of a model that is trained in two stages.
    """
    rows: list[list[Passage]] = [[]]
    for passage in passages:
        if not passage.is_heading:
            continue
        row = rows[-1]
        title = heading_title(passage.text)
        fits = passage.zone in ("training", "method") and _OF_LEARNING.fullmatch(title) and not is_aside(title)
        if fits and (not row or row[-1].level == passage.level):
            row.append(passage)
        elif row and passage.level <= row[-1].level:
            rows.append([passage] if fits else [])
    fitting = [row for row in rows if len(row) == n and any(passage.named for passage in row)]
    return [_of_section(passage, order) for order, passage in enumerate(fitting[0], 1)] if len(fitting) == 1 else []


def _of_section(passage: Passage, order: int) -> Slot:
    title = heading_title(passage.text)
    classes = {mark.key for mark in passage.named}
    span = (passage.start, passage.section_end)
    slot = Slot(order, title, classes=classes, place=(passage.start, passage.end), section=span)
    slot.own_name = "" if classes else title.lower()
    return slot


def heading_title(heading: str) -> str:
    """A heading's words without its number."""
    return re.sub(r"^(?:[A-Z]?\d*(?:\.\d+)*\.?)\s+(?=\w)", "", heading).strip(" .:")


def is_aside(heading: str) -> bool:
    """Is a section about training's data, set-up or results rather than a stage?"""
    return _ASIDE.stands_in(folded(heading)) is not None


_SPOKEN_ZONES = frozenset({"method", "training", "appendix", "data", "abstract", "introduction", "evaluation"})
_NO_STAGE = wording("stages_kinds.no_stage")


def find_kinds(passages: Sequence[Passage]) -> dict[str, Kind]:
    """Kinds of stage the paper's own model goes through, by headings, run-in titles and sentences about "our" training."""
    found: dict[str, Kind] = {}
    for passage in passages:
        if not passage.may_name or passage.zone not in _SPOKEN_ZONES:
            continue
        text = passage.text
        run_in = len(text) <= 60 and not passage.is_heading and not passage.may_set
        found_marks = passage.named if passage.is_heading or run_in else passage.stage_names
        beside = _of_settings(passage)
        found_marks = beside or found_marks
        if not found_marks:
            continue
        titled = passage.is_heading or run_in
        if not (titled or beside) and _NOT_OWN.search(text):
            continue
        own = not titled and OWN.search(text) is not None
        for mark in found_marks:
            if titled:
                weight = 3.0 if passage.zone in ("training", "method", "appendix") else 1.0
                if len(text) > 80 or _NO_STAGE.search(text):
                    weight = 0.7
            else:
                weight = _BY_SETTINGS if beside else (1.0 if own else 0.5) * ZONE_WEIGHT[passage.zone] / 3
            kind = found.get(mark.key)
            heading = titled and weight >= 3.0
            place = (passage.start, passage.end)
            if kind is None:
                found[mark.key] = Kind(mark.key, weight, passage.start, place, mark.name, heading)
            else:
                found[mark.key] = kind._replace(
                    weight=kind.weight + weight,
                    has_heading=kind.has_heading or heading,
                    name=mark.name if heading and not kind.has_heading else kind.name,
                    place=place if heading and not kind.has_heading else kind.place,
                )
        if beside:
            found.update((mark.key, found[mark.key]._replace(has_settings=True)) for mark in beside)
        key = found_marks[0].key
        if not titled and all(mark.key == key for mark in found_marks) and _tells_settings(passage, key):
            found[key] = found[key]._replace(has_settings=True)
    return _with_settings(found)


def _tells_settings(passage: Passage, kind: str) -> bool:
    """Does a sentence that names one kind of stage tell how that stage is run: its settings, or what it trains and freezes?"""
    if passage.zone in ("training", "method") and (told := _OF_ITS_DATA.match(passage.text)) is not None:
        return kind != "finetune" or "stage" in told[0] or "phase" in told[0]  # and not for a task
    if not (passage.may_set or passage.may_freeze) or passage.zone not in _ZONES_OF_SETTINGS:
        return False
    if (passage.zone == "evaluation" and not passage.may_count and _OPENING.match(passage.text) is None) or (
        kind == "finetune" and _OF_TASKS.stands_in(folded(passage.text))
    ):
        return False
    text = passage.text
    if any(word in text for word in _SETTINGS) and any(
        number.kind in ("learning_rate", "batch_size", "epochs") for number in numbers(text)
    ):
        return True
    if passage.may_freeze and (opening := _OPENING.match(text)) is not None and not is_doubtful(text):
        said = read_freeze(text[opening.end() :])
        return bool(said.trainable or said.everything)
    plain = passage.may_freeze and any(word in text for word in _PLAIN)
    said = read_freeze(text) if plain and not is_doubtful(text) else Freeze()
    return bool(said.trainable) and bool(said.frozen or said.only or said.rest_frozen)


def _with_settings(kinds: dict[str, Kind]) -> dict[str, Kind]:
    """Two kinds or more with settings of their own are stages, however seldom the paper speaks of them."""
    told = [key for key, kind in kinds.items() if kind.has_settings]
    if len(told) > 1:
        kinds.update((key, kinds[key]._replace(weight=kinds[key].weight + _BY_SETTINGS)) for key in told)
    return kinds


_LEAST_KINDS = 2
_SETTINGS = ("rate", "lr", "LR", "atch", "epoch")
_OPENING = wording("stages_kinds.opening")
_OF_ITS_DATA = wording("stages_kinds.of_its_data")
_PLAIN = ("roz", "reez", "nly", "sole", "alone", "ixed")
_ZONES_OF_SETTINGS = frozenset({"training", "method", "appendix", "evaluation"})
_BY_SETTINGS = 3.0  # weight of a kind that has a learning rate of its own beside another kind's
_FIRST_KINDS, _LATER_KINDS = frozenset({"align", "pretrain"}), frozenset({"mid", "sft", "preference", "rl"})
_OF_TASKS = wording("stages_kinds.of_tasks")


def _of_settings(passage: Passage) -> tuple[marks.Mark, ...]:
    """Kinds of several stages that one sentence gives learning rates: "1e-3 for alignment and 2e-5 for SFT"."""
    if not passage.may_set or passage.is_heading or passage.zone not in ("training", "method", "appendix"):
        return ()
    text = passage.text
    exponents = text.count("-") + text.count("−") + text.count("0.0")
    if ("rate" not in text and "lr" not in text.lower()) or exponents < _LEAST_KINDS:
        return ()  # no two learning rates
    if _OF_TASKS.stands_in(folded(passage.text)):
        return ()
    found = {mark.key: mark for mark in (*marks.verbs(passage.text), *passage.named)}
    in_turn = not (found.keys().isdisjoint(_FIRST_KINDS) or found.keys().isdisjoint({*_LATER_KINDS, "finetune"}))
    if not in_turn and len(found.keys() & _LATER_KINDS) < _LEAST_KINDS:
        return ()
    if len(found) > len([number for number in numbers(passage.text) if number.kind == "learning_rate"]):
        return ()
    return tuple(found.values())


_GENERAL = wording("stages_kinds.general")


def general_training(passages: Sequence[Passage], strong: dict[str, Kind]) -> Kind | None:
    """A "3.2 Training Setup" before a "3.3 Instruction Tuning" that has a section of its own: a stage before that one."""
    tuned = strong.get("sft")
    if tuned is None or not tuned.has_heading:
        return None
    for passage in passages:
        if passage.is_heading and passage.section_end <= tuned.place[0] and _GENERAL.match(passage.title):
            return Kind("pretrain", 3.0, passage.start, (passage.start, passage.end), "Training", True)
    return None


_WE_PRETRAIN = wording("stages_kinds.we_pretrain")
_LEAST_SAID = 3


def pretraining_before(passages: Sequence[Passage]) -> Kind | None:
    """Pre-training that has neither section nor name, only sentences: "we pre-train", "during pre-training", often enough."""
    said = [
        passage
        for passage in passages
        if passage.may_name
        and not passage.is_heading
        and passage.zone in ("training", "method", "appendix")
        and not _NOT_OWN.search(passage.text)
        and _WE_PRETRAIN.search(passage.text)
    ]
    if len(said) < _LEAST_SAID:
        return None
    return Kind("pretrain", float(len(said)), said[0].start, (said[0].start, said[0].end), "Pre-training", False)
