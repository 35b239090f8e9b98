"""Bases, scales, unknown names and rows: what is the own model's and what only stands near it."""

import pytest

from tests.unit.extract.test_parts import kept, masked, paper
from vlmingest.extract.own_model import own_model_rows
from vlmingest.extract.parts import weighed_parts
from vlmingest.extract.parts_rows import lowered
from vlmingest.extract.rules import load_rules
from vlmingest.records import FieldName

EYE, BRAIN = FieldName.VISION_ENCODER, FieldName.LANGUAGE_MODEL


def test_what_the_base_has_is_the_own_models():
    view = paper(
        "We fine-tune Foobar from OpenFlamingo and keep its layout.",
        "Foobar is initialised from OpenFlamingo.",
        "The pretrained OpenFlamingo model comprises a LLaMA-7B language encoder and a CLIP ViT-L/14 vision encoder.",
    )
    assert kept(view, BRAIN) in (["LLaMA"], ["LLaMA-7B"])
    assert kept(view, EYE) == ["CLIP ViT-L/14"]


def test_what_a_rival_has_is_not():
    view = paper(
        "We use Vicuna as the language model.",
        "OpenFlamingo comprises a LLaMA-7B language encoder and a CLIP ViT-L/14 vision encoder.",
    )
    assert "LLaMA" not in kept(view, BRAIN)


def test_the_encoder_of_the_base_takes_the_name_beside_it():
    view = paper("The visual encoder from InstructBLIP, which consists of ViT-g/14 of EVA-CLIP, reads the frames.")
    assert kept(view, EYE) == ["EVA-CLIP ViT-g/14"]


def test_two_scales_of_one_encoder_are_two():
    view = paper(
        "We employ EVA2-CLIP-E as the encoder for thumbnails.",
        "For large pages, we employ EVA2-CLIP-L as the second vision encoder.",
    )
    assert kept(view, EYE) == ["EVA2-CLIP-E", "EVA2-CLIP-L"]


@pytest.mark.parametrize(
    "sentence",
    [
        "We use LORA-8 for adapting the language model.",
        "We use the SplitGlue objective with the language model.",
        "We use the Low-Rank adaptation of the language model.",
        "The language model follows (Quuxlab-IDEA, 2023) in its data.",
        "We use LLaVA-Quux-Image as the language model.",
    ],
)
def test_what_is_no_name_of_a_language_model(sentence):
    found = [use.name for use, _, _ in weighed_parts(paper(sentence)) if use.code is None]
    assert found == []


def test_a_name_in_an_address_says_nothing():
    assert masked("The tokenizer stands at https://example.org/Qwen/tok.py for all.") == []


def test_popular_models_that_we_take():
    view = paper(
        "We incorporate popular open-source LLMs (Vicuna and Mistral-7B) into our framework as the language model."
    )
    assert kept(view, BRAIN) in (["Mistral", "Vicuna"], ["Mistral-7B", "Vicuna"])
    assert kept(paper("Most models of this kind employ Vicuna as the language model."), BRAIN) == []


def test_a_list_goes_over_names_that_nobody_knows():
    assert masked("We use DINOv2, Quux, and SAM as vision experts.") == ["We use «V0,1» as vision experts."]


def test_an_apposition_is_no_list():
    assert kept(paper("The image encoder is Rad-DINO, a ViT-B trained with DINOv2 on x-rays."), EYE) == ["Rad-DINO"]


def test_studied_lists_are_trials():
    view = paper(
        "We study ViT, DeiT, BEiT, and Swin as vision encoders.",
        "Our final model uses CLIP-ViT-B/16 as the vision encoder.",
    )
    assert kept(view, EYE) == ["CLIP-ViT-B/16"]


def test_patterns_in_lower_case_match_the_same():
    for rule in load_rules("parts").rules:
        for text in (*rule.matches, *rule.rejects):
            here = rule.regex.search(text)
            there = lowered(rule).search(text.lower())
            assert (here and here.span()) == (there and there.span()), rule.id


def test_own_rows_leave_earlier_versions_out():
    table = (
        "Parts of the models of our family.",
        ("Model", "Language Model"),
        ("Foobar-Chat-V1.5", "Vicuna"),
        ("Foobar2.5-8B", "Qwen2.5-7B"),
    )
    view = paper(
        "Foobar2.5 is small.",
        "Foobar2.5 reads.",
        tables=[table],
        title="Foobar2.5: A Model",
        abstract="We present Foobar2.5.",
    )
    assert own_model_rows(view, view.tables[0]) == (2,)
    assert kept(view, BRAIN) == ["Qwen2.5"]


def test_the_model_that_the_own_one_starts_from_fills_an_empty_slot():
    view = paper("Based on our ablation study, we adopt the last design and initialize Foobar from Qwen2-VL-7B.")
    assert kept(view, BRAIN) == ["Qwen2-VL"]


def test_blocks_are_a_design_and_no_language_model():
    view = paper(
        "Foobar is a model that employs Mamba blocks to encode frames.",
        "We stack Mamba blocks in the decoder, and the language model writes text.",
    )
    assert kept(view, BRAIN) == []


def test_an_encoder_and_a_writer_of_one_list_are_both_used():
    view = paper("Specifically, we employ SigLIP, a 2-layer MLP, and Qwen2.5-7B-Instruct.")
    assert kept(view, EYE) == ["SigLIP"]
    assert kept(view, BRAIN) == ["Qwen2.5"]


@pytest.mark.parametrize(
    "text",
    [
        "We have trained a vision-language model, Quux-VL-2B, on it.",
        "We use Loss(Q-AV) as the training objective of our language model, and the decoder is not used.",
    ],
)
def test_what_sees_or_stands_in_a_formula_is_no_language_model(text):
    assert kept(paper(text), BRAIN) == []
