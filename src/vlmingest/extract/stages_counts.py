"""What counts the stages of a training: stated numbers ("a three-stage recipe"), and ordinals in a row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from vlmingest.extract import stages_marks as marks
from vlmingest.extract.leads import has_any
from vlmingest.extract.stages_kinds import OWN
from vlmingest.extract.stages_passage import ZONE_WEIGHT, Passage
from vlmingest.extract.wording import wording

WITH_NAMES = 1.5  # what names add to a stated number
_LEAST_SAID = 0.6
_LEAST_INNER = 3  # numbers of stages within phases
_TRAINS = wording("stages_kinds.trains")
_PRETRAINING = wording("stages_kinds.in_pretraining")
_TRAINING = wording("stages_kinds.of_training")


def leave_outer_numbers(passages: Sequence[Passage]) -> None:
    """Where phases are made of stages (or the other way round), only what has more numbers counts stages.

    "Phase 1: general training. In Stage 1, ... In Stage 1.5, ... In Stage 2, ... Phase 2: robots. In Stage 3, ...".
    """
    numbers: dict[str, set[str]] = {"stage": set(), "phase": set()}
    for passage in passages:
        if passage.may_count and passage.zone in ("training", "method") and not passage.is_foreign:
            for mark in passage.ordinals:
                for word, found in numbers.items():
                    if word in mark.name.lower():
                        found.add(mark.key)
    fewer, more = sorted(numbers, key=lambda word: len(numbers[word]))
    if len(numbers[more]) > len(numbers[fewer]) and len(numbers[more]) >= _LEAST_INNER and "1" in numbers[fewer]:
        for passage in passages:
            if fewer in passage.text.lower():
                passage.count_not_by(fewer)


def chain_vote(weight: float, *, disputed: bool) -> float:
    """What a row of ordinals adds: against a stated number only much talk of them counts, for a part may have stages, too."""
    return min(5.0, 0.2 * max(0.0, weight - 5.0)) if disputed else 1.5 + min(5.0, 0.4 * weight)


def count_votes(passages: Sequence[Passage]) -> tuple[dict[int, float], dict[int, tuple[int, int]], dict[int, float]]:
    """Votes for each stated number, where it is stated best, and what of the votes is said of pre-training alone."""
    votes: dict[int, float] = defaultdict(float)
    pretraining: dict[int, float] = defaultdict(float)
    best: dict[int, tuple[float, tuple[int, int]]] = {}
    for passage in passages:
        weight = ZONE_WEIGHT.get(passage.zone, 0.0)
        if not weight:
            continue
        in_training = passage.zone in ("training", "method")
        for count in marks.counts(passage.text, in_training=in_training):
            own = weight * (1.3 if OWN.search(passage.text) else 1.0)
            if marks.enumerated(passage.text, count.n) or listed_names(passage.text, count.n):
                own += WITH_NAMES
            if count.n > 1 and _stands_in_tuning(passage):
                own *= _OF_ONE_STAGE
            votes[count.n] += own
            if count.of_pretraining or _PRETRAINING.search(passage.title):
                pretraining[count.n] += own
            if own > best.get(count.n, (0.0, (0, 0)))[0]:
                best[count.n] = (own, (passage.start, passage.end))
    return votes, {n: place for n, (_, place) in best.items()}, pretraining


_OF_ONE_STAGE = 0.3  # what is counted in a section on instruction tuning may be the parts of that stage
_TUNING = frozenset({"sft", "finetune"})


def _stands_in_tuning(passage: Passage) -> bool:
    """Does a passage stand in a section on instruction tuning alone? "Post-training" may be all of several stages."""
    kinds = {mark.key for mark in marks.named(passage.title)}
    return bool(kinds) and kinds <= _TUNING and "post-" not in (passage.title + passage.text).lower()


def longest_chain(passages: Sequence[Passage]) -> tuple[list[str], float]:
    """The longest run of ordinals that speak of training ("1", "1.5", "2"; the first may be "0"), and their weight."""
    weights: dict[str, float] = defaultdict(float)
    in_figures: set[str] = set()  # "Stage 3": where all are numbered so, the last one is among them
    behind = 0.0  # "in the subsequent stage"
    for passage in passages:
        zone = ZONE_WEIGHT.get(passage.zone, 0.0)
        if passage.zone in ("training", "method") and marks.opens_next(passage.text):
            behind += zone / 3
        found = passage.ordinals if zone >= 1.0 else ()
        if not found or passage.is_foreign:
            continue
        titled = passage.is_heading and passage.zone == "training"
        if not titled and not _TRAINING.search(passage.text + passage.title):
            continue
        if passage.zone in ("introduction", "abstract", "data") and not _TRAINS.search(passage.text):
            continue
        for mark in found:
            weights[mark.key] += zone / 3
            if any(letter.isdigit() for letter in mark.name):
                in_figures.add(mark.key)
    if "1" not in weights and weights.get("2", 0.0) >= 1.0:
        weights["1"] = weights["2"]  # a second phase has a first
    k = 0
    while weights.get(str(k + 1), 0.0) >= 0.6:
        k += 1
    if (
        weights.get("last", 0.0) >= 0.6
        and k >= 2
        and str(k) not in in_figures
        and str(k + 1) not in weights
        and weights.get("last", 0) * 2 > weights[str(k)]
    ):
        k += 1
    if k >= 1 and behind >= _LEAST_SAID and "last" not in weights:
        k += 1
    between = [key for key in weights if "." in key and float(key) < k and weights[key] >= 0.6]
    first = 0 if k >= 1 and weights.get("0", 0.0) >= _LEAST_SAID else 1
    whole = [str(number) for number in range(first, k + 1)]
    return sorted([*whole, *between], key=float), sum(weights.values())


_NAMES_BEHIND = wording("stages_kinds.names_behind")
_NAMES_AFTER = wording("stages_kinds.names_after")
_BETWEEN_NAMES = wording("stages_kinds.between_names")


def listed_names(sentence: str, n: int) -> list[str]:
    """`three stages, including A, B, and C` or `: A, B and C`."""
    match = _NAMES_BEHIND.search(sentence) or _NAMES_AFTER.search(sentence)
    if not match:
        return []
    items = [item.strip() for item in _BETWEEN_NAMES.split(match.group(1)) if item.strip()]
    return items if len(items) == n and all(len(item) < 70 and marks.is_name(item) for item in items) else []


_CONSISTS = wording("stages_kinds.consists")
_CONSISTING = ("includ", "compris", "consist", "involv", "covers", "spans", "goes", "composed", "made up", ": (")
_ITEM_NUMBER = re.compile(r"\((?:[a-e]|[1-6]|i{1,3}|iv)\)\s")
_BETWEEN = wording("stages_kinds.between")
_SHORT_ITEM = 60  # letters of a name with its article


def kinds_listed(passages: Iterable[Passage]) -> Iterator[tuple[Passage, list[str]]]:
    """Sentences that list kinds of training and nothing else: "the pipeline includes pre-training, SFT, and DPO"."""
    for passage in passages:
        if passage.is_heading or not has_any(passage.text.lower(), _CONSISTING):
            continue
        match = _CONSISTS.search(passage.text)
        if match is None or passage.is_foreign or next(marks.counts(match["list"], in_training=True), None) is not None:
            continue  # "three stages of pre-training followed by SFT"
        items = [item.strip() for item in _BETWEEN.split(_ITEM_NUMBER.sub("", match["list"])) if item.strip()]
        found = [{mark.key for mark in marks.named(item)} for item in items]
        told = len(items) > 1 and all(
            len(kinds) == 1 and len(item) < _SHORT_ITEM for kinds, item in zip(found, items, strict=True)
        )
        if told and len({min(kinds) for kinds in found}) == len(items):
            yield passage, items
