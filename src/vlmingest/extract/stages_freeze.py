"""What one sentence says is trained and what is kept frozen: predicates over component names.

The sentence becomes a row of marks (components, verbs, joints; `rules/stages_words.toml` holds the words). Each
predicate takes the components it governs: an active verb those to its right, a passive one those to its left, "keep ...
frozen" those between, "frozen X" the next one. "Only" makes a list exhaustive; "the rest is frozen" does the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from vlmingest.extract.leads import has_any
from vlmingest.extract.rules import load_rules
from vlmingest.extract.stages_predicates import COMPONENTS, PREDICATES, Mark, predications
from vlmingest.extract.stages_rewording import reworded, without_earlier
from vlmingest.extract.stages_words import Words, folded
from vlmingest.extract.wording import wording
from vlmingest.records import Component

PARTS: tuple[Component, ...] = ("vision_encoder", "connector", "language_model")
ORDER: tuple[Component, ...] = (*PARTS, "other")


@dataclass(slots=True)
class Freeze:
    """Components a sentence (or a stage) trains and freezes; `only`: nothing else is trained; `everything`: all are."""

    trainable: set[Component] = field(default_factory=set)
    frozen: set[Component] = field(default_factory=set)
    only: bool = False
    everything: bool = False
    rest_frozen: bool = False  # "the whole model is frozen": all that is not named as trained
    adapters: bool = False  # LoRA or the like: new weights inside a part that is there
    by_adapters: bool = False  # the LLM is trained by these alone, as far as is said here
    adds: bool = False  # "unfreeze X": X beside what was trained before

    def __bool__(self) -> bool:
        return bool(self.trainable or self.frozen or self.everything or self.rest_frozen)

    def add(self, other: Freeze) -> None:
        """Take over what a later sentence says where it does not contradict what is known."""
        if self.only and self.trainable and not other.frozen:
            return
        self.trainable |= other.trainable - self.frozen
        self.frozen |= other.frozen - self.trainable
        self.only |= other.only
        self.everything |= other.everything and not self.frozen
        self.rest_frozen |= other.rest_frozen


@cache
def _words() -> dict[str, str]:
    """Name -> the alternatives of its rows, in the order of rules/stages_words.toml."""
    found: dict[str, list[str]] = {}
    for row in load_rules("stages_words").rules:
        found.setdefault(row.id.split(".")[2], []).append(row.pattern)
    return {name: "|".join(patterns) for name, patterns in found.items()}


@cache
def _scanner() -> Words:
    return Words(_words().items())


@cache
def _sayings() -> Words:
    """The rows that make a statement at all, before the long lists of components are tried."""
    return Words((name, _words()[name]) for name in ("noise", *sorted(_SAYING)))


@cache
def _subjects() -> Words:
    """The rows of which one at least stands in every statement: a part of the model, or that all of it is trained."""
    return Words((name, _words()[name]) for name in ("all_trained", *sorted(COMPONENTS - {"thing"})))


_DOUBT = wording("stages_sayings.doubt")
_OUTRIGHT = wording("stages_sayings.outright")
_PASSING = wording("stages_sayings.passing")


def is_doubtful(sentence: str, *, of_stage: bool = False) -> bool:
    """Does the sentence speak of an experiment, a rival or a wish rather than of the released model's training?

    `of_stage`: the sentence names a stage of the model's own; what it says outright ("we train ...") is of that.
    """
    sentence = folded(sentence)
    if sentence.endswith("?"):
        return True
    sentence = without_earlier(sentence)
    if _DOUBT.stands_in(sentence) is None:
        return False
    if not of_stage or _OUTRIGHT.stands_in(sentence) is None:
        return True
    return _DOUBT.stands_in(_PASSING.sub(" ", sentence)) is not None


@cache
def _unnamed() -> frozenset[str]:
    return frozenset(load_rules("stages_freeze").data["context"]["unnamed"])


_WORD_BEFORE = re.compile(r"([a-z][\w-]*)[- ]\Z")


def _is_named(sentence: str, start: int) -> bool:
    """Does a word before a thing ("the gate tokens") name it?"""
    before = _WORD_BEFORE.search(sentence, max(0, start - 24), start)
    return before is not None and before.group(1) not in _unnamed()


@cache
def _of_all() -> tuple[str, ...]:
    return tuple(load_rules("stages_freeze").data["context"]["of_all"])


def speaks_of_all(sentence: str) -> bool:
    """May a sentence outside any stage say what holds for the whole training (frozen parts, "only", "end-to-end")?"""
    return has_any(folded(sentence), _of_all())


_ADDS = wording("stages_sayings.adds")
_APPLIED = wording("stages_sayings.applied")
_OBJECTIVE = wording("stages_sayings.objective")
_BUT_LAST = wording("stages_sayings.but_last")
_OF_MODEL = wording("stages_sayings.of_model")
_INSIDE = 28  # letters between LoRA and the part that it sits in
_SAYING = PREDICATES | {"all_trained", "add", "lora"}


@lru_cache(maxsize=4096)
def names_part(text: str) -> str | None:
    """The component that a text as a whole names; None where the words do not know it."""
    match = _scanner().match(text)
    name = match[0] if match is not None else ""
    if name in COMPONENTS:
        return name
    # "gated token bridge": the noun says what it is, where it ends the name
    last = next((told for told in _scanner().find(text) if told[2] == len(text) and told[1]), None)
    return (
        last[0] if match is None and last is not None and last[0] in COMPONENTS - {"thing", "rest", "whole"} else None
    )


_TRAINING_OF = wording("stages_sayings.training_of")


def read_title(title: str) -> Freeze:
    """`Projector warm-up`, `Language encoder pre-training`: what a stage's name says that it trains."""
    title = folded(title)
    for kind, _, end in _scanner().find(title):
        if kind in ORDER and _TRAINING_OF.match(title, end):
            return Freeze(trainable={kind}, only=True)
        if kind != "noise":
            break
    return Freeze()


