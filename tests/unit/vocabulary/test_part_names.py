"""Names of encoders and language models: variants, borders, case, and what a spelling needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.vocabulary import Vocabulary, load
from vlmingest.vocabulary.code import Code
from vlmingest.vocabulary.tails import read_tail


def found(text):
    return [
        (one.code.name, text[one.start : one.end], one.sizes)
        for one in load().find(text, text.lower())
        if one.code.kind != "dataset"
    ]


@pytest.mark.parametrize(
    ("text", "name", "whole", "sizes"),
    [
        ("CLIP ViT-L/14@336px", "CLIP", "CLIP ViT-L/14@336px", ()),
        ("siglip-so400m-patch14-384", "SigLIP", "siglip-so400m-patch14-384", ()),
        ("EVA-CLIP-g/14", "EVA-CLIP", "EVA-CLIP-g/14", ()),
        ("InternViT-6B-448px-V1.5", "InternViT", "InternViT-6B-448px-V1.5", ("6B",)),
        ("ViT-Large-14@336pix", "ViT", "ViT-Large-14@336pix", ()),
        ("Qwen2.5-7B-Instruct", "Qwen2.5", "Qwen2.5-7B-Instruct", ("7B",)),
        ("Qwen 2.5-VL-3B", "Qwen2.5-VL", "Qwen 2.5-VL-3B", ("3B",)),
        ("LLaMA7B", "LLaMA", "LLaMA7B", ("7B",)),
        ("Vicuna-7B/13B", "Vicuna", "Vicuna-7B/13B", ("7B", "13B")),
        ("Qwen3-30B-A3B", "Qwen3", "Qwen3-30B-A3B", ("30B",)),
        ("Flan-T5-XXL", "Flan-T5", "Flan-T5-XXL", ()),
    ],
)
def test_a_variant_belongs_to_the_name(text, name, whole, sizes):
    assert found(f"we use {text} here") == [(name, whole, sizes)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("LLaMA-30B", ["LLaMA"]),  # not LLaMA-3 and 0B
        ("Qwen-32B", ["Qwen"]),
        ("InternLM-20B", ["InternLM"]),
        ("Gemma-2 27B", ["Gemma 2"]),
        ("from CLIP", ["CLIP"]),  # not m-CLIP
        ("CLIP-Adapter", []),  # another name
        ("CLIPs and CLIP-based", ["CLIP", "CLIP"]),
        ("MiniCLIP", []),
        ("a video clip", []),
        ("we opt for it", []),
        ("Yi et al.", []),
        ("Yi-34B", ["Yi"]),
        ("Phi and Phi-1.5", ["Phi-1.5"]),
        ("SAM2-Large", ["SAM 2"]),
        ("the ViT-L/14 of CLIP", ["ViT", "CLIP"]),
    ],
)
def test_borders_and_case(text, names):
    assert [name for name, _, _ in found(text)] == names


def test_a_resolution_is_no_part_of_the_short_name():
    text = "CLIP ViT-L/14@336px"
    [mention] = [one for one in load().find(text, text.lower()) if one.code.kind == "vision_encoder"]
    assert text[mention.start : mention.short_end] == "CLIP ViT-L/14"


def test_a_spelling_may_stand_for_two_kinds():
    one, other = Code("vision_encoder", "Foo", "Foo"), Code("language_model", "Foo", "Foo")
    known = Vocabulary([("Foo", one), ("Foo", other)])
    assert [mention.code for mention in known.find("a Foo", "a foo")] == [one, other]


def test_the_longest_spelling_counts():
    part, data = Code("language_model", "Foo", "Foo"), Code("dataset", "Foo-Bench", "Foo-Bench")
    known = Vocabulary([("Foo", part), ("Foo-Bench", data)])
    assert [mention.code for mention in known.find("on Foo-Bench", "on foo-bench")] == [data]


def test_every_family_is_named_and_flags_are_known():
    text = "CLIP | LLaMA-7B | BERT-base | Flan-T5 | VQGAN | Qwen2.5-VL | GPT-4 | ViT-B/16"
    codes = {one.code.name: one.code for one in load().find(text, text.lower())}
    assert all(code.family for code in codes.values())
    assert codes["BERT"].reader
    assert codes["Flan-T5"].seq2seq
    assert codes["VQGAN"].coder
    assert codes["Qwen2.5-VL"].whole
    assert codes["GPT-4"].closed
    assert codes["ViT"].shape


@given(st.text(alphabet="CLIPViT-/14@B7 .LaMqwen25()", max_size=40))
def test_mentions_are_in_order_and_inside_the_text(text):
    mentions = load().find(text, text.lower())
    for one in mentions:
        assert 0 <= one.start < one.stem <= one.end <= len(text)
        assert one.stem <= one.short_end <= one.end
    assert [one.start for one in mentions] == sorted(one.start for one in mentions)


@given(st.text(alphabet="-7B13b vViT/L4xlInstruct", max_size=20))
def test_a_tail_stays_in_the_text(tail):
    text = f"Foo{tail}"
    for kind in ("vision_encoder", "language_model"):
        found_tail = read_tail(text, 3, kind)
        if found_tail is not None:
            assert 3 <= found_tail.short_end <= found_tail.end <= len(text)
