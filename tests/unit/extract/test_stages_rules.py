"""The word files of the stage readers, by their own cases; numbers; figures of calibration."""

from __future__ import annotations

import pytest

from vlmingest.evaluation import calibration_error, canonical_size, diff, evaluate
from vlmingest.extract.rules import load_rules
from vlmingest.extract.stages_freeze import PARTS, read_freeze
from vlmingest.extract.stages_marks import CLASSES, counts, enumerated, is_name
from vlmingest.extract.stages_numbers import normal_rate, numbers

_LETTERS = {"vision_encoder": "v", "connector": "c", "language_model": "l", "other": "o"}


@pytest.mark.parametrize("case", load_rules("stages_freeze").data["case"], ids=lambda case: case["text"][:40])
def test_a_sentence_says_what_is_trained_and_frozen(case: dict[str, str]) -> None:
    found = read_freeze(case["text"])
    trained = "".join(_LETTERS[part] for part in (*PARTS, "other") if part in found.trainable)
    frozen = "".join(_LETTERS[part] for part in (*PARTS, "other") if part in found.frozen)
    read = f"{trained}{'a' * found.everything} | {frozen}{'r' * found.rest_frozen}"
    assert read.strip() == case["reads"].strip()


@pytest.mark.parametrize("case", load_rules("stages_marks").data["case"], ids=lambda case: case["text"][:40])
def test_a_sentence_counts_the_stages_of_training_only(case: dict[str, object]) -> None:
    found = [count.n for count in counts(str(case["text"]))]
    assert (found or [0])[0] == case["count"]


def test_kinds_of_stage_stand_in_the_usual_order_of_training() -> None:
    rows = load_rules("stages_marks").of("stage.class.")
    assert tuple(dict.fromkeys(row.id.split(".")[2] for row in rows)) == CLASSES


@pytest.mark.parametrize(
    ("written", "rate"), [("2 × 10−5", "2e-5"), ("2e −5", "2e-5"), ("0.001", "1e-3"), ("8 ∗ 10−4", "8e-4"), ("x", "x")]
)
def test_rates_have_one_spelling(written: str, rate: str) -> None:
    assert normal_rate(written) == rate


def test_numbers_of_a_list_with_respectively() -> None:
    text = "The batch size, learning rate and weight decay are set to 32, 9e-3 and 0.02, respectively."
    assert [(x.kind, x.value) for x in numbers(text)] == [("batch_size", "32"), ("learning_rate", "9e-3")]


def test_enumerated_names_need_the_stated_number() -> None:
    text = "in three stages: (1) projector warm-up, (2) joint training, and (3) instruction tuning."
    assert enumerated(text, 3) == ["projector warm-up", "joint training", "instruction tuning"]
    assert enumerated(text, 2) == []


def test_sizes_and_calibration() -> None:
    assert canonical_size("1300M") == canonical_size("1.3 billion") == "1.3b"
    assert calibration_error([(True, 1.0), (False, 0.0)]) == 0.0
    assert calibration_error([(False, 0.95)]) == pytest.approx(0.95)


def test_a_gold_paper_without_record_is_all_missed() -> None:
    gold = [{"kind": "model", "arxiv_id": "2401.00001", "model_name": "X", "model_sizes": ["7B"]}]
    found = evaluate([], gold)
    assert found.missing == ("2401.00001",)
    assert found.score("model_sizes") == 0.0
    assert diff(found, found) == []


@pytest.mark.parametrize("text", ["GRPO", "Stage 2", "joint training", "Long-CoT & 3D-Resampler", "SFT"])
def test_names_of_stages(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize(
    "text", ["", "64]", "2500", "In the", "a", "a loss of L = 2", "minimizing a loss [30", "We train in"]
)
def test_texts_that_name_no_stage(text: str) -> None:
    assert not is_name(text)
