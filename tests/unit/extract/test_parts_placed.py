"""Parts that only their place shows: slots of which no wording says anything."""

import pytest

from tests.unit.extract.papers import assert_quoted, made_paper
from vlmingest.extract.parts import read_parts, weighed_parts
from vlmingest.extract.parts_placed import PROBABILITY, RULE
from vlmingest.extract.rules import check_rules, load_rules
from vlmingest.records import Role

HEAD = ("# 1 Introduction", "Foobar answers questions. Foobar is small.")


def by_place(*pieces, head=HEAD, abstract="We present Foobar, a multimodal model that reads."):
    view = made_paper(*head, *pieces, title="Foobar: A Model that Reads", abstract=abstract)
    found = [one for one in read_parts(view) if any(proof.reader == f"rule:{RULE}" for proof in one.evidence)]
    assert_quoted(view, found)
    return {one.value: one for one in found}


def test_rows():
    assert check_rules(load_rules("parts_placed")) == []


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Every tile passes a NFNet-F6 before anything else happens.", {"NFNet-F6"}),
        ("Both the student and the final network keep the ViT-H/14 of OpenCLIP.", {"OpenCLIP ViT-H/14"}),
        ("What comes out is spoken by Vicuna-7B word by word.", {"Vicuna"}),
        ("The 8x mixture of Mixtral-8x7B speaks the words.", {"Mixtral-8x7B"}),
    ],
)
def test_a_known_name_in_the_method_is_the_own_part(sentence, names):
    found = by_place("# 2 Method", sentence)
    assert set(found) == names
    for one in found.values():
        assert one.role is Role.USED
        assert one.confidence == PROBABILITY


@pytest.mark.parametrize(
    "sentence",
    [
        "Pairs with a low score of EVA-CLIP are dropped.",
        "Near-duplicates are found over DINOv2.",
        "Each question is checked with Mixtral-8x7B.",
        "The network follows Llama 2 from start to end.",
        "Llama-2-like blocks are stacked.",
        "Doe et al. (2021) put Vicuna behind a gate.",
        "Models such as Vicuna have grown.",
        "Words come from GPT-4.",
        "The base is spoken of as LLaVA-1.5.",
    ],
)
def test_a_tool_a_rival_or_a_likeness_is_none(sentence):
    assert by_place("# 2 Method", sentence) == {}


@pytest.mark.parametrize("heading", ["# 2 Related Work", "# 5 Ablation Studies", "# 4 Experiments"])
def test_elsewhere_a_name_says_nothing(heading):
    assert by_place(heading, "Every tile passes a NFNet-F6 before anything else happens.") == {}


def test_the_set_up_of_the_experiments_counts():
    assert set(
        by_place("# 4 Experiments", "# 4.1 Implementation Details", "Every tile passes a NFNet-F6 at 448 pixels.")
    ) == {"NFNet-F6"}


def test_a_slot_that_a_wording_filled_is_left_alone():
    found = by_place("# 2 Method", "We use SigLIP as the vision encoder.", "Every tile passes a NFNet-F6 as well.")
    assert found == {}


def test_a_bare_shape_does_not_fill_a_slot():
    found = by_place(
        "# 2 Method", "We use a ViT as the vision encoder.", "Pixels pass a frozen EVA2-CLIP-E without its last layer."
    )
    assert len(found) == 1
    assert next(iter(found)).startswith("EVA2-CLIP")


def test_a_model_without_an_encoder_gets_none():
    found = by_place(
        "# 2 Method",
        "Foobar is an encoder-free model: it has no vision encoder. Raw patches are fed without a vision encoder.",
        "Every tile passes a NFNet-F6 in the other branch.",
        abstract="We present Foobar, an encoder-free multimodal model that removes the vision encoder.",
    )
    assert found == {}


def test_two_that_stand_together_are_both_taken():
    found = by_place("# 2 Method", "Tiles pass a NFNet-F6, thumbnails a ConvNeXt-L, in parallel.")
    assert set(found) == {"NFNet-F6", "ConvNeXt-L"}


def test_of_two_the_one_that_stands_more_often_is_taken():
    found = by_place(
        "# 2 Method", "Every tile passes a NFNet-F6.", "Tiles of NFNet-F6 are joined.", "A ResNet-50 came first."
    )
    assert set(found) == {"NFNet-F6"}


def test_parts_stay_in_order():
    view = made_paper(
        *HEAD, "# 2 Method", "Every tile passes a NFNet-F6.", title="Foobar", abstract="We present Foobar."
    )
    order = [(use.kind, -probability, use.name) for use, probability, _ in weighed_parts(view)]
    assert order == sorted(order)
