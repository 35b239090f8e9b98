"""Visual tokens and active sizes: what is found, and what is not."""

import pytest

from vlmingest.document import Block, BlockKind, Document
from vlmingest.extract.tokens import read_active_sizes, read_visual_tokens
from vlmingest.extract.view import PaperView


def view(text):
    block = Block(kind=BlockKind.PARAGRAPH, start=0, end=len(text), page=1)
    return PaperView(
        Document(source="pdf", sha256="0" * 64, reader="t", text=text, blocks=(block,), page_starts=((0, 1),)), None
    )


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("The connector hands 256 visual tokens to the language model.", ["256"]),
        ("A page becomes 1,024 image tokens; at low resolution 64 vision tokens.", ["64", "1024"]),
        ("We train on 256 tokens of text.", []),
    ],
)
def test_visual_tokens(text, values):
    found = list(read_visual_tokens(view(text)))
    assert [one.value for one in found] == values
    assert all(text[one.evidence[0].start : one.evidence[0].end] == one.evidence[0].quote for one in found)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("It has 16B parameters, of which 2.8B are active.", ["2.8B"]),
        ("The model activates only 3B parameters for each input.", ["3B"]),
        ("A 7B model with an active community.", []),
    ],
)
def test_active_sizes(text, values):
    assert [one.value for one in read_active_sizes(view(text))] == values
