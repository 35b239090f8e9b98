"""The outline (bookmarks) that a PDF carries: titles, depths and pages of its sections."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vlmingest.read.pdfium import PdfiumDocument

_MOST = 2000  # entries; a loop among them ends there
_DEEPEST = 6
_LONGEST = 600  # bytes of a title


@dataclass(frozen=True, slots=True)
class Entry:
    """One bookmark: `level` 1 is the top, `page` 1-based."""

    title: str
    level: int
    page: int


def letters(text: str) -> str:
    """The letters and digits of a heading, folded: what a bookmark and its printed line share."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", text).casefold())


def read_outline(document: PdfiumDocument) -> list[Entry]:
    """The entries in order; empty where there are none. Never more than 2,000, whatever the file links."""
    raw = document.lib.raw
    entries: list[Entry] = []
    seen: set[int] = set()
    waiting = [(raw.FPDFBookmark_GetFirstChild(document.handle, None), 1)]
    while waiting and len(seen) < _MOST:
        mark, level = waiting.pop()
        address = ctypes.cast(mark, ctypes.c_void_p).value if mark else None
        if address is None or address in seen:
            continue
        seen.add(address)
        waiting.append((raw.FPDFBookmark_GetNextSibling(document.handle, mark), level))
        if level < _DEEPEST:
            waiting.append((raw.FPDFBookmark_GetFirstChild(document.handle, mark), level + 1))
        target = raw.FPDFBookmark_GetDest(document.handle, mark)
        if not target:
            action = raw.FPDFBookmark_GetAction(mark)
            target = raw.FPDFAction_GetDest(document.handle, action) if action else None
        page = raw.FPDFDest_GetDestPageIndex(document.handle, target) if target else -1
        title = _title(raw, mark)
        if title and 0 <= page < document.page_count:
            entries.append(Entry(title, level, page + 1))
    return entries


def _title(raw: object, mark: object) -> str:
    size = min(raw.FPDFBookmark_GetTitle(mark, None, 0), _LONGEST)  # type: ignore[attr-defined]  # the typed binding
    buffer = ctypes.create_string_buffer(max(size, 2))
    raw.FPDFBookmark_GetTitle(mark, buffer, size)  # type: ignore[attr-defined]
    text = buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "replace")
    return " ".join(text.split())
