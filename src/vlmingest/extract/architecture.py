"""How the parts of a model fit together: connectors and architecture types from cues, parts and each other.

`decide(cues, parts)` takes the gathered strength of each value (connectors.py) and the probabilities of the model's
encoders and language models (parts.py), adds what speaks for and against a value given the rest ("an encoder, a projector
and an LLM: visual tokens go into the LLM's input"), and gives a confidence and a reason for each.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from vlmingest.extract.parts_bases import is_base
from vlmingest.extract.parts_gather import PartUse
from vlmingest.extract.rules import load_rules
from vlmingest.records import FieldName

PREFIX_CONNECTORS = ("linear", "mlp", "q-former", "resampler", "pixel-shuffle", "pooling", "convolution", "abstractor")
# A connector is a chain: what makes the tokens fewer, then what maps them ("a pixel shuffle, then an MLP"). Values of one
# place of the chain are alternatives to each other, those of different places are not.
_PLACES = {
    "linear": "maps", "mlp": "maps", "q-former": "asks", "resampler": "asks", "abstractor": "asks", "pixel-shuffle": "packs",
    "pooling": "packs", "convolution": "packs", "cross-attention": "attends", "discrete-tokenizer": "codes",
}  # fmt: skip
_BRIDGES = (
    "mlp",
    "q-former",
    "resampler",
    "abstractor",
    "pixel-shuffle",
)  # hardly ever found but before a language model
_ASKS = ("q-former", "resampler", "abstractor")
_CODED_AT = 0.35
_TOGETHER = 1000  # characters of a text that describe one thing
_SOME_KIND = 0.9  # at least this surely a model is of some type
_LEAST_KIND = 0.5  # below this chance of any type nothing is said that could be made surer
_TOLD = 0.14  # all hits of a connector together, which is more than one sentence on something else
_FAINT, _LIKELY, _JOINED = 0.2, 0.45, 0.45  # confidence of the one connector that is told, and what it becomes
_BASE = 0.8  # how surely a base is one, whose own language model stands for it
_GATED = frozenset({"OpenFlamingo", "Flamingo", "Otter"})  # bases whose language layers attend to the image


class Strength(NamedTuple):
    """What sentences say of one value: the strongest hit, all of them together, in how many sentences, in the abstract.

    `told`: the strongest hit of words that name the thing itself; `named`: all of such hits together. `denied`: the paper
    says that its model has no such thing; `spots`: where it is told.
    """

    strongest: float = 0.0
    gathered: float = 0.0
    places: int = 0
    abstract: int = 0
    told: float = 1.0
    named: float = 0.0
    denied: bool = False
    spots: tuple[int, ...] = ()


class Model(NamedTuple):
    """How sure the parts are: each the best probability of its kind."""

    encoder: float  # a vision encoder that is no tokenizer
    coder: float  # an image tokenizer
    decoder: float  # a language model that writes
    reader: float  # one that only encodes text
    seq2seq: float
    whole: float  # a multimodal model as the base
    gated: float  # a base whose language layers attend to the image
    early: float = 0.0  # the paper hardly speaks of large language models: likely of the years before them
    contrasts: float = (
        1.0  # the paper speaks of contrastive learning: towers without it are what is read and then fused
    )


class Verdict(NamedTuple):
    """A value with its confidence, why, and the features behind it."""

    field: FieldName
    value: str
    confidence: float
    reason: str
    features: dict[str, float]


Weights = Mapping[str, Mapping[str, float]]
Cue = Mapping[tuple[FieldName, str], Strength]


def model_of(parts: Sequence[tuple[PartUse, float]], early: float = 0.0, contrasts: float = 1.0) -> Model:
    """The best probability of each kind of part; `early`, `contrasts`: see `Model`."""
    best = dict.fromkeys(Model._fields, 0.0)
    for use, probability in parts:
        code = use.code
        if use.kind == "vision_encoder":
            kinds = ["coder" if code is not None and code.coder else "encoder"]
        elif code is None:
            kinds = ["decoder"]
        elif code.reader:
            kinds = ["reader"]
        elif code.seq2seq:
            kinds = ["seq2seq"]
        elif code.closed:
            kinds = []
        else:
            kinds = ["whole" if code.whole else "decoder"]
            if code.name in _GATED:
                best["gated"] = max(best["gated"], probability, _BASE * is_base(use))
        for kind in kinds:
            best[kind] = max(best[kind], probability)
    return Model(**{**best, "early": early, "contrasts": contrasts})


def decide(cues: Cue, model: Model, study: bool = False, weights: Weights | None = None) -> list[Verdict]:
    """Every value with a cue or with parts that imply it, the surest first within its field.

    `study`: the paper explores designs, so that a weaker connector is likely an option that was tried. `weights`: those of
    the rule file, if none are given.
    """
    weights = load_weights() if weights is None else weights
    connectors = {value: strength for (field, value), strength in cues.items() if field is FieldName.CONNECTOR}
    types = {value: strength for (field, value), strength in cues.items() if field is FieldName.TYPE}
    found = []
    coded = max(model.coder, _makes_images(types)) >= _CODED_AT
    heard = {value: strength for value, strength in connectors.items() if value != "discrete-tokenizer" or coded}
    top = max((strength.gathered for strength in heard.values()), default=0.0)
    writes = max(model.decoder, model.seq2seq, model.whole)
    sure: dict[str, float] = {}
    for value, strength in connectors.items():
        place = _PLACES.get(value)
        best = max((other.gathered for name, other in connectors.items() if _PLACES.get(name) == place), default=0.0)
        features = _plain(strength, best)
        features["lead"] = min(strength.gathered / top, 1.0) if top else 0.0
        features |= _connector_fit(value, connectors, types, model, writes)
        features["hinted"] = max(strength.strongest - strength.told, 0.0)
        features["tried"] = (1.0 - features["share"]) if study else 0.0
        features["denied"] = float(strength.denied)
        features["apart"] = _apart(strength, heard)
        sure[value] = _probability(weights["connector"], features)
        found.append(Verdict(FieldName.CONNECTOR, value, sure[value], "sentences about the model", features))
    found = _one_at_least(found, model, writes)
    sure |= {one.value: one.confidence for one in found}
    top = max((strength.gathered for strength in types.values()), default=0.0)
    kinds: list[Verdict] = []
    implied = {"decoder-prefix"} | ({"early-fusion"} if sure.get("discrete-tokenizer", 0.0) >= _CODED_AT else set())
    for value in sorted({*types, *implied}):
        strength = types.get(value, Strength())
        features = _plain(strength, top)
        features["hinted"] = max(strength.strongest - strength.told, 0.0)
        fit, reason = _type_fit(value, sure, types, model, writes)
        features |= fit
        kinds.append(Verdict(FieldName.TYPE, value, _probability(weights[value], features), reason, features))
    return sorted(
        [*found, *_of_some_kind(kinds)],
        key=lambda one: (one.field.value, -one.confidence, one.value),
    )


def _apart(own: Strength, others: Mapping[str, Strength]) -> float:
    """Whether it is told nowhere near a connector that is told better: the parts of one chain are described together."""
    better = [spot for other in others.values() if other.gathered > own.gathered for spot in other.spots]
    return float(bool(better) and all(abs(one - spot) > _TOGETHER for one in own.spots for spot in better))


def _one_at_least(found: Sequence[Verdict], model: Model, writes: float) -> list[Verdict]:
    """The connectors, given that an encoder and a language model are joined somehow: the one that is told, however faintly."""
    best = max(found, key=lambda one: one.confidence, default=None)
    if best is None or not _FAINT <= best.confidence < _LIKELY or best.value == "discrete-tokenizer":
        return list(found)
    if best.features["gathered"] < _TOLD or min(model.encoder, writes) < _JOINED:
        return list(found)
    return [one._replace(confidence=_LIKELY) if one is best else one for one in found]


def _reads_both(types: Mapping[str, Strength], writes: float) -> float:
    """How surely one encoder reads image and text and no language model writes."""
    return types.get("fusion-encoder", Strength()).gathered * (1.0 - writes)


def _of_some_kind(kinds: Sequence[Verdict]) -> list[Verdict]:
    """The types, given that nearly every model is of one of them: where none is sure, what is likeliest gets likelier."""
    none = math.prod(1.0 - one.confidence for one in kinds)
    more = max(_SOME_KIND / max(1.0 - none, _LEAST_KIND), 1.0)
    return [one._replace(confidence=one.confidence * more) for one in kinds]


def _concatenated(sure: Mapping[str, float], types: Mapping[str, Strength], model: Model) -> float:
    """How surely a text decoder of the model's own has what was seen in its input, and does not attend to it."""
    decoder = types.get("encoder-decoder", Strength())
    hinted = decoder.gathered - decoder.named
    joined = types.get("decoder-prefix", Strength()).strongest
    return joined * hinted * (1.0 - sure.get("cross-attention", 0.0)) * (1.0 - max(model.seq2seq, model.reader))


