"""Input resolutions of the proposed model, in pixels of one side.

Square sizes and single numbers beside words of resolution (rules/inputs.toml), outside of related work; rows and columns of
tables; what the name of the own vision encoder says ("-448px"). What is said of others' or of all models, tried out, compared
with or generated counts little; places add up.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from vlmingest.extract.headings import SectionKind
from vlmingest.extract.logistic import chance, weights_of
from vlmingest.extract.own_model import own_model_rows
from vlmingest.extract.parts import weighed_parts
from vlmingest.extract.resolution_weigh import Place, features_of
from vlmingest.extract.rival_tables import is_of_rivals
from vlmingest.extract.rivals import names_rival
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.table_kinds import TableKind, table_kind
from vlmingest.extract.view import PaperView, Sentence, TableView
from vlmingest.extract.voice import Voice, own_names, voice
from vlmingest.records import Candidate, FieldName

_SKIP = frozenset({SectionKind.RELATED, SectionKind.REFERENCES, SectionKind.CONCLUSION})
_METHODS = frozenset({SectionKind.METHOD, SectionKind.TRAINING, SectionKind.DATA, SectionKind.ABSTRACT})
_PLANS = frozenset({TableKind.HYPERPARAMETER, TableKind.STAGES})
_RULES = (
    "resolution_pair",
    "resolution",
    "resolution_list",
    "resolution_chain",
    "resolution_before",
    "resolution_square",
    "resized_to",
    "resolution_side",
    "resolution_tuple",
)
_LISTS = frozenset({"resolution_side", "resolution_list", "resolution_chain", "resolution_before", "resized_to"})
_SAYS_PIXELS = frozenset({"resolution", "resolution_list", "resolution_before", "resolution_square"})
_TABLE_WEIGHT = 0.7
_OWN_ROW_WEIGHT = 0.6
_ENCODER_WEIGHT = 0.62
_OF_A_RIVAL, _IN_BRACKET = 0.2, 50
_SURE = 0.6  # where a sentence or table is this sure of another side, the encoder's name says little
_BESIDE = 0.35
_MOST_IN_ROW, _MOST_IN_COLUMN = 3, 6
_SIDES = re.compile(r"\d{3,4}")
_PAIR_CELL = re.compile(r"\W*(\d{3,4}) ?[x×*] ?(\d{3,4})\W*")
_CHAIN_CELL = re.compile(r"\W*\d{3,5}(?: ?(?:→|->|,|/|to) ?\d{3,5})+\W*")
_LEAST_SIDE, _MOST_SIDE = 112, 2048
_LONGEST, _SLIM = 4096, 3
_STEPS = (14, 16)  # sides are multiples of the size of a patch
_READER = "architecture.image_resolution.v2"


@cache
def input_rules() -> dict[str, Rule]:
    """The rows of rules/inputs.toml by the middle of their id."""
    return {rule.id.split(".")[1]: rule for rule in load_rules("inputs").rules}


def resolution_places(view: PaperView) -> dict[int, list[Place]]:
    """Every side that something speaks for, in order, with its places, surest first."""
    found: dict[int, list[Place]] = defaultdict(list)
    for side, place in (*_in_sentences(view), *_in_tables(view)):
        found[side].append(place)
    _add_encoders(view, found)
    return {
        side: sorted(set(places), key=lambda one: (-one.weight, one.start)) for side, places in sorted(found.items())
    }


def read_resolutions(view: PaperView) -> Iterator[Candidate]:
    """One candidate per side, with the places that say it."""
    found = resolution_places(view)
    for side, places in found.items():
        features = features_of(side, found, view)
        yield Candidate(
            field=FieldName.IMAGE_RESOLUTION,
            value=str(side),
            evidence=tuple(view.evidence(one.start, one.end, _READER) for one in places[:2]),
            reader=f"rule:{_READER}",
            confidence=round(chance(features, weights_of("resolutions")), 4),
        )


def _in_sentences(view: PaperView) -> Iterator[tuple[int, Place]]:
    judged: dict[int, tuple[float, bool]] = {}
    for name in _RULES:
        for sentence, match in view.hits(input_rules()[name]):
            if sentence.section in _SKIP:
                continue
            if sentence.start not in judged:  # once: a sentence may be long and hold many
                judged[sentence.start] = _judge(view, sentence)
            weight, speaks = judged[sentence.start]
            if (
                not speaks
                and name != "resolution_side"
                and not (name == "resolution_pair" and sentence.section in _METHODS)
            ):
                continue
            weight *= (1.0 if speaks else 0.8) * _by_words_before(view, sentence, match)
            for side in _sides(name, match):
                yield side, Place(weight, match.start(), match.end())
            if name == "resolution_pair" and match.group("value") != match.group("other"):
                yield from _of_oblong(view, sentence, match, weight)


def _of_oblong(view: PaperView, sentence: Sentence, match: re.Match[str], weight: float) -> Iterator[tuple[int, Place]]:
    """Both sides of the largest image that the model takes: "supports up to 1344×896"; others are but examples."""
    if input_rules()["largest"].regex.search(view.text, sentence.start, match.start()):
        for side in _oblong(match.group("value", "other")):
            yield side, Place(weight, match.start(), match.end(), "oblong")


def _oblong(sides: Iterable[str]) -> list[int]:
    """Both sides where an image may have them: each of whole patches, none much longer than the other."""
    low, high = sorted(map(int, sides))
    good = low >= _LEAST_SIDE and high <= _LONGEST and high <= _SLIM * low
    return [low, high] if good and all(any(side % step == 0 for step in _STEPS) for side in (low, high)) else []


def _judge(view: PaperView, sentence: Sentence) -> tuple[float, bool]:
    """How much a sentence counts, and whether it speaks of images at all."""
    text = view.quote(sentence)
    return _weight(view, sentence, text), input_rules()["image_words"].regex.search(text) is not None


def _by_words_before(view: PaperView, sentence: Sentence, match: re.Match[str]) -> float:
    """A factor by what stands between the start of the sentence, or the last "we" in it, and the number."""
    before = view.text[sentence.start : match.start()]
    factor = 1.0
    ours = input_rules()["own_after"].regex.search(before) is not None or _own_named_last(view, before)
    if not ours and (input_rules()["of_many"].regex.search(before) or names_rival(view, sentence.start, match.start())):
        factor *= 0.3
    after = view.text[match.end() : sentence.end]
    since = max(before.rfind(" we "), before.rfind(" our "), 0)
    if input_rules()["tried"].regex.search(before, since) or input_rules()["outcome"].regex.search(after):
        factor *= 0.3
    if input_rules()["filtered"].regex.search(view.text, sentence.start, sentence.end):
        factor *= 0.3
    return factor * _OF_A_RIVAL if _behind_rival(view, sentence, match.start()) else factor


def _behind_rival(view: PaperView, sentence: Sentence, start: int) -> bool:
    """Whether the number stands in brackets right behind another model's name: "24.8 for Foo-13B (336px)"."""
    opened = view.text.rfind("(", max(sentence.start, start - _IN_BRACKET), start)
    if opened < 0 or ")" in view.text[opened:start]:
        return False
    index = bisect_left(view.mention_starts, opened) - 1
    if index < 0 or opened - view.mentions[index].end > 1:
        return False
    mention = view.mentions[index]
    return mention.code.whole and not any(view.lowered.startswith(name, mention.start) for name in own_names(view))


