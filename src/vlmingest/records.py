"""The records that move between the stages: frozen, JSON-friendly, in the shapes of the outside contract.

Names and units follow docs/naming.md. Dates are ISO strings (`2024-03-01`), instants UTC ISO strings with seconds.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Literal

from pydantic import Field, JsonValue

from vlmingest.document import Box, Finding, Frozen

SCHEMA_VERSION = 1

ConnectorType = Literal[
    "linear", "mlp", "q-former", "resampler", "cross-attention", "pixel-shuffle", "pooling", "convolution",
    "discrete-tokenizer", "abstractor", "none", "other",
]  # fmt: skip
ArchitectureType = Literal[
    "dual-encoder", "encoder-decoder", "decoder-prefix", "cross-attention", "early-fusion", "unified-generation",
    "fusion-encoder",
]  # fmt: skip
Component = Literal["vision_encoder", "connector", "language_model", "other"]
ObjectiveType = Literal[
    "language-modeling", "contrastive", "sigmoid-contrastive", "image-text-matching", "masked-modeling", "captioning",
    "preference-optimization", "reinforcement-learning", "distillation", "diffusion", "regression", "classification",
    "segmentation",
]  # fmt: skip
Label = Literal["model", "maybe", "no"]
Status = Literal["proposed", "accepted", "corrected"]
Band = Literal["accept", "review"]


class FieldName(StrEnum):
    """Every field that candidates and verdicts speak of; the value is its name in the database and in commands."""

    NAME = "model.name"
    ALIAS = "model.alias"
    SIZE = "model.size"
    ACTIVE_SIZE = "model.active_size"
    CODE = "link.code"
    PROJECT = "link.project"
    WEIGHTS = "link.weights"
    DEMO = "link.demo"
    VISION_ENCODER = "architecture.vision_encoder"
    LANGUAGE_MODEL = "architecture.language_model"
    CONNECTOR = "architecture.connector"
    TYPE = "architecture.type"
    IMAGE_RESOLUTION = "architecture.image_resolution"
    VISUAL_TOKENS = "architecture.visual_tokens"
    FIGURE = "architecture.figure"
    STAGE = "training.stage"
    OBJECTIVE = "training.objective"
    COMPUTE = "training.compute"
    TRAINING_DATASET = "dataset.training"
    EVALUATION_DATASET = "dataset.evaluation"


class Role(StrEnum):
    """What the paper's own model has to do with a mention."""

    USED = "used"
    INITIALISED_FROM = "initialised-from"
    TRAINED_ON = "trained-on"
    EVALUATED_ON = "evaluated-on"
    COMPARED = "compared-with"
    ABLATED = "ablated"
    CITED = "cited"


# --- papers ----------------------------------------------------------------------------------------------------


class Links(Frozen):
    """Links by what they lead to."""

    code: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    demo: tuple[str, ...] = ()


class PaperMetadata(Frozen):
    """What a source says of a paper at one version. `id`: arXiv id without version, `local:<sha>` or `url:<sha>`."""

    id: str
    arxiv_id: str | None = None
    version: int = 1
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    categories: tuple[str, ...] = ()
    published: str | None = None  # date of v1
    updated: str | None = None  # date of this version
    comment: str = ""
    doi: str = ""
    journal_ref: str = ""
    licence: str = ""
    withdrawn: bool = False
    withdrawn_reason: str = ""
    source: str = ""  # which source said so: arxiv-api, folder, ...


class Relevance(Frozen):
    """Is the paper worth reading, with reasons for a person. `score` is 0..1."""

    label: Label
    score: float
    reasons: tuple[str, ...] = ()
    model: str = ""  # which triage weights said so


# --- evidence and candidates -----------------------------------------------------------------------------------


class Evidence(Frozen):
    """The sentence that proves a value: `document.text[start:end] == quote`; `page` is 1-based, None without pages."""

    quote: str
    page: int | None = None
    section: str | None = None
    start: int = 0
    end: int = 0
    reader: str = ""  # rule id and version, or prompt version and model
    source: Literal["pdf", "html", "latex", "abstract", "comment"] = "pdf"


class Candidate(Frozen):
    """One proposed value for one field. `value` is canonical text; what else the field holds is in `attributes`.

    Attributes per field (all optional): vision_encoder {family, params}; language_model {family, sizes};
    connector {detail}; figure {number, page, caption, bbox}; stage {order, name, trainable, frozen, datasets, samples,
    learning_rate, batch_size, epochs, steps, image_resolution}; compute {count, hours}; visual_tokens {}.
    `role` other than used/initialised/trained/evaluated is negative evidence: kept and shown, never settled.
    """

    field: FieldName
    value: str
    role: Role = Role.USED
    attributes: dict[str, JsonValue] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    reader: str = ""
    confidence: float = 0.5
    features: dict[str, float] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        """The value's identity across runs: what a verdict is attached to."""
        return value_key(self.value)


