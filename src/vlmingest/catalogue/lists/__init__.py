"""Markdown lists that people keep by hand: read without loss, grown by entries, merged with edits. Pure."""

from __future__ import annotations

from vlmingest.catalogue.lists.document import ListDocument, Unit, parse_list, render_list
from vlmingest.catalogue.lists.entries import entries_of
from vlmingest.catalogue.lists.report import ImportReport, import_report
from vlmingest.catalogue.lists.segments import Kind, Section, Segment

__all__ = [
    "ImportReport",
    "Kind",
    "ListDocument",
    "Section",
    "Segment",
    "Unit",
    "entries_of",
    "import_report",
    "parse_list",
    "render_list",
]
