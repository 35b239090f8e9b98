"""How a paper tunes: whether it fine-tunes on what it is evaluated on, in which sections and tables it says so."""

from __future__ import annotations

import re

from vlmingest.extract.leads import has_any
from vlmingest.extract.view import PaperView, TableView

TUNING = ("fine-tun", "finetun", "fine tun")
UNTUNED = ("zero-shot", "few-shot", "zero shot", "few shot")
_TARGETS = (
    "downstream", "each task", "each data", "each benchmark", "these task", "these data", "target task", "target data", "individual task",
    "task-specific fine", "task-specific train", "task-specific head", "task-specific model", "specific task", "transfer", "respective ", "corresponding train", "its train", "their train", "per-task", "per task",
    "single-task", "single task", "individual benchmark", "individual academic", "training set", "training split", "separately",
)  # fmt: skip
# A step of making a general model, not of making it fit what it is tested on.
_GENERAL = ("supervised ", "instruction ", "instruct ", "visual ", "multimodal ", "multi-modal ")
_GENERALLY = re.compile(rf"(?:{'|'.join(map(str.strip, _GENERAL))})[\s-]fine[- ]?tun\w*")
# "without task-specific fine-tuning", "requires no further fine-tuning"
_DENIAL = (
    r"\b(?:without|no|instead of|rather than|(?:not|n't)\s(?:\w+\s)?(?:require|need|perform|use|involve|rely on|apply))\s"
    r"(?:(?:any|further|additional|explicit|downstream|extra|specific|individual|\w+-specific)\s)*"
)
_DENIED = re.compile(rf"{_DENIAL}\Z")
_DENIED_TUNING = re.compile(rf"{_DENIAL}fine[- ]?tun\w*")
_LONGEST_DENIAL = 60
_DENIALS = ("without", "no ", "not ", "n't ", "instead", "rather")
# Tuning to one task at a time that is called a transfer; "zero-shot transfer" is none.
_TRANSFERS = re.compile(
    r"(?<=we )transfer |(?<=all )transfers|(?<!shot )transfer(?:red model| (?:task|data|recipe|result|score|benchmark|hyper|run))"
)
_SHOTS = tuple(word.removesuffix("shot") for word in UNTUNED)
_AROUND = 90
_ENOUGH = 3  # plain places
_WE_TUNE = re.compile(
    r"\b(?:we|our)\s(?:(?!find\b|found\b|observ|show|note\b|that\b)\S+\s){0,6}?fine[- ]?tun(?!.{0,60}\binstruct)|fine[- ]?tun(?:e|ed|ing)\s(?:our|the (?:whole |pre-?trained |same |final )*model)\b"
)


def tunes_downstream(view: PaperView) -> float:
    """How far a paper fine-tunes on what it is evaluated on, rather than testing one model on all: 0 to 1."""
    lowered, end = view.lowered, view.body_end
    tuned = plain = 0
    for word in TUNING:
        place = lowered.find(word, 0, end)
        while place >= 0:
            if not lowered.endswith(_GENERAL, 0, place) and not _is_denied(lowered, place):
                tuned += 1
                if plain < _ENOUGH:
                    window = lowered[max(place - _AROUND, 0) : place + _AROUND]
                    plain += has_any(window, _TARGETS)
            place = lowered.find(word, place + 1, end)
    place = lowered.find("transfer", 0, end)
    while place >= 0:
        if _TRANSFERS.match(lowered, place) is not None:
            tuned, plain = tuned + 1, min(plain + 1, _ENOUGH)
        place = lowered.find("transfer", place + 1, end)
    untuned = 0
    place = lowered.find("shot", 0, end)
    while place >= 0:
        untuned += lowered.endswith(_SHOTS, 0, place)
        place = lowered.find("shot", place + 1, end)
    return (plain / _ENOUGH) * tuned / (tuned + untuned + 2)


def _is_denied(lowered: str, place: int) -> bool:
    """Whether the tuning that is named at `place` is said not to be done."""
    window = lowered[max(place - _LONGEST_DENIAL, 0) : place]
    return has_any(window, _DENIALS) and _DENIED.search(window) is not None


def _without(caption: str) -> str:
    """A caption without the tuning that makes a general model, or is not done."""
    return _DENIED_TUNING.sub("", _GENERALLY.sub("", caption))


def tuned_sections(view: PaperView) -> frozenset[int]:
    """Offsets of the innermost sections that say that the own model is fine-tuned on what they speak of."""
    lowered, found = view.lowered, set()
    for word in TUNING:
        place = lowered.find(word, 0, view.body_end)
        while place >= 0:
            section = view.document.section_at(place)
            if (
                section is not None
                and section.start not in found
                and not lowered.endswith(_GENERAL, 0, place)
                and not _is_denied(lowered, place)
            ):
                window = lowered[max(place - _AROUND, section.start) : place + _AROUND]
                told = _WE_TUNE.search(window) is not None or has_any(window, _TARGETS)
                if told and not has_any(section.title.lower(), UNTUNED):
                    found.add(section.start)
            place = lowered.find(word, place + 1, view.body_end)
    return frozenset(found)


# "Rows marked with * are zero-shot" speaks of some rows only.
_MARKS = re.compile(r"\b(?:marked|indicates?|denotes?|refers? to)\b")


def tuned_table(table: TableView) -> bool | None:
    """Whether the caption of a table of results speaks of models that were tuned on each set; None where it does not say."""
    sentences = table.caption.lower().split(". ")
    caption = _without(". ".join(one for one in sentences if _MARKS.search(one) is None))
    for words in (caption, caption.partition(". ")[0]):  # what comes first is what the table is about
        tuned, untuned = has_any(words, TUNING), has_any(words, UNTUNED)
        if tuned is not untuned:
            return tuned
    return None


def is_of_tuned(table: TableView) -> bool:
    """Whether tuned models are what a table is about, not only some of its rows: the caption begins with that."""
    opening = _without(table.caption.lower().partition(". ")[0])
    return has_any(opening, TUNING) and not has_any(opening, UNTUNED)
