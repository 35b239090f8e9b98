"""Kinds of tables, and the rows and columns of the own model."""

from __future__ import annotations

import pytest

from vlmingest.document import Block, BlockKind, Document, Table
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.rules import check_rules, load_rules
from vlmingest.extract.table_kinds import TableKind, own_columns, own_rows, stub, table_kind
from vlmingest.extract.view import PaperView, TableView


def _view(
    caption: str, *rows: tuple[str, ...], headers: int = 1, title: str = "Foo-VL: a vision-language model"
) -> PaperView:
    table = Table(label="Table 1", caption=caption, page=1, bbox=None, cells=rows, header_rows=headers)
    text = "We propose Foo-VL, a vision-language model. Foo-VL is small."
    block = Block(kind=BlockKind.PARAGRAPH, start=0, end=len(text), page=1)
    return PaperView(
        Document(source="pdf", sha256="0" * 64, reader="t", text=text, title=title, tables=(table,), blocks=(block,))
    )


def test_rows_hold_both_ways() -> None:
    assert check_rules(load_rules("table_kinds")) == []


@pytest.mark.parametrize(
    ("caption", "rows", "kind"),
    [
        ("Results on benchmarks.", (("Method", "GQA", "POPE"), ("A", "61.2", "85.9"), ("B", "63.0", "86.1")), "benchmark"),
        ("Hyper-parameters.", (("Config", "Value"), ("Learning rate", "1e-4"), ("Batch size", "256")), "hyperparameter"),
        ("Training recipe.", (("", "Stage 1", "Stage 2"), ("Learning rate", "1e-3", "2e-5"), ("Epochs", "1", "1")), "stages"),
        ("Training data.", (("Task", "Dataset", "#Samples"), ("VQA", "GQA, OKVQA", "90K"), ("Text", "Foo", "1M")), "mixture"),
        ("Model variants.", (("Model", "Layers", "Hidden size"), ("A", "24", "1024"), ("B", "48", "2048")), "architecture"),
        ("Ablation of the parts.", (("Setting", "GQA"), ("w/o pooling", "60.1"), ("+ tiles", "61.5")), "ablation"),
        ("Statistics of questions.", (("Type", "Count"), ("Colour", "12"), ("Shape", "31")), "statistics"),
        ("Comparison of caption datasets.", (("Name", "Human", "Long"), ("A", "✓", "✗"), ("B", "✗", "✓")), "comparison"),
        ("Prompts for the judge.", (("Prompt",), ("You are a judge",)), "other"),
        ("", (), "other"),
    ],
)  # fmt: skip
def test_kind(caption: str, rows: tuple[tuple[str, ...], ...], kind: str) -> None:
    view = _view(caption, *rows)
    assert table_kind(view, view.tables[0]) is TableKind(kind)
    assert table_kind(view, view.tables[0]) is TableKind(kind)  # as remembered


def test_many_ticks_beside_scores_are_an_ablation() -> None:
    rows = (("A", "B", "C", "GQA"), ("✓", "✗", "✓", "61.2"), ("✓", "✓", "✓", "62.0"))
    view = _view("What each part adds.", *rows)
    assert table_kind(view, view.tables[0]) is TableKind.ABLATION


def test_the_section_speaks_for_an_ablation() -> None:
    table = Table(label="Table 1", caption="Numbers.", page=1, bbox=None, cells=(("", "GQA"), ("x", "61.2")))
    view = _view("")
    assert table_kind(view, TableView(table, SectionKind.ABLATION)) is TableKind.ABLATION


def test_own_rows_and_columns() -> None:
    rows = (("Method", "GQA"), ("LLaVA", "62.0"), ("Foo-VL-7B", "64.1"), ("Base (ours)", "63.0"))
    view = _view("Results.", *rows)
    assert own_rows(view, view.tables[0]) == (2, 3)
    view = _view("Results.", ("Benchmark", "LLaVA", "Foo-VL 7B"), ("GQA", "62.0", "64.1"))
    assert own_columns(view, view.tables[0]) == (2,)
    assert own_rows(view, view.tables[0]) == ()


def test_stub_is_the_first_filled_cell() -> None:
    view = _view("x", ("", "GQA"), ("Foo", "1"), ("", ""))
    assert stub(view.tables[0]) == ("GQA", "Foo", "")
