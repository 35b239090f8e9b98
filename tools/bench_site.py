"""Measures the static site: building, size of the first page, answers of the search in chromium.

    python tools/bench_site.py [NUMBER OF MODELS]

Invented models (tests/web/many.py), as many as named; 1,000 by default. Without chromium the last part is left out.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.web.many import many_records
from vlmingest.catalogue import build_site
from vlmingest.files import write_tree

QUERIES = ("c", "cl", "clip", "qformer", "vicuna siglip", "docvqa", "lumo 12", "zzz", "")
MEASURE = """async (queries) => {
    const field = document.getElementById("search"), times = [];
    for (const text of queries) {
        const start = performance.now();
        field.value = text;
        field.dispatchEvent(new Event("input", {bubbles: true}));
        document.body.getBoundingClientRect();
        times.push(performance.now() - start);
        await new Promise(requestAnimationFrame);
    }
    return times;
}"""


def main() -> None:
    """Build, weigh, search."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    records = many_records(count)
    cpu, wall = time.process_time(), time.perf_counter()
    files = build_site(records)
    with tempfile.TemporaryDirectory() as folder:
        write_tree(Path(folder), files)
        print(
            f"{count} models: {len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB, built and written in "
            f"{time.process_time() - cpu:.2f} s CPU, {time.perf_counter() - wall:.2f} s wall (bar: 10 s)"
        )
        index = files["index.html"].decode()
        loaded = ["index.html", *re.findall(r'(?:src|rel="stylesheet" href)="(assets/[^"]+)"', index)]
        weight = sum(len(files[name]) for name in loaded)
        print(
            f"first page: {len(index) / 1e3:.0f} kB of HTML, {weight / 1e3:.0f} kB with style, scripts and data (bar: 300 kB)"
        )
        search(Path(folder))


def search(folder: Path) -> None:
    """Time the answers, layout included."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium here: the search was not measured")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((folder / "index.html").as_uri())
        times = page.evaluate(MEASURE, list(QUERIES))
        browser.close()
    shown = ", ".join(f"{query or 'all'!r} {spent:.1f}" for query, spent in zip(QUERIES, times, strict=True))
    print(f"search, ms with layout: {shown}; the slowest {max(times):.1f} (bar: 50 ms)")


if __name__ == "__main__":
    main()
