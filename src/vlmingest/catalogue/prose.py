"""Prose of a panel, drafted from what is known for sure: every clause names its field and the values it states.

Three layers as upstream has them: a summary of one sentence, architecture first; badges and authors (the list's part,
see `lists.panel`); and the folded part in the order architecture, training or alignment, data. Only accepted,
corrected or high-confidence values speak, and sentences of the paper between quotation marks, attributed to its
authors. Nothing is said of benchmarks. `lint_prose` refuses whatever breaks this.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal, NamedTuple

from vlmingest.catalogue.escape import markdown_text, plain
from vlmingest.catalogue.fields import display_name
from vlmingest.document import Frozen
from vlmingest.records import Evidence, FieldName, Record, Stage

Part = Literal["summary", "architecture", "training", "data"]
PARTS: tuple[Part, ...] = ("summary", "architecture", "training", "data")
ABSTRACT, TITLE = "paper.abstract", "paper.title"  # of the paper itself: no fields, but sources of words
_MOST_NAMES = 12
_QUOTE_LENGTH = (40, 320)  # characters: shorter says nothing, longer is a passage


class Clause(Frozen):
    """A part of a sentence. `text` is Markdown; `fields` are what it speaks of, `values` what it states of them."""

    text: str
    fields: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    quote: str = ""  # the paper's own words, verbatim; `text` shows them between quotation marks
    evidence: tuple[Evidence, ...] = ()


class Sentence(Frozen):
    """Clauses in order; together one sentence of one part."""

    part: Part
    clauses: tuple[Clause, ...]

    @property
    def text(self) -> str:
        """The sentence as Markdown."""
        words = " ".join(clause.text for clause in self.clauses).replace(" ,", ",").replace(" ;", ";")
        return words if words.rstrip("”").endswith((".", "!", "?")) else words + "."


class Prose(Frozen):
    """A draft: sentences in the order of PARTS."""

    sentences: tuple[Sentence, ...] = ()

    def text(self, part: Part) -> str:
        """One part as one paragraph of Markdown; "" where nothing is known."""
        return " ".join(sentence.text for sentence in self.sentences if sentence.part == part)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The folded part: architecture, training, data."""
        return tuple(text for part in PARTS[1:] if (text := self.text(part)))


class Boast(NamedTuple):
    """A way of praising results."""

    id: str
    pattern: re.Pattern[str]
    matches: tuple[str, ...]
    rejects: tuple[str, ...]


class Words(NamedTuple):
    """`prose.toml`: phrases for closed vocabularies, and what may not be said."""

    phrases: Mapping[str, Mapping[str, str]]
    boasts: tuple[Boast, ...]


@cache
def load_words() -> Words:
    """Read `prose.toml` once."""
    data = tomllib.loads((resources.files("vlmingest.catalogue") / "prose.toml").read_text(encoding="utf-8"))
    boasts = tuple(
        Boast(row["id"], re.compile(row["pattern"], re.IGNORECASE), tuple(row["matches"]), tuple(row["rejects"]))
        for row in data.pop("boast")
    )
    return Words(MappingProxyType(data), boasts)


def boast_in(text: str) -> str | None:
    """The id of the first rule against boasting that `text` breaks."""
    return next((boast.id for boast in load_words().boasts if boast.pattern.search(text)), None)


# --- what may be said ------------------------------------------------------------------------------------------


class Known(NamedTuple):
    """A value that may be stated, with its proofs."""

    value: str
    evidence: tuple[Evidence, ...] = ()


def is_sure(item: object) -> bool:
    """Accepted or corrected by a person, or of high confidence."""
    return getattr(item, "status", "proposed") != "proposed" or getattr(item, "band", "review") == "accept"


def known_values(record: Record) -> dict[str, list[Known]]:
    """Field -> the values of the record that prose may state."""
    arch, training = record.architecture, record.training
    facts = [fact for fact in record.model.facts if fact.field == FieldName.SIZE]
    stages = [stage for stage in training.stages if is_sure(stage)]
    return {
        FieldName.NAME.value: [Known(display_name(record))],
        FieldName.SIZE.value: _sure((fact.value, fact) for fact in facts),
        FieldName.VISION_ENCODER.value: _sure((one.name, one) for one in arch.vision_encoders),
        FieldName.LANGUAGE_MODEL.value: _sure((one.name, one) for one in arch.language_models),
        FieldName.CONNECTOR.value: _sure((one.type, one) for one in arch.connectors),
        FieldName.TYPE.value: _sure((one.type, one) for one in arch.types),
        FieldName.IMAGE_RESOLUTION.value: _sure((str(one.value), one) for one in arch.image_resolutions),
        FieldName.VISUAL_TOKENS.value: _sure((str(one.value), one) for one in arch.visual_tokens),
        FieldName.OBJECTIVE.value: _sure((one.type, one) for one in training.objectives),
        FieldName.TRAINING_DATASET.value: _sure((one.name, one) for one in record.datasets.training),
        FieldName.STAGE.value: [Known(value, stage.evidence) for stage in stages for value in stage_values(stage)],
        ABSTRACT: [Known(record.paper.abstract)] if record.paper.abstract else [],
        TITLE: [Known(record.paper.title)] if record.paper.title else [],
    }


