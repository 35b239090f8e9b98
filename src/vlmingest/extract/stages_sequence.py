"""Stages that the paper tells one after the other, without a number or a name: "first ..., then ..., finally ..."."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vlmingest.extract.stages_freeze import is_doubtful, read_freeze
from vlmingest.extract.stages_mentions import FIRST, OPENS_FIRST, WE_FIRST
from vlmingest.extract.stages_passage import Passage, Slot
from vlmingest.extract.wording import wording

THEN = wording("stages_assign.then")
LAST = wording("stages_assign.last")
FIRST_THEN = wording("stages_assign.first_then")
_LEAST = 2


def in_succession(passages: Sequence[Passage]) -> list[Slot]:
    """The longest row of sentences of a section that train something one after the other; empty for fewer than two."""
    best: list[Passage] = []
    row: list[Passage] = []
    for passage in passages:
        if passage.is_heading or passage.zone not in ("training", "method") or not passage.may_freeze:
            continue
        if row and row[0].section != passage.section:
            row = []
        goes_on = bool(row) and THEN.match(passage.text) is not None
        both = FIRST_THEN.search(passage.text)
        if not (goes_on or both or _opens(passage.text)) or not _trains(passage.text):
            continue
        row = [*row, passage] if goes_on else [passage, passage] if both else [passage]
        best = max(best, row, key=len)
    return list(_slots(best)) if len(best) >= _LEAST else []


def _opens(text: str) -> bool:
    return (text.startswith(OPENS_FIRST) and FIRST.match(text) is not None) or (
        "we first" in text and WE_FIRST.match(text) is not None
    )


def _trains(text: str) -> bool:
    said = read_freeze(text)
    return bool(said.trainable or said.everything) and not is_doubtful(text)


def _slots(row: Sequence[Passage]) -> Iterator[Slot]:
    for order, passage in enumerate(row, 1):
        classes = {"align", "pretrain"} if order == 1 else {"sft", "finetune"} if order == len(row) else set()
        yield Slot(order, f"Stage {order}", {str(order)}, classes, (passage.start, passage.end))
