"""The API source against the replica, and against arXiv's recorded answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from vlmingest.discover import ArxivApiSource
from vlmingest.discover.atom import read_page
from vlmingest.errors import ArxivQueryError, BadResponseError, SourceContradictionError
from vlmingest.fetch import HttpClient
from vlmingest.ids import ArxivId
from vlmingest.replica import FaultPlan, Replica


def paper(number: int, submitted: str, announced: str, **extra: Any) -> dict[str, Any]:
    versions = [{"version": 1, "submitted": f"{submitted}T10:00:00Z", "announced": announced}, *extra.pop("more", [])]
    row = {
        "id": f"2506.{number:05}", "title": f"Paper {number}\n  with $x^2$", "authors": ["A. Author", "Bé Autre"],
        "abstract": "First line\nsecond line.", "categories": ["cs.CV", "cs.CL"], "comment": "9 pages",
        "versions": versions,
    }  # fmt: skip
    return row | extra


PAPERS = [
    *(paper(number, f"2025-06-{1 + number // 5:02}", f"2025-06-{2 + number // 5:02}") for number in range(23)),
    paper(
        100, "2025-05-01", "2025-05-02",
        more=[{"version": 2, "submitted": "2025-06-04T10:00:00Z", "announced": "2025-06-05", "withdrawn": True,
               "comment": "This paper has been withdrawn by the authors"}],
    ),
    paper(101, "2025-05-20", "2025-05-21", categories=["cs.RO"]),
]  # fmt: skip


@pytest.fixture
def replica(tmp_path: Path) -> Any:
    folder = tmp_path / "corpus"
    folder.mkdir()
    folder.joinpath("papers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in PAPERS), encoding="utf-8")
    with Replica(folder) as server:
        yield server


def source_of(replica: Replica, tmp_path: Path, page_size: int = 10) -> ArxivApiSource:
    client = HttpClient(interval_for=lambda _: 0.0, state_dir=tmp_path / "state", retries=2)
    return ArxivApiSource(client, replica.base_url + "/api/query", query="cat:cs.CV", page_size=page_size)


def test_a_window_to_the_present_holds_new_papers_and_new_versions(replica: Replica, tmp_path: Path) -> None:
    papers = list(source_of(replica, tmp_path).papers(date(2025, 6, 2), date(2025, 6, 5)))
    ids = {item.id for item in papers}
    assert ids == {f"2506.{number:05}" for number in range(5, 23)} | {"2506.00100"}
    gone = next(item for item in papers if item.id == "2506.00100")
    assert (gone.version, gone.withdrawn, gone.published, gone.updated) == (2, True, "2025-05-01", "2025-06-04")
    assert gone.withdrawn_reason == "This paper has been withdrawn by the authors"
    first = next(item for item in papers if item.id == "2506.00005")
    assert first.title == "Paper 5 with $x^2$"
    assert first.abstract == "First line second line."
    assert first.categories == ("cs.CV", "cs.CL")
    assert first.authors == ("A. Author", "Bé Autre")
    assert all("cat%3Acs.CV" in entry.path for entry in replica.log)


def test_tonight_hides_what_is_not_announced(replica: Replica, tmp_path: Path) -> None:
    replica.tonight = date(2025, 6, 2)
    papers = list(source_of(replica, tmp_path).papers(date(2025, 6, 1), date(2025, 6, 2)))
    assert [item.id for item in papers] == [f"2506.{number:05}" for number in range(4, -1, -1)]
    replica.tonight = date(2025, 5, 2)
    assert list(source_of(replica, tmp_path).papers(date(2025, 6, 1), date(2025, 6, 2))) == []


def test_a_window_of_the_past_is_asked_by_submission(replica: Replica, tmp_path: Path) -> None:
    papers = list(source_of(replica, tmp_path, page_size=4).papers(date(2025, 6, 1), date(2025, 6, 1)))
    assert {item.id for item in papers} == {f"2506.{number:05}" for number in range(5)}
    assert "submittedDate%3A%5B202506010000" in replica.log[-1].path


def test_short_pages_lose_nothing(replica: Replica, tmp_path: Path) -> None:
    replica.faults = FaultPlan.parse("short-page")
    papers = list(source_of(replica, tmp_path).papers(date(2025, 6, 1), date(2025, 6, 30)))
    assert len({item.id for item in papers}) == len(papers) == 24


@pytest.mark.parametrize("fault", ["empty-page", "empty-page:after=1"])
def test_an_empty_page_amid_a_result_is_a_fault(replica: Replica, tmp_path: Path, fault: str) -> None:
    replica.faults = FaultPlan.parse(fault)
    with pytest.raises(SourceContradictionError):
        list(source_of(replica, tmp_path).papers(date(2025, 6, 1), date(2025, 6, 30)))


def test_an_empty_page_that_passes_is_asked_again(replica: Replica, tmp_path: Path) -> None:
    replica.faults = FaultPlan.parse("empty-page:nth=2")
    assert len(list(source_of(replica, tmp_path).papers(date(2025, 6, 1), date(2025, 6, 30)))) == 24


def test_refused_queries_and_cut_pages(replica: Replica, tmp_path: Path) -> None:
    source = source_of(replica, tmp_path)
    with pytest.raises(ArxivQueryError):
        list(source.search("cat:cs.CV AND (", date(2025, 6, 1), date(2025, 6, 2)))
    replica.faults = FaultPlan.parse("error-entry")
    with pytest.raises(ArxivQueryError, match="incorrect id format"):
        list(source.papers(date(2025, 6, 1), date(2025, 6, 2)))
    replica.faults = FaultPlan.parse("cut:path=/api")
    with pytest.raises(BadResponseError, match="well-formed"):
        list(source.papers(date(2025, 6, 1), date(2025, 6, 2)))


def test_by_ids_tells_what_is_missing(replica: Replica, tmp_path: Path) -> None:
    ids = [ArxivId("2506.00100"), ArxivId("2506.00100", 1), ArxivId("2506.00001", 7), ArxivId("1706.03762")]
    found, missing = source_of(replica, tmp_path).by_ids(ids)
    assert [(item.id, item.version) for item in found] == [("2506.00100", 2), ("2506.00100", 1)]
    assert missing == ids[2:]
    assert source_of(replica, tmp_path).by_ids([]) == ([], [])


# --- recorded answers ------------------------------------------------------------------------------------------


@dataclass
class Recorded:
    """A client that answers from arXiv's recorded pages."""

    pages: list[dict[str, Any]]

    def get(self, url: str, **_: Any) -> Any:
        page = self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]
        return Answer(page["status_code"], page["body"].encode(), {}, url)


