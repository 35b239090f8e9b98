"""Vision encoders, language backbones, connectors, architecture types and data sets: mentions, and their role."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vlmingest.document import BlockKind
from vlmingest.extract.rules import load_rules
from vlmingest.extract.view import PaperView, SectionKind, Sentence
from vlmingest.records import Candidate, FieldName, Role
from vlmingest.vocabulary import Mention, load

_OTHER_SECTIONS = frozenset({SectionKind.RELATED, SectionKind.REFERENCES})
_WE = re.compile(r"\b(?:we|our|ours|us)\b", re.IGNORECASE)
_FIELD = {"vision_encoder": FieldName.VISION_ENCODER, "language_model": FieldName.LANGUAGE_MODEL}


def read_parts(view: PaperView) -> Iterator[Candidate]:
    """Candidates of the four list fields from vocabulary mentions in sentences and table headers."""
    cues = load_rules("parts")
    best: dict[tuple[FieldName, str, bool], Candidate] = {}
    counts: dict[tuple[FieldName, str], int] = {}
    for mention in load().find(view.text, view.lowered):
        for field, role, score, rule in _roles(view, mention, cues.rules):
            name = view.text[mention.start : mention.end].strip()
            value = name if mention.code.kind != "dataset" else mention.code.name
            counts[field, mention.code.name] = counts.get((field, mention.code.name), 0) + 1
            positive = role in (Role.USED, Role.TRAINED_ON, Role.EVALUATED_ON)
            place = (field, value.casefold().replace("-", "").replace(" ", ""), positive)
            if place in best and best[place].confidence >= score:
                continue
            attributes = {"family": mention.code.family} if mention.code.kind != "dataset" else {}
            if mention.code.kind == "language_model":
                attributes["sizes"] = list(mention.sizes)  # type: ignore[assignment]
            evidence = view.evidence(mention.start, mention.end, rule)
            if len(evidence.quote.split()) < 2:
                continue
            best[place] = Candidate(
                field=field, value=value, role=role, attributes=attributes, evidence=(evidence,),
                reader=f"rule:{rule}", confidence=score,
            )  # fmt: skip
    yield from best.values()


def _roles(view, mention: Mention, rules) -> Iterator[tuple[FieldName, Role, float, str]]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    sentence = view.sentence_at(mention.start)
    if sentence is None:
        if mention.code.kind == "dataset":
            block = view.block_at(mention.start)
            if block is not None and block.kind is BlockKind.TABLE:
                yield FieldName.EVALUATION_DATASET, Role.EVALUATED_ON, 0.55, "evaluation_dataset.table.v1"
        return
    text = view.quote(sentence)
    lowered = view.lowered[sentence.start : sentence.end]
    window = lowered[max(mention.start - sentence.start - 130, 0) : mention.end - sentence.start + 110]
    own = _own(view, sentence, text)
    if mention.code.kind == "dataset":
        yield from _dataset_roles(sentence, lowered, own, rules)
        return
    field = _FIELD[mention.code.kind]
    for rule in rules:
        if rule.field is field and rule.search(window) is not None:
            role = Role.USED if own else Role.CITED
            if sentence.section is SectionKind.ABLATION:
                role = Role.ABLATED
            yield field, role, min(rule.weight + (0.1 if _WE.search(text) else 0.0), 0.97), rule.id
            return
    yield field, Role.CITED, 0.2, f"{mention.code.kind}.mention.v1"


def _dataset_roles(sentence: Sentence, lowered: str, own: bool, rules) -> Iterator[tuple[FieldName, Role, float, str]]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    found = False
    for rule in rules:
        if rule.field not in (FieldName.TRAINING_DATASET, FieldName.EVALUATION_DATASET):
            continue
        if rule.search(lowered) is not None:
            found = True
            training = rule.field is FieldName.TRAINING_DATASET
            sure = sentence.section in (
                (SectionKind.TRAINING, SectionKind.DATA, SectionKind.METHOD) if training else (SectionKind.EXPERIMENTS,)
            )
            role = (Role.TRAINED_ON if training else Role.EVALUATED_ON) if own else Role.CITED
            yield rule.field, role, rule.weight + (0.15 if sure else 0.0), rule.id
    if not found:
        if sentence.section is SectionKind.DATA and own:
            yield FieldName.TRAINING_DATASET, Role.TRAINED_ON, 0.5, "training_dataset.section.v1"
        elif sentence.section is SectionKind.EXPERIMENTS and own:
            yield FieldName.EVALUATION_DATASET, Role.EVALUATED_ON, 0.55, "evaluation_dataset.section.v1"


def _own(view: PaperView, sentence: Sentence, text: str) -> bool:  # noqa: ARG001
    """Whether the sentence may speak of the paper's own model: not related work, no other work as its subject."""
    return sentence.section not in _OTHER_SECTIONS


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
