"""What a check says, and what all checks look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from vlmingest.catalogue.lint.phrases import Level
from vlmingest.catalogue.lists.document import ListDocument, Unit
from vlmingest.catalogue.lists.entries import entries_of
from vlmingest.document import Frozen
from vlmingest.records import Entry


class ListFinding(Frozen):
    """One thing to look at; `line` is 1-based."""

    rule: str
    line: int
    message: str
    level: Level = "warning"


@dataclass
class Checked:
    """A list taken apart once for all checks. `titles`, `abstracts`: of papers that are known, by arXiv id;
    `withdrawn`: ids of papers that were taken back.
    """

    document: ListDocument
    titles: Mapping[str, str] = field(default_factory=dict)
    abstracts: Mapping[str, str] = field(default_factory=dict)
    withdrawn: Collection[str] = ()

    @cached_property
    def pairs(self) -> list[tuple[Unit, Entry]]:
        """Units beside their entries."""
        return list(zip(self.document.units, entries_of(self.document), strict=True))

    @cached_property
    def panels(self) -> list[tuple[Unit, Entry]]:
        """Entries that are panels."""
        return [(unit, entry) for unit, entry in self.pairs if unit.shape == "panel"]


def line_in(unit: Unit, offset: int) -> int:
    """The line of the file on which the offset of `unit.text` stands."""
    return unit.line + unit.text.count("\n", 0, offset)
