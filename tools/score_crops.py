"""Scores chosen figures and their crop boxes against the figure manifest of a list, where the paper is at hand.

    python tools/score_crops.py ../shared/upstream/manifest.json ../shared/corpus/pdf

Prints per paper: is the figure of the manifest among those read, its page, the IoU of its box (points, top-left origin)
and whether `extract` chose the same figure; then the bar: share of boxes with an IoU of at least 0.8.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from vlmingest import read_document
from vlmingest.catalogue.figures import crop_box
from vlmingest.extract.figure import read_figure
from vlmingest.extract.view import PaperView

Box = tuple[float, float, float, float]
GOOD = 0.8


def iou(one: Box, two: Box) -> float:
    """Intersection over union."""
    width = max(0.0, min(one[2], two[2]) - max(one[0], two[0]))
    height = max(0.0, min(one[3], two[3]) - max(one[1], two[1]))
    both = width * height
    area = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, two)) - both
    return both / area if area > 0 else 0.0


def main() -> None:
    """Score every PDF of the folder that the manifest has a box for."""
    manifest, folder = Path(sys.argv[1]), Path(sys.argv[2])
    files = {re.sub(r"(v\d+)?\.pdf\Z", "", path.name): path for path in sorted(folder.glob("*.pdf"))}
    rows = json.loads(manifest.read_text(encoding="utf-8"))["figures"]
    measured, good, same = 0, 0, 0
    for row in rows:
        path = files.get(str(row.get("arxiv_id")))
        if path is None or not row.get("crop_pdf_points"):
            continue
        document = read_document(path.read_bytes(), media_type="application/pdf")
        wanted: Box = tuple(row["crop_pdf_points"])
        found = [one for one in document.figures if one.number == row["figure"] and one.page == row["pdf_page"]]
        box = crop_box(document, found[0]) if found else None
        score = iou(box, wanted) if box else 0.0
        chosen = max(read_figure(PaperView(document)), key=lambda one: one.confidence, default=None)
        agrees = chosen is not None and (chosen.value, chosen.attributes["page"]) == (row["figure"], row["pdf_page"])
        measured, good, same = measured + 1, good + (score >= GOOD), same + agrees
        print(
            f"{row['arxiv_id']:<12} fig {row['figure']:>2} page {row['pdf_page']:>2}  IoU {score:.2f}  "
            f"{'same choice' if agrees else f'chose {chosen.value if chosen else None}':<12} "
            f"ours {[round(x) for x in box] if box else None} theirs {[round(x) for x in wanted]}"
            f"{' (hand)' if row.get('crop_override_pdf_points') else ''}"
        )
    print(f"{good} of {measured} boxes with IoU >= {GOOD} (bar: 0.85 of them); the same figure chosen in {same}")


if __name__ == "__main__":
    main()
