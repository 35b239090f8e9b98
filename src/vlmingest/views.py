"""The JSON of `vlmingest read`: a Document in the shape of the outside contract."""

from __future__ import annotations

from typing import Any

from vlmingest.document import Document


def document_json(document: Document) -> dict[str, Any]:
    """Pages, title, authors, stamp, text, sections, references, tables, figures, links, findings."""
    data = document.model_dump(mode="json", exclude={"words", "page_starts", "seams", "blocks"})
    return {
        "source": document.source,
        "sha256": document.sha256,
        "reader": document.reader,
        "steps": data["steps"],
        "pages": data["pages"],
        "title": document.title,
        "authors": data["authors"],
        "stamp": data["stamp"],
        "abstract": document.quote(*document.abstract) if document.abstract else None,
        "text": document.text,
        "sections": data["sections"],
        "references": data["references"],
        "appendix_start": document.appendix_start,
        "tables": data["tables"],
        "figures": data["figures"],
        "links": data["links"],
        "findings": data["findings"],
    }
