"""Every quote of the sample gold stands in its PDF, and every figure's caption on its page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pypdfium2
import pytest

from vlmingest.resources import package_folder

FOLDER = package_folder("sample")
GOLD = sorted((FOLDER / "gold").glob("*.json"))


def squeezed(text: str) -> str:
    """Without hyphens and spaces: line breaks and the PDF's break marks do not matter."""
    return re.sub(r"[\s\ufffe\u00ad-]+", "", text)


def quotes(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["evidence"]] if "evidence" in value else []
        return own + [quote for item in value.values() for quote in quotes(item)]
    return [quote for item in value for quote in quotes(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_gold_is_proved_by_its_paper(path: Path) -> None:
    gold = json.loads(path.read_text(encoding="utf-8"))
    pdf = pypdfium2.PdfDocument(FOLDER / "pdf" / gold["file"])
    pages = [squeezed(page.get_textpage().get_text_range()) for page in pdf]
    pdf.close()
    missing = [quote for quote in quotes(gold) if squeezed(quote) not in "".join(pages)]
    assert missing == []
    figure = gold["architecture_figure"]
    assert squeezed(figure["caption_start"]) in pages[figure["page"] - 1]
