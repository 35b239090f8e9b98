"""Sources by setting, several in one night, and what several sources say of one paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest import jobs
from vlmingest.errors import SettingError
from vlmingest.records import PaperMetadata, merged
from vlmingest.replica import Replica
from vlmingest.report import report_text
from vlmingest.resources import package_folder
from vlmingest.settings import load_settings
from vlmingest.sources import categories_of, nightly_sources
from vlmingest.workshop import Workshop

SAMPLE = package_folder("sample")


def settings_of(folder: Path, server: Replica, sources: str):
    return load_settings(
        environ={
            "VLMINGEST_DB": str(folder / "c.db"),
            "VLMINGEST_ARXIV_API_URL": f"{server.base_url}/api/query",
            "VLMINGEST_ARXIV_OAI_URL": f"{server.base_url}/oai",
            "VLMINGEST_ARXIV_FEED_URL": f"{server.base_url}/atom",
            "VLMINGEST_ARXIV_CONTENT_URL": server.base_url,
            "VLMINGEST_MIN_INTERVAL_S": "0.01",
            "VLMINGEST_SOURCES": sources,
        },
        folder=folder,
    )


@pytest.mark.parametrize("sources", ["", "feed", "api,rss"])
def test_a_setting_that_names_no_source_is_refused(tmp_path: Path, sources: str) -> None:
    settings = load_settings(
        environ={"VLMINGEST_DB": str(tmp_path / "c.db")}, folder=tmp_path, overrides={"sources": sources}
    )
    with Workshop.open(settings) as shop, pytest.raises(SettingError, match="VLMINGEST_SOURCES"):
        nightly_sources(shop)


def test_a_night_over_three_sources_finds_every_paper_once(tmp_path: Path) -> None:
    with (
        Replica(SAMPLE, tonight=date(2025, 6, 6)) as server,
        Workshop.open(settings_of(tmp_path, server, "oai, api,feed")) as shop,
    ):
        sources = nightly_sources(shop)
        assert [source.name for source in sources] == ["arxiv-oai", "arxiv-api", "arxiv-feed"]
        first = jobs.nightly(shop, sources, None, date(2025, 6, 6), max_papers=0)
        assert first.new_papers
        assert len(set(first.new_papers)) == len(first.new_papers)
        assert {name: shop.store.watermark(name) for name in ("arxiv-api", "arxiv-oai")} == dict.fromkeys(
            ("arxiv-api", "arxiv-oai"), "2025-06-06"
        )
        again = jobs.nightly(shop, sources, None, date(2025, 6, 6), max_papers=0)
        assert (again.new_papers, again.new_versions, again.withdrawn) == ([], [], [])
        assert again.counts["discover"].skipped == {
            "known": again.counts["discover"].entered
        }  # nobody overwrote another


def test_one_source_down_does_not_stop_the_others(tmp_path: Path) -> None:
    with Replica(SAMPLE, tonight=date(2025, 6, 6), faults="500:path=/oai") as server:
        settings = settings_of(tmp_path, server, "oai,api")
        with Workshop.open(settings) as shop:
            report = jobs.nightly(shop, nightly_sources(shop), None, date(2025, 6, 6), max_papers=0)
            assert report.new_papers
            assert report.status == "degraded"
            assert any(note.startswith("arxiv-oai:") for note in report.notes)
            assert shop.store.watermark("arxiv-oai") is None
            assert shop.store.watermark("arxiv-api") == "2025-06-06"


@pytest.mark.parametrize(
    ("query", "categories"),
    [
        ("cat:cs.CV AND (cat:cs.CL OR all:vision) OR cat:cs.CV", ["cs.CV", "cs.CL"]),
        ("cat:hep-th", ["hep-th"]),
        ("all:speech", ["cs.CV", "cs.CL", "cs.AI", "cs.LG", "cs.RO", "cs.MM"]),
    ],
)
def test_categories_of_a_query(query: str, categories: list[str]) -> None:
    assert categories_of(query) == categories


TEXTS = st.sampled_from(["", "a", "b"])
SOURCES = st.sampled_from(["arxiv-api", "arxiv-oai", "arxiv-feed", "file"])
PAPERS = st.builds(
    PaperMetadata, id=st.just("2506.00001"), version=st.integers(1, 3), title=TEXTS, licence=TEXTS,
    source=SOURCES, published=st.sampled_from([None, "2025-06-01"]), withdrawn=st.booleans(),
)  # fmt: skip


@given(PAPERS, PAPERS)
def test_merging_is_stable_and_loses_no_field(known: PaperMetadata, fresh: PaperMetadata) -> None:
    both = merged(known, fresh)
    assert merged(both, fresh) == both  # told again, nothing changes
    assert both.version == max(known.version, fresh.version)
    if known.version == fresh.version:
        for name in ("title", "licence", "published", "withdrawn"):
            assert bool(getattr(both, name)) == bool(getattr(known, name) or getattr(fresh, name))
    assert both.published or not (known.published or fresh.published)


def test_arxiv_wins_over_a_files_first_page_and_sources_do_not_take_turns() -> None:
    page = PaperMetadata(id="2506.00001", title="TITLE IN CAPITALS", source="file")
    api = PaperMetadata(id="2506.00001", title="Title", authors=("Bé",), source="arxiv-api")
    oai = PaperMetadata(id="2506.00001", title="Title", authors=("B\\'e",), licence="by", source="arxiv-oai")
    assert merged(page, api).title == "Title"
    assert merged(api, page) == api
    both = merged(api, oai)
    assert (both.authors, both.licence, both.source) == (("Bé",), "by", "arxiv-api")
    assert merged(both, api) == both


class Listing:
    """A source that lists what it was given."""

    name = "arxiv-api"

    def __init__(self, papers: list[PaperMetadata]) -> None:
        self._papers = papers

    def papers(self, since: date, until: date):
        del since, until
        return iter(self._papers)


def test_a_stale_listing_is_noted_and_keeps_the_watermark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vlmingest.discover import calendar

    today = datetime.now(UTC).date()
    monkeypatch.setattr(
        calendar, "holidays", lambda: frozenset({date(today.year, 12, 25), date(today.year - 1, 12, 25)})
    )
    old = (today - timedelta(days=9)).isoformat()
    papers = [PaperMetadata(id=f"2506.{n:05}", published=old, updated=old, source="arxiv-api") for n in range(60)]
    settings = load_settings(environ={"VLMINGEST_DB": str(tmp_path / "c.db")}, folder=tmp_path)
    with Workshop.open(settings) as shop:
        report = jobs.nightly(shop, [Listing(papers)], None, today, max_papers=0)
        assert any("what the source shows is old" in note for note in report.notes)
        assert report.status == "degraded"
        assert shop.store.watermark("arxiv-api") is None


def test_a_quiet_night_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vlmingest.discover import freshness

    monkeypatch.setattr(freshness, "freshness", lambda *_: freshness.Freshness("quiet", "arXiv has announced nothing"))
    settings = load_settings(environ={"VLMINGEST_DB": str(tmp_path / "c.db")}, folder=tmp_path)
    with Workshop.open(settings) as shop:
        report = jobs.nightly(shop, [Listing([])], None, datetime.now(UTC).date())
    assert report.status == "done"
    assert "nothing is new: arXiv has announced nothing" in report_text(report, "c.db")
