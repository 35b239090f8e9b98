"""Cells that span rows of a table, and header cells printed on several lines."""

from __future__ import annotations


def fill_labels(cells: list[list[str]], header_rows: int) -> list[int]:
    """Repeat labels of the first column that are centred over several rows; returns the rows that stay, by index.

    A label on a baseline of its own, between rows whose first cell is empty, belongs to as many rows above as below.
    Where the first row of the body has no label, labels within a row are centred too; else they stand at the top.
    """
    body = range(header_rows, len(cells))
    centred = len(cells) > header_rows and not cells[header_rows][0]
    removed: set[int] = set()
    for row in list(body):
        label = cells[row][0]
        alone = bool(label) and not any(cells[row][1:])
        if not label or not (alone or centred):
            continue
        reach = 0
        while _is_open(cells, row - reach - 1, header_rows) and _is_open(cells, row + reach + 1, header_rows):
            reach += 1
        for other in range(row - reach, row + reach + 1):
            cells[other][0] = label
        if alone and reach:
            removed.add(row)
    return [row for row in range(len(cells)) if row not in removed]


def _is_open(cells: list[list[str]], row: int, first: int) -> bool:
    return first <= row < len(cells) and not cells[row][0] and any(cells[row][1:])


def header_groups(spanning: list[bool], split: list[bool]) -> list[list[int]]:
    """Groups of header rows that are one printed row: neither spans columns, and no rule stands between them.

    `spanning[i]`: row i has a cell over several columns; `split[i]`: a rule stands above row i.
    """
    groups: list[list[int]] = []
    for row, spans in enumerate(spanning):
        if groups and not spans and not spanning[groups[-1][-1]] and not split[row]:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups
