"""The named steps: addresses over line ends, joints, characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.read.pages import PROSE, column, make_pdf
from vlmingest.read import read_document
from vlmingest.read.normalise import CHARACTERS_16, STEPS, address_goes_on, joint


@pytest.mark.parametrize(
    ("tail", "head"),
    [
        ("https://arxiv.", "org/abs/1706.03762."), ("https://github.com/", "a-name/a_code,"),
        ("https://arxiv.org/abs/1611.", "09940."), ("https://x.org/blog/", "chatgpt,"),
        ("https://x.org/a_file_", "3.pdf."), ("https://x.net", "/forum?id=1N"), ("https://x.org/p?id=", "M3Y74v."),
    ],
)  # fmt: skip
def test_addresses_that_go_on(tail: str, head: str):
    assert address_goes_on(tail, head)


@pytest.mark.parametrize(
    ("tail", "head"),
    [
        ("https://x.org/.", "Accessed:"), ("https://x.org/abs/1.2.", "[16]"), ("https://x.org/", "7Here"),
        ("https://x.org/code.", "We"), ("https://x.org/code", "and"), ("https://x.org/", "Hoffmann"), ("https://x.org/", "(r1:"),
        ("https://x.org/", "the"),
    ],
)  # fmt: skip
def test_addresses_that_end(tail: str, head: str):
    assert not address_goes_on(tail, head)


def test_an_address_over_three_lines_is_one_link():
    lines = [
        "as in the page at https://example.org/a-long-way/",
        "to-the-file/with_many_parts/",
        "of-a-name.html and more of it",
        *PROSE,
    ]
    document = read_document(make_pdf([[(150, 740, 18, "F2", "A Paper Of Links"), *column(lines)]]))
    assert [link.url for link in document.links] == [
        "https://example.org/a-long-way/to-the-file/with_many_parts/of-a-name.html"
    ]
    link = document.links[0]
    assert document.text[link.start : link.end] == link.url
    assert "broken-addresses" in document.steps == STEPS


def test_a_hyphen_of_an_address_stays():
    assert joint("see https://github.com/vision", "models", {"visionmodels": 3}) == "-"


@pytest.mark.parametrize(("head", "tail"), [("with Nova", "X is"), ("our Orb", "S, and"), ("a Z", "Former")])
def test_no_typesetter_breaks_off_one_letter(head: str, tail: str):
    assert joint(head, tail, {"novax": 1, "orbs": 1, "zformer": 1}) == "-"


@given(st.integers(0, 0xFFFF))
def test_the_column_of_characters_gives_no_control_character(code: int):
    mapped = int(CHARACTERS_16[code])
    assert mapped == code or mapped in (0x20, 0x2D, 0xFFFE)
    assert mapped >= 32 or chr(mapped) in "\r\n"
