"""Score extract + settle on the dev gold when other people's works are put into each paper: what does it lose by them?

Usage: python tools/score_distracted.py [KIND ...] [--fields FIELD ...]

Real papers speak of others in places that no heading gives away. KINDs: `prose` (the related work of other papers, under the
heading "Further Discussion"), `introduction` (the same at the end of the introduction), `baselines` (how two other models are
built and trained, under "Baselines": the words of their papers with their names for "we"), `models` (a table of other models
with their parts), `costs` (what others trained on), `settings` (others' resolutions and learning rates, a column each), `data`
and `sizes` (what others were trained on, and their sizes). The words are those of the other dev papers, the tables are made of
their gold. Printed: each field undisturbed and with each KIND. Needs `../shared`.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
SCORER = ROOT.parent / "shared" / "eval" / "score.py"
Row = Sequence[str]
_RATE = re.compile(r"\d(?:\.\d+)?e-\d")
_WE_DO = re.compile(r"\b[Ww]e (also |then |first |further |only |directly |simply )?([a-z]+)")
_IRREGULAR = {
    "have": "has",
    "are": "is",
    "were": "was",
    "do": "does",
    "can": "can",
    "may": "may",
    "will": "will",
    "set": "sets",
}
_LONG = 200  # characters
_OFFSETS = frozenset({"start", "end", "anchor"})
_SPANS = frozenset({"caption_span", "abstract"})


def shifted(value: Any, at: int, by: int, key: str = "") -> Any:
    """A dumped Document's part with every offset from `at` on moved by `by`."""
    if isinstance(value, dict):
        return {name: shifted(one, at, by, name) for name, one in value.items()}
    if key in _SPANS or key == "row_spans":
        return value and type(value)(None if one is None else shifted(one, at, by, "start") for one in value)
    if isinstance(value, (list, tuple)):
        return [shifted(one, at, by, key) for one in value]
    offset = key in _OFFSETS and isinstance(value, int)
    return value + by if offset and value >= at else value


def grafted(document: Any, paragraphs: Sequence[str], table: tuple[str, Sequence[Row]] | None, heading: str) -> Any:
    """The document with these paragraphs, and this table (caption, rows): under a heading of their own before its references,
    without one at the end of its first section.
    """
    from vlmingest.document import Document

    at = document.references.start if document.references is not None else len(document.text)
    if not heading and len(document.sections) > 1:
        at = next((one.start for one in document.sections[1:] if one.level == 1), at)
    page = document.page_at(max(at - 1, 0))
    text, blocks, tables = f"{heading}\n" * bool(heading), [("heading", 0, len(heading))] * bool(heading), []
    for paragraph in paragraphs:
        blocks.append(("paragraph", len(text), len(text) + len(paragraph)))
        text += f"{paragraph}\n"
    if table is not None:
        caption, rows = table
        line = f"Table 99: {caption}"
        span = (at + len(text), at + len(text) + len(line))
        blocks.append(("caption", len(text), len(text) + len(line)))
        text += f"{line}\n"
        begin, spans = len(text), []
        for row in rows:
            joined = " ".join(row)
            spans.append((at + len(text), at + len(text) + len(joined)))
            text += f"{joined}\n"
        blocks.append(("table", begin, len(text) - 1))
        tables.append(
            {"label": "Table 99", "caption": caption, "page": page, "bbox": None, "cells": rows, "caption_span": span, "row_spans": spans}
        )  # fmt: skip
    dumped = document.model_dump()
    words, seams, starts = dumped.pop("words"), dumped.pop("seams"), dumped.pop("page_starts")
    moved = shifted(dumped, at, len(text))
    made = [{"kind": kind, "start": at + start, "end": at + end, "page": page} for kind, start, end in blocks]
    moved["blocks"] = sorted([*moved["blocks"], *made], key=lambda block: block["start"])
    section = {"number": None, "title": heading, "level": 1, "page": page, "start": at, "end": at + len(text)}
    if heading:
        moved["sections"] = sorted([*moved["sections"], section], key=lambda one: one["start"])
    moved["tables"] += tables
    moved["text"] = document.text[:at] + text + document.text[at:]
    moved["seams"] = [one + len(text) if one >= at else one for one in seams]
    moved["page_starts"] = [(one + len(text) if one >= at else one, number) for one, number in starts]
    for name in ("starts", "ends"):
        words[name] = [one + len(text) if one >= at else one for one in words[name]]
    moved["words"] = words
    return Document.model_validate(moved)


