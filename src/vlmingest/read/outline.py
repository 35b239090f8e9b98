"""The outline (bookmarks) that a PDF carries: titles, depths and pages of its sections."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vlmingest.read.pdfium import Library, PdfiumDocument

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
    lib, file = document.lib, document.pointer
    nothing = ctypes.c_void_p()
    entries: list[Entry] = []
    seen: set[int] = set()
    waiting: list[tuple[int | None, int]] = [(lib.first_bookmark(file, nothing), 1)]
    while waiting and len(seen) < _MOST:
        address, level = waiting.pop()
        if not address or address in seen:
            continue
        seen.add(address)
        mark = ctypes.c_void_p(address)
        waiting.append((lib.next_bookmark(file, mark), level))
        if level < _DEEPEST:
            waiting.append((lib.first_bookmark(file, mark), level + 1))
        target = lib.bookmark_target(file, mark)
        if not target:
            action = lib.bookmark_action(mark)
            target = lib.action_target(file, ctypes.c_void_p(action)) if action else None
        page = lib.target_page(file, ctypes.c_void_p(target)) if target else -1
        title = _title(lib, mark)
        if title and 0 <= page < document.page_count:
            entries.append(Entry(title, level, page + 1))
    return entries


def _title(lib: Library, mark: ctypes.c_void_p) -> str:
    size = min(lib.bookmark_title(mark, None, ctypes.c_ulong(0)), _LONGEST)
    buffer = ctypes.create_string_buffer(max(size, 2))
    lib.bookmark_title(mark, buffer, ctypes.c_ulong(size))
    text = buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "replace")
    return " ".join(text.split())
