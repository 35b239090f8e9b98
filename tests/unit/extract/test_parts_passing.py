"""Names that only pass through a paper on a model: tools, symbols, short forms, bases and what was tried before."""

from tests.unit.extract.test_parts import kept, paper
from vlmingest.extract.connectors import read_connectors
from vlmingest.records import FieldName

EYE, BRAIN = FieldName.VISION_ENCODER, FieldName.LANGUAGE_MODEL
OWN = "We use SigLIP as the vision encoder and Qwen2-7B as the language model."


def test_a_tool_that_is_called_an_llm_is_no_part():
    view = paper(OWN, "We prompt an LLM (Guanaco-33B) to produce the answers of our data.")
    assert kept(view, BRAIN) == ["Qwen2"]


def test_symbols_and_short_forms_are_no_names():
    view = paper(
        OWN,
        "For each layer of the LLM blocks we denote its weight matrix W ∈ RDout×Din.",
        "We remove a visual encoder of the Mixture of Token Paths (MoTP) design.",
    )
    assert kept(view, BRAIN) == ["Qwen2"]
    assert kept(view, EYE) == ["SigLIP"]


def test_an_unknown_name_is_of_the_kind_that_is_said_behind_it():
    view = paper("We use Blinkey-400m (Doe et al., 2023) as the visual encoder and Qwen2 as the language model.")
    assert kept(view, BRAIN) == ["Qwen2"]


def test_a_base_yields_to_the_language_model_it_is_made_of():
    view = paper(
        "We use LLaVA-1.5 as our starting checkpoint and train it further.",
        "LLaVA-1.5 uses a visual encoder of CLIP ViT-L/14 and an LLM of Vicuna-13B.",
        "The language model of Foobar is Vicuna.",
    )
    assert kept(view, BRAIN) in (["Vicuna"], ["Vicuna-13B"])


def test_a_data_set_in_a_list_is_no_encoder():
    view = paper("The vision encoder is pretrained on the ALIGN and LONGTAIL datasets.")
    assert kept(view, EYE) == []


def test_what_was_settled_on_counts_and_what_it_was_tried_with_does_not():
    view = paper("We experimented with CLIP, DINOv2 and SigLIP as vision encoders, and settled on SigLIP.")
    assert kept(view, EYE) == ["SigLIP"]


def test_the_one_part_of_an_empty_slot_that_something_is_said_for():
    view = paper("The ablation studies above used CLIP-L as the visual encoder.", "Qwen2-7B is our language model.")
    assert kept(view, EYE) == ["CLIP-L"]


def test_what_our_model_has_or_is():
    assert kept(paper("Foobar itself sees through DINOv2-L."), EYE) == ["DINOv2-L"]
    assert kept(paper("Foobar is a Qwen2-VL-7B fine-tuned on 50K examples."), BRAIN) == ["Qwen2-VL"]


def test_the_connector_of_the_base_is_the_own_one():
    view = paper(
        "Foobar is initialised from LLaVA-1.5.",
        "LLaVA-1.5 uses a visual encoder of CLIP ViT-L/14, Vicuna-13B, and an MLP which projects image features to the LLM.",
    )
    assert any(one.value == "mlp" and one.confidence >= 0.4 for one in read_connectors(view))


def test_what_is_only_planned_is_no_part():
    view = paper(OWN, "In the future, we plan to extend our model by combining it with Llama-3-70B.")
    assert kept(view, BRAIN) == ["Qwen2"]


def test_what_a_model_is_trained_by_is_no_language_model():
    view = paper(
        OWN,
        "It learns by Gapped Language Modeling (GapLM).",
        "Differently from a standard LM, GapLM sees both sides of the gap.",
    )
    assert kept(view, BRAIN) == ["Qwen2"]


def test_training_sets_ways_and_heads_of_others_are_no_encoders():
    view = paper(
        OWN,
        "We exploit the training set of CLIP with its noisy pairs.",
        "We use the same image augmentation as in BEiT.",
        "On scenes we employ Mask2Former as the segmentation framework.",
    )
    assert kept(view, EYE) == ["SigLIP"]


def test_a_text_encoder_has_its_name_before_it():
    view = paper("An image is encoded by a Swin-B vision encoder and its words are embedded by a RoBERTa text encoder.")
    assert kept(view, BRAIN) == ["RoBERTa"]
