"""Numbers that a sentence tells in turn: "learning rates of 1e-3 and 2e-5 for the first and the second stage"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from vlmingest.extract.stages_numbers import Number, numbers
from vlmingest.extract.stages_passage import Slot
from vlmingest.extract.wording import wording

_PLAIN_RATES = wording("stages_assign.plain_rates")
_IN_TURN = wording("stages_assign.in_turn")
_LISTED = re.compile(r"\s?(?:,|/|and|, and|or|→|->|;)?\s?(?:(?:a|the) )?")


def speaks_in_turn(text: str) -> bool:
    """May a sentence that names no stage give its numbers to the stages in turn?"""
    if ("tages" in text or "respectively" in text) and _IN_TURN.search(text) is not None:
        return True
    return "rates" in text and _PLAIN_RATES.search(text) is not None


def in_turn(text: str, slots: Sequence[Slot]) -> list[tuple[Slot, str]]:
    """`learning rates of 1e-3 and 2e-5 for the first and the second stage`: to each stage the text with its own number."""
    by_kind: dict[str, list[Number]] = {}
    for number in numbers(text):
        if number.kind in ("learning_rate", "batch_size", "epochs"):
            by_kind.setdefault(number.kind, []).append(number)
    others: list[list[Number]] = [[] for _ in slots]
    n = len(slots)
    further = {kind: found[n:] for kind, found in by_kind.items() if "respectively" in text}
    told = [found[:n] for kind, found in by_kind.items() if len(found) == n or (len(found) > n and kind in further)]
    if not any(
        all(_LISTED.fullmatch(text, before.end, after.start) for before, after in itertools.pairwise(found))
        for found in told
    ):
        return []
    for found in told:  # "1e-3 in stage 1 and 2e-5 in stage 2, with batches of 256 and 128" is in turn throughout
        for index, hidden in enumerate(others):
            hidden.extend(number for place, number in enumerate(found) if place != index)
            hidden.extend(further.get(found[0].kind, ()))  # "..., and 1e-5 for the large one"
    if not any(others):
        return []
    return [(slot, _without(text, hidden)) for slot, hidden in zip(slots, others, strict=True)]


def _without(text: str, hidden: Sequence[Number]) -> str:
    for number in hidden:
        text = text[: number.start] + " " * (number.end - number.start) + text[number.end :]
    return text
