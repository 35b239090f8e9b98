"""What sentences say of connectors and architecture types, gathered over the paper.

Every hit of a row of rules/connectors.toml and rules/architecture_types.toml counts by its row, its section, whose work the sentence speaks of, and whether
words before it turn it round ("unlike the Q-Former").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as made
from functools import cache

from vlmingest.document import BlockKind, Span
from vlmingest.extract.clauses import voice_at
from vlmingest.extract.connector_setting import (
    adopts,
    before_llms,
    beside,
    denied,
    explored,
    inside,
    on_trials,
    patterns,
    sees,
    setting_worth,
    surveyed,
    tells_of_many,
    turned,
)
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.leads import led_matches
from vlmingest.extract.needs import Needs, holds_needs, needs_of
from vlmingest.extract.parts_bases import base_sentences
from vlmingest.extract.rivals import names_rival, rival_acts
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import Voice, voice
from vlmingest.extract.wording import wording
from vlmingest.records import FieldName

_SECTION_WEIGHT = {
    SectionKind.FRONT: 0.9,
    SectionKind.ABSTRACT: 1.0,
    SectionKind.INTRODUCTION: 0.75,
    SectionKind.METHOD: 1.0,
    SectionKind.TRAINING: 1.0,
    SectionKind.DATA: 0.6,
    SectionKind.EXPERIMENTS: 0.55,
    SectionKind.ABLATION: 0.3,
    SectionKind.CONCLUSION: 0.6,
    SectionKind.RELATED: 0.0,
    SectionKind.REFERENCES: 0.0,
    SectionKind.OTHER: 0.85,
}
_VOICE_WEIGHT = {Voice.OWN: 1.0, Voice.OPEN: 0.85, Voice.OTHER: 0.1}
_OWN_BESIDE_OTHERS = 0.4
_OF_TRIALS = frozenset({SectionKind.ABLATION, SectionKind.EXPERIMENTS})
_ADOPTED = 0.75
_AGAINST_WEIGHT = 0.2
_EXPLORED_WEIGHT = 0.45
_BLIND_WEIGHT = 0.45
_INSIDE_WEIGHT = 0.35
_OF_THE_BASE = 0.8  # of a sentence on the multimodal model that the own one is built on
_MANY_WEIGHT = 0.35
_RIVAL_WEIGHT = 0.4
_TRIAL_WEIGHT = 0.5
_ACTING_WEIGHT = 0.3  # of a sentence whose subject is another model
_UNLESS_WEIGHT = 0.4
_OF_OTHERS = frozenset({SectionKind.INTRODUCTION, SectionKind.FRONT, SectionKind.OTHER})
_IN_PASSING = _OF_OTHERS | {SectionKind.EXPERIMENTS, SectionKind.ABLATION}
_NEAR = 50
_PLACE = 0.25  # strength of a hit that tells something
_FEW = 4  # pieces that are worth a look each before a pattern is tried
_LEAST = 0.12  # weight of a sentence below which it is not read


@dataclass
class Cues:
    """What was found for one value: (strength, place, rule), and in how many sentences of which sections."""

    hits: list[tuple[float, Span, str]] = made(default_factory=list)
    strongest: float = 0.0
    gathered: float = 0.0
    places: int = 0
    abstract: int = 0
    told: float = 0.0  # the strongest of a row that names the thing itself
    named: float = 0.0  # all of such rows together
    denied: bool = False  # the paper says that its model has no such thing

    def spots(self) -> tuple[int, ...]:
        """Where hits stand that tell something and name the thing itself."""
        return tuple(span.start for strength, span, rule in self.hits if strength >= _PLACE and rule not in _hints())


def gather_cues(view: PaperView) -> dict[tuple[FieldName, str], Cues]:
    """The hits for every connector and architecture type, the strongest first; made once per paper."""
    found: dict[tuple[FieldName, str], Cues] | None = view.memo.get("connectors.cues")
    if found is None:
        found = view.memo["connectors.cues"] = _gather(view)
    return found


def _gather(view: PaperView) -> dict[tuple[FieldName, str], Cues]:
    best: dict[tuple[FieldName, str], dict[int, tuple[float, Span, str]]] = defaultdict(dict)
    without: set[tuple[FieldName, str]] = set()
    for number, rule in enumerate(_rows()):
        if rule.field is None or rule.value is None or (rule.attributes.get("early") and not before_llms(view)):
            continue
        for sentence, match, factor in _hits(view, rule, number):
            strength = rule.weight * factor
            if turned(view, sentence, match):
                strength *= _AGAINST_WEIGHT
                if rule.field is FieldName.CONNECTOR and denied(view, sentence, match):
                    without.add((rule.field, rule.value))
            elif surveyed(view, sentence):
                strength *= _AGAINST_WEIGHT
            if explored(view, sentence, match):
                strength *= _EXPLORED_WEIGHT
            if rule.attributes.get("thing"):
                strength *= max(setting_worth(view, sentence), float(rule.attributes.get("least", 0.0)))
                if (near := _pattern_of(rule, "beside")) is not None and beside(view, sentence, near):
                    strength *= float(rule.attributes["boost"])
            elif rule.attributes.get("broad"):
                strength *= (
                    _BLIND_WEIGHT if not sees(view, sentence) else _INSIDE_WEIGHT if inside(view, sentence) else 1.0
                )
            if (unless := _pattern_of(rule, "unless")) is not None and unless.search(
                view.text, max(sentence.start, match.start() - _NEAR), min(sentence.end, match.end() + _NEAR)
            ):
                strength *= _UNLESS_WEIGHT
            known = best[rule.field, rule.value]
            if sentence.start not in known or known[sentence.start][0] < strength:
                known[sentence.start] = (strength, Span(match.start(), match.end()), rule.id)
    return {key: _cues(view, known, key in without) for key, known in best.items()}


@cache
def _near(name: str) -> re.Pattern[str]:
    return wording(f"connector_near.{name}").regex


def _pattern_of(rule: Rule, attribute: str) -> re.Pattern[str] | None:
    """What makes a hit of the rule surer (`beside`) or less sure (`unless`) where it stands there."""
    name = rule.attributes.get(attribute)
    return None if name is None else _near(str(name))


@cache
def _rows() -> tuple[Rule, ...]:
    return (*load_rules("connectors").rules, *load_rules("architecture_types").rules)


@cache
def _needs() -> tuple[Needs, ...]:
    """For each row what stands in every match besides a cue: a piece of its `also`, and what its pattern needs."""
    found = []
    for rule in _rows():
        also = tuple(rule.attributes.get("also", ()))
        found.append(((also,) if also else ()) + needs_of(rule.pattern, rule.cues, _FEW))
    return tuple(found)


def _hits(view: PaperView, rule: Rule, number: int) -> Iterator[tuple[Sentence, re.Match[str], float]]:
    """Matches in sentences that may speak of the own model, each with the weight of its place."""
    low = rule.low
    lead = rule.lead
    needs = _needs()[number]
    regex, text = (rule.regex, view.text) if low is None else (low, view.lowered)
    sentences = view.sentences
    for index in view.sentences_for(rule):
        sentence = sentences[index]
        if needs and not holds_needs(view.lowered[sentence.start : sentence.end], needs):
            continue
        if lead is None:
            matches = regex.finditer(text, sentence.start, sentence.end)
        elif (first := lead.search(text, sentence.start, sentence.end)) is not None:
            matches = led_matches(lead, regex, text, sentence.start, sentence.end, first)
        else:
            continue
        section = None  # what a sentence counts is dearer to know than whether it matches
        for match in matches:
            if section is None:
                section = _section_weight(view, sentence)
            if section < _LEAST:
                break
            factor = section * _VOICE_WEIGHT[voice_at(view, sentence, match.start())]
            if sentence.start in base_sentences(view):
                factor = max(factor, section * _OF_THE_BASE)
            if factor >= _LEAST:
                yield sentence, match, factor


def _cues(view: PaperView, known: dict[int, tuple[float, Span, str]], without: bool) -> Cues:
    hits = sorted(known.values(), key=lambda hit: (-hit[0], hit[1]))
    missing = unnamed = 1.0
    for strength, _, rule in hits:
        missing *= 1.0 - 0.6 * strength
        if rule not in _hints():
            unnamed *= 1.0 - 0.6 * strength
    abstract = sum(view.section_kind(start) in (SectionKind.ABSTRACT, SectionKind.FRONT) for start in known)
    told = max((strength for strength, _, rule in hits if rule not in _hints()), default=0.0)
    places = sum(hit[0] >= _PLACE for hit in hits)
    return Cues(hits, hits[0][0], 1.0 - missing, places, abstract, told, 1.0 - unnamed, without)


@cache
def _hints() -> frozenset[str]:
    """Rows whose words may mean another device, too."""
    return frozenset(rule.id for rule in _rows() if rule.attributes.get("hint"))


def _section_weight(view: PaperView, sentence: Sentence) -> float:
    weights: dict[int, float] = view.memo.setdefault("connectors.sections", {})
    weight = weights.get(sentence.start)
    if weight is None:
        weight = _SECTION_WEIGHT[sentence.section]
        if "ablat" in view.lowered[sentence.start : sentence.end] and not adopts(view, sentence):
            weight *= _TRIAL_WEIGHT
        if sentence.section is SectionKind.RELATED and voice(view, sentence) is not Voice.OTHER:
            weight = _OWN_BESIDE_OTHERS
        elif sentence.section in _OF_TRIALS and adopts(view, sentence):
            weight = _ADOPTED
        elif sentence.start in base_sentences(view):
            pass
        elif sentence.section in _OF_OTHERS and voice(view, sentence) is Voice.OPEN and tells_of_many(view, sentence):
            weight *= _MANY_WEIGHT
        elif sentence.section in _IN_PASSING and names_rival(view, sentence.start, sentence.end):
            weight *= _RIVAL_WEIGHT
        elif rival_acts(view, sentence.start, sentence.end):
            weight *= _ACTING_WEIGHT
        elif sentence.section is SectionKind.OTHER and on_trials(view, sentence):
            weight *= _TRIAL_WEIGHT
        if sentence.kind is BlockKind.HEADING:
            weight *= 0.6
        weights[sentence.start] = weight
    return weight


def free_of_encoders(view: PaperView) -> float:
    """How strongly the paper says of its model that it has no vision encoder, 0..1."""
    cues = gather_cues(view).get((FieldName.TYPE, "early-fusion"))
    missing = 1.0
    for strength, _, rule in cues.hits if cues is not None else ():
        if rule.startswith("type.encoder_free"):
            missing *= 1.0 - 0.6 * strength
    return 1.0 - missing


def connected(view: PaperView) -> float:
    """How strongly the paper describes a connector of its own model, 0..1."""
    cues = gather_cues(view)
    return max((cue.gathered for (field, _), cue in cues.items() if field is FieldName.CONNECTOR), default=0.0)


def draws(view: PaperView) -> float:
    """How strongly the paper says of its model that it makes images or mixes their codes with words, 0..1."""
    cues = gather_cues(view)
    made = (cues.get((FieldName.TYPE, value)) for value in ("unified-generation", "early-fusion"))
    return max((cue.gathered for cue in made if cue is not None), default=0.0)


def explores(view: PaperView) -> bool:
    """Whether the paper is a study of designs: what it describes may then be an option that was tried."""
    pattern = patterns()["study"].pattern
    return any(pattern.search(text.lower()) is not None for text in (view.title, view.abstract))
