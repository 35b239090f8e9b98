"""The sample corpus is whole: metadata valid, PDFs there, stamped, and two papers change over the nights."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest

from vlmingest.ids import ArxivId
from vlmingest.resources import package_folder

FOLDER = package_folder("sample")
ROWS = [json.loads(line) for line in (FOLDER / "papers.jsonl").read_text(encoding="utf-8").splitlines()]
PDFS = sorted((FOLDER / "pdf").glob("*.pdf"))


def text_of(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    finally:
        pdf.close()


def test_metadata_are_valid_and_name_every_pdf() -> None:
    ids = [row["id"] for row in ROWS]
    assert ids == sorted(set(ids))
    named = set()
    for row in ROWS:
        assert ArxivId.parse(row["id"]).base == row["id"]
        assert row["title"]
        assert row["authors"]
        assert row["abstract"]
        assert row["categories"]
        for number, version in enumerate(row["versions"], start=1):
            assert version["version"] == number
            assert datetime.fromisoformat(version["submitted"]).date().isoformat() < version["announced"]
            named.add(version.get("pdf"))
    assert {f"pdf/{path.name}" for path in PDFS} == named - {None}


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_every_pdf_carries_its_stamp_and_a_bibliography(path: Path) -> None:
    text = text_of(path)
    assert f"arXiv:{path.stem} [cs." in " ".join(text.split())
    assert "References" in text


def test_a_second_version_changes_the_language_model() -> None:
    first, second = (text_of(FOLDER / "pdf" / f"2506.90005v{number}.pdf") for number in (1, 2))
    assert "Llama-3.1-8B" in first
    assert "Llama-3.1-8B" not in second
    assert "Qwen2.5-7B" in second


def test_one_paper_is_withdrawn_with_a_reason_and_without_a_pdf() -> None:
    gone = [version for row in ROWS for version in row["versions"] if version.get("withdrawn")]
    assert [("pdf" in version, "withdrawn" in version["comment"]) for version in gone] == [(False, True)]
