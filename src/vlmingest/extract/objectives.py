"""Training objectives: what own sentences name, counted by section and voice, and weighed by a small trained score.

The rows of rules/objectives.toml find the sentences; `objective_features` counts them for one objective; the weights of
weights/objectives.json (tools/train_objectives.py) turn the counts into a chance. A model that generates text token by token
is trained by language modelling though it may not say so: a language backbone that is trained on answers gives that
objective by itself, unless the paper trains by reinforcement alone.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple, get_args

from vlmingest.extract.clauses import clause_at, voice_at
from vlmingest.extract.connectors import verdicts
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.leads import led_matches
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import Voice, voice
from vlmingest.records import Candidate, FieldName, ObjectiveType

OBJECTIVES: tuple[str, ...] = get_args(ObjectiveType)
_GROUPS = {
    SectionKind.FRONT: "abstract",
    SectionKind.ABSTRACT: "abstract",
    SectionKind.INTRODUCTION: "introduction",
    SectionKind.CONCLUSION: "introduction",
    SectionKind.METHOD: "method",
    SectionKind.TRAINING: "method",
    SectionKind.DATA: "method",
    SectionKind.EXPERIMENTS: "elsewhere",
    SectionKind.ABLATION: "elsewhere",
    SectionKind.OTHER: "method",
}
STRONG = 2
_METHODS = frozenset({SectionKind.METHOD, SectionKind.TRAINING, SectionKind.ABSTRACT})
_MOST = 12
# A paper on the one names the other all the time.
_PAIR = {"contrastive": "sigmoid-contrastive", "sigmoid-contrastive": "contrastive"}
# What a vision encoder was trained by before a language model got it.
_OF_ENCODERS = frozenset({"contrastive", "sigmoid-contrastive", "masked-modeling"})
_PASSING = 2  # places that name one of these, of a paper on something else
_LEAST = 0.05
_WRITES = "language-modeling"
# A model of one of these types writes text.
_WRITERS = frozenset({"decoder-prefix", "encoder-decoder", "cross-attention", "early-fusion", "unified-generation"})


class _Hit(NamedTuple):
    start: int
    end: int
    group: str
    strength: int
    own: bool
    stated: bool
    theirs: bool
    training: bool = False  # in a section on training

    @property
    def worth(self) -> float:
        """For choosing evidence: own sentences on the method that state an objective come first."""
        return self.strength + self.own + 2 * (self.group == "method") + self.stated - 2 * self.theirs


def read_objectives(view: PaperView) -> Iterator[Candidate]:
    """One candidate per objective that the text speaks of, with the chance that the model is trained by it."""
    hits = objective_hits(view)
    weights = load_weights()
    for kind, found in hits.items():
        features = objective_features(kind, hits, view)
        score = sum(weights.get(name, 0.0) * value for name, value in features.items())
        chance = 1 / (1 + math.exp(-score))
        if chance < _LEAST:
            continue
        best = sorted(found, key=lambda hit: (-hit.worth, hit.start))[:2]
        yield Candidate(
            field=FieldName.OBJECTIVE,
            value=kind,
            evidence=tuple(view.evidence(hit.start, hit.end, "training.objective.v2") for hit in best),
            reader="rule:training.objective.v2",
            confidence=round(chance, 4),
        )


@cache
def load_weights() -> Mapping[str, float]:
    """Feature -> weight, from weights/objectives.json."""
    path = resources.files(__package__) / "weights" / "objectives.json"
    found: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return found


@cache
def _rows() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules("objectives").rules if rule.value is not None)


@cache
def _says() -> Mapping[str, re.Pattern[str]]:
    """The patterns that name no objective, by what they look for; they are for text in lower case. But for `helper` they tell
    only whether something is there: what matches may be its first letter.
    """
    rules = {rule.id.split(".")[1]: rule for rule in load_rules("objectives").rules if rule.value is None}
    return {name: (rule.lead if name != "helper" else None) or rule.low or rule.regex for name, rule in rules.items()}


def objective_hits(view: PaperView) -> dict[str, list[_Hit]]:
    """Objective -> the places outside of related work that name it or what goes with it."""
    found: dict[str, list[_Hit]] = defaultdict(list)
    judged: dict[tuple[int, bool], tuple[bool, bool, bool]] = {}
    for rule in _rows():
        assert rule.value is not None
        strength = int(rule.attributes["strength"])
        for sentence, match in _matches(view, rule, strength):
            if len(found[rule.value]) >= 4 * _MOST:
                break
            group = _GROUPS[sentence.section]
            own_clause = clause_at(view, sentence, match.start())
            key = (own_clause[0], own_clause[0] == sentence.start)
            if key not in judged:
                judged[key] = _judge(view, sentence, match.start(), own_clause)
            own, says, other = judged[key]
            other = other or _is_history(view, sentence, match.start())
            if rule.value == "diffusion":
                other = other or _is_of_sound(view, sentence)
            elif rule.value == "regression":  # the squared error of a denoiser or of a tokenizer is none of its own
                other = other or _says()["of_noise"].search(view.lowered, sentence.start, sentence.end) is not None
            if not strength and other:
                continue
            if strength < STRONG and _says()["measured"].search(view.lowered, sentence.start, sentence.end):
                other = True  # what it is measured against
            found[rule.value].append(
                _Hit(
                    match.start(),
                    match.end(),
                    group,
                    strength,
                    own,
                    says,
                    other,
                    sentence.section is SectionKind.TRAINING,
                )
            )
    found[_WRITES] += _backbones(view)
    return {kind: hits for kind in OBJECTIVES if (hits := found.get(kind))}


def _matches(view: PaperView, rule: Rule, strength: int) -> Iterator[tuple[Sentence, re.Match[str]]]:
    """Matches of a row outside of related work; those of a row that proves little only where the method is told."""
    regex, text = (rule.regex, view.text) if rule.low is None else (rule.low, view.lowered)
    lead = rule.lead
    sections = _GROUPS if strength else _METHODS
    for index in view.sentences_for(rule):
        sentence = view.sentences[index]
        if sentence.section in sections:
            for match in led_matches(lead, regex, text, sentence.start, sentence.end):
                yield sentence, match


def _backbones(view: PaperView) -> Iterator[_Hit]:
    """Places where the method speaks of a language model: it was trained to write, whatever else is said."""
    seen: set[int] = set()
    for mention in view.mentions:
        if mention.code.kind != "language_model" or mention.code.reader or mention.code.closed or len(seen) >= _MOST:
            continue
        sentence = view.sentence_at(mention.start)
        if sentence is None or sentence.section not in _METHODS or sentence.start in seen:
            continue
        if voice(view, sentence) is not Voice.OTHER:
            seen.add(sentence.start)
            yield _Hit(mention.start, mention.end, "method", 0, False, False, False)


def _judge(view: PaperView, sentence: Sentence, place: int, clause: tuple[int, int]) -> tuple[bool, bool, bool]:
    """Whether the clause speaks of the own model, states something, or tells of others."""
    says = _says()
    speaks = voice_at(view, sentence, place)
    first = bisect_left(view.mention_starts, sentence.start)
    if first < len(view.mentions) and speaks is not Voice.OWN:
        mention = view.mentions[first]
        if mention.start == sentence.start and says["another_trained"].search(view.lowered[mention.end : sentence.end]):
            speaks = Voice.OTHER
    return (
        speaks is Voice.OWN,
        says["stated"].search(view.lowered, sentence.start, sentence.end) is not None,
        speaks is Voice.OTHER or says["theirs"].search(view.lowered, *clause) is not None,
    )


def _is_history(view: PaperView, sentence: Sentence, place: int) -> bool:
    """Whether the objective is what a part was trained by before: "SigLIP, pre-trained with a sigmoid loss"."""
    starts, says = view.mention_starts, _says()
    first = bisect_left(starts, sentence.start)
    ends = [view.mentions[first].end] if first < len(starts) and starts[first] < place else []
    helper = says["helper"].search(view.lowered, sentence.start, place)
    ends += [helper.end()] if helper is not None else []
    return bool(ends) and says["history"].search(view.lowered[min(ends) : place]) is not None


def _is_of_sound(view: PaperView, sentence: Sentence) -> bool:
    """Whether speech is what is made by diffusion there, not images."""
    block = view.document.blocks[sentence.block]
    return _says()["of_sound"].search(view.lowered, block.start, block.end) is not None


def objective_features(kind: str, hits: Mapping[str, list[_Hit]], view: PaperView) -> dict[str, float]:
    """Named numbers about one objective of a paper; counts are taken as logarithms."""
    counts: dict[str, int] = defaultdict(int)
    for hit in hits.get(kind, ()):
        if hit.theirs:
            continue
        if not hit.strength:
            counts["backbone"] += 1
            continue
        if hit.strength < STRONG:
            place = "" if hit.group in ("method", "abstract") else ".elsewhere"
            counts[f"{'weak' if kind == _WRITES else 'hint'}{place}"] += 1
            continue
        counts["method" if hit.group in ("method", "abstract") else "elsewhere"] += 1
        counts["own"] += hit.own
        counts["stated"] += hit.stated and hit.group == "method"
    found = {name: math.log1p(min(count, _MOST)) for name, count in counts.items() if count}
    found["bias"] = 1.0
    found["title"] = float(any(rule.value == kind and rule.regex.search(view.title) for rule in _rows()))
    types = {one.value: one.confidence for one in verdicts(view) if one.field is FieldName.TYPE}
    if kind == _WRITES:
        found["generates"] = 1.0
        found.update(_generation_features(hits))
        reads = max(types.get("dual-encoder", 0.0), types.get("fusion-encoder", 0.0))
        found["writes_not"] = reads * (1.0 - max((types[name] for name in _WRITERS if name in types), default=0.0))
    else:
        named = [hit for hit in hits.get(kind, ()) if hit.strength >= STRONG and not hit.theirs]
        found["outside"] = float(_tells_training(view) and not any(hit.training for hit in named))
        if kind in _OF_ENCODERS and len(named) <= _PASSING:
            found["encoders"] = types.get("decoder-prefix", 0.0) * (1.0 - types.get("dual-encoder", 0.0))
    if kind in _PAIR:
        other, own = (math.log1p(len(hits.get(name, ()))) for name in (_PAIR[kind], kind))
        found["pair.other"] = max(other - own, 0.0)
    if kind == "contrastive":  # the sigmoid loss is a contrastive one, too: its paper need not mean another
        found["pair.stated"] = float(any(hit.stated and not hit.theirs for hit in hits.get("sigmoid-contrastive", ())))
    return {name: round(value, 5) for name, value in sorted(found.items())}


def _tells_training(view: PaperView) -> bool:
    """Whether the paper has a section on training."""
    return view.once(_has_training)


def _has_training(view: PaperView) -> bool:
    return any(sentence.section is SectionKind.TRAINING for sentence in view.sentences)


def _generation_features(hits: Mapping[str, list[_Hit]]) -> dict[str, float]:
    """What else the paper trains by: contrast or reinforcement alone speak against language modelling.

    `only.reinforcement`: it says more of reinforcement than of learning to write.
    """

    def amount(kind: str) -> float:
        return math.log1p(min(sum(not hit.theirs for hit in hits.get(kind, ())), _MOST))

    return {
        "beside.contrastive": amount("contrastive") + amount("sigmoid-contrastive"),
        "beside.reinforcement": amount("reinforcement-learning"),
        "only.reinforcement": max(amount("reinforcement-learning") - _told(hits), 0.0),
        "beside.captioning": amount("captioning"),
    }


def _told(hits: Mapping[str, list[_Hit]]) -> float:
    """How much is said of learning to write; that there is a language model says nothing of it."""
    return math.log1p(min(sum(hit.strength > 0 and not hit.theirs for hit in hits.get(_WRITES, ())), _MOST))