def paragraphs_under(document: Any, *kinds: str) -> list[str]:
    """The longer paragraphs under headings of these kinds of sections."""
    from vlmingest.document import BlockKind
    from vlmingest.extract.view import PaperView

    view = PaperView(document)
    return [
        text
        for block in document.blocks
        if block.kind is BlockKind.PARAGRAPH
        and view.section_kind(block.start).value in kinds
        and len(text := document.text[block.start : block.end]) > _LONG
    ]


def in_third_person(text: str, name: str) -> str:
    """What a paper says of itself as another one would say it, roughly."""
    text = _WE_DO.sub(lambda match: f"{name} {match[1] or ''}{_IRREGULAR.get(match[2]) or _inflected(match[2])}", text)
    for first, third in (("[Ww]e", name), ("[Oo]ur", f"{name}'s"), ("[Oo]urs", name), ("[Uu]s", "them")):
        text = re.sub(rf"\b{first}\b", third, text)
    return text


def _inflected(verb: str) -> str:
    ending = "" if verb.endswith(("ed", "s", "en")) else "es" if verb.endswith(("ch", "sh", "x")) else "s"
    return verb[:-1] + "ies" if verb.endswith("ly") else verb + ending


def _named(entries: Sequence[dict[str, Any]]) -> str:
    return " + ".join(entry["name"] for entry in entries[:2]) or "-"


def model_table(golds: Sequence[dict[str, Any]]) -> tuple[str, list[Row]]:
    """Other models and their parts."""
    rows = [(gold["model_name"], _named(gold["vision_encoders"]), _named(gold["language_models"])) for gold in golds]
    return "Architectures of vision-language models.", [("Model", "Vision Encoder", "Language Model"), *rows]


def cost_table(golds: Sequence[dict[str, Any]]) -> tuple[str, list[Row]]:
    """Other models and the accelerators that they were trained on."""
    rows = [
        (gold["model_name"], f"{one['count'] or 64} {one['device']}")
        for gold in golds
        for one in (gold.get("compute") or [{"device": "A100", "count": 64}])[:1]
    ]
    return "Training costs of vision-language models.", [("Model", "Hardware"), *rows]


def settings_table(golds: Sequence[dict[str, Any]]) -> tuple[str, list[Row]]:
    """Other models' settings, a column each."""
    names = [gold["model_name"] for gold in golds]
    sides = [str((gold.get("image_resolutions") or [224])[0]) for gold in golds]
    rates = [
        next(
            (
                found.group()
                for one in gold.get("training_stages") or []
                if (found := _RATE.search(one.get("learning_rate") or ""))
            ),
            "1e-4",
        )
        for gold in golds
    ]
    return "Training settings.", [("Setting", *names), ("Image resolution", *sides), ("Learning rate", *rates)]


def data_table(golds: Sequence[dict[str, Any]]) -> tuple[str, list[Row]]:
    """Other models and some of the sets that they were trained on."""
    rows = [
        (gold["model_name"], ", ".join(one["name"] for one in gold["datasets_training"][:6]) or "in-house data")
        for gold in golds
    ]
    return "Training data of vision-language models.", [("Model", "Training Data"), *rows]


def size_table(golds: Sequence[dict[str, Any]]) -> tuple[str, list[Row]]:
    """Other models, their sizes and years."""
    rows = [
        (gold["model_name"], (gold.get("model_sizes") or ["1.3B"])[0], f"{2021 + index}")
        for index, gold in enumerate(golds)
    ]
    return "Sizes of vision-language models.", [("Model", "#Params", "Year"), *rows]


