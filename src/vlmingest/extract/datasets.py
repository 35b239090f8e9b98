"""Training and evaluation data sets: the groups of all named sets, judged by what all their places say together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vlmingest.extract.dataset_groups import Group, Place
from vlmingest.extract.dataset_mentions import dataset_groups
from vlmingest.extract.dataset_names import clean_cell
from vlmingest.extract.dataset_scores import common_features, features, load_weights, reasons, score
from vlmingest.extract.view import PaperView
from vlmingest.records import Candidate, FieldName, Role
from vlmingest.vocabulary.datasets import fold_name

# Below this a name is not worth a candidate of the role.
_LEAST = 0.08
_LEAST_OF_OTHERS = 0.6  # where the paper speaks of it only as of others' work
_MOST_REASONS = 6
_PLAIN_END = re.compile(r"\s[a-z]+\Z")
_REST = re.compile(r"\s+(?:(?:tuning|following)\s+)?(?:data(?:\s?set)?|corpus|mixture)\b")
_FIELDS = (
    (FieldName.TRAINING_DATASET, "training", Role.TRAINED_ON, "train"),
    (FieldName.EVALUATION_DATASET, "evaluation", Role.EVALUATED_ON, "evaluate"),
)


def read_datasets(view: PaperView) -> Iterator[Candidate]:
    """One candidate per data set and role, with the place that says most of the role as proof.

    A known set that the paper names, but neither trains nor evaluates on, is a candidate with the role `cited`. `features` are
    what weighed most, as signed parts of the log odds.
    """
    weights = load_weights()
    for group in dataset_groups(view).values():
        if not group.use and not group.used:
            continue
        name = surface(view, group)
        said = False
        common = common_features(group)
        for field, role_name, role, word in _FIELDS:
            found = features(group, role_name, common)
            confidence = score(found, weights[role_name])
            if confidence >= (_LEAST_OF_OTHERS if found.get("share_of_others") == 1.0 else _LEAST):
                said = True
                place = _plainest(group.places, word)
                why = reasons(found, weights[role_name], _MOST_REASONS)
                yield from _candidate(view, group, name, field, role, place, confidence, why)
        if group.use and not said:
            field = FieldName.TRAINING_DATASET if group.use == "training" else FieldName.EVALUATION_DATASET
            yield from _candidate(view, group, name, field, Role.CITED, group.places[0], 1 - _LEAST, {})


def _candidate(
    view: PaperView,
    group: Group,
    name: str,
    field: FieldName,
    role: Role,
    place: Place,
    confidence: float,
    why: dict[str, float],
) -> Iterator[Candidate]:
    rule = f"{field.value.replace('.', '_')}.group.v1"
    evidence = view.evidence(place.start, place.end, rule)
    if len(evidence.quote.split()) > 1:
        yield Candidate(
            field=field,
            value=name,
            role=role,
            attributes={} if group.use else {"new_name": True},
            evidence=(evidence,),
            reader=f"rule:{rule}",
            confidence=round(confidence, 4),
            features=why,
        )


def _plainest(places: list[Place], word: str) -> Place:
    """The first of the places that speak most plainly of a role: by level, and then where a sentence of the own model says it."""
    levels = ((f"{word}3", 6), (f"{word}2", 4), (f"{word}1", 2))
    best, most = places[0], -1
    for place in places:
        says = place.says
        plain = 1 if "own_voice" in says else 0
        for name, level in levels:
            if name in says:
                plain += level
                break
        if plain > most or (plain == most and place.start < best.start):
            best, most = place, plain
    return best


def surface(view: PaperView, group: Group) -> str:
    """The name as the paper writes it: the canonical spelling where the paper has it, else the commonest one."""
    text = view.text
    for one in dict.fromkeys([text[place.start : place.end] for place in group.places]):
        if fold_name(one) == group.key:
            return group.name if group.use else one
    best = max(group.surfaces, key=lambda one: (group.surfaces[one], len(one), one))
    if group.use and _PLAIN_END.search(best) is not None:  # "Foo instruction" is none without its last words
        ends = (_REST.match(text, place.end) for place in group.places if text[place.start : place.end] == best)
        best += next((end.group() for end in ends if end is not None), "")
    name = clean_cell(" ".join(best.split())).removeprefix("the ").removeprefix("The ")
    return name or group.name
