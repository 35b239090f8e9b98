"""What one sentence says is trained and what is kept frozen: predicates over component names.

The sentence becomes a row of marks (components, verbs, joints; `rules/stages_freeze.toml` holds the words). Each
predicate takes the components it governs: an active verb those to its right, a passive one those to its left, "keep ...
frozen" those between, "frozen X" the next one. "Only" makes a list exhaustive; "the rest is frozen" does the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from vlmingest.extract.rules import load_rules
from vlmingest.extract.stages_words import Words, folded
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


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: str
    start: int
    end: int


@cache
def _scanner() -> Words:
    words = load_rules("stages_freeze").data
    return Words([*words["components"].items(), *words["syntax"].items()])


@cache
def _sayings() -> Words:
    """The rows that make a statement at all, before the long lists of components are tried."""
    words = load_rules("stages_freeze").data
    rows = {**words["components"], **words["syntax"]}
    return Words((name, rows[name]) for name in ("noise", *sorted(_SAYING)))


@cache
def _subjects() -> Words:
    """The rows of which one at least stands in every statement: a part of the model, or that all of it is trained."""
    words = load_rules("stages_freeze").data["components"]
    return Words((name, words[name]) for name in ("all_trained", *sorted(_COMPONENTS - {"thing"})))


@cache
def _doubt() -> re.Pattern[str]:
    return re.compile(load_rules("stages_freeze").data["context"]["doubt"])


def is_doubtful(sentence: str) -> bool:
    """Does the sentence speak of an experiment, a rival or a wish rather than of the released model's training?"""
    sentence = folded(sentence)
    return _doubt().search(_EARLIER.sub("; ", sentence) if "," in sentence else sentence) is not None


@cache
def _unnamed() -> frozenset[str]:
    return frozenset(load_rules("stages_freeze").data["context"]["unnamed"])


_WORD_BEFORE = re.compile(r"([a-z][\w-]*)[- ]\Z")


def _is_named(sentence: str, start: int) -> bool:
    """Does a word before a thing ("the gate tokens") name it?"""
    before = _WORD_BEFORE.search(sentence, max(0, start - 24), start)
    return before is not None and before.group(1) not in _unnamed()


@cache
def _of_all() -> re.Pattern[str]:
    return re.compile("|".join(load_rules("stages_freeze").data["context"]["of_all"]))


def speaks_of_all(sentence: str) -> bool:
    """May a sentence outside any stage say what holds for the whole training (frozen parts, "only", "end-to-end")?"""
    return _of_all().search(sentence) is not None


@cache
def _adds() -> re.Pattern[str]:
    return re.compile(load_rules("stages_freeze").data["context"]["adds"])


@cache
def _applied() -> re.Pattern[str]:
    return re.compile(r"\b(?:appl|add|insert|inject|adopt|employ|us(?:e|ing))")


# "(encoder and LLM are frozen)" is a sentence of its own, "(ViT, projector and LLM)" and "(frozen)" are not
_CLAUSE_IN_BRACKETS = re.compile(
    r"\(([^()]*\b(?:is|are|were|was|kept|remains?|while|with|freez\w+|train\w*|updat\w+)\b[^()]*\b[^()]*)\)"
)
# "the LLM (via LoRA, rank 64) and the projector": the list goes on
_MEANS_IN_BRACKETS = re.compile(r"\s?\((?:via|using|with|by|through) [^()]{3,60}\)(?=,? (?:and|as well as)\b|,)")
# "After training the encoder, we ..." tells of another stage, "Unlike X, ..." of another model
_EARLIER = re.compile(
    r"\b(?:after|before|following|upon|once|prior to)\b[^,;.:]{0,120}?(?:train|tun|learn|warm|optimi|align)[^,;.:]{0,90},"
    r"|\b(?:unlike|(?:different|differing) from|in contrast (?:to|with)|contrary to)\b[^,;]{0,200},"
)
_NEXT = 12  # letters between a preposition and its noun: an article and an adjective
_EXHAUSTIVE = ("only", "solely", "limited", "restricted", "confined")
_INSIDE = 28  # and two
_MAIN = frozenset({"connector", "vision_encoder", "language_model"})
_COMPONENTS = frozenset(
    {"whole", "encoders", "thing", "rest", "lora", "other", "connector", "vision_encoder", "language_model"}
)
_PREDICATES = frozenset({"freeze", "frozen", "train", "trained"})
_SAYING = _PREDICATES | {"all_trained", "add", "lora"}


