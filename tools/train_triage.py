"""Trains the linear triage model and writes src/vlmingest/triage/weights.json, with its data card.

usage: train_triage.py META_DIR [--report-only] [--seed N]

META_DIR holds stream.jsonl.xz (metadata of many papers), relevance-dev.jsonl (id, label: model, near_miss, unlabelled)
and judged-dev.jsonl (id, label: yes, maybe, no). Two logistic regressions over the words of `vlmingest.triage.words`:
`topic` tells model papers from the stream, `kind` tells model papers from surveys, benchmarks, data sets and
applications of the same topic. Figures are out-of-fold (5 folds over the labelled papers, the same folds for both).
scikit-learn is needed here only; the product reads plain JSON. Abstracts are not stored, only words and their weights.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from vlmingest.triage.words import counts

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "src" / "vlmingest" / "triage" / "weights.json"
STREAM_NEGATIVES = 25_000
KEPT_FEATURES = 30_000
MIN_COUNT = 5
FOLDS = 5
RECALLS = (0.9, 0.93, 0.95, 0.97, 0.98, 0.99)
TARGET = "share 0.04"  # what decides what is flagged: the recalls over 0.95 hang on the noise of three or four labels
PREVALENCE = 0.01  # model papers in the stream: 0.5-1.5 %
NEAR_AS_MODEL = 0.10  # near misses that may carry the label `model`
LOST = 0.005  # model papers that may be lost to `drop_at`


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """JSON lines of a plain or xz file."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


class Data:
    """Labelled ids, random ids of the stream, and the feature matrix of all of them."""

    def __init__(self, meta: Path, seed: int) -> None:
        labels = {row["id"]: row["label"] for row in lines(meta / "relevance-dev.jsonl")}
        judged = {row["id"]: row for row in lines(meta / "judged-dev.jsonl")}
        papers = {row["id"]: row for row in lines(meta / "stream.jsonl.xz")}
        rng = random.Random(seed)
        self.positive = [i for i, label in labels.items() if label == "model" and i in papers]
        self.near = [i for i, label in labels.items() if label == "near_miss" and i in papers]
        self.stream = [i for i, label in labels.items() if label == "unlabelled" and i in papers and i not in judged]
        self.yes = [i for i, row in judged.items() if row["label"] == "yes" and i in papers and i not in labels]
        self.off_kind = [
            i for i, row in judged.items()
            if row["label"] != "yes" and row["stratum"] == "regex" and i in papers and i not in labels
        ]  # fmt: skip
        self.no = [i for i, row in judged.items() if row["label"] == "no" and i in papers]
        self.all_yes = [i for i, row in judged.items() if row["label"] == "yes" and i in papers]
        known = {*labels, *judged}
        self.more = rng.sample([i for i in papers if i not in known], STREAM_NEGATIVES)
        self.ids = [*self.positive, *self.near, *self.stream, *self.yes, *self.off_kind, *self.no, *self.more]
        self.ids = list(dict.fromkeys(self.ids))
        self.row = {i: number for number, i in enumerate(self.ids)}
        self._count([papers[i] for i in self.ids])

    def _count(self, papers: list[dict[str, Any]]) -> None:
        vectorizer = CountVectorizer(
            analyzer=lambda paper: counts(paper["title"] or "", paper["abstract"] or "").elements(), min_df=MIN_COUNT
        )
        matrix = vectorizer.fit_transform(papers).astype(float)
        self.names = vectorizer.get_feature_names_out()
        matrix.data = 1 + np.log(matrix.data)
        seen = np.bincount(matrix.indices, minlength=len(self.names))
        self.idf = np.round(np.log((1 + len(papers)) / (1 + seen)) + 1, 2)  # as stored
        self.values = matrix.multiply(self.idf).tocsr()

    def take(self, ids: list[str], columns: np.ndarray | None = None) -> csr_matrix:
        """Rows of length 1 over the chosen columns (None: all)."""
        rows = self.values[[self.row[i] for i in ids]]
        return normalize(rows if columns is None else rows[:, columns])


@dataclass(frozen=True)
class Fitted:
    """Both regressions over the chosen columns."""

    columns: np.ndarray
    topic: LogisticRegression
    kind: LogisticRegression


