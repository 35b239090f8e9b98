"""The second format of a version: asked for once, compared in a reader process, a disagreement kept as a finding."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from vlmingest import fetch, pipeline
from vlmingest.document import Document, Finding
from vlmingest.errors import NotFoundError

DOUBT = Finding(code="wrong-document", message="its pdf and its html share only 10% of their word pairs")
PAPER = Document(source="pdf", sha256="0", reader="t", text="text")


def shop_of(result: Document | Exception):
    saved: list[Document] = []
    stages: list[str] = []

    def call(target: str, document: Document, data: bytes, least: float) -> Document:
        assert (target, document, data, least) == ("vlmingest.read.guard:cross_checked", PAPER, b"<html>", 0.8)
        if isinstance(result, Exception):
            raise result
        return result

    store = SimpleNamespace(
        document=lambda *_: PAPER,
        ledger=lambda *_: SimpleNamespace(input_hash="in", code_hash="code"),
        transaction=nullcontext,
        save_document=lambda paper, version, document: saved.append(document) or "out",
        record_stage=lambda *args, output_hash: stages.append(output_hash),
    )
    settings = SimpleNamespace(arxiv_content_url="https://x.invalid", cross_check=0.8)
    return (
        SimpleNamespace(store=store, settings=settings, client=None, readers=SimpleNamespace(call=call)),
        saved,
        stages,
    )


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (PAPER.model_copy(update={"findings": (DOUBT,)}), [(DOUBT,)]),
        (PAPER, []),
        (NotFoundError("https://x.invalid"), []),
    ],
    ids=["disagree", "agree", "missing"],
)
def test_only_a_disagreement_is_stored(monkeypatch, result, expected):
    monkeypatch.setattr(fetch, "fetch_paper", lambda *_: SimpleNamespace(content=b"<html>"))
    shop, saved, stages = shop_of(result)
    pipeline.cross_check(shop, pipeline.Edition("2401.00001", 1), "html")
    assert [document.findings for document in saved] == expected
    assert stages == ["out"] * len(expected)
