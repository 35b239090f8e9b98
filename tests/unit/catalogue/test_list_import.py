"""A list is taken over without losing a byte, and what it says becomes entries and a report."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlmingest.catalogue.lists import Kind, entries_of, import_report, parse_list, render_list
from vlmingest.catalogue.lists.entries import family_name, paper_ids
from vlmingest.catalogue.lists.marks import cells_of, is_source_label, links_of, plain_text
from vlmingest.catalogue.lists.pieces import looks_like_names
from vlmingest.catalogue.lists.report import counts_of
from vlmingest.catalogue.lists.segments import plain_heading

FOLDER = Path(__file__).parent / "lists"
LISTS = sorted(path.name for path in FOLDER.glob("*.md"))


def kinds(data: bytes) -> list[tuple[str, bytes]]:
    return [(segment.kind.value, segment.data) for segment in parse_list(data).segments]


def panel(*lines: str) -> bytes:
    return "\n".join(["# L", "", "## Models", "", "### **Foo: A model**", "", *lines, ""]).encode()


def of_kind(data: bytes, kind: Kind) -> str:
    return "".join(segment.text for segment in parse_list(data).segments if segment.kind == kind)


@pytest.mark.parametrize("name", LISTS)
def test_invented_lists_are_kept_and_accounted_for(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    document = parse_list(data)
    report = import_report(document, entries_of(document))
    assert render_list(document) == data
    assert b"".join(segment.data for segment in document.segments) == data
    assert report.bytes_unaccounted == 0
    assert sum(report.bytes_by_kind.values()) == report.bytes_total == len(data)
    assert report.counts == (report.entries,)


SOUP = b"".join((FOLDER / name).read_bytes() for name in LISTS) + panel(
    "Words.", "[![arXiv](https://i/x.svg)](https://arxiv.org/abs/2501.90001)<br>", "A. B, C. D", "**Released:** 2025-01-02",
    "<!-- architecture-figure:1 -->", "<p><img src='a.png'></p>", "<!-- /architecture-figure:1 -->", "<details>",
    "<summary>More</summary>", "```", "# x", "```", "deep </details>", "> quote", "---", "<p>", "![i](i.png)",
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.sampled_from(SOUP.splitlines(keepends=True)), max_size=60).map(b"".join),
        st.text(st.sampled_from("#*-|[]()!<>`~:\n\r ab1"), max_size=200).map(str.encode),
    )
)
def test_any_bytes_are_kept(data: bytes) -> None:
    document = parse_list(data)
    assert render_list(document) == data
    place = 0
    for segment in document.segments:
        assert segment.start == place
        assert segment.line == data.count(b"\n", 0, place) + 1
        place += len(segment.data)
    assert place == len(data)
    assert import_report(document, entries_of(document, data)).bytes_unaccounted == 0


def test_a_panel_from_top_to_bottom() -> None:
    data = panel(
        "Foo joins x and y.",
        "",
        "[![arXiv](https://b/x.svg)](https://arxiv.org/abs/2401.00001v2) [![GitHub](https://b/g.svg)](https://github.com/a/b)<br>",
        "Ann Author, Bob Buthor<br>",
        "**Released:** 2024-01-02",
        "",
        "<!-- architecture-figure:7 -->",
        '<p align="center">',
        '  <img src="assets/foo.png" alt="x">',
        "</p>",
        '<p><sub><b>Figure 2.</b> The x &amp; y. <a href="https://arxiv.org/abs/2401.00001">Source paper</a>, PDF p. 4.</sub></p>',
        "<!-- /architecture-figure:7 -->",
        "",
        "<details>",
        "<summary>More</summary><br>",
        "",
        "**Foo** folds.",
        "",
        "It unfolds. </details>",
    )
    found = [kind for kind, _ in kinds(data) if kind != "blank"]
    assert found[2:] == [
        "heading", "summary", "badges and links", "authors", "release date", "figure block", "disclosure", "deep dive",
        "deep dive",
    ]  # fmt: skip
    manifest = b'{"figures": [{"title": "Foo: A model", "crop_pdf_points": [1, 2, 3, 4]}]}'
    (entry,) = entries_of(parse_list(data), manifest)
    assert (entry.name, entry.title, entry.summary) == ("Foo", "Foo: A model", "Foo joins x and y.")
    assert (entry.authors, entry.papers) == ("Ann Author, Bob Buthor", ("2401.00001",))
    assert [link.label for link in entry.links] == ["arXiv", "GitHub"]
    assert entry.released is not None
    assert (entry.released.date, entry.released.basis, entry.released.source) == ("2024-01-02", "list", "panel")
    assert entry.figure is not None
    assert (entry.figure.number, entry.figure.page, entry.figure.file) == ("2", 4, "assets/foo.png")
    assert (entry.figure.caption, entry.figure.bbox) == ("The x & y.", (1, 2, 3, 4))


def test_the_date_of_the_timeline_counts_where_the_panel_has_none() -> None:
    badge = "[![arXiv](i)](https://arxiv.org/abs/2401.00001)"
    data = panel("Foo.", badge) + b"### Bar\n\nBar.\n" + badge.encode() + b"\n\n## Timeline\n\n"
    data += b"| Date | Name |\n|---|---|\n| 2024-01-02 | Foo |\n| soon | Bar |\n"
    document = parse_list(data)
    foo, bar = entries_of(document)
    assert foo.released is not None
    assert (foo.released.date, foo.released.source, bar.released) == ("2024-01-02", "timeline", None)
    assert document.kinds["timeline row"] == document.kinds["table row"] == 1


def test_the_paper_of_a_panel_without_an_arxiv_badge_is_the_source_of_its_figure() -> None:
    source = '<p><sub><b>Figure 1.</b> X. <a href="https://arxiv.org/abs/2402.00002">Source paper</a></sub></p>'
    data = panel("Foo.", "[![GitHub](i)](https://github.com/a/b)", "", '<p><img src="a"></p>', source)
    (entry,) = entries_of(parse_list(data))
    assert entry.papers == ("2402.00002",)
    assert [link.label for link in entry.links] == ["GitHub"]


def test_code_and_comments_hide_headings_and_entries() -> None:
    data = b"# L\n\n~~~~\n### no\n~~~\n### no\n~~~~\n\n<!-- \n### no\n-->\n### yes\n\n```\n### open\n"
    assert [section.title for section in parse_list(data).sections] == ["L", "yes"]
    assert parse_list(b"<!-- never closed\n# yes\n").sections[-1].title == "yes"


def test_references_beside_panels_are_no_entries_but_bullets_alone_are() -> None:
    bullets = b"## Reading\n\n- [A guide](https://example.org/a)\n- [Another guide](https://example.org/b) - Words.\n"
    assert [entry.title for entry in entries_of(parse_list(b"# L\n" + bullets))] == ["A guide", "Another guide"]
    badge = b"### P%d\n\n[![arXiv](i)](https://arxiv.org/abs/2401.0000%d)\n\n"
    panels = b"# L\n\n" + b"".join(badge % (n, n) for n in (1, 2, 3))
    document = parse_list(panels + bullets)
    assert [entry.name for entry in entries_of(document)] == ["P1", "P2", "P3"]
    assert document.kinds["reference"] == 2


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("**2024:** [A](#a) | [B](#b)", "index row"),
        ("**2020:** [A](#a)", "index row"),
        ("See [the start](#a) and go on.", "text"),
        ("- [A](#a)", "contents"),
        ("***", "rule"),
        ("<br>", "verbatim"),
        ("![x](y.png)", "image"),
        ("- a thing", "list item"),
        ("<details>", "disclosure"),
    ],
)
def test_lines_outside_panels(line: str, kind: str) -> None:
    assert kinds(f"# L\n{line}\n".encode())[1][0] == kind


def test_a_front_matter_that_never_ends_is_text() -> None:
    assert kinds(b"---\na: 1\n---\n# L\n")[0] == ("front matter", b"---\na: 1\n---\n")
    assert kinds(b"---\na: 1\n")[0][0] == "rule"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a catalog of **155+ Vision-Language Model (VLM/MLLM) architectures**", [155]),
        ("Index (12 architectures, newest first)", [12]),
        ("through July 2026 and covers foundational systems", []),
        ("2024 papers", [2024]),
        ("version 3.12 papers, 7B models, #5 papers", []),
    ],
)
def test_counts_stated_in_the_text(text: str, values: list[int]) -> None:
    data = f"# L\n\n{text}\n".encode()
    found = list(counts_of(parse_list(data)))
    assert [one.value for one in found] == values
    assert all(data[one.start : one.end] == str(one.value).encode() for one in found)


@pytest.mark.parametrize(
    ("text", "is_names"),
    [
        ("Mingqiao Ye et al., EPFL<br>", True),
        ("Haotian Liu, Chunyuan Li, Qingyang Wu, Yong Jae Lee", True),
        ("mPLUG-Owl Team<br>", True),
        ("Ludwig van der Berg and Ann Li", True),
        ("This project is led by somebody.", False),
        ("Foo joins x and y.", False),
        ("", False),
        ("Foo Is A Model That Sees Many Things", False),
    ],
)
def test_authors_or_a_sentence(text: str, is_names: bool) -> None:
    assert looks_like_names(text) is is_names


def test_marks() -> None:
    text = (
        '[![a](i.svg)](https://x/y_(z)) [b [c]](<https://d> "t") <a href="https://e"><img src="i" alt="f"></a> ![no](x)'
    )
    assert [(link.label, link.url, bool(link.image)) for link in links_of(text)] == [
        ("a", "https://x/y_(z)", True),
        ("b [c]", "https://d", False),
        ("f", "https://e", True),
    ]
    assert cells_of(r"| a \| b | c |") == [r"a \| b", "c"]
    assert plain_text(r"**a** _b_ `c` [d](e) ![f](g) snake_case \*h\* <br>") == "a b c d snake_case *h*"
    assert plain_heading("**[LLaVA](https://x)** [![s](i)](u) ##") == "LLaVA"
    assert is_source_label("[Project Page]")
    assert not is_source_label("Looking Machines")
    assert family_name("Foo 1.5: Better") == "Foo 1.5"
    assert family_name("Ratio 3:4 models") == "Ratio 3:4 models"
    assert paper_ids(
        [
            "https://huggingface.co/papers/2401.00001",
            "https://arxiv.org/pdf/2401.00001v3.pdf",
            "x",
            "https://[huggingface.co/papers/",
        ]
    ) == ("2401.00001",)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("README-2026-08.md", {"entries": 155, "with_figure": 130, "without_figure_noted": 25, "dated": 155, "with_paper": 141,
                               "with_links": 155, "with_deep_dive": 155, "with_summary": 155, "timeline_rows": 155,
                               "dated_in_panel": 59, "index_links": 160, "counts": (155, 155, 155)}),
        ("README-2025-02.md", {"entries": 97, "with_figure": 89, "with_links": 97, "with_deep_dive": 97, "dated": 0}),
    ],
)  # fmt: skip
def test_upstream(shared: Path, name: str, counted: dict[str, object]) -> None:
    data = (shared / "upstream" / name).read_bytes()
    manifest = (shared / "upstream" / "manifest.json").read_bytes()
    document = parse_list(data)
    report = import_report(document, entries_of(document, manifest)).model_dump()
    assert render_list(document) == data == b"".join(segment.data for segment in document.segments)
    assert {key: report[key] for key in counted} == counted
    assert report["bytes_unaccounted"] == 0
    assert report["bytes_verbatim"] < 40


SHAPES = {
    "bullets with lines of badges": (
        (
            "+ [Cog: Text to Video](https://arxiv.org/abs/2408.90001) (Aug., 2024)  \n"
            "[![Star](https://i/s.svg)](https://github.com/a/b) [![arXiv](https://i/a.svg)](https://arxiv.org/abs/2408.90001)\n"
        ),
        [("Cog: Text to Video", ("2408.90001",), 3, "")],
    ),
    "rows with the paper beside the title": (
        (
            "| Paper | Venue | Code |\n|---|:---:|---|\n| Dim: Less Light [[Paper](https://arxiv.org/abs/2110.90001)] | ICLR 2022 "
            "| [Code](https://github.com/s/d)|\n"
        ),
        [("Dim: Less Light", ("2110.90001",), 2, "")],
    ),
    "headings with links and bullets of remarks": (
        "### [Measuring Dreams](https://arxiv.org/abs/2401.90001)\n- **Metrics:** F1\n- **Data:** [Foo](https://foo.org)\n",
        [("Measuring Dreams", ("2401.90001",), 1, "")],
    ),
    "programs with licence and language": (
        "- [Act](https://act.org) - Runs things. ([Demo](https://demo.act.org), [Source Code](https://github.com/a/act)) `MIT` `Go`\n",
        [("Act", (), 3, "Runs things.")],
    ),
    "tags before titles": (
        (
            "* **[CVPR 2024]** Seeing Is Not Believing [[Paper](https://arxiv.org/abs/2401.90001)] [[Code](https://github.com/x/y)]\n"
            "* (*2023.05*) Blink: Faster [[paper](https://arxiv.org/abs/2305.90001)]\n"
            "* **`2024-03-05`** `Foo` [Wink at Me](https://arxiv.org/abs/2403.90001)\n"
        ),
        [
            ("Seeing Is Not Believing", ("2401.90001",), 2, ""),
            ("Blink: Faster", ("2305.90001",), 1, ""),
            ("Wink at Me", ("2403.90001",), 1, ""),
        ],
    ),
    "citations with the title in quotes": (
        '* Seen, Ann et al. "A Title in Quotes." arXiv preprint (2023). [[paper](https://arxiv.org/abs/2303.90001)]\n',
        [("A Title in Quotes", ("2303.90001",), 1, "")],
    ),
    "headings, authors in italics, plain links": (
        "#### Foo: A Long Title\n*Ann A, Bob B* - NeurIPS 2023\n\n[[Paper]](https://arxiv.org/abs/2301.90001) [[Code]](https://github.com/a/b)\n",
        [("Foo: A Long Title", ("2301.90001",), 2, "")],
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_of_other_lists(name: str) -> None:
    text, expected = SHAPES[name]
    data = f"# L\n\n## Things\n\n{text}".encode()
    document = parse_list(data)
    entries = entries_of(document)
    assert [(entry.title, entry.papers, len(entry.links), entry.summary) for entry in entries] == expected
    assert b"".join(segment.data for segment in document.segments) == data
    assert import_report(document, entries).bytes_verbatim == 0
