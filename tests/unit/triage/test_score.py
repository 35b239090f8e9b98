"""The cue rows, both ways, and what the score says of typical papers."""

import pytest

from vlmingest.records import PaperMetadata
from vlmingest.triage import score_paper
from vlmingest.triage.score import load_rules


@pytest.mark.parametrize("cue", load_rules().cues, ids=lambda cue: cue.id)
def test_every_cue_matches_its_examples_and_no_counter_example(cue):
    assert all(cue.pattern.search(text) for text in cue.matches)
    assert not any(cue.pattern.search(text) for text in cue.rejects)


def paper(title, abstract):
    return PaperMetadata(id="2506.00001", title=title, abstract=abstract)


def test_a_model_paper_is_a_model_with_reasons():
    relevance = score_paper(
        paper(
            "FooVL: A Compact Vision-Language Model",
            "We present FooVL, a 3B vision-language model that couples a vision encoder with a language model "
            "through a projector. It is pre-trained on image-text pairs.",
        )
    )
    assert relevance.label in {"model", "maybe"}
    assert any("introduces a model" in reason for reason in relevance.reasons)


def test_a_survey_is_not_a_model():
    relevance = score_paper(paper("A Survey of Vision-Language Models", "This survey reviews vision-language models."))
    assert relevance.label == "no"


def test_nothing_to_judge_by_is_read_on_doubt():
    assert score_paper(paper("", "")).label == "maybe"


def test_an_unrelated_paper_says_that_no_cue_was_found():
    relevance = score_paper(paper("Sorting networks", "Bounds for sorting."))
    assert relevance.label == "no"
    assert relevance.reasons[0] == "no cue of a model paper"