@lru_cache(maxsize=4096)
def names_part(text: str) -> str | None:
    """The component that a text as a whole names; None where the words do not know it."""
    match = _scanner().match(text)
    name = match[0] if match is not None else ""
    return name if name in _COMPONENTS else None


_TRAINING_OF = re.compile(r"\s(?:pre-?|mid-?|re-?)?(?:train|tun|fine-?tun|warm|initiali[sz]|adapt|learn)")


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
    if "," in sentence:
        sentence = _EARLIER.sub("; ", sentence)
    if "(" in sentence:
        sentence = _MEANS_IN_BRACKETS.sub("", sentence)
        sentence = _CLAUSE_IN_BRACKETS.sub(lambda match: f"; {match.group(1)};", sentence)
    if not _subjects().stand_in(sentence):
        return found
    marks = [
        _Mark(kind, start, end)
        for kind, start, end in _scanner().find(sentence)
        if kind != "noise" and (kind != "thing" or _is_named(sentence, start))
    ]
    if not any(mark.kind in _SAYING for mark in marks):
        return found
    marks = [
        mark
        for before, mark in zip([None, *marks], marks, strict=False)
        if mark.kind != "thing" or before is None or before.kind not in _COMPONENTS or mark.start - before.end > 1
    ]  # "the LLM module" is the LLM
    found.everything = any(mark.kind == "all_trained" for mark in marks)
    marks, excepted = _without_exceptions(marks)
    lora = any(mark.kind == "add" for mark in marks)
    lora |= any(mark.kind == "lora" for mark in marks) and _applied().search(sentence) is not None
    for kind, arguments, exhaustive in _predications(marks, sentence):
        for name in arguments:
            lora |= name == "lora" and kind != "frozen"
            _note(found, name, kind)
        if kind != "frozen" and {"lora", "language_model"} <= set(arguments) and _lists_lora(marks):
            found.trainable.add("other")  # "the LLM and its LoRA weights are tuned": both, so they are apart
        found.only |= exhaustive and kind != "frozen" and "whole" not in arguments
    _note_exceptions(found, excepted)
    found.adds |= bool(found.trainable) and not found.only and _adds().search(sentence) is not None
    found.adapters |= lora
    if found.adapters and _inside_encoder(marks):
        found.trainable.add("vision_encoder")
    elif found.adapters and not found.trainable & {"language_model"}:
        found.trainable.add("other" if "language_model" in found.frozen or found.rest_frozen else "language_model")
    return found


def _lists_lora(marks: Sequence[_Mark]) -> bool:
    """Are low-rank weights an item beside the LLM ("the LLM and LoRA weights"), not a means ("with LoRA") or a part of it?"""
    kinds = [mark.kind for mark in marks]
    return any(
        middle == "joint" and {first, last} == {"lora", "language_model"}
        for first, middle, last in zip(kinds, kinds[1:], kinds[2:], strict=False)
    )


def _inside_encoder(marks: Sequence[_Mark]) -> bool:
    """Are low-rank weights put into the vision encoder ("LoRA within each encoder") and into no other part?"""
    for lora, joint, part in zip(marks, marks[1:], marks[2:], strict=False):
        if lora.kind == "lora" and joint.kind == "aside" and part.start - joint.end <= _INSIDE:
            return part.kind == "vision_encoder" and not any(mark.kind == "language_model" for mark in marks)
    return False


