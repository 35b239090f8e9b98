"""arXiv's Atom pages, written as the recorded ones are (element order and namespaces included)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from vlmingest.replica.corpus import Edition

_HEAD = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" '
    'xmlns="http://www.w3.org/2005/Atom">\n'
)


def feed(query: str, start: int, max_results: int, total: int, papers: Sequence[Edition], now: datetime) -> bytes:
    """A page of results; `query` is `search_query=...&id_list=...` as arXiv repeats it."""
    told = f"{query}&start={start}&max_results={max_results}"
    name = base64.b64encode(hashlib.sha1(told.encode(), usedforsecurity=False).digest()).decode().rstrip("=")
    return _document(
        f"https://arxiv.org/api/{name}", f"arXiv Query: {told}", told, max_results, total, start, now,
        "".join(_entry(paper) for paper in papers),
    )  # fmt: skip


def error_feed(message: str, now: datetime) -> bytes:
    """The error form of arXiv: one entry titled "Error", counted as one result."""
    link = f"https://arxiv.org/api/errors#{message.replace(' ', '_')}"
    entry = (
        f"  <entry>\n    <id>{_text(link)}</id>\n    <title>Error</title>\n    <updated>{_utc(now)}</updated>\n"
        f'    <link href={quoteattr(link)} rel="alternate" type="text/html"/>\n'
        f"    <summary>{_text(message)}</summary>\n"
        "    <author>\n      <name>arXiv api core</name>\n    </author>\n  </entry>\n"
    )
    return _document("https://arxiv.org/", "arXiv Search Results", "", 1, 1, 0, now, entry)


def _document(
    name: str, title: str, told: str, per_page: int, total: int, start: int, now: datetime, entries: str
) -> bytes:
    link = f"https://arxiv.org/api/query?{told}"
    linked = f'  <link href={quoteattr(link)} type="application/atom+xml"/>\n' if told else ""
    return (
        f"{_HEAD}  <id>{_text(name)}</id>\n  <title>{_text(title)}</title>\n  <updated>{_utc(now)}</updated>\n{linked}"
        f"  <opensearch:itemsPerPage>{per_page}</opensearch:itemsPerPage>\n"
        f"  <opensearch:totalResults>{total}</opensearch:totalResults>\n"
        f"  <opensearch:startIndex>{start}</opensearch:startIndex>\n{entries}</feed>\n"
    ).encode()


def _entry(paper: Edition) -> str:
    scheme = 'scheme="http://arxiv.org/schemas/atom"'
    lines = [
        f"<id>http://arxiv.org/abs/{paper.name}</id>",
        f"<title>{_text(paper.title)}</title>",
        f"<updated>{_utc(paper.submitted)}</updated>",
        f'<link href="https://arxiv.org/abs/{paper.name}" rel="alternate" type="text/html"/>',
        f'<link href="https://arxiv.org/pdf/{paper.name}" rel="related" type="application/pdf" title="pdf"/>',
        f"<summary>{_text(paper.abstract)}</summary>",
        *(f"<category term={quoteattr(category)} {scheme}/>" for category in paper.categories),
        f"<published>{_utc(paper.published)}</published>",
    ]
    if paper.comment:
        lines.append(f"<arxiv:comment>{_text(paper.comment)}</arxiv:comment>")
    lines.append(f"<arxiv:primary_category term={quoteattr(paper.categories[0])}/>")
    if paper.journal_ref:
        lines.append(f"<arxiv:journal_ref>{_text(paper.journal_ref)}</arxiv:journal_ref>")
    lines += [f"<author>\n      <name>{_text(author)}</name>\n    </author>" for author in paper.authors]
    if paper.doi:
        link = quoteattr(f"https://doi.org/{paper.doi}")
        lines += [f"<arxiv:doi>{_text(paper.doi)}</arxiv:doi>", f'<link rel="related" href={link} title="doi"/>']
    return "  <entry>\n" + "".join(f"    {line}\n" for line in lines) + "  </entry>\n"


def _text(value: str) -> str:
    return escape("".join(ch for ch in value if ch >= " " or ch in "\t\n"))


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
