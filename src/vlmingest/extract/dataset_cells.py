"""Names of data sets in the cells of tables, where no list knows them: headers of result tables, first columns of tables whose
rows are benchmarks, cells of tables that list data. What stands in the same row or column tells names from other words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import NamedTuple

from vlmingest.document import Span
from vlmingest.extract.dataset_names import cell_names, clean_cell, described_names
from vlmingest.extract.table_kinds import TableKind, is_of_rival_data, own_columns, own_rows, table_kind
from vlmingest.extract.view import PaperView, TableView
from vlmingest.extract.wording import wording
from vlmingest.vocabulary.datasets import fold_name, known_name

# What captions and headers say: rows of rules/dataset_tables.toml. Patterns that stand here tell scores and amounts by their digits.
_NAMED_ROWS = wording("dataset_tables.rows_of_sets")
_NO_NAMES = wording("dataset_tables.no_names")
_OF_DATA = wording("dataset_tables.of_data")
_RECIPE = wording("dataset_tables.recipe")
_OF_SETS = wording("dataset_tables.of_sets")
_OF_MODELS = wording("dataset_tables.of_models")
_SETTING = wording("dataset_tables.setting")
_SIZE = wording("dataset_tables.size")
_HEADS = frozenset({TableKind.BENCHMARK, TableKind.ABLATION})
_ROWS = frozenset({TableKind.BENCHMARK, TableKind.ABLATION, TableKind.OTHER})
_LISTS = frozenset({TableKind.MIXTURE, TableKind.STATISTICS})
_PLANS = frozenset({TableKind.STAGES, TableKind.HYPERPARAMETER})
_OPEN = frozenset({TableKind.OTHER, TableKind.COMPARISON, TableKind.ARCHITECTURE, TableKind.ABLATION})
# "61.2", "61.2 ± 0.3", "1520/1870", "-"
_SCORE = re.compile(r"[*†‡~]?(?:\d{1,4}\.\d+|\d{2,4}|[-–—−])%?[*†‡]?(?:\s?(?:[±/|(]|\+)\s?\d.*)?")
_NUMBER = re.compile(r"\d{1,3}\.\d{1,2}")
_LARGE = re.compile(r"[~≈]?\d+(?:[.,]\d+)*\s?[KkMG]|\d{1,3}(?:,\d{3})+")
_LEAST_NAMES = 4
_PREFIX, _FAMILY = re.compile(r"[-–_ ]"), 2  # "FB-Action | FB-Object": parts of one score
_SPLIT_ROWS, _LONGEST_SPLIT = 2, 32
_STUBS = 3
_MOST_NUMBERS = 0.3


ColumnSays = Callable[[], tuple[str, ...]]
_NOTHING: ColumnSays = tuple


class CellName(NamedTuple):
    """A name in a cell, `text[start:end]`; `part`: head, rowwise or cell; `mates`: known names in the same row or column.

    `column()` gives what its column says of it: a call, since most names in cells are known and nobody asks.
    """

    name: str
    start: int
    end: int
    table: TableView
    part: str
    mates: int
    column: ColumnSays = _NOTHING


def names_of_table(view: PaperView, table: TableView, kind: TableKind, known: Sequence[int]) -> Iterator[CellName]:
    """Names in the cells of `table`, which is of `kind`; `known`: ascending offsets of the known names."""
    cells, headers, spans = table.table.cells, table.table.header_rows, table.table.row_spans
    counts = known_by_row(table, known)
    rows_with = sum(count > 0 for count in counts[headers:])
    row_wise = is_row_wise(view, table)
    if kind in _HEADS and not row_wise:
        mates = sum(counts[:headers])
        for row in range(min(headers, len(spans))):
            head = _Head(table, row)
            heads: dict[str, ColumnSays] = {
                cell: partial(head.says, number)
                for number, cell in reversed(tuple(enumerate(cells[row])))
                if number and not _is_title(table, row, number) and not _is_split(table, number)
            }
            yield from _names(view, table, heads, spans[row], "head", mates)
    elif row_wise and kind in _ROWS:
        stub = _stub_column(table)
        for row in range(headers, min(len(cells), len(spans))):
            if len(set(cells[row]) - {""}) > 1:  # else a title over the rows below
                yield from _names(
                    view, table, dict.fromkeys(cells[row][stub : stub + 1], _NOTHING), spans[row], "rowwise", rows_with
                )
    if kind in _PLANS:
        of_data = all_data = _RECIPE.search(table.caption) is not None
        for row in range(headers, min(len(cells), len(spans))):
            if cells[row] and cells[row][0]:
                of_data = all_data or _OF_DATA.search(cells[row][0]) is not None
            if of_data:
                yield from _names(view, table, dict.fromkeys(cells[row][1:], _NOTHING), spans[row], "cell", rows_with)
    if kind in _LISTS:
        # One title over all columns tells nothing of one.
        titled = len(table.headers) > 1 and len(set(table.headers)) == 1
        open_columns = [at for at, header in enumerate(table.headers) if titled or not _NO_NAMES.search(header)]
        columns = _ListColumns(table, open_columns)
        named = [at for at in open_columns if _OF_SETS.search(table.headers[at])]
        for row in range(headers, min(len(cells), len(spans))):
            if len(set(cells[row])) == 1 and len(cells[row]) > 1 and "," not in cells[row][0]:
                continue  # a title over the rows below
            wanted = {
                cells[row][at]: partial(columns.says, at) for at in reversed(open_columns) if at < len(cells[row])
            }
            yield from _names(view, table, wanted, spans[row], "cell", rows_with)
            if rows_with:
                of_sets = {cells[row][at] for at in named if at < len(cells[row])}
                yield from _described(view, table, tuple(reversed(wanted)), of_sets, spans[row], rows_with)


def _described(
    view: PaperView, table: TableView, cells: Sequence[str], of_sets: set[str], span: Span | None, mates: int
) -> Iterator[CellName]:
    """Names of plain words ("Detailed Caption"): only where they are cited, or stand in a column of sets of data."""
    if span is None:
        return
    for cell in dict.fromkeys(cells):
        for name in described_names(cell, cell in of_sets):
            start = view.text.find(name, span[0], span[1])
            if start >= 0:
                yield CellName(name, start, start + len(name), table, "cell", mates)


def split_headers(view: PaperView, table: TableView, kind: TableKind) -> Iterator[CellName]:
    """Known names that stand in two rows of a header ("Text" over "VQA")."""
    span = table.table.row_spans[0] if kind in _HEADS and table.table.row_spans else None
    for column, header in enumerate(table.headers):
        if span is not None and _is_split(table, column):
            first = table.table.cells[0][column].strip()
            start = view.text.find(first, span[0], span[1])
            if start >= 0:
                yield CellName(header, start, start + len(first), table, "head", 1)


def _is_split(table: TableView, column: int) -> bool:
    """Whether the rows of a header only together are a known name."""
    if table.table.header_rows < _SPLIT_ROWS or column >= len(table.table.cells[0]):
        return False
    header, first = table.headers[column], table.table.cells[0][column].strip()
    return (
        bool(first)
        and len(first) < len(header) <= _LONGEST_SPLIT
        and known_name(fold_name(header)) is not None
        and known_name(fold_name(first)) is None
    )


# "FooQA [3] (10.0 K)": a set and how much of it is taken, as the text of a figure lists them.
_TAKEN = re.compile(
    r"(?:(?<=[,;:)\n])|\A)\s*(?P<name>[^\s,;:()\[\]][^,;:()\[\]]{0,43}?)\s*(?:\[[\d, ]+\]\s?)?\((?:[\w/]+,\s)?(?:~|≈)?\d[\d.,]*\s?[KMBk]\)"
)
_LEAST_TAKEN = 5


def names_with_amounts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of names in a text outside of tables that does little but list sets and how much of each is taken."""
    if text.count("(", start, end) < _LEAST_TAKEN:
        return []
    found = [match.span("name") for match in _TAKEN.finditer(text, start, end)]
    return found if len(found) >= _LEAST_TAKEN else []


