"""Score extract + settle on any folder of papers with annotations beside them: papers that no rule was written on.

Usage: python tools/score_folder.py FOLDER ... [--misses [FIELD ...]] [--per-paper] [--only ID] [--out FILE]

A FOLDER holds papers (`ID.pdf`, `ID.tex`, `ID.html`) and `gold/ID.json` in the form of `../shared/gold/GUIDE.md`. What is
lost here and not on the papers that the rules were written on is over-fitting. Needs the outside scorer of `../shared`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
SCORER = ROOT.parent / "shared" / "eval" / "score.py"
ENDINGS = (".pdf", ".tex", ".html")


def record_of(path: Path) -> dict:
    """What the product makes of one paper."""
    from score_dev import metadata_of

    from vlmingest.extract import extract_candidates
    from vlmingest.read import read_document
    from vlmingest.settle import settle

    document = read_document(path.read_bytes())
    paper = metadata_of(path, document)
    candidates, relevance, findings = extract_candidates(document, paper)
    return json.loads(settle(paper, relevance, candidates, (), findings).record.model_dump_json())


def print_misses(records: list[dict], gold: list[dict], fields: list[str]) -> None:
    """Print what each paper misses and claims wrongly, field by field."""
    from vlmingest.evaluation import evaluate
    from vlmingest.records import Record

    result = evaluate([Record.model_validate(record) for record in records], gold)
    for paper, tallies in sorted(result.papers.items()):
        for field, tally in tallies.items():
            if (not fields or any(field.startswith(one) for one in fields)) and (tally.missed or tally.extra):
                print(f"{paper:24}{field:28} missed: {'; '.join(tally.missed)}   wrong: {'; '.join(tally.extra)}")


def main() -> int:
    """Read all folders, write gold and records to a temporary folder, run the scorer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--misses", nargs="*", metavar="FIELD", help="what is missed or wrong, paper by paper")
    parser.add_argument("--per-paper", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--out", type=Path, help="where to write the records")
    arguments = parser.parse_args()
    records, gold = [], []
    for folder in arguments.folder:
        for path in sorted((folder / "gold").glob("*.json")):
            if arguments.only not in path.stem:
                continue
            paper = next((one for ending in ENDINGS if (one := folder / f"{path.stem}{ending}").exists()), None)
            if paper is not None:
                records.append(record_of(paper))
                gold.append(json.loads(path.read_text("utf-8")))
    if arguments.misses is not None:
        print_misses(records, gold, arguments.misses)
    with tempfile.TemporaryDirectory() as made:
        out = arguments.out or Path(made) / "records.json"
        out.write_text(json.dumps({"records": records}, indent=1), "utf-8")
        (Path(made) / "gold").mkdir()
        for one in gold:
            (Path(made) / "gold" / f"{one['arxiv_id']}.json").write_text(json.dumps(one), "utf-8")
        command = [sys.executable, str(SCORER), str(Path(made) / "gold"), str(out)]
        return subprocess.run(command + ["--per-paper"] * arguments.per_paper, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