@dataclass
class Answer:
    status: int
    content: bytes
    headers: Mapping[str, str]
    url: str


def recorded(shared: Path, *names: str) -> ArxivApiSource:
    folder = shared / "arxiv" / "samples" / "atom_api"
    pages = [json.loads(next(folder.glob(name + "_*.json")).read_text(encoding="utf-8")) for name in names]
    return ArxivApiSource(Recorded(pages), "http://127.0.0.1/api/query", page_size=10)  # type: ignore[arg-type]


@pytest.mark.corpus
def test_every_recorded_page_parses(shared: Path) -> None:
    files = sorted((shared / "arxiv" / "samples" / "atom_api").glob("*.json"))
    assert files
    for file in files:
        body = json.loads(file.read_text(encoding="utf-8"))["body"].encode()
        page = read_page(body)
        assert (page.error != "") == file.name.startswith("id_abc")
        assert page.error or page.entries == page.usable


@pytest.mark.corpus
def test_recorded_ids(shared: Path) -> None:
    found, missing = recorded(shared, "id_0808.05394_1707.08567_s0_m100").by_ids(
        [ArxivId("0808.0539"), ArxivId("1707.08567")]
    )
    assert [item.id for item in found] == ["1707.08567"]
    assert missing == [ArxivId("0808.0539")]
    assert recorded(shared, "id_0000.0000_s0_m100").by_ids([ArxivId("0704.0001")]).found == []
    assert recorded(shared, "id_abc_s0_m100").by_ids([ArxivId("0704.0001")]).missing == [ArxivId("0704.0001")]
    zero = recorded(shared, "id_2104.12255v1_s0_m100").by_ids([ArxivId("2104.12255", 1)]).found
    assert [item.title for item in zero] == ["0"]
    old = recorded(shared, "id_astro-ph_0601001_s0_m100").by_ids([ArxivId("astro-ph/0601001")]).found
    assert old[0].authors[0] == "Andrew Gould"


@pytest.mark.corpus
def test_recorded_pages_in_a_row(shared: Path) -> None:
    names = [f"q_testing_s{start}_m10" for start in range(0, 60, 10)]
    papers = list(recorded(shared, *names).search("all:testing", max_results=60))
    assert len({item.id for item in papers}) == 60
    assert papers[0].id == "2202.12139"
    assert papers[0].doi == "10.1109/ICSTW55395.2022.00035"
    with pytest.raises(ArxivQueryError, match="incorrect id format for abc"):
        list(recorded(shared, "id_abc_s0_m100").search("x"))
