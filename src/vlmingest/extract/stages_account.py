"""The account of one stage: freeze votes and numbers from prose and tables, each value with the place that proves it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from vlmingest.document import Span
from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_assign import Piece
from vlmingest.extract.stages_columns import Cell, Column
from vlmingest.extract.stages_freeze import Freeze, is_doubtful
from vlmingest.extract.stages_names import FreezeReader
from vlmingest.extract.stages_numbers import integer, numbers
from vlmingest.extract.stages_part_rates import parts_with_rates
from vlmingest.extract.stages_passage import Slot
from vlmingest.extract.stages_votes import FreezeVotes
from vlmingest.extract.wording import wording
from vlmingest.records import Component

TABLE_WEIGHT = 4.0  # a column of a stage table
LIST_WEIGHT = 0.8  # a table of keys and values: often of a side experiment, so prose about the stage goes first
GENERAL_WEIGHT = 0.25
TITLE_WEIGHT = 0.6  # what a stage's name says that it trains
_DOUBT = 0.25
_OF_STAGE = ("mark", "heading", "focus")  # how a sentence is known to be of one stage
_HOW = {"mark": 1.0, "every": 0.5, "heading": 0.9, "focus": 0.6, "general": GENERAL_WEIGHT}
# Numbers: whoever speaks of the stage first is right as a rule, wherever the next one stands.
_SAID = {"mark": 1.0, "every": 0.5, "heading": 1.0, "focus": 1.0, "general": GENERAL_WEIGHT}
_ZONE = {
    "training": 1.0, "method": 1.0, "appendix": 0.8, "data": 0.6, "abstract": 0.7, "introduction": 0.7, "caption": 0.7,
    "evaluation": 0.25,
}  # fmt: skip


@dataclass(slots=True)
class _Tally:
    """Weights of the values said of one setting, and the place of each value's strongest saying."""

    weights: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    places: dict[str, tuple[float, Span | None]] = field(default_factory=dict)

    def add(self, value: str, weight: float, place: Span | None) -> None:
        self.weights[value] += weight
        if weight > self.places.get(value, (0.0, None))[0]:
            self.places[value] = (weight, place)

    @property
    def best(self) -> tuple[str, Span | None]:
        # the first said wins a tie: dictionaries keep the order
        value = max(self.weights, key=lambda said: self.places.get(said, (0.0, None))[0])
        return value, self.places[value][1]


_OF_REWARDS = wording("stages_assign.of_rewards")
_REWARD_MODEL = wording("stages_assign.reward_model")
_AS_BEFORE = wording("stages_assign.as_before")
_OF_PARTS = wording("stages_assign.same_parts")
_OF_RATES = wording("stages_assign.same_rates")


