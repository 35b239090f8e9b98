"""Other people's works: paragraphs and lists told by their words, tables told by their rows and columns."""

from __future__ import annotations

import pytest

from tests.unit.extract.papers import made_paper
from vlmingest.document import BlockKind
from vlmingest.extract.compute import read_compute
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.others import SHORTEST, chances, neighbours, passages, terms_of
from vlmingest.extract.parts import read_parts
from vlmingest.extract.resolution import read_resolutions
from vlmingest.extract.rival_tables import are_rivals, is_of_rivals, rows_are_rivals
from vlmingest.extract.stages_votes import model_parts
from vlmingest.extract.table_kinds import is_of_rival_data
from vlmingest.extract.voice import Voice, voice

ITEM = BlockKind.LIST_ITEM
ON_OTHERS = (
    (
        "Early works such as LampNet [3] and GleamVL [4] adopt contrastive learning to align images and text. Building upon them, a "
        "line of works [5, 6, 7] leverages large language models: BeamChat [8] proposes instruction tuning, while ShineNet [9] "
        "introduces a resampler. Recently, many approaches [10, 11] have been proposed to extend them to video."
    ),
    (
        "Inspired by their success, several methods have been proposed. RayVL [12] uses a frozen encoder of CLIP [13] and connects it "
        "with OPT [14]. Another line of research [15, 16] explores efficient methods, such as the work of Doe et al., which first "
        "introduced adapters. However, these methods suffer from a lack of data."
    ),
)
ON_OWN = (
    (
        "We train the projector for one epoch with a learning rate of 1e-3 and a batch size of 256, and all else is kept frozen. In "
        "the second stage we update the language model with a learning rate of 2e-5, a cosine schedule and a warmup of 3% of the steps."
    ),
    (
        "The image is resized to 336 pixels and encoded into tokens, which are fed through two linear layers. The output tokens are put "
        "before the text tokens, and the loss is computed on the answers only. We set the maximum length to 2048 tokens."
    ),
)
TITLED = {"title": "GlowVL: Reading at Night", "abstract": "We present GlowVL, a vision-language model."}


def test_words_count_by_their_root_as_in_a_paragraph_of_usual_length() -> None:
    short = terms_of("a lamp and a lamp")
    assert short["lamp"] == pytest.approx(short["and"] * 2**0.5)
    assert terms_of(" ".join(["lamp"] * 50))["lamp"] == pytest.approx(50**0.5)
    assert terms_of("self-trained [3]") == {
        "self-trained": pytest.approx(50**0.5 / 20**0.5),
        "[": pytest.approx(2.5**0.5),
    }


def test_neighbours_are_those_under_the_same_heading() -> None:
    found = neighbours([1.0, 3.0, -2.0], ["a", "a", "b"])
    assert found == [(1.0, 3.0, 1.0, 3.0), (3.0, 1.0, 1.0, 1.0), (-2.0, 0.0, 0.0, 0.0)]


def test_paragraphs_on_others_have_the_greater_chances() -> None:
    sections = [0, 0, 1, 1]
    found = chances([text.lower() for text in (*ON_OTHERS, *ON_OWN)], sections)
    assert min(found[:2]) > 0.8
    assert max(found[2:]) < 0.2


def test_the_items_of_a_list_are_one_passage_and_short_paragraphs_none() -> None:
    item = "An item of some length that stands in a list of several."
    view = made_paper("# 5 Discussion", "Short.", (ITEM, item), (ITEM, item), ON_OWN[0], (ITEM, "Last."), **TITLED)
    found = list(passages(view.document.blocks, view.lowered, [section.start for section in view.document.sections]))
    assert [len(passage.blocks) for passage in found] == [2, 1]
    assert all(len(passage.text) >= SHORTEST and passage.section == 0 for passage in found)


def kinds_of(*blocks) -> list[SectionKind]:
    view = made_paper(*blocks, **TITLED)
    return [
        sentence.section for sentence in view.sentences if view.section_kind(sentence.start) is not SectionKind.FRONT
    ]


def test_paragraphs_on_others_are_related_work_whatever_the_heading_says() -> None:
    found = kinds_of("# 5 Discussion", *ON_OTHERS)
    assert found.count(SectionKind.RELATED) >= len(found) - 2  # the abstract and the heading


DETAILS = "The model has a frozen encoder of CLIP, a resampler and OPT. It is trained on 8 A100 for two epochs at a rate of 1e-4."


def test_under_baselines_all_is_on_others_but_what_we_do() -> None:
    view = made_paper("# A Baselines", DETAILS, f"We tune it. {DETAILS}", "# B More", DETAILS, **TITLED)
    assert [view.document.blocks[index].start for index in sorted(view.on_others)] == [view.text.index(DETAILS)]


def test_a_paragraph_goes_on_about_the_rival_that_it_names() -> None:
    told = "As is shown there, LLaVA uses a frozen tower. The language model is Vicuna. The image has 336 pixels."
    for text, voices in (
        (told, "open other other"),
        (f"{told} We do so, too.", "open open open"),
        (f"{told} GlowVL differs.", "open open open"),
    ):
        view = made_paper("# 5 Experiments", "The first one is plain.", text, **TITLED)
        found = [voice(view, one).value for one in view.sentences if one.start >= view.text.index("The first one")]
        assert " ".join(found[:3]) == voices
    view = made_paper("# 3 Method", told, **TITLED)  # it may be what the own model is built on
    assert Voice.OTHER not in [
        voice(view, one) for one in view.sentences if one.start > view.text.index("The language")
    ]


def test_paragraphs_on_the_own_work_stay_what_the_heading_says() -> None:
    assert SectionKind.RELATED not in kinds_of("# 3 Training", *ON_OWN)