def _own_named_last(view: PaperView, before: str) -> bool:
    """Whether the own name stands in `before`, behind what is said of many models."""
    low = before.lower()
    own = max((low.rfind(name) for name in own_names(view)), default=-1)
    many = [found.start() for found in input_rules()["of_many"].regex.finditer(before)]
    return own > (many[-1] if many else 0)


def _in_tables(view: PaperView) -> Iterator[tuple[int, Place]]:
    """Rows and columns of resolutions in tables on the own training or architecture, and in own rows of any table."""
    head = input_rules()["resolution_head"].regex
    for table in view.tables:
        if table.section in (SectionKind.RELATED, SectionKind.CONCLUSION) or is_of_rivals(view, table):
            continue
        kind = table_kind(view, table)
        columns = [index for index, header in enumerate(table.headers) if index and head.search(header)]
        if kind in _PLANS or (kind is TableKind.ARCHITECTURE and not columns):
            yield from _in_plan(table, columns)
        elif columns:
            for index in own_model_rows(view, table):
                yield from _in_row(table, index, columns, _OWN_ROW_WEIGHT)


def _in_plan(table: TableView, columns: list[int]) -> Iterator[tuple[int, Place]]:
    """A table of the own training; a row of many sides compares them, a column may tell of variants."""
    head = input_rules()["resolution_head"].regex
    found: list[tuple[int, Place]] = []
    most = _MOST_IN_COLUMN
    for index, row in enumerate(table.table.cells):
        if row and (head.search(row[0]) or (len(row) > 2 and head.search(row[1]))):
            chained = any(_CHAIN_CELL.fullmatch(cell) for cell in row[1:])  # of one run, not what is compared
            most = _MOST_IN_COLUMN if chained else _MOST_IN_ROW
            found += _in_row(table, index, list(range(1, len(row))), _TABLE_WEIGHT)
        elif row:
            found += _in_row(table, index, columns, _TABLE_WEIGHT)
    if len({side for side, _ in found}) <= most:
        yield from found


