"""A new entry changes its own panel, its index link, its timeline row, counts, manifest and credits: nothing else."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlmingest.catalogue.lists import entries_of, import_report, parse_list
from vlmingest.catalogue.lists.anchors import anchor_of, anchors_of
from vlmingest.catalogue.lists.change import follow_edits, remove_entry, retitled_files
from vlmingest.catalogue.lists.dates import choose_release, release_of
from vlmingest.catalogue.lists.draft import draft_of, entry_title
from vlmingest.catalogue.lists.family import members_of, propose_family, version_of
from vlmingest.catalogue.lists.fold import find_family, fold_paper
from vlmingest.catalogue.lists.grow import add_entry, order_of
from vlmingest.catalogue.lists.panel import Draft, short_caption
from vlmingest.catalogue.lists.side_files import credits_with, manifest_with
from vlmingest.catalogue.lists.splice import Edit, splice
from vlmingest.records import (
    Entry,
    EntryFigure,
    EntryLink,
    Evidence,
    Fact,
    FieldName,
    ModelIdentity,
    Record,
    RecordPaper,
    Released,
    Relevance,
)

from .test_merge import a_list

FOLDER = Path(__file__).parent / "lists"
MANIFEST = json.dumps(
    {"schema_version": 1, "figures": [{"index": n + 1, "title": f"M{n}: Model number {n}"} for n in range(3)]}, indent=2
).encode()
CREDITS = b"# Credits\n\n| Entry | Source | Figure | Local file |\n| --- | --- | ---: | --- |\n" + b"".join(
    b"| M%d: Model number %d | [primary source](https://arxiv.org/abs/2401.0000%d) | Fig. 1 | [m.png](m.png) |\n"
    % (n, n, n)
    for n in range(3)
)


def draft(day: str | None = "2024-11-20", name: str = "New", **more: object) -> Draft:
    fields: dict[str, object] = {
        "name": name,
        "title": f"{name}: A | new *model*",
        "papers": ("2406.90001",),
        "links": (EntryLink(label="GitHub", url="https://github.com/new/new"),),
        "released": Released(date=day, basis="arXiv v1") if day else None,
        "figure": EntryFigure(number="2", page=3, file="assets/new.png", caption="It <sees>", bbox=(1, 2, 3, 4)),
        **more,
    }
    return Draft(
        entry=Entry.model_validate(fields),
        summary="New sees.",
        deep_dive=("It sees.",),
        contribution="seeing",
        author_names=("Ann N", "Bo M"),
    )


def changed(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Lines that went, lines that came."""
    lines = list(difflib.ndiff(before.decode().splitlines(), after.decode().splitlines()))
    return [one[2:] for one in lines if one.startswith("- ")], [one[2:] for one in lines if one.startswith("+ ")]


@pytest.mark.parametrize(
    ("day", "before"),
    [("2025-01-01", 0), ("2024-12-15", 1), ("2024-11-20", 1), ("2024-11-15", 2), ("2024-11", 2), ("2019-01-01", 3)],
)
def test_only_its_own_places_change(day: str, before: int) -> None:
    data = a_list(3)
    growth = add_entry(parse_list(data), draft(day), MANIFEST, CREDITS)
    gone, come = changed(data, growth.data)
    year = day[:4]
    assert growth.position == before
    assert [line for line in gone if not line.startswith(("A list of 3", "<summary>3", "**2024:**"))] == []
    assert len(gone) == (3 if year == "2024" else 2)
    titles = [panel.title for panel in parse_list(growth.data).panels]
    assert titles.index("New: A | new *model*") == before
    document = parse_list(growth.data)
    assert [name for _, name in document.timeline].index("New") == before
    rows = [line for line in come if line.startswith("**20")]
    assert len(rows) == 1
    links = [part.split("]")[0] for part in rows[0].split("[")[1:]]
    assert links.index("New") == (before if year == "2024" else 0)
    assert import_report(document, entries_of(document)).counts == (4, 4)
    # taking the panel, the row and the link out again gives the old list back
    assert growth.panel in growth.data
    assert growth.manifest is not None
    assert growth.credits is not None
    assert changed(MANIFEST, growth.manifest)[0] in ([], ["    }"])
    assert changed(CREDITS, growth.credits)[0] == []
    rows = json.loads(growth.manifest)["figures"]
    assert [row["title"] for row in rows].index("New: A | new *model*") == before
    assert next(row for row in rows if row["title"].startswith("New"))["index"] == 4
    assert growth.credits.decode().splitlines()[4 + before].startswith(r"| New: A \| new \*model\* |")