def _makes_images(types: Mapping[str, Strength]) -> float:
    """How surely the model makes images: one sentence in passing says less than the abstract or two."""
    said = types.get("unified-generation", Strength())
    return said.strongest if said.places > 1 or said.abstract else said.gathered


def _plain(strength: Strength, top: float) -> dict[str, float]:
    share = min(strength.gathered / top, 1.0) if top else 0.0
    return {
        "strongest": strength.strongest,
        "gathered": strength.gathered,
        "share": share**2,
        "places": min(strength.places, 5) / 5,
        "abstract": min(strength.abstract, 2) / 2,
    }


_RIVALS = {
    "linear": ("mlp",),
    "mlp": ("linear",),
    "q-former": ("resampler",),
    "resampler": ("q-former", "abstractor"),
    "pooling": _ASKS,  # "pooled" is also said of what a resampler does
}


def _connector_fit(
    value: str, connectors: Mapping[str, Strength], types: Mapping[str, Strength], model: Model, writes: float
) -> dict[str, float]:
    said = {name: strength.strongest for name, strength in connectors.items()}
    asks = max((said.get(name, 0.0) for name in _ASKS), default=0.0)
    own = connectors[value]
    into = types.get("cross-attention", Strength())
    attends = max(into.gathered, into.strongest)
    fused = max((types[name].gathered for name in ("fusion-encoder", "encoder-decoder") if name in types), default=0.0)
    towers = types.get("dual-encoder", Strength()).gathered * (1.0 - writes) * (1.0 - fused)
    reading = _reads_both(types, writes)
    features = {"borrowed": model.whole * (1.0 - max(model.encoder, model.decoder))}  # a finished model, trained on
    if value in _RIVALS:
        others = [connectors[name] for name in _RIVALS[value] if name in connectors]
        ahead = [(one.strongest - own.strongest, one.gathered - own.gathered) for one in others]
        features["rival"] = max([0.0, *(max(pair) for pair in ahead)])
        # "The projection layer" of a model with an MLP is that MLP.
        features["explained"] = max((one.told for one in others), default=0.0) * (own.strongest > own.told)
    if value == "linear":
        features["after_queries"] = said.get(
            "q-former", 0.0
        )  # what comes out of a Q-Former is mapped by a linear layer
    elif value == "mlp":
        features["after_packing"] = said.get("pixel-shuffle", 0.0)  # what was packed is mapped by an MLP
        # Without a language model that writes, an MLP stands on top of what reads both: it classifies, or predicts boxes.
        features["on_top"] = reading
    elif value == "pooling":  # two towers pool what they read: that joins nothing
        features["towers"] = towers * (1.0 - own.gathered)
    elif value == "resampler":
        crossed = connectors.get("cross-attention", Strength()).gathered
        features["crossed"] = min(crossed, own.gathered) * (1.0 - max(attends, model.gated))
    if value == "cross-attention":
        reads = max(model.reader, reading, types.get("encoder-decoder", Strength()).gathered) * (1.0 - writes)
        features["attends"] = max(attends, model.gated, reads)
        features["attends_not"] = 1.0 - features["attends"]
        # A Q-Former or a resampler attends to the image inside: that alone puts no layers into the language model.
        features["inside"] = asks * features["attends_not"]
        # Two towers alone join nothing; a decoder on top of one may be an aid of the training.
        features["beside_towers"] = towers * (1.0 - reads)
    elif value == "discrete-tokenizer":
        reads = types.get("fusion-encoder", Strength()).gathered
        mixes = max(_makes_images(types), types.get("early-fusion", Strength()).gathered * 0.9 * (1.0 - reads))
        features["coded"] = max(model.coder * (1.0 - reads * (1.0 - writes)), mixes)
        features["coded_not"] = 1.0 - features["coded"]
        # Codes in a model that neither draws nor mixes them with words are what masked patches are predicted as.
        features["as_target"] = model.encoder * (1.0 - mixes)
    else:
        features["two_towers"] = towers
        if value != "linear":  # patches may be mapped by a linear layer where nothing else reads the image
            features["fused"] = types.get("early-fusion", Strength()).gathered * (1.0 - model.encoder)
        features["alone"] = 1.0 - max(writes, model.reader, types.get("decoder-prefix", Strength()).gathered)
    return features


