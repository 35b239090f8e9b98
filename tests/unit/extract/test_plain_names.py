"""Names found without patterns, as patterns find them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from vlmingest.extract.plain_names import find_name, with_name_as

_TEXT = st.text("ab-_ .é1", max_size=30)


@given(_TEXT, st.sampled_from(["a", "ab", "a-b", "a b", "b."]), st.integers(0, 5))
def test_a_name_is_found_as_by_a_pattern(text: str, name: str, start: int) -> None:
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?!\w)")
    match = pattern.search(text, start)
    assert find_name(text, name, start) == (match.start() if match is not None else -1)
    assert with_name_as(text, name, "X") == pattern.sub("X", text)


def test_a_name_in_the_name_of_something_else_is_left() -> None:
    unless = re.compile(r" decoders?\b")
    assert with_name_as("foo and the foo decoder", "foo", "encoder", unless) == "encoder and the foo decoder"
