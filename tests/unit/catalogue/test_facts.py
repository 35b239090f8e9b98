"""What a record says, line by line: every field, with who vouches for it."""

from __future__ import annotations

import pytest

from vlmingest.catalogue.facts import Line, compute_text, figure_text, parts_of, place_text, status_text
from vlmingest.catalogue.fields import COLUMNS, stage_text
from vlmingest.catalogue.pages import export_markdown, model_page
from vlmingest.records import (
    Architecture,
    ArchitectureFigure,
    Compute,
    Evidence,
    Fact,
    FieldName,
    ModelIdentity,
    Record,
    RecordPaper,
    Relevance,
    Stage,
    Training,
)
from vlmingest.records import Links as PaperLinks

PROOF = Evidence(quote="it has 7B", page=3, section="3 Model", reader="rule:x.v1")


def record(**changes: object) -> Record:
    base = Record(paper=RecordPaper(id="2401.00001", title="Foo: it."), relevance=Relevance(label="model", score=1))
    return base.model_copy(update=changes)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (Line("x", "y", "accepted"), "accepted by a reviewer"),
        (Line("x", "y", "corrected"), "corrected by a reviewer"),
        (Line("x", "y", "proposed", "accept"), "proposed, high confidence"),
        (Line("x", "y"), "proposed, waits for review"),
    ],
)
def test_who_vouches_for_a_value(line: Line, text: str) -> None:
    assert status_text(line) == text


def test_facts_of_the_model_come_with_their_proof_and_links_are_no_facts() -> None:
    facts = (
        Fact(field=FieldName.SIZE, value="7B", confidence=0.9, evidence=(PROOF,)),
        Fact(field=FieldName.CODE, value="https://x.y", confidence=0.9),
    )
    (part,) = parts_of(record(model=ModelIdentity(name="Foo", facts=facts)))
    assert part.heading == "Model"
    assert part.lines == (Line("Size", "7B", "proposed", "review", 0.9, (PROOF,)),)
    (bare,) = parts_of(record(model=ModelIdentity(sizes=("7B", "13B"), active_sizes=("3B",))))
    assert [(line.label, line.text) for line in bare.lines] == [("Sizes", "7B; 13B"), ("Active sizes", "3B")]
    assert parts_of(record()) == []


def test_figure_compute_and_stage_in_words() -> None:
    figure = ArchitectureFigure(number="2", page=3, caption="Figure 2: It.")
    assert figure_text(figure) == "Figure 2: It. (PDF page 3)"
    assert figure_text(ArchitectureFigure(number="2", caption="It.")) == "Figure 2: It."
    (part,) = parts_of(record(architecture=Architecture(figure=figure)))
    assert part.lines[0].evidence == ()
    assert compute_text(Compute(device="A100", count=8, hours=12.0)) == "8 x A100, 12 hours"
    assert compute_text(Compute(device="TPU v4")) == "TPU v4"
    assert stage_text(
        Stage(order=1, name="alignment", trainable=("connector",), datasets=("CC3M",), samples="595K")
    ) == ("1 alignment: trains connector, on CC3M (595K)")
    assert stage_text(Stage(order=2)) == "2"
    assert (
        COLUMNS["compute"].text(record(training=Training(compute=(Compute(device="H100", hours=2.5),))))
        == "H100, 2.5 h"
    )


def test_a_place_names_what_is_known_of_it() -> None:
    assert place_text(PROOF) == "page 3, 3 Model, pdf"
    assert place_text(PROOF.model_copy(update={"page": None, "section": None, "source": "html"})) == "html"


def test_a_markdown_page_keeps_quotes_of_one_value_together() -> None:
    facts = (Fact(field=FieldName.SIZE, value="7B", confidence=0.9, evidence=(PROOF,) * 5),)
    text = model_page(record(model=ModelIdentity(name="Foo:", facts=facts)))
    assert text.startswith("# Foo\n")
    assert text.count("it has 7B") == 3
    assert "pdf)\n  >\n  > “it has 7B”" in text
    assert "\n\n\n" not in text


def test_withdrawn_dated_and_linked_pages() -> None:
    paper = RecordPaper(
        id="2401.00001", arxiv_id="2401.00001", title="Foo", withdrawn=True, published="2024-01-01",
        links=PaperLinks(code=("https://github.com/a/b", "javascript:x")),
    )  # fmt: skip
    pages = export_markdown(
        [record(paper=paper), record(paper=paper.model_copy(update={"id": "b", "arxiv_id": None, "published": None}))]
    )
    text = pages["models/2401.00001.md"]
    assert "**Withdrawn.** No reason was given." in text
    assert "](https://github.com/a/b)" in text
    assert "](javascript" not in text
    assert "## 2024" in pages["README.md"]
    assert "## No date" in pages["README.md"]
    assert "on an unknown date" in pages["models/b.md"]


def test_a_name_of_points_alone_stays_a_heading() -> None:
    assert model_page(record(model=ModelIdentity(name="..."))).startswith("# ...\n")
