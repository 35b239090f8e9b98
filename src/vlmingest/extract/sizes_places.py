"""Where a size may be stated: the numbers with a unit, the rows that find them, and the places beside the own name.

Every pattern is a row of rules/sizes.toml whose weight is the chance that such a place gives a right size; `part` of a place
says what it speaks of (`OF_MODEL`, `OF_LM`, `OF_PART`). Counts of data ("4M images") are no sizes; a size of the form
"Name-A3B" is an active size and is read elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from vlmingest.document import BlockKind
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.own_model import own_model_names
from vlmingest.extract.rivals import names_rival
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import Voice, voice
from vlmingest.vocabulary import Mention, load

OF_MODEL, OF_LM, OF_PART = "model", "language model", "part"
SKIPPED = frozenset({SectionKind.RELATED, SectionKind.REFERENCES})
_ONE = re.compile(r"(?:(?<![\w.])(\d{1,2}) ?[x×] ?)?(\d{1,4}(?:\.\d{1,2})?)(?: ?-?([BMbm])(?:illion)?(?![a-z]))?")
_EACH = re.compile(r"(?<![\w.])(?:\d{1,2}[x×])?\d{1,4}(?:\.\d{1,2})? ?(?:[BM]\b|[bm]illion)")
# The unit of a size, with its number before it: units are rarer than digits, and capitals than other letters.
# One pattern for each letter: the engine skips to a single letter much faster than to one of two.
_UNITS = tuple(
    re.compile(rf"{letter}(?:(?<=\d.)|(?<=\d[ -].)|(?<=\d -.))(?:(?![A-Za-z0-9])|illion)") for letter in "BM"
)
_WORD_UNIT = re.compile(r"(?<=\d)(?: -|[ -]?)[bm]illion")
_WORD_END = "illion"
_ACTIVE = re.compile(r"[-_ ]A\d")
_SURE_OPEN = frozenset({SectionKind.METHOD, SectionKind.TRAINING, SectionKind.ABSTRACT, SectionKind.CONCLUSION})
_SURELY = 0.7  # what is not said to be the own work, in a section that need not be on it, counts less
_AFTER_NAME = 200  # characters behind a name that a pattern may take, at most
_NEXT = 40  # characters between a size and the name of what has it
_PREDECESSOR = 0.1
_MOST = {"B": 2000.0, "M": 999.0}
_LEAST = {"B": 0.1, "M": 10.0}


class Place(NamedTuple):
    """One place that speaks for a size; `part`: of what it is the size."""

    rule: str
    weight: float
    start: int
    end: int
    part: str = OF_MODEL


def sizes_in(text: str) -> list[str]:
    """Sizes of a list such as "1B, 2B and 9B" or "3, 7 and 13 billion"; a number without a unit takes the next one's.

    Experts stay as they are written: "8x7B".
    """
    return list(_sizes_in(text))


@lru_cache(maxsize=4096)
def _sizes_in(text: str) -> tuple[str, ...]:
    found: list[str] = []
    waiting: list[tuple[str, str]] = []
    for times, number, unit in _ONE.findall(text):
        waiting.append((times, number))
        if unit:
            for experts, value in waiting:
                size = size_name(float(value), unit.upper())
                found.append(f"{experts}x{size}" if experts and size else size)
            waiting = []
    return tuple(dict.fromkeys(size for size in found if size))


def parameters(size: str) -> float:
    """The number a size stands for, in millions; of experts ("8x7B"), their product."""
    times, _, one = size.rpartition("x")
    return float(one[:-1]) * (1000.0 if one[-1] == "B" else 1.0) * float(times or 1)


def size_name(value: float, unit: str) -> str:
    """`7B`, `1.3B`, `400M`; "" for what is no size of a model; thousands of millions are billions."""
    if unit == "M" and value >= 1000:
        value, unit = value / 1000, "B"
    return f"{value:g}{unit}" if _LEAST[unit] <= value <= _MOST[unit] else ""


@cache
def size_rules() -> dict[str, tuple[Rule, ...]]:
    """The rows of rules/sizes.toml by what they are tried on."""
    rows: dict[str, list[Rule]] = defaultdict(list)
    for rule in load_rules("sizes").rules:
        rows[str(rule.attributes["where"])].append(rule)
    return {where: tuple(rules) for where, rules in rows.items()}


@cache
def _trials() -> re.Pattern[str]:
    """The row `trials` for who asks only whether it stands in a text in lower case."""
    rule = next(rule for rule in load_rules("size_words").rules if rule.id == "size_word.trials.v1")
    return rule.lead or rule.low or rule.regex


@cache
def words(name: str) -> re.Pattern[str]:
    """The row `size_word.NAME.v1` of rules/size_words.toml."""
    return next(rule.regex for rule in load_rules("size_words").rules if rule.id == f"size_word.{name}.v1")


def size_mentions(view: PaperView) -> list[tuple[int, int, bool]]:
    """(place of the last digit, end, whether it counts data) of every number with the unit of a size, in tables and sentences."""
    return view.once(_size_mentions)


def _mention_places(view: PaperView) -> list[int]:
    return [number for number, _, _ in size_mentions(view)]


def _is_near(view: PaperView, index: int, high: int) -> bool:
    """Whether the size mention `index` is before `high`."""
    places = view.once(_mention_places)
    return index < len(places) and places[index] < high


def _size_mentions(view: PaperView) -> list[tuple[int, int, bool]]:
    text = view.text
    places = [match.span() for unit in _UNITS for match in unit.finditer(text)]
    end = text.find(_WORD_END)
    while end >= 0:
        match = _WORD_UNIT.search(text, max(end - 3, 0), end + len(_WORD_END))
        if match is not None:
            places.append((end - 1, match.end()))
        end = text.find(_WORD_END, end + 1)
    found = []
    for unit, end in sorted(places):
        number = unit - 1
        while text[number] in " -":
            number -= 1
        found.append((number, end, counts_data(view, end)))
    return found


def counts_data(view: PaperView, end: int) -> bool:
    """Whether the number that ends at `end` counts images, tokens and the like."""
    return words("data").match(view.text, end) is not None


def beside_names(view: PaperView) -> Iterator[tuple[str, Place]]:
    """Sizes right after or right before the own name, wherever it stands."""
    text, lowered = view.text, view.lowered
    seen: set[int] = set()
    found: list[tuple[str, Place]] = []
    for name in _spellings(own_model_names(view)):
        start = lowered.find(name)
        while start >= 0:
            end = start + len(name)
            if end not in seen and not (start and (text[start - 1].isalnum() or text[start - 1] in "-_/")):
                seen.add(end)
                found += _around_name(view, start, end)
            start = lowered.find(name, end)
    data = {lowered[place.start : place.end] for _, place in found if _is_data_set(view, place)}
    for size, place in found:
        if not data or lowered[place.start : place.end] not in data:
            yield size, place


def _is_data_set(view: PaperView, place: Place) -> bool:
    """Whether the sized name at `place` is that of a data set."""
    if place.rule != "size.after_name.v1":
        return False
    return _in_dataset(view, place.end - 1) or words("data_set").match(view.text, place.end) is not None


def _spellings(names: list[str]) -> list[str]:
    """The names in lower case, as they may stand in the text: words joined by spaces, hyphens or nothing, the longest first."""
    found: dict[str, None] = {}
    for name in names:
        words = re.split(r"[ -]", name.lower())
        found.update(dict.fromkeys((name.lower(), " ".join(words), "-".join(words), "".join(words))))
    return sorted(found, key=lambda name: (-len(name), name))


def _around_name(view: PaperView, start: int, end: int) -> Iterator[tuple[str, Place]]:
    """Sizes beside one place of a name; an earlier model of that name counts little."""
    low = max(start - 40, 0)
    nearest = bisect_left(view.once(_mention_places), end)
    after = _is_near(view, nearest, end + _AFTER_NAME)
    if not after and not (nearest and size_mentions(view)[nearest - 1][0] >= low):
        return
    earlier = _PREDECESSOR if words("earlier").search(view.text, low, start) else 1.0
    references = view.document.references
    if references is not None and references.start <= start < references.end:
        return
    block = view.block_at(start)
    in_table = block is not None and block.kind in (BlockKind.TABLE, BlockKind.FIGURE_TEXT)
    for rule in size_rules()["after_name"] if after else ():
        match = rule.regex.match(view.text, end)
        if match is not None and (rule.id != "size.name_has.v1" or named_after(view, match.end("value")) is None):
            next_cell = in_table and view.text[match.start("value") - 1].isspace()
            if next_cell and not _in_one_cell(view, start, match.end("value")):
                return
            # A row of results that is called so is a model that was released.
            part = OF_LM if not in_table and _in_language_model(view, end, match.end("value")) else OF_MODEL
            yield from noted(view, rule, match, earlier, part)
            return
    if in_table or not nearest or size_mentions(view)[nearest - 1][0] < low:
        return
    for rule in size_rules()["before_name"]:
        match = rule.regex.search(view.text[low:start])
        if match is not None:
            for size in sizes_in(match.group("value")):
                yield size, Place(rule.id, rule.weight, low + match.start("value"), end)


def _in_one_cell(view: PaperView, start: int, end: int) -> bool:
    """Whether `[start, end)` is all in one cell of a table: "Foo 3B", and not a name and the number beside it."""
    rows = view.once(_label_rows)
    index = bisect_right(rows, (start, end, ())) - 1
    for low, high, cells in rows[max(index, 0) : index + 2]:
        if low <= start and end <= high:
            text = " ".join(view.text[start:end].split())
            return any(text in cell for cell in cells)
    return False


def _label_rows(view: PaperView) -> list[tuple[int, int, tuple[str, ...]]]:
    """(start, end, cells) of all rows of tables, in order."""
    found = []
    for table in view.tables:
        for index, row in enumerate(table.table.cells):
            span = table.row_span(index)
            if span is not None:
                found.append((span.start, span.end, tuple(row)))
    return sorted(found)


def _in_language_model(view: PaperView, after: int, end: int) -> bool:
    """Whether a size that ends at `end` is in the name of a language model behind `after`: "Foo-BarLM-7B" of "Foo"."""
    rest = view.text[after:end].lstrip("-–_ ")
    if not rest[:1].isalpha():
        return False
    return any(
        not one.start and one.code.kind == "language_model" and not one.code.whole
        for one in load().find(rest, rest.lower())
    )


def _in_dataset(view: PaperView, place: int) -> bool:
    """Whether `place` is in the name of a data set, which may begin with the own name."""
    index = bisect_right(view.mention_starts, place) - 1
    if index < 0:
        return False
    mention = view.mentions[index]
    return mention.code.kind == "dataset" and place < mention.end


def noted(
    view: PaperView, rule: Rule, match: re.Match[str], factor: float, part: str = OF_MODEL
) -> Iterator[tuple[str, Place]]:
    """The sizes of a match as places, unless they count data or active parameters."""
    group = "value" if match.group("value") else "more"
    start, end = match.span(group)
    if counts_data(view, end) or _ACTIVE.search(match.group(group)) or words("of_else").match(view.text, end):
        return
    if words("activates").search(view.text, max(start - 24, 0), start) or words("active").match(view.text, end):
        return  # parameters at work at a time are a field of their own
    part = str(rule.attributes.get("part", part))
    sizes = (
        sizes_in(" ".join(_EACH.findall(match.group(group))))
        if rule.attributes.get("each")
        else sizes_in(match.group(group))
    )
    for size in sizes:
        yield size, Place(rule.id, round(rule.weight * factor, 4), match.start(), match.end(), part)


def named_after(view: PaperView, end: int) -> Mention | None:
    """The language model or encoder whose size ends at `end`: "the 2B and 7B parameter FooLM models"."""
    index = bisect_left(view.mention_starts, end)
    if index == len(view.mentions) or view.mentions[index].start > end + _NEXT:
        return None
    mention = view.mentions[index]
    if mention.code.kind == "dataset" or not words("parameters").fullmatch(view.text, end, mention.start):
        return None
    if any(view.lowered.startswith(name.lower(), mention.start) for name in own_model_names(view)):
        return None
    return mention


def sentence_factor(view: PaperView, sentence: Sentence) -> float:
    """How much a sentence counts, by whose work it speaks of and where it stands; looked at once per sentence."""
    known: dict[int, float] = view.memo.setdefault("sizes.factors", {})
    found = known.get(sentence.start)
    if found is None:
        found = known[sentence.start] = _sentence_factor(view, sentence)
    return found


def _sentence_factor(view: PaperView, sentence: Sentence) -> float:
    speaks = voice(view, sentence)
    if speaks is Voice.OTHER:
        return 0.0
    factor = 1.0 if speaks is Voice.OWN else 0.7 if sentence.section in _SURE_OPEN else 0.5
    if factor < _SURELY and names_rival(view, sentence.start, sentence.end):
        factor = 0.3
    if sentence.section is SectionKind.RELATED:
        factor = 0.5 if speaks is Voice.OWN else 0.0
    if sentence.section is SectionKind.ABLATION:
        factor *= 0.3
    if not factor:
        return factor
    if words("any_models").match(view.text, sentence.start, sentence.end):
        factor *= 0.3
    if _trials().search(view.lowered, sentence.start, sentence.end):
        factor *= 0.3
    return factor
