"""Title, authors and abstract of a PDF, as papers really print them."""

from __future__ import annotations

import pytest

from tests.unit.read.pages import PROSE, Text, column, make_pdf
from vlmingest.document import BlockKind, Document
from vlmingest.read import read_document

ABSTRACT = ["We present a model that reads signs. " + PROSE[0].capitalize(), *PROSE[1:]]


def paper(front: list[Text], *rest: Text) -> Document:
    page = [*front, *rest, (72, 420, 13, "F2", "1 Introduction"), *column(PROSE, top=400)]
    return read_document(make_pdf([page, column(PROSE * 3)]))


def abstract_of(document: Document) -> str:
    assert document.abstract is not None
    return document.quote(*document.abstract)


TITLE = [(150, 740, 18, "F2", "Lantern: A Small Model That Reads"), (180, 718, 18, "F2", "Signs In The Dark")]


def test_a_title_of_two_lines_and_authors_by_their_gaps():
    names = [
        (110, 690, 11, "F1", "Ada Example"),
        (230, 690, 11, "F1", "Ben Sample"),
        (350, 690, 11, "F1", "Cleo van Dyke"),
    ]
    place = [(200, 675, 10, "F1", "University of Examples"), (200, 662, 10, "F1", "{ada, ben}@example.org")]
    document = paper([*TITLE, *names, *place], (280, 630, 12, "F2", "Abstract"), *column(ABSTRACT, top=612))
    assert document.title == "Lantern: A Small Model That Reads Signs In The Dark"
    assert document.authors == ("Ada Example", "Ben Sample", "Cleo van Dyke")
    assert abstract_of(document).startswith("We present a model")
    assert abstract_of(document).endswith("what the decoder reads.")


def test_a_team_is_the_author_where_no_person_is_named():
    document = paper([*TITLE, (250, 690, 11, "F1", "Lantern Team")], *column(ABSTRACT, top=612))
    assert document.authors == ("Lantern Team",)


def test_marks_behind_names_leave():
    document = paper(
        [*TITLE, (150, 690, 11, "F1", "Ada Example1,2*, Ben Sample2 and Cleo Dyke1")], *column(ABSTRACT, top=612)
    )
    assert document.authors == ("Ada Example", "Ben Sample", "Cleo Dyke")


@pytest.mark.parametrize(
    ("label", "expected"),
    [("Abstract. ", "We present"), ("Abstract: ", "We present"), ("", "We present")],
    ids=["run-in", "colon", "none"],
)
def test_abstracts_without_a_heading(label: str, expected: str):
    lines = [label + ABSTRACT[0], *ABSTRACT[1:]]
    document = paper(
        [*TITLE, (250, 690, 11, "F1", "Ada Example")],
        *column(lines, top=640),
        (72, 560, 10, "F1", "Keywords: signs, night"),
    )
    assert abstract_of(document).startswith(expected)
    assert "Keywords" not in abstract_of(document)
    assert [b.kind for b in document.blocks].count(BlockKind.ABSTRACT) == 1


def test_large_letters_of_a_drawing_are_no_title():
    document = paper([*TITLE, (250, 690, 11, "F1", "Ada Example")], (200, 470, 24, "F2", "Paper Search"))
    assert document.title == "Lantern: A Small Model That Reads Signs In The Dark"


def test_a_title_that_begins_with_an_article():
    front = [(200, 740, 14, "F2", "Reading In The Dark:"), (180, 723, 14, "F2", "A Survey Of Signs And Lamps")]
    assert paper(front, (250, 690, 11, "F1", "Ada Example")).title == "Reading In The Dark: A Survey Of Signs And Lamps"


def test_without_an_abstract_there_is_none():
    assert paper([*TITLE]).abstract is None
