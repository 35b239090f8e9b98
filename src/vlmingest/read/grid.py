"""A table's grid: chunks of words per printed row, columns by the gaps between chunks, cells.

A chunk is a run of words in one row without a wide gap. Chunks that overlap in x make a column; one that covers several
columns spans them, and its text is repeated in each.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from math import inf
from operator import itemgetter

from vlmingest.read.columns import Chunk, Column, Places, centred_over, columns_of, places_of, tiled
from vlmingest.read.justified import join_justified
from vlmingest.read.normalise import LINE_HYPHEN
from vlmingest.read.pagelines import Line
from vlmingest.read.pdfium import RawPage

_GAP = 0.62  # font sizes between words that part two chunks
_TOUCHING = 0.02  # font sizes: nearer than this is one word
_SPACE = 0.36  # font sizes: a normal space between words is narrower
_MARKS = re.compile(r"\s?[†‡§¶]+|(?<=[^\W\d_])[∗*]+(?=$|[\s)\]])")  # of footnotes
Rule = tuple[float, float, float]  # y, x0, x1


@dataclass(slots=True, eq=False)  # rows are told apart by identity
class Row:
    """One printed row: its cells, the lines it is made of, and what stands in each column alone."""

    cells: list[str]
    lines: list[Line]
    is_header: bool = False
    is_spanning: bool = False
    middle: float = 0.0
    own: dict[int, Chunk] = field(default_factory=dict)  # column -> the chunk of that column only

    @property
    def filled(self) -> int:
        """How many cells hold text."""
        return sum(bool(cell) for cell in self.cells)


@dataclass(slots=True)
class Grid:
    """The rows of a table in the making."""

    rows: list[Row]
    columns: list[Column]
    rules: list[Rule]  # from the top down
    size: float

    def is_parted(self, index: int, column: int) -> bool:
        """Whether a rule runs between row `index` and the row above it, in this column."""
        return runs_under(self.between(index), _middle(self.columns[column]))

    def parted(self, index: int) -> int:
        """How many columns have a rule between row `index` and the row above it."""
        between = self.between(index)
        if not between:
            return 0
        return sum(any(x0 - 2 <= _middle(c) <= x1 + 2 for _, x0, x1 in between) for c in self.columns)

    def between(self, index: int) -> list[Rule]:
        """The rules between row `index` and the row above it."""
        low = bisect_right(self.rules, (self.rows[index - 1].middle, inf, inf))
        return self.rules[low : bisect_left(self.rules, (self.rows[index].middle, 0.0, 0.0))]


def runs_under(rules: list[Rule], x: float) -> bool:
    """Whether one of the rules runs under `x`."""
    return any(x0 - 2 <= x <= x1 + 2 for _, x0, x1 in rules)


def make_grid(
    raw: RawPage, rows: list[list[Line]], heads: int, rules: list[Rule], across: tuple[float, float] | None = None
) -> Grid:
    """The grid of printed rows; the first `heads` of them are the header. `across`: the x range of its words."""
    low, high = min(line.first for row in rows for line in row), max(line.last for row in rows for line in row)
    shown = [
        f" {word}" if mark else word for word, mark in zip(raw.words(low, high), raw.raised[low:high], strict=True)
    ]
    words = list(zip(raw.boxes[low:high].tolist(), shown, strict=True))
    chunks = [_chunks([word for line in row for word in words[line.first - low : line.last - low]]) for row in rows]
    if across is not None:
        chunks = [_cut(row, *across) for row in chunks]
        rows = [lines for lines, row in zip(rows, chunks, strict=True) if row]
        chunks = [row for row in chunks if row]
    middles = [sum(line.y0 + line.y1 for line in row) / (2 * len(row)) for row in rows]
    starts = [0.0, *middles]
    parted = [any(starts[i] < rule[0] < middle for rule in rules) for i, middle in enumerate(middles)]
    join_justified(chunks, middles, parted)
    under = [_short_rules(rules, middles, index) if index < heads + 2 else [] for index in range(len(rows))]
    plain = [
        [chunk for chunk in row if not _rule_under(chunk, row, below)] for row, below in zip(chunks, under, strict=True)
    ]
    columns = _columns(plain)
    if 0 < heads < len(chunks):
        chunks[heads - 1] = [part for chunk in chunks[heads - 1] for part in _parts(chunk, columns)]
    places = places_of(chunks[heads:], columns)
    made: list[Row] = []
    for index, (lines, row) in enumerate(zip(rows, chunks, strict=True)):
        tiles = tiled(row, columns) if index < heads - 1 and not under[index] else []
        made.append(_row(lines, row, columns, under[index], tiles, places, is_head=index < heads))
        made[-1].middle, made[-1].is_header = middles[index], index < heads
    sizes = sorted(line.size for row in rows for line in row)
    return Grid(made, columns, sorted(rules), sizes[len(sizes) // 2])


def clean(text: str) -> str:
    """A cell's text without footnote marks; a lone multiplication sign is a cross."""
    if text.isascii() and "*" not in text:
        return text.strip()
    text = text.replace(LINE_HYPHEN, "-")
    text = _MARKS.sub("", text).strip()
    return "✗" if text == "×" else text


