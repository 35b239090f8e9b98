"""Short forms in a table of stages: "RE, VLP" under "Trainable" where the caption or the text says what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vlmingest.extract.stages_cells import parts_of
from vlmingest.extract.view import PaperView
from vlmingest.extract.wording import wording

_SHORT = re.compile(r"\b[A-Z][A-Za-z]?[A-Z]{1,4}\b")
_STAND_FOR = wording("stages_tables.stand_for")
_JOINT = re.compile(r",? and |, ")
_EXPLAINED = wording("stages_tables.explained")


def long_forms(view: PaperView, caption: str, cells: Iterable[str]) -> dict[str, str]:
    """What the short forms in cells stand for, of those that name no part as they are."""
    wanted = {short for cell in cells for short in _SHORT.findall(cell) if not parts_of(short)}
    found: dict[str, str] = {}
    if not wanted:
        return found
    for told in _STAND_FOR.finditer(caption):
        shorts, longs = _JOINT.split(told["shorts"]), _JOINT.split(told["longs"])
        found.update(zip(shorts, longs, strict=False))
    found.update((told["short"], told["long"]) for told in _EXPLAINED.finditer(caption))
    for short in wanted - found.keys():
        at = view.text.find(f"({short})", 0, view.body_end)
        if at > 0:  # as many words as letters: "the Region Encoder (RE)"
            found[short] = " ".join(re.split(r"[\s-]+", view.text[max(0, at - 80) : at].strip())[-len(short) :])
    return {short: found[short] for short in wanted & found.keys()}


def spelled_out(cell: str, forms: dict[str, str]) -> str:
    """A cell with its short forms written out."""
    return _SHORT.sub(lambda short: forms.get(short[0], short[0]), cell) if forms else cell
