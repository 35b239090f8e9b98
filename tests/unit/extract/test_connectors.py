"""Connectors and architecture types: cues of the own model, and what follows from the parts."""

import pytest

from tests.unit.extract.papers import assert_quoted, made_paper
from vlmingest.extract.architecture import Model, Strength, decide, load_weights, model_of
from vlmingest.extract.connector_cues import free_of_encoders, gather_cues
from vlmingest.extract.connector_setting import patterns, says
from vlmingest.extract.connectors import read_connectors
from vlmingest.extract.parts import weighed_parts
from vlmingest.extract.rules import check_rules, load_rules
from vlmingest.records import FieldName

KEPT = 0.4
PARTS = "We adopt SigLIP as the vision encoder. We adopt Qwen2-7B as the language model."
NOTHING = Model(0, 0, 0, 0, 0, 0, 0)


def paper(*method, abstract="We present Foobar, a multimodal large language model."):
    return made_paper("# 1 Method", *method, title="Foobar: A Model", abstract=abstract)


def kept(view, field):
    found = list(read_connectors(view))
    assert_quoted(view, found)
    return sorted(one.value for one in found if one.field is field and one.confidence >= KEPT)


def test_rows():
    assert check_rules(load_rules("connectors")) == []
    assert check_rules(load_rules("architecture_types")) == []
    assert check_rules(load_rules("connector_setting")) == []
    assert check_rules(load_rules("connector_near")) == []


def test_what_stands_near_a_hit_has_rows_and_no_row_is_left_that_nobody_asks():
    asked = {
        f"connector_near.{rule.attributes[attribute]}.v1"
        for name in ("connectors", "architecture_types")
        for rule in load_rules(name).rules
        for attribute in ("unless", "beside")
        if attribute in rule.attributes
    }
    assert asked == {rule.id for rule in load_rules("connector_near").rules}


@pytest.mark.parametrize("name", ["connectors", "architecture_types"])
def test_one_of_also_stands_in_every_match(name):
    """The words of `also` save time and change nothing."""
    for rule in load_rules(name).rules:
        pieces = rule.attributes.get("also", ())
        for example in rule.matches if pieces else ():
            assert any(piece in example.lower() for piece in pieces), (rule.id, example)


def test_what_is_looked_for_first_stands_in_every_match():
    """The cues of rows save time and change nothing."""
    cued = {name: f"connector_setting.{name}." for name, look in patterns().items() if look.cues}
    said = [
        example
        for name in ("connectors", "connector_setting", "architecture_types", "voice")
        for rule in load_rules(name).rules
        for example in (*rule.matches, *rule.rejects)
    ]
    view = paper(
        *said,
        "We compare several options; it scores 61.2, no longer better than prior designs, and others test LMMs.",
        "Whereas VLMs such as Bar do not, we finally opt for an optional MLP variant, so by default it is kept.",
    )
    assert cued
    for name, prefix in cued.items():
        rows = load_rules("connector_setting").of(prefix)
        assert all(row.cues for row in rows), name
        for sentence in view.sentences:
            found = any(row.regex.search(view.text[sentence.start : sentence.end]) for row in rows)
            assert says(view, name, sentence.start, sentence.end) == found, name


def test_an_encoder_and_a_language_model_are_joined_by_what_is_told_however_faintly():
    faint = {(FieldName.CONNECTOR, "pooling"): Strength(0.17, 0.15, 0, 0, 0.17)}
    own = NOTHING._replace(encoder=0.9, decoder=0.5)
    assert decide(faint, own)[0].confidence >= KEPT
    assert decide(faint, own._replace(encoder=0.0))[0].confidence < KEPT
    assert decide({(FieldName.CONNECTOR, "pooling"): Strength(0.17, 0.1, 0, 0, 0.17)}, own)[0].confidence < KEPT
    beside = faint | {(FieldName.CONNECTOR, "mlp"): STRONG}
    assert {
        one.value for one in decide(beside, own) if one.field is FieldName.CONNECTOR and one.confidence >= KEPT
    } == {"mlp"}


def test_towers_of_a_paper_without_contrastive_learning_are_read_and_then_fused():
    said = {(FieldName.TYPE, "dual-encoder"): STRONG, (FieldName.TYPE, "fusion-encoder"): STRONG}

    def chance(contrasts):
        found = decide(said, NOTHING._replace(encoder=0.9, contrasts=contrasts))
        return next(one.confidence for one in found if one.value == "dual-encoder")

    assert chance(0.0) < chance(1.0)


