"""What sentences say of connectors and architecture types, gathered over the paper.

Every hit of a row of rules/connectors.toml counts by its row, its section, whose work the sentence speaks of, and whether
words before it turn it round ("unlike the Q-Former").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as made
from functools import cache

from vlmingest.document import BlockKind, Span
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView, SectionKind, Sentence
from vlmingest.extract.voice import Voice, voice
from vlmingest.records import FieldName

_SECTION_WEIGHT = {
    SectionKind.FRONT: 0.9,
    SectionKind.ABSTRACT: 1.0,
    SectionKind.INTRODUCTION: 0.75,
    SectionKind.METHOD: 1.0,
    SectionKind.TRAINING: 1.0,
    SectionKind.DATA: 0.3,
    SectionKind.EXPERIMENTS: 0.55,
    SectionKind.ABLATION: 0.3,
    SectionKind.CONCLUSION: 0.6,
    SectionKind.RELATED: 0.0,
    SectionKind.REFERENCES: 0.0,
    SectionKind.OTHER: 0.85,
}
_VOICE_WEIGHT = {Voice.OWN: 1.0, Voice.OPEN: 0.85, Voice.OTHER: 0.1}
_OWN_BESIDE_OTHERS = 0.4
_AGAINST_WEIGHT = 0.2
_EXPLORED_WEIGHT = 0.45
_BLIND_WEIGHT = 0.45
_BEFORE = 90
_LEAST = 0.12  # weight of a sentence below which it is not read


@dataclass
class Cues:
    """What was found for one value: (strength, place, rule), and in how many sentences of which sections."""

    hits: list[tuple[float, Span, str]] = made(default_factory=list)
    strongest: float = 0.0
    gathered: float = 0.0
    places: int = 0
    abstract: int = 0


def gather_cues(view: PaperView) -> dict[tuple[FieldName, str], Cues]:
    """The hits for every connector and architecture type, the strongest first; made once per paper."""
    found: dict[tuple[FieldName, str], Cues] | None = view.memo.get("connectors.cues")
    if found is None:
        found = view.memo["connectors.cues"] = _gather(view)
    return found


def _gather(view: PaperView) -> dict[tuple[FieldName, str], Cues]:
    rules = load_rules("connectors")
    options = _against()["explores"]
    best: dict[tuple[FieldName, str], dict[int, tuple[float, Span, str]]] = defaultdict(dict)
    for rule in rules.rules:
        if rule.field is None or rule.value is None:
            continue
        for sentence, match, factor in _hits(view, rule):
            strength = rule.weight * factor
            if _turned(view, sentence, match):
                strength *= _AGAINST_WEIGHT
            if options.search(view.text, sentence.start, sentence.end):
                strength *= _EXPLORED_WEIGHT
            if rule.attributes.get("broad") and not _sees(view, sentence):
                strength *= _BLIND_WEIGHT
            known = best[rule.field, rule.value]
            if sentence.start not in known or known[sentence.start][0] < strength:
                known[sentence.start] = (strength, Span(match.start(), match.end()), rule.id)
    return {key: _cues(view, known) for key, known in best.items()}


def _hits(view: PaperView, rule: Rule) -> Iterator[tuple[Sentence, re.Match[str], float]]:
    """Matches in sentences that may speak of the own model, each with the weight of its sentence."""
    factors: dict[int, float] = view.memo.setdefault("connectors.factors", {})
    for index in view.sentences_for(rule):
        sentence = view.sentences[index]
        factor = factors.get(index)
        if factor is None:
            factor = factors[index] = _factor(view, sentence)
        if factor >= _LEAST:
            for match in rule.regex.finditer(view.text, sentence.start, sentence.end):
                yield sentence, match, factor


def _cues(view: PaperView, known: dict[int, tuple[float, Span, str]]) -> Cues:
    hits = sorted(known.values(), key=lambda hit: (-hit[0], hit[1]))
    missing = 1.0
    for strength, _, _ in hits:
        missing *= 1.0 - 0.6 * strength
    abstract = sum(view.section_kind(start) in (SectionKind.ABSTRACT, SectionKind.FRONT) for start in known)
    return Cues(hits, hits[0][0], 1.0 - missing, sum(hit[0] >= 0.25 for hit in hits), abstract)


def _factor(view: PaperView, sentence: Sentence) -> float:
    said = voice(view, sentence)
    weight = _SECTION_WEIGHT[sentence.section]
    if sentence.section is SectionKind.RELATED and said is not Voice.OTHER:
        weight = _OWN_BESIDE_OTHERS
    if sentence.kind is BlockKind.HEADING:
        weight *= 0.6
    return weight * _VOICE_WEIGHT[said]


def _sees(view: PaperView, sentence: Sentence) -> bool:
    """Whether a sentence speaks of vision: by a word, or by the name of a vision encoder."""
    if _against()["sight"].search(view.text, sentence.start, sentence.end):
        return True
    first, end = bisect_left(view.mention_starts, sentence.start), bisect_left(view.mention_starts, sentence.end)
    return any(mention.code.kind == "vision_encoder" for mention in view.mentions[first:end])


@cache
def _against() -> dict[str, re.Pattern[str]]:
    """The patterns of the table `against`: words that turn a hit round, before it or inside it, and what shows vision."""
    table = load_rules("connectors").data["against"]
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in table.items()}


def _turned(view: PaperView, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether the words before or inside a hit say that it is not the own model's."""
    patterns, start = _against(), match.start()
    return (
        patterns["before"].search(view.text, max(sentence.start, start - _BEFORE), start) is not None
        or patterns["others"].search(view.text, max(sentence.start, start - 2 * _BEFORE), start) is not None
        or patterns["after"].match(view.text[match.end() : sentence.end]) is not None
        or patterns["inside"].search(view.text, start, match.end()) is not None
    )


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


def explores(view: PaperView) -> bool:
    """Whether the paper is a study of designs: what it describes may then be an option that was tried."""
    pattern = _against()["study"]
    return pattern.search(view.title) is not None or pattern.search(view.abstract) is not None
