"""Cells over several rows of a grid: wrapped text, labels centred over rows, section rows, header cells of two lines.

Each step changes the rows in place; a row that is taken into another leaves the grid and gives it its lines.
"""

from __future__ import annotations

from collections import Counter

from vlmingest.read.grid import Grid, Row, Rule, runs_under
from vlmingest.read.normalise import LINE_HYPHEN

_HALF = 0.8  # font sizes: baselines nearer than this are not two rows but a row and a label centred between rows
_CENTRED = 0.3  # row distances that the middle of a label may be off the middle of its rows
_LEADING = 1.5  # font sizes between the baselines of a label of several lines
_FLOW_WORDS = 3  # a wrapped line has as many words and more
_SMALL = 0.85
_ITALIC = ("ital", "obl", "slant", "-it")


def settle_spans(grid: Grid) -> None:
    """All steps in order."""
    body = [row for row in grid.rows if not row.is_header]
    centred = bool(body) and not body[0].cells[0]
    _join_half_lines(grid)
    _join_wrapped(grid)
    _spread_labels(grid, is_header=True)
    _spread_labels(grid, is_header=False)
    _spread_between(grid, centred=centred)
    _join_header(grid)
    _fill_sections(grid)


def _absorb(grid: Grid, rows: list[Row]) -> None:
    """The rows become one, the one with most cells: texts of a column joined from the top down."""
    main = max(rows, key=lambda row: row.filled)
    texts = [[row.cells[c] for row in rows if row.cells[c]] for c in range(len(grid.columns))]
    main.cells[:] = [parts[0] if len(set(parts)) == 1 else _joined(parts) for parts in texts]
    _leave(grid, [row for row in rows if row is not main], main)


def _leave(grid: Grid, rows: list[Row], main: Row) -> None:
    for row in rows:
        main.lines = sorted([*main.lines, *row.lines], key=lambda line: line.order)
        grid.rows.remove(row)


def _joined(parts: list[str]) -> str:
    text = ""
    for part in parts:
        joint = "" if not text or text.endswith(LINE_HYPHEN) else " "
        text = text.removesuffix(LINE_HYPHEN) + joint + part
    return text


def _join_half_lines(grid: Grid) -> None:
    """A row whose label stands on two lines, one above and one below its baseline."""
    for cluster in _clusters(grid):
        most = max(row.filled for row in cluster)
        rich = [row for row in cluster if row.filled >= max(2, 0.5 * most)]
        if len(rich) == 1:
            beside = [row for row in cluster if row is rich[0] or _fits_into(row, rich[0], grid.size)]
            _absorb_into(grid, beside)


def _fits_into(row: Row, rich: Row, size: float) -> bool:
    """Whether the row only fills empty cells of the rich one, or is a line of super- or subscripts."""
    small = all(line.size < _SMALL * size for line in row.lines)
    return small or not any(cell and rich.cells[c] for c, cell in enumerate(row.cells))


def _clusters(grid: Grid) -> list[list[Row]]:
    """Runs of two and more rows whose baselines are too near for rows, header and body apart."""
    clusters: list[list[Row]] = []
    for above, row in zip(grid.rows, grid.rows[1:], strict=False):
        if row.middle - above.middle >= _HALF * grid.size or row.is_header != above.is_header:
            continue
        if clusters and clusters[-1][-1] is above:
            clusters[-1].append(row)
        else:
            clusters.append([above, row])
    return clusters


def _join_wrapped(grid: Grid) -> None:
    """Rows that only go on with the text of the row above, and groups between rules that are one cell of text."""
    groups: list[list[Row]] = []
    for index, row in enumerate(grid.rows):
        parted = index > 0 and grid.parted(index) == len(grid.columns)
        if not groups or parted or row.is_header != groups[-1][0].is_header:
            groups.append([row])
        else:
            groups[-1].append(row)
    bounded = len(groups) > 1
    for group in groups:
        if group[0].is_header or len(group) < 2:
            continue
        if bounded and _is_one_cell(grid, group):
            _absorb(grid, group)
            continue
        kept = [group[0]]
        for above, row in zip(group, group[1:], strict=False):
            if _continues(grid, above, row):
                kept.append(row)
                continue
            _absorb_into(grid, kept)
            kept = [row]
        _absorb_into(grid, kept)