def fit(data: Data, positive: list[str], near: list[str], stream: list[str]) -> Fitted:
    """Fit over the most frequent features: choosing by weight distorts the length of the rows (recall 0.919, not 0.946)."""
    columns = np.sort(np.argsort(data.idf, kind="stable")[:KEPT_FEATURES])
    return Fitted(columns, fit_topic(data, positive, stream, columns), fit_kind(data, positive, near, columns))


def fit_topic(data: Data, positive: list[str], stream: list[str], columns: np.ndarray | None) -> LogisticRegression:
    """Model papers against the stream; near misses are left to `kind`."""
    ids = [*positive, *data.yes, *stream, *data.more]
    count = len(positive) + len(data.yes)
    marks = [1] * count + [0] * (len(ids) - count)
    weights = [20.0] * count + [1.0] * (len(ids) - count)
    model = LogisticRegression(C=3.0, max_iter=400, solver="liblinear")
    return model.fit(data.take(ids, columns), marks, sample_weight=weights)


def fit_kind(data: Data, positive: list[str], near: list[str], columns: np.ndarray | None) -> LogisticRegression:
    """Model papers against papers of the same topic that propose no model."""
    ids = [*positive, *data.yes, *near, *data.off_kind]
    marks = [1] * (len(positive) + len(data.yes)) + [0] * (len(near) + len(data.off_kind))
    model = LogisticRegression(C=1.0, max_iter=400, solver="liblinear", class_weight="balanced")
    return model.fit(data.take(ids, columns), marks)


def out_of_fold(data: Data, seed: int) -> tuple[dict[str, float], dict[str, float]]:
    """Scores of labelled papers by models that have not seen them."""
    topic: dict[str, float] = {}
    kind: dict[str, float] = {}
    rng = random.Random(seed)
    groups = [rng.sample(ids, len(ids)) for ids in (data.positive, data.near, data.stream)]
    for fold in range(FOLDS):
        train = [[i for n, i in enumerate(ids) if n % FOLDS != fold] for ids in groups]
        test = [i for ids in groups for n, i in enumerate(ids) if n % FOLDS == fold]
        fitted = fit(data, *train)
        rows = data.take(test, fitted.columns)
        topic.update(zip(test, map(float, fitted.topic.decision_function(rows)), strict=True))
        kind.update(zip(test, map(float, fitted.kind.decision_function(rows)), strict=True))
    return topic, kind


def share_above(scores: list[float], threshold: float) -> float:
    """Share of scores at or over a threshold."""
    return sum(score >= threshold for score in scores) / len(scores)


def report(data: Data, topic: dict[str, float]) -> dict[str, float]:
    """Recall against flagged share, out of fold, and the thresholds that go with the recalls."""
    positive = sorted((topic[i] for i in data.positive), reverse=True)
    stream = [topic[i] for i in data.stream]
    thresholds = {}
    print("recall  flagged share of the stream (out of fold)")
    for recall in RECALLS:
        threshold = positive[min(math.ceil(recall * len(positive)), len(positive)) - 1]
        thresholds[f"recall {recall}"] = threshold
        print(f"{recall:.2f}    {share_above(stream, threshold):.3f}")
    for share in (0.02, 0.04, 0.08, 0.128):
        threshold = sorted(stream, reverse=True)[int(share * len(stream))]
        thresholds[f"share {share}"] = threshold
        print(f"at {share:.1%} of the stream: recall {share_above(positive, threshold):.3f}")
    print("missed last:", ", ".join(sorted(data.positive, key=topic.__getitem__)[:6]))
    return thresholds


def calibrate(data: Data, topic: dict[str, float]) -> tuple[float, float]:
    """Slope and offset of a logistic curve from topic sum to probability, at PREVALENCE model papers in the stream."""
    sums = np.array([[topic[i]] for i in (*data.positive, *data.stream)])
    marks = [1] * len(data.positive) + [0] * len(data.stream)
    weights = [PREVALENCE / len(data.positive)] * len(data.positive)
    weights += [(1 - PREVALENCE) / len(data.stream)] * len(data.stream)
    scaled = np.array(weights) * len(marks)
    model = LogisticRegression(C=1e3).fit(sums, marks, sample_weight=scaled)
    return float(model.coef_[0][0]), float(model.intercept_[0])


