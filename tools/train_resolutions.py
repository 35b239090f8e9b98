"""Train the weights of resolutions (weights/resolutions.json): a logistic regression over extract/resolution_weigh.py.

Usage: python tools/train_resolutions.py [--write] [--misses] [FOLDER ...]

Cases are all sides that the reader proposes for papers of the dev gold and of FOLDERs (as for train_sizes.py): 1 where gold has
the side, 0 otherwise. Papers weigh the same. Printed: the F1 per paper with weights that have not seen the paper.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from train_sizes import chances, f1, fit, papers  # noqa: E402

WEIGHTS = ROOT / "src/vlmingest/extract/weights/resolutions.json"
# Where weights start and towards which few cases are drawn back, and the sign each must have (0: either).
PRIOR = {
    "constant": (-0.5, 0), "odds": (5.0, 1), "places": (0.0, 1), "alone": (0.5, 1), "beside": (-1.0, -1), "many": (0.0, 0),
    "usual": (0.2, 1), "odd": (-0.3, -1), "table": (0.0, 1), "encoder": (0.0, -1), "methods": (0.2, 0), "front": (0.0, 0),
    "later": (-0.2, 0), "data": (-0.5, 0), "ablation": (0.0, -1), "former": (-0.5, -1), "example": (-0.5, -1), "window": (-0.3, -1),
    "tool": (-0.5, -1), "final": (0.3, 1), "made": (-0.3, -1),
}  # fmt: skip


def cases(folders: list[Path]) -> list[dict]:
    """One entry per paper: its name, wanted sides, and the sides proposed with their features."""
    from vlmingest.extract.resolution import resolution_places
    from vlmingest.extract.resolution_weigh import features_of
    from vlmingest.extract.view import PaperView

    found = []
    for gold, document, paper in papers(folders):
        view = PaperView(document, paper)
        places = resolution_places(view)
        wanted = {int(side) for side in gold.get("image_resolutions") or []}
        rows = [(side, features_of(side, places, view), side in wanted) for side in places]
        found.append({"paper": gold["arxiv_id"], "wanted": wanted, "spare": set(), "rows": rows})
    return found


def main() -> int:
    """Train, validate by leaving out one paper at a time, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="*")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--strength", type=float, default=0.8)
    parser.add_argument("--keep", type=float, default=0.42)
    arguments = parser.parse_args()
    groups = cases(arguments.folder)
    scores = []
    for group in groups:
        beta = fit([other for other in groups if other is not group], arguments.strength, PRIOR)
        found = chances(beta, group, PRIOR)
        scores.append(f1(group, found, arguments.keep))
        if arguments.misses and scores[-1] < 1:
            kept = {side for side, value in found.items() if value >= arguments.keep}
            print(f"{group['paper']:20} missed {sorted(group['wanted'] - kept)} wrong {sorted(kept - group['wanted'])}")
            for side, features, _ in group["rows"]:
                if (side in kept) != (side in group["wanted"]):
                    told = {name: round(value, 2) for name, value in features.items() if value}
                    print(f"{'':24}{side} {found[side]:.2f} {told}")
    beta = fit(groups, arguments.strength, PRIOR)
    weights = {name: round(float(value), 3) for name, value in zip(PRIOR, beta, strict=True)}
    print(weights)
    told = f"{len(groups)} papers, {sum(len(group['rows']) for group in groups)} sides"
    print(f"{told}: F1 of left-out papers {np.mean(scores):.3f}")
    if arguments.write:
        card = {"trained_on": told, "left_out_f1": round(float(np.mean(scores)), 3)}
        WEIGHTS.write_text(json.dumps({"card": card, "weights": weights}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
