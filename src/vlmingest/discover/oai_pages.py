"""Pages of arXiv's OAI-PMH service (`metadataPrefix=arXivRaw`), parsed strictly; no request is made here.

Only arXivRaw tells the date of the first submission, the licence of the newest version and withdrawals (source type I,
size 0kb); see https://info.arxiv.org/help/oa/index.html. The service says errors as elements, with HTTP 200.
"""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from vlmingest.discover.withdrawal import withdrawal_reason
from vlmingest.errors import InvalidArxivIdError
from vlmingest.ids import ArxivId
from vlmingest.records import PaperMetadata

if TYPE_CHECKING:
    from lxml.etree import _Element

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_AFFILIATION = re.compile(r"\s*\((?:[^()]|\([^()]*\))*\)")
_BETWEEN_AUTHORS = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")


class OaiPage(NamedTuple):
    """One answer: its papers, the token of the next page ("" at the end), an error's code, what could not be read."""

    papers: list[PaperMetadata]
    token: str
    error: str
    error_text: str
    notes: list[str]


def read_oai_page(content: bytes, source: str) -> OaiPage:
    """Parse one ListRecords answer; raises ValueError where it is no whole OAI-PMH document."""
    from lxml import etree  # noqa: PLC0415 - heavy, and only needed here

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser=parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {error.msg}") from error
    if root is None or root.tag != f"{_OAI}OAI-PMH":
        raise ValueError("not an OAI-PMH document")
    fault = root.find(f"{_OAI}error")
    papers: list[PaperMetadata] = []
    notes: list[str] = []
    for record in root.iterfind(f"{_OAI}ListRecords/{_OAI}record"):
        paper = _paper(record, source, notes)
        if paper is not None:
            papers.append(paper)
    return OaiPage(
        papers,
        _folded(root.findtext(f"{_OAI}ListRecords/{_OAI}resumptionToken")),
        fault.get("code", "error") if fault is not None else "",
        _folded(fault.text) if fault is not None else "",
        notes,
    )


def _paper(record: _Element, source: str, notes: list[str]) -> PaperMetadata | None:
    header = record.find(f"{_OAI}header")
    if header is not None and header.get("status") == "deleted":
        return None
    raw = record.find(f"{_OAI}metadata/{_RAW}arXivRaw")
    name = _folded(raw.findtext(f"{_RAW}id")) if raw is not None else ""
    try:
        arxiv_id = ArxivId.parse(name)
    except InvalidArxivIdError:
        notes.append(f"an OAI record without an arXiv id was left out: {name[:100]!r}")
        return None
    assert raw is not None
    versions = raw.findall(f"{_RAW}version")
    dates = [_date(version.findtext(f"{_RAW}date")) for version in versions]
    comment = _folded(raw.findtext(f"{_RAW}comments"))
    reason = withdrawal_reason(comment)
    withdrawn = bool(versions) and _is_withdrawn(versions[-1])
    return PaperMetadata(
        id=arxiv_id.base,
        arxiv_id=arxiv_id.base,
        version=_number(versions[-1].get("version")) if versions else 1,
        title=_folded(raw.findtext(f"{_RAW}title")),
        authors=authors_of(_folded(raw.findtext(f"{_RAW}authors"))),
        abstract=_folded(raw.findtext(f"{_RAW}abstract")),
        categories=tuple(dict.fromkeys(_folded(raw.findtext(f"{_RAW}categories")).split())),
        published=dates[0] if dates else None,
        updated=dates[-1] if dates else None,
        comment=comment,
        doi=_folded(raw.findtext(f"{_RAW}doi")),
        journal_ref=_folded(raw.findtext(f"{_RAW}journal-ref")),
        licence=_folded(raw.findtext(f"{_RAW}license")),
        withdrawn=withdrawn or reason is not None,
        withdrawn_reason=(reason or comment) if withdrawn or reason is not None else "",
        source=source,
    )


def authors_of(text: str) -> tuple[str, ...]:
    """Names out of arXiv's line of authors: "A. B (1), C D and E F ((1) Somewhere)" -> A. B, C D, E F."""
    bare = text
    while (shorter := _AFFILIATION.sub("", bare)) != bare:
        bare = shorter
    return tuple(name for part in _BETWEEN_AUTHORS.split(bare) if (name := part.strip()))


def _is_withdrawn(version: _Element) -> bool:
    kind = _folded(version.findtext(f"{_RAW}source_type"))
    return "I" in kind and _folded(version.findtext(f"{_RAW}size")).lower() in ("0kb", "0")


def _date(text: str | None) -> str | None:
    try:
        return parsedate_to_datetime(_folded(text)).astimezone(UTC).date().isoformat()
    except (ValueError, IndexError, TypeError):
        return None


def _number(text: str | None) -> int:
    digits = (text or "").lstrip("v")
    return max(1, int(digits)) if digits.isdigit() and len(digits) < 6 else 1


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())
