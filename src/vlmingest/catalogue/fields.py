"""The columns that tables, CSV and the site show of a record: one name, one label, one plain-text value each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from vlmingest.errors import UsageError
from vlmingest.records import DatasetUse, Evidence, Record, RecordPaper, Stage


class Column(NamedTuple):
    """`values` gives what the column holds, in the record's order; shown joined by `; `."""

    name: str
    label: str
    values: Callable[[Record], Sequence[str]]
    evidence: Callable[[Record], Sequence[Evidence]] = lambda _: ()

    def text(self, record: Record) -> str:
        """The values as one plain line."""
        return "; ".join(value for value in self.values(record) if value)


def _some(value: str | None) -> list[str]:
    return [value] if value else []


def _proofs(items: Iterable[object]) -> list[Evidence]:
    return [proof for item in items for proof in getattr(item, "evidence", ())]


def with_detail(name: str, *details: str | None) -> str:
    """`name (detail, detail)` without the empty ones."""
    kept = [detail for detail in details if detail]
    return f"{name} ({', '.join(kept)})" if kept else name


def stage_text(stage: Stage) -> str:
    """One training stage in a line: `1 alignment: trains connector; on CC3M (595K)`."""
    parts = []
    if stage.trainable:
        parts.append("trains " + ", ".join(part.replace("_", " ") for part in stage.trainable))
    if stage.datasets:
        parts.append("on " + with_detail(", ".join(stage.datasets), stage.samples))
    head = f"{stage.order} {stage.name}".strip()
    return f"{head}: {', '.join(parts)}" if parts else head


def _datasets(uses: Iterable[DatasetUse]) -> list[str]:
    return [use.name for use in uses]


def display_name(record: Record) -> str:
    """The model's name, else the paper's title, else its id."""
    return record.model.name or record.paper.title or record.paper.id


_COLUMNS = (
    Column("id", "Paper", lambda r: [r.paper.id]),
    Column("name", "Model", lambda r: [display_name(r)], lambda r: _proofs(r.model.facts)),
    Column("title", "Title", lambda r: [r.paper.title]),
    Column("authors", "Authors", lambda r: r.paper.authors),
    Column("published", "Published", lambda r: _some(r.paper.published)),
    Column("version", "Version", lambda r: [str(r.paper.version)]),
    Column("withdrawn", "Withdrawn", lambda r: ["yes" if r.paper.withdrawn else ""]),
    Column("relevance", "Relevance", lambda r: [r.relevance.label]),
    Column("sizes", "Sizes", lambda r: r.model.sizes),
    Column("active_sizes", "Active sizes", lambda r: r.model.active_sizes),
    Column(
        "vision_encoders",
        "Vision encoder",
        lambda r: [with_detail(e.name, e.params) for e in r.architecture.vision_encoders],
        lambda r: _proofs(r.architecture.vision_encoders),
    ),
    Column(
        "language_models",
        "Language backbone",
        lambda r: [with_detail(m.name, *m.sizes) for m in r.architecture.language_models],
        lambda r: _proofs(r.architecture.language_models),
    ),
    Column(
        "connectors",
        "Connector",
        lambda r: [c.type for c in r.architecture.connectors],
        lambda r: _proofs(r.architecture.connectors),
    ),
    Column("types", "Kind", lambda r: [t.type for t in r.architecture.types], lambda r: _proofs(r.architecture.types)),
    Column(
        "image_resolutions",
        "Image resolution (px)",
        lambda r: [str(v.value) for v in r.architecture.image_resolutions],
        lambda r: _proofs(r.architecture.image_resolutions),
    ),
    Column(
        "visual_tokens",
        "Visual tokens",
        lambda r: [str(v.value) for v in r.architecture.visual_tokens],
        lambda r: _proofs(r.architecture.visual_tokens),
    ),
    Column(
        "stages",
        "Training stages",
        lambda r: [stage_text(stage) for stage in r.training.stages],
        lambda r: _proofs(r.training.stages),
    ),
    Column(
        "objectives",
        "Objectives",
        lambda r: [o.type for o in r.training.objectives],
        lambda r: _proofs(r.training.objectives),
    ),
    Column(
        "compute",
        "Compute",
        lambda r: [
            " x ".join([*([str(c.count)] if c.count else []), c.device]) + (f", {c.hours:g} h" if c.hours else "")
            for c in r.training.compute
        ],
        lambda r: _proofs(r.training.compute),
    ),
    Column(
        "training_datasets",
        "Training data",
        lambda r: _datasets(r.datasets.training),
        lambda r: _proofs(r.datasets.training),
    ),
    Column(
        "evaluation_datasets",
        "Evaluation data",
        lambda r: _datasets(r.datasets.evaluation),
        lambda r: _proofs(r.datasets.evaluation),
    ),
    Column("code", "Code", lambda r: r.paper.links.code),
    Column("project", "Project", lambda r: r.paper.links.project),
    Column("weights", "Weights", lambda r: r.paper.links.weights),
    Column("demo", "Demo", lambda r: r.paper.links.demo),
)
COLUMNS: Mapping[str, Column] = MappingProxyType({column.name: column for column in _COLUMNS})
COMPARISON = (
    "name",
    "published",
    "sizes",
    "vision_encoders",
    "connectors",
    "language_models",
    "image_resolutions",
    "types",
)


def columns_named(names: Iterable[str]) -> list[Column]:
    """The columns of these names, in this order; raises UsageError for an unknown one."""
    found = []
    for name in names:
        if name not in COLUMNS:
            raise UsageError(f"there is no column {name!r}; choose from {', '.join(COLUMNS)}")
        found.append(COLUMNS[name])
    return found


_ARXIV_MONTH = re.compile(r"(\d{2})(0[1-9]|1[0-2])\.\d{4,6}")


def first_seen(paper: RecordPaper) -> str:
    """The day of the first version; where nobody told it, the month that the arXiv id proves (`2304.08485`: 2023-04); or ""."""
    match = _ARXIV_MONTH.fullmatch(paper.arxiv_id or "")
    return paper.published or (f"20{match[1]}-{match[2]}" if match else "")


def in_order(records: Iterable[Record]) -> list[Record]:
    """Newest first, then by id: the one order of every export."""
    by_id = sorted(records, key=lambda record: record.paper.id)
    return sorted(by_id, key=lambda record: first_seen(record.paper), reverse=True)
