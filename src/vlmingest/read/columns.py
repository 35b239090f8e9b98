r"""Chunks of a printed row against the columns of a table: where one stands, and which columns one is centred over.

TeX sets `\multicolumn{n}{c}{...}` in the middle of its columns. Without a rule below it nothing else tells that the text
holds for all of them: in a table of a label and two stages, the value of both stages stands between them.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter

Word = tuple[float, float, str]  # x0, x1, text
Column = tuple[float, float]  # x0, x1
_CENTRED = 0.25  # font sizes that a centred text may be off the middle
_EDGE = 0.1  # font sizes that a text at an edge of its column may be off
_FLUSH = 0.15  # font sizes that the texts of a column set to the left or right are off its edge
_LEAST = 3  # texts that show how a column is set


@dataclass(slots=True, eq=False)
class Chunk:
    """Words side by side in one row."""

    x0: float
    x1: float
    middle: float  # of the words' heights
    size: float
    words: list[Word]

    @property
    def text(self) -> str:
        """The words as printed."""
        return self.words[0][2] if len(self.words) == 1 else " ".join([word[2] for word in self.words])


def columns_of(chunk: Chunk, columns: list[Column]) -> list[int]:
    """The columns that a chunk stands in: neighbours, as columns are sorted and apart."""
    x0, x1 = chunk.x0 + 0.5, chunk.x1 - 0.5
    first = bisect_right(columns, x0, key=itemgetter(1))
    last = first
    while last < len(columns) and columns[last][0] < x1:
        last += 1
    return list(range(first, last))


def is_aligned(chunk: Chunk, column: Column) -> bool:
    """Whether the chunk is set to the left, to the right or in the middle of the column."""
    x0, x1 = column
    if min(abs(chunk.x0 - x0), abs(chunk.x1 - x1)) < _EDGE * chunk.size:
        return True
    return abs(chunk.x0 + chunk.x1 - x0 - x1) / 2 < _CENTRED * chunk.size


@dataclass(slots=True, frozen=True)
class Places:
    """How the columns of a table are set: the edges that texts of several widths keep to, and whether cells are left open."""

    lefts: tuple[float | None, ...]
    rights: tuple[float | None, ...]
    is_scarce: bool  # some rows leave cells open: a text in one column is no text over all
    listed: frozenset[int]  # columns behind the first in which several rows have their only text, from one edge on

    @staticmethod
    def is_whole(chunk: Chunk, row: list[Chunk], hit: list[int], columns: list[Column]) -> bool:
        """Whether a text, alone in its row, begins at the left and runs on over the edge of a column."""
        alone = len(row) == 1 and len(hit) > 1 and hit[0] == 0 and chunk.x0 < columns[0][0] + chunk.size
        return alone and (len(chunk.words) > 1 or not chunk.text[0].islower())

    def is_own(self, chunk: Chunk, row: list[Chunk], hit: list[int], columns: list[Column]) -> bool:
        """Whether the chunk keeps to the edge of its column, so that it is centred over none."""
        if not hit:
            return False
        alone = len(row) == 1 and len(columns) > 2 and hit[0] > 0 and hit[0] not in self.listed
        if alone and abs(_off(chunk, columns, 0, len(columns) - 1)) < _CENTRED * chunk.size:
            return False
        left, right = self.lefts[hit[0]], self.rights[hit[-1]]
        if left is not None and abs(chunk.x0 - left) < _FLUSH * chunk.size:
            return True
        if right is not None and abs(chunk.x1 - right) < _FLUSH * chunk.size:
            return True
        return self.is_scarce and len(hit) == 1 and is_aligned(chunk, columns[hit[0]])


def places_of(rows: list[list[Chunk]], columns: list[Column]) -> Places:
    """The places of the columns, as the rows below the header show them."""
    held: list[list[Chunk]] = [[] for _ in columns]
    lone: list[list[Chunk]] = [[] for _ in columns]
    is_scarce = False
    for row in rows:
        hits = [columns_of(chunk, columns) for chunk in row]
        for chunk, hit in zip(row, hits, strict=True):
            if len(hit) == 1:
                held[hit[0]].append(chunk)
        is_scarce = is_scarce or (len(row) > 1 and hits[0] == [0] and _is_open(row, hits, columns))
        if len(row) == 1 and hits[0]:
            lone[hits[0][0]].append(row[0])
    return Places(
        tuple(_kept([(c.x0, c.x1, c.size) for c in own]) for own in held),
        tuple(_kept([(c.x1, c.x0, c.size) for c in own]) for own in held),
        is_scarce,
        frozenset(i for i, own in enumerate(lone) if i and _keep_edge(own)),
    )


def _is_open(row: list[Chunk], hits: list[list[int]], columns: list[Column]) -> bool:
    """Whether columns are left empty that no text of the row is centred over either."""
    filled = {i for hit in hits for i in hit}
    if len(filled) < len(columns):
        for chunk, hit in zip(row, hits, strict=True):
            filled.update(centred_over(chunk, row, columns, hit, even_aligned=True))
    return len(filled) < len(columns)


def _keep_edge(chunks: list[Chunk]) -> bool:
    """Whether two of the chunks begin at one edge and end at others: centred texts that begin together end together."""
    ordered = sorted(chunks, key=lambda chunk: chunk.x0)
    return any(
        two.x0 - one.x0 < _FLUSH * one.size and abs(two.x1 - one.x1) > one.size
        for one, two in zip(ordered, ordered[1:], strict=False)
    )


def _kept(texts: list[tuple[float, float, float]]) -> float | None:
    """The edge that most texts keep to while their other ends differ: (edge, other end, font size) of each."""
    if len(texts) < _LEAST:
        return None
    edge = sorted(text[0] for text in texts)[len(texts) // 2]
    ends = [end for at, end, size in texts if abs(at - edge) < _FLUSH * size]
    return edge if len(ends) > max(_LEAST - 1, 0.6 * len(texts)) and max(ends) - min(ends) > texts[0][2] else None


def centred_over(
    chunk: Chunk, row: list[Chunk], columns: list[Column], hit: list[int], *, even_aligned: bool = False
) -> list[int]:
    """The two and more columns, free of other chunks, in whose middle the chunk stands; none where it has its own place.

    `hit`: the columns that it stands in; `even_aligned`: a place in one column alone is not asked for.
    """
    if len(columns) < 3 or (not even_aligned and len(hit) == 1 and is_aligned(chunk, columns[hit[0]])):
        return []
    low, high = _free(chunk, row, columns)
    if high - low < 2:
        return []
    first = hit[0] if hit else bisect_right(columns, chunk.x0, key=itemgetter(1))
    last = hit[-1] if hit else first - 1  # in a gap: the columns on both sides
    ranges = [(a, b) for a in range(low, first + 1) for b in range(max(last, a + 1), high) if a <= first and b >= last]
    if not hit:
        ranges = [(a, b) for a, b in ranges if a < first <= b]
    fits = [(abs(_off(chunk, columns, a, b)), a, b) for a, b in ranges]
    best = min(fits, default=None)
    if best is None or best[0] > _CENTRED * chunk.size:
        return []
    return list(range(best[1], best[2] + 1))


def _free(chunk: Chunk, row: list[Chunk], columns: list[Column]) -> tuple[int, int]:
    """The columns around the chunk up to those where its neighbours in the row (from left to right) stand, half open."""
    low, high = 0, len(columns)
    at = row.index(chunk)  # by identity: a chunk equals none but itself
    for other in reversed(row[:at]):
        if other.x1 <= chunk.x0 and (taken := columns_of(other, columns)):
            low = taken[-1] + 1
            break
    for other in row[at + 1 :]:
        if other.x0 >= chunk.x1 and (taken := columns_of(other, columns)):
            high = taken[0]
            break
    return low, high


def _off(chunk: Chunk, columns: list[Column], first: int, last: int) -> float:
    """Points from the middle of the columns `first` to `last` to the middle of the chunk."""
    return (chunk.x0 + chunk.x1 - columns[first][0] - columns[last][1]) / 2


def tiled(row: list[Chunk], columns: list[Column]) -> list[list[int]]:
    """For each label of a header row the columns it is centred over, where the labels part all columns behind the first
    or second between them; empty where they do not, or each has one column.
    """
    for start in range(min(3, len(columns))):
        tiles: list[list[int]] = []
        first = start
        for chunk in row[len(row) - _behind(row, columns, start) :]:
            last = next(
                (b for b in range(first, len(columns)) if abs(_off(chunk, columns, first, b)) <= _CENTRED * chunk.size),
                None,
            )
            if last is None:
                break
            tiles.append(list(range(first, last + 1)))
            first = last + 1
        else:
            if first == len(columns) and any(len(tile) > 1 for tile in tiles):
                before = row[: len(row) - len(tiles)]
                return [columns_of(chunk, columns) for chunk in before] + tiles
    return []


def _behind(row: list[Chunk], columns: list[Column], start: int) -> int:
    """How many chunks of the row stand behind the columns before `start`."""
    edge = columns[start - 1][1] if start else float("-inf")
    return sum(chunk.x0 > edge - 0.5 for chunk in row)
