"""Trains the weights of connectors and architecture types and writes src/vlmingest/extract/rules/architecture_weights.toml.

usage: train_architecture.py SHARED_DIR [FOLDER ...] [--report-only] [--show]

One logistic regression over all connectors, one per architecture type, drawn to what was expected before any paper was seen
(PRIOR): few papers show each value. Papers are those of the dev gold of kind "model" (see score_dev.py for the documents) and
those of any FOLDER in the form of score_folder.py. Figures are leave-one-paper-out, the connectors' chances that the types
look at included; the papers that score_dev.py keeps unseen are left out together.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent))
from score_dev import is_held, load_document, metadata_of

from vlmingest.extract.architecture import Model, Strength, Verdict, decide, model_of
from vlmingest.extract.connector_cues import explores
from vlmingest.extract.connector_setting import before_llms, contrasts
from vlmingest.extract.connectors import strengths
from vlmingest.extract.parts import weighed_parts
from vlmingest.extract.view import PaperView
from vlmingest.read import read_document
from vlmingest.records import FieldName

OUT = Path(__file__).resolve().parent.parent / "src" / "vlmingest" / "extract" / "rules" / "architecture_weights.toml"
ENDINGS = (".pdf", ".tex", ".html")
PULL = {"connector": 8.0, "type": 1.0}
KEEP = 0.5
# What is expected before any paper was seen.
PRIOR: dict[str, dict[str, float]] = {
    "connector": {
        "constant": -4.3, "strongest": 3.3, "gathered": 2.2, "share": 1.8, "lead": 1.0, "rival": -1.6, "after_queries": 1.0,
        "after_packing": 0.5, "crossed": 1.5, "attends": 0.6, "attends_not": -1.3, "inside": -1.9, "coded": 0.8,
        "coded_not": -2.3, "alone": -0.8, "tried": -2.0, "towers": -1.2, "two_towers": -0.7,
        "beside_towers": -1.5, "as_target": -1.5, "borrowed": -1.5, "fused": -0.8, "hinted": -1.5, "explained": -1.5,
        "on_top": -2.5, "denied": -2.5, "apart": -0.8,
    },
    "decoder-prefix": {
        "constant": -1.5, "strongest": 0.6, "gathered": 1.6, "share": 0.4, "abstract": 0.6, "joined": 2.0, "bridged": 1.0, "writes": 1.2,
        "gated": -4.5, "towers": -3.0, "fused": -2.2, "finished": 2.0, "encoder_free": -1.5,
        "reads": -2.5, "decodes": -1.0, "early": -1.0, "concatenated": 12.0,
    },
    "cross-attention": {
        "constant": -3.2, "strongest": 2.0, "gathered": 2.2, "share": 0.6, "gated": 1.5, "through": 1.2, "resampled": 1.0, "reads": -2.5,
    },
    "dual-encoder": {"constant": -2.6, "gathered": 2.6, "share": 1.2, "abstract": 0.8, "writes": -2.8, "towers": 0.8, "fused_hint": -2.5},
    "encoder-decoder": {
        "constant": -3.4, "gathered": 2.8, "share": 1.6, "abstract": 0.8, "writes": -2.0, "seq2seq": 1.0,
        "early": 0.6, "concatenated": -12.0,
    },
    "early-fusion": {
        "constant": -3.2, "strongest": 1.5, "gathered": 1.8, "share": 0.8, "abstract": 0.6, "coded": 1.2, "encoder": -1.6,
        "codes_alone": 2.0, "reads": -1.5,
    },
    "unified-generation": {"constant": -3.5, "gathered": 2.4, "share": 1.4, "abstract": 1.6, "coded": 0.8, "codes": 1.2},
    "fusion-encoder": {"constant": -3.2, "gathered": 2.4, "share": 1.2, "reads": 1.6, "writes": -1.8, "early": 0.5},
}  # fmt: skip
Weights = dict[str, dict[str, float]]
Row = tuple[dict[str, float], bool]


class Paper(NamedTuple):
    """What `decide` is given of one paper, and its gold; `group`: seen or held of the dev gold, or a folder's."""

    stem: str
    group: str
    cues: Mapping[tuple[FieldName, str], Strength]
    model: Model
    study: bool
    connectors: set[str]
    types: set[str]


def paper_of(stem: str, group: str, view: PaperView, gold: dict) -> Paper:
    """The gathered cues of a paper beside its gold."""
    model = model_of([(use, chance) for use, chance, _ in weighed_parts(view)], before_llms(view), contrasts(view))
    connectors = set((gold.get("connector") or {}).get("types") or ()) - {"none", "other"}
    return Paper(stem, group, strengths(view), model, explores(view), connectors, set(gold["architecture_types"]))


