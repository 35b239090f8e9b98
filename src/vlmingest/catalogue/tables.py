"""Comparison tables of any columns, as Markdown, HTML and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from vlmingest.catalogue.escape import csv_cell, html_text, markdown_text
from vlmingest.catalogue.fields import COLUMNS, COMPARISON, columns_named, display_name, in_order
from vlmingest.errors import UnknownItemError
from vlmingest.records import Record


def export_csv(records: Sequence[Record], columns: Sequence[str] = tuple(COLUMNS)) -> bytes:
    """One row per record, newest first; several values of a cell are joined by `; `. UTF-8, RFC 4180 quoting, LF.

    A cell that a spreadsheet would run as a formula starts with an apostrophe. Raises UsageError for unknown columns.
    """
    chosen = columns_named(columns)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in chosen])
    writer.writerows([csv_cell(column.text(record)) for column in chosen] for record in in_order(records))
    return out.getvalue().encode("utf-8")


def comparison_markdown(records: Sequence[Record], columns: Sequence[str] = COMPARISON) -> str:
    """A Markdown table (GFM); an empty cell is a dash, so that the table reads well in a terminal too."""
    chosen = columns_named(columns)
    lines = [
        "| " + " | ".join(markdown_text(column.label) for column in chosen) + " |",
        "| " + " | ".join("---" for _ in chosen) + " |",
    ]
    for record in in_order(records):
        cells = (markdown_text(column.text(record)) or "–" for column in chosen)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def comparison_html(records: Sequence[Record], columns: Sequence[str] = COMPARISON, caption: str = "") -> str:
    """An HTML table with header cells that screen readers can use; no script, no style."""
    chosen = columns_named(columns)
    head = "".join(f'<th scope="col">{html_text(column.label)}</th>' for column in chosen)
    rows = []
    for record in in_order(records):
        cells = [html_text(column.text(record)) for column in chosen]
        rows.append(
            f'<tr><th scope="row">{cells[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in cells[1:]) + "</tr>"
        )
    title = f"<caption>{html_text(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody></table>\n"


def comparison_rows(records: Sequence[Record], columns: Sequence[str] = COMPARISON) -> list[dict[str, list[str]]]:
    """Column name -> values, per record, newest first."""
    chosen_columns = columns_named(columns)
    return [{column.name: list(column.values(record)) for column in chosen_columns} for record in in_order(records)]


def chosen(records: Sequence[Record], wanted: Iterable[str]) -> list[Record]:
    """The records of these paper ids or model names (case does not matter); all where none is wanted.

    Raises UnknownItemError for one that no record has.
    """
    names = [name.casefold() for name in wanted]
    known = [{record.paper.id.casefold(), display_name(record).casefold()} for record in records]
    for name in names:
        if not any(name in keys for keys in known):
            raise UnknownItemError("paper or model", name, "see the ids in: vlmingest compare --fields id,name")
    return [record for record, keys in zip(records, known, strict=True) if not names or keys.intersection(names)]
