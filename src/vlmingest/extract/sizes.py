"""Sizes of the proposed model: beside its name ("X-7B", "X: 1B, 2B, 9B"), in sentences on the own work, in own rows of tables.

Every pattern is a row of rules/sizes.toml whose weight is the chance that such a place gives a right size; the places of
one size add up as independent evidence, each row at most twice. Counts of data ("4M images") and what stands behind
"than", "compared with" and the like are no sizes of the own model. A size of the form "Name-A3B" is an active size and is
read elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from vlmingest.document import BlockKind
from vlmingest.extract.identity import fold_name, name_candidates
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.table_kinds import TableKind, own_columns, own_rows, table_kind
from vlmingest.extract.view import PaperView, SectionKind, Sentence, TableView
from vlmingest.extract.voice import Voice, voice
from vlmingest.records import Candidate, FieldName

_ONE = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)(?: ?-?([BMbm])(?:illion)?(?![a-z]))?")
# The unit of a size, with its number before it: units are rarer than digits.
_MENTION = re.compile(r"[BMbm](?:(?<=\d.)|(?<=\d[ -].)|(?<=\d -.))(?:(?<=[BM])(?![A-Za-z0-9])|(?<=[bm])illion)")
_CELL = re.compile(r"\W{0,2}~?(\d{1,4}(?:\.\d{1,2})?) ?([BM])\W{0,2}")
_BARE = re.compile(r"\W{0,2}(\d{1,4}(?:\.\d{1,2})?)\W{0,2}")
_HEADER_UNIT = re.compile(r"\(\s*(?:in )?([BM])(?:illions?)?\s*\)|\b([bm])illions?\b")
_ACTIVE = re.compile(r"[-_ ]A\d")
# Behind a size: active parameters, or what a part of the model has.
_OF_ELSE = re.compile(
    r"(?:[- ]?param\w*)?,?(?: (?:that |which |of them |of which )?(?:are|is|being))? activ"
    r"|(?:[- ]?param\w*)?,? (?:as|for) (?:the|our|its|an?) (?:vision|visual|image|video|text|audio|language|frozen)",
    re.IGNORECASE,
)
_ACTIVATES = re.compile(r"\bactiv\w+ (?:only |just |about |around )?\Z", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:than|compar\w+|similar|unlike|outperform\w*|surpass\w*|beat\w*|exceed\w*|whereas|while|versus|vs|larger|against|rival\w*)\b",
    re.IGNORECASE,
)
_NOT_SIZE = re.compile(r"train|tun(?:e|able)|learn|data|image|token|sample|activ|flop|memory|speed", re.IGNORECASE)
# A header of these speaks of a part of the model, of a kind of parameters or of something else altogether.
_PART_HEADER = re.compile(
    r"encoder|decoder|vis(?:ion|ual)|text|language|LLM|connector|projector|head|layer|batch|hidden|image|expert",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"total|overall|\ball\b", re.IGNORECASE)
_SURE_OPEN = frozenset({SectionKind.METHOD, SectionKind.TRAINING, SectionKind.ABSTRACT, SectionKind.CONCLUSION})
_OF_PARTS = frozenset({"size.parameters.v1", "size.total.v1"})
# Sizes of the language model stand for the model's where it has none of its own.
_BORROWED = frozenset({"size.backbone.v1", "size.based_on.v1", "size.component_column.v1"})
_ENOUGH = 0.5
_BESIDE_OWN = 0.4
_OF_OTHERS = _OF_PARTS | {"size.in_sizes.v1", "size.bracketed.v1", "size.variant_named.v1"}
_SKIP = frozenset({SectionKind.RELATED, SectionKind.REFERENCES})
_MAX_NAMES = 3
_NEAR = 70
_PLANS = frozenset({TableKind.STAGES, TableKind.HYPERPARAMETER})
_SMALL = 4  # rows of a table that is about one model
_MOST = {"B": 2000.0, "M": 999.0}
_LEAST = {"B": 0.1, "M": 10.0}


class _Place(NamedTuple):
    rule: str
    weight: float
    start: int
    end: int


def read_sizes(view: PaperView) -> Iterator[Candidate]:
    """One candidate per size, surest first."""
    found: dict[str, list[_Place]] = {}
    for size, place in (*_beside_names(view), *_in_sentences(view), *_in_tables(view), *_of_backbones(view)):
        found.setdefault(size, []).append(place)
    enough = any(_together(_own(places)) >= _ENOUGH for places in found.values())
    scored = [
        (_together(places) * (_BESIDE_OWN if enough and not _own(places) else 1.0), size, places)
        for size, places in found.items()
    ]
    for confidence, size, places in sorted(scored, key=lambda one: (-one[0], one[1])):
        best = sorted(places, key=lambda place: (-place.weight, place.start))
        yield Candidate(
            field=FieldName.SIZE,
            value=size,
            evidence=tuple(view.evidence(one.start, one.end, one.rule) for one in best[:2]),
            reader=f"rule:{best[0].rule}",
            confidence=round(confidence, 4),
            attributes={"places": len(places), "rules": len({one.rule for one in places})},
        )


def sizes_in(text: str) -> list[str]:
    """Sizes of a list such as "1B, 2B and 9B" or "3, 7 and 13 billion"; a number without a unit takes the next one's."""
    found: list[tuple[float, str]] = []
    waiting: list[float] = []
    for number, unit in _ONE.findall(text):
        waiting.append(float(number))
        if unit:
            found += [(value, unit.upper()) for value in waiting]
            waiting = []
    return list(dict.fromkeys(size for value, unit in found if (size := size_name(value, unit))))


