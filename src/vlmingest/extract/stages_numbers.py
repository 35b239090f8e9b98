"""Numbers of a training run in one sentence: learning rate, batch size, epochs, steps, samples, image resolution.

Values are kept as the record wants them: learning rate as `2e-5`, batch size as an integer, epochs as a float, steps
and samples as written (`300k`, `660K`). Each finding carries its place: a sentence may speak of two stages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from vlmingest.extract.leads import has_any
from vlmingest.extract.stages_part_rates import Rate, rates_of_parts
from vlmingest.extract.stages_words import folded
from vlmingest.extract.wording import wording


class Number(NamedTuple):
    """A value of `kind` (learning_rate, batch_size, epochs, steps, samples, image_resolution) at `[start, end)` of the sentence."""

    kind: str
    value: str
    start: int
    end: int


_MINUS = "[-−–‐]"
# 2e-5 | 2e −5 | 2 × 10−5 | 8 ∗ 10^-4 | 10−4 | 0.001 | 2×10 e-6
_RATE = (
    rf"(?:\d+(?:\.\d+)?\s?[eE]\s?\^?[{{(]?\s?{_MINUS}\s?\d{{1,2}}[)}}]?"
    rf"|\d+(?:\.\d+)?\s?(?:[x×*·∗⋅⇥]|\\times|\\cdot)\s?10\s?(?:\^|\*\*|e)?\s?[{{(]?\s?{_MINUS}\s?\d{{1,2}}(?!\d)[)}}]?"
    rf"|\b10\s?(?:\^|\*\*)?\s?[{{(]?\s?{_MINUS}\s?[1-9](?!\d|\s?(?:%|epoch|step|shot))[)}}]?|\b10e{_MINUS}\d\b|0?\.0\d{{1,9}})"
)
RATE = re.compile(_RATE)
_COUNT = r"\d+(?:[,.']\d+)*(?:\s?[kKMBT]\b)?"
# as the fragment `number_word` of the rows has them
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "single": 1, "a": 1}

_RATE_CUE = wording("stages_numbers.rate_cue")
_BARE = wording("stages_numbers.bare")
_SMALL = re.compile(rf"\d\s?[eE]\s?{_MINUS}")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_NOT_PLAIN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]")
_FALLS = wording("stages_numbers.falls")
_BOUND = wording("stages_numbers.bound")
_IN_BRACKETS = re.compile(r"\s?\([^()]*\)")
_GOES_UP = wording("stages_numbers.goes_up")
_RISES = wording("stages_numbers.rises")
_OF_OTHER = wording("stages_numbers.of_other")
_BATCH = wording("stages_numbers.batch")
_BATCH_OF = wording("stages_numbers.batch_of")
_BATCH_LIST = wording("stages_numbers.batch_list")
_BATCH_AFTER = wording("stages_numbers.batch_behind")
_WHOLE_BATCH = wording("stages_numbers.whole_batch")
_PER_DEVICE = wording("stages_numbers.per_device")
_EPOCHS_TOLD = wording("stages_numbers.epochs_told")
_RESOLUTION = wording("stages_numbers.resolution")
_EPOCHS = wording("stages_numbers.epochs")
_STEPS = wording("stages_numbers.steps")
_WARM_UP = wording("stages_numbers.warm_up")
_SAMPLES = wording("stages_numbers.samples")


_SAMPLED = (
    "pairs", "samples", "examples", "images", "tokens", "instructions", "conversations", "dialogues", "videos", "instances",
    "data",
)  # fmt: skip


def plain_digits(text: str) -> str:
    """Superscript and mathematical digits and letters as plain ones, letter for letter."""
    return text if text.isascii() or _NOT_PLAIN.search(text) is None else text.translate(_PLAIN)


def normal_rate(text: str) -> str:
    """`2 × 10−5`, `2e −5` and `0.00002` as `2e-5`; the text itself if it is no number."""
    plain = re.sub(rf"{_MINUS}", "-", text)
    plain = re.sub(r"\\times|\\cdot", "x", plain)
    plain = re.sub(r"[\s{}()^]|\*\*", "", plain)
    match = re.fullmatch(r"(?:(\d+(?:\.\d+)?)[x×*·∗⋅⇥])?10e?-(\d+)|(\d+(?:\.\d+)?)[eE]-(\d+)|(0?\.\d+)", plain)
    if not match:
        return text
    if match.group(5):
        mantissa, _, exponent = f"{float(match.group(5)):e}".partition("e-")
        return f"{float(mantissa):g}e-{int(exponent)}" if exponent else text
    return f"{float(match.group(1) or match.group(3) or 1):g}e-{int(match.group(2) or match.group(4))}"


def integer(text: str) -> int | None:
    """`1,152`, `32 k`, `164K`, `1.2M` as integers; None for what is no count."""
    match = re.fullmatch(r"(\d+(?:[,']\d{3})*(?:\.\d+)?)\s?([kKMB]?)", text.strip())
    if not match:
        return None
    scale = {"": 1, "k": 1000, "K": 1000, "M": 1_000_000, "B": 1_000_000_000}[match.group(2)]
    value = float(re.sub(r"[,']", "", match.group(1))) * scale
    return int(value) if value == int(value) else None


def rates(sentence: str) -> Iterator[Number]:
    """Learning rates: numbers of that shape after the words "learning rate", decay and warm-up values left out."""
    place = _RATE_CUE.stands_in(folded(sentence))
    cue = _RATE_CUE.match(sentence, place.start()) if place is not None else None
    if cue is None and _SMALL.search(sentence):
        cue = _BARE.search(sentence)
    if not cue:
        return
    previous: Number | None = None
    yielded: list[Number] = []
    for match in RATE.finditer(sentence):
        between = sentence[cue.end() : match.start()] if match.start() >= cue.end() else None
        lead = sentence[max(0, match.start() - 60) : match.start()].lower()
        clause = lead[max(lead.rfind(","), lead.rfind(";")) + 1 :]
        if between is None and not _NAMED_BEHIND.match(sentence, match.end()):
            continue
        named = max((found.end() for found in _RATE_CUE.finditer(clause)), default=0)
        is_other = _OTHER_NUMBER.search(clause, named)
        if is_other and not _listed_first(sentence, cue.start(), match):
            continue
        near = (
            _LAST_NUMBER.sub("", clause) if "warm" in clause else ""
        )  # not "a warm-up ratio of 0.03 and a learning rate of"
        if "warm" in near and "to" not in near and "peak" not in near:
            continue
        if _OF_OTHER.match(sentence, match.end()) or _BOUND.search(clause):
            continue
        if previous is not None:
            between_rates = _IN_BRACKETS.sub("", sentence[previous.end : match.start()])
            # "from 1e-6 to 1e-4" rises, whatever the words before it
            lower = _is_less(previous.value, match.group(0))
            rising = _TO.fullmatch(between_rates) is not None and lower
            rising |= lower and _GOES_UP.search(between_rates) is not None and not _FALLS.search(between_rates)
            rising |= bool(_RISES.search(between_rates) and not _FALLS.search(between_rates))
            if rising:  # "starts at 1e-6 and warms up to 1e-4"
                previous = None
                yielded.pop()
            elif _FALLS.search(between_rates) or _TO.fullmatch(between_rates):  # "decays from 1e-4 to 1e-6"
                continue
        previous = Number("learning_rate", normal_rate(match.group(0)), match.start(), match.end())
        yielded.append(previous)
    if len(yielded) == _BOUNDS and (bounds := _MAX_AND_MIN.search(sentence[: yielded[0].start])) is not None:
        yielded = yielded[:1] if bounds["first"].lower().startswith("max") else yielded[1:]
    if len(yielded) > 1 and _OF_THE_REST.match(sentence, yielded[-1].end):
        yielded = yielded[-1:]  # "5e-6 for the largest model, and 2e-5 for the others"
    told = [Rate(rate.value, rate.start, rate.end) for rate in yielded]
    combined = rates_of_parts(sentence, told) if len(told) > 1 and _FOR_PARTS.search(sentence) else ""
    if combined:
        yield Number("learning_rate", combined, yielded[0].start, yielded[-1].end)
    else:
        yield from yielded


def _is_less(one: str, two: str) -> bool:
    """Is the first of two learning rates the lower?"""
    try:
        return float(one) < float(normal_rate(two))
    except ValueError:
        return False


_BOUNDS = 2
_MAX_AND_MIN = wording("stages_numbers.max_and_min")
_FOR_PARTS = wording("stages_numbers.for_parts")
_NAMED_BEHIND = wording("stages_numbers.named_behind")
_OF_THE_REST = wording("stages_numbers.of_the_rest")
_TO = wording("stages_numbers.to")
_LAST_NUMBER = re.compile(r"\A.*[\d:)](?=[^\d:)]*\Z)", re.DOTALL)  # ... or bracket: "Phase 1 (Warm-up): trained at"
_OTHER_NUMBER = wording("stages_numbers.other_number")


_LIST_OF_NAMES = wording("stages_numbers.list_of_names")


def _listed_first(sentence: str, cue: int, match: re.Match[str]) -> bool:
    """In `learning rate and weight decay are set to 9e-3 and 0.02` the first number after the list is the rate."""
    listed = _LIST_OF_NAMES.search(sentence, cue, match.start())
    return listed is not None and not RATE.search(sentence, listed.end(), match.start())


_LISTED = wording("stages_numbers.listed")
_LISTED_NAMES = ("batch size", "learning rate", "weight decay", "epoch")
_LEAST_LISTED = 2


def respectively(sentence: str) -> list[Number]:
    """Read `the batch size, learning rate and weight decay are set to 32, 9e-3 and 0.02, respectively`."""
    if "respectively" not in sentence or sum(map(sentence.count, _LISTED_NAMES)) < _LEAST_LISTED:
        return []  # a list has two names, and the search for it is slow
    match = _LISTED.search(sentence + " and ")
    if not match:
        return []
    names = [x.strip().lower() for x in re.split(r",| and ", match.group(1)) if x.strip()]
    names[-1] = re.split(r"\b(?:are|were|is|to)\b", names[-1])[0].strip()
    tail_start = sentence.find(names[-1].split()[-1] if names[-1] else "", match.start())
    values = list(re.finditer(rf"{_RATE}|{_COUNT}", sentence[max(tail_start, 0) :]))
    found: list[Number] = []
    for name, value in zip(names, values, strict=False):
        kind = (
            "learning_rate"
            if "learning rate" in name
            else "batch_size"
            if "batch" in name
            else "epochs"
            if "epoch" in name
            else ""
        )
        if kind:
            text = normal_rate(value.group(0)) if kind == "learning_rate" else value.group(0)
            start = max(tail_start, 0) + value.start()
            found.append(Number(kind, text, start, start + len(value.group(0))))
    return found


_DIGIT = re.compile(r"\d")


def numbers(sentence: str) -> list[Number]:
    """All numbers of a training run in `sentence`, in order of place."""
    if not _DIGIT.search(sentence) and "epoch" not in sentence:
        return []
    lower = sentence.lower()
    found: list[Number] = respectively(sentence)
    kinds = {number.kind for number in found}
    sentence = plain_digits(sentence)
    if ("rate" in lower or "lr" in lower or "warm" in lower or "e-" in lower) and "learning_rate" not in kinds:
        found.extend(rates(sentence))
    if ("batch" in lower or "BS" in sentence) and "batch_size" not in kinds:
        found.extend(_batches(sentence))
    if "epoch" in lower:
        for match in _EPOCHS.finditer(sentence):
            value = match.group(1) or str(_WORDS[match.group(2).lower()])
            if not _WARM_UP.search(sentence[max(0, match.start() - 12) : match.end() + 10]):
                found.append(Number("epochs", value, match.start(), match.end()))
        found.extend(Number("epochs", match.group(1), *match.span(1)) for match in _EPOCHS_TOLD.finditer(sentence))
    if "resol" in lower or "size" in lower or "pixel" in lower or "image" in lower:
        found.extend(_resolutions(sentence))
    if "steps" in lower or "iterations" in lower:
        found.extend(
            Number("steps", re.sub(r"\s", "", match.group(1)), match.start(), match.end())
            for match in _STEPS.finditer(sentence)
            if not _WARM_UP.search(sentence[max(0, match.start() - 16) : match.end() + 10]) and integer(match.group(1))
        )
    for match in _SAMPLES.finditer(sentence) if has_any(sentence.lower(), _SAMPLED) else ():
        if sentence[: match.start()].endswith("first "):  # of a warm-up
            continue
        text = _scaled(match.group(1))
        if re.search(r"[A-Za-z]", text) or (integer(text.lstrip("~")) or 0) >= 100:
            found.append(Number("samples", text, match.start(), match.end()))
    return sorted(found, key=lambda number: number.start)


def _scaled(text: str) -> str:
    """`1.2 million` as `1.2M`."""
    for word, letter in (("thousand", "K"), ("million", "M"), ("billion", "B"), ("trillion", "T")):
        text = re.sub(rf"\s?{word}", letter, text, flags=re.IGNORECASE)
    return re.sub(r"\s", "", text)


def _resolutions(sentence: str) -> Iterator[Number]:
    for match in _RESOLUTION.finditer(sentence):
        group = 1 if match.group(1) else 2
        side = int(match.group(group))
        if 64 <= side <= 4096 and sentence[match.end() : match.end() + 1] not in ("K", "k", "M"):
            yield Number("image_resolution", str(side), match.start(group), match.end(group))


def _batches(sentence: str) -> Iterator[Number]:
    per_device: Number | None = None
    whole = False
    for pattern in (_BATCH, _BATCH_AFTER, _BATCH_OF):
        for match in pattern.finditer(sentence):
            value = integer(match.group(match.lastindex or 1))
            if value is None or (value < 2 and not _PER_DEVICE.search(sentence)):
                continue
            number = Number("batch_size", str(value), *match.span(match.lastindex or 1))
            near = sentence[max(0, match.start() - 20) : match.end() + 20]
            if _PER_DEVICE.search(near) and not _WHOLE_BATCH.search(near):
                per_device = per_device or number
                continue
            whole = True
            yield number
            further = _BATCH_LIST.match(sentence, match.end(1)) if "sizes" in match.group(0).lower() else None
            while further is not None and (value := integer(further.group(1))) is not None and value > 1:
                yield Number("batch_size", str(value), further.start(1), further.end(1))
                further = _BATCH_LIST.match(sentence, further.end(1))
    if per_device and not whole and int(per_device.value) > 16:
        yield per_device
