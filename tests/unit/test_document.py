"""The Document's look-ups: page, section and boxes of an offset."""

from vlmingest.document import Document, PageBox, Section, WordBoxes

TEXT = "Intro words here. Method follows."


def document(**changes):
    values = {
        "source": "pdf",
        "sha256": "0" * 64,
        "reader": "test.v1",
        "text": TEXT,
        "page_starts": ((0, 1), (18, 2)),
        "sections": (
            Section(number="1", title="Introduction", level=1, page=1, start=5, end=18),
            Section(number=None, title="Method", level=1, page=2, start=18, end=33),
        ),
        "words": WordBoxes(
            starts=(0, 6, 12, 18), ends=(5, 11, 17, 24), pages=(1, 1, 1, 2), boxes=tuple(float(n) for n in range(16))
        ),
    }
    return Document(**{**values, **changes})


def test_the_page_of_an_offset_is_the_last_page_that_starts_at_or_before_it():
    paper = document()
    assert [paper.page_at(offset) for offset in (0, 17, 18, 99)] == [1, 1, 2, 2]
    assert document(page_starts=((3, 7),)).page_at(0) == 7
    assert document(page_starts=()).page_at(5) is None


def test_the_section_of_an_offset_is_the_innermost_one():
    paper = document()
    assert paper.section_at(2) is None
    assert paper.section_at(6).label == "1 Introduction"
    assert paper.section_at(20).label == "Method"


def test_boxes_are_those_of_the_words_that_a_span_touches():
    paper = document()
    assert paper.boxes_at(7, 14) == [PageBox(1, (4, 5, 6, 7)), PageBox(1, (8, 9, 10, 11))]
    assert paper.boxes_at(18, 19) == [PageBox(2, (12, 13, 14, 15))]
    assert document(words=WordBoxes()).boxes_at(0, 5) == []
    assert paper.quote(0, 5) == "Intro"
