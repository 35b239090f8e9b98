"""Train the weights of parts (rules/parts_weights.toml): logistic regressions over the features of extract/parts_weigh.py.

Usage: python tools/train_parts.py [--write] [--also FOLDER ...]

`--also`: folders of more papers with annotations beside them (`ID.tex` or `ID.pdf`, and `gold/ID.json`).

Every part that a seen paper names is a case: 1 where one of the names given for it is in the gold (or is accepted there), 0
otherwise; negatives (papers that propose no such model, but often use some) count little. Papers weigh the
same, so that long ones do not rule.
Printed: the F1 per paper with leave-one-paper-out weights, for the seen papers. Held papers are never read here. Needs
`../shared`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from vlmingest.document import Document

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from score_dev import SHARED, is_held, load_document, manifest, metadata_of  # noqa: E402

KINDS = ("vision_encoder", "language_model")
# What a feature may do: a sign it must have, so that few cases teach no nonsense (0: either).
SIGNS = {
    "strongest": 1, "gathered": 1, "places": 1, "rules": 1, "share": 1, "ours": 1, "abstract": 0, "related": -1, "experiments": -1,
    "ablation": -1, "other_voice": -1, "own_voice": 1, "figure": 1, "cells": 0, "table": 1, "compared": -1, "tool": -1, "cited": -1,
    "whole": -1, "whole_beside": -3.0, "closed": -1, "shape": 0, "shape_beside": -1, "coder": 0, "later_beside": -1, "new": 0,
    "encoder_free": -1, "whole_connected": -1,
    "coder_beside": -1, "coder_idle": -1, "reader_beside": -1,
}  # fmt: skip
# Starting points towards which few cases are drawn back (set by hand, see git history).
PRIOR = {
    "constant": -3.5, "strongest": 3.0, "gathered": 2.0, "share": 1.0, "ours": 0.5, "figure": 1.0, "table": 1.0, "compared": -1.0,
    "tool": -1.0, "related": -0.5, "ablation": -1.0, "other_voice": -0.5, "shape_beside": -2.0, "whole_beside": -3.0, "closed": -3.0,
    "new": -0.5, "later_beside": -2.0, "encoder_free": -4.0, "whole_connected": -1.5,
    "coder_beside": -1.0, "coder_idle": -3.0, "reader_beside": -1.0,
}  # fmt: skip
KEEP_AT = 0.4


def norm(text: str) -> str:
    """The scorer's folding of a name."""
    return re.sub(r"[^a-z0-9.+]+", "", text.lower()).strip(".")


def seen_papers(gold: dict[str, dict]) -> Iterator[tuple[Path, Document, dict]]:
    """The papers of the corpus that may be looked at, and those that propose no such model."""
    for row in manifest():
        path = SHARED / "corpus" / str(row["file"])
        if not is_held(path.stem) and (path.stem in gold or row["kind"] == "negative"):
            yield path, load_document(str(path)), gold.get(path.stem, {})


def other_papers(folders: Iterable[Path]) -> Iterator[tuple[Path, Document, dict]]:
    """The papers of folders with annotations beside them."""
    from vlmingest.read import read_document

    for folder in folders:
        for beside in sorted((folder / "gold").glob("*.json")):
            truth = json.loads(beside.read_text("utf-8"))
            path = next((one for end in (".tex", ".pdf") if (one := folder / f"{beside.stem}{end}").exists()), None)
            if path is not None and truth.get("kind") == "model":
                yield path, read_document(path.read_bytes()), truth


def cases(also: Iterable[Path] = ()) -> list[dict]:
    """One entry per part of every seen paper: paper, kind, names, features, label, gold names that it covers."""
    from vlmingest.extract.parts import read_parts
    from vlmingest.extract.view import PaperView

    gold = {
        path.stem: json.loads(path.read_text())
        for path in (SHARED / "gold" / "dev").glob("*.json")
        if not is_held(path.stem)
    }
    found = []
    for path, document, truth in (*seen_papers(gold), *other_papers(also)):
        view = PaperView(document, metadata_of(path, document))
        for candidate in read_parts(view):
            kind = candidate.field.value.removeprefix("architecture.")
            wanted = truth.get(f"{kind}s") or []
            family = norm(str(candidate.attributes.get("family") or ""))
            covers = [index for index, item in enumerate(wanted) if covered(candidate.value, family, item)]
            found.append(
                {
                    "paper": path.stem,
                    "model": bool(truth),
                    "kind": kind,
                    "name": candidate.value,
                    "features": candidate.features,
                    "label": bool(covers),
                    "covers": covers,
                    "wanted": len(wanted),
                }
            )
    for row in found:  # a second name for a gold part that another one gives better teaches nothing
        row["spare"] = row["label"] and all(outdone(row, index, found) for index in row["covers"])
    return found


