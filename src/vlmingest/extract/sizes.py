"""Sizes of the proposed model: beside its name ("X-7B", "X: 1B, 2B, 9B"), in sentences on the own work, in own rows of tables.

Places are gathered by the rows of rules/sizes.toml (`sizes_places`, `sizes_tables`); what they say of one size, and what else
that number counts in the paper, is weighed (`sizes_weigh`). The size of the language model stands in where the model has
none of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from vlmingest.extract.logistic import chance, weights_of
from vlmingest.extract.sizes_backbones import of_backbones
from vlmingest.extract.sizes_places import Place, beside_names, size_name, sizes_in
from vlmingest.extract.sizes_sentences import in_sentences
from vlmingest.extract.sizes_tables import sizes_in_tables
from vlmingest.extract.sizes_weigh import Told, features_of, tell, without_respelled
from vlmingest.extract.view import PaperView
from vlmingest.records import Candidate, FieldName

__all__ = ["read_sizes", "size_name", "sizes_in"]

_LEAST = 0.03


def size_places(view: PaperView) -> dict[str, list[Place]]:
    """Every size that something speaks for, with its places."""
    found: dict[str, list[Place]] = {}
    for size, place in (*beside_names(view), *in_sentences(view), *sizes_in_tables(view), *of_backbones(view)):
        found.setdefault(size, []).append(place)
    return without_respelled(found)


def read_sizes(view: PaperView) -> Iterator[Candidate]:
    """One candidate per size, surest first."""
    places = size_places(view)
    told = tell(view, places)
    features = {size: features_of(size, places, told.get(size, Told()), view) for size in places}
    scored = [(round(chance(features[size], weights_of("sizes")), 4), size) for size in places]
    for confidence, size in sorted(scored, key=lambda one: (-one[0], one[1])):
        if confidence < _LEAST:
            break
        best = sorted(places[size], key=lambda place: (-place.weight, place.start))
        yield Candidate(
            field=FieldName.SIZE,
            value=size,
            evidence=tuple(view.evidence(one.start, one.end, one.rule) for one in best[:2]),
            reader=f"rule:{best[0].rule}",
            confidence=min(confidence, 0.98),
            attributes={"places": len(best), "rules": len({one.rule for one in best})},
            features=features[size],
        )