def size_name(value: float, unit: str) -> str:
    """`7B`, `1.3B`, `400M`; "" for what is no size of a model; thousands of millions are billions."""
    if unit == "M" and value >= 1000:
        value, unit = value / 1000, "B"
    return f"{value:g}{unit}" if _LEAST[unit] <= value <= _MOST[unit] else ""


@cache
def _rules() -> dict[str, tuple[Rule, ...]]:
    rows: dict[str, list[Rule]] = defaultdict(list)
    for rule in load_rules("sizes").rules:
        rows[str(rule.attributes["where"])].append(rule)
    return {where: tuple(rules) for where, rules in rows.items()}


@cache
def _parts() -> re.Pattern[str]:
    return re.compile(str(load_rules("sizes").data["parts"]))


@cache
def _data_words() -> re.Pattern[str]:
    return re.compile(str(load_rules("sizes").data["data_words"]))


def _own(places: list[_Place]) -> list[_Place]:
    """The places that speak of the model itself, not of the language model in it."""
    return [place for place in places if place.rule not in _BORROWED]


def _together(places: list[_Place]) -> float:
    wrong, seen = 1.0, defaultdict[str, int](int)
    for place in sorted(places, key=lambda one: (-one.weight, one.start)):
        seen[place.rule] += 1
        if seen[place.rule] == 1:
            wrong *= 1 - place.weight
        elif seen[place.rule] == 2:
            wrong *= 1 - place.weight / 2
    return round(min(1 - wrong, 0.98), 4)


def _beside_names(view: PaperView) -> Iterator[tuple[str, _Place]]:
    text, lowered = view.text, view.lowered
    ranked = name_candidates(view)[:_MAX_NAMES]
    least = 0.3 * ranked[0].score if ranked else 0.0
    seen: set[int] = set()
    for name in _spellings([one.name for one in ranked if one.score >= least]):
        start = lowered.find(name)
        while start >= 0:
            end = start + len(name)
            if end not in seen and not (start and (text[start - 1].isalnum() or text[start - 1] in "-_/")):
                seen.add(end)
                yield from _around_name(view, start, end)
            start = lowered.find(name, end)


def _spellings(names: list[str]) -> list[str]:
    """The names in lower case, as they may stand in the text: words joined by spaces, hyphens or nothing, the longest first."""
    found: dict[str, None] = {}
    for name in names:
        words = re.split(r"[ -]", name.lower())
        found.update(dict.fromkeys((name.lower(), " ".join(words), "-".join(words), "".join(words))))
    return sorted(found, key=lambda name: (-len(name), name))


