"""Sizes in tables: columns and rows of parameters of the own model, totals of a table on it, plans of the own training."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from vlmingest.document import Span
from vlmingest.extract.identity import fold_name
from vlmingest.extract.own_model import holds_words, own_model_names, own_model_rows
from vlmingest.extract.rules import Rule
from vlmingest.extract.sizes_places import (
    OF_MODEL,
    OF_PART,
    SKIPPED,
    Place,
    size_name,
    size_rules,
    sizes_in,
)
from vlmingest.extract.table_kinds import TableKind, own_columns, table_kind
from vlmingest.extract.view import PaperView, TableView
from vlmingest.extract.wording import wording

_CELL = re.compile(r"\W{0,2}~?(\d{1,4}(?:\.\d{1,2})?) ?([BM])\W{0,2}")
_BARE = re.compile(r"\W{0,2}(\d{1,4}(?:\.\d{1,2})?)\W{0,2}")
_HEADER_UNIT = re.compile(r"\(\s*(?:in )?([BM])(?:illions?)?\s*\)|\b([bm])illions?\b")
_NOT_SIZE = wording("size_words.not_size")
_PART_HEADER = wording("size_words.of_part")
_TOTAL = wording("size_words.whole")
_PLANS = frozenset({TableKind.STAGES, TableKind.HYPERPARAMETER})
_DIVIDER = 0.3  # a row that spans the table and names a language model by its size
_IN_LABEL = re.compile(r"(?<![\w.])(\d{1,4}(?:\.\d{1,2})?)([BM])\b")
_CALLED = 0.3  # a size of a model that its row calls by another one
_SMALL = 6  # rows of a table that is about one model


def sizes_in_tables(view: PaperView) -> Iterator[tuple[str, Place]]:
    """What all tables outside of related work say."""
    for table in view.tables:
        if table.section in SKIPPED:
            continue
        rows = own_model_rows(view, table)
        if rows:
            yield from _in_rows(view, table, rows, table_kind(view, table) is TableKind.ARCHITECTURE)
        else:
            yield from _in_own_table(view, table)
        yield from _in_headers(view, table)
        yield from _in_dividers(table)
        if table_kind(view, table) in _PLANS or _on_own_model(view, table):
            yield from _in_plan(table)


def _place(rule: Rule, span: Span) -> Place:
    return Place(rule.id, rule.weight, span.start, span.end, str(rule.attributes.get("part", OF_MODEL)))


def _in_rows(view: PaperView, table: TableView, rows: tuple[int, ...], plan: bool) -> Iterator[tuple[str, Place]]:
    """Sizes in the own rows; in a table of architectures (`plan`) without a column for them, the last that stands there."""
    columns = _size_columns(table.headers) or _unnamed_column(table)
    spare = size_rules()["architecture_row"][0]
    for index in rows:
        span = table.row_span(index)
        if span is None:
            continue
        row = table.table.cells[index]
        part = OF_PART if _is_encoder(view, span, row) else None
        for column, rule, unit in columns:
            size = _cell_size(row[column], unit) if column < len(row) else ""
            if size:
                place = _place(rule, span)
                if _is_called_otherwise(row, size):
                    place = place._replace(weight=round(place.weight * _CALLED, 4))
                yield size, place if part is None else place._replace(part=part)
        if plan and not columns:
            cells = [size for cell in row[1:] if spare.regex.search(cell) and (size := _cell_size(cell, ""))]
            if cells:
                yield cells[-1], _place(spare, span)


def _is_called_otherwise(row: tuple[str, ...], size: str) -> bool:
    """Whether the row's name holds another size: the model is called by that one, "Foo-2B", and not by its 2.2B parameters."""
    label = next((cell for cell in row if cell.strip()), "")
    called = [size_name(float(number), unit) for number, unit in _IN_LABEL.findall(label)]
    return bool(called) and size not in called


def _is_encoder(view: PaperView, span: Span, row: tuple[str, ...]) -> bool:
    """Whether an own row is that of the encoder alone: its name, and not the model's, stands first."""
    label = next((cell for cell in row if cell.strip()), "").lower()
    if any(label.startswith(name.lower()) or holds_words(label, name) for name in own_model_names(view)):
        return False
    index = bisect_left(view.mention_starts, span.start)
    if index == len(view.mentions) or view.mentions[index].start >= span.start + len(label):
        return False
    return view.mentions[index].code.kind == "vision_encoder"


def _on_own_model(view: PaperView, table: TableView) -> bool:
    """Whether the caption tells of the parameters or the configuration of the own model."""
    if not size_rules()["caption"][0].regex.search(table.caption):
        return False
    caption = fold_name(table.caption)
    return any(fold_name(name) in caption for name in own_model_names(view))


def _in_own_table(view: PaperView, table: TableView) -> Iterator[tuple[str, Place]]:
    """Totals of a small table on the own model's parameters, whose rows need no name."""
    first = table.table.header_rows
    rule = size_rules()["caption"][0]
    if len(table.rows) > _SMALL or not _on_own_model(view, table):
        return
    for column, header, unit in _size_columns(("", *table.headers)):
        for index, row in enumerate(table.rows, start=first):
            span = table.row_span(index)
            size = _cell_size(row[column - 1], unit) if column - 1 < len(row) else ""
            if size and span is not None:
                yield size, _place(rule, span)._replace(part=str(header.attributes.get("part", OF_MODEL)))


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


def _unnamed_column(table: TableView) -> list[tuple[int, Rule, str]]:
    """A column without a header, right behind the names, most of whose cells are sizes."""
    for column, header in enumerate(table.headers[1:3], start=1):
        if header.strip():
            continue
        cells = [row[column].strip() for row in table.rows if column < len(row) and row[column].strip()]
        if len(cells) > 2 and 2 * sum(1 for cell in cells if _CELL.fullmatch(cell)) > len(cells):
            return [(column, next(rule for rule in size_rules()["header"] if rule.id == "size.column.v1"), "")]
    return []


def _header_rule(header: str) -> Rule | None:
    rules = size_rules()["header"]
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


def _in_headers(view: PaperView, table: TableView) -> Iterator[tuple[str, Place]]:
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
                yield size, _place(rule, span)


def _in_dividers(table: TableView) -> Iterator[tuple[str, Place]]:
    """Rows that span the table and say which language model the rows below have: "CLIP, 7B language model"."""
    rules = [rule for rule in size_rules()["own"] if rule.id in ("size.lm_words.v1", "size.lm_has.v1")]
    for index, row in enumerate(table.table.cells):
        span = table.row_span(index)
        if span is None or len(row) < 2 or len({cell for cell in row if cell}) != 1:
            continue
        for rule in rules:
            match = rule.regex.search(row[0])
            if match is not None:
                for size in sizes_in(match.group("value")):
                    yield size, _place(rule, span)._replace(weight=_DIVIDER)


def _in_plan(table: TableView) -> Iterator[tuple[str, Place]]:
    """The row of parameters in a table of the own training; of "trainable / total" the total."""
    rule = size_rules()["row"][0]
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
                yield size, _place(rule, span)