def test_two_towers_and_finished_models_have_no_connector():
    said = {(FieldName.CONNECTOR, "mlp"): Strength(0.6, 0.4, 1, 0, 0.6)}
    towers = {(FieldName.TYPE, "dual-encoder"): Strength(0.6, 0.9, 4, 1)}
    own = decide(said, NOTHING._replace(encoder=0.9, decoder=0.9))
    apart = decide(said | towers, NOTHING._replace(encoder=0.9))
    borrowed = decide(said, NOTHING._replace(whole=0.9))
    sure = [next(one.confidence for one in found if one.value == "mlp") for found in (own, apart, borrowed)]
    assert sure[0] > max(sure[1:])


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A two-layer MLP projector connects the vision encoder to the LLM.", ["mlp"]),
        ("Visual features are projected into the word embedding space by a single linear layer.", ["linear"]),
        ("We use a Q-Former with 32 queries to align image features with the LLM.", ["q-former"]),
        ("A Perceiver Resampler turns image features into 64 tokens.", ["resampler"]),
        ("We insert gated cross-attention layers into the language model.", ["cross-attention"]),
        ("We apply a pixel unshuffle to the visual tokens, then an MLP projector.", ["mlp", "pixel-shuffle"]),
        (
            "A spatial pooling of the visual tokens halves them, a linear projector maps them to the LLM.",
            ["linear", "pooling"],
        ),
        ("A convolutional projector downsamples the visual tokens.", ["convolution"]),
        ("The visual abstractor condenses the image features.", ["abstractor"]),
        ("Unlike the Q-Former, an MLP projector keeps all visual tokens.", ["mlp"]),
        ("Cross-attention with 64 learned queries condenses image features to a fixed length.", ["resampler"]),
        (
            "Four neighbouring patches are stacked along the channel dimension, then an MLP maps them to the LLM.",
            ["mlp", "pixel-shuffle"],
        ),
        ("Mean pooling cuts the tokens of every image to a quarter.", ["pooling"]),
        ("Strided convolutions join SigLIP and Qwen2.", ["convolution"]),
        ("The image encoder feeds the LLM. The shared projection layers are 2 fully connected layers.", ["mlp"]),
        ("The output queries of the Q-Former are linearly projected to the width of the LLM.", ["linear", "q-former"]),
        (
            "A set of 96 trainable query vectors attends to the image features by one cross-attention layer.",
            ["resampler"],
        ),
        ("While BLIP-2 relies on a Q-Former, Foobar maps image features by an MLP.", ["mlp"]),
        ("We replace the linear projection of image features by a two-layer MLP.", ["mlp"]),
        ("A two-layer MLP projects the image features prior to the perceiver resampler.", ["mlp", "resampler"]),
        ("An image-text pair is judged by a linear layer with a softmax on the image features.", []),
        ("We use LoRA adapters in all linear layers of the language model.", []),
        ("Bar [3] uses a Q-Former to align image features.", []),
        ("Our SVA is held against three baselines: 1) an MLP, 2) a C-Abstractor and 3) a strided convolution.", []),
        (
            "We also trained a variant with gated cross-attention layers; an MLP projector joins SigLIP and Qwen2.",
            ["mlp"],
        ),
        ("The speech encoder ends in two convolution layers that halve the frames before the LLM.", []),
        ("An MLP predicts the reward from the last hidden state of the language model.", []),
        ("An MLP projector joins SigLIP and Qwen2. The projection layer takes image features to the LLM.", ["mlp"]),
        ("The learning rate has a linear schedule.", []),
        ("In the transformer, MLP size is 3,072 for image and text tokens.", []),
        ("Images go into the LLM in a convolution-free manner.", []),
        ("An MLP turns visual codes into the generation embedding that a U-Net draws the image from.", []),
        ("The ViT splits the image into patches and maps each by a linear embedding.", []),
    ],
)
def test_connectors(text, values):
    assert kept(paper(PARTS, text), FieldName.CONNECTOR) == values


def test_the_name_of_an_encoder_shows_that_a_sentence_speaks_of_vision():
    named, unnamed = (
        gather_cues(paper(f"Strided convolutions join {one} to what follows."))[FieldName.CONNECTOR, "convolution"]
        for one in ("SigLIP", "this")
    )
    assert named.strongest > unnamed.strongest