def _in_row(table: TableView, index: int, columns: list[int], weight: float) -> Iterator[tuple[int, Place]]:
    span, row = table.row_span(index), table.table.cells[index]
    if span is not None:
        for side in sorted({side for column in columns if column < len(row) for side in _cell_sides(row[column])}):
            yield (
                side,
                Place(weight * (0.5 if table.section is SectionKind.ABLATION else 1.0), span.start, span.end, "table"),
            )


def _add_encoders(view: PaperView, found: dict[int, list[Place]]) -> None:
    """Sides that the name of an encoder of the own model ends in; it may be fed with other ones, which are then told."""
    chances = {
        use.code.name: chance
        for use, chance, _ in weighed_parts(view)
        if use.kind == "vision_encoder" and use.code is not None
    }
    sure = {side for side, places in found.items() if any(place.weight >= _SURE for place in places)}
    fed_with, in_brackets = input_rules()["fed_with"].regex, input_rules()["weights_in_brackets"].regex
    for mention in view.mentions:
        if mention.code.kind != "vision_encoder":
            continue
        fed = fed_with.match(view.text, mention.end) or in_brackets.match(view.text, mention.end)
        sides = (
            [int(side) for side in _SIDES.findall(view.text[mention.short_end : mention.end])]
            if mention.short_end
            else []
        )
        sides += [int(fed.group(1))] if fed is not None else []
        sentence = view.sentence_at(mention.start)
        chance = chances.get(mention.code.name, 0.0)
        if not sides or sentence is None or sentence.section in _SKIP or chance < 0.3:
            continue
        if voice(view, sentence) is Voice.OTHER or sentence.section is SectionKind.ABLATION:
            continue
        weight = _ENCODER_WEIGHT * chance * (_BESIDE if sure - {sides[-1]} else 1.0)
        if _LEAST_SIDE <= sides[-1] <= _MOST_SIDE:
            found[sides[-1]].append(Place(weight, mention.start, mention.end, "encoder"))


def _cell_sides(cell: str) -> list[int]:
    """The side of a cell such as "448", "384 × 384" or "448 (max)", those of a chain; none of two different ones."""
    sides = {_unsquared(int(side)) for side in _SIDES.findall(cell)}
    if len(sides) == 2 and (pair := _PAIR_CELL.fullmatch(cell)) is not None:
        return _oblong(pair.groups())
    if len(sides) > 1 and _CHAIN_CELL.fullmatch(cell) is None:
        return []
    return sorted(side for side in sides if _LEAST_SIDE <= side <= _MOST_SIDE)


def _sides(name: str, match: re.Match[str]) -> list[int]:
    if name == "resolution_pair":
        sides = {int(match.group("value")), int(match.group("other"))}
        if len(sides) > 1:
            return []
    elif name in _LISTS:
        sides = {int(side) for side in _SIDES.findall(match.group())}
        if name in _SAYS_PIXELS:
            sides = set(map(_unsquared, sides))
    else:
        sides = {int(next(group for group in match.groups() if group))}
        if name in _SAYS_PIXELS:
            sides = set(map(_unsquared, sides))
    return sorted(side for side in sides if _LEAST_SIDE <= side <= _MOST_SIDE)


def _unsquared(number: int) -> int:
    """224 of "2242": a square whose exponent was written out beside it; 1024 stays what it is."""
    side, power = divmod(number, 10)
    plain = any(number % step == 0 for step in _STEPS)
    return (
        side
        if power == 2 and side >= _LEAST_SIDE and not plain and any(side % step == 0 for step in _STEPS)
        else number
    )


def _weight(view: PaperView, sentence: Sentence, text: str) -> float:
    speaks = voice(view, sentence)
    weight = 0.62 if speaks is Voice.OWN else 0.55 if speaks is Voice.OPEN else 0.2
    if sentence.section is SectionKind.ABLATION:
        weight *= 0.5
    if speaks is not Voice.OTHER and sentence.section in (SectionKind.METHOD, SectionKind.TRAINING):
        weight += 0.1
    if input_rules()["not_input"].regex.search(text):
        weight *= 0.3
    return weight
