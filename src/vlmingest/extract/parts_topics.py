"""Parts that stand under a heading of their kind: "Vision encoder", "Language model"."""

from __future__ import annotations

from vlmingest.extract.parts_masks import Masked, numbers_in
from vlmingest.extract.parts_rows import part_rows
from vlmingest.extract.rules import Rule
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.records import FieldName

_LONGEST_HEADING = 48  # characters of a heading that names a topic


def of_topic(view: PaperView, masked: Masked, against: set[int]) -> list[tuple[Rule, int]]:
    """Names in a section or a paragraph that is headed "Vision encoder" or "Language model"."""
    topics = _topics(view, masked.sentence)
    if not topics:
        return []
    return [
        (rule, number)
        for rule in part_rows().topics
        if rule.field in topics
        for number in numbers_in(masked.text, rule.field)
        if number not in against
    ]


def _topics(view: PaperView, sentence: Sentence) -> frozenset[FieldName]:
    """The fields that the section heading or the run-in heading of the paragraph speaks of, where it speaks of one alone."""
    known: dict[int, frozenset[FieldName]] = view.memo.setdefault("parts.topics", {})
    found = known.get(sentence.block)
    if found is None:
        section = view.document.section_at(sentence.start)
        first = view.sentence_at(view.document.blocks[sentence.block].start)
        titles = [section.title if section is not None else "", view.quote(first) if first is not None else ""]
        short = [title.lower() for title in titles if 0 < len(title) <= _LONGEST_HEADING]
        fields = {field for field, find in part_rows().headings if any(map(find, short))} if short else ()
        found = known[sentence.block] = frozenset(fields) if len(fields) == 1 else frozenset()
    return found
