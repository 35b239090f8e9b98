"""Training settings from tables with a row for each model: the row of the paper's own model is read.

"Model | Tokens | LR | Epochs" gives one column of settings; where groups of settings stand under the names of stages
("Adapter: lr, bs | Instruction tuning: lr, bs"), each group is a stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vlmingest.document import Span
from vlmingest.extract import stages_marks as marks
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.stages_cells import setting
from vlmingest.extract.stages_columns import Cell, Column, freeze_dashes
from vlmingest.extract.stages_headers import stage_marks
from vlmingest.extract.stages_tables import Grid, Row, StageTable
from vlmingest.extract.table_kinds import TableKind, table_kind
from vlmingest.extract.view import PaperView, TableView
from vlmingest.extract.voice import own_names

_MOST_ROWS = 40
_HEAD = 3  # rows among which the one of the settings is
_NO_STAGES = frozenset({TableKind.ABLATION, TableKind.BENCHMARK})


def read_model_rows(view: PaperView) -> Iterator[StageTable]:
    """What such tables say of the own model's training."""
    for table in view.tables:
        cells = table.table.cells[:_MOST_ROWS]
        if table.section is SectionKind.RELATED or not any(_is_rate(cell) for row in cells[:_HEAD] for cell in row):
            continue
        if table_kind(view, table) not in _NO_STAGES and (read := _read(view, table, cells)) is not None:
            yield read


def _is_rate(cell: str) -> bool:
    # most cells are numbers: a letter of the words is looked for first
    return ("r" in cell or "R" in cell) and ("l" in cell or "L" in cell) and setting(cell) == "learning_rate"


def _read(view: PaperView, table: TableView, cells: Sequence[Sequence[str]]) -> StageTable | None:
    head = next(index for index, row in enumerate(cells) if any(_is_rate(cell) for cell in row))
    labels = cells[head]
    if setting(labels[0]) or any(stage_marks(row[0]) for row in cells[head + 1 :] if row):
        return None  # rows of settings or stages, which `stages_tables` knows
    own = _own_row(view, cells, head)
    if own is None:
        return None
    row, place = cells[own], table.row_span(own)
    above = cells[head - 1] if head else [""] * len(labels)
    groups = list(dict.fromkeys(above[index] for index, label in enumerate(labels) if _is_rate(label)))
    if len(groups) == 1:
        column = Column("", stage_marks(table.caption))
        _fill(column, labels, row, range(len(labels)), place)
        return StageTable([column], False, table.caption) if column.values or column.rates else None
    if not any(stage_marks(group) for group in groups):
        return None
    columns = []
    for group in groups:
        column = Column(group, stage_marks(group) or (marks.Mark("class", "", group, 0, len(group)),))
        _fill(column, labels, row, [index for index in range(len(labels)) if above[index] == group], place)
        columns.append(column)
    return StageTable(columns, True, table.caption)


def _own_row(view: PaperView, cells: Sequence[Sequence[str]], head: int) -> int | None:
    names = own_names(view)
    for index in range(head + 1, len(cells)):
        named = cells[index][0].lower()
        if any(named.startswith(name) for name in names):
            return index
    return None


def _fill(
    column: Column, labels: Sequence[str], row: Sequence[str], indices: Sequence[int], place: Span | None
) -> None:
    rows = [Row(labels[index], (Cell("", None), Cell(row[index].strip(), place))) for index in indices if index]
    Grid(["", column.header], ["", ""], rows, turned=False).fill(column, 1)
    freeze_dashes(column)
