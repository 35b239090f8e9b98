"""Train the weights of sizes (weights/sizes.json): a logistic regression over the features of extract/sizes_weigh.py.

Usage: python tools/train_sizes.py [--write] [--misses] [FOLDER ...]

Cases are all sizes that the reader proposes for papers of the dev gold and of FOLDERs (papers with `gold/` beside them, as for
score_folder.py): 1 where gold has the size, 0 otherwise; what gold merely accepts teaches nothing. Papers weigh the same.
Printed: the F1 per paper with weights that have not seen the paper. Needs `../shared`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from score_dev import SHARED, load_document, manifest, metadata_of  # noqa: E402

WEIGHTS = ROOT / "src/vlmingest/extract/weights/sizes.json"
# Where weights start and towards which few cases are drawn back, and the sign each must have (0: either).
PRIOR = {
    "constant": (0.0, 0), "odds": (4.0, 1), "own": (0.0, 1), "named": (0.5, 1), "names": (0.5, 1), "unnamed": (-1.0, -1), "said": (0.0, 1),
    "table": (0.5, 1),
    "front": (0.5, 1), "lm": (0.0, 0), "lm_beside": (-3.0, -1), "lm_million": (-3.0, -1), "own_beside": (-1.0, -1), "part": (-0.5, -1),
    "data": (-4.0, -1),
    "encoder": (-2.0, -1), "rival": (-0.5, -1), "million": (-0.3, -1), "rounded": (-2.0, -1),
}  # fmt: skip
PULL = {"constant": 2.0, "million": 4.0, "lm_million": 2.0}  # how much more than others these are drawn back
KEEP_AT = 0.42


def canon(size: str) -> str:
    """The scorer's spelling of a size."""
    from vlmingest.extract.sizes import sizes_in

    return next(iter(sizes_in(size)), size.strip())


def papers(folders: list[Path]):
    """(gold, document, metadata) of every gold paper on a model."""
    from vlmingest.read import read_document

    gold = {path.stem: json.loads(path.read_text("utf-8")) for path in (SHARED / "gold" / "dev").glob("*.json")}
    for row in manifest():
        path = SHARED / "corpus" / str(row["file"])
        if gold.get(path.stem, {}).get("kind") == "model":
            document = load_document(str(path))
            yield gold[path.stem], document, metadata_of(path, document)
    for folder in folders:
        for path in sorted((folder / "gold").glob("*.json")):
            paper = next(
                (one for end in (".pdf", ".tex", ".html") if (one := folder / f"{path.stem}{end}").exists()), None
            )
            if paper is not None:
                document = read_document(paper.read_bytes())
                yield json.loads(path.read_text("utf-8")), document, metadata_of(paper, document)


def cases(folders: list[Path]) -> list[dict]:
    """One entry per paper: its name, wanted sizes, and the sizes proposed with their features."""
    from vlmingest.extract.sizes import size_places
    from vlmingest.extract.sizes_weigh import Told, features_of, tell
    from vlmingest.extract.view import PaperView

    found = []
    for gold, document, paper in papers(folders):
        view = PaperView(document, paper)
        places = size_places(view)
        told = tell(view, places)
        wanted = {canon(size) for size in gold.get("model_sizes") or []}
        spare = {canon(size) for size in gold.get("model_sizes_accept") or []} - wanted
        rows = [(size, features_of(size, places, told.get(size, Told()), view), size in wanted) for size in places]
        found.append({"paper": gold["arxiv_id"], "wanted": wanted, "spare": spare, "rows": rows})
    return found


def fit(groups: list[dict], strength: float, start: dict[str, tuple[float, int]] = PRIOR) -> np.ndarray:
    """Projected gradient descent on the logistic loss, drawn towards `start`, with its signs kept."""
    names = [name for name in start if name != "constant"]
    matrix, labels, weights = [], [], []
    for group in groups:
        rows = [row for row in group["rows"] if row[0] not in group["spare"]]
        for _, features, label in rows:
            matrix.append([1.0] + [features[name] for name in names])
            labels.append(float(label))
            weights.append(3.0 / max(len(rows), 3))
    x, y, w = np.array(matrix), np.array(labels), np.array(weights)
    prior = np.array([value for value, _ in start.values()])
    signs = np.array([sign for _, sign in start.values()])
    strength = strength * np.array([PULL.get(name, 1.0) for name in start])
    beta = prior.copy()
    for _ in range(3000):
        chance = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        beta = beta - 0.05 * (x.T @ (w * (chance - y)) + strength * (beta - prior))
        beta = np.where((signs > 0) & (beta < 0) | (signs < 0) & (beta > 0), 0.0, beta)
    return beta


def chances(beta: np.ndarray, group: dict, start: dict[str, tuple[float, int]] = PRIOR) -> dict:
    """Size -> probability."""
    names = [name for name in start if name != "constant"]
    return {
        size: float(1 / (1 + np.exp(-np.clip(beta[0] + sum(beta[1:] * [f[n] for n in names]), -30, 30))))
        for size, f, _ in group["rows"]
    }


def f1(group: dict, found: dict, keep: float = KEEP_AT) -> float:
    """The F1 of one paper where chances of `keep` and more are kept."""
    kept = {size for size, value in found.items() if value >= keep}
    right = len(kept & group["wanted"])
    if not kept and not group["wanted"]:
        return 1.0
    return 2 * right / (len(kept) + len(group["wanted"]))


def train(groups: list[dict], options: argparse.Namespace, start: dict, keep: float, what: str, out: Path) -> None:
    """Validate by leaving out one paper at a time, train on all, report; write the weights where that is asked for."""
    scores = []
    for group in groups:
        beta = fit([other for other in groups if other is not group], options.strength, start)
        found = chances(beta, group, start)
        scores.append(f1(group, found, keep))
        if options.misses and scores[-1] < 1:
            kept = {value for value, chance in found.items() if chance >= keep}
            print(f"{group['paper']:20} missed {sorted(group['wanted'] - kept)} wrong {sorted(kept - group['wanted'])}")
            for value, features, _ in group["rows"]:
                if (value in kept) != (value in group["wanted"]):
                    told = {name: round(number, 2) for name, number in features.items() if number}
                    print(f"{'':24}{value} {found[value]:.2f} {told}")
    beta = fit(groups, options.strength, start)
    weights = {name: round(float(value), 3) for name, value in zip(start, beta, strict=True)}
    print(weights)
    told = f"{len(groups)} papers, {sum(len(group['rows']) for group in groups)} {what}"
    print(f"{told}: F1 of left-out papers {np.mean(scores):.3f}")
    if options.write:
        card = {"trained_on": told, "left_out_f1": round(float(np.mean(scores)), 3)}
        out.write_text(json.dumps({"card": card, "weights": weights}, indent=1) + "\n", encoding="utf-8")


def options_of(text: str | None) -> argparse.ArgumentParser:
    """The options that training takes."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="*")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--strength", type=float, default=0.8)
    return parser


def main() -> int:
    """Train on sizes."""
    options = options_of(__doc__).parse_args()
    train(cases(options.folder), options, PRIOR, KEEP_AT, "sizes", WEIGHTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
