"""The PDF reader: the door, text and boxes, sections, floats, and its named failures."""

import re
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.read.pages import make_pdf
from vlmingest.document import BlockKind, Document
from vlmingest.errors import DamagedDocumentError, DocumentError, EmptyFileError, NoTextLayerError
from vlmingest.read import crop_figure, read_document, sniff
from vlmingest.read.normalise import CHARACTERS, MATHEMATICAL, joint
from vlmingest.read.stamp import parse_stamp

SAMPLES = sorted((Path(__file__).parents[3] / "src/vlmingest/sample/pdf").glob("*.pdf"))
PROSE = [
    "We train the model on pairs of images and texts, and we freeze the en-",
    "coder of the images while the connector and the language model learn",
    "from the captions, which is what most of the earlier work does as well.",
]


@pytest.fixture(scope="module")
def paper() -> bytes:
    lines = [(72, 700 - 14 * i, 10, "F1", text) for i, text in enumerate(PROSE)]
    first = [
        (150, 740, 18, "F2", "Seeing With A Frozen Encoder"),
        *lines,
        (72, 560, 12, "F2", "1 Introduction"),
        *[(x, y - 160, size, font, text) for x, y, size, font, text in lines],
        (72, 300, 10, "F1", "Figure 1: The model and its parts."),
    ]
    second = [(72, 700, 12, "F2", "References"), *[(x, y - 40, s, f, t) for x, y, s, f, t in lines]]
    return make_pdf([first, second], "0 0 1 rg 100 330 200 100 re f\n")


@pytest.fixture(scope="module")
def document(paper: bytes) -> Document:
    return read_document(paper)


def test_the_parts_of_a_small_paper(document: Document) -> None:
    assert document.title == "Seeing With A Frozen Encoder"
    assert [(s.number, s.title, s.level, s.page) for s in document.sections] == [
        ("1", "Introduction", 1, 1),
        (None, "References", 1, 2),
    ]
    assert document.references is not None
    assert document.references.page == 2
    assert len(document.pages) == 2
    assert "freeze the encoder of the images" in document.text


def test_a_figure_has_the_box_of_its_drawing(document: Document, paper: bytes) -> None:
    (figure,) = document.figures
    assert (figure.number, figure.caption, figure.page) == ("1", "The model and its parts.", 1)
    assert figure.bbox == pytest.approx((100, 362, 300, 462), abs=3)
    assert figure.bbox is not None
    png = crop_figure(paper, 1, figure.bbox, dpi=72)
    assert png.startswith(b"\x89PNG")
    assert abs(int.from_bytes(png[16:20], "big") - 200) <= 8
    with pytest.raises(DamagedDocumentError):
        crop_figure(paper, 9, figure.bbox)
    with pytest.raises(DamagedDocumentError):
        crop_figure(paper, 1, (700, 900, 800, 1000))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_samples_keep_the_coordinates_of_the_model(path: Path) -> None:
    found = read_document(path.read_bytes())
    assert not re.search("[\x00-\x09\x0b-\x1f\xad\ufffe\ufb00-\ufb06]", found.text)
    words = found.words
    assert len(words.boxes) == 4 * len(words.starts) == 4 * len(words.pages)
    assert list(words.starts) == sorted(words.starts)
    for start, end in zip(words.starts, words.ends, strict=True):
        assert start < end
        assert not any(c.isspace() for c in found.text[start:end])
    for before, after in pairwise(found.blocks):
        assert before.end <= after.start
    assert all(0 <= seam < len(found.text) for seam in found.seams)
    for table in found.tables:
        assert len({len(row) for row in table.cells}) <= 1
        assert len(table.row_spans) == len(table.cells)
    assert found.title
    assert found == read_document(path.read_bytes())


@pytest.mark.corpus
def test_quotes_outside_seams_stand_in_the_files_own_text(shared: Path) -> None:
    import pypdfium2

    data = (shared / "corpus/pdf/2201.12086v2.pdf").read_bytes()
    found = read_document(data)
    sheet = pypdfium2.PdfDocument(data)
    pages = [page.get_textpage().get_text_range().translate(MATHEMATICAL) for page in sheet]
    plain = [re.sub(r"[\W_]+", "", page) for page in pages] + [""]
    for block in found.blocks:
        marks = [block.start, *(s for s in found.seams if block.start < s < block.end), block.end]
        for start, end in pairwise(marks):
            quote = re.sub(r"[\W_]+", "", found.text[start : min(end, start + 200)])
            page = found.page_at(start)
            assert page is not None
            assert quote in plain[page - 1] + plain[page]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.5\n", "application/pdf"),
        (b"junk\n" * 20 + b"%PDF-1.4", "application/pdf"),
        (b"<!DOCTYPE html><html>", "text/html"),
        (b"\x1f\x8b\x08", "application/gzip"),
    ],
)
def test_sniff(data: bytes, kind: str) -> None:
    assert sniff(data) == kind


def test_each_failure_has_its_class(paper: bytes) -> None:
    with pytest.raises(EmptyFileError):
        read_document(b"")
    with pytest.raises(DamagedDocumentError):
        read_document(b"%PDF-1.4\n" + b"\0\xff" * 400)
    with pytest.raises(NoTextLayerError):
        read_document(make_pdf([[]]))


@settings(deadline=None, max_examples=40)
@given(cut=st.integers(9, 2500), flip=st.integers(0, 2500), byte=st.integers(0, 255))
def test_damaged_files_end_in_a_named_error_or_a_document(paper: bytes, cut: int, flip: int, byte: int) -> None:
    data = bytearray(paper)
    data[flip % len(data)] = byte
    with suppress(DocumentError):
        assert read_document(bytes(data[: max(cut, 9)]), "application/pdf").text


@pytest.mark.parametrize(
    ("head", "tail", "words", "expected"),
    [
        ("pro", "cessing", {"processing": 3}, ""),
        ("multi", "modal", {"multi-modal": 2, "multimodal": 1}, "-"),
        ("visual", "linguistic", {"visual": 4, "linguistic": 2}, "-"),
        ("Ki", "netics", {"netics": 0}, ""),
        ("GPT", "4", {}, "-"),
    ],
)
def test_joint_of_broken_words(head: str, tail: str, words: dict[str, int], expected: str) -> None:
    assert joint(head, tail, words) == expected


def test_stamp() -> None:
    stamp = parse_stamp("arXiv:2304.08485v2 [cs.CV] 11 Dec 2023")
    assert stamp is not None
    assert (stamp.arxiv_id, stamp.version, stamp.category, stamp.date) == ("2304.08485", 2, "cs.CV", "2023-12-11")
    assert parse_stamp("as in arXiv:2304.08485 we") is None


@given(st.text(max_size=40))
def test_the_table_of_characters_keeps_the_length(text: str) -> None:
    assert len(text.translate(CHARACTERS)) == len(text)


def test_reference_blocks(document: Document) -> None:
    assert document.references is not None
    kinds = {b.kind for b in document.blocks if b.start > document.references.start}
    assert BlockKind.REFERENCE in kinds
