"""Exports: deterministic bytes, escaped text, no formulas."""

from __future__ import annotations

import csv
import io
import json

import pytest

from vlmingest.catalogue import export_csv, export_json, export_jsonl, export_markdown, json_schema, schema_bytes
from vlmingest.catalogue.escape import markdown_link, markdown_text, paper_stem, safe_url, slug
from vlmingest.errors import UsageError
from vlmingest.records import (
    Architecture,
    Evidence,
    Export,
    ModelIdentity,
    Record,
    RecordPaper,
    Relevance,
    VisionEncoder,
)


def record(paper_id: str = "2401.00001", title: str = "A model", encoder: str = "CLIP ViT-L/14") -> Record:
    proof = Evidence(quote=f"we use {encoder} <b>frozen</b>", page=3, section="3.1 Model", reader="rule:x.v1")
    return Record(
        paper=RecordPaper(id=paper_id, arxiv_id=paper_id, title=title, authors=("A. B.",), published="2024-01-01"),
        relevance=Relevance(label="model", score=0.9),
        model=ModelIdentity(name="Mod|el", sizes=("7B",)),
        architecture=Architecture(vision_encoders=(VisionEncoder(name=encoder, family="CLIP", evidence=(proof,)),)),
    )


def test_json_reads_back_and_ignores_input_order() -> None:
    one, two = record(), record("2402.00002")
    data = export_json([one, two], generated_by="test")
    assert data == export_json([two, one], generated_by="test")
    assert Export.model_validate_json(data).records == (one, two)
    assert [json.loads(line)["paper"]["id"] for line in export_jsonl([two, one]).splitlines()] == [
        "2401.00001",
        "2402.00002",
    ]
    assert set(json_schema()["properties"]) >= {"schema_version", "records", "entries"}  # type: ignore[arg-type]


def test_the_schema_is_a_file_that_the_export_obeys() -> None:
    assert json.loads(schema_bytes()) == json_schema()
    assert schema_bytes().endswith(b"}\n")


def test_csv_cells_are_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(export_csv([record(title="=HYPERLINK(1)", encoder="@x")]).decode())))
    assert rows[0]["title"] == "'=HYPERLINK(1)"
    assert rows[0]["vision_encoders"] == "'@x"
    assert rows[0]["name"] == "Mod|el"
    with pytest.raises(UsageError, match="no column 'nope'"):
        export_csv([], ["nope"])


def test_pages_escape_paper_text_and_quote_the_evidence() -> None:
    pages = export_markdown([record(title="<script>alert(1)</script>")])
    assert sorted(pages) == ["README.md", "comparison.md", "models/2401.00001.md"]
    text = pages["models/2401.00001.md"]
    assert "<script" not in text
    assert "&lt;b&gt;frozen" in text
    assert "page 3, 3.1 Model, pdf" in text
    assert "Mod\\|el" in pages["comparison.md"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "http://", "http://[bad", "data:text/html,x"]
)
def test_unsafe_addresses_are_no_links(url: str) -> None:
    assert safe_url(url) is None
    assert "](" not in markdown_link("x", url)


def test_escaping_of_one_line() -> None:
    assert markdown_text("a\u202eb\n# c") == "ab # c"
    assert markdown_text("# c") == "\\# c"
    assert markdown_text("1. x").startswith("1&#8203;")
    assert safe_url('https://a.b/(x)"') == "https://a.b/%28x%29%22"
    assert (slug("VILA² & Ünï"), slug("²²²"), slug("…")) == ("vila2-uni", "222", "entry")
    assert paper_stem("../../etc") == "_.._etc"
    assert paper_stem("local:ab") == "local-ab"
