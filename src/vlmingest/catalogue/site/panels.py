"""What the site shows one page and one row of: an entry of the list with its papers, or a paper without an entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from vlmingest.catalogue.escape import paper_stem, slug
from vlmingest.catalogue.fields import COLUMNS, Column, display_name, first_seen
from vlmingest.records import Entry, Record

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")
_VERSION = re.compile(r"v[0-9]+\Z")
_SIZE = re.compile(r"(?:([0-9]+)x)?([0-9]+(?:\.[0-9]+)?)\s*([KMBT])\b", re.IGNORECASE)
_BILLIONS = {"K": 1e-6, "M": 1e-3, "B": 1.0, "T": 1e3}


@dataclass(frozen=True, slots=True)
class Panel:
    """`stem` is the file name of its page, unique in the site; `date` is an ISO date or empty."""

    stem: str
    name: str
    title: str
    authors: str
    date: str
    entry: Entry | None
    records: tuple[Record, ...]

    def values(self, column: Column) -> list[str]:
        """What a column holds over all papers of the panel, each value once, in their order."""
        return list(dict.fromkeys(value for record in self.records for value in column.values(record) if value))

    def text(self, name: str) -> str:
        """A column as one plain line."""
        return "; ".join(self.values(COLUMNS[name]))

    @property
    def vision_families(self) -> list[str]:
        """Families of its vision encoders; the name where no family is known."""
        return _once(item.family or item.name for r in self.records for item in r.architecture.vision_encoders)

    @property
    def language_families(self) -> list[str]:
        """Families of its language backbones; the name where no family is known."""
        return _once(item.family or item.name for r in self.records for item in r.architecture.language_models)

    @property
    def sizes_b(self) -> list[float]:
        """Sizes in billions of parameters, ascending."""
        return sorted({size for text in self.values(COLUMNS["sizes"]) if (size := size_b(text)) is not None})

    @property
    def is_withdrawn(self) -> bool:
        """All papers of the panel were withdrawn."""
        return bool(self.records) and all(record.paper.withdrawn for record in self.records)


def panels_of(records: Iterable[Record], entries: Sequence[Entry]) -> list[Panel]:
    """One panel per entry, then one per record without an entry; newest first.

    A record that proposes no model (relevance `no`) is shown only where an entry names its paper.
    """
    by_id = {key: record for record in records for key in {record.paper.id, record.paper.arxiv_id or record.paper.id}}
    taken: set[str] = set()
    stems: set[str] = set()
    panels = []
    for entry in entries:
        papers = [_VERSION.sub("", paper) for paper in entry.papers]
        own = tuple(by_id[paper] for paper in dict.fromkeys(papers) if paper in by_id)
        taken.update(record.paper.id for record in own)
        stem = _free(paper_stem(papers[0]) if papers else slug(entry.name), stems)
        day = entry.released.date if entry.released else min((first_seen(r.paper) or "~" for r in own), default="")
        authors = entry.authors or (", ".join(own[0].paper.authors) if own else "")
        panels.append(Panel(stem, entry.name, entry.title or entry.name, authors, _day(day), entry, own))
    for record in {record.paper.id: record for record in by_id.values()}.values():
        paper = record.paper
        if paper.id not in taken and record.relevance.label != "no":
            stem = _free(paper_stem(paper.id), stems)
            panels.append(
                Panel(
                    stem, display_name(record), paper.title, ", ".join(paper.authors), _day(first_seen(paper)), None,
                    (record,),
                )
            )  # fmt: skip
    panels.sort(key=lambda panel: (panel.name.casefold(), panel.stem))
    return sorted(panels, key=lambda panel: panel.date, reverse=True)


def size_b(text: str) -> float | None:
    """`7B`, `400M`, `1.5 T` in billions of parameters, `8x7B` as the product; None for other text."""
    match = _SIZE.match(text.strip())
    return float(match[1] or 1) * float(match[2]) * _BILLIONS[match[3].upper()] if match else None


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _day(text: str | None) -> str:
    """A day of the calendar in ISO 8601, or a month where only that is known; empty for any other text."""
    given = (text or "")[:10]
    try:
        return given if _DATE.fullmatch(given) and date.fromisoformat((given + "-01")[:10]) else ""
    except ValueError:
        return ""


def _free(stem: str, taken: set[str]) -> str:
    """`stem`, numbered where it is taken; file systems that fold case see no collision either."""
    number, candidate = 2, stem
    while candidate.casefold() in taken:
        number, candidate = number + 1, f"{stem}-{number}"
    taken.add(candidate.casefold())
    return candidate
