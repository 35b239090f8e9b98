"""Changes of a file as byte ranges: everything outside them stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace `data[start:end]`; an insertion has `start == end`."""

    start: int
    end: int
    new: bytes


def splice(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The file with all edits; they may touch but not overlap. Insertions at one place keep their order."""
    parts, position = [], 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        assert edit.start >= position
        parts += [data[position : edit.start], edit.new]
        position = edit.end
    return b"".join([*parts, data[position:]])


def newline_of(data: bytes) -> str:
    """The line end that a file uses."""
    head = data[:65536]
    return "\r\n" if head.count(b"\r\n") * 2 > head.count(b"\n") else "\n"
