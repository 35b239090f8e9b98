"""The rows of rules/parts.toml by what they are for, and one automaton over the cues of those that masked sentences are asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from vlmingest.extract.leads import lead_of
from vlmingest.extract.needs import Sieve, needs_of
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.records import FieldName, Role

FOR = (Role.USED, Role.INITIALISED_FROM)


_UPPER = re.compile(r"\\.|\(\?P|[A-Z]")


def lowered(rule: Rule) -> re.Pattern[str]:
    """The pattern of a row for text in lower case: the same matches, in half the time that ignoring the case takes."""
    pattern = _UPPER.sub(lambda piece: piece[0] if len(piece[0]) > 1 else piece[0].lower(), rule.pattern)
    return re.compile(pattern)


class Rows:
    """The rows over masked sentences, and one automaton over their cues."""

    def __init__(self) -> None:
        self.rules = tuple(rule for rule in load_rules("parts").rules if not rule.attributes.get("noun"))
        self.nouns = tuple(rule for rule in load_rules("parts").rules if rule.attributes.get("noun"))
        self.topics = tuple(rule for rule in load_rules("parts").rules if rule.attributes.get("topic"))
        self.headings = tuple(
            (rule.field, (lead_of(lowered(rule).pattern) or lowered(rule)).search)
            for rule in self.topics
            if rule.field is not None
        )
        self.rules = tuple(rule for rule in self.rules if not rule.attributes.get("topic"))
        self.trial, self.ablation = (rule for rule in self.rules if rule.attributes.get("trial"))
        self.rules = tuple(rule for rule in self.rules if not rule.attributes.get("trial"))
        self.base_has = next(rule for rule in self.rules if rule.attributes.get("base"))
        self.rules = tuple(rule for rule in self.rules if rule is not self.base_has)
        self.beside = next(rule for rule in self.rules if rule.attributes.get("beside"))
        self.rules = tuple(rule for rule in self.rules if rule is not self.beside)
        self._letters = [
            (letter, sum(1 << index for index, rule in enumerate(self.rules) if rule.field is field))
            for letter, field in (("«v", FieldName.VISION_ENCODER), ("«l", FieldName.LANGUAGE_MODEL))
        ]
        self._loud = sum(
            1 << index
            for index, rule in enumerate(self.rules)
            if rule.role not in FOR and not rule.attributes.get("quiet")
        )
        self.patterns = tuple(map(lowered, self.rules))
        self.leads = tuple(lead_of(pattern.pattern) for pattern in self.patterns)
        self.tried = tuple(
            (row.cues, lead_of(lowered(row).pattern) or lowered(row)) for row in (self.ablation, self.trial)
        )
        self._sieve = Sieve(
            [
                (rule.cues, rule.attributes.get("also", ()), *needs_of(pattern.pattern, rule.cues))
                for rule, pattern in zip(self.rules, self.patterns, strict=True)
            ]
        )

    def able(self, text: str) -> int:
        """The rows that may match in a text in lower case, as bits."""
        return self._sieve.of(text)

    def of(self, text: str, deaf: bool) -> Iterator[tuple[Rule, re.Pattern[str], re.Pattern[str] | None]]:
        """The rows of which a text in lower case holds a cue, and all else that they need, in order, with their patterns.

        `deaf`: the text says nothing of the own work, so that only what speaks against a name counts.
        """
        held = self.able(text)
        if deaf:
            held &= self._loud
        for letter, rows in self._letters:
            if letter not in text:
                held &= ~rows
        while held:
            lowest = held & -held
            index = lowest.bit_length() - 1
            yield self.rules[index], self.patterns[index], self.leads[index]
            held ^= lowest


@cache
def part_rows() -> Rows:
    """The rows of rules/parts.toml."""
    return Rows()
