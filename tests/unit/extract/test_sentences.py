"""Sentences: what ends one and what does not; spans cover the text and do not overlap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.extract.sentences import sentence_bounds


def pieces(text):
    return [text[start:end] for start, end in sentence_bounds(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("We read. It glows.", ["We read.", "It glows."]),
        ("See Fig. 2 for more. It glows.", ["See Fig. 2 for more.", "It glows."]),
        ("Doe et al. (2023) read. We do, too.", ["Doe et al. (2023) read.", "We do, too."]),
        ("As J. Doe said, e.g. Lamps glow.", ["As J. Doe said, e.g. Lamps glow."]),
        ("Lamps, pens, etc. We read.", ["Lamps, pens, etc.", "We read."]),
        ("We use no. 5 of them.", ["We use no. 5 of them."]),
        ("Qwen2.5 has 7.6B parameters. Really? Yes!", ["Qwen2.5 has 7.6B parameters.", "Really?", "Yes!"]),
        ("“It glows.” We read.", ["“It glows.”", "We read."]),
        ("我们读。它发光。", ["我们读。", "它发光。"]),
        ("  \n ", []),
        ("no end", ["no end"]),
    ],
)
def test_what_ends_a_sentence(text, sentences):
    assert pieces(text) == sentences


@given(st.text(alphabet="ab. A?!\n(1)。é", max_size=60), st.integers(0, 10), st.integers(0, 70))
def test_spans_are_in_order_stripped_and_lose_no_letter(text, start, end):
    spans = list(sentence_bounds(text, start, min(end, len(text))))
    assert all(low < high for low, high in spans)
    assert all(left[1] <= right[0] for left, right in zip(spans, spans[1:], strict=False))
    assert all(not text[low].isspace() and not text[high - 1].isspace() for low, high in spans)
    kept = "".join(text[low:high] for low, high in spans)
    assert "".join(kept.split()) == "".join(text[start : min(end, len(text))].split())
