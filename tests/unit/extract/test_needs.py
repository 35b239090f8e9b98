"""What every match of a pattern holds, and which rows a text is worth."""

from __future__ import annotations

import re

import pytest

from vlmingest.extract.connector_cues import _rows
from vlmingest.extract.leads import lead_of, led_matches
from vlmingest.extract.needs import Sieve, holds_needs, needs_of
from vlmingest.extract.parts_rows import part_rows


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        (r"\bframes?\b[^.]{0,20}\bencoder", (("encoder",), ("frame",))),
        (r"(?:vision|visual) encoders?", (("vision encoder", "visual encoder"),)),
        (r"(?:Our|the) decod(?:er|ing)\b", (("our decoder", "our decoding", "the decoder", "the decoding"),)),
        (r"(?:lamp)?light", (("light",),)),  # what may be missing is not needed
        (r"lamp|\w+", ()),
        (r"(?:lamp)*", ()),
        (r"(?!lamp)\w+", ()),
    ],
)
def test_needs_are_read_from_the_pattern(pattern: str, needs: tuple[tuple[str, ...], ...]) -> None:
    assert set(needs_of(pattern)) == set(needs)


def test_what_the_cues_hold_already_is_not_asked_again() -> None:
    assert needs_of("lamps? encoder", ("lamps encoder", "lamp encoder")) == ()


def test_every_example_of_a_row_holds_what_its_row_needs() -> None:
    for rule in (*_rows(), *part_rows().rules):
        needs = needs_of(rule.pattern, rule.cues)
        for text in rule.matches:
            match = rule.regex.search(text)
            assert match is None or holds_needs(text.lower(), needs), (rule.id, text, needs)


def test_a_sieve_asks_for_a_piece_of_every_set() -> None:
    sieve = Sieve([(("lamp",), ()), (("lamp", "torch"), ("light",)), ()])
    assert sieve.of("a lamp") == 0b101
    assert sieve.of("torchlight") == 0b110
    assert sieve.of("nothing") == 0b100


def test_matches_go_on_from_the_first_place() -> None:
    pattern = r"\b(?:lamps?|torch(?:es)?)\b"
    lead = lead_of(pattern)
    text = "a lamp, two torches, lamplight and lamps"
    assert lead is not None
    first = lead.search(text)
    assert first is not None
    found = [match.group() for match in led_matches(lead, re.compile(pattern), text, 0, len(text), first)]
    assert found == re.findall(pattern, text)
