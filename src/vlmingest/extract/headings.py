"""What the sections of a paper are about, by their headings."""

from __future__ import annotations

from enum import StrEnum
from functools import cache, lru_cache

from vlmingest.extract.rules import load_rules
from vlmingest.extract.wording import Search


class SectionKind(StrEnum):
    """What a section is about, by its heading and the headings above it."""

    FRONT = "front"  # title block, before any heading
    ABSTRACT = "abstract"
    INTRODUCTION = "introduction"
    RELATED = "related-work"
    METHOD = "method"
    TRAINING = "training"
    DATA = "data"
    EXPERIMENTS = "experiments"
    ABLATION = "ablation"
    CONCLUSION = "conclusion"
    REFERENCES = "references"
    OTHER = "other"


@cache
def _rows() -> tuple[tuple[SectionKind, Search], ...]:
    """The kinds that headings tell, with a search in lower case for each; the first that finds something wins."""
    return tuple((SectionKind(rule.value or ""), rule.regex.search) for rule in load_rules("headings").rules)


@lru_cache(maxsize=1024)
def heading_kind(title: str) -> SectionKind:
    """The kind a heading speaks of; OTHER where it does not say. Many papers share their headings."""
    low = title.lower()
    for kind, search in _rows():
        if search(low):
            return kind
    return SectionKind.OTHER
