"""What arXiv says of a paper, and what triage thinks of it."""

from __future__ import annotations

from vlmingest.document import Frozen
from vlmingest.records.terms import (
    Label,
)


class Links(Frozen):
    """Links by what they lead to."""

    code: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    demo: tuple[str, ...] = ()


class PaperMetadata(Frozen):
    """What a source says of a paper at one version. `id`: arXiv id without version, `local:<sha>` or `url:<sha>`."""

    id: str
    arxiv_id: str | None = None
    version: int = 1
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    categories: tuple[str, ...] = ()
    published: str | None = None  # date of v1
    updated: str | None = None  # date of this version
    comment: str = ""
    doi: str = ""
    journal_ref: str = ""
    licence: str = ""
    withdrawn: bool = False
    withdrawn_reason: str = ""
    source: str = ""  # which source said so: arxiv-api, folder, ...


class Relevance(Frozen):
    """Is the paper worth reading, with reasons for a person. `score` is 0..1."""

    label: Label
    score: float
    reasons: tuple[str, ...] = ()
    model: str = ""  # which triage weights said so