class Account:
    """What is known of one stage."""

    def __init__(self, slot: Slot, parts: frozenset[Component]) -> None:
        self.slot = slot
        self.votes = FreezeVotes(parts)
        self.adds = False  # the stage trains more than the one before ("we unfreeze the LLM")
        self.has_adapters = False
        self.same_parts = self.same_rate = ""  # the number of the stage whose parts, or learning rate, it shares
        self.unmarked_rates: list[Span] = []  # where a learning rate is told without a word of which stage it is of
        self._datasets: dict[str, str] = {}
        self._settings: dict[str, _Tally] = defaultdict(_Tally)

    def hear(self, piece: Piece, reader: FreezeReader, whose: Callable[[Piece], float]) -> None:
        """Take what one piece of prose says; `whose` is a factor for whose work it speaks of."""
        aside = piece.zone == "evaluation" and piece.how in (
            "focus",
            "heading",
        )  # of a task that the model is tuned for
        said = reader.read(piece.text) if piece.may_freeze and not aside else None
        told = numbers(piece.text) if piece.may_set else ()
        if "same" in piece.text and (as_before := _AS_BEFORE.search(piece.text)) is not None:
            key = next((mark.key for mark in marks.ordinals(piece.text[as_before.end("as") :])), "")
            shared = as_before["what"].lower()
            self.same_parts = key if _OF_PARTS.search(shared) else self.same_parts
            self.same_rate = key if _OF_RATES.search(shared) else self.same_rate
        if not (said or told):
            return
        factor = whose(piece)
        if said:
            zone = _ZONE.get(piece.zone, 0.5)
            if piece.how == "every":
                zone = max(zone, 0.5)  # what holds for all stages is of no trial
            weight = factor * _HOW[piece.how] * zone
            text = piece.text
            if said.adapters and self.is_of_rewards:
                text = _REWARD_MODEL.sub("model", text)  # here it is what is trained, elsewhere a tool
            if is_doubtful(text, of_stage=piece.how in _OF_STAGE):  # the head of a trial is no part of the model
                said, weight = replace(said, trainable=said.trainable - {"other"}), weight * _DOUBT
            self.hear_freeze(said, weight, piece.place)
        for number in told:
            said_of = (
                min(factor, 1.0) * _SAID[piece.how] * (0.5 if piece.zone == "evaluation" or piece.of_trial else 1.0)
            )
            self._settings[number.kind].add(number.value, said_of, piece.place)
            if number.kind == "learning_rate" and (parts := parts_with_rates(number.value)):
                self.hear_freeze(Freeze(trainable=set(parts)), factor * _HOW[piece.how], piece.place)
            if number.kind == "learning_rate" and piece.how not in ("mark", "heading"):
                self.unmarked_rates.append(piece.place)

    @property
    def is_of_rewards(self) -> bool:
        """Is the stage one of preferences or rewards (their model, or learning by it)?"""
        return bool(self.slot.classes & {"preference", "rl"}) or _OF_REWARDS.search(self.slot.name) is not None

    @property
    def rate(self) -> str:
        """The learning rate; "" where none is known."""
        return self._settings["learning_rate"].best[0] if "learning_rate" in self._settings else ""

    def hear_common_rate(self, rate: str, place: Span) -> None:
        """Take the learning rate of the whole training where the stage has none of its own."""
        if not self.rate:
            self._settings["learning_rate"].add(rate, GENERAL_WEIGHT, place)

    def hear_freeze(self, said: Freeze, weight: float, place: Span | None) -> None:
        """Take one statement of what is trained and frozen."""
        self.votes.add(said, weight, place)
        self.adds |= said.adds
        self.has_adapters |= said.adapters

    def hear_data(self, names: Iterable[tuple[str, str]]) -> None:
        """Take data sets (identity, name as written) that prose names for this stage."""
        for identity, name in names:
            self._datasets.setdefault(identity, name)

    def hear_rates(self, rates: Sequence[str], place: Span, factor: float) -> None:
        """Take the learning rates of a sentence that speaks of no stage."""
        for rate in rates:
            self._settings["learning_rate"].add(rate, GENERAL_WEIGHT * factor, place)

    def take(self, column: Column, weight: float = TABLE_WEIGHT) -> None:
        """Take over a column of a table."""
        for name, cell in column.values.items():
            self._settings[name].add(cell.value, weight, cell.place)
        rate = _combined(column)
        if rate is not None and "learning_rate" not in column.values:
            shared = len({cell.value for cell in column.rates.values()}) > 1 and "(" not in rate.value
            # the LLM's rate for that of the run is a choice: prose that tells a rate of the stage goes first
            self._settings["learning_rate"].add(rate.value, min(weight, LIST_WEIGHT) if shared else weight, rate.place)
        self.hear_freeze(column.freeze, weight, column.freeze_place)

    def place_of(self, name: str) -> Span | None:
        """The place that proves a setting's value."""
        return self._settings[name].best[1] if name in self._settings else None

    def settings(self) -> Iterator[tuple[str, JsonValue]]:
        """(name, value) of every setting, in the record's types."""
        for name in ("samples", "learning_rate", "batch_size", "epochs", "steps", "image_resolution", "datasets"):
            if name not in self._settings:
                continue
            value = _typed(name, self._settings[name].best[0])
            if value is not None:
                yield name, value
        if self._datasets and "datasets" not in self._settings:
            yield "datasets", list(self._datasets.values())


def _typed(name: str, value: str) -> JsonValue:
    if name in ("batch_size", "image_resolution"):
        return integer(value)
    if name == "epochs":
        return float(value)
    if name == "datasets":
        return list(_names(value)) or None
    return value


def _names(cell: str) -> Iterator[str]:
    """`CC3M, SBU + LAION` as names; a description is none."""
    for item in cell.replace(";", ",").replace(" + ", ",").split(","):
        name = item.strip(" .")
        if 2 <= len(name) <= 40 and name.count(" ") <= 3 and any(letter.isupper() for letter in name):
            yield name


_OF_LLM = wording("stages_assign.of_llm")


def _combined(column: Column) -> Cell | None:
    """Rates per part as one text: `1e-3 (image encoder), 1e-4 (text encoder)`; or the one rate of all, or the LLM's."""
    rates = column.rates
    if not rates:
        return None
    first = next(iter(rates.values()))
    if len({cell.value for cell in rates.values()}) == 1:
        return first
    if "language_model" in rates and _OF_LLM.search(column.rate_names["language_model"]):
        return rates["language_model"]  # it is the rate of the run, the encoder's a share of it
    named = {column.rate_names[part]: cell.value for part, cell in rates.items()}
    return Cell(", ".join(f"{value} ({name})" for name, value in named.items()), first.place)
