"""The published list: entries (architecture families), and what `export json` writes."""

from __future__ import annotations

from typing import Literal

from vlmingest.document import Box, Frozen
from vlmingest.records.model import (
    Record,
)
from vlmingest.records.terms import (
    SCHEMA_VERSION,
)


class Released(Frozen):
    """A release date with its basis and source."""

    date: str
    basis: Literal["arXiv v1", "official release", "report", "list"]
    source: str = ""


class EntryLink(Frozen):
    """A badge of a panel."""

    label: str
    url: str


class EntryFigure(Frozen):
    """The figure of a panel."""

    number: str | None = None
    page: int | None = None
    file: str | None = None
    caption: str = ""
    bbox: Box | None = None
    licence: str = ""


class Entry(Frozen):
    """One panel of the list: an architecture family with 0..n papers."""

    name: str
    title: str = ""
    summary: str = ""
    authors: str = ""
    released: Released | None = None
    papers: tuple[str, ...] = ()
    links: tuple[EntryLink, ...] = ()
    figure: EntryFigure | None = None
    status: Literal["published", "proposed"] = "proposed"


class Export(Frozen):
    """What `export json` writes."""

    schema_version: int = SCHEMA_VERSION
    generated_by: str = ""
    records: tuple[Record, ...] = ()
    entries: tuple[Entry, ...] = ()