def _type_fit(
    value: str, sure: Mapping[str, float], types: Mapping[str, Strength], model: Model, writes: float
) -> tuple[dict[str, float], str]:
    """What speaks for and against a type beyond its own cues, and the reason in words."""
    prefix = max((sure.get(name, 0.0) for name in PREFIX_CONNECTORS), default=0.0)
    gated = max(types.get("cross-attention", Strength()).gathered, model.gated)
    dual = types.get("dual-encoder", Strength()).gathered
    if value == "decoder-prefix":
        # A text encoder, layers that read both, a decoder of its own: what is told of tokens of both is none of a language model.
        decoder = types.get("encoder-decoder", Strength())
        concatenated = _concatenated(sure, types, model)
        return (
            {"early": model.early, "reads": max(model.reader, types.get("fusion-encoder", Strength()).gathered) * (1.0 - writes), "decodes": decoder.named * (1.0 - max(model.decoder, model.whole)), "concatenated": concatenated, "finished": model.whole * (1.0 - gated), "joined": prefix * max(writes, concatenated, types.get("decoder-prefix", Strength()).gathered), "bridged": max(sure.get(name, 0.0) for name in _BRIDGES) * (1.0 - dual) * (1.0 - gated), "writes": writes, "gated": gated * (1.0 - sure.get("mlp", 0.0)), "towers": dual * (1.0 - writes), "fused": types.get("early-fusion", Strength()).gathered, "encoder_free": types.get("early-fusion", Strength()).gathered * (1.0 - model.encoder)},
            "a connector and a language model: visual tokens stand in its input",
        )  # fmt: skip
    if value == "cross-attention":
        return (
            {"gated": model.gated, "through": sure.get("cross-attention", 0.0) * writes, "resampled": min(sure.get("resampler", 0.0), sure.get("cross-attention", 0.0)), "reads": max(model.reader, types.get("encoder-decoder", Strength()).gathered * (1.0 - writes))},
            "language layers attend to the image",
        )  # fmt: skip
    if value == "dual-encoder":
        return {
            "writes": writes,
            "towers": dual * (1.0 - writes),
            "fused_hint": _reads_both(types, writes)
            * (max(1.0 - model.contrasts, types["dual-encoder"].told < 0.1) if "dual-encoder" in types else 0.0),
        }, "two towers trained contrastively"
    if value == "encoder-decoder":
        return {
            "writes": max(model.decoder, model.whole),
            "seq2seq": model.seq2seq,
            "early": model.early * (1.0 - max(model.decoder, model.whole)),
            "concatenated": _concatenated(sure, types, model),
        }, "a decoder writes from what an encoder read"
    if value == "early-fusion":
        alone = sure.get("discrete-tokenizer", 0.0) * (1.0 - model.encoder)
        return {
            "coded": model.coder,
            "encoder": model.encoder * (1.0 - model.coder),
            "codes_alone": alone,
            "reads": types.get("fusion-encoder", Strength()).gathered * (1.0 - writes),
        }, "image and text tokens share one transformer"
    if value == "unified-generation":
        return {
            "coded": model.coder,
            "codes": sure.get("discrete-tokenizer", 0.0),
        }, "the same model writes text and makes images"
    return {
        "reads": model.reader * (1.0 - writes),
        "writes": writes,
        "early": model.early * (1.0 - writes),
    }, "an encoder over image and text together"


def _probability(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    total = weights.get("constant", 0.0) + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-max(min(total, 30.0), -30.0)))


@cache
def load_weights() -> Weights:
    """Kind (connector, or an architecture type) -> feature -> weight."""
    data = load_rules("architecture_weights").data
    return {kind: {name: float(number) for name, number in table.items()} for kind, table in data.items()}