def value_key(value: str) -> str:
    """Fold case, spaces and hyphens: `CLIP ViT-L/14` and `clip vit l/14` are one value."""
    return "".join(ch for ch in value.casefold() if ch.isalnum() or ch in "./+")


class Extraction(Frozen):
    """What reading one document gave: the record, all candidates (negative ones too) and findings."""

    record: Record
    candidates: tuple[Candidate, ...] = ()
    findings: tuple[Finding, ...] = ()


# --- the record ------------------------------------------------------------------------------------------------


class Fact(Frozen):
    """A plain value with its proof: name, sizes, aliases and links."""

    field: FieldName
    value: str
    confidence: float
    status: Status = "proposed"
    band: Band = "review"
    evidence: tuple[Evidence, ...] = ()


class _Valued(Frozen):
    confidence: float = 0.0
    status: Status = "proposed"
    band: Band = "review"
    evidence: tuple[Evidence, ...] = ()


class VisionEncoder(_Valued):
    """An image or video encoder of the proposed model."""

    name: str
    family: str = ""
    params: str | None = None


class LanguageModel(_Valued):
    """A language backbone of the proposed model."""

    name: str
    family: str = ""
    sizes: tuple[str, ...] = ()


class Connector(_Valued):
    """What stands between vision encoder and language backbone."""

    type: ConnectorType
    detail: str = ""


class ArchitectureKind(_Valued):
    """How vision meets language."""

    type: ArchitectureType


class IntegerValue(_Valued):
    """A whole number: pixels of one image side, or visual tokens per image."""

    value: int


class ArchitectureFigure(_Valued):
    """The figure that shows the model."""

    number: str
    page: int | None = None
    caption: str = ""
    bbox: Box | None = None


class Stage(_Valued):
    """One training stage, in order from 1."""

    order: int
    name: str = ""
    trainable: tuple[Component, ...] = ()
    frozen: tuple[Component, ...] = ()
    datasets: tuple[str, ...] = ()
    samples: str | None = None
    learning_rate: str | None = None
    batch_size: int | None = None
    epochs: float | None = None
    steps: str | None = None
    image_resolution: int | None = None


class Objective(_Valued):
    """A training objective."""

    type: ObjectiveType


class Compute(_Valued):
    """Accelerators used to train."""

    device: str
    count: int | None = None
    hours: float | None = None


class DatasetUse(_Valued):
    """A data set, and what the model has to do with it."""

    name: str
    role: Literal["training", "evaluation"]


class RecordPaper(Frozen):
    """The paper of a record; links as settled."""

    id: str
    arxiv_id: str | None = None
    version: int = 1
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    categories: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    withdrawn: bool = False
    withdrawn_reason: str = ""
    links: Links = Links()


class ModelIdentity(Frozen):
    """The proposed model's name and sizes; `facts` proves each."""

    name: str | None = None
    aliases: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    active_sizes: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()


class Architecture(Frozen):
    """Parts and kinds."""

    vision_encoders: tuple[VisionEncoder, ...] = ()
    language_models: tuple[LanguageModel, ...] = ()
    connectors: tuple[Connector, ...] = ()
    types: tuple[ArchitectureKind, ...] = ()
    image_resolutions: tuple[IntegerValue, ...] = ()
    visual_tokens: tuple[IntegerValue, ...] = ()
    figure: ArchitectureFigure | None = None


class Training(Frozen):
    """How it was trained."""

    stages: tuple[Stage, ...] = ()
    objectives: tuple[Objective, ...] = ()
    compute: tuple[Compute, ...] = ()


class Datasets(Frozen):
    """What it was trained and evaluated on."""

    training: tuple[DatasetUse, ...] = ()
    evaluation: tuple[DatasetUse, ...] = ()


class Record(Frozen):
    """What `settle` makes of one paper: the RECORD of the outside contract."""

    paper: RecordPaper
    relevance: Relevance
    model: ModelIdentity = ModelIdentity()
    architecture: Architecture = Architecture()
    training: Training = Training()
    datasets: Datasets = Datasets()


# --- the human layer -------------------------------------------------------------------------------------------

Action = Literal["accept", "correct", "reject", "defer", "duplicate", "add"]