def _absorb_into(grid: Grid, rows: list[Row]) -> None:
    if len(rows) > 1:
        _absorb(grid, rows)


def _is_one_cell(grid: Grid, group: list[Row]) -> bool:
    """One column of text that wraps on every line; nothing or one label in the others."""
    for column in range(1, len(grid.columns)):
        if not all(_wraps(grid, a, b, column) for a, b in zip(group, group[1:], strict=False)):
            continue
        others = [c for c in range(len(grid.columns)) if c != column]
        return bool(others) and all(sum(bool(row.cells[c]) for row in group) <= 1 for c in others)
    return False


def _continues(grid: Grid, above: Row, row: Row) -> bool:
    """Whether the row holds nothing but what wraps from the row above: its first cell and most others are empty."""
    filled = [c for c, cell in enumerate(row.cells) if cell]
    if row.cells[0] or not filled or row.is_spanning or 2 * len(filled) > len(row.cells):
        return False
    if not above.cells[0] and not all(above.cells[c] for c in filled):
        return False
    return row.middle - above.middle < 1.4 * grid.size and all(_wraps(grid, above, row, c) for c in filled)


def _wraps(grid: Grid, above: Row, row: Row, column: int) -> bool:
    """Whether the first word below would not have fitted behind the text above."""
    first, second = above.own.get(column), row.own.get(column)
    if first is None or second is None or len(first.words) < _FLOW_WORDS:
        return False
    centres = (second.x0 + second.x1 - first.x0 - first.x1) / 2
    if second.x0 - first.x0 > grid.size and abs(centres) > grid.size:
        return False
    word = second.words[0]
    is_full = first.x1 + (word[1] - word[0]) + 0.2 * grid.size > grid.columns[column][1]
    return is_full or first.words[-1][2].endswith((",", ";", "&", "+", "("))


def _spread_labels(grid: Grid, *, is_header: bool) -> None:
    """A label of one or more lines that is centred over the rows between two rules is repeated in each of them."""
    rows = [row for row in grid.rows if row.is_header == is_header]
    if len(rows) < 2:
        return
    between = [row for cluster in _clusters(grid) for row in _labels_between(cluster)]
    first = grid.rows.index(rows[0])  # rows of the header or of the body stand together
    cuts = [(index, rules) for index in range(1, len(rows)) if (rules := grid.between(first + index))]
    for column in range(len(grid.columns)):
        if all(row.cells[column] for row in rows):
            continue
        off = [row for row in between if row.cells[column]]
        for group in _segments(rows, cuts, sum(grid.columns[column]) / 2):
            _spread(group, between, column, grid.size, loose=column == 0 or bool(off))
    for row in between:
        if row.is_header == is_header and not row.filled:
            _leave(grid, [row], min((r for r in rows if r is not row), key=lambda r: abs(r.middle - row.middle)))


def _labels_between(cluster: list[Row]) -> list[Row]:
    """The rows of a cluster that are labels beside its real rows."""
    most = max(row.filled for row in cluster)
    return [row for row in cluster if row.filled < max(2, 0.5 * most)] if most > 1 else []


def _segments(rows: list[Row], cuts: list[tuple[int, list[Rule]]], x: float) -> list[list[Row]]:
    """The rows, parted where a rule runs under `x`; `cuts`: the rules above each row that has some."""
    bounds = [0, *(index for index, rules in cuts if runs_under(rules, x)), len(rows)]
    return [rows[low:high] for low, high in zip(bounds, bounds[1:], strict=False)]


def _spread(group: list[Row], between: list[Row], column: int, size: float, *, loose: bool) -> None:
    real = [row for row in group if row not in between]
    filled = [i for i, row in enumerate(group) if row.cells[column]]
    if len(real) < 2 or not filled or all(row.cells[column] for row in real):
        return
    block = group[filled[0] : filled[-1] + 1]
    if any(row.is_spanning for row in block):
        return
    own = [row.own[column].middle if column in row.own else row.middle for row in block if row.cells[column]]
    if any(low - high > _LEADING * size for high, low in zip(own, own[1:], strict=False)):
        return  # labels of their own, not the lines of one
    pitch = (real[-1].middle - real[0].middle) / (len(real) - 1)
    aside = any(row in between for row in block)
    off = abs((own[0] + own[-1]) / 2 - (real[0].middle + real[-1].middle) / 2)
    if off > (2 if aside else 1) * _CENTRED * pitch or not (aside or (loose and len(own) == 1)):
        return
    text = _joined([row.cells[column] for row in block if row.cells[column]])
    for row in group:
        row.cells[column] = "" if row in between else text