def _sure(pairs: Iterable[tuple[str, object]]) -> list[Known]:
    return [Known(value, getattr(item, "evidence", ())) for value, item in pairs if is_sure(item)]


def stage_values(stage: Stage) -> list[str]:
    """What a sentence about a stage may state."""
    values = [str(stage.order), stage.name, *stage.trainable, *stage.frozen, *stage.datasets, stage.samples or ""]
    return [value for value in values if value]


# --- drafting --------------------------------------------------------------------------------------------------


def draft_prose(record: Record) -> Prose:
    """The draft of a record; the same record gives the same words."""
    known = known_values(record)
    sentences = [
        *_summary(known, record),
        *_architecture(known),
        *_training(known, record),
        *_data(known),
    ]
    return Prose(sentences=tuple(sentences))


def _clause(lead: str, field: FieldName, known: Sequence[Known], tail: str = "") -> Clause:
    """`lead` + the names + `tail`."""
    names = [inline(one.value) if lead else markdown_text(one.value) for one in known[:_MOST_NAMES]]
    if len(known) > _MOST_NAMES:
        names.append("others")
    text = " ".join(part for part in (lead, joined(names), tail) if part)
    proofs = tuple(proof for one in known[:_MOST_NAMES] for proof in one.evidence)
    return Clause(
        text=text, fields=(field.value,), values=tuple(one.value for one in known[:_MOST_NAMES]), evidence=proofs
    )


def inline(text: str) -> str:
    """`text` as Markdown inside a line, where `1.6B` begins no list."""
    return markdown_text(f"a {text}").removeprefix("a ")