def test_the_panel_is_written_in_the_style_of_its_neighbours() -> None:
    data = a_list(3).replace(b"<summary>More</summary>", b"<summary>Read on</summary><br>")
    for n in range(3):
        data = (
            data.replace(
                b"<details>\n<summary>Read on",
                b"<!-- architecture-figure:%d -->\n> none\n<!-- /architecture-figure:%d -->\n\n<details> \n<summary>Read on"
                % (n + 4, n + 4),
                1,
            )
            if n == 0
            else data
        )
    text = add_entry(parse_list(data), draft()).panel.decode()
    assert text.startswith("### **New: A \\| new \\*model\\***\n\nNew sees.\n\n[![arXiv](")
    assert "[![GitHub](https://i/g.svg)](https://github.com/new/new)" in text
    assert "Ann N, Bo M<br>\n**Released:** 2024-11-20\n" in text
    assert "<!-- architecture-figure:5 -->\n" in text
    assert "It &lt;sees&gt; " in text
    assert "<details>\n<summary>Read on</summary>\n\nIt sees.\n\n</details>\n\n" in text
    document = parse_list(add_entry(parse_list(data), draft()).data)
    entry = next(one for one in entries_of(document) if one.name == "New")
    assert (entry.authors, entry.papers, entry.summary) == ("Ann N, Bo M", ("2406.90001",), "New sees.")
    assert entry.figure is not None
    assert (entry.figure.number, entry.figure.page, entry.figure.file) == ("2", 3, "assets/new.png")


def test_a_figure_that_is_not_shown_is_named_and_an_unknown_one_is_said_to_be() -> None:
    data = a_list(2).replace(
        b"<details>\n<summary>More", b"<!-- figure:1 -->\n> x\n<!-- /figure:1 -->\n\n<details>\n<summary>More", 1
    )
    named = add_entry(parse_list(data), draft(figure=EntryFigure(number="3", page=5)), MANIFEST, CREDITS)
    assert b"Figure 3 of the [paper](https://arxiv.org/abs/2406.90001), PDF p. 5; not reproduced here." in named.panel
    (entry,) = [one for one in entries_of(parse_list(named.data)) if one.name == "New"]
    assert "paper" not in [link.label for link in entry.links], "the note's link is no badge"
    assert named.credits == CREDITS
    assert json.loads(named.manifest or b"")["figures"][1]["status"] == "not-extracted"
    unknown = add_entry(parse_list(data), draft(figure=None), MANIFEST)
    assert b"<!-- figure:2 -->\n> **Architecture figure:** No figure" in unknown.panel
    assert b"rchitecture figure" not in add_entry(parse_list(a_list(2)), draft(figure=None)).panel


@pytest.mark.parametrize("again", [draft(), draft(name="Other"), draft(papers=())])
def test_what_is_there_is_not_added_twice(again: Draft) -> None:
    grown = add_entry(parse_list(a_list(3)), draft()).data
    growth = add_entry(parse_list(grown), again, MANIFEST)
    assert growth.data == grown
    assert growth.manifest == MANIFEST
    assert "in the list already" in growth.notes[0]


def test_without_a_date_the_panel_comes_first_and_in_no_year_s_row() -> None:
    before = a_list(3)
    one = add_entry(parse_list(before), draft(None))
    assert one.position == 0
    assert parse_list(one.data).panels[0].title == "New: A | new *model*"
    rows = [line for line in before.decode().splitlines() if line.startswith("**20") and "](#" in line]
    assert rows
    assert set(rows) <= set(one.data.decode().splitlines())