def _around_name(view: PaperView, start: int, end: int) -> Iterator[tuple[str, _Place]]:
    references = view.document.references
    if references is not None and references.start <= start < references.end:
        return
    block = view.block_at(start)
    in_table = block is not None and block.kind in (BlockKind.TABLE, BlockKind.FIGURE_TEXT)
    for rule in _rules()["after_name"]:
        match = rule.regex.match(view.text, end)
        if match is not None:
            if in_table and view.text[match.start("value") - 1].isspace():
                return  # the next cell
            yield from _noted(view, rule, match, 1.0)
            return
    low = max(start - 40, 0)
    for rule in _rules()["before_name"]:
        match = rule.regex.search(view.text[low:start])
        if match is not None:
            for size in sizes_in(match.group("value")):
                yield size, _Place(rule.id, rule.weight, low + match.start("value"), end)


def _noted(view: PaperView, rule: Rule, match: re.Match[str], factor: float) -> Iterator[tuple[str, _Place]]:
    group = "value" if match.group("value") else "more"
    end = match.end(group)
    if _data_words().match(view.text, end) or _ACTIVE.search(match.group(group)):
        return
    if _OF_ELSE.match(view.text, end) or _ACTIVATES.search(
        view.text, max(match.start(group) - 24, 0), match.start(group)
    ):
        return
    for size in sizes_in(match.group(group)):
        yield size, _Place(rule.id, round(rule.weight * factor, 4), match.start(), match.end())


def _in_sentences(view: PaperView) -> Iterator[tuple[str, _Place]]:
    seen: set[int] = set()
    for mention in _MENTION.finditer(view.text):
        number = mention.start() - 1
        while view.text[number] in " -":
            number -= 1
        index = view.sentence_index(number)
        if index is None or index in seen:
            continue
        seen.add(index)
        sentence = view.sentences[index]
        if sentence.section in _SKIP:
            continue
        speaks = voice(view, sentence)
        if speaks is Voice.OTHER:
            continue
        factor = 1.0 if speaks is Voice.OWN else 0.7 if sentence.section in _SURE_OPEN else 0.35
        if sentence.section is SectionKind.ABLATION:
            factor *= 0.3
        for rule in (*_rules()["own"], *_rules()["base"]):
            for match in rule.regex.finditer(view.text, sentence.start, sentence.end):
                before = view.text[sentence.start : match.start()]
                least = 0.3 if _COMPARED.search(before) and not rule.attributes.get("despite") else 1.0
                if (rule.id in _OF_PARTS and _parts().search(before)) or (
                    rule.id in _OF_OTHERS and _other_model(view, sentence, match.start())
                ):
                    least *= 0.4
                yield from _noted(view, rule, match, factor * least)


def _other_model(view: PaperView, sentence: Sentence, start: int) -> bool:
    """Whether another model's name stands shortly before `start`, nearer than the own one."""
    low = max(sentence.start, start - _NEAR)
    index = bisect_left(view.mention_starts, low)
    own = max(
        (view.lowered.rfind(one.name.lower(), low, start) for one in name_candidates(view)[:_MAX_NAMES]), default=-1
    )
    for mention in view.mentions[index:]:
        if mention.start >= start:
            return False
        if mention.code.kind != "dataset" and mention.start > own:
            return True
    return False


def _in_tables(view: PaperView) -> Iterator[tuple[str, _Place]]:
    for table in view.tables:
        if table.section in _SKIP:
            continue
        rows = own_rows(view, table)
        if rows:
            yield from _in_rows(table, rows, table_kind(view, table) is TableKind.ARCHITECTURE)
        else:
            yield from _in_own_table(view, table)
        yield from _in_headers(view, table)
        if table_kind(view, table) in _PLANS:
            yield from _in_plan(table)


def _in_rows(table: TableView, rows: tuple[int, ...], plan: bool) -> Iterator[tuple[str, _Place]]:
    """Sizes in the own rows; in a table of architectures (`plan`) without a column for them, the last that stands there."""
    columns = _size_columns(table.headers)
    spare = _rules()["architecture_row"][0]
    for index in rows:
        span = table.row_span(index)
        if span is None:
            continue
        row = table.table.cells[index]
        for column, rule, unit in columns:
            size = _cell_size(row[column], unit) if column < len(row) else ""
            if size:
                yield size, _Place(rule.id, rule.weight, span.start, span.end)
        if plan and not columns:
            cells = [size for cell in row[1:] if spare.regex.search(cell) and (size := _cell_size(cell, ""))]
            if cells:
                yield cells[-1], _Place(spare.id, spare.weight, span.start, span.end)


