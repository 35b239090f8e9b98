"""Where in a paper a name stands: prose, caption, heading, figure, or which part of which kind of table.

`place_of(view, start, end)` is for names found in the text; table cells are found again through the rows' spans. Tables that
the reader could not cut into cells ("loose") still tell their kind by their caption.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from vlmingest.document import BlockKind
from vlmingest.extract.dataset_cells import is_of_settings, kind_by_cells, known_by_row, lists_data, settings_only
from vlmingest.extract.dataset_tuning import tuned_table
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.table_kinds import TableKind, own_columns, own_rows, table_kind
from vlmingest.extract.view import PaperView, TableView
from vlmingest.extract.voice import own_names
from vlmingest.extract.wording import wording
from vlmingest.vocabulary.datasets import fold_name

# What captions, headers and labels say: rows of rules/dataset_tables.toml.
_MODELS = wording("dataset_tables.models")
_DATA = wording("dataset_tables.data_column")
_OF_SETS = wording("dataset_tables.headed_sets")
_ROW_SETTING = wording("dataset_tables.row_setting")
_LABELS = wording("dataset_tables.labels")
_NAMES_SETS = wording("dataset_tables.names_sets")
_LABEL_TRAIN = wording("dataset_tables.label_train")
_LABEL_EVALUATE = wording("dataset_tables.label_evaluate")
_OURS = wording("dataset_tables.ours")
_TRAIN = wording("dataset_tables.train")
_EVALUATE = wording("dataset_tables.evaluate")
_EVALUATES = wording("dataset_tables.evaluates")
_TASKS = wording("dataset_tables.tasks")
_TESTS = wording("dataset_tables.tests")
_SETS = wording("dataset_tables.sets")
_TRAINS = wording("dataset_tables.trains")
_COMPARES = wording("dataset_tables.compares")
_EMPTY = frozenset({"", "-", "–", "—", "−", "n/a", "na", "×", "✗"})
_NEAR = 3
_DATA_SECTIONS = frozenset({SectionKind.DATA, SectionKind.TRAINING})
_LISTS = frozenset({TableKind.MIXTURE, TableKind.STATISTICS, TableKind.OTHER, TableKind.COMPARISON})
_TICKED = frozenset({"✓", "✔", "√", "☑", "yes", "y"})
_CROSSED = frozenset({"✗", "✘", "×", "no", "n"})
_LONGEST_LABEL = 80
_NUMERIC = re.compile(r"\d")


class TablePlace(NamedTuple):
    """A name in a table: `part` is head, stub, cell, or loose; `scored`: the own model has a value there (None: unknown).

    `row`: in a table whose rows are models, "own" for the own model's, "rival" for others', "data" for the own model's in a
    column that names what is trained on; "peer" for another's set of data beside the own one; else "". `uses`: whether a table that lists data speaks of training, and of evaluation;
    `plainly`: the row or the column says which of the two. `ticked`: a header over ticks, not over scores.
    """

    table: TableView | None
    kind: TableKind
    part: str
    scored: bool | None = None
    row: str = ""
    uses: tuple[bool, bool] = (True, False)
    plainly: bool = False
    ticked: bool = False


class _Row(NamedTuple):
    start: int
    end: int
    table: TableView
    number: int


class Places:
    """The tables of one paper by offset; `known`: ascending offsets of the names of data that are sure."""

    def __init__(self, view: PaperView, known: Sequence[int]) -> None:
        self._view = view
        self._kinds: dict[int, TableKind] = {}
        self._speaks: dict[int, tuple[bool, bool]] = {}
        self._ours_alone: dict[int, bool] = {}
        self._compares: dict[int, bool] = {}
        self._tuned: dict[int, bool | None] = {}
        self._titles: dict[int, list[tuple[bool, bool] | None]] = {}
        above: TableView | None = None
        for table in view.tables:
            counts = known_by_row(table, known)
            by_content = lists_data(view, table, counts)
            kind = TableKind.MIXTURE if by_content else kind_by_cells(view, table, table_kind(view, table), counts)
            self._kinds[id(table)] = TableKind.MIXTURE if kind is TableKind.OTHER and _is_of_training(table) else kind
            self._speaks[id(table)] = _speaks_of(table, above, by_content)
            above = table
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

    def kind(self, table: TableView) -> TableKind:
        """What a table is about: what its caption and headers say, else what its cells hold."""
        return self._kinds[id(table)]

    def is_tuned(self, table: TableView) -> bool | None:
        """`tuned_table`, asked once of each table."""
        if id(table) not in self._tuned:
            self._tuned[id(table)] = tuned_table(table)
        return self._tuned[id(table)]

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
                return TablePlace(table, self.kind(table), "loose", uses=self._speaks[id(table)])
            if kind is BlockKind.TABLE:
                return TablePlace(None, TableKind.OTHER, "loose")
        return None

    def is_task_cell(self, start: int, end: int, known: Sequence[int]) -> bool:
        """Whether a name is all of a cell in a list of data, and other cells of its row name sets: "VQA | FooQA, BarQA"."""
        index = bisect_right(self._starts, start) - 1
        if index < 0 or start >= self._rows[index].end:
            return False
        row = self._rows[index]
        written = self._view.text[start:end]
        return (
            self.kind(row.table) in _LISTS
            and written in row.table.table.cells[row.number]
            and bisect_right(known, row.end) > bisect_right(known, row.start)
        )

    def _near(self, block: int) -> TableView | None:
        """The table of the nearest caption: the one above before the one below."""
        for distance in range(1, _NEAR + 1):
            for index in (block - distance, block + distance):
                if index in self._captions:
                    return self._captions[index]
        return None

    def _cell(self, row: _Row, written: str) -> TablePlace:
        table = row.table
        kind = self.kind(table)
        cells = table.table.cells[row.number]
        column = next((number for number, cell in enumerate(cells) if written in cell), None)
        header = row.number < table.table.header_rows
        part = "head" if header else "stub" if column in (0, None) else "cell"
        whose = "" if header else self._whose(table, row.number, column)
        if not header and not whose and kind in _LISTS and self._is_peer(table, row.number):
            whose = "peer"
        scored = self._scored(table, row.number, column, header)
        if part == "stub" and kind is TableKind.BENCHMARK and scored is None and self._over_models(table, row.number):
            part = "over"
        told = (
            None if header or kind not in _LISTS else _told(table, row.number, column) or self._title(table, row.number)
        )
        if not header and not whose and kind in _LISTS:
            if column is not None and _is_label(table, column):
                whose = "label"
            elif _COMPARES.stands_in(table.caption.lower()) is not None and not self._names_ours(cells):
                whose = "compared"
        ticked = header and column is not None and _is_ticked(table, column)
        return TablePlace(table, kind, part, scored, whose, told or self._speaks[id(table)], told is not None, ticked)

    def _title(self, table: TableView, row: int) -> tuple[bool, bool] | None:
        """The use that the nearest title row above speaks of ("Data for testing" over the rows that it is about)."""
        titles = self._titles.get(id(table))
        if titles is None:
            titles = self._titles[id(table)] = []
            use = None
            for number, cells in enumerate(table.table.cells):
                filled = set(cells) - {""}
                if number >= table.table.header_rows and len(filled) == 1 and len(table.headers) > 1:
                    use = _use_of(filled.pop())
                titles.append(use)
        return titles[row]

    def _whose(self, table: TableView, row: int, column: int | None) -> str:
        if not table.headers or not _MODELS.search(table.headers[0]):
            return ""
        if row not in own_rows(self._view, table):
            return "rival"
        return "data" if column and column < len(table.headers) and _DATA.search(table.headers[column]) else "own"

    def _settings(self, table: TableView) -> tuple[int, ...]:
        """The rows that are settings of the own model ("32 shots", "fine-tuned"), where the caption names that and no row does."""
        if not self._is_captioned_own(table):
            return ()
        top = table.table.header_rows
        return tuple(
            at for at, row in enumerate(table.table.cells) if at >= top and row and _ROW_SETTING.fullmatch(row[0])
        )

    def _is_captioned_own(self, table: TableView) -> bool:
        words = frozenset(re.findall(r"[a-z][\w-]+", table.caption.lower()))
        return not words.isdisjoint(own_names(self._view))

    def _all_ours(self, table: TableView) -> bool:
        """Whether a table of results by row is of the own model only: its columns are sizes or inputs, or its caption names that."""
        found = self._ours_alone.get(id(table))
        if found is None:
            found = self._ours_alone[id(table)] = (
                self.kind(table) is TableKind.BENCHMARK
                and not own_rows(self._view, table)
                and (is_of_settings(table) or (settings_only(table) and self._is_captioned_own(table)))
            )
        return found

    def _is_peer(self, table: TableView, row: int) -> bool:
        """Whether a row is another's set of data beside the own one, in a table that compares what they have."""
        compares = self._compares.get(id(table))
        if compares is None:
            compares = self._compares[id(table)] = (
                bool(table.headers)
                and _OF_SETS.search(table.headers[0]) is not None
                and (_COMPARES.stands_in(table.caption.lower()) is not None or _has_ticks(table))
                and any(_OURS.search(" ".join(cells[:2])) is not None for cells in table.rows)
            )
        return compares and _OURS.search(" ".join(table.table.cells[row][:2])) is None

    def _names_ours(self, cells: Sequence[str]) -> bool:
        """Whether a row begins with the own work's name or says that it is ours."""
        words = " ".join(cells[:2])
        folded = fold_name(words)
        return _OURS.search(words) is not None or any(fold_name(name) in folded for name in own_names(self._view))

    def _over_models(self, table: TableView, row: int) -> bool:
        """Whether the first cell of a row of results stands over models: the next one has a name, and one of the rows is ours."""
        cells = table.table.cells[row]
        return (
            len(cells) > 1
            and any(char.isalpha() for char in cells[1])
            and cells[1] != cells[0]
            and bool(own_rows(self._view, table))
            and not (table.headers and _MODELS.search(table.headers[0]))
        )

    def _scored(self, table: TableView, row: int, column: int | None, header: bool) -> bool | None:
        """Whether the own model's row (or column) has a value where the name's column (or row) meets it."""
        cells = table.table.cells
        if header:
            rows = own_rows(self._view, table) or self._settings(table)
            if not rows or column is None:
                return None
            # A header that spans columns is repeated in them; a wrapped one may have slipped by a column.
            return any(_filled(cells[index], column) or _filled(cells[index], column + 1) for index in rows)
        columns = own_columns(self._view, table)
        if not columns:
            return True if self._all_ours(table) and any(map(_NUMERIC.search, cells[row][1:])) else None
        return any(_filled(cells[row], index) for index in columns)


