"""The pure door on the sample papers: every quote stands where it says, the same bytes give the same record."""

import json

import pytest

from vlmingest import extract_record, read_document
from vlmingest.api import examine
from vlmingest.evaluation import diff, evaluate, render
from vlmingest.records import PaperMetadata, canonical_json
from vlmingest.resources import package_folder
from vlmingest.triage import score_paper
from vlmingest.views import document_json

SAMPLE = package_folder("sample")
PDFS = sorted((SAMPLE / "pdf").glob("*.pdf"))


@pytest.fixture(scope="module")
def read():
    known = {}

    def once(path):
        if path not in known:
            known[path] = read_document(path.read_bytes())
        return known[path]

    return once


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_every_quote_of_a_sample_paper_stands_where_it_says(path, read):
    document = read(path)
    assert document.stamp is not None
    assert path.stem.startswith(document.stamp.arxiv_id)
    extraction = extract_record(document)
    assert extraction.candidates
    for candidate in extraction.candidates:
        assert candidate.evidence, f"{candidate.field} {candidate.value} has no evidence"
        for proof in candidate.evidence:
            assert document.text[proof.start : proof.end] == proof.quote
            assert proof.page == document.page_at(proof.start)
    again = extract_record(read_document(path.read_bytes()))
    assert canonical_json(again.record) == canonical_json(extraction.record)


@pytest.mark.parametrize("path", PDFS[:2], ids=lambda path: path.stem)
def test_the_json_of_a_document_has_the_shape_of_the_contract(path, read):
    data = json.loads(json.dumps(document_json(read(path))))
    assert data["title"]
    assert data["references"]["page"] >= 1
    for section in data["sections"]:
        assert {"number", "title", "level", "page", "start", "end"} <= set(section)
        assert data["text"][section["start"] : section["end"]]
    for figure in data["figures"]:
        assert {"number", "caption", "page", "bbox"} <= set(figure)
    for table in data["tables"]:
        assert {"label", "caption", "page", "bbox", "cells"} <= set(table)


def test_words_have_boxes_on_their_page(read):
    document = read(PDFS[0])
    words = document.words
    assert len(words.starts) == len(words.ends) == len(words.pages) == len(words.boxes) // 4
    assert list(words.starts) == sorted(words.starts)
    for number in range(0, len(words.starts), 50):
        page = document.pages[words.pages[number] - 1]
        x0, y0, x1, y1 = words.boxes[4 * number : 4 * number + 4]
        assert -1 <= x0 <= x1 <= page.width + 1
        assert -1 <= y0 <= y1 <= page.height + 1


def test_the_samples_score_against_their_own_gold(read):
    gold = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((SAMPLE / "gold").glob("*.json"))]
    stems = {one["file"] for one in gold}
    records = [extract_record(read(path)).record for path in PDFS if path.name in stems]
    scores = evaluate(records, gold)
    assert "vision_encoders" in render(scores, diff(scores, scores))
    assert diff(scores, scores) == []


def test_examining_adds_the_guard_and_keeps_what_triage_said(read):
    lines = (SAMPLE / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    row = next(row for row in map(json.loads, lines) if PDFS[0].stem.startswith(row["id"]))
    paper = PaperMetadata(id=row["id"], arxiv_id=row["id"], title=row["title"], abstract=row["abstract"])
    candidates, relevance, findings = examine(read(PDFS[0]), paper, score_paper(paper))
    assert candidates
    assert relevance.label == "model"
    assert not [finding for finding in findings if finding.code == "wrong-document" and "title" in finding.message]
    assert examine(read(PDFS[0]), None, None)[0]
