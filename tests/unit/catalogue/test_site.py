"""The static site: every file whole, escaped, self-contained and the same each time."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.many import many_records
from vlmingest.catalogue import build_site, export_bibtex, export_markdown
from vlmingest.catalogue.figures import FigureFile
from vlmingest.catalogue.site import series, svg
from vlmingest.catalogue.site.markup import Html, element, join
from vlmingest.catalogue.site.panels import panels_of, size_b
from vlmingest.records import (
    Architecture,
    Entry,
    EntryLink,
    Evidence,
    ModelIdentity,
    Record,
    RecordPaper,
    Released,
    Relevance,
    VisionEncoder,
)

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e'
VOID = {"meta", "link", "input", "img", "br"}


def record(paper_id: str = "2401.00001", name: str = "Foo", label: str = "model", text: str = "CLIP") -> Record:
    proof = Evidence(quote=f"we use {text}", page=3, section=text, reader="rule:x.v1")
    return Record(
        paper=RecordPaper(
            id=paper_id, arxiv_id=paper_id, title=f"{name}: {text}", authors=(text,), published="2024-01-01"
        ),
        relevance=Relevance.model_validate({"label": label, "score": 0.9}),
        model=ModelIdentity(name=name, sizes=("7B",)),
        architecture=Architecture(vision_encoders=(VisionEncoder(name=text, evidence=(proof,), confidence=0.5),)),
    )


class Checker(HTMLParser):
    """Tags must nest; collects scripts, attributes and links."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.targets: list[str] = []
        self.ids: list[str] = []
        self.inline_scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.attributes |= {name for name, _ in attrs}
        given = dict(attrs)
        self.targets += [given[name] or "" for name in ("src", "href") if name in given]
        self.ids += [given["id"] or ""] if "id" in given else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.inline_scripts += bool(self.open and self.open[-1] in ("script", "style") and data.strip())


def checked(text: bytes) -> Checker:
    page = Checker()
    page.feed(text.decode())
    assert page.open == []
    assert page.inline_scripts == 0
    assert len(page.ids) == len(set(page.ids))
    assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
    return page


def test_hostile_text_stays_text_in_every_file() -> None:
    entry = Entry(
        name=EVIL, title=EVIL, summary=EVIL, authors=EVIL, links=(EntryLink(label=EVIL, url="javascript:alert(1)"),)
    )
    files = build_site([record(text=EVIL, name=EVIL)], [entry])
    for name, data in files.items():
        if name.endswith(".html"):
            page = checked(data)
            assert "onerror" not in page.attributes
            assert not [target for target in page.targets if target.startswith("javascript")]
            assert "\u202e" not in data.decode()
        if name in ("assets/data.js", "assets/compare-data.js"):
            assert b"<" not in data


words = st.text(max_size=30)
dates = st.one_of(
    st.none(), words, st.sampled_from(["2024-02-31", "2024-13-01", "0000-00-00", "2023-05", "2023-05-05"])
)


@settings(deadline=None, max_examples=60)
@given(
    name=words, text=words, day=dates, sizes=st.lists(words | st.sampled_from(["7B", "0B", "9" * 30 + "T"]), max_size=3)
)
def test_any_text_makes_a_site_of_whole_pages(name: str, text: str, day: str | None, sizes: list[str]) -> None:
    one = record(name=name, text=text)
    one = one.model_copy(
        update={
            "paper": one.paper.model_copy(update={"published": day}),
            "model": ModelIdentity(name=name, sizes=tuple(sizes)),
        }
    )
    entry = Entry(name=name, title=text, summary=text, authors=name, links=(EntryLink(label=text, url=text),))
    for path, data in build_site([one], [entry]).items():
        assert re.fullmatch(r"[A-Za-z0-9_./-]+", path)
        if path.endswith(".html"):
            checked(data)


def test_every_link_of_the_site_leads_to_a_file_of_it_and_nothing_is_fetched_from_elsewhere() -> None:
    files = build_site(many_records(400))
    for name, data in files.items():
        if not name.endswith(".html"):
            continue
        folder = "models/" if name.startswith("models/") else ""
        for target in checked(data).targets:
            if target.startswith(("https://", "#")):
                continue
            path = (
                target.split("#")[0].removeprefix("../") if target.startswith("../") else folder + target.split("#")[0]
            )
            assert path in files, (name, target)
        assert not re.search(rb'(?:<script|<img|<link rel="stylesheet")[^>]*(?:src|href)="(?:https?:)?//', data)
        assert b"default-src &#x27;none&#x27;" in data


