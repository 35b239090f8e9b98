"""Links of the paper's own code, project page, weights and demo: from annotations, footnotes and the text.

The host says what kind of link it is (rules/links.toml); the words before it, the page and whether the address holds the
model's name say whether it is the paper's own. Addresses are never fetched here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from vlmingest.document import BlockKind
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.identity import name_candidates
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView
from vlmingest.records import Candidate, Evidence, FieldName

_SKIP = frozenset({SectionKind.REFERENCES, SectionKind.RELATED})
_OPENING = frozenset({SectionKind.FRONT, SectionKind.ABSTRACT})
_BEFORE = 140
_FIRST_PAGE = 4000  # characters
_MOST = 0.97
_PLAIN = re.compile(r"[^a-z0-9]")
_LETTER = re.compile(r"[\w.-]")


@cache
def _of_kind(kind: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules("links").rules if rule.attributes.get("kind") == kind)


def read_links(view: PaperView) -> Iterator[Candidate]:
    """Candidates for code, project, weights and demo; the surest first."""
    names = [_PLAIN.sub("", one.name.lower()) for one in name_candidates(view)[:3]]
    best: dict[tuple[FieldName, str], tuple[float, int, int]] = {}
    for raw, start, end in _addresses(view):
        url = clean_url(raw)
        if not view.text[start:end].strip() or (view.section_kind(start) in _SKIP and not _names(url, names)):
            continue  # a footnote may stand in the midst of related work, but then the address says whose it is
        before = _before(view, start)
        field = _field(url, before)
        if field is None:
            continue
        score = _score(view, url, before, start, names)
        if score > best.get((field, url), (0.0, 0, 0))[0]:
            best[field, url] = (score, start, end)
    keep = float(load_rules("links").data["keep"])
    for (field, url), (score, start, end) in sorted(best.items(), key=lambda item: (-item[1][0], item[1][1])):
        if score >= keep:
            yield Candidate(
                field=field,
                value=url,
                evidence=(view.evidence(start, end, f"{field.value}.v2"),),
                reader=f"rule:{field.value}.v2",
                confidence=round(min(score, _MOST), 4),
            )
    yield from _told(view, names, set(best))


def clean_url(url: str) -> str:
    """The address without the punctuation of its sentence, with a scheme."""
    url = url.rstrip(".,;:!?)’”*†")
    return url if url.startswith(("http://", "https://")) else f"https://{url}"


def _addresses(view: PaperView) -> Iterator[tuple[str, int, int]]:
    """(address, start, end) of the links with a place in the text, then of those written out in it."""
    size = len(view.text)
    for link in view.document.links:
        if link.start is not None and link.end is not None and link.start < size:
            yield link.url, link.start, link.end
    yield from _written_out(view.text, view.lowered, view.body_end)


def _written_out(text: str, lowered: str, stop: int) -> Iterator[tuple[str, int, int]]:
    """(address, start, end) of the addresses in `text[:stop]`; `lowered` is `text` in lower case."""
    address = load_rules("links").rules[0].regex
    seen: set[int] = set()
    for piece in load_rules("links").data["starts"]:
        start = lowered.find(piece, 0, stop)
        while start >= 0:
            first = start
            if not piece.startswith("http"):
                while first and (_LETTER.match(text[first - 1]) or text[first - 1] in "/:"):
                    first -= 1
                scheme = lowered.find("http", first, start)
                first = max(first, scheme)
            match = address.match(text, first, stop)
            if match is not None and first not in seen:
                seen.add(first)
                yield match.group(), match.start(), match.end()
            start = lowered.find(piece, start + len(piece), stop)


def _field(url: str, before: str) -> FieldName | None:
    for rule in _of_kind("host"):
        if rule.regex.search(url):
            return rule.field
    return next((rule.field for rule in _of_kind("words") if rule.regex.search(before)), None)


def _score(view: PaperView, url: str, before: str, start: int, names: list[str]) -> float:
    """The chance that the link is the paper's own."""
    data = load_rules("links").data
    score = float(data["base"])
    score += sum(rule.weight for rule in _of_kind("context") if rule.regex.search(before))
    block = view.block_at(start)
    if block is not None and block.kind is BlockKind.AUTHORS:
        score += float(data["beside_authors"])
    elif _on_first_page(view, start):
        score += float(data["first_page"])
    if _names(url, names):
        score += float(data["named"])
    return score


def _before(view: PaperView, start: int) -> str:
    """The words before a link; for a footnote, those before its mark, too."""
    block = view.block_at(start)
    before = view.text[max(0, start - _BEFORE) : start]
    if block is None or block.kind is not BlockKind.FOOTNOTE or block.anchor is None:
        return before
    return f"{view.text[max(0, block.anchor - _BEFORE) : block.anchor]} {view.text[block.start : start]}"


def _on_first_page(view: PaperView, start: int) -> bool:
    """Whether `start` lies on the first page; in a file without pages, about where that would end."""
    page = view.document.page_at(start)
    return page == 1 if page is not None else start < _FIRST_PAGE or view.section_kind(start) in _OPENING


def _names(url: str, names: list[str]) -> bool:
    folded = _PLAIN.sub("", url.lower())
    return any(len(name) > 2 and name in folded for name in names)


def _told(view: PaperView, names: list[str], known: set[tuple[FieldName, str]]) -> Iterator[Candidate]:
    """Links of arXiv's comment and abstract that the text does not have; authors put there what is theirs."""
    sources: tuple[tuple[Literal["comment", "abstract"], str], ...] = (
        ("comment", view.paper.comment),
        ("abstract", view.paper.abstract),
    )
    for source, text in sources:
        for raw, start, end in _written_out(text, text.lower(), len(text)):
            url = clean_url(raw)
            field = _field(url, text[max(0, start - _BEFORE) : start])
            if field is None or (field, url) in known:
                continue
            known.add((field, url))
            quote = Evidence(
                quote=text[start:end], start=start, end=end, reader=f"rule:{field.value}.v2", source=source
            )
            yield Candidate(
                field=field,
                value=url,
                evidence=(quote,),
                reader=f"rule:{field.value}.v2",
                confidence=0.9 if _names(url, names) else 0.75,
            )