def _is_title(table: TableView, row: int, column: int) -> bool:
    """Whether a header cell is a title over several names ("Chart understanding" over "FooQA | BarQA"), and no name itself."""
    cells, last = table.table.cells, table.table.header_rows - 1
    here = cells[row]
    if row >= last or not here[column]:
        return False
    group = {cells[last][at] for at, cell in enumerate(here) if cell == here[column] and at < len(cells[last])}
    return len(group) > 1 and all(any(cell_names(cell)) for cell in group)


def _stub_column(table: TableView) -> int:
    """The column that names what the rows are: the first, or a later one whose header says so ("Task | Benchmark | ours")."""
    named = [number for number, header in enumerate(table.headers[:_STUBS]) if _NAMED_ROWS.search(header)]
    return named[-1] if named else 0


def known_by_row(table: TableView, known: Sequence[int]) -> list[int]:
    """How many known names stand in each row."""
    spans = table.table.row_spans
    return [bisect_left(known, span[1]) - bisect_left(known, span[0]) if span is not None else 0 for span in spans]


def lists_data(view: PaperView, table: TableView, counts: Sequence[int]) -> bool:
    """Whether a table whose caption and headers say nothing lists data: most rows name some, and there are no scores."""
    kind = table_kind(view, table)
    if own_rows(view, table) or own_columns(view, table) or is_of_rival_data(table):
        return False
    if kind not in _OPEN and not (kind is TableKind.BENCHMARK and _has_amounts(table)):
        return False
    body = counts[table.table.header_rows :]
    if kind is TableKind.ABLATION and any(_NUMBER.fullmatch(cell) for row in table.rows for cell in row):
        return False
    if sum(body) < _LEAST_NAMES or 2 * sum(count > 0 for count in body) < len(body):
        return False
    cells = [cell for row in table.rows for cell in row if cell]
    return kind is TableKind.BENCHMARK or sum(
        _NUMBER.fullmatch(cell) is not None for cell in cells
    ) < _MOST_NUMBERS * len(cells)


