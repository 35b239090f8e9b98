"""The guard: papers pass, what only talks about a paper does not."""

from __future__ import annotations

import pytest

from vlmingest.document import Block, BlockKind, Document, Page, References, Section
from vlmingest.errors import DocumentError
from vlmingest.read.guard import agreement, check_identity, cross_checked, looks_like_paper
from vlmingest.records import PaperMetadata

ABSTRACT = (
    "We present a model that connects a frozen image encoder with a large language model through a small projection. "
    "Trained in two stages on public data, it answers questions about images better than models of its size, and we "
    "release the code, the weights and the data of all experiments for the community to build on."
)
BODY = "In this section we show that the model of the previous work is the best of all for the task and that it can be [3]. "
PAPER = PaperMetadata(id="2401.00001", title="Small Projections for Large Models", abstract=ABSTRACT)
SECTIONS = "\n1 Introduction\n{0}\n2 Related Work\n{0}\n3 Experiments\n{0}\n4 Conclusion\n{0}\nReferences\n[1] A. Author. A title. 2020."


def document(text: str, pages: int = 0, **more: object) -> Document:
    return Document(
        source="pdf",
        sha256="0",
        reader="t",
        text=text,
        pages=tuple(Page(number=n + 1, width=1, height=1) for n in range(pages)),
        **more,
    )


GOOD = f"Small Projections for Large Models\nAnn Author\nAbstract\n{ABSTRACT}" + SECTIONS.format(BODY * 20)


def test_the_paper_itself_passes():
    assert check_identity(document(GOOD, 8), PAPER) == []
    assert looks_like_paper(document(GOOD, 8)) == []


@pytest.mark.parametrize(
    ("text", "pages", "word"),
    [
        ("Small Projections for Large Models (notes)\n" + BODY * 80, 3, "abstract"),
        (GOOD[:700], 1, "too few"),
        (GOOD, 60, "slides"),
        (
            GOOD.replace(ABSTRACT, "unrelated words " * 40).replace("Small Projections for Large Models", "Other"),
            8,
            "title",
        ),
        (
            f"Small Projections for Large Models\n{ABSTRACT}\n"
            + "Dies ist eine Übersetzung des Aufsatzes ins Deutsche. " * 400,
            8,
            "language",
        ),
    ],
)
def test_other_documents_are_found_out(text: str, pages: int, word: str):
    [finding] = check_identity(document(text, pages), PAPER)
    assert finding.code == "wrong-document"
    assert word in finding.message


def test_metadata_without_abstract_or_title_proves_nothing():
    assert check_identity(document(GOOD, 8), PaperMetadata(id="x")) == []


@pytest.mark.parametrize("text", ["", "Dear Sir, " * 100, "Chapter one. It was a dark night and the wind blew. " * 400])
def test_letters_and_books_are_no_papers(text: str):
    [finding] = looks_like_paper(document(text, 1))
    assert finding.code == "not-a-paper"


def test_slides_are_no_paper():
    [finding] = looks_like_paper(document(GOOD, 40))
    assert "slides" in finding.message


def test_reference_blocks_count_as_references():
    text = GOOD.replace("References\n", "").replace("Abstract\n", "")
    blocks = (Block(kind=BlockKind.REFERENCE, start=len(text) - 10, end=len(text)),)
    assert looks_like_paper(document(text, 8, blocks=blocks)) == []


def test_agreement_compares_prose_only():
    prose, numbers, entry = (
        "this is the text of a paper that we read",
        "42 17 93 88 12",
        "A. Author. The work of a life. 2020",
    )
    text = f"{prose}\n{numbers}\n{entry}"
    at = len(prose) + 1 + len(numbers) + 1
    blocks = (
        Block(kind=BlockKind.PARAGRAPH, start=0, end=len(prose)),
        Block(kind=BlockKind.PARAGRAPH, start=len(prose) + 1, end=at - 1),  # the words of a figure
        Block(kind=BlockKind.PARAGRAPH, start=at, end=len(text)),
    )
    one = document(text, blocks=blocks, references=References(page=None, start=at, end=len(text)))
    other = document(prose, blocks=blocks[:1])
    assert agreement(one, other) == agreement(other, one) == 1.0
    assert agreement(one, document("something else entirely")) == 0.0


@pytest.mark.corpus
def test_corpus_papers_are_papers(shared):
    pypdfium2 = pytest.importorskip("pypdfium2")
    for path in sorted((shared / "corpus" / "pdf").glob("*.pdf"))[::6]:
        pdf = pypdfium2.PdfDocument(path)
        pages = [page.get_textpage().get_text_range() for page in pdf]
        assert looks_like_paper(document("\n".join(pages).replace("\r", ""), len(pages))) == [], path.name


def test_a_short_paper_with_all_its_parts_passes():
    text = f"Small Projections for Large Models\nAbstract\n{ABSTRACT}" + SECTIONS.format(BODY * 5)
    headings = [(title, text.index(f"\n{title}")) for title in ("1 Introduction", "2 Related Work", "3 Experiments")]
    sections = tuple(
        Section(number=title[0], title=title[2:], level=1, page=1, start=start, end=start) for title, start in headings
    )
    references = References(page=1, start=text.index("References"), end=len(text))
    whole = document(text, 2, sections=sections, references=references)
    assert check_identity(whole, PAPER) == []
    assert looks_like_paper(whole) == []
    assert "too few" in check_identity(document(text, 2), PAPER)[0].message


def test_another_format_with_another_text_is_a_doubt():
    page = "<html><body><article class='ltx_document'><p class='ltx_p'>{}</p></article></body></html>"
    other = page.format("A page about something else, with words of its own. " * 30).encode()
    paper = document(GOOD, 8, blocks=(Block(kind=BlockKind.PARAGRAPH, start=0, end=len(GOOD)),))
    [finding] = cross_checked(paper, other, 0.8).findings
    assert finding.code == "wrong-document"
    assert "pdf and its html" in finding.message
    same = page.format(GOOD).encode()
    assert cross_checked(paper, same, 0.8) is paper
    with pytest.raises(DocumentError):
        cross_checked(paper, b"", 0.8)
