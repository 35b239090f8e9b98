"""Figures of papers as the catalogue shows them: which one, where it stands, whose it is, and may it be passed on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FigureFile:
    """A figure that may be published: file name, pixels, what is said below it. `data` is a PNG."""

    name: str
    data: bytes
    width: int
    height: int
    caption: str
    credit: str
    notice: str
