"""Connectors and architecture types by cue rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vlmingest.extract.rules import load_rules
from vlmingest.extract.view import PaperView, SectionKind
from vlmingest.records import Candidate, FieldName

_OTHER_SECTIONS = frozenset({SectionKind.RELATED, SectionKind.REFERENCES})
_WE = re.compile(r"\b(?:we|our|ours|us)\b", re.IGNORECASE)


def read_connectors(view: PaperView) -> Iterator[Candidate]:
    """Connector and architecture types by cue rows, best sentence each."""
    best: dict[tuple[FieldName, str], tuple[float, Candidate]] = {}
    for sentence in view.sentences:
        if sentence.section in _OTHER_SECTIONS or sentence.section is SectionKind.ABLATION:
            continue
        for rule in load_rules("connectors").rules:
            for match in rule.finditer(view.text, view.lowered, sentence.start, sentence.end):
                if rule.field is None or rule.value is None:
                    continue
                bonus = 0.15 if sentence.section in (SectionKind.METHOD, SectionKind.ABSTRACT) else 0.0
                score = min(rule.weight + bonus + (0.1 if _WE.search(view.quote(sentence)) else 0.0), 0.95)
                place = (rule.field, rule.value)
                if place in best and best[place][0] >= score:
                    continue
                evidence = view.evidence(match.start(), match.end(), rule.id)
                best[place] = (score, Candidate(
                    field=rule.field, value=rule.value, evidence=(evidence,), reader=f"rule:{rule.id}", confidence=score,
                ))  # fmt: skip
    yield from (candidate for _, candidate in best.values())
