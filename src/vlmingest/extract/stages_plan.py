"""How many training stages a paper has, and what they are called: votes of counts, ordinals, headings and tables.

Input are `Passage`s (sentences with the kind of section they stand in); output is a list of `Slot`s in order, each with
the ordinals and kinds ("align", "sft" ...) under which the text speaks of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vlmingest.extract import stages_aliases as aliases
from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_counts import (
    WITH_NAMES,
    chain_vote,
    count_votes,
    kinds_listed,
    listed_names,
    longest_chain,
)
from vlmingest.extract.stages_kinds import (
    ORDER,
    Kind,
    find_kinds,
    general_training,
    own_sections,
    pretraining_before,
    siblings,
    with_settings,
)
from vlmingest.extract.stages_nested import nested, numbered_parts
from vlmingest.extract.stages_paragraphs import name_paragraphs, take_paragraphs
from vlmingest.extract.stages_passage import ZONE_WEIGHT, Passage, Slot
from vlmingest.extract.stages_sections import telling_row
from vlmingest.extract.stages_sequence import in_succession
from vlmingest.extract.wording import wording


@dataclass(slots=True)
class Plan:
    """The slots, how strongly the text supports their number (0..1), and the passage that states it."""

    slots: list[Slot]
    support: float
    place: tuple[int, int] | None = None
    features: dict[str, float] = field(default_factory=dict)


_LISTED_IN = frozenset({"abstract", "introduction", "method", "training"})
_OF_PRETRAINING = 0.4  # share of the counts that are said of the pre-training alone


def make_plan(passages: Sequence[Passage], headers: Sequence[str] = ()) -> Plan:
    """The stages of the proposed model; `headers`: of the columns of a stage table."""
    table_stages = len(headers)
    numbered = [passage for passage in passages if passage.may_count]
    votes, places, of_pretraining = count_votes(numbered)
    keys, chain_weight = longest_chain(numbered)
    chain = len(keys)
    if chain >= 2:
        votes[chain] += chain_vote(
            chain_weight, disputed=any(n >= 2 and n != chain and said >= 2.0 for n, said in votes.items())
        )
    if table_stages >= 2:
        votes[table_stages] += 5.5 if table_stages >= chain else 0.5  # a table may leave stages out
    lists = list(aliases.listed(passage for passage in numbered if passage.zone in _LISTED_IN))
    lists += kinds_listed(passage for passage in passages if passage.may_name and passage.zone in _LISTED_IN)
    for passage, told in lists:
        votes[len(told)] += ZONE_WEIGHT[passage.zone] + WITH_NAMES
    kinds = find_kinds(passages)
    if numbered and (slots := numbered_parts(numbered) or nested(passages)):
        _name_slots(slots, numbered, None)
        return Plan(slots, 0.7, None, {f"votes_{len(slots)}": 3.0})
    several = {n: weight for n, weight in votes.items() if n >= 2}
    features = {f"votes_{n}": round(weight, 2) for n, weight in sorted(votes.items())}
    if several and max(several.values()) >= 2.0:
        n = max(several, key=lambda number: (several[number], number))
        if votes.get(1, 0) > 2 * several[n]:
            return Plan([Slot(1)], 0.7, places.get(1), features)
        beside = siblings(passages)
        if row := _numbered_row(beside, n):
            return Plan(row, 0.7, None, features)
        if len(beside) > n and _is_early_and_late(beside) and with_settings(passages, beside):
            for slot in beside:
                slot.classes |= {"finetune"} if "sft" in slot.classes else set()
            return Plan(beside, 0.7, None, features)  # the count is of somebody else's, or of a part
        slots = [Slot(order=k + 1, keys={keys[k] if n == chain else str(k + 1)}) for k in range(n)]
        _take_numbers(slots, headers)
        _name_slots(slots, passages, places.get(n))
        name_paragraphs(slots, passages)
        row = siblings(passages)
        _fill_kinds(slots, kinds, row if len(row) == n else own_sections(passages, n) or row)
        _take_own_names(slots)
        for passage, told in lists:
            aliases.take_names(slots, told, (passage.start, passage.end))
        aliases.take_names(slots, headers, None)
        all_early = of_pretraining.get(n, 0) > _OF_PRETRAINING * votes[n]
        followed = _followed_by(passages, places.get(n))
        all_early |= bool(followed)
        if all_early or _ends_before_tuning(slots):
            _append_kinds(slots, kinds, followed)
        if n in places and _is_of_tuning(passages, places[n]):
            slots = _with_kind_before(slots, kinds)
        if all_early and len(slots) >= n:
            for slot in slots[:n]:
                slot.classes |= {"pretrain"} if not slot.classes - {"align", "pretrain"} else set()
        else:
            _spread_kinds(slots)
        take_paragraphs(slots, passages)
        total = sum(votes.values())
        return Plan(slots, min(0.95, 0.55 + 0.4 * several[n] / total), places.get(n), features)
    return _plan_of_kinds(passages, kinds, places, votes, features)


_LATER = frozenset({"sft", "preference", "rl", "finetune"})


def _is_early_and_late(row: Sequence[Slot]) -> bool:
    """Does a row of sections start with pre-training and end with tuning?"""
    return bool(row[0].classes & {"align", "pretrain"}) and bool(row[-1].classes & _LATER)


def _numbered_row(row: list[Slot], n: int) -> list[Slot]:
    """Sections side by side of which the first `n` are numbered, and those behind them tune: "Stage 1 ...", "Stage 2 ...", "SFT"."""
    if len(row) <= n:
        return []
    for index, slot in enumerate(row):
        keys = {mark.key for mark in marks.ordinals(slot.name)}
        if keys != ({str(index + 1)} if index < n else set()) or (index >= n and not slot.classes & _LATER):
            return []
        slot.keys = keys
    return row


def _take_numbers(slots: Sequence[Slot], headers: Sequence[str]) -> None:
    """The numbers above the columns of a table of all stages: "Stage 1 | Stage 1.5 | Stage 2" are three."""
    keys = [next((mark.key for mark in marks.ordinals(header)), "") for header in headers]
    if len(keys) == len(slots) and all(keys) and len(set(keys)) > 1:
        for slot, key in zip(slots, keys, strict=True):
            slot.keys = {key}


def _name_slots(slots: list[Slot], passages: Sequence[Passage], stated: tuple[int, int] | None) -> None:
    n = len(slots)
    for index, passage in enumerate(passages):
        if stated and passage.start == stated[0]:
            text = " ".join(p.text for p in passages[index : index + 4])
            names = marks.enumerated(text, n) or listed_names(passage.text, n)
            for slot, name in zip(slots, names, strict=False):
                slot.name, slot.place = name, (passage.start, passage.end)
    for passage in passages:
        found = passage.ordinals if passage.may_count and ZONE_WEIGHT.get(passage.zone, 0) >= 1.0 else ()
        if not found or passage.is_foreign:
            continue
        for position, mark in enumerate(found):
            spoken = _slot_of(slots, mark.key)
            if spoken is None:
                continue
            if spoken.place is None:
                spoken.place = (passage.start, passage.end)
            limit = found[position + 1].start if position + 1 < len(found) else len(passage.text)
            name = _name_after(passage.text[mark.end : limit]) or _name_inside(mark.name) or _title(mark.name)
            if name and not spoken.name:
                spoken.name = name
    _name_items(slots, passages)
    for slot in slots:
        slot.classes |= {mark.key for mark in marks.named(slot.name)}
        slot.name = re.sub(r"\s+", " ", slot.name).strip(" .,:;-–") or f"Stage {slot.order}"


def _name_items(slots: list[Slot], passages: Sequence[Passage]) -> None:
    """A list of as many titled items as there are stages, in a section on training, names them."""
    row: list[tuple[str, tuple[int, int]]] = []
    first = 1
    for passage in passages:
        item = marks.item_title(passage.text) if passage.zone in ("training", "method") else None
        if item is None:
            continue
        if item.key == "0" or (item.key == "1" and not (row and first == 0)):
            row, first = [], int(item.key)
        if item.key == str(len(row) + first):
            row.append((item.name, (passage.start, passage.end)))
        if len(row) == len(slots) and passage.zone == "training":
            for slot, (name, place) in zip(slots, row, strict=True):
                slot.name, slot.place, slot.item = slot.name or name, slot.place or place, True
            return


def _slot_of(slots: Sequence[Slot], key: str) -> Slot | None:
    if key == "last":
        return slots[-1] if slots else None
    return next((slot for slot in slots if key in slot.keys), None)


_AFTER = wording("stages_kinds.named_after")


def _name_after(rest: str) -> str:
    match = _AFTER.match(rest)
    if not match or not re.search(r"[A-Za-z]{3}", match.group("name")):
        return ""
    name = match.group("name").strip(' “”"')
    return name if marks.CLASSES and (name[:1].isupper() or list(marks.named(name))) else ""


def _name_inside(name: str) -> str:
    """`the first pre-training stage` names its kind."""
    found = list(marks.named(name))
    return found[0].name if found else ""


def _title(name: str) -> str:
    """`(1) Joint Tuning.` without its number."""
    return name.partition(" ")[2].strip(" .:") if name.startswith("(") else ""


def _ends_before_tuning(slots: list[Slot]) -> bool:
    """Names are known, and none goes beyond pre-training: the count was of that part alone."""
    early = {"align", "pretrain", "mid"}
    return all(slot.classes & early for slot in slots) and not any(slot.classes - early for slot in slots)


_FOLLOWED = wording("stages_kinds.followed_by")


def _followed_by(passages: Sequence[Passage], stated: tuple[int, int] | None) -> set[str]:
    """The kinds that the sentence with the count puts behind it: "three stages of pre-training followed by SFT"."""
    for passage in passages:
        if stated is not None and passage.start == stated[0] and (behind := _FOLLOWED.search(passage.text)) is not None:
            counted = {mark.key for mark in marks.named(passage.text[: behind.start()])}
            return (
                {mark.key for mark in marks.named(passage.text[behind.end() :])} if counted == {"pretrain"} else set()
            )
    return set()


def _append_kinds(slots: list[Slot], kinds: dict[str, Kind], said: set[str]) -> None:
    """A count of the pre-training alone: what follows it has sections of its own, or is `said` to follow."""
    covered = {key for slot in slots for key in slot.classes}
    post = [kinds[key] for key in ("sft", "preference", "rl") if key in kinds and key not in covered]
    told = [x for x in post if (x.weight >= 2.5 and x.has_heading) or x.key in said]
    for kind in sorted(told, key=lambda x: ORDER[x.key]):
        slots.append(Slot(order=len(slots) + 1, name=kind.name, classes={kind.key}, place=kind.place))


_OF_TUNING = wording("stages_kinds.of_post_tuning")


def _is_of_tuning(passages: Sequence[Passage], stated: tuple[int, int]) -> bool:
    """Is the count of what follows the pre-training ("a three-stage post-training strategy")?"""
    return any(passage.start == stated[0] and _OF_TUNING.search(passage.text) for passage in passages)


def _with_kind_before(slots: list[Slot], kinds: dict[str, Kind]) -> list[Slot]:
    """The pre-training that has a section of its own before stages that all come behind it."""
    kind = kinds.get("pretrain")
    if kind is None or not kind.has_heading or any(slot.classes & _EARLY for slot in slots):
        return slots
    first = Slot(order=1, name=kind.name, classes={kind.key}, place=kind.place)
    return [first, *(replace(slot, order=slot.order + 1) for slot in slots)]


_EARLY = frozenset({"align", "pretrain"})
_LEAST_NAME = 12


_NO_OWN_NAME = wording("stages_kinds.no_own_name")


def _take_own_names(slots: list[Slot]) -> None:
    """Names that the paper lists for its stages ("Encoder Adaptation", "Video-centric Fine-tuning") stand for them anywhere."""
    names = [slot.name.lower() for slot in slots]
    for slot, name in zip(slots, names, strict=True):
        telling = name.count(" ") + name.count("-") >= 1 and len(name) >= _LEAST_NAME and slot.name[0].isupper()
        if telling and sum(name in other for other in names) == 1 and not _NO_OWN_NAME.match(name):
            slot.own_name = slot.own_name or name


_NUMBER = wording("stages_kinds.number")


def _better(slot: Slot, name: str) -> str:
    """The stage's name, or `name` without its number where the stage has none but its number."""
    words = _NUMBER.sub("", name).strip(" :.")
    return words if slot.name == f"Stage {slot.order}" and len(words) > 2 else slot.name


