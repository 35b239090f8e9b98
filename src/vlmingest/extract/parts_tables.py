"""Parts in tables: a column "Vision encoder" or "LLM" against rows of models, or a row with such a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from vlmingest.document import Span
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.own_model import own_model_rows
from vlmingest.extract.rival_tables import is_of_rivals, rows_are_rivals
from vlmingest.extract.table_kinds import TableKind, own_columns, table_kind
from vlmingest.extract.view import PaperView, TableView
from vlmingest.extract.voice import own_names
from vlmingest.vocabulary import Kind, Mention, load

_LABELS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "vision_encoder",
        re.compile(
            r"\b(?:(?:vision|visual|image|video|vit)[- ]?(?:encoder|backbone|tower|model|part|transformer|module|foundation)|vis\.? ?enc|image enc|v[- ]enc|vit\b|encoder)|\A(?:v\.?e\.?|vision|visual|vision part|image)\Z",
            re.IGNORECASE,
        ),
    ),
    (
        "language_model",
        re.compile(
            r"(?<!\w-)\b(?:llms?\b|(?:large )?language (?:model|part|backbone|decoder|module|encoder)|base (?:llm|model)|text (?:encoder|decoder|tower)|(?:llm|language) backbone|lm\b|backbone)",
            re.IGNORECASE,
        ),
    ),
)
_BEHIND = re.compile(r"\w ?(?:\(| w/ ?| with )(?:w/ ?|with )?([^()]{2,60})\)?\s*\Z")
_CHOICES = re.compile(
    r"\bablat\w+|\b(?:comparisons?|effects?|impact|influence|choices?|performance|results|analysis|study) (?:of|with|on|across|for|between|among) (?:\w+ ){0,2}?(?:different|various|several|alternative|other|the choice of) (?:[\w-]+ ){0,3}?(?:llms?|lms?|language models?|backbones?|encoders?|decoders?|vits?|towers?)\b",
    re.IGNORECASE,
)
_TRIED = 0.4
_BEHIND_WEIGHT = 0.75
_WITHIN_WEIGHT = 0.55
_JOINTS = ("-", "+", "/", "_")
_SHORTEST = 3
_PARTS = ("vision_encoder", "language_model")
_LABEL_LENGTH = 40
_OWN_KINDS = frozenset({TableKind.ARCHITECTURE, TableKind.HYPERPARAMETER, TableKind.STAGES})


class CellHit(NamedTuple):
    """A cell that names parts: `own`: in a row (or column) of the proposed model."""

    text: str
    mentions: tuple[Mention, ...]
    own: bool
    weight: float
    span: Span
    rule: str


def table_hits(view: PaperView) -> Iterator[CellHit]:
    """Cells below a header, or beside a label, that speaks of an encoder or a language model."""
    for table in view.tables:
        if table.section is SectionKind.REFERENCES:
            continue
        tried: float | None = None
        for cell in (*_by_header(view, table), *_by_name(view, table), *_by_label(view, table)):
            if cell.own:
                if tried is None:  # asked only of tables that say something
                    tried = _TRIED if _is_trial(view, table) else 1.0
                yield cell._replace(weight=cell.weight * tried)
            else:
                yield cell


def _is_trial(view: PaperView, table: TableView) -> bool:
    """Whether a table compares choices of parts: what its rows have is what was tried, the model's own choice among it."""
    return table_kind(view, table) is TableKind.ABLATION or _CHOICES.search(table.caption) is not None


def _by_header(view: PaperView, table: TableView) -> Iterator[CellHit]:
    wanted = [(column, kind) for column, header in enumerate(table.headers) for kind in _kinds(header)]
    if not wanted:
        return
    own = set(own_model_rows(view, table))
    all_own = (
        not own
        and table.section is not SectionKind.RELATED
        and table_kind(view, table) in _OWN_KINDS
        and not rows_are_rivals(view, table)
    )
    if not own and not all_own:
        return  # nobody's rows: they say nothing either way
    for index, row in enumerate(table.table.cells):
        span = table.row_span(index)
        if index < table.table.header_rows or span is None:
            continue
        for column, kind in wanted:
            if column < len(row):
                mine = index in own or all_own
                if column == 0 and not mine:
                    continue  # a row that is called by a part is no rival's
                yield from _cell(row[column], kind, mine, 0.85 if index in own else 0.6, span, "part.table_column.v1")


def _by_name(view: PaperView, table: TableView) -> Iterator[CellHit]:
    """Rows of the own model that tell its language model behind its name: "Foo (Bar-7B)"."""
    for index in own_model_rows(view, table):
        row, span = table.table.cells[index], table.row_span(index)
        behind = _BEHIND.search(row[0]) if row and span is not None else None
        if behind is not None and span is not None:
            yield from _cell(behind.group(1), "language_model", True, _BEHIND_WEIGHT, span, "part.table_name.v1")
        elif span is not None and row:
            yield from _within(view, row[0], span)


def _within(view: PaperView, cell: str, span: Span) -> Iterator[CellHit]:
    """The part in the name of a variant of the own model: "Foo-Bar-B" of "Foo"."""
    low = cell.lower()
    for name in own_names(view)[:1]:
        joint = len(name)
        if low.startswith(name) and cell[joint : joint + 1] in _JOINTS and len(cell) - joint > _SHORTEST:
            rest = cell[joint + 1 :]
            mentions = load().find(rest, rest.lower())
            if mentions and not mentions[0].start and (mentions[0].code.kind in _PARTS and not mentions[0].code.whole):
                yield CellHit(rest, (mentions[0],), True, _WITHIN_WEIGHT, span, "part.table_variant.v1")


def _by_label(view: PaperView, table: TableView) -> Iterator[CellHit]:
    if table.section is SectionKind.RELATED:
        return
    own: set[int] | None = None
    for index, row in enumerate(table.table.cells):
        span = table.row_span(index)
        if len(row) < 2 or span is None or not row[0].strip():
            continue
        for kind in _kinds(row[0]):
            if own is None:
                own = set(own_columns(view, table))
            trusted = table_kind(view, table) in _OWN_KINDS and not is_of_rivals(view, table)
            for column, cell in enumerate(row[1:], start=1):
                mine = column in own or (not own and trusted)
                yield from _cell(cell, kind, mine, 0.8, span, "part.table_row.v1")


@lru_cache(maxsize=8192)
def _kinds(label: str) -> tuple[Kind, ...]:
    if label and len(label) <= _LABEL_LENGTH:
        for kind, pattern in _LABELS:
            if pattern.search(label):
                return (kind,)
    return ()


def _cell(text: str, kind: Kind, own: bool, weight: float, span: Span, rule: str) -> Iterator[CellHit]:
    if not 1 < len(text) <= 120:
        return
    mentions = tuple(one for one in load().find(text, text.lower()) if one.code.kind == kind)
    if mentions:
        yield CellHit(text, mentions, own, weight, span, rule)
