"""Markdown pages of the catalogue: one per model with quoted evidence, an index and a comparison table."""

from __future__ import annotations

from collections.abc import Sequence

from vlmingest.catalogue.escape import markdown_link, markdown_text, paper_stem
from vlmingest.catalogue.facts import Line, parts_of, place_text
from vlmingest.catalogue.fields import COLUMNS, display_name, first_seen, in_order
from vlmingest.catalogue.tables import comparison_markdown
from vlmingest.records import Record

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
        if first_seen(record.paper)[:4] != year:
            lines += [""] * (year is not None)
            year = first_seen(record.paper)[:4]
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
    name = display_name(record)
    lines = [f"# {markdown_text(name.rstrip(' .,;:!。，；：！') or name)}", ""]
    if paper.withdrawn:
        lines += [f"**Withdrawn.** {markdown_text(paper.withdrawn_reason or 'No reason was given.')}", ""]
    source = (
        markdown_link(paper.title or paper.id, f"https://arxiv.org/abs/{paper.arxiv_id}")
        if paper.arxiv_id
        else (markdown_text(paper.title or paper.id))
    )
    lines += [f"{source}  ", f"{markdown_text(', '.join(paper.authors)) or 'Authors unknown'}  "]
    lines += [f"Published {first_seen(paper) or 'on an unknown date'}, read in version {paper.version}.", ""]
    for label, urls in paper.links:
        lines += [f"- {label.capitalize()}: {markdown_link(url, url)}" for url in urls]
    if any(urls for _, urls in paper.links):
        lines.append("")
    for part in parts_of(record):
        lines += [f"## {part.heading}", ""]
        for line in part.lines:
            lines += _shown(line)
        if lines[-1]:
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _shown(line: Line) -> list[str]:
    mark = " *(proposed)*" if line.status == "proposed" else ""
    lines = [f"- **{markdown_text(line.label)}:** {markdown_text(line.text)}{mark}"]
    for place, proof in enumerate(line.evidence[:_QUOTES_SHOWN]):
        lines += ["  >"] * (place > 0)  # one quotation of several paragraphs: a blank line would part it in two
        lines.append(f"  > “{markdown_text(proof.quote)}” ({markdown_text(place_text(proof))})")
    return [*lines, ""] if line.evidence else lines
