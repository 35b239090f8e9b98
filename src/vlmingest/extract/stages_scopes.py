"""Clauses of one sentence that speak of different stages, of several or of all of them.

"The encoder is frozen at all stages, the LLM is frozen at the two pre-training stages and is tuned at the last stage."
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_passage import Passage, Slot
from vlmingest.extract.wording import wording

_COUNTED = wording("stages_assign.counted_first")
_NUMBERS = {"two": 2, "three": 3, "four": 4}
_EVERY = wording("stages_assign.every_stage")
_SEPARATOR = wording("stages_assign.clause_break")
_SUBJECTLESS = wording("stages_assign.subjectless")
_SUBJECT = wording("stages_assign.clause_subject")
_NEAR = 14  # letters between where a clause begins and the stage that it opens with: "in the last stage the LLM ..."


class _Scope(NamedTuple):
    start: int
    end: int
    slots: tuple[Slot, ...]


def in_scopes(text: str, slots: Sequence[Slot], named: Sequence[tuple[Slot, marks.Mark]]) -> list[tuple[Slot, str]]:
    """The clauses with the stages that each speaks of; none unless one of them speaks of all stages or of a number of them."""
    counted = [
        _Scope(*found.span(), tuple(slots[:n]))
        for found in _COUNTED.finditer(text)
        if (n := _NUMBERS[found["n"].lower()]) < len(slots)
    ]
    wide = counted + [
        _Scope(*found.span(), tuple(slots))
        for found in _EVERY.finditer(text)
        if all(found.end() <= scope.start or found.start() >= scope.end for scope in counted)
    ]
    if not wide:
        return []
    scopes = wide + [
        _Scope(mark.start, mark.end, (slot,))
        for slot, mark in named
        if all(mark.end <= scope.start or mark.start >= scope.end for scope in wide)
    ]
    scopes.sort()
    cuts = _cuts(text, scopes) if len(scopes) > 1 else None
    if cuts is None:
        return []
    found: list[tuple[Slot, str]] = []
    before = ""
    for scope, start, end in zip(scopes, [0, *cuts], [*cuts, len(text)], strict=True):
        clause = with_subject(text[start:end], before)
        found += [(slot, clause) for slot in scope.slots]
        before = clause
    return found


def with_subject(clause: str, before: str) -> str:
    """A clause with the subject of the one before it where it has none of its own: "and is trained in the latter"."""
    bare = _SUBJECTLESS.match(clause)
    subject = _SUBJECT.match(before) if bare is not None else None
    if bare is None or subject is None:
        return clause
    return f"{subject['subject']} {'is ' if bare['how'] else ''}{clause[bare.end() :]}"


def _cuts(text: str, scopes: Sequence[_Scope]) -> list[int] | None:
    """Where each clause but the first begins; None where two stages stand in one."""
    cuts = []
    for one, two in zip(scopes, scopes[1:], strict=False):
        between = [found.end() for found in _SEPARATOR.finditer(text, one.end, two.start)]
        if not between:
            return None
        leads = scopes[0].start <= _NEAR and two.start - between[-1] <= _NEAR
        cuts.append(between[-1] if leads else between[0])
    return cuts


# "from the second stage onward" tells of that stage and of all behind it
ONWARD = wording("stages_assign.onward")
_LATER = wording("stages_assign.later")
_REST = wording("stages_assign.rest")


def of_the_rest(passage: Passage, slots: Sequence[Slot], focus: Slot | None) -> list[tuple[Slot, str]]:
    """The stages behind the one in question with a sentence that opens with "For the remaining stages"."""
    if focus is None or "ages" not in passage.text or _REST.match(passage.text) is None:
        return []
    return [(slot, passage.text) for slot in slots if slot.order > focus.order]


def with_later(text: str, named: Slot, slots: Sequence[Slot]) -> list[tuple[Slot, str]]:
    """`Stage 1 updates only the projector, while the subsequent stages update the full model`: a piece for each."""
    if "nward" in text and ONWARD.search(text):
        return [(slot, text) for slot in reversed(slots) if slot.order >= named.order]
    later = _LATER.search(text) if "tages" in text or "hases" in text else None
    if later is None:
        return [(named, text)]
    rest = [slot for slot in slots if slot.order > named.order]
    # the named one last: what follows the sentence goes on about it
    return [*((slot, text[later.start() :]) for slot in rest), (named, text[: later.start()])]
