"""What the size, count and place of letters on a page tell: small capitals, page numbers, lettered sections, long addresses."""

from __future__ import annotations

from tests.unit.read.pages import PROSE, Text, column, make_pdf
from vlmingest.document import Document
from vlmingest.read import read_document
from vlmingest.read.marks import is_mark
from vlmingest.read.normalise import address_goes_on

TITLE: Text = (150, 740, 18, "F2", "A Paper Of Lines And Breaks")
SECTION: Text = (72, 705, 13, "F2", "1 Method")
# widths of Helvetica's capitals in thousandths of the size
_WIDTHS = {letter: width for width, letters in ((667, "ABEKPSVXY"), (722, "CDHNRU"), (611, "FTZ"), (778, "GOQ"), (278, "I "),
           (556, "L"), (833, "M"), (944, "W"), (500, "J"), (333, "-")) for letter in letters}  # fmt: skip


def read(*pages: list[Text]) -> Document:
    return read_document(make_pdf(list(pages)))


def small_capitals(text: str, x: float, y: float, size: float, font: str = "F1") -> list[Text]:
    """`text` as TeX sets it in small capitals of a font that has none: small letters as capitals of 0.8 of the size."""
    placed: list[Text] = []
    before = 0.0
    for letter in text:
        scale = round(size * (0.8 if letter.islower() else 1), 2)
        if letter == " " or scale != before or not placed:
            placed.append((x, y, scale, font, letter.upper()))
        else:
            left, *rest, said = placed[-1]
            placed[-1] = (left, rest[0], rest[1], rest[2], said + letter.upper())  # type: ignore[assignment]
        before = scale
        x = round(x + _WIDTHS[letter.upper()] * scale / 1000, 2)
    return placed


def test_small_capitals_set_as_scaled_capitals_are_small_letters():
    page = [TITLE, *small_capitals("II Lantern-ViT and its Training", 72, 705, 13), *column(PROSE, top=680)]
    document = read(page)
    assert "Lantern-ViT and its Training" in document.text
    (section,) = document.sections
    assert (section.number, section.title) == ("II", "Lantern-ViT and its Training")


def test_capitals_of_one_size_stay_capitals():
    document = read([TITLE, (72, 705, 13, "F1", "II LANTERN AND ITS TRAINING"), *column(PROSE, top=680)])
    assert document.sections[0].title == "LANTERN AND ITS TRAINING"


def test_page_numbers_far_from_the_edge_count_with_the_pages():
    broken = column(["the whole of it is told in what comes on the next page of this work, which has"], top=620)
    pages = [[TITLE, *column(PROSE, top=690), *broken, (304, 90, 10, "F1", str(number))] for number in (3, 4, 5)]
    document = read(*pages)
    assert not any(f"\n{number}\n" in document.text or f"has {number}" in document.text for number in (3, 4, 5))


def test_numbers_that_count_with_no_page_stay():
    pages = [[TITLE, *column(PROSE, top=690), (304, 90, 10, "F1", str(number))] for number in (30, 44, 51)]
    assert "44" in read(*pages).text


def test_lettered_sections_below_roman_ones():
    page = [
        TITLE, *column(PROSE, top=720),
        (72, 650, 11, "F2", "I. INTRODUCTION"), *column(PROSE, top=636),
        (72, 560, 11, "F2", "II. RELATED WORK"), *column(PROSE, top=546),
        (72, 470, 11, "F2", "A. Joined Models"), *column(PROSE, top=456),
        (72, 380, 11, "F2", "B. Other Models"), *column(PROSE, top=366),
        (72, 290, 11, "F2", "III. METHOD"), *column(PROSE, top=276),
    ]  # fmt: skip
    levels = [(section.number, section.level) for section in read(page).sections]
    assert levels == [("I", 1), ("II", 1), ("A", 2), ("B", 2), ("III", 1)]


def test_lettered_sections_of_an_appendix_stay_of_the_first_level():
    page = [TITLE, SECTION, *column(PROSE, top=690), (72, 612, 13, "F2", "A Details"), *column(PROSE, top=598)]
    assert [section.level for section in read(page).sections] == [1, 1]


def test_the_title_of_a_heading_of_two_lines_is_joined_as_the_text_is():
    page = [
        TITLE,
        (72, 705, 13, "F2", "1 How Is A Model With Two Archi\\255"),
        (72, 690, 13, "F2", "tectures to be joined"),
        *column(PROSE, top=670),
        *column(["all of the architectures are told here"], top=590),
    ]
    document = read(page)
    (section,) = document.sections
    assert "\ufffe" not in section.title
    assert f"1 {section.title}\n" in document.text


def test_an_address_goes_on_at_the_left_edge_below_its_label():
    page = [TITLE, *column(PROSE, top=690), (72, 600, 10, "F1", "Code"), (200, 600, 10, "F1", "https://github.com/a-name/"),
            (72, 588, 10, "F1", "a-code-2"), *column(PROSE, top=560)]  # fmt: skip
    assert "https://github.com/a-name/a-code-2" in [link.url for link in read(page).links]


def test_an_address_of_a_footnote_goes_on_below_its_raised_mark():
    page = [TITLE, *column(PROSE, top=690), (84, 96, 5, "F1", "3"), (87, 92, 8, "F1", "https://foo.org/sets/a-name/"),
            (72, 82.5, 8, "F1", "a-set-2")]  # fmt: skip
    assert "https://foo.org/sets/a-name/a-set-2" in [link.url for link in read(page).links]


def test_the_address_of_the_next_footnote_does_not_go_on():
    assert not address_goes_on("https://foo.org/a/", "4https://bar.org/b")


def test_a_mark_behind_a_name_that_ends_in_a_size():
    assert is_mark("Lantern-X7B", "5")
    assert not is_mark("10X", "2")


def test_a_centred_heading_in_capitals_goes_on_below():
    first, second = "II LEARNING TO READ AT NIGHT WITH MANY LAMPS", "AND WITHOUT"
    below = 72 + (sum(map(_WIDTHS.__getitem__, first)) - sum(map(_WIDTHS.__getitem__, second))) / 200
    page = [
        TITLE, (72, 705, 10, "F1", first), (below, 694, 10, "F1", second), *column(PROSE, top=670),
    ]  # fmt: skip
    (section,) = read(page).sections
    assert section.title == "LEARNING TO READ AT NIGHT WITH MANY LAMPS AND WITHOUT"


def test_a_paragraph_goes_on_behind_an_open_word():
    first = [TITLE, SECTION, *column([*PROSE, "the words of the many texts that were used here come of the"], top=680)]
    second = [*column(["Night Corpus and its parts, of which there are many.", *PROSE], top=720)]
    assert "come of the Night Corpus" in read(first, second).text
