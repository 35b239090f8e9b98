"""Every place where a paper names a set of data, grouped by name: known names and names found by their shape.

`dataset_groups(view)` gives one `Group` per name with its places and counts of what they say ("left_train", "table_benchmark_head",
"in_related-work" ...). Which role a name has is judged from the whole group (see `dataset_scores`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from vlmingest.document import BlockKind
from vlmingest.extract.dataset_cues import Cue, beside, cues, is_direct
from vlmingest.extract.dataset_names import cell_names, clean_cell, names_in
from vlmingest.extract.dataset_places import TablePlace, places
from vlmingest.extract.table_kinds import TableKind, own_columns, own_rows, table_kind
from vlmingest.extract.view import PaperView, SectionKind, Sentence, TableView
from vlmingest.extract.voice import Voice, own_names, voice
from vlmingest.vocabulary.datasets import dataset_uses, find_datasets, fold_name, known_name, short_names

_LIST_GAP = re.compile(
    r"[\s)]*(?:\[[\d,\s–-]+\]|\([^()]{0,60}\)|\d{1,3})?\s*(?:,\s*(?:and\s+|as well as\s+)?|;|/|\+|&|\band\b)\s*(?:the\s+)?",
    re.IGNORECASE,
)
_NAMED_ROWS = re.compile(r"\b(?:benchmark|data\s?set|task|test set|source|corpus|evaluation set)", re.IGNORECASE)
_DATA_COLUMN = re.compile(r"\bdata|\bsource|\bcorp(?:us|ora)\b|\bname\b|\bbenchmark", re.IGNORECASE)
_READ_STUB = frozenset({TableKind.MIXTURE, TableKind.STATISTICS})
_READ_HEAD = frozenset({TableKind.BENCHMARK, TableKind.ABLATION})
_PROSE = frozenset({SectionKind.RELATED, SectionKind.REFERENCES})
# Where a sentence speaks of the own model though it does not say so.
_HOME = {
    "train": frozenset(
        {SectionKind.TRAINING, SectionKind.DATA, SectionKind.METHOD, SectionKind.EXPERIMENTS, SectionKind.OTHER}
    ),
    "evaluate": frozenset(
        {SectionKind.EXPERIMENTS, SectionKind.ABLATION, SectionKind.TRAINING, SectionKind.CONCLUSION, SectionKind.OTHER}
    ),
}


class Place(NamedTuple):
    """One place of a name; `says`: what it says of the role, as feature names."""

    start: int
    end: int
    says: tuple[str, ...]


class Group:
    """All places of one name. `use` is what the vocabulary says it is for, "" for a name that no list knows."""

    def __init__(self, key: str, name: str, use: str) -> None:
        self.key = key
        self.name = name
        self.use = use
        self.places: list[Place] = []
        self.counts: Counter[str] = Counter()
        self.surfaces: Counter[str] = Counter()

    def add(self, start: int, end: int, surface: str, says: tuple[str, ...]) -> None:
        """One more place."""
        self.places.append(Place(start, end, says))
        self.counts.update(says)
        self.surfaces[surface] += 1


class _Found(NamedTuple):
    name: str
    start: int
    end: int
    sure: bool
    known: bool


class Mentions:
    """The groups of one paper; made once."""

    def __init__(self, view: PaperView) -> None:
        self.view = view
        self.groups: dict[str, Group] = {}
        self._places = places(view)
        self._cues = cues(view)
        self._own = {fold_name(name) for name in own_names(view)}
        references = view.document.references
        self._hole = (references.start, references.end) if references is not None else (len(view.text), len(view.text))
        known = [
            _Found(found.name, found.start, found.end, found.sure, True)
            for found in find_datasets(view.text, view.lowered)
            if not self._hole[0] <= found.start < self._hole[1]
        ]
        self._listed = self._list_members(known)
        self._taken = sorted(
            {(found.start, found.end) for found in known}
            | {(mention.start, mention.end) for mention in view.mentions if mention.code.kind != "dataset"}
        )
        for found in known:
            self._add(found)
        for found in self._unknown_in_prose(known):
            self._add(found)
        for table in view.tables:
            self._add_cells(table)
        for short, full in short_names().items():
            self._merge(fold_name(short), fold_name(full))

    def _merge(self, short: str, full: str) -> None:
        """A short name ("VQA") means the full one where the paper has that, too."""
        if short in self.groups and full in self.groups:
            group = self.groups.pop(short)
            for place in group.places:
                self.groups[full].add(place.start, place.end, self.groups[full].name, place.says)

    # --- known names -------------------------------------------------------------------------------------------

    def _list_members(self, known: list[_Found]) -> set[int]:
        """Starts of the names that stand beside another known name in a list."""
        members: set[int] = set()
        for left, right in zip(known, known[1:], strict=False):
            gap = self.view.text[left.end : right.start]
            if right.start >= left.end and len(gap) < 90 and _LIST_GAP.fullmatch(gap) and (left.sure or right.sure):
                members.update((left.start, right.start))
        return members

    def _add(self, found: _Found) -> None:
        view = self.view
        block = view.block_index(found.start)
        if block is None:
            return
        says = list(self._says(found, block))
        if not found.sure and not _data_is_meant(says):
            says = ["doubtful"]
        elif found.sure and found.known:
            says.append("sure")
        surface = view.text[found.start : found.end]
        if found.known and "/" in surface:  # several sets in one spelling
            surface = found.name
        self._group(found.name, found.known).add(found.start, found.end, surface, tuple(says))

    def _group(self, name: str, known: bool) -> Group:
        key = fold_name(name)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group(key, name, dataset_uses().get(name, "both") if known else "")
            if key in self._own:
                group.counts["own_name"] += 1
        return group

    def _says(self, found: _Found, block: int) -> Iterator[str]:
        """What one place says."""
        view = self.view
        index = view.sentence_index(found.start)
        if index is None:
            yield from self._table_says(found.start, found.end, block)
            return
        sentence = view.sentences[index]
        kind = view.document.blocks[block].kind
        if found.start in self._listed:
            yield "listed"
        for name in beside(view.text, found.start, found.end):
            yield f"beside_{name}"
        if kind is BlockKind.CAPTION:
            table = self._places.caption_table(block)
            about = table_kind(view, table) if table is not None else None
            yield f"caption_{about or 'figure'}"
            if about is TableKind.BENCHMARK:
                yield "evaluate2"
            elif about is TableKind.MIXTURE:
                yield "train2"
        elif kind in (BlockKind.HEADING, BlockKind.TITLE):
            yield "heading"
        if sentence.section in _PROSE or voice(view, sentence) is Voice.OTHER:
            yield "of_others"
            return
        yield f"in_{sentence.section}"
        yield from self._use_says(found, index, sentence)

    def _use_says(self, found: _Found, index: int, sentence: Sentence) -> Iterator[str]:
        """What the sentence says is done with a name: `train3` is plain, `train1` a hint; the same for `evaluate`."""
        names = {cue.name for cue in self._cues.of(index)}
        own = voice(self.view, sentence) is Voice.OWN
        governed = self._cues.governing(index, found.start, found.end)
        if governed is not None:
            side, cue = governed
            yield f"{side}_{cue.name}"
            levels = {cue.name: self._level(found, side, cue, own or sentence.section in _HOME[cue.name])}
        else:
            levels = self._hints(index, sentence, names)
        for name, level in _levels_beside(beside(self.view.text, found.start, found.end)):
            levels[name] = max(levels.get(name, 0), level)
        if "exclude" in names and levels.get("train"):
            yield "excluded"
            levels["train"] = 0
        for name, level in levels.items():
            if level:
                yield f"{name}{level}"
        for name in ("gather", "source", "elsewhere", "data"):
            if name in names:
                yield f"with_{name}"
        if own:
            yield "own_voice"

    def _level(self, found: _Found, side: str, cue: Cue, at_home: bool) -> int:
        """How plainly a cue speaks of a name."""
        if not at_home:
            return 1
        return 3 if cue.plain and side == "left" and is_direct(self.view.text, cue, found.start) else 2

    def _hints(self, index: int, sentence: Sentence, names: set[str]) -> dict[str, int]:
        """What heading, run-in title, the sentences before and vague words hint at."""
        levels: dict[str, int] = {}
        around = {self._cues.before(index), self._cues.heading(sentence)}
        for name, weak in (("train", "learn"), ("evaluate", "test")):
            if name in around or weak in names:
                levels[name] = 1
        if "gather" in names and names & {"data", "source", "learn"} and sentence.section in _HOME["train"]:
            levels["train"] = 2
        return levels

    def _table_says(self, start: int, end: int, block: int) -> Iterator[str]:
        place = self._places.in_table(start, end, block)
        if place is None:
            yield "figure"
            return
        yield f"table_{place.kind}_{place.part}"
        if place.scored is not None:
            yield f"scored_{place.kind}" if place.scored else "not_scored"
        yield from _table_levels(place)

    # --- names that no list knows ------------------------------------------------------------------------------

    def _is_taken(self, start: int, end: int) -> bool:
        index = bisect_right(self._taken, (end, 0)) - 1
        while index >= 0 and self._taken[index][0] > start - 80:
            if self._taken[index][0] < end and self._taken[index][1] > start:
                return True
            index -= 1
        return False

    def _unknown_in_prose(self, known: list[_Found]) -> Iterator[_Found]:
        view = self.view
        starts = [found.start for found in known]
        for index, sentence in enumerate(view.sentences):
            if sentence.section in _PROSE or sentence.kind in (BlockKind.TITLE, BlockKind.HEADING):
                continue
            names = {cue.name for cue in self._cues.of(index)}
            near = bisect_left(starts, sentence.start) < bisect_left(starts, sentence.end)
            if not near and not names & {"train", "evaluate", "data", "gather"}:
                continue
            for start, end in names_in(view.text, sentence.start, sentence.end):
                if not self._is_taken(start, end):
                    yield _Found(view.text[start:end], start, end, True, False)

    def _add_cells(self, table: TableView) -> None:
        kind = table_kind(self.view, table)
        cells, headers = table.table.cells, table.table.header_rows
        row_wise = self._row_wise(table)
        if kind in _READ_HEAD and not row_wise:
            for row in range(headers):
                for column in range(1, len(cells[row])):
                    self._add_cell(table, kind, row, column, "head")
        if row_wise and kind in (TableKind.BENCHMARK, TableKind.ABLATION, TableKind.OTHER):
            for row in range(headers, len(cells)):
                self._add_cell(table, kind, row, 0, "rowwise")
        if kind in _READ_STUB:
            columns = [number for number, header in enumerate(table.headers) if _DATA_COLUMN.search(header)] or [0]
            for row in range(headers, len(cells)):
                for column in columns[:2]:
                    self._add_cell(table, kind, row, column, "cell")

    def _row_wise(self, table: TableView) -> bool:
        """Whether the rows are sets of data and the columns models."""
        if own_rows(self.view, table):
            return False
        if own_columns(self.view, table):
            return True
        return bool(table.headers) and _NAMED_ROWS.search(table.headers[0]) is not None

    def _add_cell(self, table: TableView, kind: TableKind, row: int, column: int, part: str) -> None:
        cells = table.table.cells[row]
        spans = table.table.row_spans
        span = spans[row] if row < len(spans) else None
        if span is None or column >= len(cells) or (column and cells[column] == cells[column - 1]):
            return
        for name in cell_names(cells[column]):
            if known_name(fold_name(name)) is not None or fold_name(name) in self._own:
                continue
            start = self.view.text.find(name, span[0], span[1])
            if start < 0 or self._is_taken(start, start + len(name)):
                continue
            place = self._places.in_table(start, start + len(name), self.view.block_index(start) or 0)
            levels = tuple(_table_levels(place)) if place is not None else ()
            says = (f"table_{kind}_{part}", "cell_name", *levels)
            self._group(clean_cell(name), False).add(start, start + len(name), name, says)


def _levels_beside(nearby: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """What the words right beside a name say is done with it."""
    for name, use, level in (
        ("trained_on", "train", 3),
        ("training", "train", 2),
        ("evaluated_on", "evaluate", 3),
        ("evaluation", "evaluate", 2),
    ):
        if name in nearby:
            yield use, level


def _table_levels(place: TablePlace) -> Iterator[str]:
    """How plainly a table's kind says what is done with the sets that it names."""
    match place.kind:
        case TableKind.MIXTURE:
            trains, evaluates = place.uses
            if trains:
                yield "train2" if place.part == "loose" or evaluates else "train3"
            if evaluates:
                yield "evaluate2" if trains else "evaluate3"
        case TableKind.STAGES | TableKind.HYPERPARAMETER:
            yield "train2"
        case TableKind.BENCHMARK:
            yield "evaluate3" if place.scored else "evaluate1" if place.scored is False else "evaluate2"
        case TableKind.ABLATION:
            yield "evaluate2" if place.part == "head" else "evaluate1"
        case TableKind.STATISTICS:
            yield "train1"
            yield "evaluate1"
        case _:
            yield "evaluate1"


def _data_is_meant(says: list[str]) -> bool:
    """Whether the place of a doubtful name shows that data is meant."""
    return any(
        name
        in ("listed", "beside_data", "beside_training", "beside_evaluation", "beside_trained_on", "beside_evaluated_on")
        or name.startswith(("table_mixture", "table_statistics", "table_benchmark_head", "table_ablation_head"))
        for name in says
    )


def dataset_groups(view: PaperView) -> dict[str, Group]:
    """Folded name -> its Group, in the order in which the names first stand."""
    return view.once(Mentions).groups