class Verdict(Frozen):
    """What a person decided; append-only. `key` names the machine value (see `value_key`), `value` the corrected one.

    `add` states a value no machine proposed (`key` is then the key of `value`). `duplicate`: `value` is the other
    paper. A whole-paper verdict has `field` None. A later verdict on the same (paper, field, key) wins; `undone` ones
    do not count.
    """

    paper: str
    field: FieldName | None
    key: str
    action: Action
    value: JsonValue = None
    by: str = ""
    at: str = ""
    note: str = ""
    evidence: tuple[Evidence, ...] = ()
    undone: bool = False


class Reason(StrEnum):
    """Why a person should look."""

    LOW_CONFIDENCE = "low-confidence"
    READERS_DISAGREE = "readers-disagree"
    VALUE_CHANGED = "value-changed"
    NEW_NAME = "new-name"
    NEW_ENTRY = "new-entry"
    NEW_FAMILY = "new-family"
    WITHDRAWN = "withdrawn"
    MISSING_FIELD = "missing-field"
    UNREADABLE = "unreadable"
    WRONG_DOCUMENT = "wrong-document"
    VERDICT_CONFLICT = "verdict-conflict"
    INJECTION = "suspicious-text"
    POSSIBLE_DUPLICATE = "possible-duplicate"
    EDIT_CONFLICT = "edit-conflict"
    TRIAGE_SAMPLE = "triage-sample"


class ReviewItem(Frozen):
    """One question for a person. `priority` is the expected value of answering it; higher comes first."""

    id: str
    paper: str
    field: FieldName | None
    key: str
    value: str
    reason: Reason
    message: str
    priority: float = 0.0
    confidence: float | None = None
    evidence: tuple[Evidence, ...] = ()
    previous: str | None = None
    previous_evidence: tuple[Evidence, ...] = ()

    @staticmethod
    def make_id(paper: str, field: str | None, key: str, reason: str) -> str:
        """The same question has the same id in every run."""
        return digest([paper, field, key, reason])[:12]


class Settled(Frozen):
    """A record and what is left to ask."""

    record: Record
    review_items: tuple[ReviewItem, ...] = ()


# --- runs ------------------------------------------------------------------------------------------------------


class StageCounts(Frozen):
    """Papers through one stage: `entered == done + sum(skipped) + sum(failed)`, or the run fails."""

    entered: int = 0
    done: int = 0
    skipped: dict[str, int] = Field(default_factory=dict)
    failed: dict[str, int] = Field(default_factory=dict)

    @property
    def balances(self) -> bool:
        """Nothing got lost on the way."""
        return self.entered == self.done + sum(self.skipped.values()) + sum(self.failed.values())


class Run(Frozen):
    """One execution: versions, counts, outcome."""

    id: int
    kind: str
    started_at: str
    finished_at: str | None = None
    status: Literal["running", "done", "degraded", "failed", "interrupted"] = "running"
    since: str | None = None
    until: str | None = None
    counts: dict[str, StageCounts] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


# --- the published list ----------------------------------------------------------------------------------------


class Released(Frozen):
    """A release date with its basis and source."""

    date: str
    basis: Literal["arXiv v1", "official release", "report", "list"]
    source: str = ""


class EntryLink(Frozen):
    """A badge of a panel."""

    label: str
    url: str


class EntryFigure(Frozen):
    """The figure of a panel."""

    number: str | None = None
    page: int | None = None
    file: str | None = None
    caption: str = ""
    bbox: Box | None = None
    licence: str = ""


class Entry(Frozen):
    """One panel of the list: an architecture family with 0..n papers."""

    name: str
    title: str = ""
    summary: str = ""
    authors: str = ""
    released: Released | None = None
    papers: tuple[str, ...] = ()
    links: tuple[EntryLink, ...] = ()
    figure: EntryFigure | None = None
    status: Literal["published", "proposed"] = "proposed"


class Export(Frozen):
    """What `export json` writes."""

    schema_version: int = SCHEMA_VERSION
    generated_by: str = ""
    records: tuple[Record, ...] = ()
    entries: tuple[Entry, ...] = ()


# --- hashing ---------------------------------------------------------------------------------------------------


def canonical_json(value: JsonValue | Frozen) -> str:
    """The one JSON text of a value: sorted keys, no spaces, UTF-8 letters as they are."""
    data = value.model_dump(mode="json") if isinstance(value, Frozen) else value
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: JsonValue | Frozen) -> str:
    """sha256 over `canonical_json`, in hex."""
    return hashlib.sha256(canonical_json(value).encode("utf-8", "surrogatepass")).hexdigest()


Extraction.model_rebuild()
