"""Score extract + settle on invented papers (`tests/paraphrased/*.toml`) that no rule was written on.

Usage: python tools/score_paraphrased.py [--per-paper] [--only ID] [--misses] [--folder DIR]

They are written in the manner of real papers by people who did not look at the rules: what they lose and the seen gold
does not is over-fitting. Needs the outside scorer of `../shared`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCORER = ROOT.parent / "shared" / "eval" / "score.py"
sys.path.insert(0, str(ROOT))
_PARTS = {"v": "vision_encoder", "c": "connector", "l": "language_model", "o": "other"}


def papers(folder: Path) -> list[dict]:
    """All papers of the folder's files."""
    return [
        paper for path in sorted(folder.glob("*.toml")) for paper in tomllib.loads(path.read_text("utf-8"))["paper"]
    ]


def gold_of(paper: dict) -> dict:
    """A gold annotation in the form of the guide from the short form."""
    short = paper["gold"]
    links = {name: short.get(name) for name in ("code", "project", "weights")}
    return {
        "arxiv_id": paper["id"], "file": f"{paper['id']}.pdf", "title": paper["title"],
        "kind": "model" if short.get("model_name") else "not_model",
        "model_name": short.get("model_name"), "model_aliases": short.get("model_aliases", []),
        "vision_encoders": [_named(item) for item in short.get("vision_encoders", [])],
        "language_models": [_named(item) for item in short.get("language_models", [])],
        "connector": {"types": short.get("connector", []), "evidence": ""},
        "architecture_types": short.get("architecture_types", []),
        "model_sizes": short.get("model_sizes", []),
        "image_resolutions": short.get("image_resolutions", []),
        "training_stages": [_stage(item) for item in short.get("stages", [])],
        "objectives": short.get("objectives", []),
        "compute": [{"device": item.split(" / ")[0], "count": None, "evidence": ""} for item in short.get("devices", [])],
        "datasets_training": [_named(item) for item in short.get("datasets_training", [])],
        "datasets_evaluation": [_named(item) for item in short.get("datasets_evaluation", [])],
        "links": links, "architecture_figure": None, "notes": "",
    }  # fmt: skip


def _named(text: str) -> dict:
    names, _, family = text.partition(" : ")
    name, *accept = (part.strip() for part in names.split(" / "))
    return {"name": name, "accept": accept, "family": family.strip() or name, "evidence": ""}


def _stage(text: str) -> dict:
    trained, frozen, rate = (part.strip() for part in text.split("|"))
    return {
        "name": "", "trainable": [_PARTS[letter] for letter in trained], "frozen": [_PARTS[letter] for letter in frozen],
        "datasets": [], "samples": None, "learning_rate": rate or None, "batch_size": None, "evidence": "",
    }  # fmt: skip


def record_of(paper: dict) -> dict:
    """What the product makes of the paper's text."""
    from tests.unit.extract.stages_papers import document
    from vlmingest.extract import extract_candidates
    from vlmingest.records import PaperMetadata
    from vlmingest.settle import settle

    made = document(paper["text"]["body"]).model_copy(update={"title": paper["title"]})
    meta = PaperMetadata(id=paper["id"], arxiv_id=paper["id"], title=paper["title"])
    candidates, relevance, findings = extract_candidates(made, meta)
    return json.loads(settle(meta, relevance, candidates, (), findings).record.model_dump_json())


def brief(record: dict) -> str:
    """The record's values in one block, for a look."""
    parts, training, sets = record["architecture"], record["training"], record["datasets"]
    stages = [
        f"{'+'.join(s['trainable'])} | {'+'.join(s['frozen'])} | {s['learning_rate']}" for s in training["stages"]
    ]
    lines = {
        "name": record["model"]["name"], "sizes": record["model"]["sizes"],
        "encoders": [item["name"] for item in parts["vision_encoders"]],
        "language": [item["name"] for item in parts["language_models"]],
        "connector": [item["type"] for item in parts["connectors"]], "types": [item["type"] for item in parts["types"]],
        "resolutions": [item["value"] for item in parts["image_resolutions"]], "stages": stages,
        "objectives": [item["type"] for item in training["objectives"]],
        "training": [item["name"] for item in sets["training"]],
        "evaluation": [item["name"] for item in sets["evaluation"]],
        "devices": [item["device"] for item in training["compute"]],
    }  # fmt: skip
    return "\n".join(f"  {name:<12}{value}" for name, value in lines.items())


def main() -> int:
    """Write gold and records to a temporary folder and run the scorer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-paper", action="store_true")
    parser.add_argument("--show", action="store_true", help="print what was read beside what should be read")
    parser.add_argument("--only", default="")
    parser.add_argument("--folder", type=Path, default=ROOT / "tests" / "paraphrased")
    arguments = parser.parse_args()
    chosen = [paper for paper in papers(arguments.folder) if arguments.only in paper["id"]]
    with tempfile.TemporaryDirectory() as folder:
        gold = Path(folder) / "gold"
        gold.mkdir()
        records = []
        for paper in chosen:
            (gold / f"{paper['id']}.json").write_text(json.dumps(gold_of(paper)), "utf-8")
            records.append(record_of(paper))
            if arguments.show:
                print(f"{paper['id']} {paper['title']}\n{brief(records[-1])}\n  gold: {json.dumps(paper['gold'])}\n")
        out = Path(folder) / "records.json"
        out.write_text(json.dumps({"records": records}), "utf-8")
        command = [sys.executable, str(SCORER), str(gold), str(out)]
        return subprocess.run(command + ["--per-paper"] * arguments.per_paper, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
