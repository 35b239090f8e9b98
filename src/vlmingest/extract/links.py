"""Links of the paper's own code, project page, weights and demo: from annotations, footnotes and the text.

The host says what kind of link it is (rules/links.toml); the words before it, the page and whether the address holds the
model's name say whether it is the paper's own. Addresses are never fetched here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from vlmingest.extract.identity import name_candidates
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView, SectionKind
from vlmingest.records import Candidate, FieldName

_SKIP = frozenset({SectionKind.REFERENCES, SectionKind.RELATED})
_BEFORE = 140
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
        if view.section_kind(start) in _SKIP or not view.text[start:end].strip():
            continue
        before = view.text[max(0, start - _BEFORE) : start]
        url = clean_url(raw)
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
    address = load_rules("links").rules[0].regex
    seen: set[int] = set()
    for piece in load_rules("links").data["starts"]:
        start = view.lowered.find(piece, 0, view.body_end)
        while start >= 0:
            first = start
            if not piece.startswith("http"):
                while first and (_LETTER.match(view.text[first - 1]) or view.text[first - 1] in "/:"):
                    first -= 1
            match = address.match(view.text, first, view.body_end)
            if match is not None and first not in seen:
                seen.add(first)
                yield match.group(), match.start(), match.end()
            start = view.lowered.find(piece, start + len(piece), view.body_end)


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
    if view.document.page_at(start) in (None, 1):
        score += float(data["first_page"])
    folded = _PLAIN.sub("", url.lower())
    if any(len(name) > 2 and name in folded for name in names):
        score += float(data["named"])
    return score
