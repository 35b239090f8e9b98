"""Sentences about training in plainer words, before their marks are read: brackets, "neither ... nor", "in a frozen state".

The wordings are rows of `rules/stages_rewording.toml`, applied in their order.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from vlmingest.extract.leads import has_any
from vlmingest.extract.needs import Sieve
from vlmingest.extract.rules import load_rules

_EARLIER = "earlier"
_ELIDED = "elided"


class _Wording(NamedTuple):
    name: str
    pattern: re.Pattern[str]
    to: str
    near: tuple[str, ...]
    finder: re.Pattern[str] | None  # whether the pattern stands there, found faster


@cache
def _wordings() -> dict[str, _Wording]:
    rows = load_rules("stages_rewording").rules
    found = [(rule.id.split(".")[1], rule) for rule in rows]
    return {
        name: _Wording(
            name, rule.low or rule.regex, str(rule.attributes["to"]), tuple(rule.attributes["near"]), rule.lead
        )
        for name, rule in found
    }


def without_earlier(sentence: str) -> str:
    """The sentence (in lower case) without what it tells of an earlier stage or of another model."""
    return _plainer(sentence, _wordings()[_EARLIER])


def reworded(sentence: str) -> str:
    """The sentence (in lower case) as its predicates are read."""
    may, told = _sieve().of(sentence), sentence
    for index, wording in enumerate(_wordings().values()):
        if told == sentence and not may >> index & 1:
            continue  # what an earlier wording puts in may be what a later one needs
        told = _with_elided(told, wording) if wording.name == _ELIDED else _plainer(told, wording)
    return told


@cache
def _sieve() -> Sieve:
    return Sieve([[wording.near] for wording in _wordings().values()])


def _plainer(sentence: str, wording: _Wording) -> str:
    if not has_any(sentence, wording.near) or (wording.finder is not None and wording.finder.search(sentence) is None):
        return sentence
    return wording.pattern.sub(wording.to, sentence)


def _with_elided(sentence: str, wording: _Wording) -> str:
    """Turn an elided denial ("the projector is trained, the LLM is not") into the opposite of what was said before."""
    if not has_any(sentence, wording.near):
        return sentence
    match = wording.pattern.search(sentence)
    if match is None:
        return sentence
    said = "trained" if "froz" in sentence[: match.start()] else "frozen"
    return f"{sentence[: match.start()]} is {said}{sentence[match.end() :]}"
