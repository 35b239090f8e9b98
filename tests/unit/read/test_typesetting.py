"""What typesetting does to a page and the reader undoes: broken addresses, run-in heads, floats that drift, captions of IEEEtran."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.unit.read.pages import PROSE, Text, column, make_pdf
from vlmingest.document import BlockKind, Document
from vlmingest.read import read_document
from vlmingest.read.markup import clean
from vlmingest.read.normalise import MATHEMATICAL, address_goes_on, joint, open_address
from vlmingest.read.textlayer import parts_of_compounds

TITLE: Text = (150, 740, 18, "F2", "A Paper Of Lines And Breaks")
SECTION: Text = (72, 705, 13, "F2", "1 Method")


def read(*pages: list[Text], drawing: str = "") -> Document:
    return read_document(make_pdf(list(pages), drawing))


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind is kind]


def test_an_address_that_tex_breaks_behind_the_colon():
    lines = ["the code of this work and all of its weights are to be found at https:", "//github.com/a-name/a-code."]
    document = read([TITLE, *column([*lines, *PROSE], top=690)])
    assert "at https://github.com/a-name/a-code." in document.text
    assert [link.url for link in document.links] == ["https://github.com/a-name/a-code"]


def test_an_address_that_goes_on_in_smaller_letters_behind_a_dot():
    page = [TITLE, *column(PROSE, top=690), (72, 600, 10, "F1", "All that was made for it stands at https://github."),
            (72, 588, 8, "F3", "com/a-name/a-code."), *column(PROSE, top=560)]  # fmt: skip
    assert "https://github.com/a-name/a-code." in read(page).text


def test_an_address_that_goes_on_in_the_next_column():
    left = column([*PROSE, *PROSE, "and all that was made for it stands at https://github."], top=690)
    page = [TITLE, *left, *column(["com/a-name/a-code.", *(line[:40] for line in PROSE)], x=420, top=690)]
    assert "https://github.com/a-name/a-code." in read(page).text


@pytest.mark.parametrize(
    ("tail", "head", "known"),
    [("https:", "//foo.org/x", ()), ("https://foo.org/a/", "Model", ("https://foo.org/a/Model",))],
)
def test_goes_on(tail: str, head: str, known: tuple[str, ...]):
    assert address_goes_on(tail, head, known)


@pytest.mark.parametrize(
    ("tail", "head"), [("https:", "the"), ("https://foo.org/a", "https://bar.org/b"), ("https://foo.org/a/", "Model")]
)
def test_goes_not_on(tail: str, head: str):
    assert not address_goes_on(tail, head)


def test_the_address_at_the_end_of_a_line():
    assert open_address("see 3https://foo.org/a") == "https://foo.org/a"
    assert open_address("see https:") == "https:"
    assert open_address("see https://foo.org for more") == ""


def test_a_word_with_a_hyphen_is_broken_behind_one():
    assert joint("the Foo-CLIP", "ViT-G/14 encoder", {}) == "-"
    assert joint("the Wave", "Caps data", {}) == ""
    assert joint("the In", "structMMC4 data", {}) == ""
    assert joint("pre-train", "ing of the model", {"training": 2}) == ""
    assert joint("archi", "tecture?", {"architecture": 1}) == ""


def test_a_number_that_ends_a_line_with_a_hyphen_belongs_to_what_is_below():
    lines = ["the decoder that is joined to it in all of the runs of this work is Lantern-2.5-", "Instruct, which"]
    assert "Lantern-2.5-Instruct, which" in read([TITLE, *column([*lines, *PROSE], top=690)]).text


def test_a_raised_number_that_comes_again_is_part_of_a_name():
    line = ["we test the model on FOXR", "of which all of the pairs are kept"]

    def text_with(x: float, y: float) -> list[Text]:
        return [(72, y, 10, "F1", line[0]), (x, y + 4, 6, "F1", "2"), (x + 6, y, 10, "F1", line[1])]

    page = [TITLE, *text_with(193, 690), *column(PROSE, top=678), *text_with(193, 600), *column(PROSE, top=588)]
    assert read(page).text.count("FOXR2 of which") == 2
    once = read([TITLE, *text_with(193, 690), *column(PROSE, top=678)])
    assert "FOXR 2 of which" in once.text


def test_a_caption_in_capitals_below_its_label():
    drawing = "".join(f"72 {y} 328 0.8 re f\n" for y in (636, 618, 586))
    page = [
        TITLE,
        (216, 676, 8, "F1", "TABLE II"),
        (176, 665, 6.5, "F1", "ALL STAGES OF THE TRAINING, AS"),
        (210, 656, 6.5, "F1", "[A ET AL.,"),
        (215, 647, 6.5, "F1", "2021]."),
        *((x, 624, 9, "F1", text) for x, text in ((75, "Setting"), (200, "First"), (300, "Second"))),
        *((x, 606, 9, "F1", text) for x, text in ((75, "Rate"), (200, "1e-3"), (300, "2e-5"))),
        *((x, 592, 9, "F1", text) for x, text in ((75, "Steps"), (200, "5000"), (300, "9000"))),
        *column(PROSE, top=520),
    ]
    (table,) = read(page, drawing=drawing).tables
    assert table.label == "Table II"
    assert table.caption.startswith("ALL STAGES OF THE TRAINING")
    assert table.cells == (("Setting", "First", "Second"), ("Rate", "1e-3", "2e-5"), ("Steps", "5000", "9000"))


def test_run_in_heads_are_headings_of_the_lowest_level():
    page = [
        TITLE, SECTION, *column(PROSE, top=680),
        (72, 612, 10, "F2", "First stage."), (136, 612, 10, "F1", "Only the small network between both is trained here"),
        *column(PROSE, top=600),
        (72, 532, 10, "F2", "Joint Tuning"), (140, 532, 10, "F1", "In this part all of the layers are trained at once"),
        *column(PROSE, top=520),
        (72, 452, 10, "F2", "Lantern"), (114, 452, 10, "F1", "is what we call the model that comes of it in the end"),
        *column(PROSE, top=440),
    ]  # fmt: skip
    document = read(page)
    assert texts(document, BlockKind.HEADING) == ["1 Method", "First stage.", "Joint Tuning"]
    assert [(section.title, section.level) for section in document.sections] == [
        ("Method", 1), ("First stage", 4), ("Joint Tuning", 4),
    ]  # fmt: skip
    assert "Lantern is what we call" in document.text


def test_a_run_in_head_of_two_lines():
    page = [
        TITLE, SECTION, *column(PROSE, top=680),
        (72, 604, 10, "F2", "The tuning of all of the layers on the pairs that were found on the web"),
        (72, 592, 10, "F2", "in two stages."), (142, 592, 10, "F1", "Here the rate is low and the steps are many of"),
        *column(PROSE, top=580),
    ]  # fmt: skip
    head = "The tuning of all of the layers on the pairs that were found on the web in two stages."
    assert texts(read(page), BlockKind.HEADING) == ["1 Method", head]


def test_counted_run_in_heads_are_no_list():
    page = [
        TITLE, SECTION, *column(PROSE, top=680),
        (72, 612, 10, "F3", "2\\) Joint tuning:"), (150, 612, 10, "F1", "In this part all of the layers are trained now"),
        *column(PROSE, top=600),
        (72, 532, 10, "F1", "2\\) an item of a list is set in the letters of the text, and stays what it is"),
    ]  # fmt: skip
    document = read(page)
    assert texts(document, BlockKind.HEADING) == ["1 Method", "Joint tuning:"]
    assert document.sections[-1].level == 3
    assert len(texts(document, BlockKind.LIST_ITEM)) == 1


def test_a_heading_of_two_lines():
    page = [
        TITLE,
        (72, 705, 13, "F2", "1 How Is A Model With Two Parts That Were"),
        (72, 690, 13, "F2", "trained apart to be joined"),
        *column(PROSE, top=670),
    ]
    (section,) = read(page).sections
    assert section.title == "How Is A Model With Two Parts That Were trained apart to be joined"


def test_floats_among_the_references_stand_where_the_text_speaks_of_them():
    first = [TITLE, SECTION, *column(["As Table 3 shows, the rate is low.", *PROSE], top=680),
             *column(["another paragraph that comes behind it all"], top=590)]  # fmt: skip
    second = [
        (72, 740, 13, "F2", "References"),
        *column(["[1] A. Author. A work. 2020."], top=720),
        (72, 650, 10, "F1", "Table 3: Settings of the training."),
        *((x, 624, 9, "F1", text) for x, text in ((75, "Setting"), (200, "First"))),
        *((x, 606, 9, "F1", text) for x, text in ((75, "Rate"), (200, "1e-3"))),
        *column(["[2] B. Author. Another work. 2021."], top=560),
    ]
    drawing = "".join(f"72 {y} 228 0.8 re f\n" for y in (636, 618, 600))
    document = read(first, second, drawing=drawing)
    (table,) = document.tables
    assert document.references is not None
    assert table.caption_span is not None
    assert table.caption_span.start < document.text.index("another paragraph") < document.references.start
    assert table.cells == (("Setting", "First"), ("Rate", "1e-3"))


def test_a_float_that_nothing_speaks_of_stands_before_the_references():
    first = [TITLE, SECTION, *column(PROSE, top=680)]
    second = [
        (72, 740, 13, "F2", "References"),
        *column(["[1] A. Author. A work. 2020."], top=720),
        (72, 650, 10, "F1", "Figure 9: A drawing that no line names."),
    ]
    document = read(first, second)
    assert document.references is not None
    assert 0 < document.text.index("A drawing that") < document.references.start


def test_a_paragraph_goes_on_behind_a_float_with_a_capital():
    page = [
        TITLE, SECTION, *column(PROSE[:4], top=680),
        *column(["because the question of this work is only how the parts are to be joined to"], top=632),
        (72, 580, 10, "F1", "Figure 1: A drawing."),
        *column(["Lantern, which is the model that the others were made of, and then to more."], top=540),
    ]  # fmt: skip
    assert "to be joined to Lantern, which is the model" in read(page).text


def test_a_paragraph_goes_on_behind_a_float_with_a_citation():
    page = [
        TITLE, SECTION, *column(["all of the pairs that were used to train Lantern"], top=680),
        (72, 640, 10, "F1", "Figure 1: A drawing."),
        *column(["\\(Author et al., 2020\\) are used for it again, and others beside them."], top=600),
    ]  # fmt: skip
    assert "to train Lantern (Author et al., 2020) are used" in read(page).text


def test_small_capitals_get_the_case_that_their_size_shows():
    page = [
        TITLE,
        (216, 676, 8, "F1", "TABLE IV"),
        (140, 664, 8, "F1", "S"), (145.4, 664, 6.4, "F1", "TAGES OF"), (186, 664, 8, "F1", "L"), (190.5, 664, 6.4, "F1", "ANTERN AND THE "),
        (246, 664, 6.4, "F1", "REST OF THEM"),
        *column(PROSE, top=620),
    ]  # fmt: skip
    document = read(page)
    assert "Stages of Lantern and the rest of them" in document.text


def test_page_numbers_count_up_wherever_the_foot_is():
    pages = [
        [*column(PROSE, top=690), *column(PROSE, top=600), (300, 110, 10, "F1", str(7 + index))] for index in range(3)
    ]
    pages[0].insert(0, TITLE)
    text = read(*pages).text
    assert not {"7", "8", "9"} & set(text.split())
    other = [[*column(PROSE, top=690), (300, 110, 10, "F1", number)] for number in ("7", "3", "9")]
    assert {"7", "3", "9"} <= set(read(*other).text.split())


def test_an_appendix_in_plain_capitals_ends_the_references():
    page = [
        TITLE, SECTION, *column(PROSE, top=680),
        (280, 600, 10, "F1", "REFERENCES"), *column(["[1] A. Author. A work. 2020."], top=585),
        (285, 555, 10, "F1", "APPENDIX"), *column(["We train with a rate of 1e-5, as the others do.", *PROSE], top=535),
    ]  # fmt: skip
    document = read(page)
    assert texts(document, BlockKind.REFERENCE) == ["[1] A. Author. A work. 2020."]
    assert any(text.startswith("We train with a rate") for text in texts(document, BlockKind.PARAGRAPH))


def test_who_speaks_in_a_talk_is_no_head():
    talk = [
        line for index in range(3) for line in (
            (72, 600 - 30 * index, 10, "F2", "Question:"), (130, 600 - 30 * index, 10, "F1", "What is it that is shown here?"),
        )
    ]  # fmt: skip
    document = read([TITLE, SECTION, *column(PROSE, top=680), *talk])
    assert texts(document, BlockKind.HEADING) == ["1 Method"]


def test_a_paragraph_ends_with_no_comma():
    page = [
        TITLE, SECTION, *column(["the rates of the three parts that are trained in this work are 1e-3, 1e-4,"], top=680),
        (72, 640, 10, "F1", "Figure 1: A drawing."),
        *column(["2e-6, in this order, and they are kept for all of the steps of it."], top=600),
    ]  # fmt: skip
    assert "1e-3, 1e-4, 2e-6, in this order" in read(page).text


@pytest.mark.parametrize(
    ("head", "tail"),
    [("the Weather", "QA set"), ("the Synth", "Dog-en data"), ("all two", "part words")],
)
def test_where_no_typesetter_breaks_a_word_the_hyphen_is_real(head: str, tail: str):
    assert joint(head, tail, {}) == "-"


@pytest.mark.parametrize(("head", "tail"), [("the Ref", "COCO set"), ("a reposi", "tory of")])
def test_where_one_may_it_is_taken_for_one_word(head: str, tail: str):
    assert joint(head, tail, {}) == ""


def test_parts_that_the_paper_joins_with_others_are_a_compound():
    words = Counter({"self-tuned": 2, "gently-supervised": 1, "https://a-b.org/c-d": 1})
    parts = parts_of_compounds(words)
    assert parts == {"self-": 2, "-tuned": 2, "gently-": 1, "-supervised": 1}
    assert joint("is self", "supervised by", words | parts) == "-"
    assert joint("is self", "supervised by", {}) == ""


def test_letters_of_mathematics_are_plain_ones():
    assert "VQAv2 of \U0001d6fc".translate(MATHEMATICAL) == "VQAv2 of α"
    assert clean("VQA\U0001d463\U0001d7d0") == "VQAv2"


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("it begins with the model Wren2.5-", "7B, which was trained before", "Wren2.5-7B, which"),
        ("it begins with the model Wren2.5-", "Chat, which was trained before", "Wren2.5-Chat, which"),
        ("at a learning rate that is set to 1e-", "4 for all of the parts", "1e-4 for"),
        ("it holds for numbers from 12-", "15 are no range that is seen", "12- 15"),
    ],
)
def test_a_hyphen_behind_a_number_of_a_name(above: str, below: str, joined: str):
    assert joined in read([TITLE, SECTION, *column([PROSE[0], above, below, *PROSE], top=690)]).text


def test_two_headings_below_each_other_stay_two_where_they_are_set_otherwise():
    def headings(above: Text, below: Text, *titles: str) -> list[str]:
        page = [TITLE, above, below, *column(PROSE, top=670)]
        return texts(read_document(make_pdf([page], outline=[(title, 1) for title in titles])), BlockKind.HEADING)

    centred: Text = (270, 705, 13, "F2", "Method")
    left: Text = (72, 690, 13, "F2", "Training Of All")
    assert headings(centred, left, "Method", "Training Of All") == ["Method", "Training Of All"]
    short: Text = (72, 705, 13, "F2", "Method")
    assert headings(short, left, "Method", "Training Of All") == ["Method", "Training Of All"]
    long: Text = (72, 705, 13, "F2", "Results On Many Sets Of Data With")
    assert headings(long, left, f"{long[4]} {left[4]}") == [f"{long[4]} {left[4]}"]
