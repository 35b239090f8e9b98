"""The stages that a header of a table, or its caption, speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from vlmingest.extract import stages_marks as marks
from vlmingest.extract.rules import load_rules


@lru_cache(maxsize=4096)
def stage_marks(header: str) -> tuple[marks.Mark, ...]:
    """The stages a header (or caption) speaks of: numbers first."""
    if not header or len(header) > 200:
        return ()
    found = (*marks.ordinals(header), *marks.named(header))
    return found or tuple(_short_marks(header))


_SHORT = 40  # letters of a header: longer ones are prose


def _short_marks(header: str) -> Iterator[marks.Mark]:
    """`Pretrain`, `Finetune`, `S1`: how headers name stages, and prose does not."""
    if len(header) > _SHORT:
        return
    for rule in load_rules("stages_tables").of("stage_table.stage."):
        match = rule.regex.search(header)
        if match is not None:
            key = str(rule.attributes["key"])
            yield marks.Mark("class" if key else "ordinal", key or match["key"], match[0], *match.span())
            return
