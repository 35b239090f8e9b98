"""What a stage trains and freezes, weighed over all that the paper says of it; and which parts the model has at all.

Every statement (`stages_freeze.Freeze`) votes for the components it names, and more weakly for those it does not: "only the
projector is trained" speaks against the rest. A part that the model does not have is never listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation

from vlmingest.document import Span
from vlmingest.extract.connectors import verdicts
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.parts import weighed_parts
from vlmingest.extract.rules import load_rules
from vlmingest.extract.stages_freeze import ORDER, PARTS, Freeze
from vlmingest.extract.view import PaperView
from vlmingest.extract.wording import wording
from vlmingest.records import Component, FieldName

# How strongly a statement speaks of the parts it does not name, by what it says of those it names.
_ONLY, _EVERYTHING, _REST, _ONE_SIDE = 0.8, 0.7, 0.8, 0.1
# How much a statement counts: "X is trained" alone is said of many things, "train only X, freeze Y" is not.
_BOTH_SIDES, _WHOLE, _FROZEN_ONLY, _TRAINED_ONLY = 3.0, 1.5, 1.8, 1.2

_REPEAT = 0.2
_LEAST_SHARE = 0.25
_LEAST_BY_ITSELF = 0.6  # under it a sentence that the LLM is trained may be of anything
_SURE = 0.25  # of what the paper says outside any stage: one plain sentence of its own


@dataclass(slots=True)
class _Side:
    """Statements on one side: the strongest counts in full, the others add little, or much talk would beat a plain word."""

    strongest: float = 0.0
    total: float = 0.0

    def add(self, weight: float) -> None:
        self.strongest = max(self.strongest, weight)
        self.total += weight

    @property
    def weight(self) -> float:
        return self.strongest + _REPEAT * (self.total - self.strongest)


@dataclass(slots=True)
class FreezeVotes:
    """Votes of a stage's statements: above 0 trained, below 0 frozen."""

    parts: frozenset[Component]
    _for: dict[Component, _Side] = field(default_factory=lambda: defaultdict(_Side))
    _against: dict[Component, _Side] = field(default_factory=lambda: defaultdict(_Side))
    named: set[Component] = field(default_factory=set)
    kept: set[Component] = field(default_factory=set)  # named as frozen
    plain: bool = False  # a statement of the whole ("everything", "only", "the rest")
    rest_kept: bool = False  # some statement says that the rest is frozen
    by_adapters: bool = False  # the LLM is said to be trained, and only ever by low-rank weights
    by_itself: bool = False  # ... or without them
    everything: bool = False  # some statement says that all is trained, or all but what is frozen
    best: float = 0.0
    place: Span | None = None

    def __bool__(self) -> bool:
        return self.best > 0

    def add(self, said: Freeze, weight: float, place: Span | None) -> None:
        """Count one statement of `weight`, made at `place`."""
        if not said or weight <= 0:
            return
        weight *= self._kind_weight(said)
        rest = self.parts - said.trainable - said.frozen
        for part in said.trainable:
            self._for[part].add(weight)
        for part in said.frozen:
            self._against[part].add(weight)
        share = _of_the_rest(said)
        for part in rest:
            (self._for if share > 0 else self._against)[part].add(weight * abs(share))
        self.named |= said.trainable | said.frozen
        self.kept |= said.frozen
        self.by_adapters |= said.by_adapters
        self.by_itself |= "language_model" in said.trainable and not said.adapters and weight >= _LEAST_BY_ITSELF
        self.rest_kept |= said.rest_frozen
        self.plain |= said.everything or said.only or said.rest_frozen
        self.everything |= said.everything and not said.only
        if weight > self.best:
            self.best, self.place = weight, place

    def forget(self) -> None:
        """Drop all votes."""
        self._for.clear()
        self._against.clear()
        self.named.clear()
        self.kept.clear()
        self.plain = self.rest_kept = self.everything = self.by_adapters = self.by_itself = False
        self.best, self.place = 0.0, None

    def take(self, other: FreezeVotes) -> None:
        """Take over the votes of another account."""
        for part, side in other._for.items():
            self._for[part].add(side.weight)
        for part, side in other._against.items():
            self._against[part].add(side.weight)
        self.named |= other.named
        self.kept |= other.kept
        self.everything |= other.everything
        self.rest_kept |= other.rest_kept
        self.by_adapters |= other.by_adapters
        self.by_itself |= other.by_itself
        if other.best > self.best:
            self.best, self.place = other.best, other.place

    def defer(self, other: FreezeVotes) -> None:
        """Where this account has only implications, believe what `other` says of a part in so many words."""
        for part in self.parts - self.named:
            if self.plain or part not in other.named:
                continue
            if other.score(part) < -_SURE:
                self._against[part].add(self.best)
            elif other.score(part) > _SURE:
                self._for[part].add(self.best)

    def _kind_weight(self, said: Freeze) -> float:
        if said.trainable and (said.frozen or said.rest_frozen or said.only):
            return _BOTH_SIDES
        if said.everything or (len(self.parts) > 1 and self.parts <= said.trainable):
            return _WHOLE
        return _FROZEN_ONLY if said.frozen or said.rest_frozen else _TRAINED_ONLY

    def score(self, part: Component) -> float:
        """Above 0: trained; below: frozen; 0: nothing is said, or as much for as against."""
        trained, frozen = self._for.get(part), self._against.get(part)
        return (trained.weight if trained else 0.0) - (frozen.weight if frozen else 0.0)

    def settled(self) -> tuple[tuple[Component, ...], tuple[Component, ...]]:
        """(trained, frozen) in a fixed order: the model's own parts, and others that a statement names."""
        known = self.parts | self.named
        trained = tuple(part for part in ORDER if part in known and self.score(part) > 0)
        frozen = tuple(part for part in ORDER if part in known and self.score(part) < 0)
        return trained, frozen

    @property
    def trains_only_new(self) -> bool:
        """Is nothing but the connector said to be trained, and no word on the LLM?"""
        sure = self.score("connector") > 0 and not self.everything
        return sure and not (self.named & {"language_model", "vision_encoder", "other"})

    def adapts_frozen(self, general: FreezeVotes) -> bool:
        """Is the LLM kept frozen in so many words, beside low-rank weights that are trained?"""
        told = self._for.get("language_model")
        if told is None or not self.by_adapters or self.by_itself or self.everything:
            return False
        if told.weight < _LEAST_SHARE * self.best:
            return False  # "we freeze the LoRA weights, too"
        return "language_model" in self.kept or (
            "language_model" in general.kept and general.score("language_model") < 0
        )