def _filled(row: tuple[str, ...], column: int) -> bool:
    return column < len(row) and row[column].strip().lower() not in _EMPTY


def _speaks_of(table: TableView, above: TableView | None, by_content: bool) -> tuple[bool, bool]:
    """Whether a table that lists data speaks of training, and of evaluation: caption and headers say, else the section does.

    A second table under one caption has none of its own: the one above lends it.
    """
    caption = table.caption or (above.caption if above is not None else "")
    text = f"{caption} {' '.join(table.headers)}".lower()
    evaluate, train = _EVALUATE.stands_in(text) is not None, _TRAIN.stands_in(text) is not None
    train = train or (_TASKS.stands_in(text) is not None and _TESTS.stands_in(text) is None)
    if evaluate and not train and table.section in _DATA_SECTIONS and _EVALUATES.stands_in(text) is None:
        return True, False  # "the number of samples from each benchmark"
    if by_content and not (evaluate or train):
        evaluate = table.section is SectionKind.EXPERIMENTS
    return not evaluate or train, evaluate


def _told(table: TableView, row: int, column: int | None) -> tuple[bool, bool] | None:
    """What the row or the column of a cell says of the use: a tick under "held-out", a label, or the column's header."""
    cells = table.table.cells[row]
    for number, header in enumerate(table.headers):
        mark = cells[number].lower().partition(" ")[0] if number < len(cells) and number != column else ""
        if (mark in _TICKED or mark in _CROSSED) and (use := _use_of(header)) is not None:
            return use if mark in _TICKED else (use[1], use[0])
    labels = [header for number, header in enumerate(table.headers) if number == column and number]
    labels += [cell for cell in cells[:1] if column]
    return next((use for label in labels if (use := _use_of(label)) is not None), None)


