"""Train the weights of the data-set roles on the seen part of the dev gold, leaving one paper out at a time to measure.

Usage: python tools/train_datasets.py [--write] [--misses] [--l2 X] [--folder DIR ...]

A folder holds papers with annotations beside them (see tools/score_folder.py); they are trained on, and left out in turn, like
the gold. Only weights are stored.

Beside the gold, papers of the corpus that have none (`tools/annotations/datasets.json`: the names they train and evaluate on, read
by hand, "|" between spellings) are trained on, too; nothing is measured on them.

Needs `../shared` and the cached Documents of tools/score_dev.py. Held papers are never trained on; of them only one total is
printed. `--write` stores the weights in src/vlmingest/extract/weights/datasets.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
from score_dev import SHARED, is_held, load_document, metadata_of

from vlmingest.extract.dataset_mentions import Mentions
from vlmingest.extract.dataset_scores import ROLES, features, score
from vlmingest.extract.datasets import surface
from vlmingest.extract.view import PaperView
from vlmingest.read import read_document

MORE = Path(__file__).resolve().parent / "annotations" / "datasets.json"
WEIGHTS = Path(__file__).resolve().parent.parent / "src" / "vlmingest" / "extract" / "weights" / "datasets.json"
sys.path.insert(0, str(SHARED / "eval"))


# What is expected before any paper was seen: the ridge draws the weights towards these.
PRIOR = {
    "bias": -1.5, "use_fits": 0.8, "use_against": -0.8, "use_unknown": -1.5, "level3": 2.0, "level2": 0.8, "level1": -0.6, "level0": -1.5,
    "against3": -0.5, "against0": 0.4, "share": 1.0, "never_own": -1.0, "share_doubtful": -1.2, "own_name": -1.0, "own_prefix": -0.7,
    "never_sure": -0.8, "excluded": -1.5, "of_part": -0.8, "with_elsewhere": -0.3, "again3": 0.8, "again2": 0.4, "fits*in_data": 0.5,
    "share_figure": -0.3, "not_scored": -0.3, "shape_model": -0.6, "shape_data": 0.5, "shape_plain": -0.5, "shape_short": -1.0,
    "unknown*beside_model": -0.8, "listed": 0.3, "shape_amount": 0.5, "unknown*beside_data": 0.6, "unknown*beside_cited": 0.3,
    "unknown*cell_name": 0.5, "unknown*listed": 0.8, "unknown*listed_well": 0.8, "unknown*list_data": 0.6, "unknown*list_long": 0.3,
    "unknown*list_model": -0.6, "unknown*lonely": -1.0, "unknown*mates_most": 1.0, "own_set": 1.0, "share_ablation": -0.5,
    "has_longer": -0.2, "training:tunes*evaluate3": 2.0, "training:tunes*in_tuned_table": 1.0, "training:list_training": 0.3,
    "training:source_of_set": -0.8, "training:no_training": -1.0, "training:tunes*no_training": -3.0,
    "training:tested_where_tuned": 0.3, "training:tunes*tested_where_tuned": 1.5, "training:tunes*evaluate2": 0.8,
    "evaluation:list_evaluation": 0.3, "training:in_untuned_table": -0.3, "training:tunes*in_untuned_table": -0.5,
    "training:with_tuning": 0.3, "training:near_tuning": 0.3, "training:told_train": 0.5, "training:told_evaluate": -1.5,
    "evaluation:told_evaluate": 0.5, "evaluation:told_train": -1.0, "training:table_mixture_cell": 1.0,
    "training:table_mixture_stub": 1.0, "training:table_hyperparameter": 0.5, "training:table_stages": 0.8,
    "evaluation:scored_benchmark": 1.0, "evaluation:table_benchmark_head": 0.5, "evaluation:table_benchmark_rowwise": 0.8,
    "evaluation:in_experiments": 0.5, "evaluation:table_mixture_cell": -1.0,
    "trained_named": -0.5, "trained_noun": -1.0, "set_told": -0.5, "of_peers": -1.0, "beside_contrast": -0.8, "list_contrast": -1.0,
    "unknown*column_unscored": -1.0, "unknown*column_family": -0.5,
    "leads*level1": 0.5, "leads*level2": 0.5, "training:behind_many*level1": -0.3,
}  # fmt: skip


LEAST_OF_NAME = 10  # papers that must have a set for it to get a weight of its own


def is_hidden(name: str, variant: int) -> bool:
    """Whether a known name is read as unknown: in variants above 0 about a third, by a hash."""
    return bool(variant) and hashlib.sha256(f"{name}/{variant}".encode()).digest()[0] % 5 < 2


@cache
def read_beside(folder: Path, stem: str):
    """The Document of a paper of a folder."""
    from score_folder import ENDINGS

    return read_document(next(one for end in ENDINGS if (one := folder / f"{stem}{end}").exists()).read_bytes())


class Paper:
    """One gold paper: its groups' names and features, and which gold spellings count."""

    def __init__(self, stem: str, gold: dict, variant: int = 0, share: float = 1.0, folder: Path | None = None) -> None:
        from score import norm

        self.fresh = folder is not None
        document = (
            read_beside(folder, stem) if folder else load_document(str(SHARED / "corpus" / "pdf" / f"{stem}.pdf"))
        )
        view = PaperView(document, metadata_of(Path(stem), document))
        groups = list(Mentions(view, lambda name: is_hidden(name, variant)).groups.values())
        self.stem = stem
        self.share = share
        self.names = [surface(view, group) for group in groups]
        self.features = {role: [features(group, role) for group in groups] for role in ROLES}
        self.known = [bool(group.use) for group in groups]
        self.gold = {
            role: [
                {norm(item["name"]), *map(norm, item.get("accept", []))} for item in gold.get(f"datasets_{role}", [])
            ]
            for role in ROLES
        }
        self.gold_names = {role: [item["name"] for item in gold.get(f"datasets_{role}", [])] for role in ROLES}
        self.norms = [norm(name) for name in self.names]

    def labels(self, role: str) -> np.ndarray:
        """Whether each group is right for a role."""
        return np.array([any(name in accepted for accepted in self.gold[role]) for name in self.norms], dtype=float)

    def f1(self, role: str, chosen: np.ndarray) -> tuple[float, int, int, int, int]:
        """F1 as the outside scorer has it, and its counts (right, said, found, gold)."""
        said = [self.norms[index] for index in np.flatnonzero(chosen)]
        gold = self.gold[role]
        right = sum(any(name in accepted for accepted in gold) for name in said)
        found = sum(any(name in accepted for name in said) for accepted in gold)
        p = right / len(said) if said else (1.0 if not gold else 0.0)
        r = found / len(gold) if gold else 1.0
        return (2 * p * r / (p + r) if p + r else 0.0), right, len(said), found, len(gold)