def test_without_an_order_the_panel_goes_behind_the_last() -> None:
    data = a_list(3).replace(b"2024-11-15", b"2025-11-15")
    one = add_entry(parse_list(data), draft())
    assert one.position == 3
    assert [panel.title for panel in parse_list(one.data).panels][-1] == "New: A | new *model*"
    assert order_of(["2024-01-01", "2024-02-01", None, "2024-03-01"]) is False
    assert order_of([None, None, "2024-01-01"]) is None


def test_line_ends_and_a_missing_last_one() -> None:
    data = a_list(2).replace(b"\n", b"\r\n")
    grown = add_entry(parse_list(data), draft()).data
    assert grown.count(b"\n") == grown.count(b"\r\n")
    bare = a_list(2).split(b"## Reading")[0].rstrip()
    grown = add_entry(parse_list(bare), draft("2019-01-01")).data
    assert grown.startswith(bare.split(b"## Index")[0].replace(b"2 models", b"3 models"))
    assert b"</details>\n\n### **New" in grown


def test_contents_bullets_and_a_plain_index_grow_too() -> None:
    badge = "[![arXiv](i)](https://arxiv.org/abs/2401.%05d)"
    panels = "".join(f"### M{n}\n\nWords.\n\n{badge % n}\n\n**Released:** 2024-0{9 - n}-01\n\n" for n in range(3))
    data = (
        "# L\n\n"
        + "".join(f"  - [M{n}](#m{n})\n" for n in range(3))
        + "\n[M0](#m0) · [M1](#m1) · [M2](#m2)\n\n"
        + panels
    ).encode()
    grown = add_entry(parse_list(data), draft("2024-08-15")).data.decode()
    assert "  - [M0](#m0)\n  - [M1](#m1)\n" not in grown
    assert "  - [M0](#m0)\n  - [New](#new-a--new-model)\n  - [M1](#m1)\n" in grown
    assert "[M0](#m0) · [New](#new-a--new-model) · [M1](#m1)" in grown


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.md")))
def test_other_shapes_grow_by_their_own_lines(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    before = parse_list(data)
    growth = add_entry(before, draft("2025-04-01"))
    after = parse_list(growth.data)
    gone, come = changed(data, growth.data)
    assert len(gone) == 1  # the count
    assert len(come) <= 5
    names = [entry.name for entry in entries_of(after)]
    assert len(names) == len(before.units) + 1
    assert "New" in names
    new = entries_of(after)[names.index("New")]
    assert new.papers == ("2406.90001",)
    assert import_report(after, entries_of(after)).counts == (len(names),)


def test_an_empty_list_gets_its_first_item() -> None:
    assert add_entry(parse_list(b""), draft()).data.startswith(b"- [New: A")
    assert add_entry(parse_list(b"# L"), draft()).data.startswith(b"# L\n\n- [New: A")


NASTY = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=30).filter(
    lambda text: text.strip()
)


@settings(deadline=None, max_examples=80)
@given(NASTY, NASTY, st.sampled_from(["javascript:alert(1)", "https://x/](y)", "https://ok.example/<a>", "not a url"]))
def test_hostile_words_stay_inside_their_places(name: str, title: str, url: str) -> None:
    entry = Entry(name=name, title=f"{name}: {title}", papers=("2406.90001",), links=(EntryLink(label="GitHub", url=url),),
                  released=Released(date="2024-11-20", basis="arXiv v1"), figure=EntryFigure(file="a.png", caption=title))  # fmt: skip
    data = a_list(3)
    growth = add_entry(
        parse_list(data), Draft(entry=entry, contribution=title, author_names=(title,)), MANIFEST, CREDITS
    )
    document = parse_list(growth.data)
    assert len(document.panels) == 4
    assert len(document.timeline) == 4
    assert b"javascript:" not in growth.panel.replace(title.encode(), b"").replace(name.encode(), b"")
    assert len([panel for panel in document.panels if panel.title.startswith("M")]) >= 3
    assert len(json.loads(growth.manifest or b"")["figures"]) == 4
    gone, _ = changed(data, growth.data)
    assert len(gone) == 3