def kind_by_cells(view: PaperView, table: TableView, kind: TableKind, counts: Sequence[int]) -> TableKind:
    """The kind of a table, where what its words say is not what its cells hold: a table of scores is one of results.

    "The mark says whether training data was used" makes no list of data of rows of models with scores.
    """
    if kind is not TableKind.MIXTURE and kind not in _PLANS:
        return kind
    cells = [cell for row in table.rows for cell in row[1:] if cell]
    scores = sum(_NUMBER.fullmatch(cell) is not None for cell in cells)
    if kind is TableKind.MIXTURE and own_rows(view, table) and scores > _MOST_NUMBERS * len(cells):
        return TableKind.BENCHMARK
    if kind in _PLANS and sum(counts[: table.table.header_rows]) > 2 and 2 * scores > len(cells):
        return TableKind.ABLATION
    return kind


def _has_amounts(table: TableView) -> bool:
    """Whether most rows say how large something is ("1.2M"), as no table of scores does."""
    rows = [row[1:] for row in table.rows if len(set(row) - {""}) > 1]
    return bool(rows) and 2 * sum(any(map(_LARGE.fullmatch, row)) for row in rows) > len(rows)


def is_row_wise(view: PaperView, table: TableView) -> bool:
    """Whether the rows are sets of data and the columns models."""
    known: dict[int, tuple[TableView, bool]] = view.memo.setdefault("row_wise", {})
    if id(table) not in known:
        known[id(table)] = (table, _is_row_wise(view, table))  # the table is kept, so that its id stays its own
    return known[id(table)][1]


def _is_row_wise(view: PaperView, table: TableView) -> bool:
    if own_rows(view, table):
        return False
    if own_columns(view, table) or is_of_settings(table):
        return True
    return any(_NAMED_ROWS.search(header) is not None for header in table.headers[:_STUBS])


