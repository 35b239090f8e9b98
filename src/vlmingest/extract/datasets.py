"""Training and evaluation data sets: the groups of all named sets, judged by what all their places say together."""

from __future__ import annotations

from collections.abc import Iterator

from vlmingest.extract.dataset_mentions import Group, Place, dataset_groups
from vlmingest.extract.dataset_names import clean_cell
from vlmingest.extract.dataset_scores import features, load_weights, score
from vlmingest.extract.view import PaperView
from vlmingest.records import Candidate, FieldName, Role
from vlmingest.vocabulary.datasets import fold_name

# Below this a name is not worth a candidate.
_LEAST = 0.08
_FIELDS = (
    (FieldName.TRAINING_DATASET, "training", Role.TRAINED_ON),
    (FieldName.EVALUATION_DATASET, "evaluation", Role.EVALUATED_ON),
)


def read_datasets(view: PaperView) -> Iterator[Candidate]:
    """One candidate per data set and role, with the place that says most of the role as evidence."""
    weights = load_weights()
    for group in dataset_groups(view).values():
        name = surface(view, group)
        for field, role_name, role in _FIELDS:
            confidence = score(features(group, role_name), weights[role_name])
            if confidence < _LEAST:
                continue
            place = _best(group, weights[role_name])
            evidence = view.evidence(place.start, place.end, f"{role_name}_dataset.group.v1")
            if len(evidence.quote.split()) < 2:
                continue
            yield Candidate(
                field=field,
                value=name,
                role=role,
                attributes={} if group.use else {"new_name": True},
                evidence=(evidence,),
                reader=f"rule:{role_name}_dataset.group.v1",
                confidence=round(confidence, 4),
            )


def surface(view: PaperView, group: Group) -> str:
    """The name as the paper writes it: the canonical spelling where the paper has it, else the commonest one."""
    text = view.text
    written = [text[place.start : place.end] for place in group.places]
    if any(fold_name(one) == group.key for one in written):
        return next(one for one in written if fold_name(one) == group.key) if not group.use else group.name
    best = max(group.surfaces, key=lambda one: (group.surfaces[one], len(one), one))
    name = clean_cell(" ".join(best.split())).removeprefix("the ").removeprefix("The ")
    return name or group.name


def _best(group: Group, weights: object) -> Place:
    assert isinstance(weights, dict)
    return max(group.places, key=lambda place: (sum(weights.get(name, 0.0) for name in place.says), -place.start))