# --- side files ------------------------------------------------------------------------------------------------


def test_manifests_of_odd_forms() -> None:
    entry = draft().entry
    assert manifest_with(b"no json", entry, []) is None
    assert manifest_with(b'{"figures": ["x"]}', entry, []) is None
    assert manifest_with(b"\xff", entry, []) is None
    assert manifest_with(b"{}", entry, []) is None
    empty = manifest_with(b'{"figures": []}', entry, [])
    assert empty is not None
    assert [row["index"] for row in json.loads(empty)["figures"]] == [1]
    umlaut = json.dumps({"figures": [{"title": "Ärger", "index": 7}, {"title": "B"}]}, ensure_ascii=False).encode()
    put = manifest_with(umlaut, entry, ["B"])
    assert put is not None
    assert [row["title"] for row in json.loads(put)["figures"]] == ["Ärger", entry.title, "B"]
    assert manifest_with(put, entry, []) == put
    unreadable = add_entry(parse_list(a_list(2)), draft(), b"no json")
    assert unreadable.manifest == b"no json"
    assert "manifest" in unreadable.notes[0]


def test_credits_of_odd_forms() -> None:
    entry = draft().entry
    assert credits_with(b"no table", entry, []) is None
    twice = credits_with(credits_with(CREDITS, entry, []) or b"", entry, [])
    assert twice == credits_with(CREDITS, entry, [])
    licensed = entry.model_copy(update={"figure": EntryFigure(file="x/a.png", licence="CC BY 4.0"), "papers": ()})
    table = b"| Entry | Source | Figure | File | Licence |\n|---|---|---|---|---|"
    assert (
        credits_with(table, licensed, [])
        == table
        + b"\n| New: A \\| new \\*model\\* | primary source | Architecture diagram | [a.png](a.png) | CC BY 4.0 |"
    )


def test_splice_refuses_overlaps() -> None:
    assert splice(b"abcd", [Edit(2, 2, b"X"), Edit(0, 1, b"")]) == b"bXcd"
    with pytest.raises(AssertionError):
        splice(b"abcd", [Edit(0, 3, b""), Edit(2, 4, b"")])


def test_anchors_follow_the_rule_of_the_site() -> None:
    assert anchors_of(["A: b", "A b", "A b", "a b-1"]) == ["a-b", "a-b-1", "a-b-2", "a-b-1-1"]
    assert anchor_of("VILA²: VILA Augmented VILA") == "vila²-vila-augmented-vila"
    assert anchor_of("Nous-Hermes-2-Vision - Mistral 7B") == "nous-hermes-2-vision---mistral-7b"
    assert anchor_of("👁️ Größe_x") == "️-größe_x"


# --- dates -----------------------------------------------------------------------------------------------------


def test_the_rule_of_precedence_explains_itself() -> None:
    official = Released(date="2024-05-02", basis="official release", source="https://example.org/blog")
    paper = Released(date="2024-04-01", basis="arXiv v1")
    report = Released(date="2024-03-01", basis="report")
    listed = Released(date="2024-01-01", basis="list")
    assert choose_release([]) is None
    best = choose_release([paper, listed, official])
    assert best is not None
    assert best.released == official
    assert best.why == (
        "2024-05-02 is the first documented official release (https://example.org/blog); "
        "better founded than 2024-04-01 (arXiv v1), 2024-01-01 (list)."
    )
    assert choose_release([official, listed, paper]) == best
    earlier = choose_release([paper, report])
    assert earlier is not None
    assert (earlier.released, earlier.why) == (
        report,
        "2024-03-01 is the first technical report; earlier than 2024-04-01 (arXiv v1).",
    )


