"""Cost of a full Document beside the bare text extraction of pdfium and pypdf: CPU seconds, medians, one run.

usage: python tools/bench_read.py [FOLDER] [--repeat 3] [--pypdf 13] [--score GOLD]
FOLDER holds the PDFs (../shared/corpus/pdf). Prints per-corpus CPU time, the two ratios that issue 3 bounds (at most 2.0
and at least 5), the peak memory, and what ../shared/eval/score_read.py says of the Documents where there is gold for them.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"


def bare_pdfium(data: bytes) -> None:
    """pypdfium2 as its manual shows it."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    document.close()


def bare_pypdf(data: bytes) -> None:
    """Pypdf as its manual shows it."""
    import pypdf

    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        page.extract_text()


def full(data: bytes) -> None:
    """Ours."""
    from vlmingest.read import read_document

    read_document(data, "application/pdf")


def cost(call: Callable[[bytes], None], data: bytes) -> float:
    """CPU milliseconds of one call."""
    start = time.process_time()
    call(data)
    return 1000 * (time.process_time() - start)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED / "corpus" / "pdf")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--pypdf", type=int, default=13, help="papers that pypdf reads too (it is slow)")
    parser.add_argument(
        "--score", type=Path, default=SHARED / "gold" / "read", help="gold of sections, tables, figures"
    )
    args = parser.parse_args()
    logging.disable(logging.WARNING)  # pypdf's advice to install fontTools, once per font
    files = sorted(args.folder.glob("*.pdf"))
    ratios, ours, bare, slow = [], [], [], []
    full(files[0].read_bytes())  # imports are paid once
    for index, path in enumerate(files):
        data = path.read_bytes()
        pair = [(cost(bare_pdfium, data), cost(full, data)) for _ in range(args.repeat)]
        low, high = (statistics.median(side) for side in zip(*pair, strict=True))
        bare.append(low)
        ours.append(high)
        ratios.append(high / low)
        if index % max(1, len(files) // max(args.pypdf, 1)) == 0 and len(slow) < args.pypdf:
            slow.append(cost(bare_pypdf, data) / high)
        print(f"{path.name:32} pdfium {low:7.1f} ms  document {high:7.1f} ms  {high / low:5.2f}x")
    print(
        f"papers {len(files)}  pdfium {sum(bare):.0f} ms  document {sum(ours):.0f} ms  ratio of sums {sum(ours) / sum(bare):.2f}"
    )
    print(f"median ratio to pdfium {statistics.median(ratios):.2f} (bar: at most 2.0)")
    if slow:
        print(f"median ratio of pypdf to document {statistics.median(slow):.1f} (bar: at least 5)")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB (bar: 200)")
    scorer = SHARED / "eval" / "score_read.py"
    if args.score.is_dir() and scorer.is_file():
        score(files, args.score, scorer)


def score(files: list[Path], gold: Path, scorer: Path) -> None:
    """Write each Document as `vlmingest read` does and let the scorer compare them."""
    from vlmingest.read import read_document
    from vlmingest.views import document_json

    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            text = json.dumps(document_json(read_document(path.read_bytes())))
            (Path(folder) / f"{path.stem}.json").write_text(text, encoding="utf-8")
        subprocess.run([sys.executable, str(scorer), str(gold), folder], check=True)


if __name__ == "__main__":
    main()