def test_plain_pages_hold_every_model_once() -> None:
    records = many_records(400)
    files = build_site(records)
    fronts = [name for name in files if name.startswith("index")]
    assert sorted(fronts) == ["index-2.html", "index-3.html", "index.html"]
    rows = [target for name in fronts for target in checked(files[name]).targets if target.startswith("models/")]
    assert len(rows) == len(set(rows)) == 400
    assert len(files["index.html"]) < 100_000


def test_the_same_records_in_any_order_give_the_same_bytes() -> None:
    records = many_records(40)
    assert build_site(records) == build_site(records[::-1])


def test_a_model_page_shows_evidence_page_and_band() -> None:
    text = build_site([record()])["models/2401.00001.html"].decode()
    assert "<blockquote><p>we use CLIP</p>" in text
    assert "https://arxiv.org/pdf/2401.00001v1#page=3" in text
    assert "proposed, waits for review · 50%" in text
    assert "rule:x.v1" in text


def test_entries_join_their_papers_and_keep_their_own_date() -> None:
    entries = [
        Entry(name="Family", papers=("2401.00001v2", "2402.00002"), released=Released(date="2023-12-31", basis="list"),
              summary="Joins two.", links=(EntryLink(label="GitHub", url="https://github.com/a/b"),)),
        Entry(name="No paper"),
        Entry(name="No  Paper!"),
    ]  # fmt: skip
    records = [
        record("2401.00001"),
        record("2402.00002", "Bar"),
        record("2403.00003", "Baz"),
        record("2404.00004", label="no"),
    ]
    panels = panels_of(records, entries)
    assert [(panel.name, panel.stem, panel.date) for panel in panels] == [
        ("Baz", "2403.00003", "2024-01-01"),
        ("Family", "2401.00001", "2023-12-31"),
        ("No  Paper!", "no-paper-2", ""),
        ("No paper", "no-paper", ""),
    ]
    files = build_site(records, entries)
    page = files["models/2401.00001.html"].decode()
    assert all(text in page for text in ("Joins two.", "Foo: CLIP", "Bar: CLIP", "https://github.com/a/b", "(list)"))
    assert "No paper of this entry was read yet" in files["models/no-paper.html"].decode()
    assert "No date" in files["timeline.html"].decode()


def test_links_that_lead_to_the_same_are_shown_once() -> None:
    urls = ("https://arxiv.org/pdf/2401.00001v3.pdf", "http://github.com/A/b/", "https://github.com/a/B.git")
    entry = Entry(name="Foo", papers=("2401.00001",), links=tuple(EntryLink(label=url[-3:], url=url) for url in urls))
    page = build_site([record()], [entry])["models/2401.00001.html"].decode()
    assert page.count('rel="noopener" title="') == 2


def test_a_figure_is_shown_with_credit_and_notice() -> None:
    figure = FigureFile("foo.png", b"png", 100, 50, "Figure 2: it", "From the paper.", "CC BY 4.0")
    files = build_site([record()], figures={"2401.00001": figure})
    assert files["figures/foo.png"] == b"png"
    page = files["models/2401.00001.html"].decode()
    assert 'width="100" height="50"' in page
    assert "From the paper." in page
    assert "CC BY 4.0" in page


def test_withdrawn_papers_are_marked_and_left_out_of_the_charts() -> None:
    gone = record()
    gone = gone.model_copy(
        update={"paper": gone.paper.model_copy(update={"withdrawn": True, "withdrawn_reason": "an error"})}
    )
    files = build_site([gone])
    assert b"an error" in files["models/2401.00001.html"]
    assert b'<span class="flag">withdrawn</span>' in files["index.html"]
    assert b"<rect" not in files["charts.html"]


def test_every_chart_has_a_table_that_says_the_same() -> None:
    text = build_site(many_records(120))["charts.html"].decode()
    assert (
        text.count("<svg") - text.count('class="swatch"')
        == text.count("<figure")
        == text.count("As a table</summary>")
        == 6
    )
    standing = [one for one in many_records(120) if not one.paper.withdrawn]
    counts = series.month_counts(panels_of(standing, ()))
    assert sum(count for _, count in counts) == len(standing)
    for month, count in counts:
        assert f'<th scope="row">{month}</th><td>{count}</td>' in text


def test_an_empty_catalogue_is_a_site_too() -> None:
    files = build_site([])
    assert files["charts.html"].count(b"Nothing to draw yet") == 6
    for name in ("index.html", "compare.html", "timeline.html"):
        checked(files[name])


@pytest.mark.parametrize(
    ("text", "size"),
    [("7B", 7), ("400M", 0.4), ("1.5 T", 1500), ("8x7B", 56), ("30k", 0.00003), ("big", None), ("7 BC", None)],
)
def test_sizes(text: str, size: float | None) -> None:
    assert size_b(text) == (None if size is None else pytest.approx(size))