def record(name: str | None, title: str, **paper: object) -> Record:
    fact = Fact(
        field=FieldName.CODE,
        value="https://github.com/a/b",
        confidence=1,
        band="accept",
        evidence=(Evidence(quote="x"),),
    )
    doubt = Fact(field=FieldName.PROJECT, value="https://p.example", confidence=0.2)
    weights = Fact(field=FieldName.WEIGHTS, value="https://huggingface.co/a/b", confidence=1, status="accepted")
    values: dict[str, object] = {
        "id": "2404.00001",
        "arxiv_id": "2404.00001",
        "title": title,
        "published": "2024-04-01",
        **paper,
    }
    return Record(
        paper=RecordPaper.model_validate(values),
        relevance=Relevance(label="model", score=1),
        model=ModelIdentity(name=name, facts=(fact, doubt, weights)),
    )


def test_dates_of_records() -> None:
    family = [record("A", "A"), record("A", "A", published="2024-02-02")]
    first = release_of(family)
    assert first is not None
    assert (first.released.date, first.released.source) == ("2024-02-02", "https://arxiv.org/abs/2404.00001v1")
    month = release_of([record("A", "A", published=None)])
    assert month is not None
    assert month.released.date == "2024-04"
    local = release_of([record("A", "A", arxiv_id=None, id="local:1")])
    assert local is not None
    assert local.released.basis == "report"
    assert release_of([record("A", "A", arxiv_id=None, published=None)]) is None


# --- drafts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "title", "expected"),
    [
        ("Foo", "Foo: A model", "Foo: A model"),
        ("Foo-2", "FOO 2: A model", "Foo-2: A model"),
        ("Foo", "A model that sees", "Foo: A model that sees"),
        ("Foo", "Foo Technical Report", "Foo Technical Report"),
        ("Foo", "", "Foo"),
        (None, "A model", "A model"),
    ],
)
def test_titles_of_panels(name: str | None, title: str, expected: str) -> None:
    assert entry_title(record(name, title)) == expected


def test_a_draft_takes_only_sure_links() -> None:
    made = draft_of(record("Foo", "Foo: A model", authors=("Ann A",)))
    assert [(link.label, link.url) for link in made.entry.links] == [
        ("GitHub", "https://github.com/a/b"), ("HuggingFace", "https://huggingface.co/a/b"),
    ]  # fmt: skip
    assert (made.contribution, made.entry.status, made.author_names) == ("A model", "published", ("Ann A",))


# --- families --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Kite 2.6", "Kite 2.5 and 2.7"),
        ("Owl3.5-VL", "Owl3-VL"),
        ("Owl3-VL-7B-Instruct", "Owl3-VL"),
        ("Bat-1.5", "Bat"),
        ("Owl4-VL", None),
        ("Owl3", None),
        ("Bat 2", None),
        ("Pro-Bat", None),
        ("???", None),
    ],
)
def test_point_releases_are_proposed(name: str, family: str | None) -> None:
    entries = [Entry(name="Kite 2.5 and 2.7"), Entry(name="Owl3-VL", papers=("2401.00001",)), Entry(name="Bat")]
    proposal = propose_family(name, entries)
    assert (proposal.entry if proposal else None) == family
    if proposal:
        assert name in proposal.why
        assert 0 < proposal.score < 1


def test_names_apart() -> None:
    assert version_of("Qwen2.5-VL-7B-Instruct") == (("qwen", "vl"), (2, 5), ("7b", "instruct"))
    assert version_of("Foo v1.5") == (("foo",), (1, 5), ())
    assert members_of("Kimi K2.5 and K2.6") == ["Kimi K2.5", "Kimi K2.6"]
    assert members_of("Foo and Bar") == ["Foo", "Bar"]


