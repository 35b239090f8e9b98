"""The records that move between the stages: frozen, JSON-friendly, in the shapes of the outside contract.

Names and units follow docs/naming.md. Dates are ISO strings (`2024-03-01`), instants UTC ISO strings with seconds.
"""

from __future__ import annotations

from vlmingest.records.candidates import Candidate, Evidence, value_key
from vlmingest.records.canonical import canonical_json, digest
from vlmingest.records.entries import Entry, EntryFigure, EntryLink, Export, Released
from vlmingest.records.human import Action, Reason, ReviewItem, Settled, Verdict
from vlmingest.records.model import (
    Architecture,
    ArchitectureFigure,
    ArchitectureKind,
    Compute,
    Connector,
    Datasets,
    DatasetUse,
    Extraction,
    Fact,
    IntegerValue,
    LanguageModel,
    ModelIdentity,
    Objective,
    Record,
    RecordPaper,
    Stage,
    Training,
    VisionEncoder,
)
from vlmingest.records.paper import Links, PaperMetadata, Relevance, merged
from vlmingest.records.runs import Run, StageCounts
from vlmingest.records.terms import (
    SCHEMA_VERSION,
    ArchitectureType,
    Band,
    Component,
    ConnectorType,
    FieldName,
    Label,
    ObjectiveType,
    Role,
    Status,
)

__all__ = [
    "SCHEMA_VERSION",
    "Action",
    "Architecture",
    "ArchitectureFigure",
    "ArchitectureKind",
    "ArchitectureType",
    "Band",
    "Candidate",
    "Component",
    "Compute",
    "Connector",
    "ConnectorType",
    "DatasetUse",
    "Datasets",
    "Entry",
    "EntryFigure",
    "EntryLink",
    "Evidence",
    "Export",
    "Extraction",
    "Fact",
    "FieldName",
    "IntegerValue",
    "Label",
    "LanguageModel",
    "Links",
    "ModelIdentity",
    "Objective",
    "ObjectiveType",
    "PaperMetadata",
    "Reason",
    "Record",
    "RecordPaper",
    "Released",
    "Relevance",
    "ReviewItem",
    "Role",
    "Run",
    "Settled",
    "Stage",
    "StageCounts",
    "Status",
    "Training",
    "Verdict",
    "VisionEncoder",
    "canonical_json",
    "digest",
    "merged",
    "value_key",
]