def joined(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B, and C`."""
    if len(names) <= 2:
        return " and ".join(names)
    return ", ".join(names[:-1]) + f", and {names[-1]}"


def _phrases(kind: str, field: FieldName, known: Sequence[Known], lead: str = "", tail: str = "") -> Clause:
    """Values of a closed vocabulary in words."""
    words = load_words().phrases[kind]
    text = " ".join(part for part in (lead, joined([words[one.value] for one in known]), tail) if part)
    proofs = tuple(proof for one in known for proof in one.evidence)
    return Clause(text=text, fields=(field.value,), values=tuple(one.value for one in known), evidence=proofs)


def _summary(known: Mapping[str, list[Known]], record: Record) -> Iterable[Sentence]:
    encoders, models = known[FieldName.VISION_ENCODER][:3], known[FieldName.LANGUAGE_MODEL][:3]
    connectors, types = known[FieldName.CONNECTOR][:2], known[FieldName.TYPE][:1]
    name = _clause("", FieldName.NAME, known[FieldName.NAME])
    clauses = []
    if encoders and models:
        clauses = [
            _clause("connects", FieldName.VISION_ENCODER, encoders),
            _clause("to", FieldName.LANGUAGE_MODEL, models),
        ]
    elif encoders:
        clauses = [_clause("sees with", FieldName.VISION_ENCODER, encoders)]
    elif models:
        lead = "brings images to" if connectors else "builds on"
        clauses = [_clause(lead, FieldName.LANGUAGE_MODEL, models)]
    if clauses and connectors:
        clauses.append(_phrases("connector", FieldName.CONNECTOR, connectors))
    if not clauses and types:
        clauses = [_phrases("type", FieldName.TYPE, types, lead="uses")]
    if clauses:
        yield Sentence(part="summary", clauses=(name, *clauses))
        return
    quote = _abstract_sentence(record)
    if quote:
        yield Sentence(part="summary", clauses=(_quotation("The authors write:", ABSTRACT, quote, ()),))
    elif record.paper.title and boast_in(record.paper.title) is None:
        title = _quotation("is what the authors present in", TITLE, plain(record.paper.title), ())
        yield Sentence(part="summary", clauses=(name, title))


def _architecture(known: Mapping[str, list[Known]]) -> Iterable[Sentence]:
    name = _clause("", FieldName.NAME, known[FieldName.NAME])
    encoders, models = known[FieldName.VISION_ENCODER], known[FieldName.LANGUAGE_MODEL]
    bold = name.model_copy(update={"text": f"**{name.text}**"})
    clauses = []
    if encoders:
        clauses.append(_clause("takes", FieldName.VISION_ENCODER, encoders, "as vision encoder"))
    if models:
        lead = "and" if clauses else "takes"
        clauses.append(_clause(lead, FieldName.LANGUAGE_MODEL, models, "as language backbone"))
    if known[FieldName.CONNECTOR]:
        lead = ("joins", "and joins", ", and joins")[len(clauses)] + " vision to language"
        clauses.append(_phrases("connector", FieldName.CONNECTOR, known[FieldName.CONNECTOR], lead))
    if clauses:
        yield Sentence(part="architecture", clauses=(bold, *clauses))
    if known[FieldName.TYPE]:
        kinds = _phrases("type", FieldName.TYPE, known[FieldName.TYPE], "The design is that of")
        yield Sentence(part="architecture", clauses=(kinds,))
    sight = []
    if known[FieldName.IMAGE_RESOLUTION]:
        sight.append(
            _clause("Images enter at", FieldName.IMAGE_RESOLUTION, known[FieldName.IMAGE_RESOLUTION], "pixels a side")
        )
    if known[FieldName.VISUAL_TOKENS]:
        lead = "and become" if sight else "An image becomes"
        sight.append(_clause(lead, FieldName.VISUAL_TOKENS, known[FieldName.VISUAL_TOKENS], "visual tokens"))
    if sight:
        yield Sentence(part="architecture", clauses=tuple(sight))
    if known[FieldName.SIZE]:
        yield Sentence(
            part="architecture", clauses=(_clause("The paper names sizes of", FieldName.SIZE, known[FieldName.SIZE]),)
        )
    yield from _quoted("architecture", known, (FieldName.CONNECTOR, FieldName.VISION_ENCODER, FieldName.LANGUAGE_MODEL))


def _training(known: Mapping[str, list[Known]], record: Record) -> Iterable[Sentence]:
    words = load_words().phrases["component"]
    for stage in record.training.stages:
        if not is_sure(stage):
            continue
        named = f" ({inline(stage.name)})" if stage.name else ""
        does = []
        if stage.trainable:
            does.append("train " + joined([words[part] for part in stage.trainable]))
        if stage.frozen:
            does.append("keep " + joined([words[part] for part in stage.frozen]) + " frozen")
        on = joined([inline(name) for name in stage.datasets[:_MOST_NAMES]])
        data = (f" on {on}" if on else "") + (f" ({inline(stage.samples)} samples)" if stage.samples and on else "")
        if not does and not data:
            continue
        text = f"In stage {stage.order}{named}, the authors {joined(does) or 'train'}{data}"
        yield Sentence(
            part="training",
            clauses=(
                Clause(
                    text=text,
                    fields=(FieldName.STAGE.value,),
                    values=tuple(stage_values(stage)),
                    evidence=stage.evidence,
                ),
            ),
        )
    if known[FieldName.OBJECTIVE]:
        clause = _phrases(
            "objective", FieldName.OBJECTIVE, known[FieldName.OBJECTIVE], lead="The training objectives include"
        )
        yield Sentence(part="training", clauses=(clause,))
    yield from _quoted("training", known, (FieldName.STAGE,))


def _data(known: Mapping[str, list[Known]]) -> Iterable[Sentence]:
    names = known[FieldName.TRAINING_DATASET]
    if names:
        yield Sentence(
            part="data", clauses=(_clause("The authors name", FieldName.TRAINING_DATASET, names, "as training data"),)
        )


def _quoted(part: Part, known: Mapping[str, list[Known]], fields: Sequence[FieldName]) -> Iterable[Sentence]:
    """At most one sentence of the paper: the first that is whole, plain and does not praise itself."""
    for field in fields:
        for one in known[field]:
            for proof in one.evidence:
                if is_quotable(proof.quote):
                    yield Sentence(
                        part=part, clauses=(_quotation("In the authors' words:", field.value, proof.quote, (proof,)),)
                    )
                    return


def _quotation(lead: str, field: str, quote: str, evidence: tuple[Evidence, ...]) -> Clause:
    text = f"{lead} “{inline(quote)}”"
    return Clause(text=text, fields=(field,), quote=quote, evidence=evidence)


def is_quotable(quote: str) -> bool:
    """A whole sentence of ordinary words: no table row, no formula, no praise, no citation numbers in a heap."""
    text = plain(quote)
    words = re.findall(r"[^\W\d_]{2,}", text)
    return (
        _QUOTE_LENGTH[0] <= len(text) <= _QUOTE_LENGTH[1]
        and text[0].isupper()
        and text.endswith(".")
        and len(words) >= 6
        and sum(map(len, words)) >= 0.6 * len(text)
        and boast_in(text) is None
    )


def _abstract_sentence(record: Record) -> str:
    """The sentence of the abstract that introduces the model."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z])", plain(record.paper.abstract))
    telling = re.compile(r"\b(?:propose|introduce|present|describe|develop)s?\b", re.IGNORECASE)
    return next((one for one in sentences if telling.search(one) and is_quotable(one)), "")