def _chunks(words: list[tuple[list[float], str]]) -> list[Chunk]:
    chunks: list[Chunk] = []
    for (x0, y0, x1, y1), text in sorted(words):
        shown = text if text[-1] == LINE_HYPHEN else text.replace(LINE_HYPHEN, "-")  # a word may go on in the row below
        if chunks and chunks[-1].words and x0 - chunks[-1].x1 < _TOUCHING * (y1 - y0):
            left, _, before = chunks[-1].words[-1]
            chunks[-1].words[-1] = (left, max(x1, chunks[-1].x1), before + shown)
            chunks[-1].x1 = max(chunks[-1].x1, x1)
        elif chunks and x0 - chunks[-1].x1 < _GAP * max(y1 - y0, 4.0):
            chunks[-1].words.append((x0, x1, shown))
            chunks[-1].x1 = max(chunks[-1].x1, x1)
        else:
            chunks.append(Chunk(x0, x1, (y0 + y1) / 2, y1 - y0, [(x0, x1, shown)]))
    return chunks


def _cut(row: list[Chunk], low: float, high: float) -> list[Chunk]:
    """The chunks without the words of a table beside."""
    kept: list[Chunk] = []
    for chunk in row:
        words = [word for word in chunk.words if low - 1 < (word[0] + word[1]) / 2 < high + 1]
        if words:
            kept.append(Chunk(words[0][0], max(word[1] for word in words), chunk.middle, chunk.size, words))
    return kept


def _columns(rows: list[list[Chunk]]) -> list[Column]:
    """Column ranges from the rows of most chunks, narrow chunks first; then what the other rows hold beside them.

    A chunk that would join two columns of several chunks each spans them. One that stands in the middle of several
    columns, with nothing beside it, is centred over them and makes no column.
    """
    most = max(len(row) for row in rows)
    columns: list[tuple[float, float, int]] = []  # x0, x1, count
    for chunk in sorted((chunk for row in rows if len(row) == most for chunk in row), key=_width):
        _add(chunk, columns)
    full = [(chunk, row) for row in rows if 0.6 * most <= len(row) < most for chunk in row]
    rest = [(chunk, row) for row in rows if len(row) < 0.6 * most for chunk in row if not (len(row) <= 2 and most > 3)]
    for chunk, row in [*sorted(full, key=_width_of_first), *sorted(rest, key=_width_of_first)]:
        ranges = [(x0, x1) for x0, x1, _ in columns]
        if not centred_over(chunk, row, ranges, columns_of(chunk, ranges)):
            _add(chunk, columns)
    aside = [row[0] for row in rows if len(row) == 1 and most > 3]
    if len(outside := [chunk for chunk in aside if chunk.x1 < columns[0][0]]) > 1:
        for chunk in outside:  # labels centred over rows, each on a baseline of its own
            _add(chunk, columns)
    return [(low, high) for low, high, _ in columns]


def _add(chunk: Chunk, columns: list[tuple[float, float, int]]) -> None:
    """Puts the chunk into its column, or makes one; `columns` stay in order."""
    low, high = chunk.x0, chunk.x1
    hit = [c for c in columns if low < c[1] - 0.5 and high > c[0] + 0.5]
    if len(hit) > 1 and sum(c[2] > 1 for c in hit) > 1:
        return
    first = columns.index(hit[0]) if hit else bisect_right(columns, low, key=itemgetter(0))
    joined = (min([low, *(c[0] for c in hit)]), max([high, *(c[1] for c in hit)]), 1 + sum(c[2] for c in hit))
    columns[first : first + len(hit)] = [joined]


def _width_of_first(pair: tuple[Chunk, list[Chunk]]) -> float:
    return _width(pair[0])


def _width(chunk: Chunk) -> float:
    return chunk.x1 - chunk.x0


