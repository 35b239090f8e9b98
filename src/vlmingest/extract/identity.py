"""The proposed model's name: the title, "we propose X", "a model called X", captions, own rows, and how often it is said.

Every pattern is a row of rules/identity.toml and gives points to the name it catches. Spellings that differ only in case,
spaces or hyphens are one name; a size at its end ("X-7B") is cut off. What the text says often gains, what it hardly says
loses; a word that stands mostly in lower case is no name. `name_candidates` is what other readers know the own model by.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from vlmingest.document import BlockKind
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.leads import led_matches
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView
from vlmingest.extract.wording import wording
from vlmingest.records import Candidate, FieldName

_OPENING = frozenset({SectionKind.FRONT, SectionKind.ABSTRACT, SectionKind.INTRODUCTION, SectionKind.CONCLUSION})
_EARLY = frozenset({SectionKind.FRONT, SectionKind.ABSTRACT})
_WHOLE = {BlockKind.HEADING: "heading", BlockKind.CAPTION: "caption"}
_SIZE = re.compile(r"[ -](?:A?\d+(?:\.\d+)?[BbMm](?:[-_]?A\d+(?:\.\d+)?[Bb])?)\b")
_VARIANT = wording("identity.variant")
_BRACKET = re.compile(r"\s*\([^)]*\)?\Z")
_NAMELIKE = re.compile(r"[a-z0-9][A-Z]|\d|[A-Z]{2}|[A-Za-z]-[A-Z]")
_DATA = wording("identity.data")
_SETS = ("dataset", "data set", "benchmark", "corpus", "instruction")
_OFTEN_DATA, _SHARE_DATA = 3, 0.2  # how often, and in which share of its places, a name of data is called so
_FOLD = re.compile(r"[\s\-‐‑–]+")
_NOISE = " .,;:-*†‡“”\"'‘’()[]"
_MAX_WORDS = 5
_MAX_TALLIED = 16
_LEAST_SHARE = 0.12  # of the points of the first: what has less is not weighed


class NameCandidate(NamedTuple):
    """A possible name of the proposed model, its points, and one place `[start, end)` where the text says it."""

    name: str
    score: float
    place: tuple[int, int]


@dataclass
class _Tally:
    points: float = 0.0
    spellings: Counter[str] = field(default_factory=Counter)
    places: list[tuple[float, int, int]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def name_candidates(view: PaperView) -> list[NameCandidate]:
    """Possible names of the proposed model, best first; computed once per paper."""
    return view.once(_ranked)


@cache
def _rules() -> dict[str, tuple[Rule, ...]]:
    rows: dict[str, list[Rule]] = {
        "title": [],
        "opening": [],
        "caption": [],
        "heading": [],
        "abstract": [],
        "anywhere": [],
    }
    for rule in load_rules("identity").of("name."):
        rows[str(rule.attributes["where"])].append(rule)
    return {where: tuple(rules) for where, rules in rows.items()}


@cache
def _never() -> frozenset[str]:
    return frozenset(load_rules("identity").data["never"])


def fold_name(name: str) -> str:
    """The key of a name: lower case, without spaces and hyphens."""
    return _FOLD.sub("", name).lower()


def clean_name(raw: str) -> str:
    """A caught name without sizes, variants and what clings to it; "" where nothing is left."""
    name = re.sub(r"\s+", " ", raw).strip(_NOISE)
    cut = _SIZE.search(name)
    if cut is not None and cut.start() >= 2:
        name = name[: cut.start()]
    name = _BRACKET.sub("", _VARIANT.sub("", name)).strip(_NOISE)
    return name.removesuffix("'s").removesuffix("’s")


def _ranked(view: PaperView) -> list[NameCandidate]:
    tallies: dict[str, _Tally] = {}
    for rule in _rules()["title"]:
        if rule.attributes.get("shape") and view.title.isupper():
            continue
        for match in rule.regex.finditer(view.title):
            _note(tallies, rule, match, None, 1.0)
    opening = [
        (rule, frozenset(view.sentences_for(rule)) if rule.cues else None, str(rule.attributes.get("holds", "")))
        for rule in _rules()["opening"]
    ]
    held_by = {rule.id: frozenset(view.sentences_for(rule)) for rule in _rules()["caption"] if rule.cues}
    for index, sentence in enumerate(view.sentences):
        where = _WHOLE.get(sentence.kind) or ("abstract" if sentence.section in _EARLY else None)
        if where is not None:
            text = view.quote(sentence)
            for rule in _rules()[where]:
                if rule.id in held_by and index not in held_by[rule.id]:
                    continue
                for match in led_matches(rule.lead, rule.regex, text, 0, len(text)):
                    _note(tallies, rule, match, sentence.start, 1.0)
        if sentence.section in _OPENING:
            worth = 1.5 if sentence.section in _EARLY else 1.0
            for rule, held, piece in opening:
                if held is not None and index not in held:
                    continue
                if not piece or view.text.find(piece, sentence.start, sentence.end) >= 0:
                    for match in led_matches(rule.lead, rule.regex, view.text, sentence.start, sentence.end):
                        _note(tallies, rule, match, 0, worth)
    for rule in _rules()["anywhere"]:
        for _, match in view.hits(rule):
            _note(tallies, rule, match, 0, 1.0)
    ordered = sorted(tallies.items(), key=lambda item: (-item[1].points, item[0]))[:_MAX_TALLIED]
    kept = [item for item in ordered if item[1].points >= _LEAST_SHARE * ordered[0][1].points]
    found = [candidate for _, tally in kept if (candidate := _weighed(view, tally)) is not None]
    return sorted(found, key=lambda one: (-one.score, one.name))


def _note(tallies: dict[str, _Tally], rule: Rule, match: re.Match[str], base: int | None, worth: float) -> None:
    """Give the caught name its points; `base` is where in the text the matched string starts (None: the title)."""
    group = "value" if match.group("value") else "alone"
    name = clean_name(match.group(group))
    words = name.split()
    if len(name) < 2 or len(words) > _MAX_WORDS or name.lower() in _never() or not re.search("[A-Z]", name):
        return
    if words[0].lower() in ("the", "a", "an", "our") and len(words) > 1:
        name = name[len(words[0]) + 1 :]
    tally = tallies.setdefault(fold_name(name), _Tally())
    tally.spellings[name] += 1
    if base is not None:
        tally.places.append((-worth, base + match.start(group), base + match.end(group)))
    if tally.counts[rule.id] < int(rule.attributes.get("most", 1)):
        tally.counts[rule.id] += 1
        tally.points += float(rule.attributes["points"]) * worth


def _weighed(view: PaperView, tally: _Tally) -> NameCandidate | None:
    """The candidate with its points weighed by how the whole text speaks of it; None where the text never says it."""
    folded = min((name.lower() for name in tally.spellings), key=lambda name: (len(name), name))
    times = view.lowered.count(folded, 0, view.body_end)
    if not times:
        return None
    exact = {name: view.text.count(name, 0, view.body_end) for name in tally.spellings}
    name = max(exact, key=lambda one: (exact[one], tally.spellings[one], one))
    score = tally.points
    per_page = 3000 * times / max(view.body_end, 3000)
    score *= 0.35 + 0.65 * min(math.log1p(4 * per_page) / math.log(9), 1.0)
    if not _NAMELIKE.search(name):
        plain = sum(exact.values()) / times
        score *= max(plain, 0.15) * (0.8 if " " not in name else 0.5)
    if _DATA.search(name) or _is_data(view, name, exact[name]):
        score *= 0.4
    if tally.places:
        _, start, end = min(tally.places)
    else:
        start = view.lowered.find(folded)
        end = start + len(folded)
    return NameCandidate(name, round(score, 4), (start, end))


def _is_data(view: PaperView, name: str, times: int) -> bool:
    """Whether the text often calls it a data set: a paper may propose one beside the model."""
    lowered, before, called = view.lowered, f"{name.lower()} ", 0
    place = lowered.find(before, 0, view.body_end)
    while place >= 0:
        after = place + len(before)
        called += lowered.startswith(_SETS, after, view.body_end)
        place = lowered.find(before, after, view.body_end)
    return called >= _OFTEN_DATA and called >= _SHARE_DATA * times


def read_identity(view: PaperView) -> Iterator[Candidate]:
    """The best name as a name; close followers as aliases."""
    found = name_candidates(view)[:4]
    total = sum(one.score for one in found)
    for index, one in enumerate(found):
        if index and one.score < 0.35 * found[0].score:
            break
        wanted = FieldName.NAME if index == 0 else FieldName.ALIAS
        share = one.score / total if total else 0.0
        yield Candidate(
            field=wanted,
            value=one.name,
            evidence=(view.evidence(*one.place, f"{wanted.value}.v2"),),
            reader=f"rule:{wanted.value}.v2",
            confidence=round(min(0.97, 0.35 + 0.35 * share + 0.3 * min(one.score / 8, 1.0)), 3) if index == 0 else 0.45,
        )
