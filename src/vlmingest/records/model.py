"""The record of one paper: its model, architecture, training and data sets, each value with evidence."""

from __future__ import annotations

from typing import Literal

from vlmingest.document import Box, Finding, Frozen
from vlmingest.records.candidates import Candidate, Evidence
from vlmingest.records.paper import Links, Relevance
from vlmingest.records.terms import (
    ArchitectureType,
    Band,
    Component,
    ConnectorType,
    FieldName,
    ObjectiveType,
    Status,
)


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


class Extraction(Frozen):
    """What reading one document gave: the record, all candidates (negative ones too) and findings."""

    record: Record
    candidates: tuple[Candidate, ...] = ()
    findings: tuple[Finding, ...] = ()
