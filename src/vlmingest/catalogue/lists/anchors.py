"""The anchors that GitHub gives to headings, in the order of a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_DROPPED = re.compile(r"[^a-z0-9_\- ]")
_KEPT_CATEGORIES = frozenset(("Mn", "Mc", "Me", "Pc", "Nd", "Nl", "No"))


def anchor_of(title: str) -> str:
    """`Qwen2.5-VL: Enhanced` -> `qwen25-vl-enhanced`: letters, digits, marks, `-` and `_` stay, spaces become hyphens."""
    if title.isascii():
        return _DROPPED.sub("", title.strip().lower()).replace(" ", "-")
    kept = (
        ch for ch in title.strip().lower() if ch.isalpha() or ch in "- " or unicodedata.category(ch) in _KEPT_CATEGORIES
    )
    return "".join(kept).replace(" ", "-")


def anchors_of(titles: Iterable[str]) -> list[str]:
    """One anchor per heading; repeated ones get `-1`, `-2` ..."""
    seen: dict[str, int] = {}
    found = []
    for title in titles:
        base = name = anchor_of(title)
        while name in seen:
            seen[base] += 1
            name = f"{base}-{seen[base]}"
        seen[name] = 0
        found.append(name)
    return found
