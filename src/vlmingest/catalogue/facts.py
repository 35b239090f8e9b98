"""What a record says, as lines to show: one label, one text, how sure it is and the sentences that prove it.

Markdown pages and the static site show the same lines in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from vlmingest.catalogue.fields import COLUMNS, stage_text, with_detail
from vlmingest.records import ArchitectureFigure, Band, Compute, Evidence, Record, Status


class Line(NamedTuple):
    """One value of a record. `confidence` is 0..1; `evidence` may be empty where only metadata says it."""

    label: str
    text: str
    status: Status = "proposed"
    band: Band = "review"
    confidence: float = 0.0
    evidence: tuple[Evidence, ...] = ()


class Part(NamedTuple):
    """A heading with its lines; never empty."""

    heading: str
    lines: tuple[Line, ...]


class _Proved(Protocol):
    @property
    def status(self) -> Status: ...
    @property
    def band(self) -> Band: ...
    @property
    def confidence(self) -> float: ...
    @property
    def evidence(self) -> tuple[Evidence, ...]: ...


def parts_of(record: Record) -> list[Part]:
    """Model, architecture, training and data of a record; a part without lines is left out."""
    found = (
        Part("Model", tuple(_model(record))),
        Part("Architecture", tuple(_architecture(record))),
        Part("Training", tuple(_training(record))),
        Part("Data", tuple(_data(record))),
    )
    return [part for part in found if part.lines]


def status_text(line: Line) -> str:
    """Who vouches for a value, in words."""
    if line.status == "accepted":
        return "accepted by a reviewer"
    if line.status == "corrected":
        return "corrected by a reviewer"
    return "proposed, high confidence" if line.band == "accept" else "proposed, waits for review"


def place_text(proof: Evidence) -> str:
    """Where a quote stands: `page 4, 3.1 Model, pdf`."""
    parts = (f"page {proof.page}" if proof.page else "", proof.section or "", proof.source)
    return ", ".join(part for part in parts if part)


def compute_text(compute: Compute) -> str:
    """`8 x A100, 12 hours`."""
    devices = (f"{compute.count} x " if compute.count else "") + compute.device
    return devices + (f", {compute.hours:g} hours" if compute.hours else "")


def figure_text(figure: ArchitectureFigure) -> str:
    """`Figure 2: The caption. (PDF page 3)`."""
    page = f" (PDF page {figure.page})" if figure.page else ""
    named = figure.caption.lower().startswith("fig")
    return (figure.caption if named else f"Figure {figure.number}: {figure.caption}") + page


def _line(label: str, text: str, value: _Proved) -> Line:
    return Line(label, text, value.status, value.band, value.confidence, value.evidence)


def _model(record: Record) -> Iterable[Line]:
    facts = [fact for fact in record.model.facts if not fact.field.startswith("link.")]
    for fact in facts:
        yield _line(fact.field.split(".")[1].replace("_", " ").capitalize(), fact.value, fact)
    if not facts:
        for name in ("sizes", "active_sizes"):
            if text := COLUMNS[name].text(record):
                yield Line(COLUMNS[name].label, text)


def _architecture(record: Record) -> Iterable[Line]:
    parts = record.architecture
    for encoder in parts.vision_encoders:
        yield _line("Vision encoder", with_detail(encoder.name, encoder.params), encoder)
    for connector in parts.connectors:
        yield _line("Connector", with_detail(connector.type, connector.detail), connector)
    for model in parts.language_models:
        yield _line("Language backbone", with_detail(model.name, *model.sizes), model)
    for kind in parts.types:
        yield _line("Kind", kind.type, kind)
    for pixels in parts.image_resolutions:
        yield _line("Image resolution", f"{pixels.value} px", pixels)
    for tokens in parts.visual_tokens:
        yield _line("Visual tokens per image", str(tokens.value), tokens)
    if parts.figure:
        # the caption is the evidence of the choice: said once
        yield _line("Architecture figure", figure_text(parts.figure), parts.figure)._replace(evidence=())


def _training(record: Record) -> Iterable[Line]:
    for stage in record.training.stages:
        yield _line("Stage", stage_text(stage), stage)
    for objective in record.training.objectives:
        yield _line("Objective", objective.type, objective)
    for compute in record.training.compute:
        yield _line("Compute", compute_text(compute), compute)


def _data(record: Record) -> Sequence[Line]:
    trained = [_line("Trained on", use.name, use) for use in record.datasets.training]
    return trained + [_line("Evaluated on", use.name, use) for use in record.datasets.evaluation]