def kind_thresholds(
    data: Data, topic: dict[str, float], kind: dict[str, float], flag_at: float
) -> tuple[float, float, str]:
    """`model` from the first on (NEAR_AS_MODEL of the near misses), `no` under the second (LOST of the model papers)."""
    flagged_near = sorted((kind[i] for i in data.near if topic[i] >= flag_at), reverse=True)
    model_at = flagged_near[min(int(NEAR_AS_MODEL * len(data.near)), len(flagged_near) - 1)]
    flagged = sorted(kind[i] for i in data.positive if topic[i] >= flag_at)
    drop_at = min(flagged[int(LOST * len(data.positive))], model_at)
    kept = [value for value in flagged if value >= drop_at]
    stream = [i for i in data.stream if topic[i] >= flag_at and kind[i] >= drop_at]
    measured = (
        f"out of fold, {len(data.positive)} model papers: recall {len(kept) / len(data.positive):.3f}, "
        f"stream flagged {len(stream) / len(data.stream):.3f}, "
        f"near misses `model` {sum(v > model_at for v in flagged_near) / len(data.near):.3f}, "
        f"near misses kept {sum(v >= drop_at for v in flagged_near) / len(data.near):.3f}, "
        f"model papers `model` {sum(v > model_at for v in flagged) / len(data.positive):.3f}"
    )
    print(measured)
    return model_at, drop_at, measured


def report_judged(data: Data, fitted: Fitted, flag_at: float, drop_at: float) -> None:
    """The judged sample under the final model (its `yes` were trained on; its `no` of the uniform stratum were not)."""
    for name, ids in (("yes", data.all_yes), ("no", data.no)):
        rows = data.take(ids, fitted.columns)
        topic, kind = fitted.topic.decision_function(rows), fitted.kind.decision_function(rows)
        print(f"judged {name}: {int(((topic >= flag_at) & (kind >= drop_at)).sum())} of {len(ids)} flagged")


def main() -> None:
    """Train, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meta", type=Path)
    parser.add_argument("--report-only", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    data = Data(options.meta, options.seed)
    topic, kind = out_of_fold(data, options.seed)
    thresholds = report(data, topic)
    flag_at = thresholds[TARGET]
    model_at, drop_at, measured = kind_thresholds(data, topic, kind, flag_at)
    if options.report_only:
        return
    fitted = fit(data, data.positive, data.near, data.stream)
    report_judged(data, fitted, flag_at, drop_at)
    write(data, fitted, thresholds, (model_at, drop_at), calibrate(data, topic), measured)


def write(
    data: Data,
    fitted: Fitted,
    thresholds: dict[str, float],
    kinds: tuple[float, float],
    curve: tuple[float, float],
    measured: str,
) -> None:
    """The kept features with their weights, as whole numbers, with the card of the data."""
    numbers = zip(data.idf[fitted.columns], fitted.topic.coef_[0], fitted.kind.coef_[0], strict=True)
    rows = [[round(float(idf) * 100), *(round(float(w) * 1000) for w in pair)] for idf, *pair in numbers]
    digest = hashlib.sha256(json.dumps([data.positive, data.near, data.stream]).encode()).hexdigest()[:16]
    content = {
        "card": {
            "what": "two linear models over words of title and abstract; made by tools/train_triage.py",
            "positives": len(data.positive) + len(data.yes),
            "near_misses": len(data.near) + len(data.off_kind),
            "stream": len(data.stream) + len(data.more),
            "labels_sha256": digest,
            "measured": measured,
            "limits": "English abstracts of cs.CV, cs.CL, cs.AI, cs.LG, cs.RO; labels from public lists, with noise",
        },
        "bias": [round(float(fitted.topic.intercept_[0]), 4), round(float(fitted.kind.intercept_[0]), 4)],
        "flag_at": {name: round(value, 4) for name, value in thresholds.items()},
        "model_at": round(kinds[0], 4),
        "drop_at": round(kinds[1], 4),
        "target": TARGET,
        "calibration": [round(value, 4) for value in curve],
        "terms": dict(zip(data.names[fitted.columns].tolist(), rows, strict=True)),
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    OUT.write_text(text + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(rows)} features, {OUT.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
