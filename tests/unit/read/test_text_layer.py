"""What a PDF's text layer must have, the second reader, and the limits."""

from __future__ import annotations

import pytest

from tests.unit.read.pages import PROSE, column, make_pdf
from vlmingest.errors import DamagedDocumentError, GarbledTextError, NoTextLayerError, TooLargeDocumentError
from vlmingest.read import read_document
from vlmingest.read.outline import letters
from vlmingest.read.pypdf_reader import read_with_pypdf

PAGE = [(150, 740, 18, "F2", "A Paper Of One Page"), *column(PROSE * 4)]


def shifted(text: str) -> str:
    """What a font with a wrong encoding gives: every letter another one."""
    return "".join(chr((ord(c) - 97 + 7) % 26 + 97) if "a" <= c <= "z" else c for c in text)


def test_shifted_letters_are_garbage():
    with pytest.raises(GarbledTextError):
        read_document(make_pdf([column([shifted(line) for line in PROSE] * 4)]))


def test_signs_instead_of_letters_are_garbage():
    with pytest.raises(GarbledTextError):
        read_document(make_pdf([column(["#$%&'*+,-./:;<=>?@[]^_`{|}~ !" * 2] * 10)]))


def test_numbers_alone_are_not_garbage_but_no_prose():
    assert "271" in read_document(make_pdf([column(["271 828 1828 459 045"] * 30)])).text


def test_more_pages_than_allowed_are_refused():
    data = make_pdf([PAGE, PAGE, PAGE])
    assert len(read_document(data, max_pages=3).pages) == 3
    with pytest.raises(TooLargeDocumentError):
        read_document(data, max_pages=2)


def test_the_second_reader_gives_text_without_boxes():
    found = read_with_pypdf(make_pdf([PAGE, PAGE]))
    assert found.reader == "pypdf.v2"
    assert [finding.code for finding in found.findings] == ["second-reader"]
    assert [page.number for page in found.pages] == [1, 2]
    assert found.text.count("a small network") == 8
    assert found.page_at(len(found.text) - 1) == 2
    for block in found.blocks:
        assert found.text[block.start : block.end].strip()


def test_the_second_readers_failures_have_names():
    with pytest.raises(DamagedDocumentError):
        read_with_pypdf(b"%PDF-1.4\n nothing of it")
    with pytest.raises(NoTextLayerError):
        read_with_pypdf(make_pdf([[]]))


def test_letters_fold_a_heading():
    assert letters("3.1  Über-Model: \ufb01rst") == "31u\u0308bermodelfirst".replace("\u0308", "")
