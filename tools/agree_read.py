"""Whether the text of the Documents is right: agreement with Poppler, recall of the TeX source, code points left behind.

usage: python tools/agree_read.py [CORPUS] [--paper STEM ...] [--worst 8]
CORPUS has pdf/*.pdf, and tex/<stem>/ or tex/<stem>.tar.gz for papers whose source is there too.
A word pair is two neighbouring words (letters and digits, lower case, accents dropped, NFKD; `fine-tuning` is one word,
as pdftotext drops the hyphen of every compound that a line end breaks). `recall` is the share of
the other text's pairs that stand in ours, `precision` the share of ours that stand in the other's. What pdftotext repeats
at the edges of three pages and more (running heads), page numbers and the arXiv stamp are left out of it. Needs `pdftotext`.
"""

from __future__ import annotations

import argparse
import io
import re
import statistics
import subprocess
import tarfile
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

LEFT_BEHIND = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\ufb00-\ufb06\ufffe\ufffd]")
RUN_TOGETHER = re.compile(r"[a-z]{26,}")


def words(text: str) -> list[str]:
    """Runs of letters or digits, folded; a hyphen within a word does not part it."""
    text = re.sub(r"(?<=[^\W\d_])[-\u2010\u2011](?=[^\W\d_])", "", text)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", text.casefold())


def pairs(text: str) -> Counter[tuple[str, str]]:
    """Neighbouring words, counted."""
    return Counter(pairwise(words(text)))


def share(wanted: Counter[tuple[str, str]], found: Counter[tuple[str, str]]) -> float:
    """How much of `wanted` is in `found`."""
    return sum((wanted & found).values()) / max(1, sum(wanted.values()))


def poppler(path: Path) -> tuple[str, str]:
    """Text as `pdftotext` orders it: all of it, and without what it repeats at the edges of pages."""
    run = subprocess.run(["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True)
    pages = [page.strip().split("\n") for page in run.stdout.decode().split("\f")]
    keys = [[re.sub(r"\d+", "#", line) for line in page] for page in pages]
    repeats = Counter(key for page in keys for key in {*page[:3], *page[-3:]})
    kept: list[str] = []
    for page, names in zip(pages, keys, strict=True):
        for index, (line, key) in enumerate(zip(page, names, strict=True)):
            edge = index < 3 or index >= len(page) - 3
            if not (line.startswith("arXiv:") or (edge and (repeats[key] >= 3 or line.strip().isdigit()))):
                kept.append(line)
    return "\n".join("\n".join(page) for page in pages), "\n".join(kept)


def source_text(folder: Path) -> str | None:
    """The body of a paper's TeX source, read by the project's own LaTeX reader; None where there is none."""
    from vlmingest.document import BlockKind
    from vlmingest.read import read_document

    if not folder.is_dir():
        return None
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(folder, arcname=".")
    document = read_document(packed.getvalue())
    body = {BlockKind.ABSTRACT, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.CAPTION, BlockKind.HEADING}
    end = document.references.start if document.references else len(document.text)
    return "\n".join(document.text[b.start : b.end] for b in document.blocks if b.kind in body and b.start < end)


def worst(ours: Counter[tuple[str, str]], other: Counter[tuple[str, str]], count: int) -> str:
    """The pairs of `other` that ours lacks most often."""
    return ", ".join(" ".join(pair) + f" {n}" for pair, n in (other - ours).most_common(count))


def main() -> None:
    """Measure and print."""
    from vlmingest.read import read_document

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "corpus", type=Path, nargs="?", default=Path(__file__).resolve().parents[2] / "shared" / "corpus"
    )
    parser.add_argument("--paper", action="append", default=[])
    parser.add_argument("--worst", type=int, default=0, help="show this many missing pairs of each paper")
    args = parser.parse_args()
    raw, recalls, precisions, sources, left, run_together = [], [], [], [], 0, 0
    for path in sorted((args.corpus / "pdf").glob("*.pdf")):
        if args.paper and path.stem not in args.paper:
            continue
        text = read_document(path.read_bytes()).text
        everything, cleaned = poppler(path)
        ours, theirs = pairs(text), pairs(cleaned)
        raw.append(share(pairs(everything), ours))
        recalls.append(share(theirs, ours))
        precisions.append(share(ours, theirs))
        odd, long = len(LEFT_BEHIND.findall(text)), RUN_TOGETHER.findall(re.sub(r"https?://\S+", "", text))
        left, run_together = left + odd, run_together + len(long)
        line = f"{path.stem:24} pdftotext: recall {recalls[-1]:.3f} precision {precisions[-1]:.3f}"
        source = source_text(args.corpus / "tex" / path.stem)
        if source is not None:
            sources.append(share(pairs(source), ours))
            line += f"  TeX body: recall {sources[-1]:.4f} (pdftotext {share(pairs(source), theirs):.4f})"
        print(line + (f"  left behind: {odd}" if odd else "") + (f"  run together: {long[:3]}" if long else ""))
        if args.worst:
            print("   only pdftotext:", worst(ours, theirs, args.worst))
            print("   only ours:     ", worst(theirs, ours, args.worst))
    print(f"agreement with pdftotext over {len(recalls)} papers: recall {statistics.mean(recalls):.3f}, "
          f"precision {statistics.mean(precisions):.3f} (bar: 0.95 both); recall with its running heads "
          f"and page numbers {statistics.mean(raw):.3f}")  # fmt: skip
    if sources:
        print(f"recall of the TeX body over {len(sources)} papers: {statistics.mean(sources):.4f} (bar: 0.985)")
    print(f"code points left behind {left}, run-together words {run_together} (bar: 0)")


if __name__ == "__main__":
    main()
