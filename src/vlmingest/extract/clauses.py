"""Whose work a clause speaks of, where a sentence has two: "While Foo uses a Q-Former, we take an MLP".

`voice` gives a sentence one voice. Where "we", "our" or a name of the own model opens a later clause, what stands before it may
be another's, and what stands after it is the paper's own.
"""

from __future__ import annotations

import re
from functools import cache

from vlmingest.extract.rules import load_rules
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import Voice, own_names, voice

_FIRST = 8  # characters before any second clause
_OPENING = 14  # characters from the comma to the subject
_OPENS = re.compile(r"(?:[,;:]|\bwhereas|\bwhile|\bbut) (?:the |in )?\Z")
_OWN = re.compile(r"(?:[,;:]|\bwhereas|\bwhile|\bbut) (?:the |in )?(?:we|ours?|the proposed)(?!\w)")


def voice_at(view: PaperView, sentence: Sentence, place: int) -> Voice:
    """Whose work the clause at `place` speaks of."""
    said = voice(view, sentence)
    own = own_clause(view, sentence)
    if own is None:
        return said
    if place >= own:
        return Voice.OWN if said is Voice.OTHER else said
    return Voice.OTHER if _concedes().match(view.text[sentence.start : sentence.end]) is not None else said


def clause_at(view: PaperView, sentence: Sentence, place: int) -> tuple[int, int]:
    """The part of the sentence on the side of `place`: before the own clause, or from it on; all of it, if there is none."""
    own = own_clause(view, sentence)
    if own is None:
        return sentence.start, sentence.end
    return (own, sentence.end) if place >= own else (sentence.start, own)


def own_clause(view: PaperView, sentence: Sentence) -> int | None:
    """Where "we", "our" or a name of the own model opens a later clause, if anywhere."""
    known: dict[int, int | None] = view.memo.setdefault("clauses.own", {})
    if sentence.start not in known:
        known[sentence.start] = _own_place(view, sentence)
    return known[sentence.start]


def _own_place(view: PaperView, sentence: Sentence) -> int | None:
    # A clause opens late: what stands at the start of the sentence is its own subject.
    start, text = sentence.start + _FIRST, view.lowered
    match = _OWN.search(text, start, sentence.end)
    places = [] if match is None else [match.start()]
    for name in own_names(view):
        place = text.find(name, start, sentence.end)
        while place >= 0:
            opening = _OPENS.search(text, max(start, place - _OPENING), place)
            if opening is not None and not text[place + len(name) : place + len(name) + 1].isalnum():
                places.append(opening.start())
                break
            place = text.find(name, place + 1, sentence.end)
    return min(places, default=None)


@cache
def _concedes() -> re.Pattern[str]:
    return next(rule.regex for rule in load_rules("voice").rules if rule.id == "voice.concedes.v1")
