"""What one record gets right of one gold paper: a tally per field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vlmingest.document import Frozen
from vlmingest.evaluation.gold import (
    LIST_FIELDS,
    SET_FIELDS,
    claimed_names,
    claimed_set,
    gold_names,
    gold_set,
    gold_stages,
    normal,
    plain_url,
    same_name,
    same_rate,
    same_value,
)
from vlmingest.records import Record


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


def paper_tallies(record: Record | None, gold: Mapping[str, Any]) -> Iterable[tuple[str, Tally]]:
    """(field of the report, tally) of one gold paper; no record: all is missed."""
    for field in LIST_FIELDS:
        names, wanted = claimed_names(record, field) if record else [], gold_names(gold.get(field) or ())
        for mode, lenient in (("strict", False), ("family", True)):
            extra = [x.name for x in names if not any(same_name(x, y, lenient=lenient) for y in wanted)]
            missed = [y.name for y in wanted if not any(same_name(x, y, lenient=lenient) for x in names)]
            yield f"{field}/{mode}", _tally(len(names), extra, len(wanted), missed)
    for field in SET_FIELDS:
        claimed, true = claimed_set(record, field) if record else [], gold_set(gold, field)
        extra = [x for x in claimed if not any(same_value(field, x, y) for y in true)]
        missed = [y for y in true if not any(same_value(field, x, y) for x in claimed)]
        yield field, _tally(len(claimed), extra, len(true), missed)
    yield from single_tallies(record, gold)


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


def single_tallies(record: Record | None, gold: Mapping[str, Any]) -> Iterable[tuple[str, Tally]]:
    """The fields with one answer, and the questions asked of each stage."""
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
        yield "code_link", _hits([(plain_url(code) in map(plain_url, urls), ", ".join(urls), code)])


def _stage_tallies(record: Record | None, gold: Mapping[str, Any]) -> Iterable[tuple[str, Tally]]:
    every = list(gold.get("training_stages") or ())
    if not every:
        return
    claimed = list(record.training.stages) if record else []
    required = sum(not stage.get("optional") for stage in every)
    right = required <= len(claimed) <= len(every) or len(claimed) in (gold.get("stage_count_accept") or ())
    yield "stage_count", _hits([(right, str(len(claimed)), f"{required}..{len(every)}")])
    freezes, rates = [], []
    for index, stage in enumerate(gold_stages(gold, len(claimed))):
        own = claimed[index] if index < len(claimed) else None
        if stage.get("trainable") or stage.get("frozen"):
            right = own is not None and set(own.trainable) == set(stage.get("trainable") or ())
            right = right and own is not None and set(stage.get("frozen") or ()) <= set(own.frozen)
            shown = f"{index + 1}: {'+'.join(own.trainable)} / {'+'.join(own.frozen)}" if own else "none"
            wanted = f"{index + 1}: {'+'.join(stage.get('trainable') or ())} / {'+'.join(stage.get('frozen') or ())}"
            freezes.append((right, shown, wanted))
        if stage.get("learning_rate"):
            rate = (own.learning_rate if own else None) or ""
            right = own is not None and same_rate(stage["learning_rate"], rate)
            rates.append((right, f"{index + 1}: {rate or 'none'}", f"{index + 1}: {stage['learning_rate']}"))
    yield "stage_freeze_map", _hits(freezes)
    yield "stage_learning_rate", _hits(rates)