def _without_exceptions(marks: list[_Mark]) -> tuple[list[_Mark], list[str]]:
    """The marks less the components behind "except", and those components."""
    kept: list[_Mark] = []
    excepted: list[str] = []
    inside = False
    for mark in marks:
        if mark.kind == "except":
            inside = True
        elif inside and (mark.kind in _COMPONENTS or mark.kind in ("joint", "aside")):
            excepted += [mark.kind] if mark.kind in _COMPONENTS else []
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


def _predications(marks: Sequence[_Mark], sentence: str) -> Iterator[tuple[str, list[str], bool]]:
    """(frozen, trained or unfrozen; the components; is the list exhaustive) for each predicate in order."""
    taken: set[int] = set()
    for index, mark in enumerate(marks):
        if mark.kind not in _PREDICATES:
            continue
        kind = "frozen" if mark.kind in ("freeze", "frozen") else "trained"
        exhaustive = False
        if mark.kind in ("freeze", "train"):
            arguments = _to_the_right(marks, index, taken, sentence)
            verb = sentence[mark.start : mark.end]
            exhaustive = verb.startswith("trainable") or any(word in verb for word in _EXHAUSTIVE)
            if verb.startswith("un"):
                kind = "unfrozen"
            if any(m.kind == "not" for m in marks[max(0, index - 2) : index] if m.end > mark.start - 24):
                # "without pre-training an encoder" says that there was no such training, not that it is frozen
                kind = "frozen" if kind == "trained" and not verb.startswith("pre") else ""
        else:
            arguments = _of_participle(marks, index, taken)
            if kind == "trained" and sentence.startswith(("un", "activated"), mark.start):
                kind = "unfrozen"
        if not any(marks[i].kind in _MAIN for i in arguments):
            arguments = [i for i in arguments if marks[i].kind != "thing"]
        if not arguments or not kind:
            continue
        taken.update(arguments)
        first, last = min(*arguments, index), max(*arguments, index)
        exhaustive |= any(m.kind == "only" for m in marks[max(0, first - 1) : last + 2])
        yield kind, [marks[i].kind for i in sorted(arguments)], exhaustive


def _to_the_right(marks: Sequence[_Mark], index: int, taken: set[int], sentence: str) -> list[int]:
    """Objects of an active verb: components up to the next predicate's own subject, a break, or an aside.

    "Train the model with ..." names its data or its loss, not its object.
    """
    found: list[int] = []
    limit = len(marks)
    if index + 1 < limit and marks[index + 1].kind == "joint" and marks[index + 1].start - marks[index].end <= 1:
        return []  # "During training, the encoder ..."
    for i in range(index + 1, len(marks)):
        kind = marks[i].kind
        if kind == "keep" and marks[i - 1].kind == "be" and _frames_frozen(marks, i):
            limit = _subject_start(marks, index + 1, i)  # "train the LLM, and the ViT is kept frozen"
            break
        if kind == "break" or (kind == "aside" and found) or (kind == "keep" and _ends_objects(marks, i, sentence)):
            limit = i
            break
        if kind in _PREDICATES:
            passive = kind in ("frozen", "trained") and not _is_adjective(marks, i)
            limit = _subject_start(marks, index + 1, i) if passive else i
            break
        if kind == "aside" and i == index + 1:
            return []
    for i in range(index + 1, limit):
        if marks[i].kind in _COMPONENTS and i not in taken:
            if found and marks[i - 1].kind == "not" and marks[i].start - marks[i - 1].end <= _NEXT:
                break  # "the projector, not the LLM"
            found.append(i)
        elif marks[i].kind == "aside" and found:
            company = next((j for j in range(i + 1, limit) if marks[j].kind == "together"), None)
            if company is not None:  # "train LoRA weights on the LLM together with the projector"
                found += _listed_from(marks, company + 1, taken)
            break
    return found


