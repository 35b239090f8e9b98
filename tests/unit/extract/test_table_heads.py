"""Which rows of a table are its header."""

from __future__ import annotations

import pytest

from vlmingest.document import Table
from vlmingest.extract.table_heads import header_rows, mended

ROWS = (("Foo-VL", "7B", "61.0", "70.1", "55.2"), ("Bar", "7B", "60.2", "69.0", "50.1"))


def table(cells: tuple[tuple[str, ...], ...], header: int) -> Table:
    return Table(label="Table 1", caption="Results", page=1, bbox=None, cells=cells, header_rows=header)


@pytest.mark.parametrize(
    ("cells", "told", "right"),
    [
        ((("Model", "", "General", "OCR", "OCR"), ("Method", "Size", "AQA", "BQA", "CQA"), *ROWS), 1, 2),
        ((("Model", "Size", "AQA", "AQA", "BQA"), ("", "", "val", "test", "test"), *ROWS), 1, 2),
        ((("Model", "Size", "AQA", "BQA", "CQA"), *ROWS), 1, 1),
        ((("Model", "Size", "AQA", "AQA", "BQA"), *ROWS), 1, 1),
        ((("", "Pairs", "Words"), ("Foo", "0.9M", "12.4"), ("Bar", "1M", "9.5"), ("Total", "1.9M", "11")), 3, 1),
        ((("", "Foo", "Foo"), ("Benchmark", "7B", "13B"), ("AQA", "61.0", "62.0")), 2, 2),
        ((("Images", "Images"), ("Captions", "Foo [1], Bar [2]"), ("Text", "Text"), ("Chat", "Baz [3]")), 2, 1),
        ((("Kind", "Names"), ("Captions", "Foo-Caps [1], " * 9), ("QA", "Bar [2]"), ("Chat", "Baz [3]")), 3, 1),
        ((), 1, 1),
    ],
)
def test_header_rows(cells: tuple[tuple[str, ...], ...], told: int, right: int) -> None:
    assert header_rows(table(cells, told)) == right
    assert mended(table(cells, told)).header_rows == right