def _parts(chunk: Chunk, columns: list[Column]) -> list[Chunk]:
    """A chunk of the header's last row that covers several columns, cut where its words and the columns part together."""
    hit = columns_of(chunk, columns)
    if len(hit) < 2 or len(chunk.words) < len(hit):
        return [chunk]
    cuts: list[int] = []
    for left, right in zip(hit, hit[1:], strict=False):
        low, high = columns[left][1], columns[right][0]
        fits = [
            i for i, (one, two) in enumerate(zip(chunk.words, chunk.words[1:], strict=False), 1)
            if one[1] < high + 2 and two[0] > low - 2 and two[0] - one[1] > _SPACE * chunk.size
        ]  # fmt: skip
        if not fits:
            return [chunk]
        cuts.append(max(fits, key=lambda i: chunk.words[i][0] - chunk.words[i - 1][1]))
    bounds = [0, *cuts, len(chunk.words)]
    if sorted(set(bounds)) != bounds:
        return [chunk]
    words = [chunk.words[low:high] for low, high in zip(bounds, bounds[1:], strict=False)]
    pieces = [Chunk(part[0][0], max(word[1] for word in part), chunk.middle, chunk.size, part) for part in words]
    distance = min(_middle(columns[b]) - _middle(columns[a]) for a, b in zip(hit, hit[1:], strict=False))
    # over its own column each, and not a label centred over all of them
    placed = [
        abs(_middle((p.x0, p.x1)) - _middle(columns[c])) < 0.2 * distance for p, c in zip(pieces, hit, strict=True)
    ]
    return pieces if all(placed) else [chunk]


def _middle(column: tuple[float, float]) -> float:
    return (column[0] + column[1]) / 2


def _row(
    lines: list[Line],
    chunks: list[Chunk],
    columns: list[Column],
    under: list[Rule],
    tiles: list[list[int]],
    places: Places,
    *,
    is_head: bool,
) -> Row:
    """The row of some chunks; `under`: short rules right below it, each under a header cell that spans columns;
    `tiles`: see `tiled`; `places`: see `Places`.
    """
    cells = [""] * len(columns)
    row = Row(cells, sorted(lines, key=lambda line: line.order))
    for index, chunk in enumerate(chunks):
        targets = (
            tiles[index]
            if tiles
            else (under and _over(chunk, chunks, columns, under))
            or _targets(chunk, chunks, columns, places, is_head=is_head)
        )
        text = chunk.text
        for i in targets:
            cells[i] = f"{cells[i]} {text}" if cells[i] else text
        if len(targets) == 1:
            row.own[targets[0]] = chunk
        else:
            row.is_spanning = True
    return row


def _short_rules(rules: list[Rule], middles: list[float], index: int) -> list[Rule]:
    """The rules right below a row, but those across the whole table."""
    if index + 1 == len(middles) or not rules:
        return []
    wide = max(rule[2] for rule in rules) - min(rule[1] for rule in rules)
    return [rule for rule in rules if middles[index] < rule[0] < middles[index + 1] and rule[2] - rule[1] < 0.9 * wide]


def _rule_under(chunk: Chunk, row: list[Chunk], under: list[Rule]) -> Rule | None:
    """The short rule that the chunk is centred on, alone."""
    x = (chunk.x0 + chunk.x1) / 2
    for rule in under:
        _, x0, x1 = rule
        if any(other is not chunk and other.x1 > x0 and other.x0 < x1 for other in row):
            continue
        if abs(x - (x0 + x1) / 2) < 0.15 * (x1 - x0) + 2 and chunk.x0 > x0 - 6 and chunk.x1 < x1 + 6:
            return rule
    return None


def _over(chunk: Chunk, row: list[Chunk], columns: list[Column], under: list[Rule]) -> list[int]:
    """The columns over the short rule that is under the chunk."""
    rule = _rule_under(chunk, row, under)
    return [i for i, c in enumerate(columns) if rule[1] - 2 <= _middle(c) <= rule[2] + 2] if rule else []


def _targets(chunk: Chunk, row: list[Chunk], columns: list[Column], places: Places, *, is_head: bool) -> list[int]:
    """The columns that show a chunk: those it stands in, or all that it is centred over."""
    count = len(columns)
    hit = columns_of(chunk, columns)
    if not is_head and places.is_whole(chunk, row, hit, columns):
        return list(range(count))
    if places.is_own(chunk, row, hit, columns):
        return hit
    if len(row) <= 2 and chunk is row[-1]:
        middle, first = (chunk.x0 + chunk.x1) / 2, len(row) - 1
        left, right = columns[min(first, count - 1)][0], columns[-1][1]
        if count > 2 + first and abs(middle - (left + right) / 2) < 0.05 * (right - left):
            return list(range(first, count))
    is_full = not places.is_scarce and chunk is row[-1]
    return (
        centred_over(chunk, row, columns, hit, even_aligned=is_full)
        or hit
        or [min(range(count), key=lambda i: max(columns[i][0] - chunk.x1, chunk.x0 - columns[i][1]))]
    )