def _of_the_rest(said: Freeze) -> float:
    if said.rest_frozen:
        return -_REST
    if said.everything and not said.only:
        return _EVERYTHING
    if said.trainable:
        return -_ONLY if said.only else -_ONE_SIDE
    return _ONE_SIDE


@cache
def _presence() -> tuple[AhoCorasick, tuple[str, ...]]:
    words = load_rules("stages_freeze").data["presence"]
    pairs = [(word, group) for group, listed in words.items() for word in listed]
    automaton = AhoCorasick([word for word, _ in pairs], implementation=Implementation.DFA)
    return automaton, tuple(group for _, group in pairs)


def model_parts(view: PaperView) -> frozenset[Component]:
    """The main parts that the proposed model has, by how often the paper speaks of such things before its references.

    A dual encoder has no connector; a model over discrete image tokens has no vision encoder of its own.
    """
    return view.once(_model_parts)


def is_encoder_free(view: PaperView) -> bool:
    """Does the paper say of its model that it has no vision encoder?"""
    return view.once(_presence_counts)["free"] >= _LEAST_FREE


def has_part_beside(view: PaperView) -> bool:
    """Does the paper speak often of a further part of its model: an audio encoder, a mask decoder ...?"""
    return view.once(_presence_counts)["beside"] >= _LEAST_BESIDE