def test_parts_that_only_others_have_are_not_the_own_ones() -> None:
    own = "GlowVL is a dual encoder: an image encoder and a text encoder are trained by a contrastive loss on image-text pairs."
    more = "Their projector [3] and the resampler of others [4], like the Q-Former [5], connect a vision encoder with language models."
    view = made_paper("# 3 Method", own, "# 5 Discussion", *(f"{text} {more}" for text in ON_OTHERS), **TITLED)
    assert view.told_kind(view.text.index("Early works")) is SectionKind.RELATED
    assert view.told_kind(view.text.index("GlowVL is a dual")) is SectionKind.METHOD
    assert "connector" not in model_parts(view)


def test_no_part_is_read_from_a_passage_on_others() -> None:
    own = "GlowVL uses SigLIP [1] as the vision encoder and Qwen2 [2] as the language model."
    view = made_paper("# 3 Method", own, *ON_OWN, "# 5 Discussion", *ON_OTHERS, **TITLED)
    sure = {one.value for one in read_parts(view) if one.confidence >= 0.5}
    assert sure == {"SigLIP", "Qwen2"}


# --- tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "rivals"),
    [
        (("LLaVA-1.5 [3]", "Qwen-VL [4]", "MiniGPT-4"), True),
        (("LampNet", "BeamVL", "ShineChat2"), True),
        (("LampNet", "GlowVL (ours)"), False),  # the own one is among them
        (("GlowVL-2B", "GlowVL-8B"), False),
        (("Zeta-2B", "Zeta-8B"), False),  # sizes of one model share their letters
        (("Stage 1", "Stage 2", "Stage 3"), False),
        (("CLIP ViT-L", "SigLIP"), False),  # parts are no models
        (("Vision encoder", "Connector"), False),
        (("LampNet",), False),
        (("Valley", "LampNet", "BeamVL", "Robin", "Wren"), True),  # plain words speak neither way
        (("Valley", "Robin", "Wren"), False),
        (("SFT-Align", "PretrainVL", "LoRA-DPO"), False),
        ((), False),
    ],
)  # fmt: skip
def test_labels_of_rivals(labels: tuple[str, ...], rivals: bool) -> None:
    assert are_rivals(made_paper("# 3 Method", "GlowVL reads.", **TITLED), labels) is rivals


def test_names_nobody_has_heard_of_tell_nothing_where_they_may_be_settings() -> None:
    view = made_paper("# 3 Method", "GlowVL reads.", **TITLED)
    assert are_rivals(view, ("LampNet", "BeamVL"))
    assert not are_rivals(view, ("LampNet", "BeamVL"), unheard=False)
    assert not are_rivals(view, ("VQAv2 [3]", "TextCaps (Doe et al., 2024)"), unheard=False)  # data to be tuned on
    assert are_rivals(view, ("LLaVA-1.5", "Qwen-VL", "LampNet [3]"), unheard=False)


def test_two_models_are_enough_where_a_head_says_that_the_rows_are_models() -> None:
    rows = (("CLIP", "1"), ("SigLIP", "2"), ("BLIP", "3"), ("Seg-Zero", "4"), ("Wren R1", "5"))
    for head, rivals in (("Model", True), ("Encoder", False)):
        view = made_paper("# 4 Setup", "GlowVL reads.", tables=[("Costs.", (head, "Days"), *rows)], **TITLED)
        assert rows_are_rivals(view, view.tables[0]) is rivals


def test_without_a_name_of_its_own_a_paper_has_no_rivals() -> None:
    assert not are_rivals(made_paper("# 1 Words", "Nothing.", title="On reading"), ("LLaVA [3]", "Qwen-VL [4]"))


SETTINGS = ("Image resolution", "672", "980")
RIVALS = ("Setting", "LLaVA-1.5 [3]", "Qwen-VL [4]")
OWN = ("Setting", "GlowVL-S", "GlowVL-L")


def test_settings_of_rivals_are_not_the_own_ones() -> None:
    for header, resolutions in ((RIVALS, set()), (OWN, {"672", "980"})):
        rows = (header, SETTINGS, ("Learning rate", "1e-3", "2e-5"), ("Batch size", "256", "128"))
        view = made_paper("# 4 Training", "GlowVL reads.", tables=[("Hyper-parameters of training.", *rows)], **TITLED)
        assert is_of_rivals(view, view.tables[0]) is (header is RIVALS)
        assert is_of_rivals(view, view.tables[0]) is (header is RIVALS)  # as remembered
        assert {str(one.value) for one in read_resolutions(view)} == resolutions


def test_costs_of_rivals_in_rows_are_not_the_own_ones() -> None:
    rows = (("LampNet", "64 A100"), ("BeamVL", "512 H100"))
    view = made_paper(
        "# 4 Setup", "GlowVL reads.", tables=[("Training costs.", ("Model", "Hardware"), *rows)], **TITLED
    )
    assert is_of_rivals(view, view.tables[0])
    assert not list(read_compute(view))


@pytest.mark.parametrize(
    ("caption", "of_rivals"),
    [
        ("Comparison of Glow-1M with existing instruction datasets.", True),
        ("Dataset comparison.", True),
        ("Comparison with existing methods on public benchmarks.", False),
        ("The data that GlowVL is trained on.", False),
    ],
)
def test_captions_that_set_data_beside_other_peoples(caption: str, of_rivals: bool) -> None:
    view = made_paper("# 4 Data", "GlowVL reads.", tables=[(caption, ("Name", "Size"), ("Glow-1M", "1M"))], **TITLED)
    assert is_of_rival_data(view.tables[0]) is of_rivals
