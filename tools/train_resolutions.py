"""Train the weights of resolutions (weights/resolutions.json): a logistic regression over extract/resolution_weigh.py.

Usage: python tools/train_resolutions.py [--write] [--misses] [FOLDER ...]

Cases are all sides that the reader proposes for papers of the dev gold and of FOLDERs (as for train_sizes.py): 1 where gold has
the side, 0 otherwise. Papers weigh the same. Printed: the F1 per paper with weights that have not seen the paper.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from train_sizes import options_of, papers, train  # noqa: E402

WEIGHTS = ROOT / "src/vlmingest/extract/weights/resolutions.json"
# Where weights start and towards which few cases are drawn back, and the sign each must have (0: either).
PRIOR = {
    "constant": (-0.5, 0), "odds": (5.0, 1), "places": (0.0, 1), "alone": (0.5, 1), "beside": (-1.0, -1), "many": (0.0, 0),
    "usual": (0.2, 1), "odd": (-0.3, -1), "table": (0.0, 1), "encoder": (0.0, -1), "methods": (0.2, 0), "front": (0.0, 0),
    "later": (-0.2, 0), "data": (-0.5, 0), "ablation": (0.0, -1), "former": (-0.5, -1), "example": (-0.5, -1), "window": (-0.3, -1),
    "oblong": (0.0, 0), "tool": (-0.5, -1), "final": (0.3, 1), "made": (-0.3, -1),
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
    """Train on resolutions."""
    parser = options_of(__doc__)
    parser.add_argument("--keep", type=float, default=0.42)
    options = parser.parse_args()
    train(cases(options.folder), options, PRIOR, options.keep, "sides", WEIGHTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
