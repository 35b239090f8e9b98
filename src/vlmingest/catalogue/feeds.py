"""BibTeX and Atom: the catalogue for reference managers and feed readers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vlmingest.catalogue.escape import html_text, paper_stem, plain, safe_url
from vlmingest.catalogue.fields import COLUMNS, display_name, in_order
from vlmingest.records import Entry, Record

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_FEED_ENTRIES = 200
_NO_DATE = "1970-01-01"


def tex_text(text: str) -> str:
    """`text` as one line of LaTeX; braces become commands, since BibTeX counts escaped ones too."""
    return "".join(_TEX.get(char, char) for char in plain(text))


def export_bibtex(records: Sequence[Record], entries: Sequence[Entry] = ()) -> bytes:
    """One `@misc` per paper, newest first, keyed by the paper's id; `entries` add nothing yet that a paper lacks."""
    del entries
    return "\n".join(_reference(record) for record in in_order(records)).encode("utf-8")


def _reference(record: Record) -> str:
    paper = record.paper
    fields = {
        "title": "{" + tex_text(paper.title or paper.id) + "}",
        # "and" is BibTeX's separator: braces keep it inside one name
        "author": " and ".join(
            "{" + tex_text(name) + "}" if re.search(r"\band\b|,", name) else tex_text(name) for name in paper.authors
        ),
        "year": (paper.published or "")[:4],
    }
    if paper.arxiv_id:
        fields |= {"eprint": paper.arxiv_id, "archiveprefix": "arXiv", "url": f"https://arxiv.org/abs/{paper.arxiv_id}"}
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    key = re.sub(r"[^A-Za-z0-9.-]", "-", paper_stem(paper.id))
    return f"@misc{{arxiv-{key},\n{body}\n}}\n" if paper.arxiv_id else f"@misc{{{key},\n{body}\n}}\n"


def export_atom(records: Sequence[Record], entries: Sequence[Entry] = (), title: str = "VLM architectures") -> bytes:
    """An Atom feed (RFC 4287) of the newest records; its dates are the papers' own: the same on every machine."""
    del entries
    newest = in_order(records)[:_FEED_ENTRIES]
    updated = max((_instant(record) for record in newest), default=f"{_NO_DATE}T00:00:00Z")
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{html_text(title)}</title>\n<id>urn:vlmingest:catalogue</id>\n<updated>{updated}</updated>\n"
        "<author><name>vlmingest</name></author>\n"
    )
    return (head + "".join(_feed_entry(record) for record in newest) + "</feed>\n").encode("utf-8")


def _instant(record: Record) -> str:
    day = (record.paper.updated or record.paper.published or _NO_DATE)[:10]
    return f"{day if re.fullmatch(r'[0-9]{4}-[0-9]{2}-[0-9]{2}', day) else _NO_DATE}T00:00:00Z"


def _feed_entry(record: Record) -> str:
    paper = record.paper
    facts = [
        f"{COLUMNS[name].label}: {text}"
        for name in ("vision_encoders", "connectors", "language_models")
        if (text := COLUMNS[name].text(record))
    ]
    link = safe_url(f"https://arxiv.org/abs/{paper.arxiv_id}") if paper.arxiv_id else None
    lines = [
        "<entry>",
        f"<title>{html_text(display_name(record))}: {html_text(paper.title)}</title>",
        f"<id>urn:vlmingest:paper:{html_text(paper_stem(paper.id))}</id>",
        f"<updated>{_instant(record)}</updated>",
        f'<link href="{html_text(link)}"/>' if link else "",
        f"<summary>{html_text('. '.join(facts) or 'No field is known yet')}</summary>",
        "</entry>",
    ]
    return "\n".join(line for line in lines if line) + "\n"
