"""The date on the front, and titles set in capitals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.read.dateline import front_date, title_as_spelt


@pytest.mark.parametrize(
    ("front", "day"),
    [
        ("Glow: A Report\n2025-09-19\nThe Glow Team\n", "2025-09-19"),
        ("Glow\nSeptember 19, 2025\n", "2025-09-19"),
        ("Glow\n(Sept. 19th, 2025)\n", "2025-09-19"),
        ("Glow\nReleased: 1 May 2024\n", "2024-05-01"),
        ("Glow\nWe met on 2025-09-19 in a hall\n", None),
        ("Glow\n2025-13-19\n", None),
        ("Glow\nFoo 19, 2025\n", None),
        ("Glow\n2025-09-19\n2025-09-20\n", None),
        ("", None),
    ],
)
def test_a_day_alone_on_a_line_of_the_front(front: str, day: str | None) -> None:
    assert front_date(front, None) == day
    assert front_date(front + "Abstract\n2020-01-01\n", len(front)) == day


BODY = (
    "We scale LLMs. Other LLMs scale, too; all LLMs do. "
    + "A transformer for the eye. " * 3
    + "k1.5 k1.5 k1.5 "
    + "a few-shot test "
)


@pytest.mark.parametrize(
    ("title", "spelt"),
    [
        ("SCALING LLMS WITH A TRANSFORMER", "Scaling LLMs with a Transformer"),
        ("KITE K1.5: THE TRANSFORMER OF ALL LLMS", "KITE k1.5: The Transformer of All LLMs"),
        ("A VISION-AND-LANGUAGE TRANSFORMER", "A Vision-and-Language Transformer"),
        ("A FEW-SHOT TRANSFORMER", "A Few-Shot Transformer"),
        ("Scaling LLMs with a Transformer", "Scaling LLMs with a Transformer"),
        ("CLIP", "CLIP"),
        ("2024 10 10", "2024 10 10"),
    ],
)
def test_a_title_in_capitals_is_spelt_as_the_text_spells_it(title: str, spelt: str) -> None:
    assert title_as_spelt(title, f"{title}\n{BODY}") == spelt


@given(st.text(max_size=60), st.text(max_size=200))
def test_a_spelling_changes_no_word(title: str, text: str) -> None:
    assert title_as_spelt(title, text).casefold() == title.casefold()