def _spread_between(grid: Grid, *, centred: bool) -> None:
    """Labels of the first column without rules between them: each belongs to as many rows above as below it.

    Only where labels are `centred` (the first row of the body has none), or one stands alone: else they stand at the top.
    """
    body = [row for row in grid.rows if not row.is_header]
    for index, row in enumerate(body):
        label = row.cells[0]
        alone = bool(label) and row.filled == 1
        if not label or not (alone or centred):
            continue
        reach = 0
        while _is_open(body, index - reach - 1) and _is_open(body, index + reach + 1):
            reach += 1
        for other in body[index - reach : index + reach + 1]:
            other.cells[0] = label
        if alone and reach:
            _leave(grid, [row], body[index - 1])


def _is_open(rows: list[Row], index: int) -> bool:
    return 0 <= index < len(rows) and not rows[index].cells[0] and rows[index].filled > 0


def _join_header(grid: Grid) -> None:
    """Header rows that no rule parts and none of which spans columns are one; a cell of two lines is joined in others."""
    heads = [row for row in grid.rows if row.is_header]
    groups: list[list[Row]] = []
    for row in heads:
        index = grid.rows.index(row)
        parted = index > 0 and grid.parted(index) > 0
        if groups and not parted and not row.is_spanning and not groups[-1][-1].is_spanning:
            groups[-1].append(row)
        else:
            groups.append([row])
    for group in groups:
        _absorb_into(grid, group)
    heads = [row for row in grid.rows if row.is_header]
    for above, row in zip(heads, heads[1:], strict=False):
        index = grid.rows.index(row)
        for c in range(len(grid.columns)):
            own = c in above.own and c in row.own and above.cells[c] != row.cells[c]
            alone = row.cells.count(row.cells[c]) == 1
            if own and alone and not grid.is_parted(index, c) and not _is_group(above, row, c):
                above.cells[c] = row.cells[c] = f"{above.cells[c]} {row.cells[c]}"


def _is_group(above: Row, row: Row, column: int) -> bool:
    """Whether the cell above stands over the columns beside its own too: nothing beside it, something below that."""
    beside = [c for c in (column - 1, column + 1) if 0 <= c < len(row.cells)]
    return len(beside) == 2 and not any(above.cells[c] for c in beside) and all(row.cells[c] for c in beside)


def _fill_sections(grid: Grid) -> None:
    """A row of the body with nothing but a first cell heads the rows below: its label holds for all.

    So does one in another style; one in the same style where rows with more cells follow and it is no rest of the cell above.
    """
    body = [(index, row) for index, row in enumerate(grid.rows) if not row.is_header]
    fonts = Counter(row.lines[0].font for _, row in body if row.filled > 1)
    for index, row in body:
        if row.filled == 1 and row.cells[0] and row.own.get(0) is not None and len(body) > 1:
            line = row.lines[0]
            slanted = any(sign in line.font.lower() for sign in _ITALIC)
            styled = (line.is_bold or slanted) and (
                not fonts or line.font != fonts.most_common(1)[0][0] or line.is_bold
            )
            if styled or _heads(grid, index):
                row.cells[:] = [row.cells[0]] * len(row.cells)


def _heads(grid: Grid, index: int) -> bool:
    """Whether the first cell of the row, alone in it, stands over a row of several cells and does not go on with the one above."""
    row = grid.rows[index]
    below = grid.rows[index + 1] if index + 1 < len(grid.rows) else None
    if below is None or below.filled < 2 or not below.cells[0]:
        return False
    above = grid.rows[index - 1] if index else None
    if above is None or above.is_header or grid.parted(index) == len(grid.columns):
        return True
    if row.cells[0][0].islower() or row.middle - above.middle < _HALF * grid.size:
        return False
    first, second = above.own.get(0), row.own[0]
    if first is None or len(first.words) < 2:
        return True
    word = second.words[0]
    return first.x1 + (word[1] - word[0]) + 0.2 * grid.size < grid.columns[0][1]
