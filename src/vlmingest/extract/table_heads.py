"""How many rows at the top of a table are its header: the reader goes by rules and bold type, which do not always tell.

A second header row under spanning titles ("General | OCR" over the names of benchmarks) may be taken for the first row of the
body, and a table without a rule under its header may be read as header down to its last rule ("Total").
"""

from __future__ import annotations

import re

from vlmingest.document import Table

_NUMBER = re.compile(r"[-+−~≈<>≥≤]?\s?\$?\d[\d.,\s/±×x]*\s*[%KMBkmbGT]?\.?|[-–—✓✗×✔✘]|n/?a", re.IGNORECASE)
_MOST = 4  # header rows
_USUAL = 2
_LONGEST = 60  # letters of a header's cell
_LEAST_ROWS = 3


def mended(table: Table) -> Table:
    """The table with the number of its header rows set right, or itself."""
    count = header_rows(table)
    return table if count == table.header_rows else table.model_copy(update={"header_rows": count})


def header_rows(table: Table) -> int:
    """How many rows are header: never one that is a label over numbers, and all that go on under spanning titles."""
    cells, told = table.cells, table.header_rows
    if len(cells) < _LEAST_ROWS or told < 1:
        return told
    if told > _USUAL:  # sizes of models ("7B | 13B") may well stand in a header of two rows
        for number in range(1, min(told, len(cells))):
            row = cells[number]
            if row and row[0] and (_is_numbers(row[1:]) or any(len(cell) > _LONGEST for cell in row[1:])):
                return number
    if told > 1 and _is_title(cells[0]) and any(_is_title(row) for row in cells[1:]):
        return 1  # titles over parts of the body
    if told < _MOST and _spans(cells[told - 1]) and _goes_on(cells, told):
        return told + 1
    return told


def _is_title(row: tuple[str, ...]) -> bool:
    """Whether one cell stands over the whole table."""
    return len(row) > 1 and bool(row[0]) and len(set(row)) == 1


def _is_numbers(cells: tuple[str, ...]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and 2 * sum(_NUMBER.fullmatch(cell) is not None for cell in filled) > len(filled)


def _spans(row: tuple[str, ...]) -> bool:
    """Whether a title of the row stands over more than one column (its cell is repeated), but not over the whole table."""
    return len(set(row) - {""}) > 1 and any(one and one == after for one, after in zip(row[1:], row[2:], strict=False))


def _goes_on(cells: tuple[tuple[str, ...], ...], number: int) -> bool:
    """Whether row `number` holds no numbers, tells the columns under the spanning titles apart, and numbers follow."""
    row = cells[number]
    above = cells[number - 1]
    if len(row) != len(above) or any(_NUMBER.fullmatch(cell) for cell in row if cell):
        return False
    parted = [
        one != after
        for (up, over), (one, after) in zip(
            zip(above[1:], above[2:], strict=False), zip(row[1:], row[2:], strict=False), strict=False
        )
        if up and up == over
    ]
    below = cells[number + 1 : number + 4]
    return all(parted) and sum(_is_numbers(one[1:]) for one in below) * 2 > len(below)
