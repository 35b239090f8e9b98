"""Parts by their place, for a slot (vision encoder, language model) of which no wording says anything.

`placed(view, weighed)` looks only at slots that are still empty. A known name of the right kind in the method, the training
or the set-up of the experiments, in a sentence that speaks of no other work and of no tool for data, is mostly the model's
own part. What counts: in how many such sentences it stands, what share of all mentions these are, words of perception or of
generation beside it (rules/parts_placed.toml), a variant behind it, that no other name of its kind stands there. The best
one (two, where they stand together) gets a hit of `part.placed.v1` and a probability for the review band: never acceptance.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from vlmingest.document import Span
from vlmingest.extract.connector_cues import free_of_encoders
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.parts_gather import Hit, PartUse, is_headed_by_own
from vlmingest.extract.parts_masks import Masked, numbers_in
from vlmingest.extract.parts_weigh import is_bare
from vlmingest.extract.rules import load_rules
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import Voice, voice
from vlmingest.records import Role

RULE = "part.placed.v1"
EMPTY_BELOW = 0.4  # probability of the best part of a slot below which the slot is empty
PROBABILITY = 0.5  # of a part that only its place shows: for a person to look at
FAINT = 0.45  # of the one part of an empty slot of which something is said, however little
_FAINT_AT, _AHEAD = 0.12, 2.0
_LEAST = 0.35
_STARTS = ("part.own_start", "part.initialised", "language_model.used_as", "part.checkpoint")
_SERVES = ("language_model.used_as", "language_model.serves_as", "vision_encoder.used_as", "vision_encoder.serves_as")
_TRIED_AT = 0.3
_DEVICE, _DEVICES = "part.device_of", 2
_SURE_START = 0.6  # strength of a hit that says what the own model starts from
_AS_GOOD = 0.75  # share of the best's score from which a second one in the same sentence is taken, too
_MOST = 4
_SECTION_WEIGHT = {
    SectionKind.METHOD: 1.0,
    SectionKind.TRAINING: 1.0,
    SectionKind.ABSTRACT: 0.9,
    SectionKind.OTHER: 0.6,
}
_SET_UP_WEIGHT = 0.8
_SET_UP = re.compile(r"implement|set-?ups?\b|settings?\b|details|configur|architecture", re.IGNORECASE)
_VOICE_WEIGHT = {Voice.OWN: 1.0, Voice.OPEN: 0.85}
_PLAIN = 0.55  # a sentence of full weight without a word of perception or generation
_WORDED = 0.25
_VARIANT = 0.15
_LESS_OFTEN = 0.7  # a bare shape, an image tokenizer, an encoder of text
_FREE_AT = 0.5
_SPECIFIC = re.compile(r"\d|-(?:[BLHgGe]\b|Large|Base|Huge|Instruct|Chat)")


class Place(NamedTuple):
    """A sentence in which a part stands well: how well (0..1), which, where the name is, and which name is given."""

    weight: float
    sentence: Sentence
    span: Span
    surface: str


Weighed = list[tuple[PartUse, float, dict[str, float]]]


def placed(view: PaperView, weighed: Weighed) -> Weighed:
    """`weighed` with the best-placed part of every empty slot raised to `PROBABILITY`, in the same kind of order."""
    best: dict[str, float] = {"vision_encoder": 0.0, "language_model": 0.0}
    for use, probability, _ in weighed:
        if not is_bare(use):
            best[use.kind] = max(best[use.kind], probability)
    chosen: dict[int, Place] = {}
    based: set[int] = set()
    faint: set[int] = set()
    for kind, probability in best.items():
        if probability < EMPTY_BELOW and not (kind == "vision_encoder" and free_of_encoders(view) >= _FREE_AT):
            sure = any(one >= EMPTY_BELOW for use, one, _ in weighed if use.kind == kind)
            same = [use for use, _, _ in weighed if use.kind == kind]
            found = _chosen(view, [use for use in same if not (sure and is_bare(use))])
            if not found:
                based |= _base(same)
            chosen |= found
            if not found and not based and not sure:
                faint |= _faint([(probability, use) for use, probability, _ in weighed if use.kind == kind])
    if not chosen and not based and not faint:
        return weighed
    raised = []
    for use, probability, features in weighed:
        place = chosen.get(id(use))
        if place is not None:
            use.hits.append(Hit(PROBABILITY, place.span, RULE, Role.USED, place.surface, place.sentence.section))
        now = PROBABILITY if place is not None or id(use) in based else FAINT if id(use) in faint else probability
        raised.append((use, now, features))
    return sorted(raised, key=lambda item: (item[0].kind, -item[1], item[0].name))


def _base(uses: list[PartUse]) -> set[int]:
    """The finished multimodal model that the own one surely starts from, by identity: what it writes with is that one's."""
    started = [
        (max(strengths), len(use.hits), use.name, id(use))
        for use in uses
        if use.code is not None and use.code.whole
        if (strengths := [hit.strength for hit in use.hits if hit.rule.startswith(_STARTS)])
    ]
    best = max(started, default=None)
    return {best[3]} if best is not None and best[0] >= _SURE_START else set()


