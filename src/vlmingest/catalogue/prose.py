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
from vlmingest.catalogue.quoting import best_quotes, introduction, is_whole_sentence, of_design
from vlmingest.document import Frozen
from vlmingest.records import Evidence, FieldName, Record, Stage

Part = Literal["summary", "architecture", "training", "data"]
PARTS: tuple[Part, ...] = ("summary", "architecture", "training", "data")
ABSTRACT, TITLE = "paper.abstract", "paper.title"  # of the paper itself: no fields, but sources of words
_MOST_NAMES = 12


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
    summary = list(_summary(known, record))
    sentences = [*summary, *_architecture(known, record, said=[one.text for one in summary])]
    sentences += _training(known, record, said=[one.text for one in sentences])
    sentences += _data(known, record)
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
    """The parts and what joins them; without them the authors' introduction, the kind of design, or the title."""
    encoders, models = known[FieldName.VISION_ENCODER][:3], known[FieldName.LANGUAGE_MODEL][:3]
    connectors, types = known[FieldName.CONNECTOR][:2], known[FieldName.TYPE][:1]
    name = _clause("", FieldName.NAME, known[FieldName.NAME])
    clauses = []
    if encoders and models:
        clauses = [
            _clause("connects", FieldName.VISION_ENCODER, encoders),
            _clause("to", FieldName.LANGUAGE_MODEL, models),
        ]
    elif models:
        lead = "couples its visual input to" if connectors else "builds on"
        clauses = [_clause(lead, FieldName.LANGUAGE_MODEL, models)]
    elif encoders:
        clauses = [_clause("sees with", FieldName.VISION_ENCODER, encoders)]
    if clauses and connectors:
        clauses.append(_phrases("connector", FieldName.CONNECTOR, connectors))
    quote = "" if clauses else introduction(record.paper.abstract, record.model.name or "", boast_in)
    if clauses:
        yield Sentence(part="summary", clauses=(name, *clauses))
    elif quote:
        yield Sentence(part="summary", clauses=(_quotation("The authors write:", ABSTRACT, quote, ()),))
    elif types:
        yield Sentence(part="summary", clauses=(name, _phrases("type", FieldName.TYPE, types, lead="uses")))
    elif record.paper.title and boast_in(record.paper.title) is None:
        title = _quotation("The authors' own title for it is", TITLE, plain(record.paper.title), ())
        yield Sentence(part="summary", clauses=(title,))


def _architecture(known: Mapping[str, list[Known]], record: Record, said: Sequence[str]) -> Iterable[Sentence]:
    parts = _parts(known)
    if parts:
        name = _clause("", FieldName.NAME, known[FieldName.NAME])
        bold = name.model_copy(update={"text": f"**{name.text}**"})
        yield Sentence(part="architecture", clauses=(bold, *parts))
    if known[FieldName.TYPE]:
        kinds = _phrases("type", FieldName.TYPE, known[FieldName.TYPE], "The design rests on")
        yield Sentence(part="architecture", clauses=(kinds,))
    sight = []
    if known[FieldName.IMAGE_RESOLUTION]:
        sides = _ascending(known[FieldName.IMAGE_RESOLUTION])
        sight.append(_clause("Images enter at", FieldName.IMAGE_RESOLUTION, sides, "pixels a side"))
    if known[FieldName.VISUAL_TOKENS]:
        lead = "and become" if sight else "An image becomes"
        sight.append(
            _clause(lead, FieldName.VISUAL_TOKENS, _ascending(known[FieldName.VISUAL_TOKENS]), "visual tokens")
        )
    if sight:
        yield Sentence(part="architecture", clauses=tuple(sight))
    if known[FieldName.SIZE]:
        sizes = _ascending(known[FieldName.SIZE])
        lead = "The paper states a size of" if len(sizes) == 1 else "The paper states sizes of"
        yield Sentence(part="architecture", clauses=(_clause(lead, FieldName.SIZE, sizes, "parameters"),))
    fields = (FieldName.CONNECTOR, FieldName.VISION_ENCODER, FieldName.LANGUAGE_MODEL, FieldName.TYPE)
    quoted = list(_quoted("architecture", known, fields, said))
    yield from quoted
    telling = "" if quoted else of_design(record.paper.abstract, record.model.name or "", boast_in)
    if telling:
        yield Sentence(part="architecture", clauses=(_quotation("In the authors' words:", ABSTRACT, telling, ()),))


