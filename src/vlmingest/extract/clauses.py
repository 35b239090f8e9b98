"""Whose work a clause speaks of, where a sentence has two: "While Foo uses a Q-Former, we take an MLP".

`voice` gives a sentence one voice. Where "we", "our" or a name of the own model opens a later clause, what stands before it may
be another's, and what stands after it is the paper's own.
"""

from __future__ import annotations

import re
from functools import cache

from vlmingest.extract.plain_names import ends_word
from vlmingest.extract.rules import load_rules
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import Voice, own_names, voice
from vlmingest.extract.wording import wording


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
        opens = (
            joint.start()
            for joint in _JOINT.finditer(view.lowered, sentence.start, sentence.end)
            if _is_own_subject(view, joint.end(), sentence.end)
        )
        known[sentence.start] = next(opens, None)
    return known[sentence.start]


# One set of letters stands first, so that the search skips to them.
_JOINT = re.compile(r"[,;:wb](?:(?<=[,;:])|(?<=\bw)(?:hereas|hile)|(?<=\bb)ut) ")
_WE = wording("rivals.own_subject")
_ARTICLES = ("the ", "in ")


def _is_own_subject(view: PaperView, start: int, end: int) -> bool:
    """Does "we" or a name of the own model stand at `start`?"""
    text = view.lowered
    if _WE.match(text, start, end):
        return True
    starts = [start, *(start + len(article) for article in _ARTICLES if text.startswith(article, start, end))]
    for name in own_names(view):
        for at in starts:
            stop = at + len(name)
            if text.startswith(name, at, end) and ends_word(text, stop, end):
                return True
    return False


@cache
def _concedes() -> re.Pattern[str]:
    return next(rule.regex for rule in load_rules("voice").rules if rule.id == "voice.concedes.v1")
