"""Names that no list knows: what looks like one, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.extract.dataset_names import cell_names, clean_cell, is_name, names_in, shape_features


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("evaluated on Quux-Eval and ZorbQA.", ["Quux-Eval", "ZorbQA"]),
        ("The Moments in Time dataset", ["Moments in Time"]),
        ("the Oxford Flowers 102 set", ["Oxford Flowers 102"]),
        ("we use AdamW, MLP, LLMs and a GPU", []),
        ("The model is Good", []),
        ("on Fundus Dialog Dataset we", ["Fundus Dialog"]),
        ("LLM-generated and CLIP-based captions", []),
        ("R@1 and mAP rise by 3", []),
        ("iNat21 is large", ["iNat21"]),
        ("on QuuxNet2.0, WGT24++ and Plain2Words.", ["QuuxNet2.0", "WGT24++", "Plain2Words"]),
    ],
)
def test_names_in_running_text(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end in names_in(text, 0, len(text))] == names


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Quux-Eval VAL (Doe et al., 2024)", ["Quux-Eval"]),
        ("ZorbQA [12], Wugg-1M [3], and Blick", ["ZorbQA", "Wugg-1M", "Blick"]),
        ("MMLU-testmini", ["MMLU"]),
        ("Quuxval", ["Quux"]),
        ("MathVersevision_only", ["MathVerse"]),
        ("Zorb∗", ["Zorb"]),
        ("Mathverse (test)", ["Mathverse"]),
        ("82.3", []),
        ("Avg.", []),
        ("R@1", []),
        ("General Tasks", []),
        ("w/o CoT", []),
        ("", []),
        ("A" * 500, []),
    ],
)
def test_names_in_a_cell(cell: str, names: list[str]) -> None:
    assert list(cell_names(cell)) == names


def test_cleaning_a_cell() -> None:
    assert clean_cell("Zorb-QA† (test-dev) ") == "Zorb-QA"
    assert clean_cell("Zorb test-dev") == "Zorb"


def test_a_capital_is_enough_in_a_cell_only() -> None:
    assert is_name("Birdsnap", in_cell=True)
    assert not is_name("Birdsnap")
    assert not is_name("ab", in_cell=True)


def test_shapes() -> None:
    assert {"shape_bench", "shape_data"} <= set(shape_features("FooBench"))
    assert {"shape_qa", "shape_digit", "shape_capitals"} <= set(shape_features("FO2QA"))
    assert "shape_model" in shape_features("FooFormer")
    assert {"shape_plain"} <= set(shape_features("Birdsnap"))
    assert {"shape_short"} <= set(shape_features("DDR"))


@given(st.text(max_size=80))
def test_any_cell_gives_names_that_are_no_longer_than_it(cell: str) -> None:
    assert all(0 < len(name) <= len(cell) for name in cell_names(cell))


@given(st.text(max_size=80))
def test_any_text_gives_spans_inside_it(text: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end in names_in(text, 0, len(text)))


@pytest.mark.parametrize("piece", ["AB1-", "A-", "Aa", "Abc ", "a1B_", "VQA/"])
def test_no_text_makes_the_search_slow(piece: str) -> None:
    text = f"on {piece * 3000}\u00e9"  # without atomic groups these would take for ever
    assert all(end - start <= 44 for start, end in names_in(text, 0, len(text)))
