"""Hostile and damaged files: each ends in its own named outcome within 30 s and 512 MiB, and the next file still reads.

The outcome of a file is the `reason` of its error, or what the guard says of its Document (`not-a-paper`, `paper`).
"""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import pytest

from vlmingest.errors import DocumentError
from vlmingest.isolate import Worker, WorkerPool
from vlmingest.read.guard import looks_like_paper

ROOT = Path(__file__).resolve().parents[2]
READ = "vlmingest.read:read_document"
MEMORY_MIB, WALL_S = 512, 30


def _maker():
    spec = importlib.util.spec_from_file_location("make_hostile", ROOT / "tools" / "make_hostile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hostile = _maker()
LIMIT = {"reader-limit"}
NO_PAPER = {"not-a-paper"}
# what may come of each; a file that is only odd may also be read
EXPECTED = {
    "flate-bomb-spaces.pdf": LIMIT | {"too-large", "no-text-layer"},
    "flate-bomb-text.pdf": LIMIT | {"too-large"},
    "double-flate-bomb.pdf": LIMIT | {"too-large", "no-text-layer"},
    "form-calls-itself.pdf": LIMIT,
    "billion-laughs-forms.pdf": LIMIT,
    "xref-loop.pdf": NO_PAPER | {"damaged"},
    "page-tree-loop.pdf": {"damaged", "no-text-layer"},
    "page-tree-deep.pdf": {"damaged", "no-text-layer"} | LIMIT,
    "deep-arrays.pdf": {"no-text-layer", "damaged"} | LIMIT,
    "deep-dictionary.pdf": NO_PAPER | {"damaged"} | LIMIT,
    "ten-thousand-pages.pdf": {"too-large"} | NO_PAPER,
    "huge-page.pdf": NO_PAPER | {"damaged", "too-large"},
    "zero-page-box.pdf": NO_PAPER | {"damaged", "no-text-layer"},
    "no-pages.pdf": {"no-text-layer", "damaged"},
    "five-million-q.pdf": LIMIT | {"no-text-layer"},
    "huge-tounicode.pdf": {"no-text-layer", "garbled-text"} | NO_PAPER | LIMIT,
    "image-only.pdf": {"no-text-layer"},
    "garbage-encoding.pdf": {"garbled-text"} | NO_PAPER,
    "scattered-words.pdf": NO_PAPER | LIMIT,
    "header-only.pdf": {"damaged"},
    "random-bytes.pdf": {"damaged"},
    "zero-bytes.pdf": {"empty"},
    "html-named.pdf": NO_PAPER | {"not-a-document"},
    "text-named.pdf": {"not-a-document"},
    "nested.html": {"too-large"},
    "nested-inline.html": {"too-large"},
    "script-only.html": {"not-a-document"},
    "span-bomb.html": {"too-large"},
    "tar-bomb.tar.gz": {"too-large"},
    "many-members.tar.gz": {"too-large"},
    "path-traversal.tar.gz": {"no-main-file"},
    "no-main.tar.gz": {"no-main-file"},
    "input-loop.tar.gz": NO_PAPER,
    "macro-bomb.tex": {"too-large"},
    "macro-loop.tex": {"too-large"},
    "brace-nest.tex": NO_PAPER,
    "cut-gzip.tar.gz": {"damaged"},
}
GOOD = rb"\documentclass{article}\title{Good}\begin{document}\section{One}A normal file.\end{document}"
# in the default suite: bombs whose making alone costs seconds are left to the slow run
BIG = {"flate-bomb-spaces.pdf", "flate-bomb-text.pdf", "double-flate-bomb.pdf", "tar-bomb.tar.gz"}


def outcome_of(result: object) -> str:
    if isinstance(result, DocumentError):
        return result.reason
    findings = looks_like_paper(result)
    return findings[0].code if findings else "paper"


def read(worker: Worker, data: bytes) -> str:
    try:
        return outcome_of(worker.call(READ, data))
    except DocumentError as error:
        return error.reason


@pytest.fixture(scope="module")
def worker():
    with Worker(memory_mib=MEMORY_MIB, cpu_s=25, wall_s=WALL_S) as one:
        yield one


def test_every_case_has_an_expectation():
    assert set(EXPECTED) == set(hostile.hostile_files())
    assert len(EXPECTED) + 11 >= 25


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in BIG else name for name in sorted(EXPECTED)]
)
def test_hostile_file_ends_in_a_named_outcome(name: str, worker: Worker):
    data = hostile.hostile_files()[name]()
    start = time.monotonic()
    assert read(worker, data) in EXPECTED[name]
    assert time.monotonic() - start < WALL_S
    assert worker.peak_rss_mib < MEMORY_MIB
    assert worker.call(READ, GOOD).title == "Good"