def _is_of_training(table: TableView) -> bool:
    """Whether the caption says that a table is of the data of training, and compares nothing."""
    caption = table.caption.lower()
    return (
        _SETS.stands_in(caption) is not None
        and _TRAINS.stands_in(caption) is not None
        and _EVALUATE.stands_in(caption) is None
        and _COMPARES.stands_in(caption) is None
    )


def _is_label(table: TableView, column: int) -> bool:
    """Whether a column of a list of data has labels of the sets that another column names."""
    headers = table.headers
    return (
        column < len(headers)
        and _LABELS.match(headers[column]) is not None
        and _NAMES_SETS.search(headers[column]) is None
        and any(_NAMES_SETS.search(header) is not None for number, header in enumerate(headers) if number != column)
    )


def _is_ticked(table: TableView, column: int) -> bool:
    """Whether a column holds nothing but ticks and crosses: what a row makes use of."""
    cells = {row[column].strip().lower() for row in table.rows if column < len(row)} - {"", "-"}
    return bool(cells) and cells <= _TICKED | _CROSSED


def _has_ticks(table: TableView) -> bool:
    return any(cell.strip().lower() in _TICKED | _CROSSED for row in table.rows for cell in row[1:])


def _use_of(label: str) -> tuple[bool, bool] | None:
    """(train, evaluate) where a short label speaks of one of them only."""
    if len(label) > _LONGEST_LABEL or not label:
        return None
    train, evaluate = _LABEL_TRAIN.search(label) is not None, _LABEL_EVALUATE.search(label) is not None
    return (train, evaluate) if train is not evaluate else None
