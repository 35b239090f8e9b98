"""Vision encoders and language models of the proposed model: every mention is weighed, the paper as a whole decides.

`read_parts` masks the sentences that name a part (`parts_masks`), gathers what the rows of rules/parts.toml, tables and
figures say of each part (`parts_gather`), and weighs that (`parts_weigh`); the probability is the raw confidence. Parts that
are only compared with, ablated or cited stay as candidates of that role.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from pydantic import JsonValue

from vlmingest.extract.connector_cues import connected, draws, free_of_encoders
from vlmingest.extract.own_model import own_model_name
from vlmingest.extract.parts_bases import credit_bases
from vlmingest.extract.parts_gather import Hit, PartUse, gather, scale_of, without_size
from vlmingest.extract.parts_masks import SEEN_THROUGH
from vlmingest.extract.parts_own import with_own, without_predecessors
from vlmingest.extract.parts_placed import EMPTY_BELOW, placed
from vlmingest.extract.parts_unknown import gather_unknown
from vlmingest.extract.parts_weigh import Said, is_bare, is_coder, is_shared, is_version, weigh
from vlmingest.extract.view import PaperView
from vlmingest.records import Candidate, Role

_MOST_QUOTES = 3
_USED_AT = 0.15
_PERHAPS = 0.25
_SAME = 0.05  # probability of another name for a part that is given already
_SURE_SCALE = 0.55
_SURE_WRITER = 0.45  # probability of a language model beside which a whole multimodal model is only its source
_SURELY = 0.9
_IN_TABLES = "part.table"
_WORTH_A_NAME = 0.3  # strength of a hit from which its name may be given
_WEAK = ("part.beside.v1", "vision_encoder.topic.v1")
_SCALE = re.compile(
    r"(?:(?<=[-/ ])|(?<=ViT))([BLHGgES]|[Bb]ase|[Ll]arge|[Hh]uge|[Gg]iant|[Bb]ig-?G|[Ss][Oo]-?400[Mm]|\d+[MB]|XX?L)(?![A-Za-z])"
)
_LETTER = {"base": "b", "large": "l", "huge": "h", "giant": "g", "so-400m": "so400m"}
_SPECIFIC = re.compile(r"\d|[-/ ](?:[BLHgGe]\b|Large|Base|Huge|[Gg]iant|[Bb]igG)|400[Mm]")


def weighed_parts(view: PaperView) -> list[tuple[PartUse, float, dict[str, float]]]:
    """Every part with its probability and features; made once per paper."""
    found: list[tuple[PartUse, float, dict[str, float]]] | None = view.memo.get("parts.weighed")
    if found is None:
        known = gather(view)
        credit_bases(known, own_model_name(view))
        weighed = weigh(
            [*known.values(), *gather_unknown(view)], Said(free_of_encoders(view), connected(view), draws(view))
        )
        found = view.memo["parts.weighed"] = with_own(
            view, _without_shapes(placed(view, without_predecessors(view, weighed)))
        )
    return found


def _without_bases(
    weighed: list[tuple[PartUse, float, dict[str, float]]],
) -> list[tuple[PartUse, float, dict[str, float]]]:
    """A whole multimodal model beside a language model that is surely used is where that one comes from."""
    weighed = [
        (use, min(probability, _SAME) if _is_short_for(use, weighed) else probability, features)
        for use, probability, features in weighed
    ]
    writer = max(
        (
            probability
            for use, probability, _ in weighed
            if use.kind == "language_model"
            and (use.code is None or not (use.code.whole or use.code.closed or use.code.reader))
        ),
        default=0.0,
    )
    if writer < _SURE_WRITER:
        return weighed
    return [
        (use, min(probability, _SAME) if use.code is not None and use.code.whole else probability, features)
        for use, probability, features in weighed
    ]


def _is_short_for(use: PartUse, weighed: list[tuple[PartUse, float, dict[str, float]]]) -> bool:
    """Whether a language model that only tables give is a later version of it that is surely used: "Foo" of "Foo 2"."""
    if use.kind != "language_model" or not use.hits or any(not hit.rule.startswith(_IN_TABLES) for hit in use.hits):
        return False
    return any(
        probability >= _SURELY and other.kind == use.kind and is_version(other.name, use.name)
        for other, probability, _ in weighed
    )


def _without_shapes(
    weighed: list[tuple[PartUse, float, dict[str, float]]],
) -> list[tuple[PartUse, float, dict[str, float]]]:
    """A bare shape ("the ViT"), or "the encoder of Foo-VL", beside an encoder with a name of its own is that one."""
    named = any(
        probability >= EMPTY_BELOW and use.kind == "vision_encoder" and not _is_nameless(use) and not is_coder(use)
        for use, probability, _ in weighed
    )
    if not named:
        return _seen_through(weighed)
    return [(use, _SAME if _is_nameless(use) else probability, features) for use, probability, features in weighed]


def _seen_through(
    weighed: list[tuple[PartUse, float, dict[str, float]]],
) -> list[tuple[PartUse, float, dict[str, float]]]:
    """Where the encoder of another model is surely used, an encoder that is named beside it is that one."""
    eyes = [
        probability for use, probability, _ in weighed if use.code is not None and use.code.name.endswith(SEEN_THROUGH)
    ]
    named = [
        (probability, use.name)
        for use, probability, _ in weighed
        if use.kind == "vision_encoder" and not _is_nameless(use) and not is_coder(use) and probability >= _PERHAPS
    ]
    if not named or max(eyes, default=0.0) < EMPTY_BELOW:
        return weighed
    best = max(named)[1]
    return [
        (use, max(eyes) if use.name == best else _SAME if _is_nameless(use) else probability, features)
        for use, probability, features in weighed
    ]


def _is_nameless(use: PartUse) -> bool:
    bare = is_bare(use) or not any(_SPECIFIC.search(hit.surface) for hit in use.hits if hit.strength >= _WORTH_A_NAME)
    return (is_shared(use) and bare) or (use.code is not None and use.code.name.endswith(SEEN_THROUGH))


def read_parts(view: PaperView) -> Iterator[Candidate]:
    """Candidates of encoders and language models, one per name and role."""
    for use, probability, features in _without_bases(weighed_parts(view)):
        for name, hits in _names(use):
            yield from _candidate(view, use, name, hits, probability, features)


def _names(use: PartUse) -> Iterator[tuple[str, list[Hit]]]:
    """The names to give for a part, each with the hits that show it: variants of a bare shape are parts of their own."""
    good = sorted(use.hits, key=lambda hit: (-hit.strength, hit.span))
    if not good:
        against = sorted(use.against, key=lambda hit: (-hit.strength, hit.span))
        name = use.surfaces.most_common(1)[0][0] if use.surfaces else use.name
        yield name, against
        return
    strongest = good[0].strength
    by_name: dict[str, list[Hit]] = defaultdict(list)
    for hit in good:
        if hit.strength >= 0.55 * strongest:
            by_name[hit.surface].append(hit)
    if use.code is not None and use.code.shape and use.kind == "vision_encoder":
        variants = {name: hits for name, hits in by_name.items() if _SPECIFIC.search(name)}
        if variants:
            yield from sorted(variants.items())
            return
    if use.kind == "language_model" and use.code is not None and not use.code.sized:
        scales = use.code.seq2seq and len({name for name in by_name if scale_of(name)}) > 1
        if len(use.sizes) > 1 or scales:
            by_name = _merged(by_name, scales)
    if use.kind == "vision_encoder" and len(several := _scales(by_name, strongest)) > 1:
        yield from several.items()
        return
    bare = {name: hits for name, hits in by_name.items() if without_size(name) == name}
    by_name = bare or by_name  # "Foo" rather than "Foo-7B v1.0" where the paper says both
    best = max(by_name, key=lambda name: (_rank(name, by_name[name], strongest), name))
    yield best, by_name[best] + [hit for hit in good if hit.surface != best]


def _scales(by_name: dict[str, list[Hit]], strongest: float) -> dict[str, list[Hit]]:
    """The names of an encoder that is surely there in several scales ("Foo-B/16", "Foo-L/14"), one of each."""
    found: dict[str, str] = {}
    for name in sorted(by_name, key=lambda name: (-_rank(name, by_name[name], strongest), name)):
        scale = _SCALE.search(name)
        sure = max((hit.strength for hit in by_name[name] if hit.rule not in _WEAK), default=0.0)
        if scale is not None and sure >= max(_SURE_SCALE, 0.7 * strongest):
            found.setdefault(_LETTER.get(scale[1].lower(), scale[1].lower()), name)
    return {name: by_name[name] for name in sorted(found.values())}


def _merged(by_name: dict[str, list[Hit]], scales: bool) -> dict[str, list[Hit]]:
    """The names of a language model in several sizes, without them."""
    merged: dict[str, list[Hit]] = defaultdict(list)
    for name, hits in by_name.items():
        merged[without_size(name.removesuffix(scale_of(name)) if scales else name)] += hits
    return {name: sorted(hits, key=lambda hit: (-hit.strength, hit.span)) for name, hits in merged.items()}


def _rank(name: str, hits: list[Hit], strongest: float) -> float:
    return hits[0].strength / strongest + 0.35 * bool(_SPECIFIC.search(name)) + 0.02 * min(len(hits), 5)


def _candidate(
    view: PaperView, use: PartUse, name: str, hits: list[Hit], probability: float, features: dict[str, float]
) -> Iterator[Candidate]:
    role = next((hit.role for hit in hits if hit.role is Role.INITIALISED_FROM), Role.USED) if use.hits else Role.CITED
    if probability < _USED_AT:
        role = use.against[0].role if use.against else Role.CITED
    spans = list(dict.fromkeys(hit.span for hit in hits))[:_MOST_QUOTES] or [use.place]
    rule = hits[0].rule if hits else "part.mention.v1"
    proofs = [view.evidence(start, end, rule) for start, end in spans]
    proofs = [proof for proof in proofs if len(proof.quote.split()) > 1]
    if not proofs or not name:
        return
    attributes: dict[str, JsonValue] = {"family": use.code.family if use.code else ""}
    sizes: list[JsonValue] = list(use.sizes)
    if use.kind == "language_model":
        often: list[JsonValue] = [size for size in use.sizes if use.sizes[size] > 1]
        attributes["sizes"] = often or sizes[:2]
    elif sizes:
        attributes["params"] = sizes[0]
    if use.code is None:
        attributes["new_name"] = True
    yield Candidate(
        field=use.field,
        value=name,
        role=role,
        attributes=attributes,
        evidence=tuple(proofs),
        reader=f"rule:{rule}",
        confidence=round(probability, 3),
        features=features,
    )
