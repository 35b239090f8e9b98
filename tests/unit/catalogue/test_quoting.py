"""Which of the authors' sentences stand in a panel."""

from __future__ import annotations

import pytest

from vlmingest.catalogue.prose import boast_in, draft_prose
from vlmingest.catalogue.prose_lint import lint_prose
from vlmingest.catalogue.quoting import best_quotes, introduction, of_design
from vlmingest.records import Architecture, ModelIdentity, Record, RecordPaper, Relevance

BACKGROUND = "Existing models join a vision encoder and a language model by a projector of two layers."
PRESENTED = "We present Foo, a family of models that look at pictures and answer questions on them."
DESIGN = "Our design joins a frozen vision encoder and a language model by a small connector."


@pytest.mark.parametrize(
    ("abstract", "quote"),
    [
        (f"{BACKGROUND} We introduce a data set of pictures with many captions in it. {PRESENTED}", PRESENTED),
        ("Nothing here names what was made, nor does it say that something was made.", ""),
        (
            "We present Foo, a family of models from 3B to 70B parameters, achieving state-of-the-art results on charts.",
            "We present Foo, a family of models from 3B to 70B parameters",
        ),
        ("We present Foo, a pioneering model that looks at all kinds of pictures.", ""),
        ("Foo is built on a plain encoder for pictures, and it answers in whole sentences.",) * 2,
        ("The weights of Foo and all of its data have been released to the public.", ""),
        ("", ""),
    ],
)
def test_the_sentence_that_introduces_the_model(abstract: str, quote: str) -> None:
    assert introduction(abstract, "Foo", boast_in) == quote


def test_the_own_design_is_quoted_and_never_that_of_others() -> None:
    assert of_design(f"{BACKGROUND} {PRESENTED} {DESIGN}", "Foo", boast_in) == DESIGN
    assert of_design(f"{BACKGROUND} {PRESENTED}", "Foo", boast_in) == ""
    assert best_quotes([BACKGROUND, PRESENTED, "We use the encoder of Bar et al. as it is.", DESIGN]) == [
        DESIGN,
        "We use the encoder of Bar et al. as it is.",
        PRESENTED,
    ]


def test_a_paper_without_sure_values_speaks_for_itself() -> None:
    record = Record(
        paper=RecordPaper(id="x", title="Foo: A model", abstract=f"{BACKGROUND} {PRESENTED} {DESIGN}"),
        relevance=Relevance(label="model", score=1),
        model=ModelIdentity(name="Foo"),
        architecture=Architecture(),
    )
    prose = draft_prose(record)
    assert prose.text("summary") == f"The authors write: “{PRESENTED}”"
    assert prose.paragraphs == (f"In the authors' words: “{DESIGN}”",)
    assert lint_prose(prose, record) == []
