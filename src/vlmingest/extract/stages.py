"""Training stages: one candidate per stage with its order, name, parts trained and frozen, data and numbers.

Prose, lists, headings and tables are read into one `Plan` (how many stages, under which names the text speaks of them),
then every sentence about training is given to the stage it speaks of: by an ordinal or a name in it, by the heading it
stands under, or because the sentence before in the same paragraph spoke of that stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from vlmingest.document import BlockKind
from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_freeze import PARTS, Freeze, read_freeze
from vlmingest.extract.stages_numbers import integer, numbers
from vlmingest.extract.stages_plan import Passage, Slot, make_plan
from vlmingest.extract.view import PaperView, SectionKind
from vlmingest.records import Candidate, FieldName

_ZONES = {
    SectionKind.FRONT: "front", SectionKind.ABSTRACT: "abstract", SectionKind.INTRODUCTION: "introduction",
    SectionKind.METHOD: "method", SectionKind.TRAINING: "training", SectionKind.DATA: "data",
    SectionKind.EXPERIMENTS: "evaluation", SectionKind.ABLATION: "ablation", SectionKind.CONCLUSION: "conclusion",
    SectionKind.RELATED: "related",
}  # fmt: skip
_SETUP = re.compile(r"\bset-?up\b|settings?\b|implementation|hyper-?param|training|recipe", re.IGNORECASE)


def passages(view: PaperView) -> list[Passage]:
    """The paper's sentences with the zone they stand in; related work and references are left out."""
    found: list[Passage] = []
    for sentence in view.sentences:
        zone = _ZONES.get(sentence.section, "appendix" if view.is_appendix(sentence.start) else "method")
        section = view.document.section_at(sentence.start)
        title = section.title if section is not None else ""
        if zone == "related":
            continue
        if zone == "evaluation" and _SETUP.search(title):
            zone = "training"
        if sentence.kind is BlockKind.CAPTION:
            zone = "caption"
        number = section.start if section is not None else -1
        text = view.text[sentence.start : sentence.end]
        heading = sentence.kind is BlockKind.HEADING
        found.append(Passage(sentence.start, sentence.end, text, zone, heading, sentence.block, number, title))
    return found


def read_stages(view: PaperView) -> Iterator[Candidate]:
    """One candidate per training stage, in order, with what the sentences about it say."""
    sentences = passages(view)
    plan = make_plan(sentences)
    told = _assign(sentences, plan.slots)
    spoken = {place for pieces in told.values() for place, _ in pieces}
    general = [
        x.text for x in sentences if x.zone == "training" and "rate" in x.text and (x.start, x.end) not in spoken
    ]
    for slot in plan.slots:
        pieces = told[slot.order]
        attributes: dict[str, JsonValue] = {"order": slot.order, "name": slot.name or f"Stage {slot.order}"}
        freeze = Freeze()
        for _, piece in pieces:
            said = read_freeze(piece)
            if said:
                freeze.add(said)
            _take_numbers(attributes, piece)
        for piece in general:
            for number in numbers(piece):
                if number.kind == "learning_rate":
                    attributes.setdefault("learning_rate", number.value)
        trainable, frozen = freeze.settled(frozenset(PARTS))
        attributes["trainable"] = list(trainable)
        attributes["frozen"] = list(frozen)
        place = slot.place or plan.place or (pieces[0][0] if pieces else None)
        if place is None:
            continue  # nothing in the text proves it
        evidence = view.evidence(place[0], place[1], "training.stage.plan.v1")
        yield Candidate(
            field=FieldName.STAGE,
            value=f"{slot.order}: {attributes['name']}",
            attributes=attributes,
            evidence=(evidence,),
            reader="rule:training.stage.plan.v1",
            confidence=round(plan.support, 3),
            features=plan.features,
        )


def _take_numbers(attributes: dict[str, JsonValue], piece: str) -> None:
    for number in numbers(piece):
        value: JsonValue = number.value
        if number.kind == "batch_size":
            value = integer(number.value)
        elif number.kind == "epochs":
            value = float(number.value)
        if value is not None:
            attributes.setdefault(number.kind, value)


def _assign(sentences: Sequence[Passage], slots: Sequence[Slot]) -> dict[int, list[tuple[tuple[int, int], str]]]:
    """For each stage the (place, piece of text) that speak of it."""
    told: dict[int, list[tuple[tuple[int, int], str]]] = {slot.order: [] for slot in slots}
    focus: Slot | None = None
    by_heading: Slot | None = None
    paragraph = section = -1
    for passage in sentences:
        if passage.zone not in ("training", "method", "appendix", "data"):
            continue
        if passage.section != section:
            section, focus, by_heading = passage.section, None, None
            for mark in (*marks.ordinals(passage.title), *marks.named(passage.title)):
                by_heading = by_heading or _slot(slots, mark)
        if passage.paragraph != paragraph:
            paragraph, focus = passage.paragraph, by_heading
        place = (passage.start, passage.end)
        pieces = _pieces(passage.text, slots)
        if not pieces:
            focus = focus or (slots[0] if len(slots) == 1 else None)
            if focus is not None and not passage.is_heading:
                told[focus.order].append((place, passage.text))
        for slot, piece in pieces:
            focus = slot
            told[slot.order].append((place, piece))
    return told


def _slot(slots: Sequence[Slot], mark: marks.Mark) -> Slot | None:
    if mark.kind == "ordinal":
        if mark.key == "last" and slots:
            return slots[-1]
        return next((slot for slot in slots if mark.key in slot.keys), None)
    return next((slot for slot in slots if mark.key in slot.classes), None)


_ITEM = re.compile(r"(?:^|[\s(])(?:[1-6]|i{1,3}|iv)\)\s")


def _pieces(text: str, slots: Sequence[Slot]) -> list[tuple[Slot, str]]:
    """The sentence divided among the stages it names."""
    if len(slots) < 2:
        return []
    items = list(_ITEM.finditer(text))
    if len(items) == len(slots):  # "1) training ...; 2) ...; 3) ..."
        ends = [item.start() for item in items[1:]] + [len(text)]
        return [(slot, text[item.end() : end]) for slot, item, end in zip(slots, items, ends, strict=True)]
    found = sorted({*marks.ordinals(text), *marks.stage_names(text)}, key=lambda mark: mark.start)
    if not found and marks.is_foreign(text) is False and ("epoch" in text or "rate" in text):
        found = sorted(marks.verbs(text), key=lambda mark: mark.start)
    named = [(slot, mark) for mark in found if (slot := _slot(slots, mark)) is not None]
    if len({slot.order for slot, _ in named}) < 2:
        return [(named[0][0], text)] if named else []
    # "1e-3 for the first stage and 2e-5 for the second": the mark stands behind what it is about
    behind = len(text) - named[-1][1].end < 25
    pieces = []
    for index, (slot, mark) in enumerate(named):
        if behind:
            start = named[index - 1][1].end if index else 0
            pieces.append((slot, text[start : mark.end]))
        else:
            start = mark.start if index else 0
            end = named[index + 1][1].start if index + 1 < len(named) else len(text)
            pieces.append((slot, text[start:end]))
    # the words before the first number ("the learning rates are set to") belong to every piece
    cue = re.search(r"learning[- ]rates?|batch[- ]sizes?", text)
    if behind and cue:
        return [(slot, piece if cue.group(0) in piece else f"{cue.group(0)} {piece}") for slot, piece in pieces]
    return pieces