@pytest.mark.parametrize(
    ("top", "ticks"),
    [(1, [0, 1]), (3, [0, 1, 2, 3]), (7, [0, 2, 4, 6, 8]), (33, [0, 10, 20, 30, 40]), (100, [0, 20, 40, 60, 80, 100])],
)
def test_ticks(top: int, ticks: list[int]) -> None:
    assert svg.nice_ticks(top) == ticks


@pytest.mark.parametrize(("months", "period"), [(1, "2024-08"), (3, "2024 Q3"), (6, "2024 H2"), (12, "2024")])
def test_periods(months: int, period: str) -> None:
    assert series.period_of("2024-08-09", months) == period


def test_shares_sum_to_one_and_the_rest_is_other() -> None:
    data = series.shares(panels_of(many_records(200), ()), lambda panel: panel.language_families)
    assert data.groups[-1] == "other"
    assert len(data.groups) == 8
    for place in range(len(data.periods)):
        assert sum(data.share(place, number) for number in range(8)) == pytest.approx(1)


def test_size_chart_survives_one_point_and_far_days() -> None:
    chart = svg.size_points("x", "x", [("0999-12-31", 7.0, "Foo"), ("2024-03-01", 0.4, "Bar")])
    assert "Bar, 400M, 2024-03-01" in chart
    assert svg.size_points("x", "x", [("2024-02-01", 1500.0, "Foo")]).count("<circle") == 1


def test_elements_escape_text_and_refuse_scripts_in_attributes() -> None:
    assert (
        element("p", "a < b", Html("<b>"), None, class_="x", hidden=True, title=None)
        == '<p class="x" hidden>a &lt; b<b></p>'
    )
    assert join("a ", Html("<i>")) == "a <i>"
    for attribute in ("onclick", "style"):
        with pytest.raises(ValueError, match="not allowed"):
            element("p", **{attribute: "x"})


def test_data_files_are_json_inside() -> None:
    files = build_site(many_records(5))
    for name, key in (("assets/data.js", "catalogue"), ("assets/compare-data.js", "comparison")):
        text = files[name].decode().removesuffix("});\n")
        value = json.loads(text[text.index(f"{{{key}:") + len(key) + 2 :])
        assert len(value["rows"]) == 5


def test_weights_and_html_evidence_have_no_page_links() -> None:
    local = record("local:ab")
    proof = Evidence(quote="we use x", page=None, source="html", reader="rule:x.v1")
    there = Evidence(quote="we use y", page=2, source="pdf", reader="rule:x.v1")
    encoders = (
        VisionEncoder(name="x", evidence=(proof,), status="accepted"),
        VisionEncoder(name="y", evidence=(there,), band="accept", confidence=0.9),
        *(VisionEncoder(name=f"z{number}") for number in range(3)),
    )
    shown = local.model_copy(
        update={
            "architecture": Architecture(vision_encoders=encoders),
            "paper": local.paper.model_copy(update={"arxiv_id": None}),
        }
    )
    page = build_site([shown])["models/local-ab.html"].decode()
    assert "arxiv.org/pdf" not in page
    assert "page 2" in page
    assert "and 2 more" in page
    assert "accepted by a reviewer" in page
    assert "proposed, high confidence · 90%" in page


def test_a_wrong_date_makes_no_endless_chart() -> None:
    old = record()
    old = old.model_copy(update={"paper": old.paper.model_copy(update={"id": "x", "published": "0999-05-05"})})
    panels = panels_of([old, record()], ())
    counts = series.month_counts(panels)
    assert (len(counts), counts[-1]) == (series.MONTHS, ("2024-01", 1))
    assert svg.size_points("x", "x", [(p.date, 7.0, p.name) for p in panels[::-1]]).count("<text") < 15


def test_month_labels_keep_their_distance() -> None:
    months = [(f"{2020 + n // 12}-{n % 12 + 1:02}", n % 3) for n in range(10, 80)]
    chart = svg.month_bars("m", "m", months)
    assert all(f">{year}</text>" in chart for year in range(2021, 2027))
    assert ">2020</text>" not in chart
    assert ">2020-11</text>" in svg.month_bars("m", "m", months[:4])


def test_a_paper_whose_day_nobody_told_stands_in_the_month_of_its_id() -> None:
    one = record()
    one = one.model_copy(update={"paper": one.paper.model_copy(update={"arxiv_id": "2312.14238", "published": None})})
    files = build_site([one])
    assert b'datetime="2023-12"' in files["timeline.html"]
    assert b"<h3>December</h3>" in files["timeline.html"]
    assert "## 2023\n" in export_markdown([one])["README.md"]
    assert b"year = {2023}" in export_bibtex([one])
