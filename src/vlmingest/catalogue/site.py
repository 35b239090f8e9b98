"""The static site: one folder, no server, no script, no outside request.

A catalogue page with the comparison table, and a page per model with its quoted evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

from vlmingest.catalogue.escape import html_text, paper_stem, safe_url
from vlmingest.catalogue.fields import COLUMNS, COMPARISON, columns_named, display_name, in_order
from vlmingest.records import Entry, Record

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
_STYLE = """:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:0 auto;padding:1rem}
.wide{overflow-x:auto}table{border-collapse:collapse}
th,td{border:1px solid GrayText;padding:.3rem .5rem;text-align:left;vertical-align:top}
blockquote{margin:.3rem 0 .3rem 1rem;border-left:3px solid GrayText;padding-left:.6rem}
"""


def build_site(records: Sequence[Record], entries: Sequence[Entry] = ()) -> dict[str, bytes]:
    """Relative file name -> bytes; the same records give the same bytes. All text is escaped, CSP forbids scripts."""
    ordered = in_order(records)
    pages = {"index.html": _index(ordered, len(entries)), "style.css": _STYLE}
    pages |= {f"models/{paper_stem(record.paper.id)}.html": _model(record) for record in ordered}
    return {name: text.encode("utf-8") for name, text in pages.items()}


def _page(title: str, body: str, root: str = "") -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<title>{html_text(title)}</title><link rel="stylesheet" href="{root}style.css"></head>\n'
        f"<body><main>\n<h1>{html_text(title)}</h1>\n{body}</main></body></html>\n"
    )


def _index(records: Sequence[Record], entry_count: int) -> str:
    columns = columns_named(COMPARISON)
    head = "".join(f'<th scope="col">{html_text(column.label)}</th>' for column in columns)
    rows = []
    for record in records:
        link = f'<a href="models/{paper_stem(record.paper.id)}.html">{html_text(display_name(record))}</a>'
        cells = "".join(f"<td>{html_text(column.text(record))}</td>" for column in columns[1:])
        rows.append(f'<tr><th scope="row">{link}</th>{cells}</tr>\n')
    count = f"<p>{len(records)} papers" + (f", {entry_count} entries of the list" if entry_count else "") + ".</p>\n"
    table = f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{"".join(rows)}</tbody></table></div>\n'
    return _page("Vision-language model architectures", count + table)


def _model(record: Record) -> str:
    paper, parts = record.paper, ['<p><a href="../index.html">All models</a></p>\n']
    if paper.withdrawn:
        parts.append(f"<p><strong>Withdrawn.</strong> {html_text(paper.withdrawn_reason)}</p>\n")
    link = safe_url(f"https://arxiv.org/abs/{paper.arxiv_id}") if paper.arxiv_id else None
    title = html_text(paper.title or paper.id)
    parts.append(f'<p><a href="{html_text(link)}" rel="noopener">{title}</a></p>\n' if link else f"<p>{title}</p>\n")
    for column in COLUMNS.values():
        text = column.text(record)
        if not text or column.name in ("id", "title", "name"):
            continue
        quotes = "".join(
            f"<blockquote>{html_text(proof.quote)} <small>({'page ' + str(proof.page) if proof.page else proof.source})"
            "</small></blockquote>"
            for proof in column.evidence(record)
        )
        shown = f"<details><summary>Evidence</summary>{quotes}</details>" if quotes else ""
        parts.append(f"<h2>{html_text(column.label)}</h2>\n<p>{html_text(text)}</p>{shown}\n")
    return _page(display_name(record), "".join(parts), "../")