def papers_of(shared: Path, folders: Sequence[Path]) -> Iterator[Paper]:
    """All papers of kind "model"."""
    places = [(path, None) for path in sorted((shared / "gold" / "dev").glob("*.json"))]
    places += [(path, folder) for folder in folders for path in sorted((folder / "gold").glob("*.json"))]
    for annotation, folder in places:
        gold = json.loads(annotation.read_text("utf-8"))
        if gold["kind"] != "model":
            continue
        if folder is None:
            path = shared / "corpus" / "pdf" / f"{annotation.stem}.pdf"
            document = load_document(str(path))
        else:
            path = next(one for end in ENDINGS if (one := folder / f"{annotation.stem}{end}").exists())
            document = read_document(path.read_bytes())
        group = "folder" if folder is not None else "held" if is_held(annotation.stem) else "seen"
        yield paper_of(annotation.stem, group, PaperView(document, metadata_of(path, document)), gold)


def rows_of(paper: Paper, weights: Weights, field: FieldName) -> Iterator[tuple[str, Row]]:
    """(table of weights, features and whether right) of every value of a field that is spoken of."""
    for verdict in decide(paper.cues, paper.model, paper.study, weights):
        if verdict.field is field:
            kind = "connector" if field is FieldName.CONNECTOR else verdict.value
            wanted = paper.connectors if field is FieldName.CONNECTOR else paper.types
            yield kind, (verdict.features, verdict.value in wanted)


def fit(prior: Mapping[str, float], rows: Sequence[Row], pull: float) -> dict[str, float]:
    """Feature -> weight: the likeliest, drawn to `prior`."""
    names = sorted({"constant", *prior, *(name for features, _ in rows for name in features)})
    matrix = np.array([[features.get(name, 0.0) for name in names] for features, _ in rows])
    matrix[:, names.index("constant")] = 1.0
    right = np.array([float(hit) for _, hit in rows])
    start = np.array([prior.get(name, 0.0) for name in names])

    def loss(weights: np.ndarray) -> float:
        odds = matrix @ weights
        return float((np.logaddexp(0, odds) - right * odds).sum() + pull * ((weights - start) ** 2).sum())

    found = minimize(loss, start, method="L-BFGS-B").x
    return {name: round(float(weight), 3) for name, weight in zip(names, found, strict=True)}


def train(papers: Sequence[Paper]) -> Weights:
    """The connectors first: the types look at their chances."""
    weights: Weights = {kind: dict(table) for kind, table in PRIOR.items()}
    for field, pull in ((FieldName.CONNECTOR, PULL["connector"]), (FieldName.TYPE, PULL["type"])):
        rows: dict[str, list[Row]] = defaultdict(list)
        for paper in papers:
            for kind, row in rows_of(paper, weights, field):
                rows[kind].append(row)
        for kind, found in rows.items():
            weights[kind] = fit(PRIOR[kind], found, pull)
    return weights


def f1(found: set[str], wanted: set[str]) -> float:
    """F1 of one paper; nothing said of nothing is right."""
    return 2 * len(found & wanted) / (len(found) + len(wanted)) if found or wanted else 1.0


def surprises(verdicts: Sequence[Verdict], field: FieldName, wanted: set[str]) -> list[float]:
    """Minus the logarithm of the chance given to what is so, for every value spoken of: finer than F1."""
    chances = [(one.confidence, one.value in wanted) for one in verdicts if one.field is field]
    return [-float(np.log(max(chance if right else 1.0 - chance, 1e-4))) for chance, right in chances]


def report(papers: Sequence[Paper], show: bool, trained: bool) -> dict[str, float]:
    """F1 per field and group and the mean surprise, each paper left out of the training (or with the prior alone)."""
    scores: dict[str, list[float]] = defaultdict(list)
    for paper in papers:
        others = [one for one in papers if one is not paper and not (one.group == paper.group == "held")]
        weights = train(others) if trained else {kind: dict(table) for kind, table in PRIOR.items()}
        verdicts = decide(paper.cues, paper.model, paper.study, weights)
        kept = [one for one in verdicts if one.confidence >= KEEP]
        for field, wanted in ((FieldName.CONNECTOR, paper.connectors), (FieldName.TYPE, paper.types)):
            found = {one.value for one in kept if one.field is field}
            scores[f"{field.value}.{paper.group}"].append(f1(found, wanted))
            scores[f"{field.value}.surprise"] += surprises(verdicts, field, wanted)
            if show and found != wanted and paper.group != "held":
                print(f"{paper.stem:14}{field.value:24}missed {sorted(wanted - found)} wrong {sorted(found - wanted)}")
    return {name: round(sum(values) / len(values), 3) for name, values in sorted(scores.items())}


def main() -> int:
    """Train, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("folder", type=Path, nargs="*")
    parser.add_argument("--report-only", action="store_true")
    parser.add_argument(
        "--show", action="store_true", help="what is missed and wrong in the papers that may be looked at"
    )
    arguments = parser.parse_args()
    papers = list(papers_of(arguments.shared, arguments.folder))
    print("by the prior alone", report(papers, False, False))
    print("trained, paper left out", report(papers, arguments.show, True))
    if not arguments.report_only:
        lines = [
            "# Weights of what speaks for and against a connector or an architecture type (see architecture.py).",
            f"# Written by tools/train_architecture.py from {len(papers)} papers; drawn to the prior that stands there.",
        ]
        for kind, table in train(papers).items():
            lines += ["", f"[{kind}]", *(f"{name} = {weight}" for name, weight in table.items())]
        OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
