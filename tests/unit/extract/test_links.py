"""Links: what is the paper's own, of which kind, and how an address is cut out of its sentence."""

import pytest

from tests.unit.extract.papers import F, assert_quoted, made_paper
from vlmingest.extract.links import clean_url, read_links
from vlmingest.extract.rules import check_rules, load_rules
from vlmingest.extract.view import PaperView
from vlmingest.records import PaperMetadata

TITLE = "GlowVL: Reading at Night"


def found(*blocks, **more):
    view = made_paper(*blocks, title=TITLE, abstract="We present GlowVL, a model.", **more)
    candidates = list(read_links(view))
    assert_quoted(view, candidates)
    return [(one.field.value.rsplit(".", 1)[1], one.value) for one in candidates]


def test_rows_hold_their_examples():
    assert check_rules(load_rules("links")) == []


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Our code is available at https://github.com/glow/GlowVL.", [("code", "https://github.com/glow/GlowVL")]),
        ("Code: github.com/glow/GlowVL", [("code", "https://github.com/glow/GlowVL")]),
        ("Project page: https://glow.github.io/GlowVL.", [("project", "https://glow.github.io/GlowVL")]),
        ("Project page: https://glowvl.ai", [("project", "https://glowvl.ai")]),
        ("See GlowVL.github.io for our demo.", [("project", "https://GlowVL.github.io")]),
        (
            "Models are released at https://huggingface.co/glow/GlowVL-7B",
            [("weights", "https://huggingface.co/glow/GlowVL-7B")],
        ),
        (
            "The demo is at https://huggingface.co/spaces/glow/GlowVL",
            [("demo", "https://huggingface.co/spaces/glow/GlowVL")],
        ),
        ("The data are at https://huggingface.co/datasets/glow/GlowVL", []),
        ("The sky is blue, see https://example.org/sky.", []),
    ],
)
def test_text(text, links):
    assert found("# 1 Introduction", text) == links


def test_a_link_of_the_front_is_surer_than_one_of_the_text():
    text = "x " * 3000
    view = made_paper(
        "# 1 Introduction",
        "Code: https://github.com/glow/lamp",
        text,
        "See https://github.com/glow/other.",
        title=TITLE,
    )
    candidates = {one.value: one.confidence for one in read_links(view)}
    assert candidates["https://github.com/glow/lamp"] > candidates.get("https://github.com/glow/other", 0.0)


def test_tools_of_others_are_not_ours():
    text = "We use the evaluation toolkit of https://github.com/lamp/eval-kit for tests."
    assert found("# 4 Experiments", "x " * 200, text) == []


def test_a_footnote_in_the_midst_of_related_work_counts_where_it_names_the_model():
    assert found("# 2 Related Work", "Old lamps.", "1https://github.com/glow/GlowVL") == [
        ("code", "https://github.com/glow/GlowVL")
    ]


def test_arxivs_comment_and_abstract_are_sources_of_their_own():
    view = made_paper(
        "# 1 Introduction", "Code: https://github.com/glow/GlowVL", title=TITLE, abstract="We present GlowVL."
    )
    paper = PaperMetadata(
        id="2506.90001",
        title=TITLE,
        comment="8 pages. Project: https://glow.github.io/GlowVL",
        abstract="We present GlowVL. Code at https://github.com/glow/GlowVL and https://github.com/glow/other.",
    )
    found = list(read_links(PaperView(view.document, paper)))
    told = [one for one in found if one.evidence[0].source != "pdf"]
    assert [(one.value, one.evidence[0].source) for one in told] == [
        ("https://glow.github.io/GlowVL", "comment"),
        ("https://github.com/glow/other", "abstract"),
    ]
    for one in told:
        text = getattr(paper, one.evidence[0].source)
        assert text[one.evidence[0].start : one.evidence[0].end] == one.evidence[0].quote
    assert told[0].confidence > told[1].confidence


def test_references_and_related_work_are_passed_over():
    assert found("# 2 Related Work", "Code is at https://github.com/lamp/lampnet.") == []
    assert found("# References", "Doe. LampNet. https://github.com/lamp/lampnet") == []


def test_footnotes_and_annotations_count():
    assert found("# 1 Introduction", (F, "1 Code: https://github.com/glow/GlowVL")) == [
        ("code", "https://github.com/glow/GlowVL")
    ]
    linked = found("# 1 Introduction", "The code is here for all.", links=[("https://github.com/glow/GlowVL", "here")])
    assert linked == [("code", "https://github.com/glow/GlowVL")]


@pytest.mark.parametrize(
    ("raw", "url"),
    [("github.com/a/b.", "https://github.com/a/b"), ("http://a.b/c†", "http://a.b/c"), ("https://a.b", "https://a.b")],
)
def test_cleaning(raw, url):
    assert clean_url(raw) == url
    assert clean_url(url) == url
