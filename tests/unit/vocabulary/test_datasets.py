"""Spellings of data sets: what is found, what is not, and that the file holds together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.vocabulary.datasets import (
    dataset_spellings,
    dataset_uses,
    find_datasets,
    fold_name,
    known_name,
    short_names,
    spellings,
    without_training,
)


def _found(text: str) -> list[tuple[str, str, bool]]:
    return [(one.name, text[one.start : one.end], one.sure) for one in find_datasets(text, text.lower())]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("evaluated on VQA v2, VQA-v2 and vqav2", ["VQAv2", "VQAv2", "VQAv2"]),
        ("MMMUval and DocVQA_test and AI2D-test", ["MMMU", "DocVQA", "AI2D"]),
        ("COCO/VG and +CC3M+SBU", ["COCO", "Visual Genome", "CC3M", "SBU"]),
        ("on RefCOCO/+/g", ["RefCOCO", "RefCOCO+", "RefCOCOg"]),
        ("RefCOCO+ is not RefCOCO", ["RefCOCO+", "RefCOCO"]),
        ("Kinetics-400/600/700", ["Kinetics-400", "Kinetics-600", "Kinetics-700"]),
        ("ImageNet-1k and ImageNet-21K", ["ImageNet", "ImageNet-21K"]),
        ("a subset COYO-100M of it", ["COYO"]),
        ("nocaps and NoCaps", ["NoCaps", "NoCaps"]),
        ("coconut, a multiple, capability, in a box, the stack", []),
        ("GQAs and MME2 and mini-ImageNet", []),
        ("VQA-based and COCO-style and ImageNet-pretrained", []),
        ("the mme of men", []),
    ],
)
def test_names_in_a_text(text: str, names: list[str]) -> None:
    assert [name for name, _, _ in _found(text)] == names


def test_the_span_is_the_name_as_written() -> None:
    assert _found("on MMBench-CN here")[0][:2] == ("MMBench-CN", "MMBench-CN")
    assert _found("COYO-100M")[0][1] == "COYO-100M"


def test_doubtful_names_say_so() -> None:
    assert _found("the Alpaca data")[0] == ("Alpaca", "Alpaca", False)
    assert _found("GQA is used")[0][2]
    assert not _found("GQA, that is grouped-query attention")[0][2]


def test_sets_without_a_training_split_are_known() -> None:
    known = set(dataset_uses())
    assert without_training() <= known, without_training() - known


def test_short_names_keep_their_hyphen() -> None:
    assert [name for name, _, _ in _found("IN-R and INR")] == ["ImageNet-R"]
    assert "INR" not in {text for text, _ in dataset_spellings()}


def test_known_name_is_by_folded_spelling() -> None:
    assert known_name(fold_name("mm bench_cn")) == "MMBench-CN"
    assert known_name("nosuchset") is None


def test_the_file_holds_together() -> None:
    uses = dataset_uses()
    folded: dict[str, str] = {}
    for spelling in spellings():
        assert spelling.name in uses
        key = fold_name(spelling.text)
        assert folded.setdefault(key, spelling.name) == spelling.name, f"{spelling.text} stands for two sets"
    assert set(uses.values()) == {"training", "evaluation", "both"}
    for short, full in short_names().items():
        assert short in uses, short
        assert full in uses, full


def test_every_spelling_is_found_again() -> None:
    for spelling in spellings():
        found = [name for name, _, _ in _found(f"on {spelling.text}.")]
        assert spelling.name in found, spelling


@given(st.text(max_size=60))
def test_any_text_gives_spans_in_order(text: str) -> None:
    lowered = text.lower()
    if len(lowered) != len(text):
        return
    places = [(one.start, one.end) for one in find_datasets(text, lowered)]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
