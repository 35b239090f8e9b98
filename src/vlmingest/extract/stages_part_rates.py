"""Learning rates that a sentence gives to parts of the model: `1e-3 and 2e-5 for the projector and the LLM` is one setting."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from vlmingest.extract.stages_freeze import ORDER, names_part
from vlmingest.extract.wording import wording
from vlmingest.records import Component

_LISTED = re.compile(r"\s?(?:,|and|, and|/|&)\s?(?:(?:a|the) )?")
_ITEM = re.compile(r"\s*(?:,\s*and\s|,|\band\b|&)\s*")
_LONGEST = 40
_MOST_LISTED = 4
_BEFORE = wording("stages_numbers.rates_for")
_THEIRS = wording("stages_numbers.their_rates")
_AFTER = wording("stages_numbers.rates_used_for")
_ENDS = wording("stages_numbers.parts_end")
_ARTICLE = wording("stages_numbers.article")


def _part_of(name: str) -> str | None:
    """The part of the model that a name stands for; "all modules" is none."""
    part = names_part(name.strip().lower())
    return part if part in ORDER else None


_SIZE = wording("stages_numbers.of_size")


def _known(name: str) -> str:
    """What a name stands for: a part of the model or a size of it; "" for neither."""
    size = _SIZE.fullmatch(name)
    return size["size"] if size is not None else _part_of(name) or ""


class Rate(NamedTuple):
    """A learning rate at `[start, end)` of a sentence."""

    value: str
    start: int
    end: int


def rates_of_parts(sentence: str, rates: Sequence[Rate]) -> str:
    """`1e-5 (LLM, projector), 2e-6 (ViT)` where the sentence gives its rates to as many parts; else ""."""
    each = [_own_part(sentence, rate) for rate in rates]
    if all(each) and len({_known(name) for name in each}) > 1:
        return _joined([_shown(name) for name in each], rates)
    first, last = rates[0], rates[-1]
    if not all(_LISTED.fullmatch(sentence, one.end, two.start) for one, two in itertools.pairwise(rates)):
        return ""
    before = sentence[max(0, first.start - 260) : first.start]
    for told in (_THEIRS.search(before), _BEFORE.search(before), _AFTER.match(sentence, last.end)):
        names = _parts(told["parts"], len(rates)) if told is not None else []
        if len(names) == len(rates):
            return _joined(names, rates)
    return ""


_EACH = wording("stages_numbers.rate_for")


_EACH_BEFORE = wording("stages_numbers.rate_of")


_IN_BRACKETS = wording("stages_numbers.in_brackets")
_USES = wording("stages_numbers.part_uses")


def _own_part(sentence: str, rate: Rate) -> str:
    """The part (or the size of the model) that is named right behind or before a rate; "" for none."""
    bracket = _IN_BRACKETS.match(sentence, rate.end)
    if bracket is not None and (named := _parts(bracket["parts"], _MOST_LISTED)):
        return ", ".join(named)
    told = _EACH.match(sentence, rate.end)
    listed = _parts(told["part"] + told["more"], _MOST_LISTED) if told is not None and told["more"] else []
    if len(listed) > 1:
        return ", ".join(listed)
    for name in (told["part"], told["part"].partition(" ")[0]) if told is not None else ():
        if _known(name):
            return name
    lead = sentence[max(0, rate.start - 100) : rate.start]
    before = _EACH_BEFORE.search(lead) or _USES.search(lead)
    names = [_ARTICLE.sub("", item.strip()) for item in _ITEM.split(before["parts"])] if before is not None else []
    return ", ".join(names) if names and all(_part_of(name) for name in names) else ""


def _shown(name: str) -> str:
    size = _SIZE.fullmatch(name)
    return size["size"] if size is not None else name


def _parts(text: str, n: int) -> list[str]:
    """The first `n` items of a list; none where one of them is no part of the model."""
    names = [_ENDS.sub("", _ARTICLE.sub("", item.strip())) for item in _ITEM.split(text) if item.strip()][:n]
    known = all(name and len(name) <= _LONGEST and _known(name) for name in names)
    return [_shown(name) for name in names] if known else []


def _joined(names: Sequence[str], rates: Sequence[Rate]) -> str:
    of_rate: dict[str, list[str]] = {}
    for name, rate in zip(names, rates, strict=True):
        of_rate.setdefault(rate.value, []).append(name)
    if len(of_rate) == 1:
        return rates[0].value
    return ", ".join(f"{value} ({', '.join(named)})" for value, named in of_rate.items())


_NAMED = re.compile(r"\(([^()]*)\)")


def parts_with_rates(value: str) -> frozenset[Component]:
    """The parts that a learning rate names ("1e-5 (LLM), 2e-6 (ViT)"): what has a rate is trained."""
    named = {_part_of(name) for told in _NAMED.findall(value) for name in told.split(",")}
    return frozenset(part for part in ORDER if part in named)
