"""BibTeX and Atom: the catalogue for reference managers and feed readers."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vlmingest.catalogue.escape import html_text, paper_stem, plain, safe_url, slug
from vlmingest.catalogue.fields import COLUMNS, display_name, first_seen, in_order
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
    """One `@misc` per paper, newest first, keyed by its id; then the entries of the list that have no paper.

    Keys are unique; a field that nobody knows is left out.
    """
    works = [_paper_fields(record) for record in in_order(records)]
    works += [_entry_fields(entry) for entry in entries if not entry.papers]
    taken: set[str] = set()
    return "\n".join(_reference(key, fields, taken) for key, fields in works).encode("utf-8")


def _reference(key: str, fields: dict[str, str], taken: set[str]) -> str:
    number, unique = 2, key
    while unique.casefold() in taken:
        unique, number = f"{key}-{number}", number + 1
    taken.add(unique.casefold())
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{unique},\n{body}\n}}\n"


def _paper_fields(record: Record) -> tuple[str, dict[str, str]]:
    paper = record.paper
    fields = {
        "title": "{" + tex_text(paper.title or paper.id) + "}",
        "author": " and ".join(_author(name) for name in paper.authors if plain(name)),
        "year": _year(first_seen(paper)),
    }
    key = re.sub(r"[^A-Za-z0-9.-]", "-", paper_stem(paper.id))
    if not paper.arxiv_id:
        return key, fields
    category = {"primaryclass": tex_text(paper.categories[0])} if paper.categories else {}
    where = {
        "eprint": paper.arxiv_id,
        "archiveprefix": "arXiv",
        **category,
        "url": f"https://arxiv.org/abs/{paper.arxiv_id}",
    }
    return f"arxiv-{key}", fields | where


def _author(name: str) -> str:
    """A name as BibTeX wants it: "and" separates names and commas their parts, so braces keep such a name in one."""
    text = tex_text(name)
    return "{" + text + "}" if re.search(r"\band\b|,", name, re.IGNORECASE) else text


def _entry_fields(entry: Entry) -> tuple[str, dict[str, str]]:
    link = next((url for link in entry.links if (url := safe_url(link.url))), "")
    fields = {
        "title": "{" + tex_text(entry.title or entry.name) + "}",
        "author": "{" + tex_text(entry.authors) + "}"
        if plain(entry.authors)
        else "",  # a list says them in its own way
        "year": _year(entry.released.date if entry.released else None),
        "url": re.sub(r"([%#&_])", r"\\\1", link),
    }
    return f"entry-{slug(entry.name)}", fields


def _year(date: str | None) -> str:
    year = (date or "")[:4]
    return year if year.isdigit() else ""


class _Item(NamedTuple):
    """An entry of the feed; `about` names it for good, so that its id never changes."""

    about: str
    title: str
    updated: str
    published: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    link: str | None
    text: str


def export_atom(records: Sequence[Record], entries: Sequence[Entry] = (), title: str = "VLM architectures") -> bytes:
    """An Atom feed (RFC 4287) of the newest records, and of entries without a paper.

    Its dates are those of the papers and releases: the same on every machine.
    """
    items = [_record_item(record) for record in records]
    items += [_entry_item(entry) for entry in entries if not entry.papers]
    items.sort(key=lambda item: item.about)
    items.sort(key=lambda item: item.updated, reverse=True)
    newest = items[:_FEED_ENTRIES]
    updated = max((item.updated for item in newest), default=f"{_NO_DATE}T00:00:00Z")
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{html_text(title)}</title>\n<id>{_urn('catalogue')}</id>\n<updated>{updated}</updated>\n"
        "<author><name>vlmingest</name></author>\n<generator>vlmingest</generator>\n"
    )
    return (head + "".join(_feed_entry(item) for item in newest) + "</feed>\n").encode("utf-8")


def _urn(about: str) -> str:
    """An id that every feed reader takes (RFC 4287 4.2.6 wants an IRI), the same for the same thing for ever."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"vlmingest:{about}").urn


def _instant(date: str | None) -> str:
    day = (date or _NO_DATE)[:10]
    return f"{day if re.fullmatch(r'[0-9]{4}-[0-9]{2}-[0-9]{2}', day) else _NO_DATE}T00:00:00Z"


def _record_item(record: Record) -> _Item:
    paper = record.paper
    facts = [
        f"{COLUMNS[name].label}: {text}"
        for name in ("vision_encoders", "connectors", "language_models", "sizes")
        if (text := COLUMNS[name].text(record))
    ]
    withdrawn = "Withdrawn. " if paper.withdrawn else ""
    return _Item(
        about=f"paper:{paper.id}",
        title=_headline(display_name(record), paper.title),
        updated=_instant(paper.updated or paper.published),
        published=_instant(paper.published) if paper.published else "",
        authors=tuple(name for name in paper.authors if plain(name)),
        categories=paper.categories,
        link=safe_url(f"https://arxiv.org/abs/{paper.arxiv_id}") if paper.arxiv_id else None,
        text=withdrawn + (". ".join(facts) or "No field is known yet"),
    )


def _headline(name: str, title: str) -> str:
    """`name: title`, with the name said once."""
    return title if title.casefold().startswith(name.casefold()) else f"{name}: {title}".rstrip(": ")


def _entry_item(entry: Entry) -> _Item:
    date = _instant(entry.released.date if entry.released else None)
    link = next((url for link in entry.links if (url := safe_url(link.url))), None)
    return _Item(
        f"entry:{entry.name}", entry.title or entry.name, date, date if entry.released else "",
        (entry.authors,) if plain(entry.authors) else (), (), link, entry.summary or entry.title or entry.name,
    )  # fmt: skip


def _feed_entry(item: _Item) -> str:
    lines = [
        "<entry>",
        f"<title>{html_text(item.title)}</title>",
        f"<id>{_urn(item.about)}</id>",
        f"<updated>{item.updated}</updated>",
        f"<published>{item.published}</published>" if item.published else "",
        *_people(item.authors),
        *(f'<category term="{html_text(term)}"/>' for term in item.categories if plain(term)),
        f'<link rel="alternate" href="{html_text(item.link)}"/>' if item.link else "",
        f'<content type="text">{html_text(item.text)}</content>',
        "</entry>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _people(names: Iterable[str]) -> Iterable[str]:
    return (f"<author><name>{html_text(name)}</name></author>" for name in names)