def read_freeze(sentence: str) -> Freeze:
    """Read one sentence. Nothing found: an empty Freeze (falsy)."""
    found = Freeze()
    sentence = folded(sentence)
    if all(kind == "noise" for kind, _, _ in _sayings().find(sentence)):
        return found
    sentence = reworded(sentence)
    if not _subjects().stand_in(sentence):
        return found
    marks = [
        Mark(kind, start, end)
        for kind, start, end in _scanner().find(sentence)
        if kind != "noise" and (kind != "thing" or _is_named(sentence, start))
    ]
    if not any(mark.kind in _SAYING for mark in marks):
        return found
    marks = [
        mark
        for before, mark, behind in zip([None, *marks], marks, [*marks[1:], None], strict=False)
        if mark.kind != "thing" or not (_is_beside(before, mark) or _is_beside(mark, behind))
    ]  # "the LLM module" is the LLM, "the patch embeddings projector" the projector
    named = {mark.kind for mark in marks} & COMPONENTS
    if named == {"rest"} and _OF_MODEL.search(sentence) is None:
        return found  # "keeping the rest unchanged" of a mixture of data
    found.everything = any(mark.kind == "all_trained" for mark in marks)
    marks, excepted = _without_exceptions(marks)
    lora = any(mark.kind == "add" for mark in marks)
    lora |= any(mark.kind == "lora" for mark in marks) and _APPLIED.stands_in(sentence) is not None
    all_but = only_lora = False
    for kind, arguments, exhaustive in _predications(marks, sentence):
        for name in arguments:
            lora |= name == "lora" and kind != "frozen"
            _note(found, name, kind)
        if kind != "frozen" and {"lora", "language_model"} <= set(arguments) and _lists_lora(marks):
            found.trainable.add("other")  # "the LLM and its LoRA weights are tuned": both, so they are apart
        found.only |= exhaustive and kind != "frozen" and "whole" not in arguments and set(arguments) != {"lora"}
        only_lora |= exhaustive and kind != "frozen" and set(arguments) == {"lora"}
        all_but |= exhaustive and kind == "frozen" and set(arguments) <= set(PARTS)
    found.only |= only_lora and not found.trainable  # "we train the encoder, and of the LLM only its LoRA weights"
    if all_but and not (found.trainable or found.rest_frozen):
        found.everything = True  # "we freeze only the encoder"
    _note_exceptions(found, excepted)
    if not excepted:
        _free_last(found, sentence)
    found.adds |= bool(found.trainable) and not found.only and _ADDS.stands_in(sentence) is not None
    found.adapters |= lora
    if found.adapters and _inside_encoder(marks):
        found.trainable.add("vision_encoder")
    elif found.adapters and not found.trainable & {"language_model"}:
        found.by_adapters = "language_model" not in found.frozen and not found.rest_frozen
        found.trainable.add("language_model" if found.by_adapters else "other")
    return found


