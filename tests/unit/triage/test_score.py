"""The cue rows, both ways, and what the score says of typical papers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.errors import DataFileError
from vlmingest.records import PaperMetadata
from vlmingest.triage import explain_paper, load_topic, parse_topic, score_paper, worth_scoring
from vlmingest.triage.rules import found_cues
from vlmingest.triage.topic import packaged_files
from vlmingest.triage.words import counts

CUES = load_topic().rules.cues


def paper(title, abstract, comment=""):
    return PaperMetadata(id="2506.00001", title=title, abstract=abstract, comment=comment)


def found(cue, text):
    fields = {"title": text if cue.part in ("title", "both") else "", "abstract": "", "comment": ""}
    fields |= {"abstract": text} if cue.part in ("abstract", "more") else {}
    fields |= {"comment": text} if cue.part == "comment" else {}
    one = PaperMetadata(id="x", **fields)
    return cue.id in {hit.id for hit in found_cues(one, load_topic().rules, counts(one.title, one.abstract).keys())}


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.id)
def test_every_cue_matches_its_examples_and_no_counter_example(cue):
    assert cue.matches
    assert cue.rejects
    assert [text for text in cue.matches if not found(cue, text)] == []
    assert [text for text in cue.rejects if found(cue, text)] == []


def test_the_ids_of_the_cues_are_distinct_and_the_trained_weights_know_them():
    ids = [cue.id for cue in CUES]
    assert len(set(ids)) == len(ids)
    assert set(load_topic().weights.cues) == {cue.id for cue in CUES if not cue.veto}


def test_a_model_paper_is_a_model_with_reasons():
    relevance = score_paper(
        paper(
            "FooVL: A Compact Vision-Language Model",
            "We present FooVL, a 3B vision-language model that couples a vision encoder with a language model "
            "through a projector. It is pre-trained on image-text pairs.",
        )
    )
    assert relevance.label in {"model", "maybe"}
    assert any("we present X" in reason for reason in relevance.reasons)


def test_a_survey_is_not_a_model():
    relevance = score_paper(paper("A Survey of Vision-Language Models", "This survey reviews vision-language models."))
    assert relevance.label == "no"


def test_nothing_to_judge_by_is_read_on_doubt():
    assert score_paper(paper("", "")).label == "maybe"


def test_an_unrelated_paper_says_that_no_cue_was_found():
    relevance = score_paper(paper("Sorting networks", "Bounds for sorting."))
    assert relevance.label == "no"
    assert relevance.reasons[:2] == ("- no word of the topic", "no cue of a model paper")


def test_what_is_labelled_no_ranks_under_everything_that_is_flagged():
    flagged = score_paper(paper("Foo-VL Technical Report", "We present Foo-VL, a vision-language model."))
    survey = score_paper(
        paper(
            "Vision-Language Models: A Survey",
            "We present vision-language models, multimodal large language models and vision encoders.",
        )
    )
    line = explain_paper(paper("Foo-VL Technical Report", "We present Foo-VL, a vision-language model.")).line
    assert flagged.label != "no"
    assert survey.label == "no"
    weights = load_topic().weights
    assert survey.score <= flagged.score
    assert weights.line(0.5).topic >= line.topic


def test_the_shares_of_an_explanation_add_up_with_the_bias():
    one = paper("Heron 2 Technical Report", "We present Heron 2, a multimodal foundation model.")
    all_words = explain_paper(one, strongest=10_000)
    total = sum(share.topic for share in all_words.words) + sum(share.topic for _, share in all_words.cues)
    assert all_words.topic == pytest.approx(load_topic().weights.topic_bias + total)


def test_a_higher_recall_flags_at_least_as_much():
    one = paper("Reading charts", "A language model reads images of charts with visual tokens.")
    order = ["no", "maybe", "model"]
    assert explain_paper(one, recall=0.5).line.topic >= explain_paper(one, recall=0.99).line.topic
    assert order.index(score_paper(one, recall=1.0).label) >= order.index(score_paper(one, recall=0.5).label)


def test_the_comment_counts():
    plain = explain_paper(paper("Heron", "A model of images and text."))
    report = explain_paper(paper("Heron", "A model of images and text.", "Technical report, 20 pages"))
    assert report.topic > plain.topic


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"rules.toml": b"[rules]\nbias = 'x'"}, "rules.toml"),
        ({"rules.toml": b"not toml ["}, "rules.toml"),
        ({"topic.toml": b"\xff"}, "topic.toml"),
        ({"topic.toml": b"query = 'cat:cs.CV'"}, "title"),
        ({"weights.json": b"{}"}, "weights.json"),
        ({"weights.json": b"[1, 2"}, "weights.json"),
    ],
)
def test_a_broken_topic_is_named(change, word):
    with pytest.raises(DataFileError, match=word):
        parse_topic("mine", {**packaged_files("vlm"), **change})


@pytest.mark.parametrize(
    "row",
    [
        'part = "title"\npattern = "a"\nwords = ["a"]',
        'part = "title"',
        'part = "elsewhere"\npattern = "a"',
        'part = "title"\npattern = "("',
    ],
)
def test_a_broken_row_is_named(row):
    text = f"[rules]\nbias = 0\nflag_at = 0\nmodel_at = 1\n[[cue]]\nid = 'x'\nreason = 'r'\nweight = 1\nmatches = []\nrejects = []\n{row}"
    with pytest.raises(DataFileError, match="mine/rules"):
        parse_topic("mine", {**packaged_files("vlm"), "rules.toml": text.encode()})


def test_an_unknown_topic_lists_the_known_ones():
    with pytest.raises(DataFileError, match="vlm"):
        load_topic("nothing-of-this-name")


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["", "Vision", "OCR", "language model", "models"]))
def test_what_the_filter_drops_would_not_have_been_flagged(title, abstract, word):
    one = paper(f"{word} {title}", abstract)
    if not worth_scoring(json.dumps({"title": one.title, "abstract": one.abstract}, ensure_ascii=False)):
        assert score_paper(one, recall=1.0).label == "no"


def test_a_topic_without_filter_words_lets_every_line_pass():
    text = packaged_files("vlm")["rules.toml"].decode().replace("[first_filter]", "[unused]")
    assert worth_scoring("anything", parse_topic("mine", {**packaged_files("vlm"), "rules.toml": text.encode()}))
