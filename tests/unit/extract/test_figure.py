"""The architecture figure: features by caption, place and mention; the best one wins, with the chance of being right."""

import pytest

from tests.unit.extract.papers import assert_quoted, made_paper
from vlmingest.extract.figure import (
    FigureMention,
    caption_features,
    figure_features,
    figure_mentions,
    figure_score,
    load_weights,
    place_features,
    read_figure,
)
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.rules import check_rules, load_rules
from vlmingest.records import FieldName

RESULTS = ("1", 1, "Results on six benchmarks. Ours is best.")
EXAMPLES = ("3", 6, "Qualitative examples of pages that were read at night.")
MODEL = ("2", 3, "Overall architecture of GlowVL. It consists of a vision encoder, a projector and a language model.")


def view_of(*figures, text="The architecture of GlowVL is shown in Figure 2. It reads. Figure 1 shows the results."):
    return made_paper(
        "# 1 Introduction", "We present GlowVL, a model.", "# 3 Method", text,
        title="GlowVL: Reading at Night", abstract="We present GlowVL.", figures=figures,
    )  # fmt: skip


def test_rows_hold_their_examples():
    assert check_rules(load_rules("figure")) == []


def test_every_cue_row_has_a_weight():
    weights = load_weights()
    assert {rule.id for rule in load_rules("figure").rules} <= set(weights)


def test_the_architecture_wins_and_the_runner_up_is_less_sure():
    view = view_of(RESULTS, MODEL, EXAMPLES)
    found = list(read_figure(view))
    assert next(one.value for one in found) == "2"
    assert found[0].field is FieldName.FIGURE
    assert found[0].attributes["page"] == 3
    assert found[0].attributes["bbox"] == [50.0, 80.0, 500.0, 300.0]
    assert found[0].confidence > 0.6 > found[1].confidence
    assert_quoted(view, found)


def test_a_paper_of_results_alone_is_unsure_and_one_without_figures_says_nothing():
    assert all(one.confidence < 0.5 for one in read_figure(view_of(RESULTS, EXAMPLES)))
    assert list(read_figure(view_of())) == []


def test_mentions_are_sentences_not_captions():
    view = view_of(RESULTS, MODEL)
    assert figure_mentions(view) == {
        "2": [("The architecture of GlowVL is shown in Figure 2.", SectionKind.METHOD, ())],
        "1": [("Figure 1 shows the results.", SectionKind.METHOD, ())],
    }


@pytest.mark.parametrize(
    ("number", "page", "names"),
    [
        ("2", 3, ["number.2", "page.2_4"]),
        ("9", None, ["number.later"]),
        ("A1", 20, ["number.later", "page.later"]),
        ("1", 1, ["number.1", "page.1"]),
        ("5", 8, ["number.5", "page.5_8"]),
    ],
)
def test_places(number, page, names):
    assert place_features(number, page) == names


def test_features_name_what_spoke_for_a_figure():
    view = view_of(RESULTS, MODEL)
    figure = view.document.figures[1]
    found = figure_features(view, figure, [FigureMention("The architecture is in Figure 2.", SectionKind.METHOD)])
    assert {"figure.architecture.v1", "name.in_caption", "mention.in_methods", "figure.mention_architecture.v1"} <= set(
        found
    )
    assert figure_score(found) > figure_score(figure_features(view, view.document.figures[0], []))


def test_what_a_caption_is_about_stands_in_its_first_sentence():
    found = caption_features("Overview of our approach. We compare results on datasets.", [])
    assert "of.whole" in found
    assert not {"figure.results.v1", "figure.data.v1"} & set(found)
    assert "of.whole" in caption_features("Figure 3: Model overview.", [])
    assert "of.whole" not in caption_features("Overview of GlowVL's results on charts.", ["glowvl"])


def test_a_mention_may_say_that_the_whole_is_shown():
    view = view_of(("2", 3, "GlowVL reads."), text="Figure 2 shows the structure of GlowVL.")
    assert "mention.of_whole" in figure_features(view, view.document.figures[0], figure_mentions(view)["2"])


def test_the_name_counts_only_at_the_head_of_a_caption():
    assert "name.in_caption" in caption_features("Overview of Glow-VL.", ["glowvl"])
    assert "name.in_caption" not in caption_features("x" * 120 + " GlowVL", ["glowvl"])


def test_one_part_or_several_models_are_told_from_the_whole():
    whole = caption_features("Overview of GlowVL.", ["glowvl"])
    part = caption_features("Overview of the GlowVL tokenizer.", ["glowvl"])
    several = caption_features("Four categories of models.", ["glowvl"])
    assert "of.whole" in whole
    assert "figure.component.v1" in part
    assert "of.whole" not in part
    assert "figure.others.v1" in several
    assert "of.whole" in caption_features("Model overview.", [])


def test_the_structure_of_a_part_is_not_that_of_the_model():
    view = view_of(("2", 3, "Structure of the new lamp network."))
    figure = view.document.figures[0]
    assert "figure.mention_architecture.v1" not in figure_features(view, figure, figure_mentions(view)["2"])
