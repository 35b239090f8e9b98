"""Roles of lines in a PDF: furniture, headings, contents, footnotes, lists, formulas, captions."""

from __future__ import annotations

from tests.unit.read.pages import PROSE, Text, column, make_pdf
from vlmingest.document import BlockKind, Document
from vlmingest.read import read_document

TITLE: Text = (150, 740, 18, "F2", "A Paper Of Many Roles")


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind is kind]


def test_running_heads_page_numbers_and_watermarks_are_furniture():
    pages = [
        [
            *([TITLE] if number == 1 else []),
            (72, 770, 8, "F1", f"Preprint under review, part {number}"),
            *column(PROSE, top=680),
            (250, 400, 40, "F1", "DRAFT"),
            (300, 30, 9, "F1", f"{number} of 5"),
        ]
        for number in range(1, 6)
    ]
    text = read_document(make_pdf(pages)).text
    assert "Preprint" not in text
    assert "DRAFT" not in text
    assert "of 5" not in text
    assert text.count("small network") == 5


def test_the_numbers_of_a_review_copys_lines_leave():
    lines: list[Text] = []
    for index, sentence in enumerate(PROSE * 5):
        lines += [(40, 700 - 12 * index, 7, "F1", f"{index + 1:03}"), (72, 700 - 12 * index, 10, "F1", sentence)]
    document = read_document(make_pdf([[TITLE, *lines]]))
    assert "007" not in document.text
    assert "as most of the earlier work has done it for years" in document.text
    for start, end in zip(document.words.starts, document.words.ends, strict=True):
        assert document.text[start:end].strip() == document.text[start:end] != ""


def test_numbers_in_the_margin_that_do_not_count_stay():
    lines = [(40, 700 - 12 * i, 7, "F1", str(7 * i % 40)) for i in range(20)]
    assert " 7" in read_document(make_pdf([[TITLE, *lines, *column(PROSE * 3)]])).text


def test_the_outline_names_headings_that_the_font_does_not():
    names = ["Introduction", "What We Do", "How We Do It", "What Comes Out", "What It Means"]
    page: list[Text] = [TITLE]
    top = 700.0
    for index, name in enumerate(names, 1):
        page += [(72, top, 10, "F1", f"{index} {name}"), *column(PROSE, top=top - 20)]
        top -= 100
    with_outline = read_document(make_pdf([page], outline=[(name, 1) for name in names]))
    assert [(s.number, s.title, s.level) for s in with_outline.sections] == [
        (str(i), name, 1) for i, name in enumerate(names, 1)
    ]
    assert read_document(make_pdf([page])).sections == ()


def test_a_table_of_contents_makes_no_sections():
    contents = [
        (72, 700, 14, "F2", "Contents"),
        (72, 670, 12, "F2", "1 Introduction"),
        (72, 650, 12, "F2", "2 Results"),
    ]
    body = [
        (72, 700, 12, "F2", "1 Introduction"), *column(PROSE, top=680),
        (72, 500, 12, "F2", "2 Results"), *column(PROSE, top=480),
    ]  # fmt: skip
    document = read_document(make_pdf([[TITLE, *contents], body]))
    assert [(s.label, s.page) for s in document.sections] == [("1 Introduction", 2), ("2 Results", 2)]


def test_bold_lines_alone_are_headings_below_the_last():
    page = [
        TITLE, (72, 700, 13, "F2", "1 Showcases"), *column(PROSE, top=680),
        (72, 600, 10, "F2", "Reading Of Signs:"), *[(x, y, s, f, t.capitalize()) for x, y, s, f, t in column(PROSE, top=584)],
    ]  # fmt: skip
    document = read_document(make_pdf([page]))
    assert [(s.title, s.level) for s in document.sections] == [("Showcases", 1), ("Reading Of Signs:", 2)]


def test_footnotes_are_blocks_of_their_own_and_know_their_mark():
    page = [
        TITLE,
        *column([*PROSE[:-1], "a small network of two layers"], top=680),
        (201, 635, 6, "F1", "1"),
        *column(PROSE, top=600),
        (72, 94, 5, "F1", "1"),
        (76, 90, 8, "F1", "The layers are linear, with an activation between them."),
    ]
    document = read_document(make_pdf([page, [*column(PROSE)]]))
    (note,) = [block for block in document.blocks if block.kind is BlockKind.FOOTNOTE]
    assert document.text[note.start : note.end].endswith("The layers are linear, with an activation between them.")
    assert note.anchor is not None
    assert document.text[note.anchor - 9 : note.anchor + 1] == "o layers 1"


def test_lists_and_formulas():
    items = [
        "\\267 The first is to join both parts",
        "and the line goes on below it",
        "\\267 The second is to train them",
    ]
    page = [
        TITLE,
        *column(PROSE, top=690),
        *column(items, x=84, top=600),
        *column(["a paragraph that stands left of the items is none of them"], top=560),
        (200, 520, 10, "F1", "L = x + y = 2z + 4  \\(3\\)"),
        *column(PROSE, top=490),
    ]
    document = read_document(make_pdf([page]))
    items = texts(document, BlockKind.LIST_ITEM)
    assert len(items) == 2
    assert items[0].endswith("and the line goes on below it")
    assert texts(document, BlockKind.FORMULA) == ["L = x + y = 2z + 4 (3)"]


def test_references_are_entries():
    page = [TITLE, *column(PROSE, top=690), (72, 600, 12, "F2", "References"),
            *column(["[1] A. Author. A work. 2020.", "[2] B. Author. Another work", "that is longer. 2021."], top=580)]  # fmt: skip
    document = read_document(make_pdf([page]))
    assert texts(document, BlockKind.REFERENCE) == [
        "[1] A. Author. A work. 2020.",
        "[2] B. Author. Another work that is longer. 2021.",
    ]


def test_a_raised_mark_does_not_end_the_line():
    page = [
        TITLE,
        *column(["we follow the settings of an earlier work"], top=680),
        (247, 684, 6, "F1", "2"),
        (250.5, 680, 10, "F1", ", which are those of the paper"),
        *column(["that came before it and that all of the others use"], top=668),
        *column(PROSE, top=640),
    ]
    assert "earlier work 2, which are those of the paper that came before" in read_document(make_pdf([page])).text


def test_a_page_that_is_shown_turned():
    upright, turned = (read_document(make_pdf([[TITLE, *column(PROSE)]], rotate=angle)) for angle in (0, 90))
    assert (turned.pages[0].width, turned.pages[0].height) == (792, 612)
    assert sorted(turned.text.split()) == sorted(upright.text.split())
    (word,) = turned.boxes_at(turned.text.index("filtered"), turned.text.index("filtered") + 1)
    x0, y0, x1, y1 = word.box
    assert 0 <= x0 < x1 <= 792
    assert 0 <= y0 < y1 <= 612
    assert y1 - y0 > x1 - x0