def name_from_header(slot: Slot, header: str) -> None:
    """Take a stage's name from the header of its column in a table."""
    slot.name = _better(slot, header)


def _fill_kinds(slots: list[Slot], kinds: dict[str, Kind], row: Sequence[Slot]) -> None:
    """Slots that nothing names take the sections side by side, else the kinds with sections, where there are just as many."""
    if len(row) == len(slots):
        for slot, section in zip(slots, row, strict=True):
            slot.section = slot.section or section.section
            slot.name = _better(slot, section.name)
            slot.own_name = section.own_name
    if any(slot.classes for slot in slots):
        return
    headed = sorted((kind for kind in kinds.values() if kind.has_heading), key=lambda kind: kind.place)
    told = sorted((kind for kind in kinds.values() if kind.has_settings), key=lambda kind: ORDER[kind.key])
    named = [(x.classes, x.name, x.place) for x in row]
    named = named or [({x.key}, x.name, x.place) for x in (headed if len(headed) == len(slots) else told)]
    if len(named) != len(slots):
        return
    for slot, (classes, name, place) in zip(slots, named, strict=True):
        slot.classes |= classes
        slot.name = _better(slot, name)
        slot.place = slot.place or place


def _spread_kinds(slots: list[Slot]) -> None:
    """Kinds nobody claims go where papers put them: alignment and pre-training first, instruction tuning last."""
    covered = {key for slot in slots for key in slot.classes}
    if not covered & {"align", "pretrain"} and not slots[0].classes:
        slots[0].classes |= {"align", "pretrain"}
    elif "pretrain" not in covered and slots[0].classes <= {"align"}:
        slots[0].classes.add("pretrain")
    if not covered & {"sft", "finetune"}:
        free = [slot for slot in slots[1:] if not slot.classes]
        if free:
            free[-1].classes |= {"sft", "finetune"}
    elif "sft" not in covered:
        next(slot for slot in slots if "finetune" in slot.classes).classes.add("sft")
    elif "finetune" not in covered:
        next(slot for slot in slots if "sft" in slot.classes).classes.add("finetune")


