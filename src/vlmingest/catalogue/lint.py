"""Checks of a list that a program can make (after upstream's contributing guide)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from rapidfuzz import fuzz

from vlmingest.catalogue.lists import ListDocument, Unit, entries_of
from vlmingest.document import Frozen
from vlmingest.records import Entry

_HOSTS = {
    "arxiv": ("arxiv.org",),
    "github": ("github.com", "github.io"),
    "huggingface": ("huggingface.co", "hf.co"),
}
_LEFTOVER = re.compile(
    r"(okay, let's|certainly! here|as an ai (?:language )?model|as a large language model|i hope this helps"
    r"|here(?:'s| is) (?:a|the) (?:breakdown|summary) of the provided|information from the provided paper)",
    re.IGNORECASE,
)
_DAMAGE = re.compile("\ufffd|Ã[\u0080-\u00bf]|â€[œ™“”]")
_SAME_PAPER = 60.0  # partial match of panel title and paper title, 0..100


class ListFinding(Frozen):
    """One thing to look at; `line` is 1-based."""

    rule: str
    line: int
    message: str


def lint_list(document: ListDocument, titles: Mapping[str, str] | None = None) -> list[ListFinding]:
    """All findings, in the order of the list. `titles`: arXiv id -> title, to check what stands behind a badge."""
    found: list[ListFinding] = []
    names: dict[str, int] = {}
    for panel, entry in zip(document.units, entries_of(document), strict=True):
        found += _panel(panel, entry, titles or {})
        key = entry.name.casefold()
        if key in names:
            found.append(
                ListFinding(rule="duplicate", line=panel.line, message=f"{entry.name} stands at line {names[key]} too")
            )
        names.setdefault(key, panel.line)
    for section in document.sections:
        for number, line in enumerate(section.text.split("\n"), section.line):
            if match := _LEFTOVER.search(line):
                found.append(ListFinding(rule="chatbot-leftover", line=number, message=f"prose says {match[0]!r}"))
            if _DAMAGE.search(line):
                found.append(ListFinding(rule="encoding", line=number, message="damaged characters"))
    return sorted(found, key=lambda finding: (finding.line, finding.rule, finding.message))


def _panel(panel: Unit, entry: Entry, titles: Mapping[str, str]) -> list[ListFinding]:
    found = []
    for link in entry.links:
        label = link.label.casefold().replace(" ", "")
        hosts = next((hosts for key, hosts in _HOSTS.items() if key in label), ())
        if hosts and not any(host in link.url.casefold() for host in hosts):
            found.append(ListFinding(rule="badge-target", line=panel.line, message=f"{link.label} leads to {link.url}"))
    for paper in entry.papers:
        title = titles.get(paper)
        if title and fuzz.token_set_ratio(entry.title.casefold(), title.casefold()) < _SAME_PAPER:
            found.append(
                ListFinding(rule="paper-title", line=panel.line, message=f"{entry.name}: {paper} is {title!r}")
            )
    if entry.released:
        try:
            date.fromisoformat(entry.released.date)
        except ValueError:
            found.append(ListFinding(rule="date", line=panel.line, message=f"{entry.released.date} is no date"))
    return found
