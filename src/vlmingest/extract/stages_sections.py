"""Stages that nothing names or counts: sections (or titled paragraphs) side by side, each with training settings of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_freeze import is_doubtful, read_freeze
from vlmingest.extract.stages_kinds import heading_title, is_aside
from vlmingest.extract.stages_numbers import numbers
from vlmingest.extract.stages_passage import Passage, Slot
from vlmingest.extract.wording import wording

_LEAST = 2
_TITLE = re.compile(r"[A-Z][\w/-]*(?: [\w/()&-]+){0,5}[.:]?")
_NO_STAGE = wording("stages_kinds.no_section")


def telling_row(passages: Sequence[Passage]) -> list[Slot]:
    """The longest row of titled stretches in a section on training that each tell a rate or a freeze map, not all the same."""
    best: list[Slot] = []
    for titles in _rows(passages):
        if len(titles) <= max(len(best), _LEAST - 1):
            continue
        told = [(title, end, _told(passages, title, end)) for title, end in titles]
        telling = [(title, end, what) for title, end, what in told if what]
        if len(telling) > max(len(best), _LEAST - 1) and len({what for _, _, what in telling}) > 1:
            best = [_slot(order, title, end) for order, (title, end, _) in enumerate(telling, 1)]
    return best


def _rows(passages: Sequence[Passage]) -> Iterator[list[tuple[Passage, int]]]:
    """Titles of one level in a section on training, each with where its stretch ends."""
    headings: dict[tuple[int, int], list[tuple[Passage, int]]] = {}
    run_in: dict[int, list[Passage]] = {}
    ends: dict[int, int] = {}
    parents: list[Passage] = []
    paragraph = -1
    for passage in passages:
        if passage.zone == "training" or (passage.zone == "method" and passage.is_heading):
            if passage.is_heading:
                parents = [parent for parent in parents if parent.level < passage.level]
                if _may_be_stage(passage) and any(title.zone == "training" for title in (passage, *parents)):
                    key = (passage.level, parents[-1].start if parents else -1)
                    headings.setdefault(key, []).append((passage, passage.section_end))
                parents.append(passage)
            elif passage.paragraph != paragraph and _is_title(passage):
                run_in.setdefault(passage.section, []).append(passage)
                ends[passage.section] = passage.section_end
        paragraph = passage.paragraph
    yield from headings.values()
    for section, titles in run_in.items():
        stops = [title.start for title in titles[1:]] + [ends[section]]
        yield list(zip(titles, stops, strict=True))


_LONGEST = 50


def _is_title(passage: Passage) -> bool:
    text = passage.text
    return (
        len(text) <= _LONGEST
        and text.endswith((".", ":"))
        and _TITLE.fullmatch(text) is not None
        and _may_be_stage(passage)
    )


def _may_be_stage(title: Passage) -> bool:
    return not is_aside(title.text) and _NO_STAGE.search(title.text) is None


def _told(passages: Sequence[Passage], title: Passage, end: int) -> str:
    """The freeze map that a stretch tells, and its learning rate, as text to compare; "" for none.

    A rate alone is told of every benchmark that a model is tuned for.
    """
    rate = parts = ""
    for passage in passages:
        if not title.start < passage.start < end or passage.is_heading:
            continue
        if parts and rate:
            break
        if not rate and passage.may_set:
            rate = next((number.value for number in numbers(passage.text) if number.kind == "learning_rate"), "")
        if not parts and passage.may_freeze and not is_doubtful(passage.text):
            said = read_freeze(passage.text)
            if (
                said.everything
                or len(said.frozen) > 1
                or (said.trainable and (said.frozen or said.only or said.rest_frozen))
            ):
                parts = f"{sorted(said.trainable)} {sorted(said.frozen)} {said.everything}"
    return f"{rate} {parts}" if parts else ""


def _slot(order: int, title: Passage, end: int) -> Slot:
    name = heading_title(title.text)
    classes = {mark.key for mark in marks.named(name)}
    return Slot(order, name, classes=classes, place=(title.start, title.end), section=(title.start, end))
