"""What a table is about, and which of its rows and columns are the paper's own model.

`table_kind(view, table)` adds the weights of the cues in rules/table_kinds.toml (caption, headers, first column) to what the
cells look like (numbers, ticks), and takes the kind with most; OTHER below a threshold. `own_rows` and `own_columns` give
indices into `table.table.cells`. All are computed once per table. Wrong cells are expected: no cue alone decides much.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from vlmingest.extract.headings import SectionKind
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView, TableView
from vlmingest.extract.voice import own_names
from vlmingest.extract.wording import wording


class TableKind(StrEnum):
    """What a table is about."""

    BENCHMARK = "benchmark"  # models (or methods) against evaluation sets
    HYPERPARAMETER = "hyperparameter"
    STAGES = "stages"  # hyper-parameters or data with one column (or row) per training stage
    MIXTURE = "mixture"  # the data that a model is trained on
    ARCHITECTURE = "architecture"
    COMPARISON = "comparison"  # properties of models or data sets side by side, no scores
    ABLATION = "ablation"
    STATISTICS = "statistics"
    OTHER = "other"


_LEAST = 1.0
_MAX_CELLS = 400
_LONGEST_NAME = 60
_ONE = r"(?:[-+−]?\d{1,4}\.\d{1,2}\s*%?|0?\.\d{2,4}|-|–|—|\d{2})"
_SCORE = re.compile(rf"{_ONE}(?:\s*[/|±]\s*{_ONE})*[*†‡↑↓]*")
_TICKS = "✓✗✔✘×√☑◦○●X"
_TICK = re.compile(rf"[{_TICKS}]+B?")
_OURS = wording("rivals.own_label")
_WORDS = re.compile(r"[\W_]+")  # letters of all scripts stay: "Foo-ϕ" is not "Foo"


def table_kind(view: PaperView, table: TableView) -> TableKind:
    """The kind of `table`, a table of `view`."""
    known: dict[int, tuple[TableView, TableKind]] = view.memo.setdefault("table_kinds", {})
    if id(table) not in known:
        known[id(table)] = (table, _judge(table))  # the table is kept, so that its id stays its own
    return known[id(table)][1]


def own_rows(view: PaperView, table: TableView) -> tuple[int, ...]:
    """Indices into `table.table.cells` of the rows that stand for the paper's own model ("Ours", its name)."""
    return _own(view, table)[0]


def own_columns(view: PaperView, table: TableView) -> tuple[int, ...]:
    """Indices of the columns whose header stands for the paper's own model."""
    return _own(view, table)[1]


def _own(view: PaperView, table: TableView) -> tuple[tuple[int, ...], tuple[int, ...]]:
    known: dict[int, tuple[TableView, tuple[int, ...], tuple[int, ...]]] = view.memo.setdefault("table_own", {})
    if id(table) not in known:
        names = _own_keys(view)
        initials = frozenset(name[0] for name in names)
        first = table.table.header_rows
        rows = tuple(
            number
            for number, row in enumerate(table.table.cells[first:], start=first)
            if any(_is_own(cell, names, initials) for cell in row[:3])
        )
        columns = tuple(
            number for number, header in enumerate(table.headers) if number and _is_own(header, names, initials)
        )
        known[id(table)] = (table, rows, columns)
    return known[id(table)][1:]


def is_of_rival_data(table: TableView) -> bool:
    """Whether the caption says that sets of data are compared with other people's: what is listed is not all used."""
    low = table.caption.lower()
    return any(
        _has_any(low, rule.cues) and rule.regex.search(table.caption) is not None
        for rule in _rules()["caption"]
        if rule.attributes.get("rivals")
    )


def stub(table: TableView) -> tuple[str, ...]:
    """The first filled cell of every row (header rows too: they are not always found right)."""
    return tuple(next((cell for cell in row[:2] if cell.strip()), "") for row in table.table.cells)


def _own_keys(view: PaperView) -> tuple[str, ...]:
    """Folded names of the own model; "VL" alone would be half of all models."""
    return tuple(key for key in map(_fold, own_names(view)) if len(key) >= 3)


def _is_own(cell: str, names: tuple[str, ...], initials: frozenset[str]) -> bool:
    if not cell or cell[0].isdigit():
        return False
    low = cell.lower()
    if "our" in low and _OURS.search(low):
        return True
    if low[0].isalnum() and low[0] not in initials:
        return False  # as most cells are
    return _fold(cell[:_LONGEST_NAME]).startswith(names)


def _fold(text: str) -> str:
    low = text.lower()
    return low if low.isalnum() else _WORDS.sub("", low)


@cache
def _rules() -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in load_rules("table_kinds").rules:
        found[str(rule.attributes["where"])].append(rule)
    return {where: tuple(rules) for where, rules in found.items()}


def _judge(table: TableView) -> TableKind:
    scores: dict[TableKind, float] = defaultdict(float)
    rules = _rules()
    for where, told in (("caption", (table.caption,)), ("header", table.headers), ("stub", stub(table))):
        texts = [text.lower() for text in told if text]
        together = "\n".join(texts)
        for rule in rules[where]:
            if not _has_any(together, rule.cues):
                continue
            most = int(rule.attributes.get("most", 1))
            count = _count(rule, texts, most)
            if count:
                scores[TableKind(rule.attributes["kind"])] += rule.weight * count
    _add_shape(table, scores)
    _share(scores)
    if not scores:
        return TableKind.OTHER
    best = max(scores, key=lambda kind: (scores[kind], kind.value))
    return best if scores[best] >= _LEAST else TableKind.OTHER


def _has_any(text: str, cues: Iterable[str]) -> bool:
    for cue in cues:  # noqa: SIM110 - a generator for `any` costs more than most of these tests
        if cue in text:
            return True
    return False


def _count(rule: Rule, texts: Iterable[str], most: int) -> int:
    """How many of the texts, in lower case, the cue is found in."""
    count = 0
    search = (rule.lead or rule.low or rule.regex).search
    for text in texts:
        if search(text) is not None:
            count += 1
            if count >= most:
                break
    return count


def _add_shape(table: TableView, scores: dict[TableKind, float]) -> None:
    """What the cells look like: scores speak for results, ticks for a comparison, an ablation's section for an ablation."""
    cells = [cell for row in table.rows for cell in row[1:] if cell][:_MAX_CELLS]
    if cells:
        numbers = sum(_SCORE.fullmatch(cell) is not None for cell in cells) / len(cells)
        ticks = sum(cell[0] in _TICKS and _TICK.fullmatch(cell) is not None for cell in cells) / len(cells)
        if numbers > 0.4:
            scores[TableKind.BENCHMARK] += 1.2
        elif numbers < 0.1:
            scores[TableKind.BENCHMARK] -= 0.8
        if ticks > 0.3:
            scores[TableKind.COMPARISON if numbers < 0.2 else TableKind.ABLATION] += 1.0
    if table.section is SectionKind.ABLATION:
        scores[TableKind.ABLATION] += 1.3


def _share(scores: dict[TableKind, float]) -> None:
    """A stage table is a hyper-parameter (or mixture) table with stages: it takes over what speaks for those."""
    stages = scores.get(TableKind.STAGES, 0.0)
    below = max(scores.get(TableKind.HYPERPARAMETER, 0.0), scores.get(TableKind.MIXTURE, 0.0))
    if stages >= 1.5 and below >= 0.9:
        scores[TableKind.STAGES] = stages + below
    if scores.get(TableKind.STATISTICS) and scores.get(TableKind.MIXTURE, 0.0) < 1.6:
        scores[TableKind.STATISTICS] += 0.5
