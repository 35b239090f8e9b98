"""Markdown pages of the catalogue: one per model with quoted evidence, an index and a comparison table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vlmingest.catalogue.escape import markdown_link, markdown_text, paper_stem
from vlmingest.catalogue.fields import COLUMNS, display_name, in_order, stage_text, with_detail
from vlmingest.catalogue.tables import comparison_markdown
from vlmingest.records import Evidence, Record

_QUOTES_SHOWN = 3  # per value; the data files hold all


def export_markdown(records: Sequence[Record]) -> dict[str, str]:
    """File name -> text: `README.md` (index), `comparison.md`, and `models/<paper id>.md` per record."""
    ordered = in_order(records)
    pages = {"README.md": _index(ordered), "comparison.md": _comparison(ordered)}
    pages.update({f"models/{paper_stem(record.paper.id)}.md": model_page(record) for record in ordered})
    return pages


def _index(records: Sequence[Record]) -> str:
    lines = [
        "# Vision-language model architectures",
        "",
        f"{len(records)} papers, newest first. On the model pages every value is beside the sentence that proves it.",
        "",
        "[Comparison table](comparison.md)",
        "",
    ]
    year = None
    for record in records:
        if (record.paper.published or "")[:4] != year:
            lines += [""] * (year is not None)
            year = (record.paper.published or "")[:4]
            lines += [f"## {year or 'No date'}", ""]
        facts = [COLUMNS[name].text(record) for name in ("vision_encoders", "connectors", "language_models", "sizes")]
        line = f"- [{markdown_text(display_name(record))}](models/{paper_stem(record.paper.id)}.md)"
        known = [markdown_text(fact) for fact in facts if fact]
        lines.append(line + (": " + " · ".join(known) if known else ""))
    return "\n".join(lines).rstrip("\n") + "\n"


def _comparison(records: Sequence[Record]) -> str:
    return "# Comparison\n\n" + comparison_markdown(records)


def model_page(record: Record) -> str:
    """One model: facts, each with its quoted evidence; proposed values are marked as such."""
    paper = record.paper
    lines = [f"# {markdown_text(display_name(record))}", ""]
    if paper.withdrawn:
        lines += [f"**Withdrawn.** {markdown_text(paper.withdrawn_reason or 'No reason was given.')}", ""]
    source = (
        markdown_link(paper.title or paper.id, f"https://arxiv.org/abs/{paper.arxiv_id}")
        if paper.arxiv_id
        else (markdown_text(paper.title or paper.id))
    )
    lines += [f"{source}  ", f"{markdown_text(', '.join(paper.authors)) or 'Authors unknown'}  "]
    lines += [f"Published {paper.published or 'on an unknown date'}, read in version {paper.version}.", ""]
    for label, urls in paper.links:
        lines += [f"- {label.capitalize()}: {markdown_link(url, url)}" for url in urls]
    if any(urls for _, urls in paper.links):
        lines.append("")
    for heading, body in (
        ("Model", _model(record)),
        ("Architecture", _architecture(record)),
        ("Training", _training(record)),
        ("Data", _data(record)),
    ):
        if body:
            lines += [f"## {heading}", "", *body, ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _value(label: str, text: str, status: str, proofs: Iterable[Evidence]) -> list[str]:
    mark = "" if status != "proposed" else " *(proposed)*"
    lines = [f"- **{label}:** {markdown_text(text)}{mark}"]
    for proof in list(proofs)[:_QUOTES_SHOWN]:
        place = ", ".join(
            part for part in (f"page {proof.page}" if proof.page else "", proof.section or "", proof.source) if part
        )
        lines.append(f"  > “{markdown_text(proof.quote)}” ({markdown_text(place)})")
        lines.append("")
    if lines[-1]:
        lines.append("")
    return lines


def _trim(lines: list[str]) -> list[str]:
    return lines[:-1] if lines and not lines[-1] else lines


def _model(record: Record) -> list[str]:
    lines: list[str] = []
    for fact in record.model.facts:
        if not fact.field.startswith("link."):
            label = fact.field.split(".")[1].replace("_", " ").capitalize()
            lines += _value(label, fact.value, fact.status, fact.evidence)
    if not lines:
        for name in ("sizes", "active_sizes"):
            if text := COLUMNS[name].text(record):
                lines.append(f"- **{COLUMNS[name].label}:** {markdown_text(text)}")
    return _trim(lines)


def _architecture(record: Record) -> list[str]:
    parts, lines = record.architecture, list[str]()
    for encoder in parts.vision_encoders:
        lines += _value("Vision encoder", with_detail(encoder.name, encoder.params), encoder.status, encoder.evidence)
    for connector in parts.connectors:
        lines += _value(
            "Connector", with_detail(connector.type, connector.detail), connector.status, connector.evidence
        )
    for model in parts.language_models:
        lines += _value("Language backbone", with_detail(model.name, *model.sizes), model.status, model.evidence)
    for kind in parts.types:
        lines += _value("Kind", kind.type, kind.status, kind.evidence)
    for number in parts.image_resolutions:
        lines += _value("Image resolution", f"{number.value} px", number.status, number.evidence)
    for number in parts.visual_tokens:
        lines += _value("Visual tokens per image", str(number.value), number.status, number.evidence)
    if parts.figure:
        text = f"{parts.figure.number}: {parts.figure.caption}" + (
            f" (PDF page {parts.figure.page})" if parts.figure.page else ""
        )
        lines += _value("Architecture figure", text, parts.figure.status, ())
    return _trim(lines)


def _training(record: Record) -> list[str]:
    lines: list[str] = []
    for stage in record.training.stages:
        lines += _value("Stage", stage_text(stage), stage.status, stage.evidence)
    for objective in record.training.objectives:
        lines += _value("Objective", objective.type, objective.status, objective.evidence)
    for compute in record.training.compute:
        text = (f"{compute.count} x " if compute.count else "") + compute.device
        lines += _value(
            "Compute", text + (f", {compute.hours:g} hours" if compute.hours else ""), compute.status, compute.evidence
        )
    return _trim(lines)


def _data(record: Record) -> list[str]:
    lines: list[str] = []
    for label, uses in (("Trained on", record.datasets.training), ("Evaluated on", record.datasets.evaluation)):
        for use in uses:
            lines += _value(label, use.name, use.status, use.evidence)
    return _trim(lines)