TABLES: dict[str, Callable[[Sequence[dict[str, Any]]], tuple[str, list[Row]]]] = {
    "models": model_table,
    "costs": cost_table,
    "settings": settings_table,
    "data": data_table,
    "sizes": size_table,
}
KINDS = ("prose", "introduction", "baselines", *TABLES)


def distracted(papers: Sequence[tuple[Path, Any, dict[str, Any]]], kind: str) -> Iterator[tuple[Path, Any]]:
    """Each paper with what its neighbours in the list give."""
    for index, (path, document, gold) in enumerate(papers):
        if not kind:
            yield path, document
            continue
        others = [papers[(index + step) % len(papers)] for step in range(1, len(papers))]
        foreign = [one for one in others if one[2].get("model_name") and one[2]["model_name"] != gold.get("model_name")]
        if kind in TABLES:
            table = TABLES[kind]([one[2] for one in foreign[:5]])
            yield path, grafted(document, (), table, "Further Comparison")
            continue
        if kind == "baselines":
            told = [
                in_third_person(text, it["model_name"])
                for _, other, it in foreign[:2]
                for text in paragraphs_under(other, "method", "training")[:4]
            ]
            yield path, grafted(document, told, None, "Baselines")
            continue
        told = [
            text
            for _, other, it in foreign
            for text in paragraphs_under(other, "related")[:3]
            if it["model_name"].lower() not in text.lower()
        ]
        own = (gold.get("model_name") or "").lower()
        told = [text for text in told if not own or own not in text.lower()][:6]
        yield path, grafted(document, told, None, "Further Discussion" * (kind == "prose"))


def scores(papers: Sequence[tuple[Path, Any, dict[str, Any]]], kind: str) -> dict[str, float]:
    """Field -> the scorer's first figure."""
    from score_dev import metadata_of

    from vlmingest.extract import extract_candidates
    from vlmingest.settle import settle

    records = []
    for path, document in distracted(papers, kind):
        paper = metadata_of(path, document)
        candidates, relevance, findings = extract_candidates(document, paper)
        records.append(settle(paper, relevance, candidates, (), findings).record.model_dump_json())
    with tempfile.TemporaryDirectory() as made:
        found = Path(made) / "records.json"
        found.write_text(json.dumps({"records": [json.loads(one) for one in records]}), encoding="utf-8")
        told = Path(made) / "gold"
        told.mkdir()
        for _, _, gold in papers:
            (told / f"{gold['arxiv_id']}.json").write_text(json.dumps(gold), encoding="utf-8")
        command = [sys.executable, str(SCORER), str(told), str(found)]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = (line.split(None, 1) for line in printed.splitlines() if "paper_f1=" in line or "accuracy=" in line)
    return {name: float(rest.split()[0].split("=")[1]) for name, rest in lines}


def main() -> int:
    """Score the papers as they are and with each kind of distraction."""
    from score_dev import SHARED, load_document

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", nargs="*", default=KINDS, help=f"of {', '.join(KINDS)}")
    parser.add_argument("--fields", nargs="*", default=[], metavar="FIELD")
    arguments = parser.parse_args()
    papers = []
    for path in sorted((SHARED / "gold" / "dev").glob("*.json")):
        source = SHARED / "corpus" / "pdf" / f"{path.stem}.pdf"
        papers.append((source, load_document(str(source)), json.loads(path.read_text("utf-8"))))
    kinds = ["", *arguments.kind]
    all_scores = [scores(papers, kind) for kind in kinds]
    print(f"{'':28}" + "".join(f"{kind or 'as it is':>10}" for kind in kinds))
    for field in all_scores[0]:
        if not arguments.fields or any(field.startswith(one) for one in arguments.fields):
            print(f"{field:28}" + "".join(f"{one.get(field, float('nan')):10.3f}" for one in all_scores))
    return 0


if __name__ == "__main__":
    sys.exit(main())