def _parts(known: Mapping[str, list[Known]]) -> list[Clause]:
    """Encoders, backbones, and what joins them, as the rest of a sentence."""
    encoders, models = known[FieldName.VISION_ENCODER], known[FieldName.LANGUAGE_MODEL]
    clauses = []
    if encoders:
        tail = "as vision encoder" + "s" * (len(encoders) > 1)
        clauses.append(_clause("takes", FieldName.VISION_ENCODER, encoders, tail))
    if models:
        tail = "as language backbone" + "s" * (len(models) > 1)
        clauses.append(_clause("and" if clauses else "takes", FieldName.LANGUAGE_MODEL, models, tail))
    if known[FieldName.CONNECTOR]:
        leads = ("joins the modalities", ", whose output goes on" if encoders else ", fed", ", joined")
        clauses.append(_phrases("connector", FieldName.CONNECTOR, known[FieldName.CONNECTOR], leads[len(clauses)]))
    return clauses


_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*([KMBT]?)", re.IGNORECASE)


def _ascending(known: Sequence[Known]) -> list[Known]:
    """Sizes and counts from small to large; what is no quantity comes last, in its order."""

    def quantity(one: Known) -> float:
        match = _QUANTITY.search(one.value)
        return float(match[1]) * 1000 ** " KMBT".index(match[2].upper() or " ") if match else float("inf")

    return sorted(known, key=quantity)


def _training(known: Mapping[str, list[Known]], record: Record, said: Sequence[str]) -> Iterable[Sentence]:
    for stage in record.training.stages:
        text = _stage(stage) if is_sure(stage) else ""
        if text:
            values = tuple(stage_values(stage))
            clause = Clause(text=text, fields=(FieldName.STAGE.value,), values=values, evidence=stage.evidence)
            yield Sentence(part="training", clauses=(clause,))
    if known[FieldName.OBJECTIVE]:
        clause = _phrases(
            "objective", FieldName.OBJECTIVE, known[FieldName.OBJECTIVE], lead="The training objectives include"
        )
        yield Sentence(part="training", clauses=(clause,))
    yield from _quoted("training", known, (FieldName.STAGE,), said)


def _stage(stage: Stage) -> str:
    """`Stage 1 (alignment) trains the connector on CC3M (595K samples), with the vision encoder frozen`; "" if empty."""
    words = load_words().phrases["component"]
    data = joined([inline(name) for name in stage.datasets[:_MOST_NAMES]])
    data += f" ({inline(stage.samples)} samples)" if data and stage.samples else ""
    frozen = joined([words[part] for part in stage.frozen])
    head = f"Stage {stage.order}" + (f" ({inline(stage.name)})" if stage.name else "")
    if stage.trainable:
        text = f"{head} trains {joined([words[part] for part in stage.trainable])}"
        return text + (f" on {data}" if data else "") + (f", with {frozen} frozen" if frozen else "")
    if frozen:
        return f"{head} keeps {frozen} frozen" + (f" and uses {data}" if data else "")
    return f"{head} uses {data}" if data else ""


def _data(known: Mapping[str, list[Known]], record: Record) -> Iterable[Sentence]:
    """The training sets that no sentence on a stage has named."""
    named = {name for stage in record.training.stages if is_sure(stage) for name in stage.datasets[:_MOST_NAMES]}
    names = [one for one in known[FieldName.TRAINING_DATASET] if one.value not in named]
    if names:
        lead = "The authors also name" if named else "The authors name"
        yield Sentence(part="data", clauses=(_clause(lead, FieldName.TRAINING_DATASET, names, "as training data"),))


def _quoted(
    part: Part, known: Mapping[str, list[Known]], fields: Sequence[FieldName], said: Sequence[str]
) -> Iterable[Sentence]:
    """At most one sentence of the paper: the best of the first field that has one, and that was not quoted before."""
    for field in fields:
        proofs = {plain(proof.quote): proof for one in known[field] for proof in reversed(one.evidence)}
        fit = [quote for one in known[field] for quote in (plain(proof.quote) for proof in one.evidence)]
        for quote in best_quotes(dict.fromkeys(quote for quote in fit if is_quotable(quote))):
            if not any(inline(quote) in text for text in said):
                clause = _quotation("In the authors' words:", field.value, quote, (proofs[quote],))
                yield Sentence(part=part, clauses=(clause,))
                return


def _quotation(lead: str, field: str, quote: str, evidence: tuple[Evidence, ...]) -> Clause:
    text = f"{lead} “{inline(quote)}”"
    return Clause(text=text, fields=(field,), quote=quote, evidence=evidence)


def is_quotable(quote: str) -> bool:
    """A whole, plain sentence without praise."""
    return is_whole_sentence(quote) and boast_in(quote) is None