def _chosen(view: PaperView, uses: list[PartUse]) -> dict[int, Place]:
    """The best-placed of the parts of one kind, by identity: none, one, or two that stand together."""
    places = {id(use): found for use in uses if (found := list(_places(view, use)))}
    ranked = sorted(
        ((_score(use, places[id(use)], len(places) == 1), use.name, use) for use in uses if id(use) in places),
        key=lambda item: (-item[0], item[1]),
    )
    if not ranked or ranked[0][0] < _LEAST:
        return {}
    score, _, first = ranked[0]
    chosen = {id(first): _best(places[id(first)])}
    beside = {place.sentence.start for place in places[id(first)]}
    for other, _, second in ranked[1:_MOST]:
        together = any(place.sentence.start in beside for place in places[id(second)])
        if together and other >= _AS_GOOD * score:
            chosen[id(second)] = _best(places[id(second)])
    return chosen


def _faint(ranked: list[tuple[float, PartUse]]) -> set[int]:
    """The one part of an empty slot that the paper says something for, by identity: "the studies above used Foo".

    Or those of one plain sentence on a trial ("when using Foo and Bar as the language model"), where nothing else is said.
    """
    ranked = sorted(ranked, key=lambda item: (-item[0], item[1].name))
    able = [(chance, use) for chance, use in ranked if use.hits and _may_fill(use)]
    if not able:
        return set()
    first, use = able[0]
    if able[0] == ranked[0] and first >= _FAINT_AT and (len(ranked) == 1 or first >= _AHEAD * ranked[1][0]):
        return {id(use)}
    plain = {id(use): _plainly(use) for _, use in able}
    last = max((place for places in plain.values() for place in places), default=-1)
    return {one for one, places in plain.items() if last >= 0 and last in places} if len(plain) <= _MOST else set()


def _may_fill(use: PartUse) -> bool:
    code = use.code
    return code is not None and not (code.whole or code.closed or code.coder or code.reader)


def _plainly(use: PartUse) -> set[int]:
    """The sentences that plainly say that it serves as a part, though they tell of a trial."""
    spans = {hit.span for hit in use.hits if hit.rule.startswith(_SERVES) and hit.strength >= _TRIED_AT}
    return {masked.sentence.start for masked, span, _ in use.stands if span in spans}


def _best(places: list[Place]) -> Place:
    return min(places, key=lambda place: (-place.weight, place.span))


def _places(view: PaperView, use: PartUse) -> list[Place]:
    """Where a part stands well, in order."""
    if use.code is None or use.code.whole or use.code.closed or _is_device(use):
        return []
    refused = {hit.span for hit in use.against}
    found = []
    for masked, span, surface in use.stands:
        weight = 0.0 if span in refused else _weight(view, masked, use.kind)
        if weight and span not in _likened(masked):
            weight += _VARIANT * (_SPECIFIC.search(view.text[span.start : span.end]) is not None)
            found.append(Place(weight, masked.sentence, span, surface))
    return found


def _is_device(use: PartUse) -> bool:
    """Whether only blocks of it are taken ("we stack Foo blocks"): a design, and no model with weights."""
    devices = {hit.span for hit in use.against if hit.rule.startswith(_DEVICE)}
    return len(devices) >= _DEVICES


def _weight(view: PaperView, masked: Masked, kind: str) -> float:
    """How well a name of a kind stands in a sentence; 0: it says nothing of the own model."""
    section, said = masked.sentence.section, voice(view, masked.sentence)
    if section is SectionKind.OTHER and is_headed_by_own(view, masked.sentence):
        section = SectionKind.METHOD
    weight = _SECTION_WEIGHT.get(section, 0.0)
    if section is SectionKind.EXPERIMENTS:
        held = view.document.section_at(masked.sentence.start)
        weight = _SET_UP_WEIGHT if held is not None and _SET_UP.search(held.title) else 0.0
    weight *= _VOICE_WEIGHT.get(said, 0.0)
    if not weight:
        return 0.0
    if _patterns()["placed.tool.v1"].search(masked.text):
        return 0.0
    worded = _patterns()["placed.perception.v1" if kind == "vision_encoder" else "placed.generation.v1"]
    return weight * (_PLAIN + _WORDED * (worded.search(masked.text) is not None))


def _likened(masked: Masked) -> set[Span]:
    """The names of which a sentence says that the own design is like them."""
    return {
        Span(*masked.names[number].span)
        for match in _patterns()["placed.likeness.v1"].finditer(masked.text)
        for number in numbers_in(match.group(), None)
    }


def _score(use: PartUse, places: list[Place], alone: bool) -> float:
    """How surely a part is the model's own, by its places: 0..1."""
    by_sentence: dict[int, float] = defaultdict(float)
    for place in places:
        by_sentence[place.sentence.start] = max(by_sentence[place.sentence.start], place.weight)
    missing = 1.0
    for weight in by_sentence.values():
        missing *= 1.0 - min(weight, 0.95)
    share = len(by_sentence) / max(use.mentions, len(by_sentence))
    score = (1.0 - missing) * (0.6 + 0.4 * share) * (1.0 if alone else 0.9)
    code = use.code
    if code is not None and (code.shape or code.coder or code.reader):
        score *= _LESS_OFTEN
    return score


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {rule.id: rule.regex for rule in load_rules("parts_placed").rules}