def test_a_point_release_folds_into_its_panel() -> None:
    data = a_list(3)
    document = parse_list(data)
    unit = find_family(document, "m1")
    assert unit is not None
    assert find_family(document, "2401.00001") == unit
    assert find_family(document, "nobody") is None
    folded = fold_paper(document, unit, "2406.90001")
    gone, come = changed(data, folded)
    assert (len(gone), len(come)) == (1, 1)
    badge = "[![arXiv](https://img.shields.io/badge/arXiv-2406.90001-b31b1b.svg?style=flat-square)](https://arxiv.org/abs/2406.90001)"
    assert f"(https://arxiv.org/abs/2401.00001) {badge} [![GitHub]" in come[0]
    again = parse_list(folded)
    assert fold_paper(again, again.units[1], "2406.90001") == folded
    assert entries_of(again)[1].papers == ("2401.00001", "2406.90001")
    row = parse_list((FOLDER / "table.md").read_bytes())
    assert b"[arXiv](https://arxiv.org/abs/2406.90001)" in fold_paper(row, row.units[0], "2406.90001")


@pytest.mark.corpus
@pytest.mark.parametrize("day", ["2026-08-01", "2026-07-28", "2025-07-10", "2022-01-01", "2019-01-01"])
def test_upstream_grows_by_its_own_places_only(shared: Path, day: str) -> None:
    upstream = shared / "upstream"
    data, manifest, credit = (
        (upstream / name).read_bytes() for name in ("README-2026-08.md", "manifest.json", "CREDITS.md")
    )
    growth = add_entry(parse_list(data), draft(day), manifest, credit)
    gone, come = changed(data, growth.data)
    allowed = ("**Awesome VLM", "<summary>", f"**{day[:4]}:**")
    assert all(line.startswith(allowed) for line in gone)
    assert len(gone) <= 4
    document = parse_list(growth.data)
    report = import_report(document, entries_of(document, growth.manifest))
    assert (report.entries, report.timeline_rows, report.counts, report.bytes_unaccounted) == (
        156,
        156,
        (156, 156, 156),
        0,
    )
    assert len(changed(manifest, growth.manifest or b"")[0]) <= 1
    assert changed(credit, growth.credits or b"")[0] == []
    dates = [entry.released.date for entry in entries_of(document) if entry.released]
    assert dates == sorted(dates, reverse=True)
    assert len(come) < 45


def test_plain_links_and_linked_headings_are_kept_as_the_style() -> None:
    plain = "".join(
        f"#### M{n}: Title {n}\n*Ann A, Bob B*\n\n[[Paper]](https://arxiv.org/abs/2401.0000{n})\n\n" for n in range(3)
    )
    panel = add_entry(parse_list(f"# L\n\n{plain}".encode()), draft(figure=None)).panel.decode()
    assert "\n[Paper](https://arxiv.org/abs/2406.90001) [Code](https://github.com/new/new)\n" in panel
    assert "[![" not in panel
    linked = "".join(f"### [M{n}: Title {n}](https://arxiv.org/abs/2401.0000{n})\n\nWords.\n\n" for n in range(3))
    panel = add_entry(parse_list(f"# L\n\n{linked}".encode()), draft(figure=None)).panel.decode()
    assert panel.startswith(r"### [New: A \| new \*model\*](https://arxiv.org/abs/2406.90001)")
    assert panel.count("2406.90001") == 1


def test_captions_are_cut_to_a_sentence() -> None:
    assert short_caption("A model of Fig. 2. It sees.") == "A model of Fig. 2."
    assert short_caption("Overview  of\nthings") == "Overview of things"
    long = short_caption("word " * 80)
    assert len(long) <= 203
    assert long.endswith("word …")
    notice = a_list(2).replace(b"## Reading", b"[notice](assets/FIGURE_NOTICE.md)\n\n## Reading")
    panel = add_entry(
        parse_list(notice), draft(figure=EntryFigure(number="1", file="assets/a.png", caption="It sees. More."))
    ).panel
    assert (
        b'It sees. <a href="https://arxiv.org/abs/2406.90001">Source paper</a>. <a href="assets/FIGURE_NOTICE.md">'
        in panel
    )
    assert b"FIGURE_NOTICE" not in add_entry(parse_list(a_list(2)), draft()).panel


# --- out, renamed ----------------------------------------------------------------------------------------------


