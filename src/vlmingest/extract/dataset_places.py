"""Where in a paper a name stands: prose, caption, heading, figure, or which part of which kind of table.

`place_of(view, start, end)` is for names found in the text; table cells are found again through the rows' spans. Tables that
the reader could not cut into cells ("loose") still tell their kind by their caption.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from vlmingest.document import BlockKind
from vlmingest.extract.table_kinds import TableKind, own_columns, own_rows, table_kind
from vlmingest.extract.view import PaperView, TableView

_EMPTY = frozenset({"", "-", "–", "—", "−", "n/a", "na", "×", "✗"})
_NEAR = 3
_MODELS = re.compile(r"\A\W*(?:methods?|models?|approach(?:es)?|systems?)\b", re.IGNORECASE)
_DATA = re.compile(r"\bdata(?:\s?sets?)?\b|\bcorpus\b|\btrain(?:ing|ed)? (?:data|on|set)\b", re.IGNORECASE)
_TRAIN = re.compile(
    r"\btrain|\bpre-?train|\btuning\b|\btuned\b|\bSFT\b|\bstage|\binstruction|\btasks?\b", re.IGNORECASE
)
_EVALUATE = re.compile(r"\bevaluat|\bbenchmark|\btest(?:ing)?\b|\bmetrics?\b", re.IGNORECASE)


class TablePlace(NamedTuple):
    """A name in a table: `part` is head, stub, cell, or loose; `scored`: the own model has a value there (None: unknown).

    `row`: in a table whose rows are models, "own" for the own model's, "rival" for others', "data" for the own model's in a
    column that names what is trained on; else "".
    """

    table: TableView | None
    kind: TableKind
    part: str
    scored: bool | None = None
    row: str = ""

    @property
    def uses(self) -> tuple[bool, bool]:
        """Whether a table that lists data speaks of training, and of evaluation (its caption and headers say)."""
        if self.table is None:
            return True, False
        text = f"{self.table.caption} {' '.join(self.table.headers)}"
        evaluate = _EVALUATE.search(text) is not None
        return not evaluate or _TRAIN.search(text) is not None, evaluate


class _Row(NamedTuple):
    start: int
    end: int
    table: TableView
    number: int


class Places:
    """The tables of one paper by offset; made once (`PaperView.once`)."""

    def __init__(self, view: PaperView) -> None:
        self._view = view
        rows: list[_Row] = []
        self._captions: dict[int, TableView] = {}  # block index of a table's caption -> the table
        for table in view.tables:
            span = table.table.caption_span
            if span is not None:
                index = view.block_index(span[0])
                if index is not None:
                    self._captions[index] = table
            for number, row in enumerate(table.table.row_spans):
                if row is not None:
                    rows.append(_Row(row[0], row[1], table, number))
        rows.sort(key=lambda row: row.start)
        self._rows = rows
        self._starts = [row.start for row in rows]

    def caption_table(self, block: int) -> TableView | None:
        """The table whose caption block `block` is."""
        return self._captions.get(block)

    def in_table(self, start: int, end: int, block: int) -> TablePlace | None:
        """The part of a table that holds `[start, end)`; None where block `block` is no table (and no loose one)."""
        kind = self._view.document.blocks[block].kind
        index = bisect_right(self._starts, start) - 1
        if index >= 0 and start < self._rows[index].end:
            row = self._rows[index]
            return self._cell(row, self._view.text[start:end])
        if kind is BlockKind.TABLE or kind is BlockKind.FIGURE_TEXT:
            table = self._near(block)
            if table is not None and (kind is BlockKind.TABLE or len(table.table.cells) <= 1):
                return TablePlace(table, table_kind(self._view, table), "loose")
            if kind is BlockKind.TABLE:
                return TablePlace(None, TableKind.OTHER, "loose")
        return None

    def _near(self, block: int) -> TableView | None:
        """The table of the nearest caption: the one above before the one below."""
        for distance in range(1, _NEAR + 1):
            for index in (block - distance, block + distance):
                if index in self._captions:
                    return self._captions[index]
        return None

    def _cell(self, row: _Row, written: str) -> TablePlace:
        table = row.table
        kind = table_kind(self._view, table)
        cells = table.table.cells[row.number]
        column = next((number for number, cell in enumerate(cells) if written in cell), None)
        header = row.number < table.table.header_rows
        part = "head" if header else "stub" if column in (0, None) else "cell"
        whose = "" if header else self._whose(table, row.number, column)
        return TablePlace(table, kind, part, self._scored(table, row.number, column, header), whose)

    def _whose(self, table: TableView, row: int, column: int | None) -> str:
        if not table.headers or not _MODELS.search(table.headers[0]):
            return ""
        if row not in own_rows(self._view, table):
            return "rival"
        return "data" if column and column < len(table.headers) and _DATA.search(table.headers[column]) else "own"

    def _scored(self, table: TableView, row: int, column: int | None, header: bool) -> bool | None:
        """Whether the own model's row (or column) has a value where the name's column (or row) meets it."""
        cells = table.table.cells
        if header:
            rows = own_rows(self._view, table)
            if not rows or column is None:
                return None
            # A header that spans columns is repeated in them; a wrapped one may have slipped by a column.
            return any(_filled(cells[index], column) or _filled(cells[index], column + 1) for index in rows)
        columns = own_columns(self._view, table)
        if not columns:
            return None
        return any(_filled(cells[row], index) for index in columns)


def _filled(row: tuple[str, ...], column: int) -> bool:
    return column < len(row) and row[column].strip().lower() not in _EMPTY


def places(view: PaperView) -> Places:
    """The Places of a paper, made once."""
    return view.once(Places)
