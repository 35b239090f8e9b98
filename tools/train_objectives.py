"""Trains the weights of training objectives and writes src/vlmingest/extract/weights/objectives.json.

usage: train_objectives.py SHARED_DIR [FOLDER ...] [--report-only]

One logistic regression over all objectives of the dev gold's papers of kind "model" (see score_dev.py for the documents), and
of those of any FOLDER in the form of score_folder.py.
Figures are leave-one-paper-out; the papers that score_dev.py keeps unseen are left out together, and trained on only for the
weights that are written, after all figures are printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent))
from score_dev import is_held, load_document, metadata_of

from vlmingest.extract.objectives import objective_features, objective_hits
from vlmingest.extract.view import PaperView
from vlmingest.read import read_document

OUT = Path(__file__).resolve().parent.parent / "src" / "vlmingest" / "extract" / "weights" / "objectives.json"
ENDINGS = (".pdf", ".tex", ".html")
PULL = 4.0
# What is expected before any paper was seen: few cases are drawn towards it. A single own statement in the method is enough.
PRIOR = {
    "bias": -0.4, "method": 0.9, "stated": 0.9, "own": 0.3, "elsewhere": 0.1, "weak": 0.8, "weak.elsewhere": 0.3, "backbone": 0.4,
    "generates": 0.9, "title": 0.5, "pair.other": -1.0, "pair.stated": -2.0, "hint": 0.3, "hint.elsewhere": 0.1,
    "beside.reinforcement": -0.4, "beside.contrastive": -0.3,
    "beside.captioning": -0.4, "writes_not": -1.2, "only.reinforcement": -0.8, "encoders": -1.0,
    "outside": -0.4,
}  # fmt: skip
KEEP = 0.5

Rows = list[tuple[str, dict[str, float], bool]]


def of_gold(shared: Path, folders: Sequence[Path] = ()) -> dict[str, tuple[Rows, set[str]]]:
    """Paper -> (objective, features, right) of its candidates, and the gold."""
    found: dict[str, tuple[Rows, set[str]]] = {}
    places = [(path, None) for path in sorted((shared / "gold" / "dev").glob("*.json"))]
    places += [(path, folder) for folder in folders for path in sorted((folder / "gold").glob("*.json"))]
    for annotation, folder in places:
        gold = json.loads(annotation.read_text(encoding="utf-8"))
        if gold["kind"] != "model":
            continue
        if folder is None:
            path = shared / "corpus" / "pdf" / f"{annotation.stem}.pdf"
            document = load_document(str(path))
        else:
            path = next(one for end in ENDINGS if (one := folder / f"{annotation.stem}{end}").exists())
            document = read_document(path.read_bytes())
        view = PaperView(document, metadata_of(path, document))
        wanted, hits = set(gold["objectives"]), objective_hits(view)
        rows = [(kind, objective_features(kind, hits, view), kind in wanted) for kind in hits]
        found[annotation.stem] = (rows, wanted)
    return found


def fit(rows: Rows) -> dict[str, float]:
    """Feature -> weight: the likeliest, drawn to PRIOR."""
    names = sorted({name for _, features, _ in rows for name in features})
    matrix = np.array([[features.get(name, 0.0) for name in names] for _, features, _ in rows])
    right = np.array([float(hit) for _, _, hit in rows])
    prior = np.array([PRIOR.get(name, 0.0) for name in names])

    def loss(weights: np.ndarray) -> float:
        odds = matrix @ weights
        return float((np.logaddexp(0, odds) - right * odds).sum() + PULL * ((weights - prior) ** 2).sum())

    found = minimize(loss, prior, method="L-BFGS-B").x
    return {name: round(float(weight), 4) for name, weight in zip(names, found, strict=True)}


def f1(weights: dict[str, float], rows: Rows, wanted: set[str], show: str = "") -> float:
    """F1 of one paper."""
    claimed = set()
    for kind, features, _ in rows:
        score = sum(weights.get(name, 0.0) * value for name, value in features.items())
        if 1 / (1 + np.exp(-score)) >= KEEP:
            claimed.add(kind)
    right = len(claimed & wanted)
    if show and claimed != wanted:
        print(show, "missed", sorted(wanted - claimed), "wrong", sorted(claimed - wanted))
    return 2 * right / (len(claimed) + len(wanted)) if claimed or wanted else 1.0


def main() -> int:
    """Train, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("folder", type=Path, nargs="*")
    parser.add_argument("--report-only", action="store_true")
    arguments = parser.parse_args()
    old = of_gold(arguments.shared)
    gold = of_gold(arguments.shared, arguments.folder)
    scores: dict[str, list[float]] = defaultdict(list)
    for stem, (rows, wanted) in gold.items():
        group = "folder" if stem not in old else "held" if is_held(stem) else "seen"
        unseen = {other for other in old if is_held(other)} if group == "held" else {stem}
        weights = fit([row for other, (found, _) in gold.items() if other not in unseen for row in found])
        scores[group].append(f1(weights, rows, wanted, "" if group == "held" else stem))
    for group, found in scores.items():
        print(f"{group}: F1 {sum(found) / len(found):.3f} of {len(found)}, the paper itself left out")
    if not arguments.report_only:
        every = [row for rows, _ in gold.values() for row in rows]
        card = {
            "trained_on": f"{len(gold)} papers, {len(every)} objectives spoken of",
            "left_out_f1": round(sum(map(sum, scores.values())) / len(gold), 3),
        }
        text = json.dumps({"card": card, "weights": fit(every)}, indent=1, sort_keys=True)
        OUT.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
