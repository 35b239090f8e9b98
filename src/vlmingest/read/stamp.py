"""The arXiv stamp on the left margin of page 1."""

from __future__ import annotations

import re

from vlmingest.document import Stamp

STAMP = re.compile(
    r"arXiv:(?P<id>\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v(?P<version>\d+))?\s*(?:\[(?P<category>[\w.-]+)\])?"
    r"\s*(?:(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4}))?"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parse_stamp(text: str) -> Stamp | None:
    """`arXiv:2304.08485v2 [cs.CV] 11 Dec 2023` as values; a citation without category and date is none."""
    match = STAMP.search(text)
    if not match or not match["category"]:
        return None
    date = None
    if match["month"] in _MONTHS:
        date = f"{match['year']}-{_MONTHS.index(match['month']) + 1:02d}-{int(match['day']):02d}"
    version = int(match["version"]) if match["version"] else None
    return Stamp(arxiv_id=match["id"], version=version, category=match["category"], date=date)
