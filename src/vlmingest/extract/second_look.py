"""The full text confirms or withdraws what triage said of the metadata: does the paper propose a vision-language model?

Evidence is rows of rules/second_look.toml: a row holds or not, its weight adds to a sum, its reason is told with how
often its words were found. What is sure (a survey, no images at all) withdraws; else the sum moves the label.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from vlmingest.extract.leads import lead_of, led_matches
from vlmingest.extract.view import PaperView
from vlmingest.records import Label, Relevance

_FRONT = 9000  # characters: abstract and introduction
_NO_ABSTRACT = 2500  # characters of the front that stand in for an abstract that was not found
_ENOUGH = 6000  # characters of body under which the absence of words proves nothing
Matcher = Callable[[str, int], re.Match[str] | None]
_WITHDRAWN = 0.2  # the score of what is withdrawn, at most


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row of the data file; see there."""

    id: str
    reason: str
    where: str
    weight: float
    pattern: re.Pattern[str]
    lead: re.Pattern[str] | None
    folded: bool
    at_least: float
    below: float | None
    withdraw: bool
    unless: tuple[str, ...]
    begins: tuple[str, ...]
    matches: tuple[str, ...]
    rejects: tuple[str, ...]

    def found_in(self, text: str, lowered: str) -> int:
        """How often the pattern stands in a text."""
        place = lowered if self.folded else text
        return sum(1 for _ in led_matches(self.lead, self.pattern, place, 0, len(place)))


@dataclass(frozen=True, slots=True)
class Lines:
    """Sums at which a label moves."""

    confirm_at: float
    keep_at: float
    rescue_at: float


@cache
def load_evidence() -> tuple[Lines, tuple[Evidence, ...]]:
    """The rows, compiled once."""
    text = resources.files(__package__).joinpath("rules/second_look.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    rows = tuple(
        Evidence(
            id=row["id"],
            reason=row["reason"],
            where=row["where"],
            weight=row["weight"],
            pattern=re.compile(row["pattern"].removeprefix("(?i)")),
            lead=lead_of(row["pattern"].removeprefix("(?i)")),
            folded=row["pattern"].startswith("(?i)"),
            at_least=row.get("at_least", 1),
            below=row.get("below"),
            withdraw=row.get("withdraw", False),
            unless=tuple(row.get("unless", ())),
            begins=tuple(row.get("begins", ())),
            matches=tuple(row["matches"]),
            rejects=tuple(row["rejects"]),
        )
        for row in data["evidence"]
    )
    return Lines(**data["lines"]), rows


@cache
def _beginnings() -> tuple[AhoCorasick, tuple[tuple[tuple[int, Matcher], ...], ...], tuple[str, ...]]:
    """The words that matches begin with (the longest at a place counts), the rows to try at each by number, and their ids."""
    rows = [row for row in load_evidence()[1] if row.begins]
    words = sorted({word for row in rows for word in row.begins})
    tried = tuple(
        tuple((number, row.pattern.match) for number, row in enumerate(rows) if word.startswith(row.begins))
        for word in words
    )
    automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
    return automaton, tried, tuple(row.id for row in rows)


def count_begun(lowered: str, enough: Mapping[str, int]) -> Counter[str]:
    """Row id -> how often its pattern stands in a lower-case text, of all rows with `begins`; as `found_in` counts."""
    automaton, tried, names = _beginnings()
    most = [enough.get(name, -1) for name in names]
    times, ends = [0] * len(names), [0] * len(names)
    for word, start, _ in automaton.find_matches_as_indexes(lowered):
        if start and lowered[start - 1].isalnum():
            continue
        for row, match_at in tried[word]:
            if start >= ends[row]:
                match = match_at(lowered, start)
                if match is not None:
                    times[row] += 1
                    ends[row] = match.end() if times[row] != most[row] else len(lowered)
    return Counter({name: count for name, count in zip(names, times, strict=True) if count})


def second_look(view: PaperView, relevance: Relevance) -> Relevance:
    """`relevance` with the label that the text supports; reasons are added, never taken away."""
    lines, rows = load_evidence()
    parts = _parts(view)
    size = max(len(parts["body"]), 1)
    lowered = {name: text.lower() for name, text in parts.items() if name != "body"}
    lowered["body"] = view.lowered[: view.body_end]
    # A row that asks for few does not care how many more there are.
    enough = {row.id: math.ceil(row.below * size / 10_000) for row in rows if row.below is not None}
    begun = count_begun(lowered["body"], enough)
    held: dict[str, tuple[Evidence, str]] = {}
    for row in rows:
        if row.below is not None and len(parts["body"]) < _ENOUGH:
            continue
        times = begun[row.id] if row.begins else row.found_in(parts[row.where], lowered[row.where])
        rate = times * 10_000 / size if row.where == "body" else float(times)
        if rate < row.below if row.below is not None else rate >= row.at_least:
            held[row.id] = (row, f"{row.reason} ({_amount(row, times, rate)})")
    withdrawn = [reason for row, reason in held.values() if row.withdraw and held.keys().isdisjoint(row.unless)]
    if withdrawn:
        return _told(relevance, "no", min(relevance.score, _WITHDRAWN), [f"- full text: {why}" for why in withdrawn])
    total = sum(row.weight for row, _ in held.values())
    label = _moved(relevance.label, total, lines)
    if label == relevance.label:
        return relevance
    speaks_for = label == "model" or relevance.label == "no"
    ranked = sorted(held.values(), key=lambda pair: -abs(pair[0].weight))
    reasons = [why for row, why in ranked if (row.weight > 0) == speaks_for] or ["nothing says that a model is trained"]
    sign = "+" if speaks_for else "-"
    score = max(relevance.score, 0.5) if speaks_for else relevance.score
    return _told(relevance, label, score, [f"{sign} full text: {why}" for why in reasons])


def _moved(label: Label, total: float, lines: Lines) -> Label:
    """Where the sum takes a label: confirmed, doubted, or as it was."""
    if label == "maybe" and total >= lines.confirm_at:
        return "model"
    if label == "model" and total < lines.keep_at:
        return "maybe"
    return "maybe" if label == "no" and total >= lines.rescue_at else label


def _parts(view: PaperView) -> dict[str, str]:
    body = view.text[: view.body_end]
    front = body[:_FRONT]
    return {"title": view.title, "abstract": view.abstract or front[:_NO_ABSTRACT], "front": front, "body": body}


def _amount(row: Evidence, times: int, rate: float) -> str:
    if row.where == "body":
        return f"{rate:.1f} mentions in 10,000 characters"
    return {"title": "title", "abstract": "abstract", "front": f"{times} mentions on the first pages"}[row.where]


def _told(relevance: Relevance, label: Label, score: float, reasons: list[str]) -> Relevance:
    return relevance.model_copy(update={"label": label, "score": score, "reasons": (*relevance.reasons, *reasons)})
