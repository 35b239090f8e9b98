"""Training and evaluation data sets: mentions from the vocabulary, and their role by sentence, section and table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vlmingest.document import BlockKind
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView, SectionKind, Sentence
from vlmingest.records import Candidate, FieldName, Role
from vlmingest.vocabulary import Mention, load

_OTHER_SECTIONS = frozenset({SectionKind.RELATED, SectionKind.REFERENCES})
_POSITIVE = frozenset({Role.TRAINED_ON, Role.EVALUATED_ON})


def read_datasets(view: PaperView) -> Iterator[Candidate]:
    """The best candidate of each data set and role (negative roles are kept beside the positive)."""
    rules = load_rules("datasets").rules
    best: dict[tuple[FieldName, str, bool], Candidate] = {}
    for mention in load().find(view.text, view.lowered):
        if mention.code.kind != "dataset":
            continue
        for field, role, score, rule in _roles(view, mention, rules):
            place = (field, mention.code.name, role in _POSITIVE)
            if place in best and best[place].confidence >= score:
                continue
            evidence = view.evidence(mention.start, mention.end, rule)
            if len(evidence.quote.split()) < 2:
                continue
            best[place] = Candidate(
                field=field, value=mention.code.name, role=role, evidence=(evidence,), reader=f"rule:{rule}",
                confidence=score,
            )  # fmt: skip
    yield from best.values()


def _roles(view: PaperView, mention: Mention, rules: Sequence[Rule]) -> Iterator[tuple[FieldName, Role, float, str]]:
    sentence = view.sentence_at(mention.start)
    if sentence is None:
        block = view.block_at(mention.start)
        if block is not None and block.kind is BlockKind.TABLE:
            yield FieldName.EVALUATION_DATASET, Role.EVALUATED_ON, 0.55, "evaluation_dataset.table.v1"
        return
    yield from _sentence_roles(sentence, view.lowered[sentence.start : sentence.end], rules)


def _sentence_roles(
    sentence: Sentence, lowered: str, rules: Sequence[Rule]
) -> Iterator[tuple[FieldName, Role, float, str]]:
    own = sentence.section not in _OTHER_SECTIONS
    found = False
    for rule in rules:
        if rule.field is not None and rule.search(lowered) is not None:
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
