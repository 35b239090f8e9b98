"""Training stages from tables: hyper-parameter and stage tables as columns of settings, each cell with its place.

A table is turned so that settings are rows (`rules/stages_tables.toml` knows the labels). Columns whose header speaks of a
stage ("Stage 1", "Pre-training", "SFT") become `Column`s with that stage's marks; a table without such columns is a list of
keys and values, for the stage its caption names or for the whole training. Tables of fine-tuning on single tasks, of
ablations and of results are left out. Units: learning rates as in `stages_numbers.normal_rate`, batch sizes as integers.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from vlmingest.document import Span
from vlmingest.extract import stages_marks as marks
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.rival_tables import is_of_rivals
from vlmingest.extract.stages_cells import (
    has_parts,
    is_yes,
    joined,
    label_column,
    part_of,
    parts_of,
    setting,
    value_of,
)
from vlmingest.extract.stages_columns import (
    SIZED,
    Cell,
    Column,
    freeze_dashes,
    rate_of,
    take_parts,
    take_rate,
    take_tick,
)
from vlmingest.extract.stages_headers import stage_marks
from vlmingest.extract.stages_shorts import long_forms, spelled_out
from vlmingest.extract.table_kinds import TableKind, table_kind
from vlmingest.extract.view import PaperView, TableView
from vlmingest.extract.wording import wording

_MAX_ROWS, _MAX_COLUMNS = 80, 24
_HEAVY = frozenset({"learning_rate", "batch_size", "trainable", "frozen", "epochs", "steps"})
_TASKS = wording("stages_tables.tasks")
_CUES = (
    "learning rate",
    "learning-rate",
    "lr",
    "batch",
    "trainable",
    "tunable",
    "froz",
    "freeze",
    "epoch",
    "stage",
    "trained",
)


# a first row that holds such a cell is no row of titles
_VALUE = re.compile(r"\d[\d.,]*(?:\s?[eE×x*]\s?[-−–]?\d+(?:\s?[-−–]\d+)?)?\s?[kKMB]?")


@dataclass(slots=True)
class StageTable:
    """The stage columns of a table in order, or (`staged` false) one column for all it says."""

    columns: list[Column]
    staged: bool
    caption: str
    loose: list[Column] = field(default_factory=list)  # of one without stages: each column by itself, under its header


def read_tables(view: PaperView) -> list[StageTable]:
    """All tables of the paper that say how the stages of the proposed model are trained."""
    found = []
    for table in view.tables:
        if not table.table.cells or table.section is SectionKind.RELATED or is_of_rivals(view, table):
            continue
        read = _read(view, table)
        if read is not None:
            found.append(read)
    return found


def _read(view: PaperView, table: TableView) -> StageTable | None:
    cells = table.table.cells[:_MAX_ROWS]
    text = " ".join([cell for row in cells for cell in row[:_MAX_COLUMNS]]).lower()
    if not any(cue in text for cue in _CUES):
        return None
    kind = table_kind(view, table)
    if kind in (TableKind.ABLATION, TableKind.BENCHMARK):
        return None
    grid = Grid.upright(table)
    if grid is None:
        return None
    listed = [cell.value for row in grid.rows if setting(row.label) in ("trainable", "frozen") for cell in row.cells]
    grid.forms = long_forms(view, table.caption, listed) if listed else {}
    columns = grid.stage_columns()
    if len(columns) < 2 and len(groups := grid.stage_groups()) >= 2:
        columns = groups
    if kind is TableKind.COMPARISON and (len(columns) < 2 or not all(c.freeze or c.rates for c in columns)):
        return None
    if len(columns) >= 2:
        return StageTable(columns, True, table.caption)
    one = grid.only_column(table.caption)
    return None if one is None else StageTable([one], False, table.caption, grid.loose_columns())


class Row(NamedTuple):
    """A setting as its label says it, and its cells by column (the label's own column is empty)."""

    label: str
    cells: tuple[Cell, ...]
    group: str = ""  # what it stands under


@dataclass(slots=True)
class Grid:
    """A table with settings as rows; `headers` are the texts above the columns; `turned`: they were columns at first."""

    headers: list[str]
    leaves: list[str]  # the lowest text of each header
    rows: list[Row]
    turned: bool
    forms: dict[str, str] = field(default_factory=dict)  # what short forms stand for

    @classmethod
    def upright(cls, table: TableView) -> Grid | None:
        """The table with settings as rows, turned if need be; None where it has no settings."""
        cells = [[cell.strip() for cell in row[:_MAX_COLUMNS]] for row in table.table.cells[:_MAX_ROWS]]
        width = max(len(row) for row in cells)
        cells = [row + [""] * (width - len(row)) for row in cells]
        places = [table.row_span(index) or table.table.caption_span for index in range(len(cells))]
        labels = [label_column(row) for row in cells]
        if (head := _late_head(cells, labels)) is not None:
            labels = [-1 if index <= head else at for index, at in enumerate(labels)]
        if _is_grouped(cells[table.table.header_rows :]):
            labels = [1 if row[1] and row[0] != row[1] else at for row, at in zip(cells, labels, strict=True)]
        heavy = sum(at >= 0 and setting(row[at]) in _HEAVY for row, at in zip(cells, labels, strict=True))
        first = table.table.header_rows
        titled = not any(_VALUE.fullmatch(header) for header in table.headers)
        of_stages = sum(bool(stage_marks(row[0])) for row in cells[first:]) > 1 and not has_parts(cells)
        ticked = of_stages and sum(_is_ticked(header, c, cells[first:]) for c, header in enumerate(table.headers)) > 1
        if titled and (ticked or sum(setting(header) in _HEAVY for header in table.headers) > heavy):
            return cls._turned(table.headers, cells[first:], places[first:])
        first = first if head is None else head + 1
        staged = any(stage_marks(cell) for row in cells[: max(first, 1)] for cell in row[1:])
        if not heavy and not (staged and any(at >= 0 for at in labels)) and not has_parts(cells):
            return None
        least = min(first, 1) if titled else 0
        top = next((index for index, at in enumerate(labels) if at >= 0 and index >= least), first)
        top = min(top, max(first, 1)) if has_parts(cells) else top
        above = [row for row in cells[:top] if len(set(row)) > 1] or cells[:top]  # not the title of a group of rows
        headers = [joined(row[column] for row in above) for column in range(width)]
        leaves = [next((row[column] for row in above[::-1] if row[column]), "") for column in range(width)]
        rows = []
        group = ""
        for row, at, place in zip(cells[top:], labels[top:], places[top:], strict=True):
            stubs = [max(at, 0)]
            if row[0] and (at == 1 or not any(cell and cell != row[0] for cell in row[1:])):
                group = row[0]  # "Stage 1" above its settings, or beside the first of them
            if not staged:  # keys and values twice side by side
                stubs += [i for i in range(stubs[0] + 2, width) if setting(row[i])]
            for stub, end in zip(stubs, [*stubs[1:], width], strict=True):
                told = tuple(Cell(row[i] if stub < i < end else "", place) for i in range(width))
                rows.append(Row(row[stub], told, group))
        return cls(headers, leaves, rows, turned=False)

    @classmethod
    def _turned(cls, headers: Sequence[str], body: list[list[str]], places: Sequence[Span | None]) -> Grid:
        stub = next((c for c, header in enumerate(headers) if setting(header) or _is_ticked(header, c, body)), 1)
        names = [joined(row[: max(stub, 1)]) for row in body]
        rows = [
            Row(header, (Cell("", None), *(Cell(row[column], place) for row, place in zip(body, places, strict=True))))
            for column, header in enumerate(headers)
            if column >= stub
        ]
        stub_header = headers[0] if _STAGES.fullmatch(headers[0]) else ""  # "Phase" above names that nobody knows
        return cls([stub_header, *names], ["", *names], rows, turned=True)

    def stage_columns(self) -> list[Column]:
        """The columns that stand for a stage, one per stage, in order."""
        found: list[Column] = []
        by_key: dict[str, Column] = {}
        models: dict[str, dict[str, str]] = {}  # stage -> model of the family -> learning rate
        all_stages = _STAGES.fullmatch(self.headers[0]) is not None or self._has_stages_alone()
        for index, header in enumerate(self.headers):
            told = stage_marks(header) if index else ()
            if not told and index and header and all_stages:
                told = (marks.Mark("class", "", header, 0, len(header)),)
            if not told:
                continue
            key = f"{told[0].key}:{self._leaf(index)}"
            column = by_key.get(key)
            models.setdefault(key, {}).setdefault(_model_of(header, told[0].name), self._rate(index))
            if column is None:
                column = by_key[key] = Column(header, told)
                found.append(column)
            elif column.values or column.rates or column.freeze:
                continue  # the same stage of another model of the family
            self.fill(column, index)
            freeze_dashes(column)
        for key, rates in models.items():
            rate = by_key[key].values.get("learning_rate")
            if rate is not None and len(set(rates.values())) > 1 and all((*rates, *rates.values())):
                by_key[key].values["learning_rate"] = Cell(_by_model(rates), rate.place)
        found = [column for column in found if column.values or column.rates or column.freeze]
        if all(column.marks[0].kind == "ordinal" for column in found):
            found.sort(key=_number)  # "Stage 1 | Stage 2" of one model, "Stage 1.5" of another
        return found

    def _has_stages_alone(self) -> bool:
        """Do the columns stand for stages, most of which have names that are known: "Align | PT | CT | SFT"?"""
        told = [stage_marks(header)[:1] for header in self.headers[1:]]
        known = {mark[0].key for mark in told if mark}
        return (
            len(known) >= _LEAST_KNOWN
            and 2 * sum(map(bool, told)) >= len(told)
            and all(self.headers[1:])
            and len(set(self.headers)) == len(self.headers)
            and all(self._rate(index) for index in range(1, len(self.headers)))
        )

    def stage_groups(self) -> list[Column]:
        """The groups of rows that stand for a stage, read from the first column with values."""
        found: list[Column] = []
        for group in dict.fromkeys(row.group for row in self.rows if row.group):
            told = stage_marks(group)
            if not told or setting(group):
                continue
            column = Column(group, told)
            rows = [row for row in self.rows if row.group == group]
            part = Grid(self.headers, self.leaves, rows, self.turned, self.forms)
            for index in range(1, len(self.headers)):
                part.fill(column, index)
                if column.values or column.rates or column.freeze:
                    break
            freeze_dashes(column)
            if "learning_rate" in column.values or column.rates or column.freeze:
                found.append(column)
        return found

    def _rate(self, index: int) -> str:
        """The learning rate of a column's whole model; "" where it has none."""
        told = (
            rate_of(row.label, row.cells[index].value)
            for row in self.rows
            if setting(row.label) == "learning_rate" and not parts_of(row.label)
        )
        return next((rate for rate in told if rate), "")

    def _leaf(self, index: int) -> str:
        """What sets a column apart from others of its stage's name; "" where that is the stage's number or a model.

        "Pre-training | Multi-task pre-training" and "Stage 2: images | Stage 2: videos" are two stages each, "A: Stage 1 |
        B: Stage 1" and "Stage 1: 7B | Stage 1: 13B" one of two models.
        """
        leaf = self.leaves[index]
        return "" if any(mark.kind == "ordinal" for mark in stage_marks(leaf)) or SIZED.search(leaf) else leaf.lower()

    def only_column(self, caption: str) -> Column | None:
        """One column for all the table says: of its first column that is no single task."""
        told = stage_marks(caption)
        if (
            self.turned
            or _TASKS.search(" ".join(self.headers))
            or (_TASKS.search(caption) and all(mark.key == "finetune" for mark in told))
        ):
            return None
        column = Column("", told)
        for index in range(1, len(self.headers)):
            if self.headers[index] and stage_marks(self.headers[index]):
                column.marks = column.marks or stage_marks(self.headers[index])
            self.fill(column, index)
        sizes = self._rates_by_size()
        if sizes is not None and "learning_rate" in column.values:
            column.values["learning_rate"] = sizes
        return column if column.values or column.rates else None

    def loose_columns(self) -> list[Column]:
        """Each column by itself, where all have headers in words and one at least tells a learning rate."""
        if self.turned or len(self.headers) <= _LEAST_KNOWN or not all(self.headers[1:]):
            return []
        found = []
        for index, header in enumerate(self.headers[1:], 1):
            column = Column(header, ())
            self.fill(column, index)
            found.append(column)
        return found if any("learning_rate" in column.values or column.rates for column in found) else []

    def _rates_by_size(self) -> Cell | None:
        """`6e-5 (3B), 4e-5 (7B)` where the columns are sizes of the model that differ in their learning rates."""
        row = next(
            (row for row in self.rows if setting(row.label) == "learning_rate" and not parts_of(row.label)), None
        )
        if row is None:
            return None
        told = [
            (header, rate)
            for header, cell in zip(self.headers, row.cells, strict=False)
            if _SIZE.fullmatch(header) and (rate := rate_of(row.label, cell.value))
        ]
        if len({rate for _, rate in told}) <= 1:
            return None
        return Cell(", ".join(f"{rate} ({header})" for header, rate in told), row.cells[-1].place)

    def fill(self, column: Column, index: int) -> None:
        """Take the cells of one column; what is known stays."""
        for row in self.rows:
            cell = row.cells[index] if index < len(row.cells) else Cell("", None)
            label = row.label
            if not cell.value and not part_of(label):
                continue
            name = setting(label)
            if name == "none":
                continue
            if name == "learning_rate":
                take_rate(column, label, cell)
            elif name in ("trainable", "frozen"):
                take_parts(column, name, Cell(spelled_out(cell.value, self.forms), cell.place))
            elif name:
                value = value_of(name, cell.value)
                if value:
                    column.values.setdefault(name, Cell(value, cell.place))
            else:
                take_tick(column, label, cell)


_LEAST_KNOWN = 2


def _number(column: Column) -> float:
    """The number of a column's stage; "the last stage" comes last."""
    key = column.marks[0].key
    return float(key) if key.replace(".", "", 1).isdigit() else math.inf


_MOST_ABOVE = 8


def _late_head(cells: Sequence[Sequence[str]], labels: Sequence[int]) -> int | None:
    """The row of stages that stands below rows on the models ("Parameters | 3B | 3B", then "Settings | Stage 1 | Stage 2")."""
    for index, row in enumerate(cells[:_MOST_ABOVE]):
        if index and labels[index] < 0 and sum(bool(stage_marks(cell)) for cell in row[1:]) == len(row) - 1 > 1:
            return index
        if labels[index] >= 0 and setting(row[labels[index]]) in _HEAVY:
            return None
    return None


def _model_of(header: str, stage: str) -> str:
    """The first words of a header above its stage: the model's name, where several have columns."""
    return header.partition(stage)[0].partition(" ")[0].strip()


def _by_model(rates: Mapping[str, str]) -> str:
    """`2e-4 (Small), 1e-4 (Large)`, `4e-5 (1B-8B), 2e-5 (26B)`; what all names share is left out."""
    shared = "".join(
        letters[0] for letters in itertools.takewhile(lambda letters: len(set(letters)) == 1, zip(*rates, strict=False))
    )
    if any(name[len(shared) : len(shared) + 1] in tuple("0123456789.BM") for name in rates):
        shared = shared.rstrip("0123456789.")  # "2" of "2B" and "26B"
    told = []
    for rate, group in itertools.groupby(rates, key=rates.__getitem__):
        names = [name.removeprefix(shared).strip("-_ ") or name for name in group]
        sized = len(names) > 1 and all(_SIZE.fullmatch(name) for name in names)
        told.append(f"{rate} ({f'{names[0]}-{names[-1]}' if sized else ', '.join(names)})")
    return ", ".join(told)


_STAGES = wording("stages_tables.stages")
_SIZE = re.compile(r"\d+(?:\.\d+)?\s?[BM]")


def _is_ticked(header: str, column: int, body: Sequence[Sequence[str]]) -> bool:
    """Is it a column of one part of the model, that says "frozen" or "trainable" of it?"""
    told = [row[column] for row in body if row[column]]
    return column > 0 and part_of(header) and 2 * sum(is_yes(cell) is not None for cell in told) > len(told)


_LEAST_GROUPED = 2
_STATES = frozenset({"", "trainable", "frozen"})  # "frozen" may be a value


def _is_grouped(rows: Sequence[Sequence[str]]) -> bool:
    """Does the first column name groups of settings, the second the settings?"""
    pairs = [(above, row) for above, row in itertools.pairwise(rows) if len(row) > 2]
    repeated = sum(above[0] == row[0] != "" and above[1] != row[1] for above, row in pairs)
    repeated += sum(not row[0] and setting(row[1]) not in _STATES for _, row in pairs)  # written once for them
    return repeated >= _LEAST_GROUPED and sum(bool(setting(row[1])) for row in rows if len(row) > 2) >= _LEAST_GROUPED