def _are_alike(first: Kind, tuned: Kind) -> bool:
    """Does the paper speak of both in the same way: with sections, or with settings?"""
    return (tuned.has_heading and first.has_heading) or (tuned.has_settings and first.has_settings)


def _plan_of_kinds(
    passages: Sequence[Passage],
    kinds: dict[str, Kind],
    places: dict[int, tuple[int, int]],
    votes: dict[int, float],
    features: dict[str, float],
) -> Plan:
    """No count, no ordinals: the kinds that have headings or are spoken of often enough."""
    strong = {key: kind for key, kind in kinds.items() if kind.weight >= 2.5 and key != "finetune"}
    if votes.get(1, 0.0) >= 2.0:
        strong = dict(sorted(strong.items(), key=lambda item: -item[1].weight)[:1])
    first = max(
        (strong[key] for key in ("align", "pretrain") if key in strong), key=lambda kind: kind.weight, default=None
    )
    first = first or general_training(passages, strong)
    chosen = [first] if first else []
    early = [strong[key] for key in ("align", "pretrain") if key in strong and strong[key].has_settings]
    if len(early) > 1 and early[0].place != early[1].place:
        chosen = early[:]  # each with settings of its own: two stages, not two names of one
    if not chosen and votes.get(1, 0.0) < 2.0 and "sft" in strong and (before := pretraining_before(passages)):
        chosen = [before]
    chosen += [strong[key] for key in ("mid", "sft", "preference", "rl") if key in strong]
    tuned = kinds.get("finetune")
    if tuned and first and "sft" not in strong and votes.get(1, 0.0) < 2.0 and _are_alike(first, tuned):
        chosen.append(tuned)
    row = siblings(passages) if votes.get(1, 0.0) < 2.0 else []
    if len(telling := telling_row(passages)) > max(len(row), len(chosen)) and votes.get(1, 0.0) < 2.0:
        row = telling
    if len(row) > len(chosen):
        features["siblings"] = float(len(row))
        return Plan(row, 0.6, None, features)
    if len(chosen) < 2 and votes.get(1, 0.0) < 2.0 and (row := in_succession(passages)):
        features["in_succession"] = float(len(row))
        return Plan(row, 0.5, None, features)
    for kind in kinds.values():
        features[f"kind_{kind.key}"] = round(kind.weight, 2)
    slots = [
        Slot(order=index + 1, name=kind.name, classes={kind.key}, place=kind.place) for index, kind in enumerate(chosen)
    ]
    if first and slots and chosen[:2] != early:
        slots[0].classes |= {"align", "pretrain"}
    for slot in slots:
        if "sft" in slot.classes:
            slot.classes.add("finetune")
    if not slots:
        return Plan([Slot(1, name="Training", classes={"pretrain", "sft", "finetune"})], 0.5, places.get(1), features)
    return Plan(slots, 0.6 if len(slots) > 1 else 0.55, None, features)
