"""Calibrates the confidences of rules on gold and writes src/vlmingest/settle/confidence.json.

usage: train_confidence.py SHARED_DIR [--more FOLDER ...] [--report-only]

Every value that the readers propose for a gold paper of kind "model" is a case: its raw confidence, how much evidence it has,
whether its name is new, and whether gold has it (`vlmingest.evaluation.confidence.matched`). Per field a logistic curve with a
pull towards "the raw confidence is the chance"; the pull is chosen by the likelihood of left-out papers. `keep` is what gives
the best F1 per paper, `accept` the least chance from which on left-out values are right in at least TARGET of cases. All that
is printed is of papers left out. The weights of figures and objectives are trained anew without the paper in question; those
of parts and data sets are trained on the seen papers only, so papers kept unseen (score_dev.py) count for more.
Run it after every change of a reader. The same input gives the same file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent))
import train_figure
import train_objectives
from score_dev import is_held, load_document, metadata_of
from score_folder import ENDINGS

from vlmingest.document import Document
from vlmingest.evaluation import calibration_error
from vlmingest.evaluation.confidence import JUDGED_FIELDS, matched
from vlmingest.evaluation.gold import LIST_FIELDS, SET_FIELDS, gold_names, gold_set
from vlmingest.extract import extract_candidates, figure, objectives
from vlmingest.read import read_document
from vlmingest.records import FieldName, Relevance
from vlmingest.settle.calibration import features_of, logit
from vlmingest.settle.merge import group_candidates

OUT = Path(__file__).resolve().parent.parent / "src" / "vlmingest" / "settle" / "confidence.json"
TARGET = 0.97
LEAST_ACCEPTED = 5
HELD_WEIGHT = 3.0
MORE_WEIGHT = 2.0
PULLS = (0.5, 1.0, 2.0, 4.0, 8.0)
SINGLE = (FieldName.NAME, FieldName.FIGURE, FieldName.CODE)
KEEP_SINGLE = 0.15
USUAL_KEEP = 0.42  # F1 is best at about half of what it can reach
# Papers say these once, in passing: a value lost costs more than a question.
SELDOM_KEEP = {FieldName.OBJECTIVE: 0.36, FieldName.CONNECTOR: 0.36}
# Their weights are fitted on the papers that are judged here, so they look surer than they are. With papers left out of the
# weights, too, evaluation sets are best at a raw 0.55; the others are put about where they were on fewer papers, by hand.
FITTED_KEEP = {
    FieldName.EVALUATION_DATASET: 0.56,
    FieldName.TRAINING_DATASET: 0.46,
    FieldName.IMAGE_RESOLUTION: 0.56,
    FieldName.VISION_ENCODER: 0.46,
    FieldName.LANGUAGE_MODEL: 0.46,
}
KEEP_PULL = 0.15
NAMES = ("slope", "intercept", "evidence", "new_name")


@dataclass
class Case:
    """One proposed value of one paper."""

    paper: str
    raw: float
    features: dict[str, float]
    hits: frozenset[str]
    weight: float = 1.0
    chance: float = 0.0  # by the curve that has not seen the paper

    @property
    def row(self) -> list[float]:
        return [logit(self.raw), 1.0, self.features["evidence"], self.features["new_name"]]


def gather(shared: Path, more: list[Path]) -> tuple[dict[FieldName, list[Case]], dict[str, dict[str, Any]]]:
    """The cases of every field, and the gold of every paper."""
    golds: dict[str, dict[str, Any]] = {}
    loaders = figure.load_weights, objectives.load_weights
    for annotation in sorted((shared / "gold" / "dev").glob("*.json")):
        gold = json.loads(annotation.read_text(encoding="utf-8"))
        if gold["kind"] == "model":
            golds[annotation.stem] = gold
    figures = train_figure.of_gold(shared) | train_figure.of_folders(more)
    spoken = train_objectives.of_gold(shared)
    cases: dict[FieldName, list[Case]] = defaultdict(list)
    for stem, gold in golds.items():
        path = shared / "corpus" / "pdf" / f"{stem}.pdf"
        document = load_document(str(path))
        use_weights_without(shared, stem, figures, spoken)
        _add_cases(cases, stem, path, document, gold, HELD_WEIGHT if is_held(stem) else 1.0)
    figure.load_weights, objectives.load_weights = loaders  # type: ignore[assignment]
    for folder in more:
        for annotation in sorted((folder / "gold").glob("*.json")):
            gold = json.loads(annotation.read_text(encoding="utf-8"))
            path = next((one for ending in ENDINGS if (one := folder / f"{annotation.stem}{ending}").exists()), None)
            if gold["kind"] == "model" and path is not None:
                golds[annotation.stem] = gold
                _add_cases(cases, annotation.stem, path, read_document(path.read_bytes()), gold, MORE_WEIGHT)
    return cases, golds


def _add_cases(
    cases: dict[FieldName, list[Case]], stem: str, path: Path, document: Document, gold: dict[str, Any], weight: float
) -> None:
    candidates, _, _ = extract_candidates(document, metadata_of(path, document), Relevance(label="model", score=1.0))
    groups = group_candidates(candidates)
    stages = sum(field is FieldName.STAGE for field, _ in groups)
    best: set[FieldName] = set()
    for (field, _), group in sorted(groups.items(), key=lambda item: (-item[1][0].confidence, item[0][1])):
        hits = matched(field, group[0].value, group[0].attributes, gold, stages)
        if hits is None or (field in SINGLE[:2] and field in best):
            continue
        best.add(field)
        cases[field].append(Case(stem, group[0].confidence, features_of(group), hits, weight))


def use_weights_without(shared: Path, stem: str, figures: dict[str, Any], spoken: dict[str, Any]) -> None:
    """Make the readers of figures and objectives use weights that have not seen the paper."""
    papers = [found for other, found in figures.items() if other != stem]
    weights = train_figure.fit(papers, train_figure.of_list(shared, {stem.split("v", maxsplit=1)[0]}))
    figure.load_weights = lambda: weights  # type: ignore[assignment]
    told = train_objectives.fit([row for other, (found, _) in spoken.items() if other != stem for row in found])
    objectives.load_weights = lambda: told  # type: ignore[assignment]


def fit(cases: list[Case], pull: float) -> np.ndarray:
    """slope, intercept, evidence, new_name: the likeliest curve, drawn to (1, 0, 0, 0); the slope is not negative."""
    matrix = np.array([case.row for case in cases])
    right = np.array([bool(case.hits) for case in cases], dtype=float)
    weight = np.array([case.weight for case in cases])
    weight *= len(cases) / weight.sum()
    start = np.array([1.0, 0.0, 0.0, 0.0])
    strength = np.array([2.0, 0.3, 1.0, 1.0]) * pull

    def loss(curve: np.ndarray) -> float:
        odds = matrix @ curve
        likelihood = np.logaddexp(0, odds) - right * odds
        return float((weight * likelihood).sum() + (strength * (curve - start) ** 2).sum())

    # The vocabulary was made with these papers in view: of the names that are new here few are right, tomorrow more will be.
    bounds = [(0.05, None), (None, None), (0.0, None), (-0.5, 0.0)]
    return np.asarray(minimize(loss, start, bounds=bounds, method="L-BFGS-B").x)


def leave_out(cases: list[Case], pull: float) -> float:
    """Give every case its chance by a curve without its paper; returns the mean log likelihood."""
    total = 0.0
    for paper in {case.paper for case in cases}:
        others = [case for case in cases if case.paper != paper]
        curve = fit(others, pull) if others else np.array([1.0, 0.0, 0.0, 0.0])
        for case in cases:
            if case.paper == paper:
                case.chance = float(1 / (1 + np.exp(-np.dot(curve, case.row))))
                total += np.log(case.chance if case.hits else 1 - case.chance)
    return total / len(cases)


def n_gold(field: FieldName, gold: dict[str, Any]) -> int:
    """How many values gold has."""
    name = JUDGED_FIELDS[field]
    if name in LIST_FIELDS:
        return len(gold_names(gold.get(name) or ()))
    return len(gold_set(gold, name)) if name in SET_FIELDS else 1


def paper_f1(field: FieldName, cases: list[Case], golds: dict[str, dict[str, Any]], keep: float) -> float:
    """Mean F1 over papers where values below `keep` are dropped."""
    held: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.chance >= keep:
            held[case.paper].append(case)
    scores = []
    for paper, gold in golds.items():
        if field in SINGLE and matched(field, "", {}, gold, 0) is None:
            continue
        claimed, wanted = held[paper], n_gold(field, gold)
        found = len(frozenset().union(*(case.hits for case in claimed))) if claimed else 0
        precision = sum(bool(case.hits) for case in claimed) / len(claimed) if claimed else float(not wanted)
        recall = found / wanted if wanted else 1.0
        scores.append(2 * precision * recall / (precision + recall) if precision + recall else 0.0)
    return sum(scores) / len(scores)


def best_keep(field: FieldName, cases: list[Case], golds: dict[str, dict[str, Any]]) -> float:
    """The threshold with the best F1 of left-out papers, smoothed over its neighbours and drawn to USUAL_KEEP."""
    if field in SINGLE:
        return KEEP_SINGLE
    if field is FieldName.STAGE:
        return 0.0  # to drop one of several stages would make all later ones wrong
    usual = (SELDOM_KEEP | FITTED_KEEP).get(field, USUAL_KEEP)
    grid = [round(0.2 + 0.02 * step, 2) for step in range(26)]
    scores = [paper_f1(field, cases, golds, keep) for keep in grid]
    smooth = [sum(scores[max(i - 2, 0) : i + 3]) / len(scores[max(i - 2, 0) : i + 3]) for i in range(len(grid))]
    return max(zip(smooth, grid, strict=True), key=lambda pair: pair[0] - KEEP_PULL * abs(pair[1] - usual))[1]


def best_accept(cases: list[Case]) -> float | None:
    """The least chance from which on left-out values are right often enough, with one value to spare."""
    ordered = sorted(cases, key=lambda case: -case.chance)
    found: float | None = None
    right = 0
    for count, case in enumerate(ordered, start=1):
        right += bool(case.hits)
        if case.chance < 0.9:
            break
        if count >= LEAST_ACCEPTED and right / count >= TARGET:
            found = case.chance
    return None if found is None else float(np.ceil(found * 1000) / 1000)


def main() -> int:
    """Gather, calibrate, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--more", type=Path, nargs="*", default=[])
    parser.add_argument("--report-only", action="store_true")
    arguments = parser.parse_args()
    cases, golds = gather(arguments.shared, arguments.more)
    curves: dict[str, dict[str, float | None]] = {}
    every: list[tuple[bool, float]] = []
    taken: list[bool] = []
    print(
        f"{'field':28}{'cases':>6}{'pull':>6}{'slope':>7}{'icpt':>7}{'keep':>6}{'F1':>7}{'ece':>7}{'accept':>8}{'n':>5}{'prec':>7}"
    )
    for field in JUDGED_FIELDS:
        found = cases[field]
        if not found:
            continue
        pull = max(PULLS, key=lambda one, found=found: leave_out(found, one))
        leave_out(found, pull)
        keep, accept = best_keep(field, found, golds), best_accept(found)
        curve = fit(found, pull)
        curves[field.value] = {
            **{name: round(float(value), 4) for name, value in zip(NAMES, curve, strict=True)},
            "keep": keep,
            "accept": accept,
        }
        kept = [(bool(case.hits), case.chance) for case in found if case.chance >= keep]
        sure = [right for right, chance in kept if accept is not None and chance >= accept]
        every += kept
        taken += sure
        print(
            f"{field.value:28}{len(found):6}{pull:6.1f}{curve[0]:7.2f}{curve[1]:7.2f}{keep:6.2f}"
            f"{paper_f1(field, found, golds, keep):7.3f}{calibration_error(kept):7.3f}{accept or 0:8.3f}{len(sure):5}"
            f"{sum(sure) / len(sure) if sure else 0:7.3f}"
        )
    print(f"all kept values: {len(every)}, calibration error {calibration_error(every):.4f}")
    print(f"accepted: {len(taken)}, right {sum(taken) / max(len(taken), 1):.4f}")
    if not arguments.report_only:
        card = {
            "trained_on": f"{len(golds)} papers, {sum(map(len, cases.values()))} proposed values",
            "left_out_calibration_error": round(calibration_error(every), 4),
            "left_out_accepted": f"{len(taken)} of {len(every)} values, {sum(taken) / max(len(taken), 1):.3f} right",
        }
        text = json.dumps({"card": card, "fields": curves}, indent=1, sort_keys=True)
        OUT.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
