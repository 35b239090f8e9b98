"""What arXiv says of a paper, and what triage thinks of it."""

from __future__ import annotations

from vlmingest.document import Frozen
from vlmingest.records.terms import Label

# sources that speak of a paper as such; others (a file's first page) give way to them
_ARXIV = "arxiv-"


# never taken from the other: what names the paper, and who said the rest
_KEPT = frozenset({"id", "version", "source"})


class Links(Frozen):
    """Links by what they lead to."""

    code: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    demo: tuple[str, ...] = ()


class PaperMetadata(Frozen):
    """What a source says of a paper at one version.

    `id`: arXiv id without version, else the name of the given file without its suffix, `local:<sha>` or `url:<sha>`.
    """

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


def merged(known: PaperMetadata, fresh: PaperMetadata) -> PaperMetadata:
    """What is known of a paper after `fresh` came in, so that two sources never overwrite each other in turn.

    The same source replaces what it said; another arXiv source fills gaps only (spellings of authors and TeX differ
    between the API, OAI-PMH and the feed, and none of them is the truer); a file's own first page gives way to arXiv.
    A field that the winner leaves empty is taken from the other. A newer version takes over only the date of the first
    submission: a licence, say, belongs to one version. A withdrawal stays.
    """
    if known.version != fresh.version:
        newer = fresh if fresh.version > known.version else known
        older = known if newer is fresh else fresh
        return newer if newer.published else newer.model_copy(update={"published": older.published})
    first, second = fresh, known
    if known.source != fresh.source and known.source.startswith(_ARXIV):
        first, second = known, fresh
    gaps = {name: value for name, value in second if name not in _KEPT and value and not getattr(first, name)}
    return first.model_copy(update=gaps) if gaps else first


class Relevance(Frozen):
    """Is the paper worth reading, with reasons for a person. `score` is 0..1."""

    label: Label
    score: float
    reasons: tuple[str, ...] = ()
    model: str = ""  # which triage weights said so
