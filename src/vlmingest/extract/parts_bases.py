"""What the own model gets from a whole multimodal model that it is built on: the parts that the paper says this one has.

"We fine-tune Foo-VL. Foo-VL couples a Bar encoder to a Baz decoder": what is said of another model, and so speaks against
its parts as a rule, speaks for them where that model is the own one's base.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vlmingest.document import Span
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.own_model import own_model_name
from vlmingest.extract.parts_gather import Hit, Key, PartUse, gather
from vlmingest.extract.parts_masks import Masked, numbers_in
from vlmingest.extract.parts_rows import FOR, part_rows
from vlmingest.extract.parts_weigh import is_version
from vlmingest.extract.view import PaperView

_SUBJECT = 12  # characters before a name that is the subject of its sentence
_SURE = 0.7  # strength of one place, or
_OFTEN, _TIMES = 0.5, 2  # of so many, from which a model is the base
_BASED = ("part.built_on", "part.initialised", "part.trained", "language_model.used_as", "language_model.serves_as", "language_model.as", "language_model.is", "language_model.chosen", "language_model.whole_from", "part.checkpoint", "part.default", "part.frozen")  # fmt: skip
_WEIGHT = {SectionKind.RELATED: 0.8, SectionKind.ABLATION: 0.8, SectionKind.EXPERIMENTS: 0.9}


def credit_bases(uses: Mapping[Key, PartUse], own: str = "") -> None:
    """Add to the parts of the own model's base what the paper says of them; `own`: the name of the own model."""
    for base in [use for use in uses.values() if use.code is not None and use.code.whole and is_base(use, own)]:
        for masked, number in _stands(base):
            _credit(masked, number, uses)


def base_sentences(view: PaperView) -> frozenset[int]:
    """Where the sentences start that say what the own model's base is made of: they speak of the own model, too."""
    found: frozenset[int] | None = view.memo.get("parts.base_sentences")
    if found is None:
        own = own_model_name(view)
        found = view.memo["parts.base_sentences"] = frozenset(
            masked.sentence.start
            for use in gather(view).values()
            if use.code is not None and use.code.whole and is_base(use, own)
            for masked, span, _ in use.stands
            if span.start - masked.sentence.start <= _SUBJECT
        )
    return found


def is_base(use: PartUse, own: str = "") -> bool:
    """Whether the own model is built on it: the paper says so, or by its name it is an earlier version."""
    if is_version(own, use.name):
        return True
    places = {hit.span: 0.0 for hit in use.hits if hit.rule.startswith(_BASED)}
    for hit in use.hits:
        if hit.span in places:
            places[hit.span] = max(places[hit.span], hit.strength)
    often = sum(strength >= _OFTEN for strength in places.values())
    return often >= _TIMES or any(strength >= _SURE for strength in places.values())


def _stands(base: PartUse) -> Iterator[tuple[Masked, int]]:
    """The sentences that name the base beside other parts, and the number of its name there."""
    for masked, span, _ in base.stands:
        if len(masked.names) > 1:
            for number, name in enumerate(masked.names):
                if Span(*name.span) == span:
                    yield masked, number


def _credit(masked: Masked, base: int, uses: Mapping[Key, PartUse]) -> None:
    row = part_rows().base_has
    for match in row.regex.finditer(masked.text):
        first, *rest = numbers_in(match.group(), None)
        if first != base:
            continue
        for number in rest:
            span = Span(*masked.names[number].span)
            for use in uses.values():
                surface = next((named for held, place, named in use.stands if held is masked and place == span), None)
                if surface is None or (use.code is not None and use.code.whole):
                    continue
                use.against = [hit for hit in use.against if hit.span != span]
                if not any(hit.span == span and hit.role in FOR and hit.strength >= row.weight for hit in use.hits):
                    section = masked.sentence.section
                    strength = row.weight * _WEIGHT.get(section, 1.0)
                    use.hits.append(Hit(strength, span, row.id, row.role, surface, section))
