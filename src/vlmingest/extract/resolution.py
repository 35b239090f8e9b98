"""Input resolutions of the proposed model, in pixels of one side.

Square sizes and single numbers beside words of resolution (rules/inputs.toml), outside of related work. What is said of
others' models or of generated images counts little; places add up.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.table_kinds import TableKind, table_kind
from vlmingest.extract.view import PaperView, SectionKind, Sentence
from vlmingest.extract.voice import Voice, voice
from vlmingest.records import Candidate, FieldName

_SKIP = frozenset({SectionKind.RELATED, SectionKind.REFERENCES, SectionKind.CONCLUSION})
_METHODS = frozenset({SectionKind.METHOD, SectionKind.TRAINING, SectionKind.DATA, SectionKind.ABSTRACT})
_OWN_TABLES = frozenset({TableKind.HYPERPARAMETER, TableKind.STAGES, TableKind.ARCHITECTURE})
_TABLE_WEIGHT = 0.7
_MOST_IN_TABLE = 3
_SIDES = re.compile(r"\d{3,4}")
_LEAST_SIDE, _MOST_SIDE = 112, 2048
_READER = "architecture.image_resolution.v2"


@cache
def input_rules() -> dict[str, Rule]:
    """The rows of rules/inputs.toml by the middle of their id."""
    return {rule.id.split(".")[1]: rule for rule in load_rules("inputs").rules}


def read_resolutions(view: PaperView) -> Iterator[Candidate]:
    """One candidate per side, with the places that say it."""
    found: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    for side, place in (*_in_sentences(view), *_in_tables(view)):
        found[side].append(place)
    for side, places in sorted(found.items()):
        ordered = sorted(set(places), key=lambda place: (-place[0], place[1]))
        wrong = 1.0
        for index, (weight, _, _) in enumerate(ordered[:4]):
            wrong *= 1 - weight * (1.0 if index == 0 else 0.4)
        yield Candidate(
            field=FieldName.IMAGE_RESOLUTION,
            value=str(side),
            evidence=tuple(view.evidence(start, end, _READER) for _, start, end in ordered[:2]),
            reader=f"rule:{_READER}",
            confidence=round(1 - wrong, 4),
        )


def _in_sentences(view: PaperView) -> Iterator[tuple[int, tuple[float, int, int]]]:
    judged: dict[int, tuple[float, bool]] = {}
    for name in ("resolution_pair", "resolution", "resolution_list"):
        for sentence, match in view.hits(input_rules()[name]):
            if sentence.section in _SKIP:
                continue
            if sentence.start not in judged:  # once: a sentence may be long and hold many
                judged[sentence.start] = _judge(view, sentence)
            weight, speaks = judged[sentence.start]
            if not speaks and not (name == "resolution_pair" and sentence.section in _METHODS):
                continue
            for side in _sides(name, match):
                yield side, (weight * (1.0 if speaks else 0.8), match.start(), match.end())


def _judge(view: PaperView, sentence: Sentence) -> tuple[float, bool]:
    """How much a sentence counts, and whether it speaks of images at all."""
    text = view.quote(sentence)
    return _weight(view, sentence, text), input_rules()["image_words"].regex.search(text) is not None


def _in_tables(view: PaperView) -> Iterator[tuple[int, tuple[float, int, int]]]:
    """Rows and columns of resolutions in tables on the own training or architecture; one of many sides compares them."""
    head = input_rules()["resolution_head"].regex
    for table in view.tables:
        if table.section in _SKIP or table_kind(view, table) not in _OWN_TABLES:
            continue
        columns = [index for index, header in enumerate(table.headers) if index and head.search(header)]
        found: list[tuple[int, tuple[float, int, int]]] = []
        for index, row in enumerate(table.table.cells):
            span = table.row_span(index)
            if span is None or not row:
                continue
            cells = row[1:] if head.search(row[0]) else [row[column] for column in columns if column < len(row)]
            sides = sorted({side for cell in cells for side in _cell_sides(cell)})
            found += [(side, (_TABLE_WEIGHT, span.start, span.end)) for side in sides]
        if len({side for side, _ in found}) <= _MOST_IN_TABLE:
            yield from found


def _cell_sides(cell: str) -> list[int]:
    """The side of a cell such as "448", "384 × 384" or "448 (max)"; none of two different ones."""
    sides = {int(side) for side in _SIDES.findall(cell)}
    return sorted(side for side in sides if _LEAST_SIDE <= side <= _MOST_SIDE) if len(sides) == 1 else []


def _sides(name: str, match: re.Match[str]) -> list[int]:
    if name == "resolution_pair":
        sides = {int(match.group("value")), int(match.group("other"))}
        if len(sides) > 1:
            return []
    elif name == "resolution_list":
        sides = {int(side) for side in _SIDES.findall(match.group())}
    else:
        sides = {int(next(group for group in match.groups() if group))}
    return sorted(side for side in sides if _LEAST_SIDE <= side <= _MOST_SIDE)


def _weight(view: PaperView, sentence: Sentence, text: str) -> float:
    speaks = voice(view, sentence)
    weight = 0.62 if speaks is Voice.OWN else 0.55 if speaks is Voice.OPEN else 0.2
    if sentence.section is SectionKind.ABLATION:
        weight *= 0.5
    if sentence.section in (SectionKind.METHOD, SectionKind.TRAINING):
        weight += 0.1
    if input_rules()["not_input"].regex.search(text):
        weight *= 0.5
    return weight
