"""From the places of a size to the chance that it is one of the own model: features a person can read, and their weights.

The weights (weights/sizes.json) are a logistic regression trained by tools/train_sizes.py on chosen sizes of papers.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vlmingest.extract.headings import SectionKind
from vlmingest.extract.sizes_places import (
    OF_LM,
    OF_MODEL,
    OF_PART,
    Place,
    parameters,
    size_mentions,
    sizes_in,
)
from vlmingest.extract.view import PaperView
from vlmingest.extract.wording import wording

_FRONT = frozenset({SectionKind.FRONT, SectionKind.ABSTRACT})
_OPENING = frozenset({SectionKind.INTRODUCTION, SectionKind.CONCLUSION})
_NAMED = ("size.after_name", "size.name_", "size.before_name")
_BEHIND = frozenset({"size.after_name.v1", "size.name_brackets.v1"})
_TABLED = ("size.column", "size.own_row", "size.parameter_table", "size.total_row", "size.component_column")
_DATA_HEADER = wording("size_words.data_header")
_FAR = 1 << 60
_EXPERTS = re.compile(r"(?<![\w.])\d{1,2}[x×]\Z")  # before the size of one
_TOLD = "size.sizes_told.v1"  # of a model that is made of encoders, their sizes are its own
_OWN_ROW = 0.5  # the least weight of an own row that says the size of the whole model, were that an encoder
_NEAR_SAME = 0.05  # two sizes that differ by less are one, rounded


@dataclass
class Told:
    """What all mentions of one size together say, tables and related work too."""

    mentions: int = 0
    data: int = 0
    encoder: int = 0
    rival: int = 0


def together(places: Sequence[Place]) -> float:
    """The chance by independent evidence; of one row two places count, the second half."""
    wrong, seen = 1.0, defaultdict[str, int](int)
    for place in sorted(places, key=lambda one: (-one.weight, one.start)):
        seen[place.rule] += 1
        if seen[place.rule] == 1:
            wrong *= 1 - place.weight
        elif seen[place.rule] == 2:
            wrong *= 1 - place.weight / 2
    return min(1 - wrong, 0.98)


def tell(view: PaperView, wanted: Mapping[str, object]) -> dict[str, Told]:
    """What the mentions of the `wanted` sizes are beside of, over the whole text but for the references."""
    found: dict[str, Told] = defaultdict(Told)
    mentions, starts = view.mentions, view.mention_starts
    references = view.document.references
    cells = _data_cells(view)
    numbers = {size.rpartition("x")[2][:-1] for size in wanted}
    for number, end, is_data in size_mentions(view):
        if references is not None and references.start <= number < references.end:
            continue
        low = number
        while low and (view.text[low - 1].isdigit() or view.text[low - 1] == "."):
            low -= 1
        number_told = view.text[low : number + 1]
        if number_told not in numbers and len(number_told) < 4:
            continue
        times = _EXPERTS.search(view.text, max(low - 4, 0), low)
        for size in sizes_in(view.text[times.start() if times is not None else low : end]):
            if size not in wanted:
                continue
            told = found[size]
            told.mentions += 1
            if is_data or _counted_in_row(cells, low, size):
                told.data += 1
                continue
            index = bisect_right(starts, number) - 1
            if index >= 0 and low - mentions[index].end <= 2:
                code = mentions[index].code
                told.encoder += code.kind == "vision_encoder"
                told.data += code.kind == "dataset" and number < mentions[index].end
                told.rival += code.whole or code.closed
    return found


def _data_cells(view: PaperView) -> list[tuple[int, int, frozenset[str]]]:
    """(start, end, sizes) of the rows whose cells below a header such as "# Images" give these numbers."""
    found = []
    for table in view.tables:
        columns = [index for index, header in enumerate(table.headers) if _DATA_HEADER.search(header)]
        if not columns:
            continue
        for index, row in enumerate(table.table.cells):
            span = table.row_span(index)
            cells = (row[column].strip() for column in columns if column < len(row))
            sizes = frozenset(size for cell in cells if cell[:1].isdigit() for size in sizes_in(cell))
            if span is not None and sizes:
                found.append((span.start, span.end, sizes))
    return sorted(found, key=lambda row: row[:2])


def _counted_in_row(cells: list[tuple[int, int, frozenset[str]]], offset: int, size: str) -> bool:
    index = bisect_right(cells, (offset, _FAR)) - 1
    return index >= 0 and offset < cells[index][1] and size in cells[index][2]


def features_of(size: str, places: Mapping[str, Sequence[Place]], told: Told, view: PaperView) -> dict[str, float]:
    """Readable features of one size, each about 0..1; `places`: of all sizes of the paper."""
    mine = places[size]
    own = _own(mine)
    best_other = max((_own(rest) for other, rest in places.items() if other != size), default=0.0)
    of_model = [place for place in mine if place.part == OF_MODEL]
    table = max((place.weight for place in of_model if place.rule.startswith(_TABLED)), default=0.0)
    mine_named = _named(mine)
    other_named = max((_named(rest) for other, rest in places.items() if other != size), default=0.0)
    named = {place.start for place in of_model if place.rule.startswith(_NAMED)}
    sections = {view.section_kind(place.start) for place in of_model}
    lm = together([place for place in mine if place.part == OF_LM])
    said = [place for place in of_model if not place.rule.startswith((*_NAMED, *_TABLED))]
    most = max(told.mentions, 1)
    return {
        "odds": logit(1 - (1 - own) * (1 - lm * (1 - best_other))) / 4,
        "own": own,
        "named": mine_named,
        "unnamed": max(other_named - mine_named, 0.0) * (1 - own),
        "names": min(len(named), 4) / 4,
        "said": together(said),
        "table": table,
        "front": 1.0 if sections & _FRONT else 0.5 if sections & _OPENING else 0.0,
        "lm": lm,
        "lm_beside": lm * best_other * (1 - own),
        "lm_million": lm * float(size.endswith("M")) * (1 - own),
        "own_beside": max(best_other - own, 0.0) * min(2 * own, 1.0),
        "part": together([place for place in mine if place.part == OF_PART]),
        "data": 1.0
        if _counts_data(size, mine, told)
        else min(2 * told.data / most, 1.0) * told.data / (told.data + 0.5),
        "encoder": 0.0 if table >= _OWN_ROW or any(place.rule == _TOLD for place in mine) else told.encoder / most,
        "rival": told.rival / most,
        "million": float(size.endswith("M")),
        "rounded": float(any(_own(rest) >= own and _same(size, other) for other, rest in places.items())),
    }


def without_respelled(places: Mapping[str, list[Place]]) -> dict[str, list[Place]]:
    """The sizes without those that say another one in the other unit, rounded: "0.23B" beside "232M"."""
    kept = dict(places)
    for billions in [size for size in places if size.endswith("B") and "x" not in size]:
        digits = len(billions[:-1].partition(".")[2])
        for millions in [size for size in kept if size.endswith("M")]:
            if billions in kept and round(float(millions[:-1]) / 1000, digits) == float(billions[:-1]):
                weaker, stronger = sorted((billions, millions), key=lambda size: (_own(places[size]), size))
                kept[stronger] = kept[stronger] + kept.pop(weaker)
    return kept


def logit(value: float) -> float:
    """Log odds of a chance that is first kept off 0 and 1."""
    held = min(max(value, 0.02), 0.98)
    return math.log(held / (1 - held))


def _own(places: Sequence[Place]) -> float:
    return together([place for place in places if place.part == OF_MODEL])


def _counts_data(size: str, places: Sequence[Place], told: Told) -> bool:
    """Whether "Foo-15M" is Foo trained on 15M images: that number of millions is only told of data and in such names."""
    return told.data > 0 and size.endswith("M") and all(place.rule in _BEHIND for place in places)


def _named(places: Sequence[Place]) -> float:
    """How surely the size stands beside the own name."""
    return max(
        (place.weight for place in places if place.part == OF_MODEL and place.rule.startswith(_NAMED)), default=0.0
    )


def _same(size: str, other: str) -> bool:
    """Whether `other` is `size`, rounded to fewer digits."""
    if size == other:
        return False
    mine, theirs = parameters(size), parameters(other)
    if size[-1] == other[-1] and len(other.rstrip("0BM.")) >= len(size.rstrip("0BM.")):
        return False
    return abs(mine - theirs) <= _NEAR_SAME * max(mine, theirs)