def covered(name: str, family: str, item: dict) -> bool:
    """Whether a name (or its family) is the gold item."""
    names = {norm(item["name"]), *map(norm, item.get("accept", []))}
    return norm(name) in names or norm(item.get("family") or "?") == family


def outdone(row: dict, index: int, rows: list[dict]) -> bool:
    """Whether another part of the same paper covers the gold item with more said of it."""
    return any(
        index in other["covers"] and other["features"].get("gathered", 0.0) > row["features"].get("gathered", 0.0)
        for other in rows
        if other["paper"] == row["paper"] and other["kind"] == row["kind"]
    )


def fit(rows: list[dict], names: list[str], strength: float) -> dict[str, float]:
    """Projected gradient descent on the logistic loss, drawn towards PRIOR, with SIGNS kept."""
    rows = [row for row in rows if not row["spare"]]
    matrix = np.array([[1.0] + [row["features"].get(name, 0.0) for name in names] for row in rows])
    labels = np.array([float(row["label"]) for row in rows])
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["paper"]] = counts.get(row["paper"], 0) + 1
    weights = np.array([(1.0 if row["model"] else 0.15) * 8.0 / max(counts[row["paper"]], 8) for row in rows])
    prior = np.array([PRIOR["constant"]] + [PRIOR.get(name, 0.0) for name in names])
    signs = np.array([0] + [SIGNS[name] for name in names])
    pull = np.array([0.2] + [1.0] * len(names)) * strength
    beta = prior.copy()
    for _ in range(3000):
        chance = 1.0 / (1.0 + np.exp(-np.clip(matrix @ beta, -30, 30)))
        slope = matrix.T @ (weights * (chance - labels)) + pull * (beta - prior)
        beta -= 0.02 * slope
        beta = np.where((signs > 0) & (beta < 0), 0.0, np.where((signs < 0) & (beta > 0), 0.0, beta))
    return {"constant": float(beta[0]), **{name: float(value) for name, value in zip(names, beta[1:], strict=True)}}


def chance(weights: dict[str, float], row: dict) -> float:
    """Probability of a case."""
    total = weights["constant"] + sum(
        weights[name] * value for name, value in row["features"].items() if name in weights
    )
    return float(1.0 / (1.0 + np.exp(-np.clip(total, -30, 30))))


def paper_f1(rows: list[dict], chances: list[float]) -> float:
    """Mean F1 of the papers at KEEP_AT."""
    scores = []
    for paper in sorted({row["paper"] for row in rows if row["model"]}):
        mine = [(row, value) for row, value in zip(rows, chances, strict=True) if row["paper"] == paper]
        kept = [row for row, value in mine if value >= KEEP_AT]
        wanted = mine[0][0]["wanted"]
        right = sum(row["label"] for row in kept)
        found = len({index for row in kept for index in row["covers"]})
        precision = right / len(kept) if kept else float(not wanted)
        recall = found / wanted if wanted else 1.0
        scores.append(2 * precision * recall / (precision + recall) if precision + recall else 0.0)
    return float(np.mean(scores))


def main() -> int:
    """Fit, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--also", type=Path, nargs="*", default=[], metavar="FOLDER")
    parser.add_argument("--strength", type=float, default=1.0)
    arguments = parser.parse_args()
    rows = cases(arguments.also)
    lines = ["# Weights of the features of a part (see parts_weigh.py), trained by tools/train_parts.py."]
    for kind in KINDS:
        mine = [row for row in rows if row["kind"] == kind]
        names = sorted({name for row in mine for name in row["features"]})
        left_out = []
        for row in mine:
            row["weights"] = None
        known: dict[str, dict[str, float]] = {}
        for row in mine:
            paper = row["paper"]
            if paper not in known:
                known[paper] = fit([other for other in mine if other["paper"] != paper], names, arguments.strength)
            left_out.append(chance(known[paper], row))
        weights = fit(mine, names, arguments.strength)
        inside = [chance(weights, row) for row in mine]
        prior = [chance({"constant": -3.5, **PRIOR}, row) for row in mine]
        print(kind, len(mine), "cases", sum(row["label"] for row in mine), "right")
        print(
            f"  paper F1: prior {paper_f1(mine, prior):.3f}  left out {paper_f1(mine, left_out):.3f}  inside {paper_f1(mine, inside):.3f}"
        )
        for row, value in sorted(zip(mine, left_out, strict=True), key=lambda item: -item[1]):
            if (value >= KEEP_AT) != row["label"] and (value > 0.3 or row["label"]):
                print(f"    {'missed' if row['label'] else 'wrong '} {value:.2f} {row['paper']} {row['name']}")
        print("  ", {name: round(value, 2) for name, value in weights.items() if abs(value) > 0.005})
        lines += [f"[{kind}]", *(f"{name} = {value:.3f}" for name, value in weights.items() if abs(value) > 0.005), ""]
    if arguments.write:
        path = ROOT / "src/vlmingest/extract/rules/parts_weights.toml"
        path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
