"""Trains the linear triage model and writes src/vlmingest/triage/topics/vlm/weights.json, with its data card.

usage: train_triage.py META_DIR [--report-only] [--seed N] [--seeds N]

META_DIR holds stream.jsonl.xz (metadata of many papers), relevance-dev.jsonl (id, label: model, near_miss, unlabelled)
and judged-dev.jsonl (id, label: yes, maybe, no; stratum: uniform, regex). tools/labels/vlm.tsv has more papers of the stream,
judged by title and abstract (model; maybe: adapts or extends such a model; near: about such models, proposes none; no): they
are trained on and never counted in a figure. The method is that of `vlmingest.triage.learn`;
every figure is out of fold, the judged sample's too. The lines come from the mean sums of --seeds N foldings.
scikit-learn is needed here only; the product reads plain JSON. Abstracts are not stored, only words and their weights.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from vlmingest.discover import read_snapshot
from vlmingest.records import PaperMetadata
from vlmingest.triage import DEFAULT_RECALL, DEFAULT_TOPIC, learn, parse_topic
from vlmingest.triage.learn import Features, Figures, Mark, Sample
from vlmingest.triage.topic import packaged_files

OUT = Path(__file__).resolve().parent.parent / "src/vlmingest/triage/topics/vlm/weights.json"
LABELS = Path(__file__).resolve().parent / "labels" / "vlm.tsv"
NEAR_AS_MODEL = 0.10  # near misses that may carry the label `model`
AS_MARK: dict[str, Mark] = {"model": "model", "near_miss": "off-kind", "unlabelled": "stream"}
JUDGED_MARK: dict[str, Mark] = {"model": "model", "maybe": "related", "near": "off-kind", "no": "stream"}


def rows(path: Path) -> dict[str, dict[str, str]]:
    """JSON lines by id."""
    return {row["id"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def samples_of(meta: Path) -> list[Sample]:
    """Labelled papers, the judged ones, and the rest of the stream, which is only trained on."""
    labels, judged = rows(meta / "relevance-dev.jsonl"), rows(meta / "judged-dev.jsonl")
    papers = {paper.id: paper for paper in read_snapshot(meta / "stream.jsonl.xz")}
    found = [
        Sample(papers[i], AS_MARK[row["label"]], row["label"])
        for i, row in labels.items()
        if i in papers and i not in judged
    ]
    found += [_judged(papers[i], row) for i, row in judged.items() if i in papers]
    more = dict(line.split("\t")[:2] for line in LABELS.read_text("utf-8").splitlines() if not line.startswith("#"))
    found += [
        Sample(papers[i], JUDGED_MARK[label], f"own {label}", False)
        for i, label in more.items()
        if i in papers and i not in labels and i not in judged
    ]
    others = sorted(set(papers) - set(labels) - set(judged) - set(more))
    return found + [Sample(papers[i], "stream", "more", False) for i in others]


def _judged(paper: PaperMetadata, row: dict[str, str]) -> Sample:
    known: dict[str, Mark] = {"yes": "model", "maybe": "related"}
    mark = known.get(row["label"], "off-kind" if row["stratum"] == "regex" else "stream")
    return Sample(paper, mark, f"judged {row['label']}")


def measure(samples: Sequence[Sample], topic: Sequence[float], kind: Sequence[float]) -> tuple[Figures, float]:
    """Lines, recalls and the labels of every group at the default recall; and the kind sum of a `model`."""
    of: dict[str, list[tuple[float, float]]] = {}
    for sample, at, by in zip(samples, topic, kind, strict=True):
        if sample.counted:
            of.setdefault(sample.group, []).append((at, by))
    figures = Figures(lines=learn.recall_lines(of["model"], of["unlabelled"]))
    _, line, drop, _ = next(one for one in figures.lines if one[0] >= DEFAULT_RECALL)
    model_at = learn.model_line(of["near_miss"], line, drop, NEAR_AS_MODEL)
    model, stream = ([at for at, _ in of[group]] for group in ("model", "unlabelled"))
    for share in learn.SHARES:
        figures.recall_at[share] = learn.share_from(model, sorted(stream, reverse=True)[int(share * len(stream))])
    for group, pairs in sorted(of.items()):
        flagged = [by for at, by in pairs if at >= line and by >= drop]
        figures.groups[group] = {
            "flagged": round(len(flagged) / len(pairs), 3),
            "model": round(sum(by > model_at for by in flagged) / len(pairs), 3),
        }
    ranked = sorted((at, sample.paper.id) for sample, at in zip(samples, topic, strict=True) if sample.group == "model")
    figures.missed = [(paper, learn.share_from(stream, at)) for at, paper in ranked[:6]]
    return figures, model_at


def main() -> None:
    """Train, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meta", type=Path)
    parser.add_argument("--report-only", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--seeds", type=int, default=3, help="how many foldings to measure and to average the lines over"
    )
    options = parser.parse_args()
    samples = samples_of(options.meta)
    files = {name: data for name, data in packaged_files(DEFAULT_TOPIC).items() if name != OUT.name}
    features = Features([sample.paper for sample in samples], parse_topic(DEFAULT_TOPIC, files))
    sums = []
    for seed in range(options.seed, options.seed + options.seeds):
        sums.append(learn.out_of_fold(features, samples, seed))
        print(f"folding {seed}", *measure(samples, *sums[-1])[0].text(), sep="\n  ")
    topic, kind = ([sum(values) / len(sums) for values in zip(*rows, strict=True)] for rows in zip(*sums, strict=True))
    figures, model_at = measure(samples, topic, kind)
    print(f"mean of {len(sums)} foldings", *figures.text(), sep="\n  ")
    if options.report_only:
        return
    fits = learn.fit_both(features, samples, range(len(samples)))
    groups = {group: [at for one, at in zip(samples, topic, strict=True) if one.group == group] for group in AS_MARK}
    curve = learn.calibration(groups["model"], groups["unlabelled"])
    data = learn.weights_json(features, fits, figures.lines, model_at, curve, card(samples, figures))
    OUT.write_bytes(data)
    print(f"{OUT.name}: {len(features.names)} terms, {len(features.cue_ids)} cues, {len(data) / 1e6:.2f} MB")


def card(samples: Sequence[Sample], figures: Figures) -> dict[str, object]:
    """What a person should know of the data."""
    return {
        "what": "two linear models over words and cues of title, abstract and comment; made by tools/train_triage.py",
        "model": sum(sample.mark == "model" for sample in samples),
        "related": sum(sample.mark == "related" for sample in samples),
        "off_kind": sum(sample.mark == "off-kind" for sample in samples),
        "stream": sum(sample.mark == "stream" for sample in samples),
        "labels_sha256": learn.labels_digest(samples),
        "measured": figures.text(),
        "limits": "English abstracts of cs.CV, cs.CL, cs.AI, cs.LG, cs.RO; labels from public lists, with noise",
    }


if __name__ == "__main__":
    main()
