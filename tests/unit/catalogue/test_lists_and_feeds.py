"""Lists keep every byte; feeds parse with other people's parsers; lint finds what it should and nothing else."""

from __future__ import annotations

from pathlib import Path

import bibtexparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pybtex.database import parse_string

from vlmingest.catalogue import (
    entries_of,
    export_atom,
    export_bibtex,
    lint_list,
    parse_list,
    render_list,
)
from vlmingest.records import Record, RecordPaper, Relevance

PANEL = b"""# List

## Architectures

### **Foo: A model of x**

Foo joins x and y.

[![arXiv](https://b/x.svg)](https://arxiv.org/abs/2401.00001v2) [![GitHub](https://b/g.svg)](https://github.com/a/b)<br>
A. Author, B. Author
**Released:** 2024-01-02

<p><img src="a.png"></p>
<p><sub><b>Figure 2.</b> The x &amp; y. <a href="u">Source</a>, PDF p. 4.</sub></p>

<details>
```sh
# not a heading
```
</details>
"""


def paper(title: str, authors: tuple[str, ...] = ("A. B.",)) -> Record:
    return Record(
        paper=RecordPaper(id="2401.00001", arxiv_id="2401.00001", title=title, authors=authors, published="2024-01-01"),
        relevance=Relevance(label="model", score=0.9),
    )


@settings(deadline=None, max_examples=200)
@given(st.one_of(st.binary(), st.lists(st.sampled_from(PANEL.splitlines(keepends=True))).map(b"".join)))
def test_any_bytes_round_trip(data: bytes) -> None:
    document = parse_list(data)
    assert render_list(document) == data
    entries_of(document, data)
    lint_list(document)


def test_a_panel_becomes_an_entry() -> None:
    manifest = b'{"figures": [{"title": "Foo: A model of x", "crop_pdf_points": [1, 2, 3, 4]}]}'
    (entry,) = entries_of(parse_list(PANEL), manifest)
    assert (entry.name, entry.papers, entry.authors) == ("Foo", ("2401.00001",), "A. Author, B. Author")
    assert entry.summary == "Foo joins x and y."
    assert entry.released is not None
    assert (entry.released.date, entry.released.basis) == ("2024-01-02", "list")
    assert entry.figure is not None
    assert (entry.figure.number, entry.figure.page, entry.figure.caption) == ("2", 4, "The x & y.")
    assert entry.figure.bbox == (1, 2, 3, 4)


def test_lint_finds_the_wrong_paper_a_leftover_and_a_wrong_target() -> None:
    good = parse_list(PANEL)
    assert lint_list(good, {"2401.00001": "Foo: a model of x"}) == []
    bad = PANEL.replace(b"Foo joins", b"Okay, let's break it down").replace(b"https://github.com/a/b", b"https://x.y")
    rules = [f.rule for f in lint_list(parse_list(bad), {"2401.00001": "Flamingo: few-shot learning"})]
    assert sorted(rules) == ["badge-target", "chatbot-leftover", "paper-title"]
    assert [f.rule for f in lint_list(parse_list(PANEL + PANEL))] == ["duplicate", "paper-twice"]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "panels", "figures"), [("README-2026-08.md", 155, 130), ("README-2025-02.md", 97, 89)]
)
def test_upstream_lists(shared: Path, name: str, panels: int, figures: int) -> None:
    data = (shared / "upstream" / name).read_bytes()
    document = parse_list(data)
    entries = entries_of(document)
    assert render_list(document) == data
    assert (len(entries), sum(entry.figure is not None for entry in entries)) == (panels, figures)


@pytest.mark.parametrize("title", ["50% {of} $x_1$ & #2", "a \\ b ~ ^ }", "Ünïcode 模型"])
def test_bibtex_parses_twice(title: str) -> None:
    text = export_bibtex([paper(title, ("Rock and Roll", "C. D."))]).decode()
    # version 2 has no loads(), version 1 no parse_string()
    parse = getattr(bibtexparser, "parse_string", None) or bibtexparser.loads
    assert len(parse(text).entries) == 1
    entry = parse_string(text, "bibtex").entries["arxiv-2401.00001"]
    assert len(entry.persons["author"]) == 2
    assert entry.fields["eprint"] == "2401.00001"


def test_atom_is_xml_with_what_rfc_4287_wants() -> None:
    feed = etree.fromstring(export_atom([paper("<b> & ]]> x")]))
    atom = "{http://www.w3.org/2005/Atom}"
    for node in (feed, feed.find(f"{atom}entry")):
        assert node is not None
        assert all(node.find(f"{atom}{name}") is not None for name in ("id", "title", "updated"))
    assert feed.find(f"{atom}entry/{atom}title").text.endswith("<b> & ]]> x")
    assert etree.fromstring(export_atom([])) is not None
