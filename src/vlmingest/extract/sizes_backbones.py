"""Sizes of the language models in the own model: what it is called by where it has no size of its own.

A language model counts by the chance that it is the own one (`parts.weighed_parts`), by its sentence, and by its row of a table.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from vlmingest.extract.headings import SectionKind
from vlmingest.extract.leads import has_any
from vlmingest.extract.own_model import own_model_rows
from vlmingest.extract.parts import weighed_parts
from vlmingest.extract.rules import Rule
from vlmingest.extract.sizes_places import (
    OF_LM,
    SKIPPED,
    Place,
    counts_data,
    sentence_factor,
    size_rules,
    sizes_in,
    words,
)
from vlmingest.extract.view import PaperView, TableView
from vlmingest.vocabulary import Mention

_EXPERTS = re.compile(r"\d[x×]\d")
_IN_NAME = re.compile(r"(?<=[-_ ])(?:\d{1,2}[x×])?\d{1,3}(?:\.\d{1,2})?[BM]\b")
_UNITS = ("B", "M", "illion")  # one of them stands in every size
_ALSO = frozenset({SectionKind.INTRODUCTION, SectionKind.EXPERIMENTS, SectionKind.OTHER})
_IN_TABLE = 0.7  # the least chance of a language model in an own row
_UNKNOWN = 0.3  # the chance that a language model which was not weighed is the own one
_WHOLE = 0.1  # ... where it is a multimodal model as a whole
_ALONE = 0.6  # ... at least, where no other language model was found


def of_backbones(view: PaperView) -> Iterator[tuple[str, Place]]:
    """Sizes of the language models in the own model: what it is called by where it has no size of its own."""
    rows = _table_rows(view)
    starts = [start for start, _, _ in rows]
    rule, joined = size_rules()["backbone"][0], size_rules()["after_lm"][0]
    before = size_rules()["before_lm"][0]
    for mention in view.mentions:
        if mention.code.kind != "language_model" or mention.code.closed:
            continue
        low = max(mention.stem - 6, mention.start)
        found = list(mention.sizes) or _IN_NAME.findall(view.text, low, mention.end)
        if found and _EXPERTS.search(view.text, low, mention.end):
            found = _IN_NAME.findall(view.text, low, mention.end)  # "8x7B", of which a name's tail is but "7B"
        start, end = mention.start, mention.end
        match = joined.regex.match(view.text, end)
        if match is not None and not counts_data(view, match.end("value")):
            found.append(match.group("value"))
            end = match.end()
        elif not found:
            near = view.text[max(start - 40, 0) : start]
            match = before.regex.search(near) if has_any(near, _UNITS) else None
            if match is not None:
                found.append(match.group("value"))
                start = max(start - 40, 0) + match.start("value")
        if not found:
            continue
        weight = _lm_weight(view, mention, rows, starts)
        if weight:
            for size in sizes_in(" ".join(found)):
                yield size, Place(rule.id, round(rule.weight * weight, 4), start, end, OF_LM)

    yield from _of_new_names(view, rule)


def _of_new_names(view: PaperView, rule: Rule) -> Iterator[tuple[str, Place]]:
    """Sizes in the names of language models that the vocabulary does not know."""
    for use, chance, _ in weighed_parts(view):
        if use.kind != "language_model" or use.code is not None:
            continue
        for hit in use.hits:
            for size in sizes_in(" ".join(_IN_NAME.findall(hit.surface))):
                yield size, Place(rule.id, round(rule.weight * chance, 4), hit.span.start, hit.span.end, OF_LM)


def _lm_weight(view: PaperView, mention: Mention, rows: list[tuple[int, int, bool]], starts: list[int]) -> float:
    """How much a language model counts there: the chance that it is the own one, by sentence or row of a table."""
    chance = lm_chance(view, mention)
    index = bisect_right(starts, mention.start) - 1
    if index >= 0 and mention.start < rows[index][1]:
        return max(chance, _IN_TABLE) if rows[index][2] else 0.0
    sentence = view.sentence_at(mention.start)
    if sentence is None or sentence.section in SKIPPED:
        return 0.0
    factor = sentence_factor(view, sentence)
    if sentence.section is SectionKind.DATA:
        factor *= 0.3  # it may be one that writes the data
    elif factor and sentence.section in _ALSO:
        factor = 0.7 if words("uses").search(view.text, max(sentence.start, mention.start - 90), mention.start) else 0.3
    if words("compared").search(view.text[sentence.start : mention.start]):
        factor *= 0.4
    return chance * factor


def _table_rows(view: PaperView) -> list[tuple[int, int, bool]]:
    """(start, end, whether it is an own row or heads one) of all rows of tables outside related work."""
    found = []
    for table in view.tables:
        own = set(own_model_rows(view, table)) if table.section not in SKIPPED else set()
        for index, row in enumerate(table.table.cells):
            span = table.row_span(index)
            if span is not None:
                heads = bool(own) and _spans_all(row) and _heads_own(table, index, own)
                found.append((span.start, span.end, index in own or heads))
    return sorted(found)


def _spans_all(row: tuple[str, ...]) -> bool:
    return len({cell for cell in row if cell}) == 1


def _heads_own(table: TableView, index: int, own: set[int]) -> bool:
    """Whether the row that spans the table stands over an own row, before the next of its kind."""
    for below in range(index + 1, len(table.table.cells)):
        if below in own:
            return True
        if _spans_all(table.table.cells[below]):
            return False
    return False


def lm_chance(view: PaperView, mention: Mention) -> float:
    """The chance that the language model of `mention` is in the own model."""
    chances = view.once(_lm_chances)
    plain = _WHOLE if mention.code.whole else _UNKNOWN if chances else _ALONE
    return chances.get(mention.code.name, plain)


def _lm_chances(view: PaperView) -> dict[str, float]:
    return {
        use.code.name: chance
        for use, chance, _ in weighed_parts(view)
        if use.kind == "language_model" and use.code is not None
    }