def _ends_objects(marks: Sequence[_Mark], index: int, sentence: str) -> bool:
    """`with` ends the objects of a verb unless a part follows at once ("training the encoder with its projector")."""
    if _frames_frozen(marks, index):
        return True
    after = marks[index + 1] if index + 1 < len(marks) else None
    is_joined = after is not None and after.kind in _COMPONENTS and after.start - marks[index].end <= _NEXT
    return not is_joined and sentence.startswith("with", marks[index].start)


def _frames_frozen(marks: Sequence[_Mark], index: int) -> bool:
    """Is `keep`/`with` at `index` the frame of a following "frozen" (components between, no other predicate)?"""
    for mark in marks[index + 1 :]:
        if mark.kind == "frozen":
            return True
        if mark.kind in (*_PREDICATES, "break"):
            return False
    return False


def _subject_start(marks: Sequence[_Mark], low: int, participle: int) -> int:
    """Where the subject of a passive starts: after the last joint with a component between it and the participle."""
    has_component = False
    best = participle
    for i in range(participle - 1, low - 1, -1):
        if marks[i].kind in _COMPONENTS:
            has_component = True
            best = i
        elif marks[i].kind == "joint" and has_component:
            return i
    return best


def _of_participle(marks: Sequence[_Mark], index: int, taken: set[int]) -> list[int]:
    """What "frozen" is said of: what stands between keep and it, the noun after it, or the subject before it."""
    before = marks[index - 1].kind if index else ""
    is_passive = before == "be" or (before in _COMPONENTS and index - 1 not in taken)
    # "is pre-trained on captions and then frozen"
    is_passive |= before == "joint" and index >= 2 and marks[index - 2].kind in ("be", "trained", "frozen")
    is_passive |= before in ("only", "keep") and index >= 2 and marks[index - 2].kind in (*_COMPONENTS, "be")
    if _is_adjective(marks, index) and not (
        before in _COMPONENTS and index - 1 not in taken and _is_kept(marks, index)
    ):
        return [index + 1] if index + 1 not in taken else []
    if not is_passive and not _is_kept(marks, index):
        return []
    found: list[int] = []
    for i in range(index - 1, -1, -1):
        kind = marks[i].kind
        if kind in _PREDICATES or kind == "break":
            break
        if kind in _COMPONENTS and i not in taken:
            found.append(i)
        elif kind == "keep" and found:
            break
    # "is unfrozen and trained with the projector": the subject is taken, its company is not
    coordinated = index >= 2 and marks[index - 1].kind == "joint" and marks[index - 2].kind == "trained"
    coordinated |= index >= 1 and marks[index - 1].kind == "trained"
    return found + list(_companions(marks, index, taken)) if found or coordinated else found


def _is_adjective(marks: Sequence[_Mark], index: int) -> bool:
    """`a frozen encoder`: a component follows at once, and no "is" stands before."""
    return (
        index + 1 < len(marks)
        and marks[index + 1].kind in _COMPONENTS
        and marks[index + 1].start - marks[index].end <= 12
        and (index == 0 or marks[index - 1].kind != "be")
    )


def _companions(marks: Sequence[_Mark], index: int, taken: set[int]) -> Iterator[int]:
    """`is trained together with X and Y`: X and Y."""
    if marks[index].kind != "trained" or index + 1 >= len(marks) or marks[index + 1].kind not in ("together", "keep"):
        return
    if _frames_frozen(marks, index + 1) or marks[index + 1].start > marks[index].end + 12:
        return
    yield from _listed_from(marks, index + 2, taken)


def _listed_from(marks: Sequence[_Mark], first: int, taken: set[int]) -> Iterator[int]:
    """The components of a list that starts at `first`."""
    for i in range(first, len(marks)):
        if marks[i].kind in _COMPONENTS and i not in taken:
            yield i
        elif marks[i].kind != "joint":
            break


def _is_kept(marks: Sequence[_Mark], index: int) -> bool:
    for i in range(index - 1, -1, -1):
        if marks[i].kind == "keep":
            return True
        if marks[i].kind in (*_PREDICATES, "break"):
            return False
    return False


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
    elif kind != "frozen" and part not in found.frozen:
        found.trainable.add(part)