def test_a_tokenizer_of_images_is_a_connector_where_images_are_made():
    view = paper(
        "We tokenize images into discrete image tokens with VQGAN. The discrete image tokens share one vocabulary with text.",
        "One single transformer predicts text and image tokens; it performs text-to-image generation.",
        abstract="We present Foobar, which unifies multimodal understanding and generation in a single transformer.",
    )
    assert kept(view, FieldName.CONNECTOR) == ["discrete-tokenizer"]
    assert kept(view, FieldName.TYPE) == ["early-fusion", "unified-generation"]


@pytest.mark.parametrize(
    ("sentences", "abstract", "values"),
    [
        (
            (PARTS, "An MLP projector maps visual tokens into the LLM."),
            "We present Foobar, an MLLM.",
            ["decoder-prefix"],
        ),
        (
            (
                "The image encoder is a ViT-B/16.",
                "Our two towers are trained with an image-text contrastive loss. The contrastive loss needs large batches.",
                "The dual encoder is trained contrastively.",
            ),
            "We present Foobar, a dual-encoder model with a contrastive objective.",
            ["dual-encoder"],
        ),
        (
            (
                "We start from OpenFlamingo. The language model is LLaMA-7B.",
                "Gated cross-attention layers attend to the image; the perceiver resampler condenses it.",
                "We tune the gated cross-attention layers of the language model.",
            ),
            "We present Foobar, with gated cross-attention.",
            ["cross-attention"],
        ),
        (
            (
                "The image encoder is a ViT-B/16 and the text encoder is initialised from BERT.",
                "The multimodal encoder fuses both. The fusion encoder is trained with masked language modeling.",
                "We also use image-text matching on the multimodal encoder.",
            ),
            "We present Foobar, with a fusion encoder over image and text.",
            ["fusion-encoder"],
        ),
        (("It rains.",), "We study the weather.", []),
    ],
)
def test_types(sentences, abstract, values):
    assert kept(paper(*sentences, abstract=abstract), FieldName.TYPE) == values


def test_an_encoder_free_model():
    view = paper(
        "There is no vision encoder. Raw image patches enter a single transformer. The decoder is initialised from Qwen2.5-3B.",
        abstract="We present Foobar, an encoder-free, early-fusion model.",
    )
    assert free_of_encoders(view) > 0.7
    assert "early-fusion" in kept(view, FieldName.TYPE)
    assert free_of_encoders(paper(PARTS)) == 0.0


def test_cues_are_made_once():
    view = paper(PARTS)
    assert gather_cues(view) is gather_cues(view)


def test_every_value_has_a_reason():
    view = paper(PARTS, "An MLP projector maps visual tokens into the LLM.")
    for one in read_connectors(view):
        assert bool(one.attributes.get("detail")) is (one.field is FieldName.TYPE)
        assert all(isinstance(value, float | int) for value in one.features.values())


def test_a_thing_counts_by_what_stands_around_it():
    def strongest(*text):
        found = gather_cues(paper(*text)).get((FieldName.CONNECTOR, "mlp"))
        return 0.0 if found is None else found.strongest

    text = "It is an MLP."
    assert strongest(f"The projector joins the image encoder and the LLM. {text}") > strongest(text) > 0.0
    assert strongest("# 1.1 Projector", text) > strongest("# 1.1 Loss", text)
    assert strongest("An MLP maps visual features to the LLM.") > strongest(
        "An MLP with a softmax classifies visual features."
    )


def test_what_was_tried_counts_less_than_what_was_chosen():
    def strongest(text):
        return gather_cues(paper("# 2 Ablation study", text))[FieldName.CONNECTOR, "mlp"].strongest

    assert strongest("Finally, we add an MLP that maps visual features to the LLM.") > strongest(
        "An MLP that maps visual features to the LLM scores 61.2."
    )


# --- consistency --------------------------------------------------------------------------------------------------


def confidence(cues, model, value):
    return {one.value: one.confidence for one in decide(cues, model)}.get(value, 0.0)


STRONG = Strength(0.8, 0.9, 4, 0)


def test_parts_alone_say_that_tokens_are_prefixed():
    some = {(FieldName.CONNECTOR, "mlp"): STRONG}
    with_llm = confidence(some, NOTHING._replace(encoder=0.9, decoder=0.9), "decoder-prefix")
    assert with_llm > 0.6 > confidence({}, NOTHING, "decoder-prefix")


def test_gated_layers_speak_against_a_prefix():
    some = {(FieldName.TYPE, "cross-attention"): STRONG}
    model = NOTHING._replace(decoder=0.9, gated=0.9)
    assert confidence(some, model, "cross-attention") > 0.6 > confidence(some, model, "decoder-prefix")