def matrix(papers: list[Paper], role: str, names: list[str]) -> np.ndarray:
    """One row per group, one column per feature."""
    place = {name: index for index, name in enumerate(names)}
    rows = [found for paper in papers for found in paper.features[role]]
    table = np.zeros((len(rows), len(names)))
    for row, found in zip(table, rows, strict=True):
        for name, value in found.items():
            if name in place:
                row[place[name]] = value
    return table


def fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray, prior: np.ndarray, l2: float) -> np.ndarray:
    """Logistic regression by Newton steps with a ridge towards the prior."""
    coefficients = prior.copy()

    def loss(values: np.ndarray) -> float:
        z = x @ values
        return float(np.sum(weight * (np.logaddexp(0, z) - y * z)) + l2 / 2 * np.sum((values - prior) ** 2))

    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ coefficients, -30, 30)))
        gradient = x.T @ (weight * (p - y)) + l2 * (coefficients - prior)
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + l2 * np.eye(x.shape[1])
        step = np.linalg.solve(hessian, gradient)
        size, before = 1.0, loss(coefficients)
        while size > 1e-4 and loss(coefficients - size * step) > before:
            size /= 2
        coefficients = coefficients - size * step
        if np.abs(step).max() * size < 1e-6:
            break
    return coefficients