def _in_own_table(view: PaperView, table: TableView) -> Iterator[tuple[str, _Place]]:
    """Totals of a small table on the own model's parameters, whose rows need no name."""
    first = table.table.header_rows
    rule = _rules()["caption"][0]
    if len(table.rows) > _SMALL or not rule.regex.search(table.caption):
        return
    caption = fold_name(table.caption)
    if not any(fold_name(one.name) in caption for one in name_candidates(view)[:_MAX_NAMES]):
        return
    for column, _, unit in _size_columns(("", *table.headers)):
        for index, row in enumerate(table.rows, start=first):
            span = table.row_span(index)
            size = _cell_size(row[column - 1], unit) if column - 1 < len(row) else ""
            if size and span is not None:
                yield size, _Place(rule.id, rule.weight, span.start, span.end)


def _of_backbones(view: PaperView) -> Iterator[tuple[str, _Place]]:
    """Sizes of the language models that method and training speak of: what the model is called by where it has no own."""
    rule = _rules()["backbone"][0]
    for mention in view.mentions:
        if mention.code.kind != "language_model" or not mention.sizes:
            continue
        sentence = view.sentence_at(mention.start)
        if sentence is None or sentence.section not in _SURE_OPEN or voice(view, sentence) is Voice.OTHER:
            continue
        for size in sizes_in(" ".join(mention.sizes)):
            yield size, _Place(rule.id, rule.weight, mention.start, mention.end)


def _size_columns(headers: tuple[str, ...]) -> list[tuple[int, Rule, str]]:
    """Columns that give sizes: (index, rule, unit of bare numbers); where several do, those of the whole model."""
    found: list[tuple[int, Rule, str]] = []
    for column, header in enumerate(headers):
        if not column or _NOT_SIZE.search(_HEADER_UNIT.sub("", header)):
            continue
        rule = _header_rule(header)
        if rule is not None:
            unit = _HEADER_UNIT.search(header)
            found.append((column, rule, (unit.group(1) or unit.group(2)).upper() if unit else ""))
    total = [one for one in found if _TOTAL.search(headers[one[0]])]
    return total or (found if len(found) < 3 else found[-1:])  # parts come first, their sum last


def _header_rule(header: str) -> Rule | None:
    rules = _rules()["header"]
    rule = next((rule for rule in rules if rule.regex.search(header)), None)
    if rule is not None and rule.id == "size.column.v1" and _PART_HEADER.search(header):
        rule = next((other for other in rules if other is not rule and other.regex.search(header)), None)
    return rule


def _cell_size(cell: str, unit: str) -> str:
    match = _CELL.fullmatch(cell.strip())
    if match is not None:
        return size_name(float(match.group(1)), match.group(2))
    bare = _BARE.fullmatch(cell.strip()) if unit else None
    return size_name(float(bare.group(1)), unit) if bare is not None else ""


def _in_headers(view: PaperView, table: TableView) -> Iterator[tuple[str, _Place]]:
    """Own columns: the size in "X-7B" of a header is read beside the name; here the params row of such a column."""
    columns = own_columns(view, table)
    if not columns:
        return
    for index, row in enumerate(table.table.cells):
        span = table.row_span(index)
        if span is None or not row or _NOT_SIZE.search(row[0]):
            continue
        rule = _header_rule(row[0])
        if rule is None:
            continue
        for column in columns:
            size = _cell_size(row[column], "") if column < len(row) else ""
            if size:
                yield size, _Place(rule.id, rule.weight, span.start, span.end)


def _in_plan(table: TableView) -> Iterator[tuple[str, _Place]]:
    """The row of parameters in a table of the own training; of "trainable / total" the total."""
    rule = _rules()["row"][0]
    for index, row in enumerate(table.table.cells):
        span = table.row_span(index)
        if span is None or not row or not rule.regex.search(row[0]):
            continue
        label = row[0].split("/")
        part = next((number for number, piece in enumerate(label) if _TOTAL.search(piece)), 0)
        for cell in dict.fromkeys(row[1:]):
            pieces = cell.split("/")
            size = _cell_size(pieces[part], "") if len(pieces) == len(label) else ""
            if size:
                yield size, _Place(rule.id, rule.weight, span.start, span.end)