def test_two_towers_have_no_writer():
    some = {(FieldName.TYPE, "dual-encoder"): STRONG}
    with_writer = confidence(some, NOTHING._replace(decoder=1.0), "dual-encoder")
    assert confidence(some, NOTHING, "dual-encoder") > 0.8 > with_writer + 0.1


def test_a_rival_takes_from_the_weaker():
    both = {(FieldName.CONNECTOR, "mlp"): STRONG, (FieldName.CONNECTOR, "linear"): Strength(0.4, 0.4, 1, 0)}
    alone = {(FieldName.CONNECTOR, "linear"): Strength(0.4, 0.4, 1, 0)}
    model = NOTHING._replace(decoder=0.9)
    assert confidence(both, model, "linear") < confidence(alone, model, "linear")


def test_values_of_different_places_do_not_compete():
    weak = Strength(0.6, 0.4, 1, 0)
    model = NOTHING._replace(decoder=0.9)
    beside = {(FieldName.CONNECTOR, "q-former"): STRONG, (FieldName.CONNECTOR, "linear"): weak}
    against = {(FieldName.CONNECTOR, "mlp"): STRONG, (FieldName.CONNECTOR, "linear"): weak}
    assert confidence(beside, model, "linear") > 0.5 > confidence(against, model, "linear")


@pytest.mark.parametrize(
    "sentence",
    [
        "Foobar is made of a vision encoder (SigLIP), an MLP projector and a language model.",
        "The adapter is a SwiGLU module that maps image tokens to the language model.",
        "Only linearly mapped image tokens in a transformer architecture enter the language model, not only the MLP projector.",
        "Similar to most existing models, an MLP projector maps image tokens to the language model.",
    ],
)
def test_what_turns_nothing_round(sentence):
    assert "mlp" in kept(paper(PARTS, sentence), FieldName.CONNECTOR)


def test_what_the_paper_denies_is_not_its_models():
    told = "The resampler of such systems shortens an image to 64 visual tokens before the language model."
    mlp = "An MLP projector maps the visual tokens into the embedding space of the LLM."
    assert kept(paper(PARTS, mlp, told), FieldName.CONNECTOR) == ["mlp", "resampler"]
    denied = "We do not use a resampler."
    view = paper(PARTS, mlp, told, denied)
    assert gather_cues(view)[FieldName.CONNECTOR, "resampler"].denied
    assert kept(view, FieldName.CONNECTOR) == ["mlp"]


def test_what_is_left_out_in_a_trial_is_a_part_of_the_model():
    view = made_paper(
        "# 1 Ablations", "We train a variant without the resampler.", title="Foobar: A Model", abstract=""
    )
    assert not gather_cues(view)[FieldName.CONNECTOR, "resampler"].denied


def test_the_parts_of_a_chain_are_told_together():
    told = Strength(0.9, 0.9, 2, 0, spots=(1000,))
    model = Model(0.9, 0, 0.9, 0, 0, 0, 0)
    near = {(FieldName.CONNECTOR, "mlp"): told, (FieldName.CONNECTOR, "pooling"): Strength(0.6, 0.4, 1, spots=(1200,))}
    far = {**near, (FieldName.CONNECTOR, "pooling"): Strength(0.6, 0.4, 1, spots=(9000,))}
    assert confidence(far, model, "pooling") < confidence(near, model, "pooling")
    assert confidence(far, model, "mlp") == confidence(near, model, "mlp")


def test_a_model_without_an_encoder_has_no_visual_prefix():
    cues = {
        (FieldName.TYPE, "early-fusion"): Strength(0.75, 0.9, 3, 1),
        (FieldName.TYPE, "decoder-prefix"): Strength(0.6, 0.8, 3, 1),
    }
    free = confidence(cues, Model(0, 0, 0.9, 0, 0, 0, 0), "decoder-prefix")
    assert free < KEPT < confidence(cues, Model(0.9, 0, 0.9, 0, 0, 0, 0), "decoder-prefix")


def test_other_weights_can_be_given():
    some = {(FieldName.CONNECTOR, "mlp"): STRONG}
    nothing = {kind: {} for kind in load_weights()}
    found = {one.field: one.confidence for one in decide(some, NOTHING, weights=nothing)}
    assert found[FieldName.CONNECTOR] == 0.5


def test_a_model_is_of_some_type():
    some = {(FieldName.TYPE, "early-fusion"): STRONG}
    nothing = {kind: {} for kind in load_weights()}
    two = [one.confidence for one in decide(some, NOTHING, weights=nothing) if one.field is FieldName.TYPE]
    assert two == pytest.approx([0.6, 0.6])  # 0.5 each: neither in a quarter of cases, which is too often


