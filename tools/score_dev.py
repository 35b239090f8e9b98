"""Score extract + settle on the dev gold: read (cached), extract, settle, write records, call the outside scorer.

Usage: python tools/score_dev.py [--refresh] [--per-paper] [--only ID ...] [--out FILE] [--half seen|held]
                                 [--misses [FIELD ...]] [--profile]

`--misses` lists, of the seen papers only, what is missed and what is claimed wrongly. `--profile` times every reader and
what they share, in CPU milliseconds a paper, and scores nothing.

Documents are cached as pickles below the temporary folder, keyed by the reader's own source and the file's name;
`--refresh` reads all again. Two processes read. Needs `../shared`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
READER = sorted([*(ROOT / "src" / "vlmingest" / "read").glob("*.py"), ROOT / "src" / "vlmingest" / "document.py"])
CACHE = (
    Path(tempfile.gettempdir())
    / "vlmingest-dev-documents"
    / hashlib.sha256(b"".join(path.read_bytes() for path in READER)).hexdigest()[:12]
)


def manifest() -> list[dict[str, object]]:
    """The lines of the corpus manifest that are PDFs of `corpus/pdf`."""
    lines = (SHARED / "corpus" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [row for row in rows if str(row.get("file", "")).startswith("pdf/")]


def load_document(path: str, refresh: bool = False):
    """The Document of a PDF, from the cache or read anew."""
    from vlmingest.read import read_document

    source = Path(path)
    cached = CACHE / f"{source.stem}.pickle"
    if cached.exists() and not refresh:
        with cached.open("rb") as stream:
            return pickle.load(stream)
    document = read_document(source.read_bytes(), media_type="application/pdf")
    CACHE.mkdir(parents=True, exist_ok=True)
    partial = cached.with_suffix(f".{time.time_ns()}")
    with partial.open("wb") as stream:
        pickle.dump(document, stream)
    partial.replace(cached)
    return document


def metadata_of(path: Path, document):  # noqa: ANN001
    """What `add` knows of a file offline: the id from its name, title and authors from the file."""
    import re

    from vlmingest.records import PaperMetadata

    match = re.match(r"(\d{4}\.\d{4,5})(?:v(\d+))?$", path.stem)
    base = match.group(1) if match else path.stem
    return PaperMetadata(
        id=base,
        arxiv_id=base,
        version=int(match.group(2) or 1) if match else 1,
        title=document.title,
        authors=document.authors,
        source="folder",
    )


def run_one(path: str, refresh: bool = False) -> tuple[str, str | None, float, str]:
    """Record JSON of one PDF, and the CPU seconds of extract + settle."""
    from vlmingest.extract import extract_candidates
    from vlmingest.settle import settle

    try:
        document = load_document(path, refresh)
    except Exception as error:  # noqa: BLE001 - a report line per paper
        return path, None, 0.0, f"{type(error).__name__}: {error}"
    paper = metadata_of(Path(path), document)
    extract_candidates(document, paper)  # caches of the package warm
    started = time.process_time()
    candidates, relevance, findings = extract_candidates(document, paper)
    settled = settle(paper, relevance, candidates, (), findings)
    spent = time.process_time() - started
    return path, settled.record.model_dump_json(), spent, ""


def profile(paths: list[str], rounds: int = 3) -> None:
    """Print CPU milliseconds a paper of what the readers share, of every reader and of settle (the best of `rounds`)."""
    from vlmingest.cycles import no_cycle_search
    from vlmingest.extract import READERS, PaperView
    from vlmingest.extract.identity import name_candidates
    from vlmingest.extract.second_look import second_look
    from vlmingest.records import Relevance
    from vlmingest.settle import settle

    shared = {
        "view.lowered": lambda view: view.lowered,
        "view.sentences": lambda view: view.sentences,
        "view.tables": lambda view: view.tables,
        "view.mentions": lambda view: view.mentions,
        "view.cues": lambda view: view._cues,  # noqa: SLF001
        "view.names": name_candidates,
    }
    documents = [(metadata_of(Path(path), document), document) for path in paths if (document := load_document(path))]
    best: dict[str, float] = {}
    for _ in range(rounds):
        spent: dict[str, float] = {}

        def timed(name: str, make, spent=spent):  # noqa: ANN001, ANN202
            started = time.process_time()
            made = make()
            spent[name] = spent.get(name, 0.0) + time.process_time() - started
            return made

        for paper, document in documents:
            view = PaperView(document, paper)
            with no_cycle_search():
                for name, make in shared.items():
                    timed(name, lambda make=make, view=view: make(view))
            candidates = []
            with no_cycle_search():  # as `extract_candidates` does
                for reader in READERS:
                    candidates += timed(reader.__name__, lambda reader=reader, view=view: list(reader(view)))
            judged = timed("second_look", lambda view=view: second_look(view, Relevance(label="maybe", score=0.5)))
            timed("settle", lambda p=paper, j=judged, c=candidates: settle(p, j, c, (), ()))
            view.forget()
        best = {name: min(value, best.get(name, value)) for name, value in spent.items()}
    for name, value in sorted(best.items(), key=lambda item: -item[1]):
        print(f"{name:24}{1000 * value / len(documents):8.2f} ms")
    print(f"{'all':24}{1000 * sum(best.values()) / len(documents):8.2f} ms")


def print_misses(records_file: str, fields: list[str]) -> None:
    """Print what each seen gold paper misses and claims wrongly, field by field."""
    from vlmingest.evaluation import evaluate
    from vlmingest.records import Record

    gold = [path for path in sorted((SHARED / "gold" / "dev").glob("*.json")) if not is_held(path.stem)]
    raw = json.loads(Path(records_file).read_text(encoding="utf-8"))["records"]
    records = [Record.model_validate(record) for record in raw]
    result = evaluate(records, [json.loads(path.read_text(encoding="utf-8")) for path in gold])
    for paper, tallies in sorted(result.papers.items()):
        for field, tally in tallies.items():
            if (not fields or any(field.startswith(one) for one in fields)) and (tally.missed or tally.extra):
                print(f"{paper:24}{field:28} missed: {'; '.join(tally.missed)}   wrong: {'; '.join(tally.extra)}")


def main() -> int:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--refresh", action="store_true")
    parser.add_argument("--per-paper", action="store_true")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument(
        "--half", choices=("seen", "held"), help="score only the papers to look at, or only those kept unseen"
    )
    parser.add_argument("--out", default=str(Path(tempfile.gettempdir()) / "vlmingest-dev-records.json"))
    parser.add_argument("--misses", nargs="*", metavar="FIELD", help="of the seen papers, what is missed or wrong")
    parser.add_argument("--profile", action="store_true", help="time every reader; score nothing")
    arguments = parser.parse_args()
    rows = [row for row in manifest() if not arguments.only or any(only in str(row["file"]) for only in arguments.only)]
    paths = [str(SHARED / "corpus" / str(row["file"])) for row in rows]
    if arguments.profile:
        profile(paths)
        return 0
    records: list[object] = []
    times: list[float] = []
    with ProcessPoolExecutor(2) as pool:
        for path, record, spent, trouble in pool.map(run_one, paths, [arguments.refresh] * len(paths)):
            if record is None:
                print(f"{Path(path).name}: {trouble}")
                continue
            records.append(json.loads(record))
            times.append(spent)
    Path(arguments.out).write_text(json.dumps({"records": records}, indent=1), encoding="utf-8")
    if arguments.misses is not None:
        print_misses(arguments.out, arguments.misses)
    negatives = {Path(str(row["file"])).stem for row in rows if row["kind"] == "negative"}
    claiming = []
    for path, record in zip(paths, records, strict=False):
        if Path(path).stem in negatives:
            claims = settled_claims(record)
            if claims:
                claiming.append(f"{Path(path).stem}: {', '.join(claims)}")
    gold = SHARED / "gold" / "dev"
    if arguments.half:
        chosen = Path(tempfile.mkdtemp(prefix="vlmingest-gold-"))
        for path in sorted(gold.glob("*.json")):
            if is_held(path.stem) == (arguments.half == "held"):
                (chosen / path.name).write_bytes(path.read_bytes())
        gold = chosen
    command = [sys.executable, str(SHARED / "eval" / "score.py"), str(gold), arguments.out]
    command += ["--pdf-dir", str(SHARED / "corpus" / "pdf")] + (["--per-paper"] if arguments.per_paper else [])
    code = subprocess.run(command, check=False).returncode
    print(f"negatives with an architecture claim above the review band: {len(claiming)} of {len(negatives)}")
    for line in claiming:
        print("   ", line)
    if times:
        print(f"extract + settle: {1000 * sum(times) / len(times):.1f} ms CPU a paper (max {1000 * max(times):.1f})")
    print("\ninvented papers and phrases of tests/paraphrased, written without a look at the rules", flush=True)
    print("(tools/score_paraphrased.py --show and tools/score_phrases.py FIELD list what is missed):", flush=True)
    for tool in (["score_paraphrased.py"], ["score_phrases.py", "--quiet"]):
        subprocess.run([sys.executable, str(ROOT / "tools" / tool[0]), *tool[1:]], check=False)
    return code


def is_held(stem: str) -> bool:
    """Whether a gold paper is kept unseen by whoever writes rules: about a third, chosen by a hash."""
    return hashlib.sha256(stem.encode()).digest()[0] % 3 == 0


def settled_claims(record) -> list[str]:  # noqa: ANN001
    """Architecture values of a record that are in the accept band."""
    architecture = record["architecture"]
    found = []
    for field in ("vision_encoders", "language_models", "connectors", "types"):
        for item in architecture[field]:
            if item.get("band") == "accept":
                found.append(f"{field}={item.get('name') or item.get('type')} ({item['confidence']:.2f})")
    return found


if __name__ == "__main__":
    sys.exit(main())
