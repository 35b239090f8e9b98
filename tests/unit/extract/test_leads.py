"""Leads: where a pattern may begin, by its first letters."""

from __future__ import annotations

import re

import pytest

from vlmingest.extract.leads import lead_of, led_matches
from vlmingest.extract.rules import load_rules, rule_files


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\b(?:use|adopt)s?\b", "it uses and reuses what we adopt"),
        (r"(?<![\d.])\d{2,3} tokens", "1.256 tokens, 64 tokens"),
        (r"(?:an? )?(?:lamp|oak)\b", "a lamp, oak; soak an oak"),
        (r"\Athe (?:lamp)|\boak", "the lamp of oak"),
        (r"(?>\boak|\blamp)s", "oaks lamps lamp"),
        (r"\ba|\bthe? oak", "a the oak, th oak, an a"),
        (r"\b(?:o+ak|l?amp)", "ooak oak amp lamp lap"),
    ],
)
def test_gives_the_matches_of_finditer(pattern: str, text: str) -> None:
    regex = re.compile(pattern)
    lead = lead_of(pattern)
    assert lead is not None
    found = [(match.span(), match.groups()) for match in led_matches(lead, regex, text, 0, len(text))]
    assert found == [(match.span(), match.groups()) for match in regex.finditer(text)]
    cut = [match.span() for match in led_matches(lead, regex, text, 2, len(text) - 1)]
    assert cut == [match.span() for match in regex.finditer(text, 2, len(text) - 1)]


@pytest.mark.parametrize(
    "pattern",
    [
        r"\w+ lamp",
        r".oak",
        r"[^a]oak",
        r"(?:oak)?",
        r"lamp",
        r"(?i:\blamp|\boak)",
        r"\s*lamp",
        r"\b(?P<one>[ab])x(?P=one)",
    ],
)
def test_has_none_where_the_first_letters_are_unclear_or_found_anyway(pattern: str) -> None:
    assert lead_of(pattern) is None
    regex = re.compile(pattern)
    assert [match.span() for match in led_matches(None, regex, "an oak lamp", 0, 11)] == [
        match.span() for match in regex.finditer("an oak lamp")
    ]


@pytest.mark.parametrize("name", rule_files())
def test_finds_every_example_of_the_rules(name: str) -> None:
    for rule in load_rules(name).rules:
        regex = rule.regex if rule.case else rule.low
        if regex is None or rule.lead is None:
            continue
        for example in (*rule.matches, *rule.rejects):
            text = example if rule.case else example.lower()
            found = [match.span() for match in led_matches(rule.lead, regex, text, 0, len(text))]
            assert found == [match.span() for match in regex.finditer(text)], rule.id
