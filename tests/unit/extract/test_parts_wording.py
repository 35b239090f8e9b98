"""What a sentence says for a part, and what only looks like it: likeness, ancestors, trials, rivals, tokenizers, connectors."""

import pytest

from tests.unit.extract.test_parts import kept, masked, paper
from vlmingest.extract.parts_gather import scale_of, surface_of, without_size
from vlmingest.records import FieldName
from vlmingest.vocabulary import load


def surface(name):
    text = f"our encoder backbone {name}"
    return surface_of(text, load().find(text, text.lower())[-1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Vicuna-7/13B", "Vicuna"),
        ("Vicuna-13B-v1.5", "Vicuna-13B-v1.5"),
        ("Mistral-7B-Instruct", "Mistral"),
        ("phi-3-mini-128K-instruct", "phi-3-mini"),
        ("Gemma-2B", "Gemma"),
        ("InternViT-6B-448px-V1-5", "InternViT-6B-448px-V1-5"),
        ("NF-ResNet-50.", "NF-ResNet-50"),
        ("EfficientNet-B7", "EfficientNet-B7"),
        ("ViT-BigG", "ViT-BigG"),
        ("VAE encoder of FLUX", "FLUX VAE"),
        ("tokenizer from LlamaGen", "LlamaGen tokenizer"),
    ],
)
def test_the_name_to_give(name, expected):
    assert surface(name) == expected


def test_sizes_and_scales_leave_the_name():
    assert without_size("Vicuna-13B-v1.5") == "Vicuna-v1.5"
    assert scale_of("FlanT5-XXL") == "-XXL"
    assert scale_of("OPT") == ""


def test_a_language_model_in_several_sizes_has_one_name():
    view = paper("We use Vicuna-7B-v1.5 and Vicuna-13B-v1.5 as the language model.")
    assert kept(view, FieldName.LANGUAGE_MODEL) == ["Vicuna-v1.5"]
    view = paper("We use FlanT5-XL and FlanT5-XXL as the language model.")
    assert kept(view, FieldName.LANGUAGE_MODEL) == ["FlanT5"]


def test_the_own_name_is_our_model():
    assert masked("Foobar-7B adopts Vicuna-7B, and Foobar’s encoder is CLIP.") == [
        "our model adopts «L0», and our model’s encoder is «V1»."
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use ViT-B/16 and ViT-L/14 initialised by CLIP.", "We use «V0,1»."),
        ("We choose the Qwen2 series and InternLM2-7B.", "We choose the «L0,1»."),
        ("We offer fully open OLMo-7B (a small one), open-weight Qwen2-7B.", "We offer fully open «L0,1»."),
        ("We replace the ViT-L/14 with CLIP.", "We replace the «V0» with «V1»."),
    ],
)
def test_lists(text, expected):
    assert masked(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Our architecture largely follows LLaMA-2, without biases.",
        "The model keeps the framework of language models such as Llama-2.",
        "We do not load the weights of BERT for the text encoder.",
        "For the box detector, we take BERT as the text encoder.",
        "The dialogues are in the Vicuna format.",
        "A pre-trained BERT does not guarantee a gain.",
        "Text is cut by the byte pair encoding from LLaMA.",
        "The Q-Former is initialised with the weights of BERT.",
        "The first LLaVA-1.5 employed Vicuna as its language model.",
        "We drop the packing method of NaViT for a simpler one.",
        "Encoders of the CLIP family blur details in images.",
        "The encoder can be made anew, as shown by MetaCLIP.",
    ],
)
def test_what_says_nothing(text):
    assert kept(paper(text)) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We use Vicuna-7B, which is built upon LLaMA, as our language model.", ["Vicuna"]),
        ("We use Vicuna as our language model, a decoder that was tuned on top of LLaMA.", ["Vicuna"]),
        ("The vision encoder is changed from CLIP to SigLIP.", ["SigLIP"]),
        ("We utilise raw LLaMA rather than its tuned variants such as Alpaca as the LLM.", ["LLaMA"]),
        (
            "Our vision tower combines four encoders: SigLIP, CLIP, DINOv2, and SAM.",
            ["CLIP", "DINOv2", "SAM", "SigLIP"],
        ),
        ("We train an image encoder anew, named FoobarViT.", ["FoobarViT"]),
        ("As our base VLM, we select Qwen2-VL-2B.", ["Qwen2-VL"]),
        ("A ViT reads the image. We use CLIP ViT-L/14 as the vision encoder.", ["CLIP ViT-L/14"]),
        ("The ViT is initialised with weights of SigLIP-SO400M.", ["SigLIP-SO400M"]),
    ],
)
def test_what_is_used(text, names):
    assert kept(paper(text)) == names


def test_what_was_tried_counts_less_than_what_is_used():
    view = paper(
        "We use Vicuna-7B as the language model.",
        "# 4 Ablation",
        "For ablation, we use Phi-2 as the language model.",
    )
    assert kept(view) == ["Vicuna"]


def test_an_implementation_section_counts_among_experiments():
    view = paper(
        "It is small.", "# 4 Data and Implementation Details", "For the visual model, we use a CLIP ViT-B/32 model."
    )
    assert kept(view) == ["CLIP ViT-B/32"]


def test_the_language_model_behind_the_own_name_in_a_table():
    table = (
        "Comparison of models.",
        ("Method", "VQA", "GQA"),
        ("LLaVA-1.5 (Vicuna-7B)", "78.5", "62.0"),
        ("Foobar (Phi-2)", "80.1", "63.0"),
    )
    assert kept(paper("Results follow.", tables=[table]), FieldName.LANGUAGE_MODEL) == ["Phi-2"]


@pytest.mark.parametrize(
    ("sentence", "field", "names"),
    [
        ("We use Qwen2-7B (Qwen, 2024) and Llama3.2-3B (Llama, 2024) as the LLM.", "L", ["Llama3.2", "Qwen2"]),
        ("We use Llama3.2-3B (Llama Team, 2024b) as the LLM.", "L", ["Llama3.2"]),
        ("We use the ViT from the efficient SigLIP-SO model as the visual encoder.", "V", ["SigLIP-SO"]),
        ("We use the Vision Transformer (ViT) of DINOv2 as the visual encoder.", "V", ["DINOv2"]),
        (
            "To add to CLIP supervised with words, we employ the ViT of DINOv2 as the vision encoder.",
            "V",
            ["CLIP", "DINOv2"],
        ),
        ("We test our best-performing models (i.e., RoBERTa+Swin and RoBERTa+BEiT).", "V", ["BEiT", "Swin"]),
        ("The fusion module is typically initialized with BERT.", "L", []),
        ("All are of base size, except ALBERT, as the text encoder.", "L", []),
    ],
)
def test_names_that_stand_well_and_names_that_do_not(sentence, field, names):
    wanted = FieldName.VISION_ENCODER if field == "V" else FieldName.LANGUAGE_MODEL
    assert kept(paper(sentence), wanted) == names
