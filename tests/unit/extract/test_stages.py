"""The stage reader on small made-up papers: number, freeze maps and learning rates of the stages."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.unit.extract.stages_papers import document
from vlmingest.extract.stages import read_stages
from vlmingest.extract.view import PaperView
from vlmingest.records import Candidate, FieldName

_PAPERS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "stages_papers.toml").read_text(encoding="utf-8")
)["paper"]
_LETTERS = {"v": "vision_encoder", "c": "connector", "l": "language_model", "o": "other"}


def _parts(letters: str) -> set[str]:
    return {_LETTERS[letter] for letter in letters}


@pytest.mark.parametrize("paper", _PAPERS, ids=lambda paper: str(paper["name"]))
def test_stages_of_a_paper(paper: dict[str, Any]) -> None:
    found = list(read_stages(PaperView(document(paper["text"]))))
    assert len(found) == len(paper["stages"])
    for candidate, line in zip(found, paper["stages"], strict=True):
        trained, frozen, rate = (part.strip() for part in line.split("|"))
        said = candidate.attributes
        if trained.startswith("*"):
            assert _parts(trained[1:]) <= set(said["trainable"])  # type: ignore[arg-type]
        else:
            assert set(said["trainable"]) == _parts(trained)  # type: ignore[arg-type]
        assert _parts(frozen) <= set(said["frozen"])  # type: ignore[arg-type]
        assert not set(said["frozen"]) & set(said["trainable"])  # type: ignore[arg-type]
        if rate and rate != "*":
            assert said.get("learning_rate") == rate


def test_every_stage_has_quotes_of_its_own_values() -> None:
    text = _PAPERS[0]["text"]
    found = list(read_stages(PaperView(document(text))))
    for candidate in found:
        quotes = {evidence.reader: evidence.quote for evidence in candidate.evidence}
        assert all(quote and quote in text for quote in quotes.values())
        assert "frozen" in quotes["rule:training.stage.freeze_map.v1"]
        assert "learning rate" in " ".join(quotes.values())


def test_a_text_without_training_has_one_unproven_stage_at_most() -> None:
    found: list[Candidate] = list(read_stages(PaperView(document("# Abstract\nWe like birds.\n# 1 Birds\nThey fly."))))
    assert all(candidate.field is FieldName.STAGE for candidate in found)
    assert len(found) <= 1
