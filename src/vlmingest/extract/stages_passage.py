"""What the stage readers read and find: `Passage`s (sentences with the zone they stand in) and `Slot`s (stages)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, overload

from vlmingest.extract import stages_marks as marks
from vlmingest.extract.wording import wording

ZONE_WEIGHT = {
    "abstract": 2.0, "introduction": 2.0, "method": 3.0, "training": 3.0, "data": 1.0, "appendix": 2.0,
    "evaluation": 0.7, "ablation": 0.5, "conclusion": 1.0, "caption": 1.5,
}  # fmt: skip


T = TypeVar("T")


class _Once(Generic[T]):
    """An attribute computed at its first reading. `functools.cached_property` takes a lock (Python 3.11), and a paper has a
    thousand of these; passages are not shared between threads.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> _Once[T]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: object | None, owner: type) -> T | _Once[T]:
        if instance is None:
            return self
        value = instance.__dict__[self._make.__name__] = self._make(instance)
        return value


_TRAINING_TITLE = wording("stages_kinds.training_title")


TITLE_LENGTH = 70  # of a title that is a sentence of a paragraph


@dataclass
class Passage:
    """A sentence: place, text, zone (kind of its section), numbers of its paragraph and section, the section's title."""

    start: int
    end: int
    text: str
    zone: str
    is_heading: bool
    paragraph: int
    section: int
    title: str
    level: int = 0  # of the section's heading
    section_end: int = 0
    may_name: bool = True  # does it hold a cue of a kind's name,
    may_count: bool = True  # of a stage's number,
    may_freeze: bool = True  # of a part that is trained or frozen,
    may_set: bool = True  # of a number of the training run?
    not_by: str = ""  # the word whose numbers count no stages here ("phase", where phases are made of stages)

    def go_on(self, text: str, paragraph: int, name: bool, count: bool, freeze: bool, sets: bool) -> None:
        """Take in `text`, the rest of the sentence in another paragraph, with the cues it holds."""
        self.text += text
        self.paragraph = paragraph
        self.may_name |= name
        self.may_count |= count
        self.may_freeze |= freeze
        self.may_set |= sets
        self.forget()

    def count_not_by(self, word: str) -> None:
        """Leave out the numbers of `word`."""
        self.not_by = word
        self.forget()

    def forget(self) -> None:
        """Drop what was computed of the text before."""
        for computed in _COMPUTED:
            self.__dict__.pop(computed, None)

    @_Once
    def ordinals(self) -> tuple[marks.Mark, ...]:
        """Numbered mentions of stages."""
        if not self.may_count:
            return ()
        if self.text.startswith("(") and len(self.text) <= TITLE_LENGTH and (title := marks.inline_title(self.text)):
            return (title,) if self.zone in ("training", "method") else ()
        found = tuple(marks.ordinals(self.text))
        if self.not_by:
            found = tuple(mark for mark in found if self.not_by not in mark.name.lower())
        if self.text.endswith(".") and ": (" in self.text and (last := marks.title_at_end(self.text)) is not None:
            return (*found, last)
        return found or (tuple(marks.steps(self.text)) if self.zone == "training" else ())

    @_Once
    def named(self) -> tuple[marks.Mark, ...]:
        """Kinds of stage named anywhere in it."""
        return tuple(marks.named(self.text)) if self.may_name else ()

    @_Once
    def stage_names(self) -> tuple[marks.Mark, ...]:
        """Kinds of stage that it names as stages."""
        return tuple(marks.stage_names(self.text)) if self.may_name else ()

    @_Once
    def is_run_in(self) -> bool:
        """Is it a title at the head of a paragraph, mostly made of a kind's name ("Instruction tuning.")?"""
        if self.is_heading or len(self.text) > 60 or not self.may_name:
            return False
        return self.is_of_training or 2 * sum(mark.end - mark.start for mark in self.named) >= len(self.text)

    @_Once
    def is_of_training(self) -> bool:
        """Is it a title in capitals that ends with "Training" or "Tuning" ("Joint Training")?"""
        return len(self.text) <= 60 and _TRAINING_TITLE.fullmatch(self.text) is not None

    @_Once
    def is_foreign(self) -> bool:
        """Is the staged thing something else than training?"""
        return marks.is_foreign(self.text)


_COMPUTED = tuple(name for name, value in vars(Passage).items() if isinstance(value, _Once))


@dataclass(slots=True)
class Slot:
    """One stage of the plan. `place` is the sentence that names it."""

    order: int
    name: str = ""
    keys: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    place: tuple[int, int] | None = None
    item: bool = False  # is it an item of a list with titles ("ii) Joint Training: ...")?
    section: tuple[int, int] | None = None  # where the section stands that is all about it
    paragraph: int = -1  # of a list behind the sentence that counts the stages
    aliases: set[str] = field(default_factory=set)  # under which the text speaks of "the ... stage"
    own_name: str = ""  # in lower case, where the paper has a name of its own for it ("unified structure learning")
