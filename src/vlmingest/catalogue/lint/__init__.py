"""Checks of a list that a program can make, after the contributing guides of such lists.

Every rule is a small function over `Checked`; phrases are data. Findings come in the order of the list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from vlmingest.catalogue.lint.badges import check_badges
from vlmingest.catalogue.lint.finding import Checked, ListFinding
from vlmingest.catalogue.lint.phrases import load_phrases
from vlmingest.catalogue.lint.structure import (
    check_agreement,
    check_anchors,
    check_dates,
    check_layers,
    check_names,
    check_order,
    check_text,
)
from vlmingest.catalogue.lists.document import ListDocument
from vlmingest.catalogue.lists.segments import Kind

__all__ = ["ListFinding", "lint_list"]

_PROSE = frozenset(
    {Kind.SUMMARY, Kind.DEEP_DIVE, Kind.TEXT, Kind.ENTRY_ITEM, Kind.ENTRY_ROW, Kind.ENTRY_LINE, Kind.ITEM, Kind.REFERENCE,
     Kind.ROW, Kind.TIMELINE, Kind.AUTHORS, Kind.FIGURE}
)  # fmt: skip


def check_phrases(checked: Checked) -> Iterator[ListFinding]:
    """chatbot-leftover, undisclosed-architecture, encoding, benchmark-boast: the rows of phrases.toml."""
    phrases = load_phrases()
    for segment in checked.document.segments:
        asked = [phrase for phrase in phrases if phrase.everywhere or segment.kind in _PROSE]
        for number, line in enumerate(segment.text.split("\n"), segment.line):
            told: set[str] = set()
            for phrase in asked:
                match = phrase.pattern.search(line)
                if match and phrase.rule not in told:
                    told.add(phrase.rule)
                    shown = " ".join(match[0].split())[:60]
                    message = (
                        f"{shown!r} ({phrase.id})" if phrase.rule != "encoding" else f"damaged characters ({phrase.id})"
                    )
                    yield ListFinding(rule=phrase.rule, line=number, message=message, level=phrase.level)


CHECKS: tuple[Callable[[Checked], Iterator[ListFinding]], ...] = (
    check_badges,
    check_dates,
    check_order,
    check_agreement,
    check_anchors,
    check_names,
    check_layers,
    check_text,
    check_phrases,
)


def lint_list(
    document: ListDocument,
    titles: Mapping[str, str] | None = None,
    abstracts: Mapping[str, str] | None = None,
    *,
    withdrawn: Collection[str] = (),
    hints: bool = False,
) -> list[ListFinding]:
    """All findings, in the order of the list. `titles`, `abstracts`: arXiv id -> text, to check what is behind a badge;
    `withdrawn`: arXiv ids of papers that were taken back.
    `hints`: also what is a matter of judgement (order of badges, possible families, boasting).
    """
    checked = Checked(document, titles or {}, abstracts or {}, withdrawn)
    found = [finding for check in CHECKS for finding in check(checked) if hints or finding.level != "hint"]
    return sorted(dict.fromkeys(found), key=lambda finding: (finding.line, finding.rule, finding.message))
