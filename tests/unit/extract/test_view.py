"""The view: sections, quotes that never cross a seam or a block, headers of tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.extract.papers import C, made_paper
from vlmingest.document import Block, BlockKind, Document, Span, Table
from vlmingest.extract.headings import SectionKind, heading_kind
from vlmingest.extract.quotes import MAX_QUOTE_WORDS
from vlmingest.extract.view import PaperView, TableView


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("1 Introduction", SectionKind.INTRODUCTION),
        ("2 Related Work", SectionKind.RELATED),
        ("3 Model Architecture", SectionKind.METHOD),
        ("3.2 Training Details", SectionKind.TRAINING),
        ("4 Experiments", SectionKind.EXPERIMENTS),
        ("4.3 Ablation Study", SectionKind.ABLATION),
        ("Training Data", SectionKind.DATA),
        ("References", SectionKind.REFERENCES),
        ("Lamps", SectionKind.OTHER),
    ],
)
def test_headings_say_what_a_section_is_about(title, kind):
    assert heading_kind(title) is kind


def test_places_of_a_paper():
    view = made_paper("# 1 Introduction", "It reads.", "# References", "Doe. A lamp.", abstract="We read.")
    assert view.section_kind(view.text.index("We read")) is SectionKind.ABSTRACT
    assert view.section_kind(view.text.index("It reads")) is SectionKind.INTRODUCTION
    assert view.section_kind(view.text.index("Doe")) is SectionKind.REFERENCES
    assert view.section_kind(0) is SectionKind.FRONT
    assert view.abstract == "We read."
    assert view.body_end == view.text.index("References")
    assert not view.is_appendix(5)
    assert [view.quote(one) for one in view.sentences][-1] == "It reads."
    assert view.sentence_at(view.text.index("Doe")) is None
    assert view.block_at(10_000) is None
    assert PaperView(view.document).title == "Reading at Night"


def test_a_heading_that_says_nothing_takes_the_kind_above():
    view = made_paper("# 2 Related Work", "Old.", "# 3 Method", "New.")
    assert [view.section_kind(view.text.index(word)) for word in ("Old", "New")] == [
        SectionKind.RELATED,
        SectionKind.METHOD,
    ]


@given(st.integers(1, 200), st.integers(0, 199), st.integers(1, 30))
def test_a_quote_holds_the_match_and_is_short(words, first, length):
    text = "Lamp " + " ".join(f"w{n}," if n % 7 == 0 else f"w{n}" for n in range(words)) + "."
    view = made_paper("# 3 Method", text)
    base = view.text.index("Lamp w0")
    start = base + min(first * 3, len(text) - 2)
    end = min(start + length, base + len(text))
    quote = view.evidence(start, end, "x.v1")
    assert view.text[quote.start : quote.end] == quote.quote
    assert 0 < len(quote.quote.split()) <= MAX_QUOTE_WORDS
    assert quote.start <= start
    assert quote.section == "3 Method"
    assert quote.reader == "rule:x.v1"


def test_a_quote_does_not_cross_a_seam_or_a_line_of_a_table():
    text = "The left column ends here the right column starts with a lamp"
    cut = text.index(" the right")
    document = Document(
        source="pdf", sha256="0" * 64, reader="t", text=text,
        blocks=(Block(kind=BlockKind.PARAGRAPH, start=0, end=len(text), page=1),), page_starts=((0, 1),), seams=(cut + 1,),
    )  # fmt: skip
    view = PaperView(document)
    assert view.evidence(0, 3, "x").quote == "The left column ends here"
    assert view.evidence(text.index("lamp"), len(text), "x").quote == "the right column starts with a lamp"
    rows = made_paper("# 4 Results", "See it.", tables=[("Scores.", ("Model", "Score"), ("Lamp", "7"), ("Pen", "3"))])
    start = rows.text.index("Pen 3")
    assert rows.evidence(start, start + 3, "x").quote == "Pen 3"


def test_letters_whose_lower_case_is_longer_keep_their_place():
    view = made_paper("# 3 Method", "The İstanbul lamp.")
    assert len(view.lowered) == len(view.text)
    assert view.lowered.index("lamp") == view.text.index("lamp")


def test_headers_are_joined_and_rows_have_places():
    table = Table(
        label="Table 1", caption="", page=1, bbox=None, header_rows=2,
        cells=(("", "Scores", "Scores"), ("Model", "A", "A"), ("Lamp", "1")), row_spans=(None, None, Span(3, 9)),
    )  # fmt: skip
    view = TableView(table, SectionKind.OTHER)
    assert view.headers == ("Model", "Scores A", "Scores A")
    assert view.rows == (("Lamp", "1"),)
    assert view.header_rows == table.cells[:2]
    assert view.row_span(2) == Span(3, 9)
    assert view.row_span(9) is None


def test_captions_are_sentences_of_their_own():
    view = made_paper("# 3 Method", (C, "Figure 1: A lamp. It glows."))
    assert [one.kind for one in view.sentences if one.kind is BlockKind.CAPTION] == [BlockKind.CAPTION] * 2


@pytest.mark.parametrize(
    ("said", "kind"), [("It is done.", SectionKind.OTHER), ("It is done, as Table 4 says.", SectionKind.CONCLUSION)]
)
def test_a_float_that_a_closing_section_does_not_speak_of_has_drifted_there(said, kind):
    view = made_paper("# 5 Conclusion", said, (C, "Table 4: Settings of all runs."))
    assert [sentence.section for sentence in view.sentences if sentence.kind is C] == [kind]