def settings_only(table: TableView) -> bool:
    """Whether no header names a model: sizes, inputs, metrics, or nothing stands there."""
    return all(_SETTING.fullmatch(header) for header in table.headers[1:])


def is_of_settings(table: TableView) -> bool:
    """Whether the columns are sizes or inputs of one model, and the rows no models: "| 3B | 10B" over "FooQA | 61.2 | 63.0"."""
    headers = table.headers
    if sum(_SIZE.search(header) is not None for header in headers[1:]) < 2 or not settings_only(table):
        return False
    rows = headers[0].strip()
    return not _OF_MODELS.search(rows) and (not rows or _SETTING.fullmatch(rows) is None)


def _names(
    view: PaperView,
    table: TableView,
    cells: Mapping[str, ColumnSays],
    span: Span | None,
    part: str,
    mates: int,
) -> Iterator[CellName]:
    """The names of some cells of a row (one that spans columns counts once), with what their columns say."""
    if span is None:
        return
    for cell in reversed(tuple(cells)):
        for name in cell_names(cell):
            start = view.text.find(name, span[0], span[1])
            if start >= 0:
                yield CellName(name, start, start + len(name), table, part, mates, cells[cell])


def _is_known(cell: str) -> bool:
    return known_name(fold_name(clean_cell(cell))) is not None


class _Head:
    """A row of a header of results: what tells a set in it from a metric or a setting."""

    def __init__(self, table: TableView, row: int) -> None:
        self._table = table
        self._row = row

    @cached_property
    def _beside(self) -> list[str]:
        return [cell for cell in dict.fromkeys(self._table.table.cells[self._row][1:]) if cell]

    @cached_property
    def _known(self) -> dict[str, bool]:
        return {cell: _is_known(cell) for above in self._table.table.cells[: self._row + 1] for cell in above if cell}

    @cached_property
    def _families(self) -> Counter[str]:
        return Counter(_PREFIX.split(cell, maxsplit=1)[0] for cell in self._beside)

    def says(self, column: int) -> tuple[str, ...]:
        """What stands under, over and beside the cell of a column."""
        cells, top, known = self._table.table.cells, self._table.table.header_rows, self._known
        cell = cells[self._row][column]
        found = []
        if self._families[_PREFIX.split(cell, maxsplit=1)[0]] >= _FAMILY:
            found.append("column_family")
        body = [line[column] for line in cells[top:] if column < len(line) and line[column]]
        if body and 2 * sum(_SCORE.fullmatch(one) is not None for one in body) < len(body):
            found.append("column_unscored")
        over = {above[column] for above in cells[: self._row] if column < len(above)} - {"", cell}
        if over:
            found.append("under_set" if any(known[one] for one in over) else "under_title")
        mates = sum(known[one] for one in self._beside) - known.get(cell, False)
        others = len(self._beside) - 1
        if others > 0 and 2 * mates >= others:
            found.append("column_mates_most")
        elif not mates:
            found.append("column_mates_none")
        return tuple(found)


class _ListColumns:
    """Some columns of a list of data: whether most names of one are known, or none while another column has some."""

    def __init__(self, table: TableView, columns: Sequence[int]) -> None:
        self._table = table
        self._columns = columns

    @cached_property
    def _counts(self) -> dict[int, tuple[int, int]]:
        """Per column how many names are known, and how many there are."""
        found: dict[int, tuple[int, int]] = {}
        for at in self._columns:
            names = [name for row in self._table.rows if at < len(row) for name in cell_names(row[at])]
            found[at] = (sum(known_name(fold_name(name)) is not None for name in names), len(names))
        return found

    def says(self, column: int) -> tuple[str, ...]:
        """What the names of a column say of each other."""
        count, total = self._counts[column]
        if 3 * count >= total and count > 1:
            return ("column_mates_most",)
        best = max(known for known, _ in self._counts.values())
        return ("column_mates_none",) if not count and best > 1 else ()
