"""The published catalogue: the list itself, and all that is made from it. Pure: records in, bytes and text out."""

from __future__ import annotations

from vlmingest.catalogue.data import export_json, export_jsonl, json_schema, schema_bytes
from vlmingest.catalogue.feeds import export_atom, export_bibtex
from vlmingest.catalogue.fields import COLUMNS, COMPARISON
from vlmingest.catalogue.lint import ListFinding, lint_list
from vlmingest.catalogue.lists import ImportReport, ListDocument, entries_of, import_report, parse_list, render_list
from vlmingest.catalogue.pages import export_markdown, model_page
from vlmingest.catalogue.site import build_site
from vlmingest.catalogue.tables import chosen, comparison_html, comparison_markdown, comparison_rows, export_csv

__all__ = [
    "COLUMNS",
    "COMPARISON",
    "ImportReport",
    "ListDocument",
    "ListFinding",
    "build_site",
    "chosen",
    "comparison_html",
    "comparison_markdown",
    "comparison_rows",
    "entries_of",
    "export_atom",
    "export_bibtex",
    "export_csv",
    "export_json",
    "export_jsonl",
    "export_markdown",
    "import_report",
    "json_schema",
    "lint_list",
    "model_page",
    "parse_list",
    "render_list",
    "schema_bytes",
]
