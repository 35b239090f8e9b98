"""The predicates of a sentence about training: which verb or participle governs which components.

An active verb takes those to its right, a passive one those to its left, "keep ... frozen" those between, "frozen X" the next
one. The marks are those of `stages_freeze`; nothing here knows a word, but for the few that make a list exhaustive.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vlmingest.extract.wording import wording

_FAR = 12  # letters between "is" and a participle that is not of it
_NEXT = 12  # letters between a preposition and its noun: an article and an adjective
_EXHAUSTIVE = ("only", "solely", "limit", "restrict", "confin")
MAIN = frozenset({"connector", "vision_encoder", "language_model"})
COMPONENTS = frozenset(
    {"whole", "encoders", "thing", "rest", "lora", "other", "connector", "vision_encoder", "language_model"}
)
PREDICATES = frozenset({"freeze", "frozen", "train", "trained"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A word or name at `[start, end)` of the sentence; `kind` is the name of rows of `rules/stages_words.toml`."""

    kind: str
    start: int
    end: int


def predications(marks: Sequence[Mark], sentence: str) -> Iterator[tuple[str, list[str], bool]]:
    """(frozen, trained or unfrozen; the components; is the list exhaustive) for each predicate in order."""
    taken: set[int] = set()
    for index, mark in enumerate(marks):
        if mark.kind not in PREDICATES:
            continue
        kind = "frozen" if mark.kind in ("freeze", "frozen") else "trained"
        exhaustive = False
        if mark.kind == "train" and _is_intransitive(marks, index, sentence):
            arguments = _of_participle(marks, index, taken)  # "the projector learns to align ..."
        elif mark.kind in ("freeze", "train"):
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
        if not any(marks[i].kind in MAIN for i in arguments):
            arguments = [i for i in arguments if marks[i].kind != "thing"]
        if not arguments or not kind:
            continue
        taken.update(arguments)
        first, last = min(*arguments, index), max(*arguments, index)
        exhaustive |= any(m.kind == "only" for m in marks[max(0, first - 1) : last + 2])
        yield kind, [marks[i].kind for i in sorted(arguments)], exhaustive


def _is_intransitive(marks: Sequence[Mark], index: int, sentence: str) -> bool:
    mark = marks[index]
    if not sentence.startswith("learn", mark.start):
        return False
    ends = index + 1 == len(marks) or marks[index + 1].kind in ("break", "joint", "together")
    return sentence.startswith(" to ", mark.end) or (ends and index > 0 and marks[index - 1].kind in COMPONENTS)


def _to_the_right(marks: Sequence[Mark], index: int, taken: set[int], sentence: str) -> list[int]:
    """Objects of an active verb: components up to the next predicate's own subject, a break, or an aside.

    "Train the model with ..." names its data or its loss, not its object.
    """
    found: list[int] = []
    limit = len(marks)
    if index + 1 < limit and _has_no_object(marks[index], marks[index + 1], _frames_frozen(marks, index + 1), sentence):
        return []
    for i in range(index + 1, len(marks)):
        kind = marks[i].kind
        if kind == "keep" and marks[i - 1].kind == "be" and _frames_frozen(marks, i):
            limit = _subject_start(marks, index + 1, i)  # "train the LLM, and the ViT is kept frozen"
            break
        if kind == "break" or (kind == "aside" and found) or (kind == "keep" and _ends_objects(marks, i, sentence)):
            limit = i
            break
        if kind == "trained" and _is_adjective(marks, i):
            continue  # "train the learnable queries and the projector"
        if kind in PREDICATES:
            passive = kind in ("frozen", "trained") and not _is_adjective(marks, i)
            limit = _subject_start(marks, index + 1, i) if passive else i
            break
        if kind == "aside" and i == index + 1:
            return []
    home = -1  # the part that low-rank weights are put into
    for i in range(index + 1, limit):
        if i == home:
            continue
        if marks[i].kind in COMPONENTS and i not in taken:
            if found and marks[i - 1].kind == "not" and marks[i].start - marks[i - 1].end <= _NEXT:
                break  # "the projector, not the LLM"
            found.append(i)
        elif marks[i].kind == "aside" and found:
            after = marks[i + 1] if i + 1 < limit else None
            if marks[i - 1].kind == "lora" and after is not None and after.kind in MAIN:
                home = i + 1  # "train LoRA on the LLM and the projector"
                continue
            put = _PUT.fullmatch(sentence, marks[i - 1].end, marks[i].start) is not None
            if put and after is not None and after.kind in MAIN:
                home = i + 1  # "train the cross-attention layers inserted into the LLM and the projector"
                continue
            company = next((j for j in range(i + 1, limit) if marks[j].kind == "together"), None)
            if company is not None:  # "train LoRA weights on the LLM together with the projector"
                found += _listed_from(marks, company + 1, taken)
            break
    return found


def _has_no_object(verb: Mark, after: Mark, frames: bool, sentence: str) -> bool:
    """Is a verb's form used by itself? `frames`: what follows it tells what is frozen ("with the encoder frozen")."""
    if after.start - verb.end <= 1 and (
        after.kind == "joint" or (after.kind == "be" and sentence.startswith(" to ", after.end))
    ):
        return True  # "During training, the encoder ...", "the aim of tuning is to align the encoder"
    return sentence.startswith(" with ", verb.end) and not frames  # "when training with X": by its help


_PUT = wording("stages_sayings.put")