def train(papers: list[Paper], role: str, names: list[str], l2: float) -> dict[str, float]:
    """Weights by feature."""
    x = matrix(papers, role, names)
    y = np.concatenate([paper.labels(role) for paper in papers])
    copies = len(papers) / len({paper.stem for paper in papers})
    # Papers count alike in the bar (mean over papers): a paper with many sets must not outweigh the rest.
    share = (
        np.concatenate([np.full(len(paper.names), paper.share * 40.0 / (len(paper.names) + 20.0)) for paper in papers])
        / copies
    )
    prior = np.array([PRIOR.get(name, 0.0) + PRIOR.get(f"{role}:{name}", 0.0) for name in names])
    coefficients = fit(x, y, share, prior, l2)
    return {name: round(float(value), 3) for name, value in zip(names, coefficients, strict=True) if abs(value) > 0.02}


def predict(paper: Paper, role: str, weights: dict[str, float]) -> np.ndarray:
    """Probability of each group."""
    return np.array([score(found, weights) for found in paper.features[role]])


def loss_of(paper: Paper, role: str, p: np.ndarray) -> float:
    """Log loss of a paper; what is absent from the text is no loss."""
    y = paper.labels(role)
    inside = np.clip(p, 0.01, 0.99)
    return float(-np.sum(y * np.log(inside) + (1 - y) * np.log(1 - inside)) * 40.0 / (len(y) + 20.0))


def macro(papers: list[Paper], role: str, predicted: list[np.ndarray], threshold: float) -> tuple[float, float, float]:
    """Mean F1 over papers, micro precision and recall."""
    rows = [paper.f1(role, p >= threshold) for paper, p in zip(papers, predicted, strict=True)]
    total = [sum(row[i] for row in rows) for i in range(1, 5)]
    return sum(row[0] for row in rows) / len(rows), total[0] / max(total[1], 1), total[2] / max(total[3], 1)


def as_gold(names: str) -> dict[str, object]:
    """`A|B` as an entry of the gold."""
    name, *accept = names.split("|")
    return {"name": name, "accept": accept}


def feature_names(seen: list[list[Paper]], role: str) -> list[str]:
    """Features that two papers at least have, and those of which something is expected."""
    counted: dict[str, int] = defaultdict(int)
    for variants in seen:
        for name in {name for paper in variants for found in paper.features[role] for name in found}:
            counted[name] += 1
    expected = {name.removeprefix(f"{role}:") for name in PRIOR if ":" not in name or name.startswith(role)}
    enough = {name for name, count in counted.items() if count >= (LEAST_OF_NAME if name.startswith("is:") else 2)}
    return sorted(enough | expected)


