"""The published catalogue: the list itself, and all that is made from it. Pure: records in, bytes and text out."""

from __future__ import annotations

from vlmingest.catalogue.data import export_json, export_jsonl, json_schema
from vlmingest.catalogue.pages import export_markdown, model_page
from vlmingest.catalogue.tables import comparison_html, comparison_markdown, export_csv

__all__ = [
    "comparison_html",
    "comparison_markdown",
    "export_csv",
    "export_json",
    "export_jsonl",
    "export_markdown",
    "json_schema",
    "model_page",
]