def _ends_objects(marks: Sequence[Mark], index: int, sentence: str) -> bool:
    """`with` ends the objects of a verb unless a part follows at once ("training the encoder with its projector")."""
    if _frames_frozen(marks, index):
        return True
    if _frames_trained(marks, index) and not sentence.startswith("with", marks[index].start):
        return True  # "freeze the encoder and make the projector and the LLM trainable"
    after = marks[index + 1] if index + 1 < len(marks) else None
    is_joined = after is not None and after.kind in COMPONENTS and after.start - marks[index].end <= _NEXT
    return not is_joined and sentence.startswith("with", marks[index].start)


def _frames_frozen(marks: Sequence[Mark], index: int) -> bool:
    """Is `keep`/`with` at `index` the frame of a following "frozen" (components between, no other predicate)?"""
    for mark in marks[index + 1 :]:
        if mark.kind == "frozen":
            return True
        if mark.kind in (*PREDICATES, "break"):
            return False
    return False


def _frames_trained(marks: Sequence[Mark], index: int) -> bool:
    """Is `make`/`keep` at `index` the frame of a following "trainable" (components between, no other predicate)?"""
    inside = list(itertools.takewhile(lambda mark: mark.kind not in (*PREDICATES, "break"), marks[index + 1 :]))
    after = marks[index + 1 + len(inside)].kind if index + 1 + len(inside) < len(marks) else ""
    return after == "trained" and any(mark.kind in COMPONENTS for mark in inside)


def _subject_start(marks: Sequence[Mark], low: int, participle: int) -> int:
    """Where the subject of a passive starts: after the last joint with a component between it and the participle."""
    has_component = False
    best = participle
    for i in range(participle - 1, low - 1, -1):
        if marks[i].kind in COMPONENTS:
            has_component = True
            best = i
        elif marks[i].kind == "joint" and has_component:
            return i
    return best


def _of_participle(marks: Sequence[Mark], index: int, taken: set[int]) -> list[int]:
    """What "frozen" is said of: what stands between keep and it, the noun after it, or the subject before it."""
    before = marks[index - 1].kind if index else ""
    is_passive = before == "be" or (before in COMPONENTS and index - 1 not in taken)
    # "is pre-trained on captions and then frozen"
    is_passive |= before == "joint" and index >= 2 and marks[index - 2].kind in ("be", "trained", "frozen")
    is_passive |= before in ("only", "keep") and index >= 2 and marks[index - 2].kind in (*COMPONENTS, "be")
    if _is_adjective(marks, index) and not (before in COMPONENTS and index - 1 not in taken and _is_kept(marks, index)):
        return list(_qualified(marks, index)) if index + 1 not in taken else []
    if not is_passive and not _is_kept(marks, index):
        return []
    found: list[int] = []
    for i in range(index - 1, -1, -1):
        kind = marks[i].kind
        if found and i + 1 == found[-1] and kind == marks[index].kind and _is_adjective(marks, i):
            continue  # "the projector and the learnable queries are trained"
        if kind in PREDICATES or kind == "break":
            break
        if kind in COMPONENTS and i not in taken:
            found.append(i)
        elif kind == "keep" and found:
            break
    # "is unfrozen and trained with the projector": the subject is taken, its company is not
    coordinated = index >= 2 and marks[index - 1].kind == "joint" and marks[index - 2].kind == "trained"
    coordinated |= index >= 1 and marks[index - 1].kind == "trained"
    return found + list(_companions(marks, index, taken)) if found or coordinated else found


def _is_adjective(marks: Sequence[Mark], index: int) -> bool:
    """`a frozen encoder`: a component follows at once, and no "is" stands before."""
    if index + 1 == len(marks) or marks[index + 1].kind not in COMPONENTS:
        return False
    gap = marks[index + 1].start - marks[index].end
    if gap <= _NEXT and (index == 0 or marks[index - 1].kind != "be"):
        return True
    return gap <= 1 and marks[index].start - marks[index - 1].end > _FAR  # "LoRA is added to the frozen LLM"


def _qualified(marks: Sequence[Mark], index: int) -> Iterator[int]:
    """`frozen encoders, LLM and decoder`: all of a list whose further items have no article of their own."""
    last = index + 1
    found = [last]
    while last + 2 < len(marks) and marks[last + 1].kind == "joint" and marks[last + 2].kind in COMPONENTS:
        joint, item = marks[last + 1], marks[last + 2]
        if joint.start - marks[last].end > 1 or item.start - joint.end > 1:
            break
        last += 2
        found.append(last)
    is_subject = last + 1 < len(marks) and marks[last + 1].kind in ("be", *PREDICATES)
    yield from found[:1] if is_subject else found


def _companions(marks: Sequence[Mark], index: int, taken: set[int]) -> Iterator[int]:
    """`is trained together with X and Y`: X and Y."""
    if (
        marks[index].kind not in ("trained", "train")
        or index + 1 >= len(marks)
        or marks[index + 1].kind not in ("together", "keep")
    ):
        return
    if _frames_frozen(marks, index + 1) or marks[index + 1].start > marks[index].end + 12:
        return
    yield from _listed_from(marks, index + 2, taken)


def _listed_from(marks: Sequence[Mark], first: int, taken: set[int]) -> Iterator[int]:
    """The components of a list that starts at `first`."""
    for i in range(first, len(marks)):
        if marks[i].kind in COMPONENTS and i not in taken:
            yield i
        elif marks[i].kind != "joint":
            break


def _is_kept(marks: Sequence[Mark], index: int) -> bool:
    for i in range(index - 1, -1, -1):
        if marks[i].kind == "keep":
            return True
        if marks[i].kind in (*PREDICATES, "break"):
            return False
    return False
