"""The paper's sentences as the stage readers read them: with the zone they stand in and the cues they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from vlmingest.document import BlockKind
from vlmingest.extract import stages_marks as marks
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.rules import load_rules
from vlmingest.extract.stages_passage import TITLE_LENGTH, Passage
from vlmingest.extract.view import PaperView
from vlmingest.extract.voice import own_names
from vlmingest.extract.wording import wording

_ZONES = {
    SectionKind.FRONT: "front", SectionKind.ABSTRACT: "abstract", SectionKind.INTRODUCTION: "introduction",
    SectionKind.METHOD: "method", SectionKind.TRAINING: "training", SectionKind.DATA: "data",
    SectionKind.EXPERIMENTS: "evaluation", SectionKind.ABLATION: "ablation", SectionKind.CONCLUSION: "conclusion",
    SectionKind.RELATED: "related",
}  # fmt: skip
# looked up at an enumeration these cost as much as the rest of a sentence
_HEADING, _CAPTION = BlockKind.HEADING, BlockKind.CAPTION
_EXPERIMENTS, _TRAINING = SectionKind.EXPERIMENTS, SectionKind.TRAINING
_SETUP = wording("stages_kinds.setup")

_RUN_IN_SETUP = wording("stages_kinds.run_in_setup")
_OWN_TRAINING = wording("stages_kinds.own_training")


def passages(view: PaperView) -> list[Passage]:
    """The paper's sentences with the zone they stand in; related work and references are left out."""
    found: list[Passage] = []
    last: Passage | None = None
    cues, all_text, sections = _cues_held(view), _own_names_masked(view), view.document.sections
    at, next_section = -1, sections[0].start if sections else len(all_text)
    title, is_setup, level, section_end, number = "", False, 0, 0, -1
    before = set_up = -1  # the paragraph whose first words say that it tells the set-up
    for (start, end, block, kind, section_kind), held in zip(view.sentences, cues, strict=True):
        heading = kind is _HEADING
        titled = False
        if block != before:
            before = block
            if section_kind is _EXPERIMENTS and _RUN_IN_SETUP.match(all_text, start):
                set_up = block
            titled = section_kind is _TRAINING and end - start <= TITLE_LENGTH
        if not (held or heading or titled) and all_text[end - 1] in _ENDED:
            continue  # it says nothing of training, and no sentence that does goes on from it
        while start >= next_section:
            at += 1
            next_section = sections[at + 1].start if at + 1 < len(sections) else len(all_text)
            section = sections[at]
            title, level, section_end, number = section.title, section.level, section.end, section.start
            is_setup = _SETUP.stands_in(title.lower()) is not None
        zone = _ZONES.get(section_kind) or ("appendix" if view.is_appendix(start) else "method")
        if zone == "related" and not (_OWN_TRAINING.fullmatch(title) and is_setup):
            continue
        if zone == "related":  # a paragraph of the "Background" on the own training
            zone = "training"
        if zone == "evaluation" and (is_setup or set_up == block):
            zone = "training"
        if kind is _CAPTION:
            zone = "caption"
        text = all_text[start:end]
        if (
            last is not None
            and last.paragraph != block
            and not heading
            and (text[:1] in _GO_ON or text[:1].islower())
            and _goes_on(last, text, zone)
        ):
            last.go_on(text if _EXPONENT.match(text) else " " + text, block, *_FLAGS[held])
            if held and (not found or found[-1] is not last):
                found.append(last)
            continue
        # "Fine-Tuning Vision Encoder.": the topic of what follows, and no statement
        topic = held & _FREEZES and len(text) <= TITLE_LENGTH and _TITLE_ALONE.fullmatch(text) is not None
        counts = text.startswith("(") and len(text) <= TITLE_LENGTH and marks.inline_title(text) is not None
        passage = Passage(
            start, end, text, zone, heading, block, number, title, level, section_end, *_FLAGS[(held & ~_FREEZES if topic else held) | _COUNTS * counts]
        )  # fmt: skip
        opens = last is None or last.paragraph != block or ":" in text[:_TITLE_LETTERS]
        if not heading and passage.may_name and opens:
            found.extend(_title_apart(passage))
            last = found[-1]
            continue
        last = passage
        if held or heading or counts or zone not in _SCRAPS_IN or len(text) > _SCRAP:
            found.append(passage)
    return found


def _own_names_masked(view: PaperView) -> str:
    """The text, letter for letter, without the own names that look like another model's or like data ("Foo-LLaVA")."""
    text = view.text
    for name in sorted(own_names(view), key=len, reverse=True):
        if marks.sounds_foreign(name):
            text = re.sub(
                rf"(?<![\w-]){re.escape(name)}(?!\w|-[A-Za-z])", "O" + "w" * (len(name) - 1), text, flags=re.IGNORECASE
            )
    return text


_SCRAPS_IN = frozenset({"evaluation", "appendix"})
_SCRAP = 40  # letters of what is left of figures and tables, and says nothing unless a sentence goes on from it
_COUNTS, _FREEZES = 2, 4
_TITLE_ALONE = wording("stages_kinds.title_alone")
_FLAGS: tuple[tuple[bool, bool, bool, bool], ...] = tuple(
    (bool(held & 1), bool(held & 2), bool(held & 4), bool(held & 8)) for held in range(16)
)


def _cues_held(view: PaperView) -> bytearray:
    """For each sentence which of the rules `stage.cue.*` it holds a cue of, a bit for each."""
    held = bytearray(len(view.sentences))
    for bit, rule in enumerate(load_rules("stages_marks").of("stage.cue.")):
        for index in view.sentences_for(rule):
            held[index] |= 1 << bit
    return held


_TITLE = wording("stages_kinds.run_in_title")


_TITLE_LETTERS = 24  # of a title that stands within a paragraph ("Fine-tuning: ...")
_TITLE_COLON = re.compile(r"(?:[•▪‣*–-]\s*)?(?P<title>[A-Z][^.:;]{2,60}?)\s?:\s")


def _title_apart(passage: Passage) -> Iterator[Passage]:
    """A paragraph's run-in title that no stop ends ("Instruction Tuning We then ...") as a passage of its own."""
    match = _TITLE_COLON.match(passage.text) or _TITLE.match(passage.text)
    if match is None:
        yield passage
        return
    end = match.end("title")
    title = replace(passage, text=match["title"], end=passage.start + end)
    if not title.is_run_in:
        yield passage
        return
    yield title
    rest = passage.text[end:].lstrip(" :")
    start = passage.start + end + len(rest) - len(rest.lstrip())
    yield replace(passage, text=rest.lstrip(), start=min(start, passage.end))


_EXPONENT = re.compile(r"[-−–]\s?\d{1,2}\b(?!\.\d)")
_GO_ON = ",;)-−–"  # with what, beside a small letter, the rest of a sentence starts
_ENDED = (".", "!", "?", ":", ";", '"', "”")
_MAX_JOINED = 1200


def _goes_on(before: Passage, text: str, zone: str) -> bool:
    """Is the text of another block the rest of a sentence that a formula, an exponent or a column's end cut in two?"""
    if before.is_heading or before.zone != zone or zone == "caption" or before.text.endswith(_ENDED):
        return False
    goes_on = text[:1].islower() or text[:1] in ",;)" or _EXPONENT.match(text) is not None
    return goes_on and len(before.text) + len(text) < _MAX_JOINED