def test_what_reads_both_has_no_projector_of_several_layers():
    fused = {(FieldName.TYPE, "fusion-encoder"): STRONG, (FieldName.CONNECTOR, "mlp"): Strength(0.7, 0.4, 1, 0)}
    reading = NOTHING._replace(reader=0.9, encoder=0.9, early=1.0)
    assert confidence(fused, reading, "mlp") < 0.36
    assert confidence(fused, reading, "fusion-encoder") > 0.8 > 0.2 > confidence(fused, reading, "decoder-prefix")


def test_a_contrastive_loss_alone_makes_no_towers_of_what_reads_both():
    hint = Strength(0.4, 0.4, 2, 0, told=0.0)
    fused = {(FieldName.TYPE, "fusion-encoder"): Strength(0.5, 0.6, 3, 0), (FieldName.TYPE, "dual-encoder"): hint}
    assert confidence(fused, NOTHING._replace(reader=0.9), "dual-encoder") < 0.3


def test_a_text_decoder_that_has_the_image_in_its_input_is_no_encoder_decoder():
    joined = {
        (FieldName.TYPE, "encoder-decoder"): Strength(0.5, 0.9, 5, 1, told=0.0),
        (FieldName.TYPE, "decoder-prefix"): Strength(0.6, 0.5, 1, 0),
        (FieldName.CONNECTOR, "linear"): STRONG,
    }
    crossed = joined | {(FieldName.CONNECTOR, "cross-attention"): STRONG}
    model = NOTHING._replace(encoder=0.9, early=1.0)
    assert confidence(joined, model, "decoder-prefix") > confidence(joined, model, "encoder-decoder")
    assert confidence(crossed, model, "decoder-prefix") < confidence(crossed, model, "encoder-decoder")


def test_no_parts_no_model():
    assert model_of([]) == NOTHING


def test_every_kind_of_part_is_told_apart():
    view = paper(
        "We adopt SigLIP as the vision encoder. We adopt VQGAN as the image tokenizer. We adopt Qwen2-7B as the language model.",
        "We adopt BERT as the text encoder. We adopt Flan-T5-XL as the language model. We adopt OpenFlamingo as the base model.",
        "Captions were written by GPT-4. We adopt Quuxer-LM-3 as the language model.",
    )
    model = model_of([(use, chance) for use, chance, _ in weighed_parts(view)])
    assert min(model.encoder, model.coder, model.decoder, model.reader, model.seq2seq) > 0.3
    assert model.gated > model.whole > 0.0  # a base, whose own language model stands for it


@pytest.mark.parametrize(
    "text",
    [
        "A Q-Former in place of our connector loses three points.",
        "Existing MLLMs, to this end, commonly employ a Q-Former.",
        "We compare different connectors and investigate several options, the Q-Former among them.",
        "We use glue layers such as the Q-Former of others.",
        "Ways to embed images vary (e.g., an MLP, the Q-Former, a resampler).",
        "There are two popular paradigms of connectors. The Q-Former extracts image features for the LLM.",
        "BLIP-2 (Lamp et al., 2031) maps image features by a Q-Former.",
        "Four vision encoders, including a small ViT (Lamp et al., 2031), DINOv2 and the Q-Former, are joined.",
        "Different from the Q-Former, the LLM reads all visual tokens.",
    ],
)
def test_what_is_said_of_others_or_tried_does_not_count(text):
    assert "q-former" not in kept(
        paper(PARTS, text, "An MLP projector maps visual tokens into the LLM."), FieldName.CONNECTOR
    )


def test_a_study_of_designs_describes_options():
    some = {(FieldName.CONNECTOR, "mlp"): STRONG, (FieldName.CONNECTOR, "linear"): Strength(0.6, 0.5, 2, 0)}
    model = NOTHING._replace(decoder=0.9)
    plain = {one.value: one.confidence for one in decide(some, model)}
    study = {one.value: one.confidence for one in decide(some, model, study=True)}
    assert study["linear"] < plain["linear"]
    assert study["mlp"] == plain["mlp"]


def test_codes_alone_imply_early_fusion():
    some = {(FieldName.CONNECTOR, "discrete-tokenizer"): STRONG, (FieldName.TYPE, "unified-generation"): STRONG}
    with_encoder = confidence(some, NOTHING._replace(coder=0.9, encoder=0.9, decoder=0.9), "early-fusion")
    without = confidence(some, NOTHING._replace(coder=0.9, decoder=0.9), "early-fusion")
    assert without > with_encoder
