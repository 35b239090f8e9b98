"""Trains the scorer of architecture figures and writes src/vlmingest/extract/weights/figure.json.

usage: train_figure.py SHARED_DIR [FOLDER ...] [--report-only]

Chosen figures: the upstream list's manifest (number, page and caption, no document) and the dev gold with its documents
(read once, see score_dev.py), with all other figures of those documents as counter-examples, those of papers that propose
no model included, and the papers of FOLDERs (with `gold/` beside them, as for score_folder.py). Captions are not stored, only
features and weights. Figures are leave-one-paper-out over the gold; the papers that score_dev.py keeps unseen are trained on
only for the weights that are written, after all figures are printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent))
from score_dev import is_held, load_document, manifest, metadata_of

from vlmingest.extract.figure import caption_features, figure_features, figure_mentions, place_features
from vlmingest.extract.identity import fold_name
from vlmingest.extract.view import PaperView

OUT = Path(__file__).resolve().parent.parent / "src" / "vlmingest" / "extract" / "weights" / "figure.json"
PENALTY = 1.5
ALONE = 0.2  # what a figure's being one at all counts, beside which of its paper is chosen
LISTED = 0.6  # weight of a figure of the list, of which only the caption is known


def of_gold(shared: Path) -> dict[str, list[tuple[list[str], bool, float]]]:
    """Paper -> (features, chosen, weight) of its figures; papers without a gold figure give counter-examples."""
    found: dict[str, list[tuple[list[str], bool, float]]] = {}
    for row in manifest():
        path = shared / "corpus" / str(row["file"])
        annotation = shared / "gold" / "dev" / f"{path.stem}.json"
        gold: dict[str, Any] = json.loads(annotation.read_text(encoding="utf-8")) if annotation.exists() else {}
        chosen = gold.get("architecture_figure") or {}
        document = load_document(str(path))
        view = PaperView(document, metadata_of(path, document))
        mentions = figure_mentions(view)
        rows = []
        for figure in document.figures:
            if figure.caption_span is not None:
                right = str(chosen.get("number")) == figure.number and chosen.get("page") in (None, figure.page)
                rows.append((figure_features(view, figure, mentions.get(figure.number, ())), right, 1.0))
        found[path.stem] = rows
    return found


def of_folders(folders: list[Path]) -> dict[str, list[tuple[list[str], bool, float]]]:
    """The same of papers in folders with their annotations."""
    from vlmingest.read import read_document

    found: dict[str, list[tuple[list[str], bool, float]]] = {}
    for folder in folders:
        for annotation in sorted((folder / "gold").glob("*.json")):
            names = (folder / f"{annotation.stem}{ending}" for ending in (".pdf", ".tex", ".html"))
            path = next((name for name in names if name.exists()), None)
            chosen = json.loads(annotation.read_text(encoding="utf-8")).get("architecture_figure") or {}
            if path is None:
                continue
            document = read_document(path.read_bytes())
            view = PaperView(document, metadata_of(path, document))
            mentions = figure_mentions(view)
            found[annotation.stem] = [
                (
                    figure_features(view, figure, mentions.get(figure.number, ())),
                    str(chosen.get("number")) == figure.number,
                    1.0,
                )
                for figure in document.figures
                if figure.caption_span is not None
            ]
    return found


def of_list(shared: Path, without: set[str]) -> list[tuple[list[str], bool, float]]:
    """The figures that the upstream list chose, of papers other than `without`."""
    rows = []
    for figure in json.loads((shared / "upstream" / "manifest.json").read_text(encoding="utf-8"))["figures"]:
        caption = figure.get("extracted_caption") or figure.get("paper_caption")
        if not caption or figure.get("arxiv_id") in without:
            continue
        text = caption.split(":", 1)[-1] if caption[:12].lower().startswith("fig") and ":" in caption[:14] else caption
        names = [fold_name(figure["title"].split(":")[0])]
        features = caption_features(text.strip(), names) + place_features(str(figure["figure"]), figure["pdf_page"])
        rows.append((features, True, LISTED))
    return rows


def fit(
    papers: list[list[tuple[list[str], bool, float]]], listed: list[tuple[list[str], bool, float]]
) -> dict[str, float]:
    """Feature -> weight: which figure of a paper is chosen, and a little of whether a figure is one at all.

    What is not known of a listed figure takes the mean over the chosen figures with a document.
    """
    rows = [row for paper in papers for row in paper]
    names = sorted({name for features, _, _ in rows + listed for name in features})
    column = {name: index for index, name in enumerate(names)}
    matrix = np.zeros((len(rows) + len(listed), len(names)))
    for index, (features, _, _) in enumerate(rows + listed):
        for name in features:
            matrix[index, column[name]] = 1.0
    right = np.array([float(chosen) for _, chosen, _ in rows + listed])
    weights = ALONE * np.array([weight for _, _, weight in rows + listed])
    known = {name for features, _, _ in listed for name in features}
    chosen_rows = matrix[: len(rows)][right[: len(rows)] > 0]
    for name in names:
        if name not in known:
            matrix[len(rows) :, column[name]] = chosen_rows[:, column[name]].mean()
    ends = np.cumsum([len(paper) for paper in papers])
    groups = [
        slice(end - len(paper), end)
        for paper, end in zip(papers, ends, strict=True)
        if any(chosen for _, chosen, _ in paper)
    ]

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        score = matrix @ beta[1:]
        alone = np.clip(score + beta[0], -30, 30)
        told = 1 / (1 + np.exp(-alone))
        total = float((weights * (np.logaddexp(0, alone) - right * alone)).sum() + PENALTY / 2 * (beta[1:] ** 2).sum())
        slope = weights * (told - right)
        first = slope.sum()
        for group in groups:
            share = np.exp(score[group] - score[group].max())
            share /= share.sum()
            hit = max(float(share @ right[group]), 1e-12)
            total -= float(np.log(hit))
            slope[group] += share - share * right[group] / hit
        return total, np.concatenate([[first], matrix.T @ slope + PENALTY * beta[1:]])

    beta = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B").x
    found = {name: round(float(weight), 4) for name, weight in zip(names, beta[1:], strict=True)}
    return {"bias": round(float(beta[0]), 4), **found}


def best(weights: dict[str, float], rows: list[tuple[list[str], bool, float]]) -> bool:
    """Whether the figure with the highest score is the chosen one."""
    scores = [weights["bias"] + sum(weights.get(name, 0.0) for name in features) for features, _, _ in rows]
    return rows[scores.index(max(scores))][1]


def main() -> int:
    """Train, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("folder", type=Path, nargs="*")
    parser.add_argument("--report-only", action="store_true")
    arguments = parser.parse_args()
    gold = of_gold(arguments.shared) | of_folders(arguments.folder)
    asked = [stem for stem, rows in gold.items() if any(chosen for _, chosen, _ in rows)]
    hits: dict[bool, list[bool]] = {True: [], False: []}
    for stem in asked:
        others = {other for other in gold if other == stem or (is_held(other) and is_held(stem))}
        papers = [found for other, found in gold.items() if other not in others]
        weights = fit(papers, of_list(arguments.shared, {other.split("v")[0] for other in others}))
        hits[is_held(stem)].append(best(weights, gold[stem]))
        if not hits[is_held(stem)][-1] and not is_held(stem):
            print("missed:", stem)
    for held, found in hits.items():
        print(f"{'held' if held else 'seen'}: {sum(found)} of {len(found)} right, the paper itself left out")
    if not arguments.report_only:
        weights = fit(list(gold.values()), of_list(arguments.shared, set()))
        card = {
            "trained_on": f"{len(asked)} papers with their figures, {len(gold)} documents, chosen captions of the upstream list",
            "left_out_accuracy": round(sum(map(sum, hits.values())) / len(asked), 3),
        }
        OUT.write_text(
            json.dumps({"card": card, "weights": weights}, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
