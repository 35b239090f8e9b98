"""Where a text speaks of training stages: ordinals ("Stage 2", "in the second phase"), names of kinds, counts.

A mark is the place of one stage's mention in a sentence. Its `key` is the ordinal as text ("1", "1.5", "last") or the
kind of stage ("align", "sft" ...). `rules/stages_marks.toml` holds the words and their tested cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from vlmingest.extract.leads import led_matches
from vlmingest.extract.rules import load_rules
from vlmingest.extract.stages_words import Words, folded
from vlmingest.extract.wording import wording

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "a": "1", "b": "2", "c": "3", "d": "4"}
_NUMBERS = {
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "initial": "1", "1st": "1",
    "2nd": "2", "3rd": "3", "4th": "4", "final": "last", "last": "last", "latter": "last", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "single": "1", "dual": "2",
}  # fmt: skip
CLASSES = ("align", "pretrain", "mid", "sft", "preference", "rl", "finetune")


class Mark(NamedTuple):
    """One mention of a stage at `[start, end)`: `kind` is "ordinal", "class" or "verb", `name` the words used."""

    kind: str
    key: str
    name: str
    start: int
    end: int


_NUMBERED = wording("stages_marks.numbered")
_ORDINAL = wording("stages_marks.ordinal")


_NEXT = wording("stages_marks.next")


def opens_next(sentence: str) -> bool:
    """Does a sentence open with the stage behind the one before: "In the subsequent stage, ..."?"""
    found = _NEXT.search(sentence, 0, _OPENING) if "e " in sentence else None
    return found is not None


_OPENING = 70  # letters in which a sentence says which stage it is on
_STEP = wording("stages_marks.step")


def steps(sentence: str) -> Iterator[Mark]:
    """`Step 1: ...` as ordinals: for sections on training alone, since anything has steps."""
    for match in _STEP.finditer(sentence):
        yield Mark("ordinal", _key(match["key"]), match[0], match.start(), match.end())


_INLINE_TITLE = wording("stages_marks.inline_title")


_TITLE_AT_END = wording("stages_marks.title_at_end")


def title_at_end(sentence: str) -> Mark | None:
    """`is trained in three stages: (1) Joint Tuning.`: the title that a stop cuts off from its item."""
    match = _TITLE_AT_END.search(sentence)
    title = _INLINE_TITLE.fullmatch(match["title"]) if match is not None else None
    if match is None or title is None:
        return None
    return Mark("ordinal", _key(title["key"]), match["title"], match.start("title"), match.end("title"))


def inline_title(sentence: str) -> Mark | None:
    """`(2) Joint Tuning Stage.` as an ordinal: for sections on training alone."""
    match = _INLINE_TITLE.fullmatch(sentence)
    return Mark("ordinal", _key(match["key"]), match[0], match.start(), match.end()) if match is not None else None


_SHORT = wording("stages_marks.short")


def _key(text: str) -> str:
    lower = text.lower()
    if len(lower) == len("1a") and lower[0].isdigit():
        return f"{lower[0]}.{_ROMAN[lower[1]]}"  # "Stage 1a" is the first part of stage 1
    return _NUMBERS.get(lower) or _ROMAN.get(lower) or lower


_BEFORE_STEP = ("first ", "second ", "third ", "fourth ", "final ", "last ")


def ordinals(sentence: str) -> Iterator[Mark]:
    """Numbered mentions: `Stage 2`, `the second training phase`, `stages 1 and 2` (one mark each)."""
    lower = sentence.lower()
    staged = "stage" in lower or "phase" in lower
    if not staged and (" step" not in lower or not any(word in lower for word in _BEFORE_STEP)):
        return
    found: list[Mark] = []
    for pattern in (_NUMBERED, _ORDINAL) if staged else (_ORDINAL,):
        for match in pattern.finditer(sentence):
            groups = match.groupdict()
            keys = [_key(groups[name]) for name in ("a", "b", "c") if groups.get(name)]
            keys += _further(keys, groups.get("more") or "")
            if groups.get("d"):  # "the first two stages", "the last two stages"
                keys = [str(k + 1) for k in range(int(_key(groups["d"])))] if keys == ["1"] else []
            found.extend(Mark("ordinal", key, match.group(0), match.start(), match.end()) for key in keys)
    yield from found
    if found:  # "1e-4 in the first stage and 5e-5 in the second"
        for match in _SHORT.finditer(sentence, found[0].end):
            if all(match.start() >= mark.end or match.end() <= mark.start for mark in found):
                yield Mark("ordinal", _key(match["key"] or match["key2"]), match[0], match.start(), match.end())


_JOINT = re.compile(r"\s?(?:(?P<range>to|–|-)|, and|,|&|and|/)\s?(?P<key>[\w.]+)", re.IGNORECASE)


def _further(keys: Sequence[str], more: str) -> Iterator[str]:
    """The rest of `stages 1, 2 and 3`, or of `stages 1-3`."""
    before = keys[0] if keys else ""
    for match in _JOINT.finditer(more):
        key = _key(match["key"])
        if match["range"] and before.isdigit() and key.isdigit():
            yield from (str(number) for number in range(int(before) + 1, int(key)))
        yield key
        before = key


@cache
def _classes() -> Words:
    rows = load_rules("stages_marks").of("stage.class.")
    return Words([(row.id.split(".")[2], row.pattern) for row in rows], bound=True)


def named(sentence: str) -> Iterator[Mark]:
    """Names of kinds of stage, wherever they stand (also inside longer words' phrases)."""
    for kind, start, end in _classes().find(folded(sentence)):
        yield Mark("class", kind, sentence[start:end], start, end)


_AS_STAGE = wording("stages_marks.as_stage")
_BEFORE = wording("stages_marks.before")
_ARTICLE = re.compile(r"(?:(?:the|our) )?")
_RUNS = wording("stages_marks.runs")
_TRAINS = wording("stages_marks.trains")
_DONE = wording("stages_marks.done")
_AND = wording("stages_marks.and")
_PREPOSITION = wording("stages_marks.preposition")


def stage_names(sentence: str) -> Iterator[Mark]:
    """Kinds used as a stage: `the alignment stage`, `during pre-training`, `for supervised fine-tuning,`."""
    lower = folded(sentence)
    if "stage" in lower or "phase" in lower or "step" in lower:
        for mark in named(sentence):
            if _AS_STAGE.match(lower, mark.end) or _BEFORE.search(lower[max(0, mark.start - 14) : mark.start]):
                yield mark
        return
    end = 0
    opening = _ARTICLE.match(lower)
    subject = _classes().match(lower, opening.end()) if opening is not None else None
    runs = subject is not None and (
        _TRAINS.match(lower, subject[1]) or (subject[0] == "mid" and _RUNS.match(lower, subject[1]))
    )  # no other kind is as surely ours
    if subject is not None and opening is not None and runs:
        yield Mark("class", subject[0], sentence[opening.end() : subject[1]], opening.end(), subject[1])
        end = subject[1]
    size = len(lower)
    prepositions = led_matches(_PREPOSITION.lead, _PREPOSITION.regex, lower, 0, size)
    for before in (*prepositions, *led_matches(_DONE.lead, _DONE.regex, lower, 0, size)):
        start = before.end()
        match = _classes().match(lower, start) if start >= end else None
        while match is not None:
            kind, end = match
            yield Mark("class", kind, sentence[start:end], start, end)
            beside = _AND.match(lower, end)  # "for alignment and instruction tuning"
            start = beside.end() if beside is not None else end
            match = _classes().match(lower, start) if beside is not None else None


_VERB = wording("stages_marks.verb")


def verbs(sentence: str) -> Iterator[Mark]:
    """`we pre-train ... and then fine-tune ...` as marks of two stages."""
    lower = folded(sentence)
    for match in led_matches(_VERB.lead, _VERB.regex, lower, 0, len(lower)):
        start, end = match.span()
        yield Mark("verb", match.lastgroup or "", sentence[start:end], start, end)


class Count(NamedTuple):
    """A stated number of stages."""

    n: int
    start: int
    end: int
    of_pretraining: bool


@cache
def _counts() -> tuple[tuple[re.Pattern[str] | None, re.Pattern[str]], ...]:
    """Patterns for text in lower case, each behind its lead."""
    return tuple((row.lead, row.regex) for row in load_rules("stages_marks").of("stage.count."))


_TRAINING = wording("stages_marks.training")
_FOREIGN = wording("stages_marks.foreign")
_NAMELESS = wording("stages_marks.nameless")
_MODELS = wording("stages_marks.models")
_OTHERS = wording("stages_marks.others")


def is_foreign(sentence: str) -> bool:
    """Is the staged thing something else than training (annotation, inference, detection)?"""
    return _FOREIGN.stands_in(folded(sentence)) is not None


def sounds_foreign(name: str) -> bool:
    """Would a model's name be taken for somebody else's ("LLaVA-Foo", "Foo-CLIP")?"""
    return "-" in name and _MODELS.search(name) is not None


def is_name(text: str) -> bool:
    """May a text be a stage's name: no function words alone, no number, formula or rest of a citation?"""
    return bool(text) and _NAMELESS.search(text) is None


_WE = wording("stages_marks.we")
_OF_ANOTHER = wording("stages_marks.of_another")
_SOME_OF_THEM = wording("stages_marks.some_of_them")
_TAKEN_OVER = wording("stages_marks.taken_over")


def _is_of_others(before: str) -> bool:
    """Do the words before a count speak of somebody else's training? "Following X, we adopt a" speaks of ours."""
    other = _OTHERS.search(before)
    if other is None or _WE.search(before, other.end()) is not None:
        return False
    return _TAKEN_OVER.search(before[: other.start()]) is None


def counts(sentence: str, *, in_training: bool = False) -> Iterator[Count]:
    """Stated numbers of training stages; `in_training`: the section is about training, so that a bare count counts."""
    lower = folded(sentence)
    if "stage" not in lower and "phase" not in lower and "steps" not in lower and "-step" not in lower:
        return
    seen: set[tuple[int, int]] = set()
    for lead, pattern in _counts():
        for match in led_matches(lead, pattern, lower, 0, len(lower)):
            what = match.start("what")
            around = sentence[max(0, match.start() - 70) : match.end()]
            is_step = "step" in lower[match.start() : what]
            if not _TRAINING.search(around) and (is_step or not in_training):
                continue
            if is_foreign(match.group(0)) or _is_of_others(sentence[: match.start()]):
                continue
            before = lower[: match.start("n")]
            if _INSIDE_ONE.search(sentence[: match.start()]) or _SOME_OF_THEM.search(before):
                continue
            if _OF_ANOTHER.search(before):
                continue
            text = match.group("n")
            n = int(_NUMBERS.get(text, text))
            place = (match.start(), n)
            if place not in seen:
                seen.add(place)
                scope = sentence[max(0, match.start() - 70) : what]
                early = _OF_PRETRAINING.search(scope) or _IS_PRETRAINING.match(sentence, what)
                yield Count(n, match.start(), match.end("n"), early is not None)


_INSIDE_ONE = wording("stages_marks.inside_one")
_IS_PRETRAINING = wording("stages_marks.is_pretraining")
_OF_PRETRAINING = wording("stages_marks.of_pretraining")

_ENUMERATED = wording("stages_marks.enumerated")


def enumerated(text: str, n: int) -> list[str]:
    """Names in `(1) projector warm-up, (2) joint training, and (3) ...`; empty unless there are exactly `n`."""
    names: list[str] = []
    for match in _ENUMERATED.finditer(text):
        key = match.group("k").lower()
        key = _ROMAN.get(key) or ({"a": "1", "b": "2", "c": "3", "d": "4"}.get(key, key))
        if key == str(len(names) + 1):
            names.append(re.sub(r"\s+and$", "", match.group("name").strip()))
    return names if len(names) == n else []


_ITEM_TITLE = wording("stages_marks.item_title")


def item_title(text: str) -> Mark | None:
    """A list item with a title of its own, `ii) Joint Training: We then ...`: its number and title; None for any other text."""
    match = _ITEM_TITLE.match(text)
    if match is None:
        return None
    key = match.group("k")
    return Mark("item", _ROMAN.get(key, key), match.group("name").strip(), match.start(), match.end())