def there_and_back(data: bytes, one: Draft, manifest: bytes, credit: bytes) -> None:
    grown = add_entry(parse_list(data), one, manifest, credit)
    document = parse_list(grown.data)
    unit = find_family(document, one.entry.name)
    assert unit is not None
    less = remove_entry(document, unit, grown.manifest, grown.credits)
    assert (less.data, less.manifest, less.credits) == (data, manifest, credit)


@pytest.mark.parametrize("day", ["2025-01-01", "2024-12-15", "2024-11-15", "2024-11", "2019-01-01"])
def test_what_came_in_goes_out_again(day: str) -> None:
    there_and_back(a_list(3), draft(day), MANIFEST, CREDITS)
    there_and_back(a_list(3).replace(b"\n", b"\r\n"), draft(day), MANIFEST, CREDITS)


def test_bullets_and_other_shapes_go_out_too() -> None:
    panels = "".join(f"### M{n}\n\nWords.\n\n[![arXiv](i)](https://arxiv.org/abs/2401.0000{n})\n\n" for n in range(3))
    contents = "".join(f"- [M{n}](#m{n})\n" for n in range(3))
    there_and_back(f"# L\n\n{contents}\n{panels}## End\n".encode(), draft(), b"no manifest", b"no credits")
    for path in sorted(FOLDER.glob("*.md")):
        data = path.read_bytes()
        document = parse_list(add_entry(parse_list(data), draft("2025-04-01")).data)
        unit = find_family(document, "2406.90001")
        assert unit is not None
        assert remove_entry(document, unit).data.replace(b"\n\n\n", b"\n\n") == data.replace(b"\n\n\n", b"\n\n")


@pytest.mark.corpus
@pytest.mark.parametrize("day", ["2026-08-01", "2025-07-10", "2027-01-01", "2019-01-01"])
def test_upstream_there_and_back(shared: Path, day: str) -> None:
    files = [(shared / "upstream" / name).read_bytes() for name in ("README-2026-08.md", "manifest.json", "CREDITS.md")]
    there_and_back(files[0], draft(day), files[1], files[2])


def test_a_new_name_is_followed_everywhere() -> None:
    grown = add_entry(parse_list(a_list(3)), draft(), MANIFEST, CREDITS)
    document = parse_list(grown.data)
    unit = find_family(document, "New")
    assert unit is not None
    edits = follow_edits(document, unit, "Newer: A model", ("2024-11-20", "2024-11-21"))
    renamed = splice(grown.data, edits).decode()
    assert "[Newer](#newer-a-model)" in renamed
    assert "| 2024-11-21 | Newer | seeing |" in renamed
    assert follow_edits(document, unit, unit.title) == []
    manifest, credit = retitled_files(grown.manifest, grown.credits, unit.title, "Newer: A model")
    assert "Newer: A model" in [row["title"] for row in json.loads(manifest or b"")["figures"]]
    assert b"| Newer: A model |" in (credit or b"")
    assert retitled_files(None, None, "a", "b") == (None, None)
    assert retitled_files(MANIFEST, CREDITS, "nobody", "b") == (MANIFEST, CREDITS)


def test_a_table_in_columns_stays_in_columns() -> None:
    rows = [
        "| Name    | Paper                                     | Code |",
        "| ------- | ----------------------------------------- | ---- |",
        "| Foo     | [Paper](https://arxiv.org/abs/2401.00001) | -    |",
        "| Long VL | [Paper](https://arxiv.org/abs/2401.00002) | -    |",
    ]
    grown = add_entry(
        parse_list("\n".join(["# L", "", *rows, ""]).encode()), draft(title="New", links=())
    ).data.decode()
    assert grown.splitlines()[-1] == "| New     | [Paper](https://arxiv.org/abs/2406.90001) | -    |"
    assert (
        "| New | [Paper]"
        in add_entry(parse_list("\n".join(["# L", "", *rows[:3], ""]).encode()), draft(title="New")).data.decode()
    )
