"""Scores records against hand-made gold annotations, field by field, and compares two evaluations paper by paper.

Pure: records and gold in, numbers out. The measures are those of the outside scorer: per list field the mean over
papers of each paper's F1 (a paper where nothing is gold and nothing claimed counts as 1) beside micro-averaged
precision and recall; per single field the share of hits. Only gold papers of kind "model" count; one without a record
is all missed. "strict" takes the gold name and its `accept` spellings; "family" the family's name too.

Beside them, per field, from the confidence of each value: the expected calibration error (ten bins, weighted by their
number of values) and the precision of the values that settle put into the accepted band.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from vlmingest.document import Frozen
from vlmingest.evaluation.confidence import Judged, calibration_error, judged_values
from vlmingest.evaluation.gold import LIST_FIELDS, SET_FIELDS, canonical_size, normal, paper_id
from vlmingest.evaluation.tallies import Tally, paper_tallies
from vlmingest.records import Record

__all__ = [
    "Change",
    "Evaluation",
    "FieldScore",
    "Tally",
    "calibration_error",
    "canonical_size",
    "diff",
    "evaluate",
    "normal",
    "paper_id",
    "render",
]


class FieldScore(Frozen):
    """One line of the report. `score` is the paper F1 of a list field, the accuracy of a single field.

    Beside it precision, recall and their F1 over all values of all papers (None for single fields).
    """

    field: str
    score: float
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
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
    calibration_error: float | None = None  # over the values of all fields
    accepted_precision: float | None = None
    n_accepted: int = 0

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


def evaluate(records: Sequence[Record], gold: Sequence[Mapping[str, Any]]) -> Evaluation:
    """Score `records` against gold annotations (one mapping per paper, in the shape of the annotation guide)."""
    by_id = {paper_id(record.paper.arxiv_id or record.paper.id): record for record in records}
    by_id |= {paper_id(record.paper.id.removeprefix("local:")): record for record in records}
    papers: dict[str, dict[str, Tally]] = {}
    values: dict[str, list[Judged]] = defaultdict(list)
    missing: list[str] = []
    for paper in gold:
        if paper.get("kind") != "model":
            continue
        key = paper_id(paper.get("arxiv_id") or paper.get("file"))
        record = by_id.get(key)
        if record is None:
            missing.append(key)
        papers[key] = dict(paper_tallies(record, paper))
        if record is not None:
            for field, found in judged_values(record, paper):
                values[field].append(found)
    every = [value for found in values.values() for value in found]
    accepted = [value.right for value in every if value.accepted]
    return Evaluation(
        fields=_summary(papers, values),
        papers=papers,
        missing=tuple(missing),
        calibration_error=round(calibration_error([value[:2] for value in every]), 4) if every else None,
        accepted_precision=round(sum(accepted) / len(accepted), 4) if accepted else None,
        n_accepted=len(accepted),
    )


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
    lines = [
        f"{'field':28}{'score':>7}{'prec':>7}{'rec':>7}{'f1':>7}{'gold':>6}{'claim':>6}{'ece':>7}{'acc.p':>7}{'n':>5}"
    ]
    for row in evaluation.fields:
        cells = "".join(map(_number, (row.precision, row.recall, row.f1)))
        lines.append(
            f"{row.field:28}{row.score:7.3f}{cells}{row.n_gold:6}{row.n_claimed:6}"
            f"{_number(row.calibration_error)}{_number(row.accepted_precision)}{row.n_accepted:5}"
        )
    ece, sure = _number(evaluation.calibration_error), _number(evaluation.accepted_precision)
    lines.append(f"{'all values':28}{'':40}{ece}{sure}{evaluation.n_accepted:5}")
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


def _summary(
    papers: Mapping[str, Mapping[str, Tally]], values: Mapping[str, Sequence[Judged]]
) -> tuple[FieldScore, ...]:
    by_field: dict[str, list[Tally]] = defaultdict(list)
    for fields in papers.values():
        for field, tally in fields.items():
            by_field[field].append(tally)
    lines = []
    for field, tallies in sorted(by_field.items()):
        counts = [sum(getattr(tally, name) for tally in tallies) for name in ("right", "claimed", "found", "gold")]
        right, claimed, found, gold = counts
        total = right / claimed + found / gold if claimed and gold else 0.0
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
                f1=round(2 * (right / claimed) * (found / gold) / total, 4) if is_list and total else None,
                n_gold=gold,
                n_claimed=claimed,
                calibration_error=round(calibration_error([x[:2] for x in held]), 4) if held else None,
                accepted_precision=round(sum(x.right for x in accepted) / len(accepted), 4) if accepted else None,
                n_accepted=len(accepted),
            )
        )
    return tuple(lines)
