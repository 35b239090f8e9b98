"""Train the weights that tell paragraphs on other people's works (src/vlmingest/extract/weights/others.json).

Usage: python tools/train_others.py FOLDER ... [--write] [--least 60] [--examples N]

A FOLDER holds papers (`ID.pdf`, `ID.tex`, `ID.html`). Nothing is annotated: what stands under a heading of related work is on
others, what stands under one of method, data, training, experiments or ablation is not; introductions, conclusions and
preliminaries are left out. Printed: how many of the former are found at what share of the latter, by papers left out
(--examples: the surest "errors", which are on others more often than not).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
WEIGHTS = ROOT / "src/vlmingest/extract/weights/others.json"
ENDINGS = {".pdf", ".tex", ".html"}
FOLDS = 5
_DESCRIBES = re.compile(r"preliminar|background|revisit|overview", re.IGNORECASE)


def paragraphs_of(path: Path) -> list[dict[str, Any]]:
    """The paragraphs of a paper that are long enough: text, section, and what its heading says (1, 0, or None)."""
    from score_dev import metadata_of

    from vlmingest.extract.headings import SectionKind
    from vlmingest.extract.others import passages
    from vlmingest.extract.view import PaperView
    from vlmingest.read import read_document

    own = {
        SectionKind.METHOD,
        SectionKind.TRAINING,
        SectionKind.DATA,
        SectionKind.EXPERIMENTS,
        SectionKind.ABLATION,
    }
    document = read_document(path.read_bytes())
    view = PaperView(document, metadata_of(path, document))
    found = []
    for passage in passages(document.blocks, view.lowered, [section.start for section in document.sections]):
        kind = view.section_kind(document.blocks[passage.blocks[0]].start)
        if kind is SectionKind.REFERENCES:
            continue
        title = document.sections[passage.section].title if passage.section >= 0 else ""
        label = 0 if kind in own else 1 if kind is SectionKind.RELATED and not _DESCRIBES.search(title) else None
        key = (path.stem, passage.section)
        found.append({"paper": path.stem, "text": passage.text, "section": key, "title": title, "label": label})
    return found


def fitted(rows: list[dict[str, Any]], least: int) -> tuple[dict[str, float], float]:
    """Words that stand in `least` papers, with weights, and the bias, from the rows with a label."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    papers = defaultdict(set)
    for row in rows:
        for term in row["terms"]:
            papers[term].add(row["paper"])
    words = {term: at for at, term in enumerate(sorted(term for term in papers if len(papers[term]) >= least))}
    marked = [row for row in rows if row["label"] is not None]
    cells = [
        (at, words[term], value)
        for at, row in enumerate(marked)
        for term, value in row["terms"].items()
        if term in words
    ]
    where, which, values = zip(*cells, strict=True)
    matrix = csr_matrix((values, (where, which)), shape=(len(marked), len(words)))
    model = LogisticRegression(C=0.1, max_iter=2000).fit(matrix, [row["label"] for row in marked])
    return dict(zip(words, model.coef_[0].tolist(), strict=True)), float(model.intercept_[0])


def odds_of(rows: list[dict[str, Any]], words: dict[str, float], bias: float) -> list[float]:
    """The log odds of each row by its words alone."""
    return [bias + sum(value * words.get(term, 0.0) for term, value in row["terms"].items()) for row in rows]


def main() -> int:
    """Train, print what papers left out say, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--least", type=int, default=60, help="papers that a word stands in")
    parser.add_argument("--examples", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    from sklearn.linear_model import LogisticRegression

    from vlmingest.extract.others import neighbours, terms_of

    files = sorted(
        {path.stem: path for folder in options.folder for path in folder.iterdir() if path.suffix in ENDINGS}.items()
    )
    rows = [row for _, path in files for row in paragraphs_of(path)]
    for row in rows:
        row["terms"] = terms_of(row["text"])
    names = sorted({row["paper"] for row in rows})
    fold = {name: at % FOLDS for at, name in enumerate(names)}
    for left in range(FOLDS):
        seen = [row for row in rows if fold[row["paper"]] != left]
        unseen = [row for row in rows if fold[row["paper"]] == left]
        words, bias = fitted(seen, options.least)
        for row, odds in zip(unseen, odds_of(unseen, words, bias), strict=True):
            row["odds"] = odds
    context = neighbours([row["odds"] for row in rows], [row["section"] for row in rows])
    marked = [at for at, row in enumerate(rows) if row["label"] is not None]
    model = LogisticRegression().fit([context[at] for at in marked], [rows[at]["label"] for at in marked])
    chance = model.predict_proba(context)[:, 1]
    print(f"{len(files)} papers, {len(rows)} paragraphs, {sum(row['label'] == 1 for row in rows)} under related work")
    for least in (0.3, 0.5, 0.7, 0.8, 0.9):
        shares = [
            sum(chance[at] >= least for at in marked if rows[at]["label"] == label)
            / sum(rows[at]["label"] == label for at in marked)
            for label in (1, 0)
        ]
        print(f"chance >= {least}: {shares[0]:.3f} of related work, {shares[1]:.4f} of the rest")
    for at in sorted(marked, key=lambda at: -chance[at] * (rows[at]["label"] == 0))[: options.examples]:
        print(f"{chance[at]:.2f} {rows[at]['paper']} | {rows[at]['title']} | {rows[at]['text'][:150]}")
    words, bias = fitted(rows, options.least)
    own, beside, has, section = model.coef_[0].tolist()
    if options.write:
        data = {
            "made_by": "tools/train_others.py",
            "papers": len(files),
            "context": {
                name: round(value, 4)
                for name, value in {
                    "bias": bias, "own": own, "beside": beside, "has_beside": has, "section": section,
                    "constant": float(model.intercept_[0]),
                }.items()
            },
            "words": {term: round(worth, 3) for term, worth in words.items() if abs(worth) >= 0.02},
        }  # fmt: skip
        WEIGHTS.write_text(json.dumps(data, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{len(data['words'])} words written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