@pytest.fixture(scope="module")
def sample() -> bytes:
    """A real PDF made here, so that the default suite needs nothing from outside: one page of sentences."""
    lines = b"".join(
        b"BT /F1 11 Tf 72 %d Td (Line %d of a text that is long enough to be read.) Tj ET\n" % (740 - 14 * i, i)
        for i in range(50)
    )
    return hostile.page(hostile.stream(lines))


def test_truncated_and_encrypted_copies_are_named(sample: bytes, worker: Worker):
    for name, data in hostile.damaged_files(sample).items():
        outcome = read(worker, data)
        allowed = {"encrypted"} if name.startswith("user") else {"damaged", "no-text-layer", "not-a-paper"}
        assert outcome in allowed, name


def _survey(sample: bytes, count: int, seed: int) -> dict[str, int]:
    seen: dict[str, int] = {}
    with WorkerPool(2, memory_mib=MEMORY_MIB, cpu_s=20, wall_s=WALL_S) as pool:
        calls = ((name, READ, (data,)) for name, data in hostile.mutants(sample, count, seed))
        for _, result in pool.run(calls):
            outcome = outcome_of(result)
            seen[outcome] = seen.get(outcome, 0) + 1
        assert pool.peak_rss_mib < MEMORY_MIB
    return seen


def test_sixty_mutants_neither_crash_nor_hang_the_pipeline(sample: bytes):
    seen = _survey(sample, 60, seed=11)
    assert sum(seen.values()) == 60
    assert "reader-fault" not in seen, seen


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.timeout(1800)
def test_thousand_mutants_of_real_papers(shared: Path):
    papers = sorted((shared / "corpus" / "pdf").glob("*.pdf"), key=lambda path: path.stat().st_size)[:20]
    seen: dict[str, int] = {}
    for number, path in enumerate(papers):
        for outcome, count in _survey(path.read_bytes(), 50, seed=number).items():
            seen[outcome] = seen.get(outcome, 0) + count
    assert sum(seen.values()) == 1000
    assert "reader-fault" not in seen, seen


# what the reference folder's odd files are: the paper itself only where it is one
ODD = {
    "password-": {"encrypted", "no-text-layer"},
    "truncated-": {"damaged", "not-a-paper"},
    "imageonly-": {"no-text-layer"},
    "scanned-": {"no-text-layer"},
    "lfs-pointer": {"not-a-document"},
    "not-a-pdf": {"not-a-document"},
    "synthetic-html": {"not-a-document", "not-a-paper"},
    "badfont-": {"garbled-text", "not-a-paper"},
    "badocr-": {"garbled-text", "not-a-paper", "no-text-layer"},
    "broken-": {"damaged", "not-a-paper", "garbled-text"},
    "machine-written": {"paper"},
    "synthetic-ownerpw": {"paper"},
}


@pytest.mark.corpus
def test_odd_files_are_named(shared: Path):
    files = sorted((shared / "corpus" / "odd").glob("*.pdf"))
    with WorkerPool(2, memory_mib=MEMORY_MIB, cpu_s=25, wall_s=WALL_S) as pool:
        results = dict(pool.run((path.name, READ, (path.read_bytes(),)) for path in files))
    assert len(results) == len(files)
    for name, result in results.items():
        allowed = next((ODD[prefix] for prefix in ODD if name.startswith(prefix)), {"not-a-paper"})
        assert outcome_of(result) in allowed, name
