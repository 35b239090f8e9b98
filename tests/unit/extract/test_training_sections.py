"""Whole sections on training, invented: how many stages they tell, what each trains and freezes, at which learning rate.

The forms are those that papers use (lists, run-in titles, tables, plain succession); floors, since not all are understood.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.unit.extract.stages_papers import document
from vlmingest.extract.stages import read_stages
from vlmingest.extract.view import PaperView
from vlmingest.records import PaperMetadata

SECTIONS = Path(__file__).resolve().parents[2] / "paraphrased" / "sections" / "training.toml"
PAPER = """
# Abstract
We introduce Quoll-VL, a vision-language model that connects a vision encoder to a large language model by a projector.
# 1 Introduction
Large language models have grown fast. Quoll-VL joins a ViT vision encoder, a projector and an LLM.
# 3 Method
## 3.1 Architecture
Quoll-VL consists of a vision encoder (ViT), a connector (projector) and a large language model (LLM). The projector maps
visual tokens into the embedding space of the LLM.
{section}
# 5 Experiments
We evaluate on VQAv2, GQA and MMBench.
"""
LETTERS = {"vision_encoder": "v", "connector": "c", "language_model": "l", "other": "o"}
RIGHT_COUNT, RIGHT_MAP, RIGHT_RATE = 0.90, 0.85, 0.90


def stages_of(section: str) -> list[tuple[str, str, str]]:
    """(trained, frozen, learning rate) of each stage."""
    paper = document(PAPER.format(section=section)).model_copy(update={"title": "Quoll-VL: Seeing Better"})
    found = read_stages(PaperView(paper, PaperMetadata(id="2401.00001", title=paper.title)))
    return [
        (
            _letters(stage.attributes["trainable"]),
            _letters(stage.attributes["frozen"]),
            str(stage.attributes.get("learning_rate") or ""),
        )
        for stage in found
    ]


def _letters(parts: object) -> str:
    assert isinstance(parts, list)
    return "".join(letter for part, letter in LETTERS.items() if part in parts)


def test_sections_on_training_are_understood():
    sections = tomllib.loads(SECTIONS.read_text(encoding="utf-8"))["section"]
    counts: list[bool] = []
    maps: list[bool] = []
    rates: list[bool] = []
    for section in sections:
        want = [tuple(cell.strip() for cell in row.split("|")) for row in section["want"]]
        got = stages_of(section["text"])
        counts.append(len(got) == len(want))
        for order, (trained, frozen, rate) in enumerate(want):
            told = got[order] if order < len(got) else ("", "", "")
            maps.append(told[0] == trained and set(frozen) <= set(told[1]))
            if rate:
                rates.append(told[2] == rate)
    assert sum(counts) / len(counts) >= RIGHT_COUNT
    assert sum(maps) / len(maps) >= RIGHT_MAP
    assert sum(rates) / len(rates) >= RIGHT_RATE
