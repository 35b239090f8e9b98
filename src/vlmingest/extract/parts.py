"""Vision encoders, language backbones, connectors and architecture types: mentions, and their role."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView, SectionKind
from vlmingest.records import Candidate, FieldName, Role
from vlmingest.vocabulary import Mention, load

_OTHER_SECTIONS = frozenset({SectionKind.RELATED, SectionKind.REFERENCES})
_WE = re.compile(r"\b(?:we|our|ours|us)\b", re.IGNORECASE)
_FIELD = {"vision_encoder": FieldName.VISION_ENCODER, "language_model": FieldName.LANGUAGE_MODEL}


def read_parts(view: PaperView) -> Iterator[Candidate]:
    """Candidates of encoders and language models from vocabulary mentions in sentences."""
    rules = load_rules("parts").rules
    best: dict[tuple[FieldName, str, bool], Candidate] = {}
    for mention in load().find(view.text, view.lowered):
        if mention.code.kind == "dataset":
            continue
        decided = _role(view, mention, rules)
        if decided is None:
            continue
        field, role, score, rule = decided
        value = view.text[mention.start : mention.end].strip()
        place = (field, value.casefold().replace("-", "").replace(" ", ""), role is Role.USED)
        if place in best and best[place].confidence >= score:
            continue
        attributes: dict[str, JsonValue] = {"family": mention.code.family}
        if mention.code.kind == "language_model":
            attributes["sizes"] = list(mention.sizes)
        evidence = view.evidence(mention.start, mention.end, rule)
        if len(evidence.quote.split()) < 2:
            continue
        best[place] = Candidate(
            field=field, value=value, role=role, attributes=attributes, evidence=(evidence,),
            reader=f"rule:{rule}", confidence=score,
        )  # fmt: skip
    yield from best.values()


def _role(view: PaperView, mention: Mention, rules: Sequence[Rule]) -> tuple[FieldName, Role, float, str] | None:
    sentence = view.sentence_at(mention.start)
    if sentence is None:
        return None
    text = view.quote(sentence)
    lowered = view.lowered[sentence.start : sentence.end]
    window = lowered[max(mention.start - sentence.start - 130, 0) : mention.end - sentence.start + 110]
    field = _FIELD[mention.code.kind]
    for rule in rules:
        if rule.field is field and rule.search(window) is not None:
            role = Role.CITED if sentence.section in _OTHER_SECTIONS else Role.USED
            if sentence.section is SectionKind.ABLATION:
                role = Role.ABLATED
            return field, role, min(rule.weight + (0.1 if _WE.search(text) else 0.0), 0.97), rule.id
    return field, Role.CITED, 0.2, f"{mention.code.kind}.mention.v1"


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
