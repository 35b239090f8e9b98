"""Stages that are told by succession, lists of kinds, short forms of modules, and learning rates that rise."""

from __future__ import annotations

import pytest

from tests.unit.extract.stages_papers import document
from vlmingest.extract.stages import read_stages
from vlmingest.extract.stages_counts import kinds_listed
from vlmingest.extract.stages_marks import opens_next, ordinals
from vlmingest.extract.stages_names import FreezeReader
from vlmingest.extract.stages_numbers import numbers
from vlmingest.extract.stages_passage import Passage
from vlmingest.extract.stages_sentences import passages
from vlmingest.extract.stages_sequence import in_succession
from vlmingest.extract.view import PaperView
from vlmingest.records import PaperMetadata

FRONT = """# Abstract
We introduce {name}, a vision-language model with a vision encoder, a projector and an LLM.
# 3 Method
{name} consists of a vision encoder (ViT), a projector and a large language model (LLM).
"""


def view(text: str, name: str = "Quoll-VL") -> PaperView:
    made = document(FRONT.format(name=name) + text).model_copy(update={"title": f"{name}: Seeing Better"})
    return PaperView(made, PaperMetadata(id="2401.00001", title=made.title))


def passage(text: str) -> Passage:
    return Passage(0, len(text), text, "training", False, 1, 1, "Training")


def test_first_and_then_are_two_stages():
    seen = view(
        "## 3.2 Training\nFirst, we train the projector with the ViT and the LLM frozen. Then, we train the projector and the LLM."
    )
    row = in_succession(passages(seen))
    assert [slot.keys for slot in row] == [{"1"}, {"2"}]
    assert [stage.attributes["trainable"] for stage in read_stages(seen)] == [
        ["connector"],
        ["connector", "language_model"],
    ]


def test_one_sentence_may_tell_both():
    row = in_succession(
        [passage("We first train the projector on captions and then fine-tune the whole model on instructions.")]
    )
    assert len(row) == 2


def test_no_succession_without_training():
    assert not in_succession([passage("First, the image is split into tiles."), passage("Then, tiles are encoded.")])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The pipeline includes pre-training, supervised fine-tuning, and preference optimization.", 3),
        ("Training consists of an alignment stage followed by instruction tuning.", 2),
        ("The training involves three stages of pre-training followed by supervised fine-tuning.", 0),
        ("The process comprises resizing, cropping and padding.", 0),
    ],
)
def test_kinds_that_a_sentence_lists(text: str, names: int):
    found = [told for _, told in kinds_listed([passage(text)])]
    assert [len(told) for told in found] == ([names] if names else [])


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("In the subsequent stage, the LLM is tuned.", True),
        ("The next training phase unfreezes the LLM.", True),
        ("We tune the LLM, which helps in later stages.", False),
        ("In the first stage, the projector is tuned.", False),
    ],
)
def test_the_stage_behind_the_one_before(text: str, opens: bool):
    assert opens_next(text) is opens


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("The rates for Stage 1, 2, 3 are", ["1", "2", "3"]),
        ("in stages 1-3", ["1", "2", "3"]),
        ("Stages I, II and III", ["1", "2", "3"]),
        ("Stage 1, 2 epochs", ["1"]),
        ("stage 2 to 4", ["2", "3", "4"]),
    ],
)
def test_lists_and_ranges_of_numbers(text: str, keys: list[str]):
    assert [mark.key for mark in ordinals(text)] == keys


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("The learning rate commenced at 1e-5 and gradually ascended to 1e-4 by the end.", "1e-4"),
        ("It rose linearly from a learning rate of 1e-6 (warmup_lr) to 1e-4 (init_lr), with decay to 8e-5.", "1e-4"),
        ("The learning rate began at 1e-6, ascending to 3e-5 (init_lr), before decaying to 1e-5.", "3e-5"),
        ("The learning rate starts at 2e-5 and decays to 1e-6.", "2e-5"),
        ("2e-5 is used as the learning rate.", "2e-5"),
    ],
)
def test_the_rate_is_the_highest_of_its_schedule(text: str, rate: str):
    assert [number.value for number in numbers(text) if number.kind == "learning_rate"] == [rate]


def test_short_forms_of_the_papers_own_modules():
    seen = view(
        "## 3.2 Parts\nWe add a Dual-view Enhancement Module (DEM) and a Spatial Token Compressor (STC).\n"
        "## 3.3 Training\nWe train."
    )
    said = FreezeReader(seen).read("We train the DEM, the STC and the LLM.")
    assert said.trainable == {"other", "connector", "language_model"}


def test_own_name_that_holds_another_models():
    text = (
        "## 3.2 Training\nThe training of LLaVA-Quoll is carefully structured into two distinct stages. "
        "In the first stage, we train the projector. In the subsequent stage, we train all parameters."
    )
    assert len(list(read_stages(view(text, "LLaVA-Quoll")))) == 2


def test_stages_behind_a_pre_training_of_its_own():
    text = (
        "# 4 Training\n## 4.1 Pre-Training\nDuring the pre-training stage, we update all model parameters on captions.\n"
        "## 4.2 Post-Training\nAfter the pre-training stage, we adopt a two-stage post-training strategy comprising: "
        "(1) Supervised Fine-Tuning, which uses instructions, and (2) Preference Optimization, which uses pairs."
    )
    names = [str(stage.attributes["name"]) for stage in read_stages(view(text))]
    assert len(names) == 3
    assert "training" in names[0].lower()


def test_rates_that_a_pronoun_stands_for():
    text = (
        "## 3.2 Training\nTraining has two stages. In the pre-training stage, we train the projector. "
        "In the fine-tuning stage, we train all parameters. For the pre-training stage, the batch size and learning rate are set to 64 "
        "and 5e-5, while for the fine-tuning stage they are set to 16 and 1e-5."
    )
    assert [stage.attributes.get("learning_rate") for stage in read_stages(view(text))] == ["5e-5", "1e-5"]


def test_columns_headed_by_words_of_the_stages_names():
    text = (
        "## 3.2 Training\nWe train in two stages.\n### 3.2.1 Stage-1: Scene Tokenizer\nThe tokenizer is trained.\n"
        "### 3.2.2 Stage-2: Unified Modeling\nThe LLM is trained.\n"
        "| Configuration | Scene Tokenizer | Quoll-VL |\n| Learning rate | 2e-4 | 5e-5 |\n| Training steps | 50K | 20K |"
    )
    assert [stage.attributes.get("learning_rate") for stage in read_stages(view(text))] == ["2e-4", "5e-5"]


def test_a_part_that_one_stage_freezes_is_trained_where_all_are():
    text = (
        "## 3.2 Training\nWe train in two stages. In the first stage, the visual encoder, the LLM and the mask decoder are frozen "
        "and only the projector is trained. In the second stage, all modules are optimized except for the visual encoder."
    )
    trained = [stage.attributes["trainable"] for stage in read_stages(view(text))]
    assert trained == [["connector"], ["connector", "language_model", "other"]]


def test_finally_is_the_last_stage_though_one_is_left_out():
    seen = view(
        "## 3.2 Training\nTraining has three stages. In the first stage, we train only the projector. Finally, we train the whole "
        "model.\n# 4 Experiments\nStage 1: the projector is trained. Stage 2: the projector and the ViT are trained with the LLM "
        "frozen. Stage 3: instruction tuning."
    )
    stages = [stage.attributes["trainable"] for stage in read_stages(seen)]
    assert len(stages) == 3
    assert stages[0] == ["connector"]
    assert stages[2] == ["vision_encoder", "connector", "language_model"]
