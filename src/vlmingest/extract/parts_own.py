"""A paper whose own model is a language model that sees: that one is its language model, and its earlier versions are not.

"We introduce Foo 3": where "Foo 3" is the name of a language model, and no other is surely part of it.
"""

from __future__ import annotations

import re

from vlmingest.document import Span
from vlmingest.extract.own_model import own_model_name, own_model_names
from vlmingest.extract.parts_gather import Hit, PartUse
from vlmingest.extract.parts_weigh import is_version
from vlmingest.extract.view import PaperView
from vlmingest.records import Role
from vlmingest.vocabulary import Code, load

RULE = "language_model.own.v1"
PROBABILITY = 0.5  # for a person to look at
_SURE = 0.5  # probability of another language model beside which the own name is only a name
_BASE = 0.8  # of an earlier version of the own model, which it is then trained on from
_SAME = 0.05  # of an earlier version of the own model
_VERSION = re.compile(r"[\s-]?[vV]?\d[\d.]*\Z")

Weighed = list[tuple[PartUse, float, dict[str, float]]]


def with_own(view: PaperView, weighed: Weighed) -> Weighed:
    """`weighed` with the own model as its language model, where it is one by its name and no other is sure."""
    names = own_model_names(view)[:1]
    code = _language_model(names[0]) if names else None
    if code is None:
        return weighed
    stem = _VERSION.sub("", code.name)
    for use, probability, _ in weighed:
        if use.kind == "language_model" and probability >= (_BASE if use.name.startswith(stem) else _SURE):
            return weighed
    name = names[0]
    at = view.text.find(name, 0, view.body_end)
    if at < 0:
        return weighed
    place = Span(at, at + len(name))
    use = PartUse("language_model", code.name, code, place)
    use.hits.append(Hit(PROBABILITY, place, RULE, Role.USED, name, view.section_kind(at)))
    kept = [
        (other, min(chance, _SAME) if other.name.startswith(stem) else chance, features)
        for other, chance, features in weighed
    ]
    return sorted([*kept, (use, PROBABILITY, {})], key=lambda item: (item[0].kind, -item[1], item[0].name))


def without_predecessors(view: PaperView, weighed: Weighed) -> Weighed:
    """`weighed` without the multimodal models that the own one is a version of: "Foo" of "Foo-v2" is no part of it."""
    name = own_model_name(view)
    return [
        (use, min(chance, _SAME) if _precedes(use, name) else chance, features) for use, chance, features in weighed
    ]


def _precedes(use: PartUse, own: str) -> bool:
    return use.code is not None and use.code.whole and is_version(own, use.name)


def _language_model(name: str) -> Code | None:
    """The language model that a name is that of, if it is one: no multimodal model, and none that only reads."""
    for mention in load().find(name, name.lower()):
        code = mention.code
        if not mention.start and mention.end == len(name) and code.kind == "language_model":
            return None if code.whole or code.closed or code.reader else code
    return None
