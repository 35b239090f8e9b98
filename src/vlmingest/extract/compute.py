"""Accelerators used to train: device, count and hours, from sentences on training.

Rows of rules/compute.toml name the devices and the words that make a sentence speak of training or of something else
(inference, annotation). Where a paper names no device, a count of plain "GPUs" stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pydantic import JsonValue

from vlmingest.extract.headings import SectionKind
from vlmingest.extract.rival_tables import is_of_rivals
from vlmingest.extract.rivals import names_rival
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import Voice, own_names, voice
from vlmingest.records import Candidate, FieldName

_SKIP = frozenset({SectionKind.RELATED, SectionKind.REFERENCES})
_SPACES = re.compile(r"[\s-]+")
_OUR = re.compile(r"\b[Oo]ur\b")
_READER = "training.compute.v2"
_LEAST = 0.1
_RIVAL = 0.25
_NOT_TRAINED = 0.05
_UNSAID = 0.45  # many devices in a section on training, whose sentence does not say what they do
_SMALL = 0.3
_MANY = 8  # devices that a model of this kind is trained on
_HARDWARE = ("gpu", "tpu", "device", "hardware", "accelerator", "compute", "training", "chip")  # one is in table_head
_IN_TABLE = 0.75
_FROM_BEFORE = 0.8  # where only the sentence before says that something is trained


# weight, start, end, hours
_Place = tuple[float, int, int, float | None]


@cache
def _rule(name: str) -> Rule:
    return next(rule for rule in load_rules("compute").rules if rule.id == f"compute.{name}.v1")


def read_compute(view: PaperView) -> Iterator[Candidate]:
    """One candidate per device and count; a device without a count only where none has one."""
    best: dict[tuple[str, int | None], _Place] = {}
    judged: dict[int, tuple[float, float | None]] = {}
    for sentence, start, end, device, count in _mentions(view):
        if sentence.start not in judged:  # once: a sentence may be long and name many
            judged[sentence.start] = (_weight(view, sentence), _hours(view, sentence))
        weight, hours = judged[sentence.start]
        if weight >= _LEAST and _needed_by_rival(view, sentence, start):
            weight *= _RIVAL
        if weight == _NOT_TRAINED and (count or 0) >= _MANY and sentence.section is SectionKind.TRAINING:
            weight = _UNSAID if not _rule("not_training").regex.search(view.quote(sentence)) else weight
        if weight < _LEAST:
            continue
        name = device_name(device)
        place = (name, count)
        if place not in best or best[place][0] < weight:
            best[place] = (weight, start, end, hours)
    for weight, start, end, device, count in _in_tables(view):
        place = (device_name(device), count)
        if place not in best or best[place][0] < weight:
            best[place] = (weight, start, end, None)
    best = _without_small_ones(_longest(best))
    named = [name for name, _ in best]
    for (name, count), (weight, start, end, hours) in sorted(best.items(), key=lambda item: (-item[1][0], item[1][1])):
        if count is None and any(other == name and number is not None for other, number in best):
            continue
        if name in ("GPU", "TPU") and any(other not in ("GPU", "TPU") for other in named):
            continue
        attributes: dict[str, JsonValue] = {"count": count, "hours": hours}
        yield Candidate(
            field=FieldName.COMPUTE,
            value=name,
            attributes=attributes,
            evidence=(view.evidence(start, end, _READER),),
            reader=f"rule:{_READER}",
            confidence=round(weight * (1.0 if count else 0.8), 4),
        )


def _longest(best: dict[tuple[str, int | None], _Place]) -> dict[tuple[str, int | None], _Place]:
    """The places under the longest form of each device: "P800" is the "Kunlun P800" of another sentence."""
    names = sorted({name for name, _ in best}, key=lambda name: (-len(name), name))
    found: dict[tuple[str, int | None], _Place] = {}
    for (name, count), place in best.items():
        full = next(other for other in names if name in other)
        known = found.get((full, count))
        if known is None or known[0] < place[0]:
            found[full, count] = place
    return found


def _without_small_ones(best: dict[tuple[str, int | None], _Place]) -> dict[tuple[str, int | None], _Place]:
    """Without single devices beside many of another kind: what is trained on 128 of one is only run on one of the other."""
    most: dict[str, int] = {}
    for name, count in best:
        most[name] = max(most.get(name, 0), count or 0)
    many = {name for name, count in most.items() if count >= _MANY}
    return {
        (name, count): (
            place[0] * _SMALL if count == 1 and many - {name} and name not in many else place[0],
            *place[1:],
        )
        for (name, count), place in best.items()
    }


def _in_tables(view: PaperView) -> Iterator[tuple[float, int, int, str, int | None]]:
    """Devices in rows and columns on hardware, of tables on the own training or without another model in that row."""
    head = _rule("table_head").regex
    for table in view.tables:
        if table.section in _SKIP or is_of_rivals(view, table):
            continue
        labels = "\n".join((*table.headers, *(row[0] for row in table.table.cells if row))).lower()
        if not any(word in labels for word in _HARDWARE):
            continue
        columns = [index for index, header in enumerate(table.headers) if head.search(header)]
        labelled = [index for index, row in enumerate(table.table.cells) if row and head.search(row[0])]
        if not columns and not labelled:
            continue
        for index, row in enumerate(table.table.cells):
            cells = row if index in labelled else [row[column] for column in columns if column < len(row)]
            span = table.row_span(index)
            if span is None or names_rival(view, span.start, span.end) or index < table.table.header_rows:
                continue
            for cell in dict.fromkeys(cells):
                match = _rule("device").regex.search(cell)
                if match is not None and not _rule("not_training").regex.search(table.caption + " " + row[0]):
                    before = _rule("count_before").regex.search(cell[: match.start()])
                    after = before or _rule("count_after").regex.search(cell[match.end() :])
                    yield (
                        _IN_TABLE,
                        span.start,
                        span.end,
                        match.group("device"),
                        _number(after.group("n")) if after else None,
                    )


def device_name(raw: str) -> str:
    """The canonical name of a device as written: "TPU-v4" and "Cloud TPU v4" are "TPUv4"."""
    name = _SPACES.sub(" ", raw).strip().removeprefix("Cloud").removeprefix("GeForce").strip()
    devices = load_rules("compute").data["devices"]
    spaced = re.sub(r"(?<=[A-Za-z]) ?[vV](?=\d)", " v", name)
    known: str = devices.get(spaced, name)
    return known


def _mentions(view: PaperView) -> Iterator[tuple[Sentence, int, int, str, int | None]]:
    for sentence, match in view.hits(_rule("glued_device")):
        yield sentence, match.start(), match.end(), match.group("device"), int(match.group("n"))
    for sentence, match in view.hits(_rule("device")):
        start, end = match.span("device")
        if _rule("device_hours").regex.search(view.text[end : min(end + 24, sentence.end)]):
            yield sentence, start, end, match.group("device"), None
        else:
            yield sentence, start, end, match.group("device"), _count(view, sentence, start, end)
    for sentence, match in view.hits(_rule("bare_number")):
        start, end = match.span("device")
        if not view.text[max(start - 4, 0) : start].rstrip(" -").endswith("TX"):
            yield sentence, start, end, f"RTX {match.group('device')}", _count(view, sentence, start, end)
    for sentence, match in view.hits(_rule("plain")):
        yield sentence, match.start(), match.end(), match.group("device"), _number(match.group("n"))


def _count(view: PaperView, sentence: Sentence, start: int, end: int) -> int | None:
    before = _rule("count_before").regex.search(view.text[max(sentence.start, start - 40) : start])
    if before is not None:
        return _number(before.group("n"))
    after = _rule("count_after").regex.search(view.text[end : min(end + 24, sentence.end)])
    return _number(after.group("n")) if after is not None else None


def _number(raw: str) -> int | None:
    word = raw.lower().replace(",", "")
    numbers: dict[str, int] = load_rules("compute").data["numbers"]
    return int(word) or None if word.isdecimal() else numbers.get(word)


def _weight(view: PaperView, sentence: Sentence) -> float:
    """The chance that a device of `sentence` trained the own model."""
    if sentence.section in _SKIP:
        return 0.0
    text = view.quote(sentence)
    said = 1.0
    if not _rule("trained").regex.search(text):
        before = _before(view, sentence)
        if before is None or not _rule("training").regex.search(before):
            return _NOT_TRAINED
        said = _FROM_BEFORE
    speaks = voice(view, sentence)
    weight = 0.9 if speaks is Voice.OWN else 0.85 if speaks is Voice.OPEN else 0.15
    if sentence.section is SectionKind.ABLATION:
        weight *= 0.6
    if _rule("not_training").regex.search(text):
        weight *= 0.35
    return weight * said


def _before(view: PaperView, sentence: Sentence) -> str | None:
    """The sentence before, in the same paragraph."""
    index = view.sentence_index(sentence.start)
    before = view.sentences[index - 1] if index else None
    return view.quote(before) if before is not None and before.block == sentence.block else None


def _needed_by_rival(view: PaperView, sentence: Sentence, start: int) -> bool:
    """Whether another model's name is the last to act before the device: "FooNet needs 8 A100"."""
    acts = list(_rule("acts").regex.finditer(view.text, sentence.start, start))
    if not acts:
        return names_rival(view, sentence.start, start)
    if _OUR.search(view.text, sentence.start, acts[-1].start()):
        return False  # "Our largest model with Foo and Bar requires less than six days"
    name = acts[-1].group("name").lower()
    return not any(name.startswith(own) or own.endswith(name) for own in own_names(view))


def _hours(view: PaperView, sentence: Sentence) -> float | None:
    match = _rule("hours").regex.search(view.text, sentence.start, sentence.end)
    if match is None:
        return None
    factor = 24.0 if match.group("unit").lower().startswith("d") else 1.0
    return round(float(match.group("value")) * factor, 2)