_OF_OTHERS = frozenset({SectionKind.RELATED, SectionKind.ABLATION})
_LEAST_BESIDE = 4
_LEAST_FREE = 2  # mentions: one may be of somebody else's model
_JOINED = frozenset({"decoder-prefix", "cross-attention"})
_TWO_SIDED = frozenset({"encoder-decoder", "fusion-encoder", "decoder-prefix", "cross-attention"})
_SURE_OF_NAME = 0.5
_SURE_OF_TYPE = 0.6  # a type that follows from a connector told faintly is likely, not sure
_LIKELY_TYPE = 0.5
_LEAST_CODES, _LEAST_CODES_ALONE = 5, 3
_MOST_TOLD, _LEAST_WHOLE = 2, 3  # mentions of a model's parts, and of such models as wholes


def _presence_counts(view: PaperView) -> Mapping[str, int]:
    automaton, groups = _presence()
    counts = dict.fromkeys(groups, 0)
    for index, start, _ in automaton.find_matches_as_indexes(view.lowered[: view.body_end]):
        if view.told_kind(start) not in _OF_OTHERS:
            counts[groups[index]] += 1
    return counts


def reads_regions(view: PaperView) -> bool:
    """Is the vision encoder an object detector, whose region features are made beforehand?"""
    uses = [(chance, use.name) for use, chance, _ in weighed_parts(view) if use.kind == "vision_encoder"]
    chance, name = max(uses, default=(0.0, ""))
    return chance >= _SURE_OF_DETECTOR and _DETECTOR.search(name) is not None


_DETECTOR = wording("stages_sayings.detector")
_SURE_OF_DETECTOR = 0.4


def _model_parts(view: PaperView) -> frozenset[Component]:
    counts = view.once(_presence_counts)
    parts: set[Component] = set(PARTS)
    if _is_silent_on_parts(view, counts):
        return frozenset(parts)
    bridges = counts["connector"] + counts["loose"] / 3
    talks = counts["language"] - counts["objective"]  # of a language model, not of language modeling
    if bridges < 2 and not (talks > 0 and counts["connector"]) and not (talks >= 5 and bridges > 0.5):
        parts.discard("connector")
    least = _LEAST_CODES if counts["encoder"] else _LEAST_CODES_ALONE
    if counts["discrete"] >= least and counts["discrete"] > 3 * counts["encoder"]:
        parts -= {"vision_encoder", "connector"}
    elif is_encoder_free(view) or not (counts["encoder"] or counts["vision"] or _has_named_encoder(view)):
        parts.discard("vision_encoder")
    elif (sure := _sure_type(view)) in _JOINED:
        parts |= set(PARTS)
    elif sure == "early-fusion":
        parts -= {"vision_encoder", "connector"}
    if "vision_encoder" in parts and _sure_type(view) in _TWO_SIDED:
        parts.add("connector")  # named or not, something stands between the two sides
    if "vision_encoder" in parts and view.once(reads_regions):
        parts.add("connector")  # what takes the features of a region into the model
    return frozenset(parts)


def _is_silent_on_parts(view: PaperView, counts: Mapping[str, int]) -> bool:
    """Is the model a vision-language model taken whole (to train it on by rewards, say), whose parts nobody lists?"""
    told = counts["encoder"] + counts["connector"] + counts["vision"] + counts["free"]
    if told > _MOST_TOLD or counts["discrete"] >= _LEAST_CODES_ALONE:
        return False
    text = view.lowered[: view.body_end]
    wholes = sum(text.count(word) for word in load_rules("stages_freeze").data["context"]["wholes"])
    if wholes < max(_LEAST_WHOLE, counts["language"]):  # a paper that tells of its LLM tells of its parts
        return False
    types = [verdict for verdict in verdicts(view) if verdict.field is FieldName.TYPE]
    return any(v.value == "decoder-prefix" and v.confidence >= _LIKELY_TYPE for v in types)


def _has_named_encoder(view: PaperView) -> bool:
    """Does the model have an encoder that goes by its name alone?"""
    return any(use.kind == "vision_encoder" and chance >= _SURE_OF_NAME for use, chance, _ in weighed_parts(view))


def _sure_type(view: PaperView) -> str | None:
    """The surest architecture type: where visual tokens go into a language model, it has all three parts, named or not."""
    types = [verdict for verdict in verdicts(view) if verdict.field is FieldName.TYPE]
    best = max(types, key=lambda verdict: verdict.confidence, default=None)
    return best.value if best is not None and best.confidence >= _SURE_OF_TYPE else None
