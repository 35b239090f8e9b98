"""Which day counts as a family's release, and why.

The rule of upstream's contributing guide: the first documented official release; without one, the arXiv v1 submission
or the first technical report, whichever is earlier; a date that only a list states comes last. A family has the date
of its earliest member.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from vlmingest.records import Record, Released

_RANK = {"official release": 0, "arXiv v1": 1, "report": 1, "list": 2}
_WORDS = {
    "official release": "the first documented official release",
    "arXiv v1": "the submission of arXiv v1",
    "report": "the first technical report",
    "list": "the date that the list states",
}


class Release(NamedTuple):
    """The date that counts, and the sentence that says why."""

    released: Released
    why: str


def choose_release(candidates: Sequence[Released]) -> Release | None:
    """The best-founded date, the earliest of its kind; None without candidates. The order given does not matter."""
    ranked = sorted(candidates, key=lambda one: (_RANK[one.basis], one.date, one.basis, one.source))
    if not ranked:
        return None
    best = ranked[0]
    why = f"{best.date} is {_WORDS[best.basis]}" + (f" ({best.source})" if best.source else "")
    others = [one for one in ranked[1:] if one.date != best.date]
    if others:
        rest = ", ".join(dict.fromkeys(f"{one.date} ({one.basis})" for one in others))
        reason = "better founded than" if _RANK[others[0].basis] > _RANK[best.basis] else "earlier than"
        why += f"; {reason} {rest}"
    return Release(best, why + ".")


def _month_of(arxiv_id: str | None) -> str | None:
    match = re.match(r"(\d{2})(\d{2})\.", arxiv_id or "")
    return f"20{match[1]}-{match[2]}" if match else None


def release_of(records: Sequence[Record], known: Sequence[Released] = ()) -> Release | None:
    """The date of a family with these papers; `known`: dates that people stated."""
    found = list(known)
    for record in records:
        paper = record.paper
        if paper.published and paper.arxiv_id:
            source = f"https://arxiv.org/abs/{paper.arxiv_id}v1"
            found.append(Released(date=paper.published[:10], basis="arXiv v1", source=source))
        elif paper.published:
            found.append(Released(date=paper.published[:10], basis="report", source=paper.id))
        elif month := _month_of(paper.arxiv_id):
            # ISO 8601 with reduced precision: the id proves the month of v1, nobody told us the day
            found.append(Released(date=month, basis="arXiv v1", source=f"https://arxiv.org/abs/{paper.arxiv_id}v1"))
    return choose_release(found)
