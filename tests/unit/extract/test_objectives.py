"""Objectives: rows both ways, whose sentences count, what is implied, and what speaks against it."""

import pytest

from tests.unit.extract.papers import assert_quoted, made_paper
from vlmingest.extract.objectives import OBJECTIVES, load_weights, objective_features, objective_hits, read_objectives
from vlmingest.extract.rules import check_rules, load_rules
from vlmingest.records import FieldName

KEEP = 0.5


def found(*blocks, title="GlowVL: Reading at Night"):
    view = made_paper(*blocks, title=title, abstract="We present GlowVL, a model that reads.")
    candidates = list(read_objectives(view))
    assert_quoted(view, candidates)
    assert all(one.field is FieldName.OBJECTIVE and 0 < one.confidence < 1 for one in candidates)
    return sorted(one.value for one in candidates if one.confidence >= KEEP)


def test_rows_hold_their_examples_and_give_known_objectives():
    assert check_rules(load_rules("objectives")) == []
    assert {rule.value for rule in load_rules("objectives").rules if rule.value} == set(OBJECTIVES)


@pytest.mark.parametrize(
    ("sentences", "objectives"),
    [
        (["GlowVL is trained with next-token prediction.", "The SFT stage follows."], ["language-modeling"]),
        (
            ["We train GlowVL with an image-text contrastive loss.", "Our contrastive loss is symmetric."],
            ["contrastive"],
        ),
        (
            ["We train GlowVL with reinforcement learning.", "We use GRPO, with verifiable rewards, to train GlowVL."],
            ["reinforcement-learning"],
        ),
        (["Our model is optimised by a flow matching loss.", "We train the diffusion head of GlowVL."], ["diffusion"]),
        (["We train with the pairwise sigmoid loss.", "Our sigmoid loss is better."], ["sigmoid-contrastive"]),
        (
            ["SigLIP, pre-trained with a sigmoid loss, stays frozen.", "GlowVL is trained with next-token prediction."],
            ["language-modeling"],
        ),
        (
            [
                "A classifier trained with binary cross-entropy drops images.",
                "We then run supervised fine-tuning of GlowVL.",
            ],
            ["language-modeling"],
        ),
        (
            ["While QuuxNet uses DPO, we train GlowVL with next-token prediction.", "Our model writes."],
            ["language-modeling"],
        ),
        (
            [
                "The loss of GlowVL is the auto-regressive cross-entropy loss.",
                "Our masks have a per-pixel BCE and DICE loss.",
            ],
            ["language-modeling", "segmentation"],
        ),
        (
            [
                "We replace the softmax contrastive loss by a sigmoid loss on every pair.",
                "We train with this sigmoid loss.",
            ],
            ["sigmoid-contrastive"],
        ),
        (["Speech is drawn by flow matching: we train it on mel-spectrograms.", "The voice of GlowVL is clear."], []),
        (["Prior work uses a captioning loss.", "Unlike prior work with ITM, we read."], []),
        (["CLIP was trained with a contrastive loss."], []),
        (["Afterwards we run DPO with beta = 0.1."], ["preference-optimization"]),
        (["We maximise the likelihood of the answer."], ["language-modeling"]),
        (["The page is long."], []),
    ],
)
def test_own_sentences(sentences, objectives):
    assert found("# 3 Training", *sentences) == objectives


def test_related_work_says_nothing():
    assert found("# 2 Related Work", "They train with a contrastive loss.", "A contrastive loss is trained.") == []


def test_reinforcement_speaks_against_language_modelling_that_is_hardly_named():
    reinforced = ["We train GlowVL with reinforcement learning by GRPO in our second stage."] * 6
    view = made_paper("# 3 Training", *reinforced, "It generates answers.", title="GlowVL")
    hits = objective_hits(view)
    features = objective_features("language-modeling", hits, view)
    assert features["beside.reinforcement"] > 1
    assert load_weights()["beside.reinforcement"] < 0


def test_a_backbone_that_is_spoken_of_was_trained_to_write():
    view = made_paper("# 3 Method", "GlowVL puts the tokens into Vicuna.", "Vicuna reads them.", title="GlowVL")
    (hit, *_) = objective_hits(view)["language-modeling"]
    assert hit.strength == 0
    assert objective_features("language-modeling", objective_hits(view), view)["backbone"] > 1


def test_a_paper_on_the_sigmoid_loss_names_the_contrastive_all_the_time():
    sigmoid = ["We train with the sigmoid loss."] * 9
    view = made_paper("# 3 Training", *sigmoid, "The contrastive loss is softmax.", title="A Sigmoid Loss")
    hits = objective_hits(view)
    assert objective_features("contrastive", hits, view)["pair.other"] > 0
    assert objective_features("sigmoid-contrastive", hits, view)["pair.other"] == 0
    assert objective_features("sigmoid-contrastive", hits, view)["title"] == 1


def features_of(kind, *blocks):
    view = made_paper(*blocks, title="GlowVL: Reading at Night", abstract="We present GlowVL, a model that reads.")
    return objective_features(kind, objective_hits(view), view)


PREFIX = (
    "# 3 Method",
    "GlowVL has a CLIP ViT-L vision encoder, an MLP projector and Vicuna-7B as its large language model.",
    "The visual tokens are put into the input of the language model.",
)


def test_a_training_section_that_does_not_name_it_speaks_against_an_objective():
    told = "We align GlowVL by direct preference optimization."
    sections = ("# 4 Training", "We train for one epoch.")
    assert features_of("preference-optimization", "# 3 Method", told, *sections)["outside"] == 1.0
    assert features_of("preference-optimization", *sections, told)["outside"] == 0.0
    assert features_of("preference-optimization", "# 3 Method", told)["outside"] == 0.0


def test_what_a_vision_encoder_learned_before_is_told_once_or_twice():
    once = "The encoder learned by contrastive learning on web pages."
    assert features_of("contrastive", *PREFIX, once)["encoders"] > 0.5
    assert "encoders" not in features_of("contrastive", *PREFIX, *[once] * 3)
    assert "encoders" not in features_of("distillation", *PREFIX, "We use knowledge distillation.")


def test_a_model_that_only_reads_writes_not():
    towers = ("# 3 Method", "GlowVL is a dual-encoder: an image encoder and a text encoder with a contrastive loss.")
    told = "Language modeling on captions was tried, too."
    assert features_of("language-modeling", *towers, told)["writes_not"] > 0.5
    assert features_of("language-modeling", *PREFIX, told)["writes_not"] < 0.1


def test_reinforcement_alone_speaks_against_learning_to_write():
    reward = "We train GlowVL by GRPO with verifiable rewards."
    alone = features_of("language-modeling", *PREFIX, reward)
    tuned = features_of("language-modeling", *PREFIX, reward, *["Supervised fine-tuning comes first."] * 3)
    assert alone["only.reinforcement"] > 0.0 == tuned["only.reinforcement"]


def test_symbols_of_losses_name_objectives():
    view = made_paper("# 3 Training", "The sum is Lkd + 2 LITM + Ldice + L_{DPO} + JGRPO + LLCD.", title="GlowVL")
    assert set(objective_hits(view)) == {
        "distillation", "image-text-matching", "segmentation", "preference-optimization", "reinforcement-learning",
    }  # fmt: skip
