"""Cells of hyper-parameter tables: what a label sets, which parts a cell names, ticks, and values as the record wants them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.stages_numbers import integer

_KEPT = 4096  # texts whose reading is kept: labels recur from paper to paper


@cache
def _rules(prefix: str) -> tuple[Rule, ...]:
    return load_rules("stages_tables").of(prefix)


def rule_of(name: str) -> Rule:
    """The row of rules/stages_tables.toml with an id."""
    return _rules(name)[0]


@lru_cache(maxsize=_KEPT)
def setting(label: str) -> str:
    """What a label sets ("learning_rate", "trainable" ...); "none" for what is known and not wanted, "" for the rest."""
    if not label or len(label) > 60:
        return ""
    for rule in _rules("stage_table.label."):
        if rule.regex.search(label):
            return str(rule.attributes["setting"])
    return ""


@lru_cache(maxsize=_KEPT)
def parts_of(text: str) -> tuple[str, ...]:
    """The parts of the model that a label or a cell names ("whole" and "lora" too), each once, in a fixed order."""
    found = []
    rest = text
    for rule in _rules("stage_table.part."):
        part = rule.attributes.get("part")
        if part and rule.regex.search(rest):
            found.append(str(part))
            rest = rule.regex.sub(" ; ", rest)
    return tuple(found)


def part_of(label: str) -> bool:
    """Does a row's label name a part of the model and nothing else of note?"""
    return len(label) <= 40 and bool(parts_of(label))


def is_yes(cell: str) -> bool | None:
    """A tick or cross; None for any other cell."""
    for rule in _rules("stage_table.mark."):
        if rule.regex.search(cell):
            return bool(rule.attributes["yes"])
    return None


_SIDE = re.compile(r"(\d{3,4}?)(?:\s?[x×*]\s?\d{3,4}|2\b|²|px|\b)", re.IGNORECASE)
_PLAIN = re.compile(r"[~≈]?\s?(\d+(?:[,.]\d+)*)\s?([kKMBT]|million|billion|thousand)?\b")


def value_of(name: str, text: str) -> str:
    """A cell's value as the record wants it; "" where it is none."""
    if name == "datasets":
        return text if re.search(r"[A-Za-z]{2}", text) else ""
    if name == "image_resolution":
        match = _SIDE.search(text)
        return match.group(1) if match else ""
    match = _PLAIN.search(text)
    if match is None:
        return ""
    if name == "batch_size":
        number = integer(match.group(1) + (match.group(2) or "")[:1])
        return str(number) if number else ""
    if name == "epochs":
        return match.group(1) if re.fullmatch(r"\d+(?:\.\d+)?", match.group(1)) else ""
    return match.group(1) + {"million": "M", "billion": "B", "thousand": "K"}.get(
        match.group(2) or "", match.group(2) or ""
    )


_NUMBERS = frozenset({"learning_rate", "batch_size", "epochs", "steps"})


def label_column(row: Sequence[str]) -> int:
    """Column (of the first three) whose cell is the label of a setting; -1 for none."""
    if len(row) > 2 and setting(row[0]) == "trainable" and setting(row[1]) in _NUMBERS:
        return 1  # "Training | learning rate | 1e-3": a group's title, not what is trained
    for column, cell in enumerate(row[:3]):
        # "ViT | frozen | trainable": the second cell is a state, no label
        if cell and setting(cell) and not (column and row[0] and setting(cell) in ("frozen", "trainable")):
            return column
    return -1


def has_parts(cells: Sequence[Sequence[str]]) -> bool:
    """Do two rows stand for parts of the model with ticks (or "frozen"/"trainable") in them?"""
    rows = sum(
        part_of(row[0]) and any(cell and is_yes(cell) is not None for cell in row[1:]) for row in cells if len(row) > 1
    )
    return rows >= 2


def joined(texts: Iterable[str]) -> str:
    """The texts in order, each once, with a space between."""
    found: list[str] = []
    for text in texts:
        if text and text not in found:
            found.append(text)
    return " ".join(found)
