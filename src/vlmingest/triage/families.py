"""Is a paper the same work under another id, or a point release of a family that the list has? Scores with reasons.

Pure: two papers in, a proposal or nothing out; who decides is a person. Signals are the name in the title without its
version, shared authors, the title's and the abstract's words, and whether the text cites the other paper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from vlmingest.records import PaperMetadata

Kind = Literal["duplicate", "family"]

_HEAD = re.compile(r"\s*(?::|\s[-–—]\s|\btechnical report\b|\btech report\b)", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^)]*\)|\s*\[[^]]*\]")
_VERSION = re.compile(r"(?<![a-z])v?\d+(?:\.\d+)*(?:[bm]\b)?|(?<=[a-z])[\d.]*\d", re.IGNORECASE)
_NAMELIKE = re.compile(r"[A-Z].*[A-Z\d]|[A-Za-z]-[A-Z]|\d")
_WORD = re.compile(r"[a-z0-9]+")
_ARXIV = re.compile(r"(?<!\d)(\d{4}\.\d{4,5})(?!\d)")
_LONGEST_NAME = 3  # words; a longer head is a plain title
_PLAIN = frozenset(
    ["a", "an", "the", "on", "of", "for", "with", "in", "to", "and", "from", "towards", "toward", "via", "is", "are"]
)

DUPLICATE_AT = 0.8
FAMILY_AT = 0.66  # a version alone is not enough: an author or a citation has to join


@dataclass(frozen=True, slots=True)
class Proposal:
    """`other` may be the same work (duplicate) or an earlier release of the same family; `score` is 0..1."""

    kind: Kind
    other: str
    score: float
    reasons: tuple[str, ...]


def model_name(title: str) -> str:
    """The name that a title begins with (`Qwen2.5-VL`), "" where it begins with plain words."""
    match = _HEAD.search(title)
    if match is None:
        return ""
    name = _BRACKETS.sub("", title[: match.start()]).strip()
    words = name.split()
    if not words or len(words) > _LONGEST_NAME or not _PLAIN.isdisjoint(word.lower() for word in words):
        return ""
    return name if len(words) == 1 or _NAMELIKE.search(name) else ""


def name_stem(title: str) -> str:
    """The family's name: lower case, without versions and sizes: `Kwai Keye-VL-2.0 Technical Report` -> `kwai keye-vl`."""
    stem = _VERSION.sub("", model_name(title).casefold())
    stem = re.sub(r"-+(?=-|\s|$)", "", stem)
    stem = " ".join(re.sub(r"[^\w\s+-]", "", stem).split()).strip("-+ ")
    return stem if len(stem) > 1 else ""


def family_key(title: str) -> str:
    """The stem without its separators: `Foo-VL 2` and `FooVL` are one family."""
    return "".join(ch for ch in name_stem(title) if ch.isalnum())


def propose(
    paper: PaperMetadata, others: Iterable[PaperMetadata], cited: Collection[str] = frozenset()
) -> list[Proposal]:
    """What `paper` may be a copy or a later release of, the surest first; `cited`: arXiv ids that its text names."""
    found = [proposal for other in others if other.id != paper.id for proposal in _compare(paper, other, cited)]
    return sorted(found, key=lambda one: (-one.score, one.other))


def cited_ids(text: str) -> frozenset[str]:
    """The arXiv ids (without version) that a text names."""
    return frozenset(_ARXIV.findall(text))


def _compare(paper: PaperMetadata, other: PaperMetadata, cited: Collection[str]) -> Iterable[Proposal]:
    if _order(paper) < _order(other):  # the later one is the copy or the release; the earlier one is asked nothing
        return
    authors = _shared_authors(paper, other)
    titles, abstracts = _overlap(paper.title, other.title), _overlap(paper.abstract, other.abstract)
    same_key = bool(family_key(paper.title)) and family_key(paper.title) == family_key(other.title)
    versions = (_version(paper.title), _version(other.title))
    if not (same_key and versions[0] != versions[1]):
        score = 0.45 * titles + 0.35 * abstracts + 0.2 * authors
        if score >= DUPLICATE_AT or (titles >= 0.9 and authors >= 0.5) or (abstracts >= 0.85 and authors >= 0.3):
            yield Proposal("duplicate", other.id, round(max(score, DUPLICATE_AT), 3), _why(titles, abstracts, authors))
            return
    if not same_key:
        return
    named = model_name(other.title)
    reasons = [f"both titles name {name_stem(paper.title)!r}: {model_name(paper.title)!r} after {named!r}"]
    score = 0.45
    if versions[0] != versions[1] or "+" in model_name(paper.title):
        score += 0.2  # without it, two groups may have had the same idea for a name
    if authors:
        score += min(0.3, 0.6 * authors)
        reasons.append(f"{authors:.0%} of the authors are the same")
    if other.id in cited:
        score += 0.2
        reasons.append(f"the text cites {other.id}")
    if score >= FAMILY_AT:
        yield Proposal("family", other.id, round(score, 3), tuple(reasons))


def _why(titles: float, abstracts: float, authors: float) -> tuple[str, ...]:
    found = ((titles, "words of the title"), (abstracts, "words of the abstract"), (authors, "authors"))
    return tuple(f"{share:.0%} of the {what} are the same" for share, what in found if share)


def _shared_authors(paper: PaperMetadata, other: PaperMetadata) -> float:
    """The share of the shorter list of authors that stands in the other one."""
    first, second = ({_person(name) for name in one.authors} - {""} for one in (paper, other))
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _person(name: str) -> str:
    """Family name and first initial, without accents."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold() or name.casefold()
    words = plain.replace(".", " ").split()
    return f"{words[-1]} {words[0][0]}" if words else ""


def _overlap(first: str, second: str) -> float:
    """Shared words over all words (Jaccard)."""
    one, two = set(_WORD.findall(first.lower())), set(_WORD.findall(second.lower()))
    return len(one & two) / len(one | two) if one and two else 0.0


def _version(title: str) -> str:
    return " ".join(_VERSION.findall(model_name(title)))


def _order(paper: PaperMetadata) -> tuple[bool, str, str]:
    """Papers of arXiv by their ids, which rise with time; then what has no arXiv id, by date."""
    return (paper.arxiv_id is None, paper.arxiv_id or paper.published or "", paper.id)
