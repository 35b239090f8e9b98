"""What one column of a table says of a stage: its settings, its learning rates by part, what it trains and freezes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from vlmingest.document import Span
from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_cells import is_yes, parts_of, rule_of
from vlmingest.extract.stages_freeze import Freeze
from vlmingest.extract.stages_numbers import RATE, normal_rate, plain_digits
from vlmingest.extract.wording import wording
from vlmingest.records import Component

SIZED = re.compile(r"\d\s?[BM]\b")  # a model of the family


class Cell(NamedTuple):
    """A value of a setting and where its row stands."""

    value: str
    place: Span | None


@dataclass(slots=True)
class Column:
    """What a table says of one stage (or of the whole training, where it has no marks)."""

    header: str
    marks: tuple[marks.Mark, ...] = ()
    values: dict[str, Cell] = field(default_factory=dict)
    rates: dict[Component, Cell] = field(default_factory=dict)
    rate_names: dict[Component, str] = field(default_factory=dict)  # the parts as the table writes them
    dashes: set[str] = field(default_factory=set)  # parts whose learning rate is a dash
    freeze: Freeze = field(default_factory=Freeze)
    freeze_place: Span | None = None
    is_listed: bool = False  # does a row say which parts are trained? what rates imply does not count beside it


def take_rate(column: Column, label: str, cell: Cell) -> None:
    """A learning rate, of the whole model or (where the label names a part) of that part; "frozen" freezes it."""
    value = rate_of(label, cell.value)
    named = () if SIZED.search(label) else parts_of(_RATE_WORDS.sub(" ", label))  # "of the 7B model" is of no part
    parts = [part for part in named if part not in ("whole", "lora")]
    if not value:
        if parts and is_yes(cell.value) is False:
            if cell.value.lower().startswith(("fr", "fix", "lock")):
                _note(column, frozenset(parts), cell, trained=False)
            else:
                column.dashes |= set(parts)
        return
    rate = Cell(value, cell.place)
    if not parts:
        column.values.setdefault("learning_rate", rate)
        return
    name = _ABBREVIATED.sub("encoder", " ".join(_RATE_WORDS.sub(" ", label).split()).strip(" :()[]-"))
    for part in parts:
        column.rates.setdefault(part, rate)  # type: ignore[arg-type]
        column.rate_names.setdefault(part, name)  # type: ignore[arg-type]
    if not column.is_listed:
        _note(column, frozenset(parts), cell, trained=True)


_RATE_WORDS = wording("stages_numbers.label_words")
_ABBREVIATED = wording("stages_numbers.encoder_cut")
_OF_LLM = wording("stages_numbers.label_of_llm")
_SCALE = re.compile(r"(?:[x×*·]\s?10|\b10|\b1?e)\s?\^?[-−–]\s?(\d)\b", re.IGNORECASE)


def rate_of(label: str, cell: str) -> str:
    """The rate of a cell in its one spelling; a scale in the label ("×10−5") counts. "" where there is none."""
    text = plain_digits(cell)
    match = RATE.search(text)
    if match is not None and (of_llm := _OF_LLM.search(text)) is not None:
        match = RATE.search(text, of_llm.end()) or match  # "ViT: 2e-6, LLM: 2e-5": the run's is the LLM's
    scale = _SCALE.search(plain_digits(label))
    if match is None and scale and re.fullmatch(r"\d+(?:\.\d+)?", text):
        return normal_rate(f"{float(text) * 10 ** -int(scale.group(1)):.12f}".rstrip("0"))
    return normal_rate(match.group(0)) if match is not None else ""


def freeze_dashes(column: Column) -> None:
    """Beside parts with learning rates of their own, a part with a dash is not trained."""
    if column.rates and column.dashes - set(column.rates):
        column.freeze.add(Freeze(frozen=column.dashes - set(column.rates)))  # type: ignore[arg-type]


def take_parts(column: Column, name: str, cell: Cell) -> None:
    """A cell that lists the parts trained (or frozen): "Projector", "ViT, MLP", "Full model", "LLM (LoRA)"."""
    parts = parts_of(cell.value)
    if not parts:
        return
    said = Freeze()
    if not column.is_listed:
        column.freeze.trainable.clear()
    column.is_listed = True
    named = frozenset(part for part in parts if part not in ("whole", "lora"))
    if name == "trainable":
        said.everything = "whole" in parts and not named
        said.only = not said.everything
        said.trainable |= named  # type: ignore[arg-type]
        if "lora" in parts and not named:
            said.trainable.add("language_model")
    else:
        said.rest_frozen = "whole" in parts and not named
        said.frozen |= named  # type: ignore[arg-type]
    _merge(column, said, cell)


def take_tick(column: Column, label: str, cell: Cell) -> None:
    """A row for one part with ticks: "Vision encoder | ✗ | ✓", "Freeze LLM | yes | no"."""
    parts = frozenset(part for part in parts_of(label) if part not in ("whole", "lora"))
    told = is_yes(cell.value)
    if not parts or told is None or len(label) > 40:
        return
    reverse = rule_of("stage_table.part.frozen_prefix.v1").regex.search(label) is not None
    if told and label.lower().lstrip().startswith("unfr"):
        column.freeze.adds = True  # to what the stage before trained
    _note(column, parts, cell, trained=told != reverse)


def _note(column: Column, parts: frozenset[str], cell: Cell, *, trained: bool) -> None:
    said = Freeze()
    (said.trainable if trained else said.frozen).update(parts)  # type: ignore[arg-type]
    _merge(column, said, cell)


def _merge(column: Column, said: Freeze, cell: Cell) -> None:
    column.freeze.add(said)
    column.freeze_place = column.freeze_place or cell.place