def _is_beside(one: Mark | None, two: Mark | None) -> bool:
    """Are two marks parts of one name?"""
    if one is None or two is None or two.start - one.end > 1:
        return False
    return one.kind in COMPONENTS and two.kind in COMPONENTS


def _predications(marks: Sequence[Mark], sentence: str) -> list[tuple[str, list[str], bool]]:
    """The predications of a sentence, less that of an LLM which only makes the loss."""
    told = list(predications(marks, sentence))
    if any(kind == "trained" and exhaustive for kind, _, exhaustive in told) and _OBJECTIVE.search(sentence):
        return [one for one in told if one != ("trained", ["language_model"], False)]
    return told


def _free_last(found: Freeze, sentence: str) -> None:
    """A part that is frozen except for its last blocks is trained."""
    if len(found.frozen) == 1 and not found.trainable and _BUT_LAST.search(sentence):
        found.trainable, found.frozen = found.frozen, set()
        found.rest_frozen = False


def _lists_lora(marks: Sequence[Mark]) -> bool:
    """Are low-rank weights an item beside the LLM ("the LLM and LoRA weights"), not a means ("with LoRA") or a part of it?"""
    kinds = [mark.kind for mark in marks]
    return any(
        middle == "joint" and {first, last} == {"lora", "language_model"}
        for first, middle, last in zip(kinds, kinds[1:], kinds[2:], strict=False)
    )


def _inside_encoder(marks: Sequence[Mark]) -> bool:
    """Are low-rank weights put into the vision encoder ("LoRA within each encoder") and into no other part?"""
    for lora, joint, part in zip(marks, marks[1:], marks[2:], strict=False):
        if lora.kind == "lora" and joint.kind == "aside" and part.start - joint.end <= _INSIDE:
            return part.kind == "vision_encoder" and not any(mark.kind == "language_model" for mark in marks)
    return False


def _without_exceptions(marks: list[Mark]) -> tuple[list[Mark], list[str]]:
    """The marks less the components behind "except", and those components."""
    kept: list[Mark] = []
    excepted: list[str] = []
    inside = False
    for mark in marks:
        if mark.kind == "except":
            inside = True
        elif inside and excepted and mark.kind in ("whole", "rest"):
            inside = False  # "apart from the encoder, all weights are updated"
            kept.append(mark)
        elif inside and not excepted and mark.kind == "frozen":
            continue  # "except the frozen encoder"
        elif inside and (mark.kind in COMPONENTS or mark.kind in ("joint", "aside")):
            excepted += [mark.kind] if mark.kind in COMPONENTS else []
        else:
            inside = False
            kept.append(mark)
    return kept, excepted


def _note_exceptions(found: Freeze, excepted: Sequence[str]) -> None:
    """What a statement of the whole leaves out is the other way round."""
    for name in excepted:
        if name == "lora":  # "the LLM is frozen except for its LoRA weights"
            found.adapters |= bool(found.frozen or found.rest_frozen)
        elif found.rest_frozen:
            found.only = True
            _note(found, name, "trained")
        elif found.everything:
            _note(found, name, "frozen")


def _note(found: Freeze, name: str, kind: str) -> None:
    if name == "lora":
        return
    if name == "encoders":
        _note(found, "vision_encoder", kind)
        _note(found, "language_model", kind)
        return
    if name in ("whole", "rest"):
        if kind == "frozen":
            found.rest_frozen = True
        else:  # "the rest is tuned": all that is not said to be frozen
            found.everything = True
        return
    part: Component = "other" if name == "thing" else name  # type: ignore[assignment]
    if kind == "unfrozen":
        found.frozen.discard(part)
        found.adds = True
    if kind == "frozen" and part not in found.trainable:
        found.frozen.add(part)
    elif kind != "frozen" and (part not in found.frozen or part == "other"):
        found.trainable.add(part)
        found.frozen.discard(part)  # "the mask decoder is trained, the audio encoder frozen": one is trained
