"""Scores records against hand-made gold annotations, field by field, and compares two evaluations paper by paper.

Pure: records and gold in, numbers out. The measures are those of the outside scorer: per list field the mean over
papers of each paper's F1 (a paper where nothing is gold and nothing claimed counts as 1) beside micro-averaged
precision and recall; per single field the share of hits. Only gold papers of kind "model" count; one without a record
is all missed. "strict" takes the gold name and its `accept` spellings; "family" the family's name too.

Beside them, per field, from the confidence of each value: the expected calibration error (ten bins, weighted by their
number of values) and the precision of the values that settle put into the accepted band.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from pydantic import Field

from vlmingest.document import Frozen
from vlmingest.records import FieldName, Record

BINS = 10

LIST_FIELDS = ("vision_encoders", "language_models", "datasets_training", "datasets_evaluation")
SET_FIELDS = ("connector", "architecture_types", "model_sizes", "image_resolutions", "objectives", "devices")


class Tally(Frozen):
    """Counts of one field in one paper: claimed values that are right, claimed, gold values found, gold."""

    right: int = 0
    claimed: int = 0
    found: int = 0
    gold: int = 0
    extra: tuple[str, ...] = ()  # claimed and not gold
    missed: tuple[str, ...] = ()  # gold and not claimed

    @property
    def precision(self) -> float:
        """1 where nothing is claimed and nothing is gold."""
        return self.right / self.claimed if self.claimed else float(not self.gold)

    @property
    def recall(self) -> float:
        """1 where nothing is gold."""
        return self.found / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


class FieldScore(Frozen):
    """One line of the report. `score` is the paper F1 of a list field, the accuracy of a single field."""

    field: str
    score: float
    precision: float | None = None
    recall: float | None = None
    n_gold: int = 0
    n_claimed: int = 0
    calibration_error: float | None = None
    accepted_precision: float | None = None
    n_accepted: int = 0


class Evaluation(Frozen):
    """All fields, and the tallies `papers[paper][field]` they are made of."""

    fields: tuple[FieldScore, ...] = ()
    papers: dict[str, dict[str, Tally]] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()  # gold papers without a record

    def score(self, field: str) -> float:
        """The figure to quote for `field`; raises KeyError for an unknown one."""
        for line in self.fields:
            if line.field == field:
                return line.score
        raise KeyError(field)


class Change(Frozen):
    """What a change of rules did to one field of one paper."""

    paper: str
    field: str
    before: float
    after: float
    gained: tuple[str, ...] = ()  # gold values found now, and wrong values no longer claimed (with a minus sign)
    lost: tuple[str, ...] = ()  # gold values lost, and wrong values claimed anew (with a plus sign)


class _Value(NamedTuple):
    """One claimed value: is it right, how sure was the machine, did settle accept it."""

    right: bool
    confidence: float
    accepted: bool


def normal(value: object) -> str:
    """Compatibility form, lower case, letters, digits, dot and plus only."""
    text = unicodedata.normalize("NFKC", str(value)).lower().replace("²", "2")
    return re.sub(r"[^a-z0-9.+]+", "", text).strip(".")


def canonical_size(value: object) -> str:
    """`1300M`, `1.3 billion` and `1.3B` are one size."""
    match = re.match(r"^\s*([\d.]+)\s*([bmtk])", str(value).lower().replace("billion", "b").replace("million", "m"))
    if not match or not match.group(1).strip("."):
        return normal(value)
    number, unit = float(match.group(1).strip(".")), match.group(2)
    if unit == "m" and number >= 1000:
        number, unit = number / 1000, "b"
    return f"{number:g}{unit}"


def paper_id(value: object) -> str:
    """An id without its version or `.pdf`."""
    return re.sub(r"v\d+$", "", str(value or "").removesuffix(".pdf"))


def evaluate(records: Sequence[Record], gold: Sequence[Mapping[str, Any]]) -> Evaluation:
    """Score `records` against gold annotations (one mapping per paper, in the shape of the annotation guide)."""
    by_id = {paper_id(record.paper.arxiv_id or record.paper.id): record for record in records}
    by_id |= {paper_id(record.paper.id.removeprefix("local:")): record for record in records}
    papers: dict[str, dict[str, Tally]] = {}
    values: dict[str, list[_Value]] = defaultdict(list)
    missing: list[str] = []
    for paper in gold:
        if paper.get("kind") != "model":
            continue
        key = paper_id(paper.get("arxiv_id") or paper.get("file"))
        record = by_id.get(key)
        if record is None:
            missing.append(key)
        papers[key] = dict(_tallies(record, paper))
        if record is not None:
            for field, found in _values(record, paper):
                values[field].append(found)
    return Evaluation(fields=_summary(papers, values), papers=papers, missing=tuple(missing))


def diff(before: Evaluation, after: Evaluation) -> list[Change]:
    """Every field of every paper whose values changed, losses first, then gains; papers in order of their id."""
    changes: list[Change] = []
    for paper in sorted(before.papers.keys() | after.papers.keys()):
        old_fields, new_fields = before.papers.get(paper, {}), after.papers.get(paper, {})
        for field in sorted(old_fields.keys() | new_fields.keys()):
            old, new = old_fields.get(field, Tally()), new_fields.get(field, Tally())
            if old == new:
                continue
            changes.append(
                Change(
                    paper=paper,
                    field=field,
                    before=round(old.f1, 4),
                    after=round(new.f1, 4),
                    gained=(*_without(old.missed, new.missed), *(f"-{x}" for x in _without(old.extra, new.extra))),
                    lost=(*_without(new.missed, old.missed), *(f"+{x}" for x in _without(new.extra, old.extra))),
                )
            )
    return sorted(changes, key=lambda change: (change.after >= change.before, change.field, change.paper))


def render(evaluation: Evaluation, changes: Sequence[Change] = ()) -> str:
    """A plain-text table of the fields, and below it the changes."""
    lines = [f"{'field':28}{'score':>7}{'prec':>7}{'rec':>7}{'gold':>6}{'claim':>6}{'ece':>7}{'acc.p':>7}{'n':>5}"]
    for row in evaluation.fields:
        cells = (row.precision, row.recall)
        lines.append(
            f"{row.field:28}{row.score:7.3f}{_number(cells[0])}{_number(cells[1])}{row.n_gold:6}{row.n_claimed:6}"
            f"{_number(row.calibration_error)}{_number(row.accepted_precision)}{row.n_accepted:5}"
        )
    lines.append(f"papers: {len(evaluation.papers)}, without a record: {len(evaluation.missing)}")
    for change in changes:
        mark = "worse" if change.after < change.before else "better" if change.after > change.before else "other"
        lines.append(
            f"{mark:7}{change.paper:22}{change.field:28}{change.before:.2f} -> {change.after:.2f}"
            f"  gained: {', '.join(change.gained) or '-'}  lost: {', '.join(change.lost) or '-'}"
        )
    return "\n".join(lines) + "\n"


def _number(value: float | None) -> str:
    return f"{'-':>7}" if value is None else f"{value:7.3f}"


def _without(values: Sequence[str], others: Sequence[str]) -> list[str]:
    return [value for value in values if value not in others]


# --- one paper -------------------------------------------------------------------------------------------------


class _Name(NamedTuple):
    name: str
    family: str
    accept: tuple[str, ...] = ()


def _gold_names(items: Iterable[Any]) -> list[_Name]:
    named = ({"name": item} if isinstance(item, str) else item for item in items or ())
    return [
        _Name(item["name"], item.get("family") or "", tuple(item.get("accept") or ())) for item in named if item["name"]
    ]


def _same_name(claimed: _Name, gold: _Name, *, lenient: bool) -> bool:
    spelling = normal(claimed.name)
    if spelling in {normal(gold.name), *map(normal, gold.accept)}:
        return True
    if not lenient:
        return False
    family = normal(gold.family)
    if family and (family == normal(claimed.family) or spelling.startswith(family)):
        return True
    wanted = normal(gold.name)
    return len(spelling) >= 4 and (spelling in wanted or wanted in spelling)


def _claimed_names(record: Record, field: str) -> list[_Name]:
    if field == "vision_encoders":
        return [_Name(item.name, item.family) for item in record.architecture.vision_encoders]
    if field == "language_models":
        return [_Name(item.name, item.family) for item in record.architecture.language_models]
    uses = record.datasets.training if field == "datasets_training" else record.datasets.evaluation
    return [_Name(item.name, "") for item in uses]


def _claimed_set(record: Record, field: str) -> list[str]:
    architecture, training = record.architecture, record.training
    found: dict[str, list[str]] = {
        "connector": [item.type for item in architecture.connectors],
        "architecture_types": [item.type for item in architecture.types],
        "model_sizes": [canonical_size(size) for size in record.model.sizes],
        "image_resolutions": [str(item.value) for item in architecture.image_resolutions],
        "objectives": [item.type for item in training.objectives],
        "devices": [normal(item.device) for item in training.compute if item.device],
    }
    return list(dict.fromkeys(found[field]))


def _gold_set(gold: Mapping[str, Any], field: str) -> list[str]:
    found: list[object]
    if field == "connector":
        found = [kind for kind in (gold.get("connector") or {}).get("types") or () if kind != "none"]
    elif field == "devices":
        found = [normal(item["device"]) for item in gold.get("compute") or () if item.get("device")]
    elif field == "model_sizes":
        found = [canonical_size(size) for size in gold.get("model_sizes") or ()]
    else:
        found = list(gold.get(field) or ())
    return list(dict.fromkeys(map(str, found)))


def _same_value(field: str, claimed: str, gold: str) -> bool:
    return claimed in gold or gold in claimed if field == "devices" else claimed == gold


def _tallies(record: Record | None, gold: Mapping[str, Any]) -> Iterable[tuple[str, Tally]]:
    for field in LIST_FIELDS:
        names, wanted = _claimed_names(record, field) if record else [], _gold_names(gold.get(field) or ())
        for mode, lenient in (("strict", False), ("family", True)):
            extra = [x.name for x in names if not any(_same_name(x, y, lenient=lenient) for y in wanted)]
            missed = [y.name for y in wanted if not any(_same_name(x, y, lenient=lenient) for x in names)]
            yield f"{field}/{mode}", _tally(len(names), extra, len(wanted), missed)
    for field in SET_FIELDS:
        claimed, true = _claimed_set(record, field) if record else [], _gold_set(gold, field)
        extra = [x for x in claimed if not any(_same_value(field, x, y) for y in true)]
        missed = [y for y in true if not any(_same_value(field, x, y) for x in claimed)]
        yield field, _tally(len(claimed), extra, len(true), missed)
    yield from _single_tallies(record, gold)


def _tally(claimed: int, extra: Sequence[str], gold: int, missed: Sequence[str]) -> Tally:
    return Tally(
        right=claimed - len(extra),
        claimed=claimed,
        found=gold - len(missed),
        gold=gold,
        extra=tuple(extra),
        missed=tuple(missed),
    )


def _hits(pairs: Sequence[tuple[bool, str, str]]) -> Tally:
    """A tally of single questions: (right, what was claimed, what is gold)."""
    wrong = [(claimed, true) for right, claimed, true in pairs if not right]
    return _tally(len(pairs), [x for x, _ in wrong], len(pairs), [y for _, y in wrong])


def _single_tallies(record: Record | None, gold: Mapping[str, Any]) -> Iterable[tuple[str, Tally]]:
    name = (record.model.name if record else None) or ""
    right = normal(name) in {normal(x) for x in (gold.get("model_name") or "", *(gold.get("model_aliases") or ()))}
    yield "model_name", _hits([(right, name, str(gold.get("model_name")))])
    yield from _stage_tallies(record, gold)
    figure = gold.get("architecture_figure") or {}
    if figure.get("number"):
        own = record.architecture.figure if record else None
        right = own is not None and normal(own.number) == normal(figure["number"])
        right = right and (not figure.get("page") or (own is not None and own.page == figure["page"]))
        shown = f"{own.number} on page {own.page}" if own else "none"
        yield "architecture_figure", _hits([(right, shown, f"{figure['number']} on page {figure.get('page')}")])
    code = (gold.get("links") or {}).get("code")
    if code:
        urls = record.paper.links.code if record else ()
        yield "code_link", _hits([(_plain_url(code) in map(_plain_url, urls), ", ".join(urls), code)])


def _plain_url(url: str) -> str:
    return re.sub(r"^https?://(www\.)?|/+$|\.git$", "", url.lower())


def _gold_stages(gold: Mapping[str, Any], claimed: int) -> list[Mapping[str, Any]]:
    """The reading of the gold, with or without its optional stages, that has as many stages as claimed."""
    stages = list(gold.get("training_stages") or ())
    return stages if claimed >= len(stages) else [stage for stage in stages if not stage.get("optional")]


def _stage_tallies(record: Record | None, gold: Mapping[str, Any]) -> Iterable[tuple[str, Tally]]:
    every = list(gold.get("training_stages") or ())
    if not every:
        return
    claimed = list(record.training.stages) if record else []
    required = sum(not stage.get("optional") for stage in every)
    right = required <= len(claimed) <= len(every) or len(claimed) in (gold.get("stage_count_accept") or ())
    yield "stage_count", _hits([(right, str(len(claimed)), f"{required}..{len(every)}")])
    freezes, rates = [], []
    for index, stage in enumerate(_gold_stages(gold, len(claimed))):
        own = claimed[index] if index < len(claimed) else None
        if stage.get("trainable") or stage.get("frozen"):
            right = own is not None and set(own.trainable) == set(stage.get("trainable") or ())
            right = right and own is not None and set(stage.get("frozen") or ()) <= set(own.frozen)
            shown = f"{index + 1}: {'+'.join(own.trainable)} / {'+'.join(own.frozen)}" if own else "none"
            wanted = f"{index + 1}: {'+'.join(stage.get('trainable') or ())} / {'+'.join(stage.get('frozen') or ())}"
            freezes.append((right, shown, wanted))
        if stage.get("learning_rate"):
            rate = (own.learning_rate if own else None) or ""
            right = own is not None and _same_rate(stage["learning_rate"], rate)
            rates.append((right, f"{index + 1}: {rate or 'none'}", f"{index + 1}: {stage['learning_rate']}"))
    yield "stage_freeze_map", _hits(freezes)
    yield "stage_learning_rate", _hits(rates)


def _same_rate(wanted: object, claimed: object) -> bool:
    try:
        want, got = (float(re.sub(r"[\^ ]", "", str(x).lower().replace("×10", "e"))) for x in (wanted, claimed))
    except ValueError:
        return normal(wanted) == normal(claimed)
    return abs(want - got) <= 1e-3 * max(want, got)


# --- confidence ------------------------------------------------------------------------------------------------


def _values(record: Record, gold: Mapping[str, Any]) -> Iterable[tuple[str, _Value]]:
    """Every claimed value of every field with its confidence, and whether it is right (strict)."""
    architecture, training = record.architecture, record.training
    lists: dict[str, Sequence[Any]] = {
        "vision_encoders": architecture.vision_encoders,
        "language_models": architecture.language_models,
        "datasets_training": record.datasets.training,
        "datasets_evaluation": record.datasets.evaluation,
    }
    for field, items in lists.items():
        wanted = _gold_names(gold.get(field) or ())
        for item in items:
            name = _Name(item.name, getattr(item, "family", ""))
            yield field, _value(item, any(_same_name(name, x, lenient=False) for x in wanted))
    plain: dict[str, Sequence[tuple[str, Any]]] = {
        "connector": [(x.type, x) for x in architecture.connectors],
        "architecture_types": [(x.type, x) for x in architecture.types],
        "image_resolutions": [(str(x.value), x) for x in architecture.image_resolutions],
        "objectives": [(x.type, x) for x in training.objectives],
        "devices": [(normal(x.device), x) for x in training.compute],
        "model_sizes": [(canonical_size(x.value), x) for x in record.model.facts if x.field is FieldName.SIZE],
    }
    for field, pairs in plain.items():
        true = _gold_set(gold, field)
        for text, item in pairs:
            yield field, _value(item, any(_same_value(field, text, x) for x in true))
    tallies = dict(_single_tallies(record, gold))
    for fact in record.model.facts:
        if fact.field is FieldName.NAME:
            yield "model_name", _value(fact, tallies["model_name"].f1 == 1)
        if fact.field is FieldName.CODE and "code_link" in tallies:
            yield "code_link", _value(fact, tallies["code_link"].f1 == 1)
    if architecture.figure is not None and "architecture_figure" in tallies:
        yield "architecture_figure", _value(architecture.figure, tallies["architecture_figure"].f1 == 1)


class _Judged(Protocol):
    """What every value of a record carries."""

    @property
    def confidence(self) -> float: ...
    @property
    def band(self) -> str: ...
    @property
    def status(self) -> str: ...


def _value(item: _Judged, right: bool) -> _Value:
    accepted = item.band == "accept" or item.status != "proposed"
    return _Value(right, float(item.confidence), accepted)


def calibration_error(values: Sequence[tuple[bool, float]]) -> float:
    """Expected calibration error of (right, confidence 0..1) pairs: mean over bins of |accuracy - mean confidence|."""
    bins: dict[int, list[tuple[bool, float]]] = defaultdict(list)
    for right, confidence in values:
        bins[min(int(confidence * BINS), BINS - 1)].append((right, confidence))
    gaps = (abs(sum(r for r, _ in held) - sum(c for _, c in held)) for held in bins.values())
    return sum(gaps) / len(values) if values else 0.0


def _summary(
    papers: Mapping[str, Mapping[str, Tally]], values: Mapping[str, Sequence[_Value]]
) -> tuple[FieldScore, ...]:
    by_field: dict[str, list[Tally]] = defaultdict(list)
    for fields in papers.values():
        for field, tally in fields.items():
            by_field[field].append(tally)
    lines = []
    for field, tallies in sorted(by_field.items()):
        counts = [sum(getattr(tally, name) for tally in tallies) for name in ("right", "claimed", "found", "gold")]
        right, claimed, found, gold = counts
        is_list = field.partition("/")[0] in (*LIST_FIELDS, *SET_FIELDS)
        score = sum(tally.f1 for tally in tallies) / len(tallies) if is_list else right / claimed if claimed else 1.0
        held = values.get(field.removesuffix("/strict"), ())
        accepted = [value for value in held if value.accepted]
        lines.append(
            FieldScore(
                field=field,
                score=round(score, 4),
                precision=round(right / claimed, 4) if is_list and claimed else None,
                recall=round(found / gold, 4) if is_list and gold else None,
                n_gold=gold,
                n_claimed=claimed,
                calibration_error=round(calibration_error([x[:2] for x in held]), 4) if held else None,
                accepted_precision=round(sum(x.right for x in accepted) / len(accepted), 4) if accepted else None,
                n_accepted=len(accepted),
            )
        )
    return tuple(lines)