def load(arguments: argparse.Namespace) -> tuple[list[Paper], list[list[Paper]], list[Paper], list[Paper]]:
    """Papers without gold, seen papers with their variants, held ones, and those with names hidden."""
    more: list[Paper] = []
    for stem, roles in json.loads(MORE.read_text(encoding="utf-8")).items():
        gold = {f"datasets_{role}": [as_gold(names) for names in roles[role]] for role in ROLES}
        more += [Paper(stem, gold, variant, arguments.share) for variant in range(arguments.variants + 1)]
    seen: list[list[Paper]] = []  # per paper its variants; the first knows all names
    held: list[Paper] = []
    hidden: list[Paper] = []
    for path in sorted((SHARED / "gold" / "dev").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        if gold["kind"] == "model" and is_held(path.stem):
            held.append(Paper(path.stem, gold))
            hidden.append(Paper(path.stem, gold, 9))
        elif gold["kind"] == "model":
            seen.append([Paper(path.stem, gold, variant) for variant in range(arguments.variants + 1)])
    for folder in arguments.folder:
        for path in sorted((folder / "gold").glob("*.json")):
            gold = json.loads(path.read_text(encoding="utf-8"))
            if any(folder.glob(f"{path.stem}.*")):
                variants = range(arguments.variants + 1)
                seen.append([Paper(path.stem, gold, variant, folder=folder) for variant in variants])
    return more, seen, held, hidden


def main() -> int:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--misses-of", type=int, default=0, help="which variant --misses shows")
    parser.add_argument("--variants", type=int, default=1, help="copies of each paper with names hidden")
    parser.add_argument("--share", type=float, default=0.5, help="how much a paper without gold counts")
    parser.add_argument("--folder", type=Path, nargs="*", default=[], help="more papers with annotations beside them")
    parser.add_argument("--weights", action="store_true")
    parser.add_argument("--l2", type=float, default=4.0)
    arguments = parser.parse_args()
    more, seen, held, hidden = load(arguments)
    stored: dict[str, dict[str, float]] = {}
    plain = [variants[0] for variants in seen]
    for role in ROLES:
        names = feature_names(seen, role)
        left_out: list[list[np.ndarray]] = []
        for index, variants in enumerate(seen):
            others = [one for rest in seen[:index] + seen[index + 1 :] for one in rest]
            weights = train(others + more, role, names, arguments.l2)
            left_out.append([predict(one, role, weights) for one in variants])
        print(f"{role}: {len(seen)} papers")
        for what in (False, True) if arguments.folder else (False,):
            some = [number for number, variants in enumerate(seen) if variants[0].fresh is what]
            losses = [
                np.mean([loss_of(one, role, p) for one, p in zip(seen[index], left_out[index], strict=True)])
                for index in some
            ]
            print(f"  left out, {'folders' if what else 'gold'}: log loss a paper {np.mean(losses):.2f}")
            for threshold in (0.35, 0.4, 0.45, 0.5, 0.55):
                line = f"  left out, {'folders' if what else 'gold'}, {threshold:.2f}:"
                for number in range(min(arguments.variants, 1) + 1):
                    chosen = [left_out[index][number] for index in some]
                    f, p, r = macro([seen[index][number] for index in some], role, chosen, threshold)
                    line += " | names hidden:" if number else ""
                    line += f" paper F1 {f:.3f}, precision {p:.3f}, recall {r:.3f}"
                print(line)
        stored[role] = train([one for variants in seen for one in variants] + more, role, names, arguments.l2)
        for what, papers in (("seen", plain), ("held", held), ("held, names hidden", hidden)):
            reach = [paper.f1(role, paper.labels(role) > 0) for paper in papers]
            f, r = (
                sum(row[0] for row in reach) / len(reach),
                sum(row[3] for row in reach) / sum(row[4] for row in reach),
            )
            print(f"  within reach, {what}: paper F1 {f:.3f}, recall {r:.3f}")
        for threshold in (0.4, 0.5):
            f, p, r = macro(plain, role, [predict(paper, role, stored[role]) for paper in plain], threshold)
            print(f"  fitted on all seen, {threshold:.2f}: paper F1 {f:.3f}, precision {p:.3f}, recall {r:.3f}")
            f, p, r = macro(held, role, [predict(paper, role, stored[role]) for paper in held], threshold)
            line = f"  held, {threshold:.2f}: paper F1 {f:.3f}, precision {p:.3f}, recall {r:.3f}"
            f, p, r = macro(hidden, role, [predict(paper, role, stored[role]) for paper in hidden], threshold)
            print(f"{line} | a third of the names hidden: {f:.3f}, {p:.3f}, {r:.3f}")
        if arguments.misses:
            for variants, p in zip(seen, left_out, strict=True):
                show(variants[arguments.misses_of], role, p[arguments.misses_of], 0.45)
        if arguments.weights:
            for name, value in sorted(stored[role].items(), key=lambda item: item[1]):
                print(f"    {name:34} {value:+.2f}")
    if arguments.write:
        WEIGHTS.parent.mkdir(exist_ok=True)
        body = {"made_by": "tools/train_datasets.py", "l2": arguments.l2, "weights": stored}
        WEIGHTS.write_text(json.dumps(body, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def show(paper: Paper, role: str, p: np.ndarray, threshold: float) -> None:
    """What is wrong and what is missed in one seen paper."""
    labels = paper.labels(role)
    chosen = p >= threshold
    wrong = [f"{paper.names[i]} {p[i]:.2f}" for i in np.argsort(-p) if chosen[i] and not labels[i]]
    said = [paper.norms[i] for i in np.flatnonzero(chosen)]
    near = {paper.norms[i]: p[i] for i in range(len(p))}
    missed = []
    for name, accepted in zip(paper.gold_names[role], paper.gold[role], strict=True):
        if not any(one in accepted for one in said):
            best = max((near[one] for one in accepted if one in near), default=None)
            missed.append(f"{name} {'-' if best is None else f'{best:.2f}'}")
    print(
        f"    {paper.stem} F1 {paper.f1(role, chosen)[0]:.2f} | wrong: {'; '.join(wrong)} | missed: {'; '.join(missed)}"
    )


if __name__ == "__main__":
    sys.exit(main())
