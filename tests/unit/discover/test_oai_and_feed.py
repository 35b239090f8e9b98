"""OAI-PMH and the feed of the day: against the replica, against arXiv's recorded answers, and where they are at odds."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from vlmingest.discover import FeedSource, OaiSource
from vlmingest.discover.feed import expected_announcement, read_feed
from vlmingest.discover.oai_pages import authors_of, read_oai_page
from vlmingest.errors import ArxivQueryError, BadResponseError, SourceContradictionError
from vlmingest.fetch import HttpClient
from vlmingest.records import PaperMetadata
from vlmingest.replica import Replica


def paper(number: int, announced: str, **extra: Any) -> dict[str, Any]:
    return {
        "id": f"2506.{number:05}", "title": f"Paper {number} & more", "authors": ["A. Author", "Bé Autre"],
        "abstract": "First line\nsecond <line>.", "categories": ["cs.CV", "cs.CL"], "comment": "9 pages",
        "licence": "http://creativecommons.org/licenses/by/4.0/",
        "versions": [{"version": 1, "submitted": "2025-06-01T10:00:00Z", "announced": announced}],
    } | extra  # fmt: skip


PAPERS = [
    *(paper(number, "2025-06-03") for number in range(7)),
    *(paper(number, "2025-06-04") for number in range(7, 13)),
    paper(20, "2025-06-04", categories=["cs.SE"]),
    paper(
        30, "2025-05-02",
        versions=[
            {"version": 1, "submitted": "2025-05-01T10:00:00Z", "announced": "2025-05-02"},
            {"version": 2, "submitted": "2025-06-03T10:00:00Z", "announced": "2025-06-04", "withdrawn": True,
             "comment": "an error was found in section 3"},
        ],
    ),
    paper(40, "2025-06-04", categories=["math.CO"]),
]  # fmt: skip


@pytest.fixture
def replica(tmp_path: Path) -> Iterator[Replica]:
    folder = tmp_path / "corpus"
    folder.mkdir()
    folder.joinpath("papers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in PAPERS), encoding="utf-8")
    with Replica(folder, tonight=date(2025, 6, 4)) as server:
        yield server


@pytest.fixture
def client(tmp_path: Path) -> Iterator[HttpClient]:
    with HttpClient(interval_for=lambda _: 0.0, state_dir=tmp_path / "state", retries=1) as found:
        yield found


def test_oai_lists_every_page_with_licences_and_withdrawals(replica: Replica, client: HttpClient) -> None:
    source = OaiSource(client, replica.base_url + "/oai", categories=["cs.CV"])
    papers = {item.id: item for item in source.papers(date(2025, 6, 3), date(2025, 6, 5))}
    assert set(papers) == {f"2506.{number:05}" for number in (*range(13), 30)}
    first = papers["2506.00000"]
    assert first.licence.endswith("/by/4.0/")
    assert (first.title, first.abstract) == ("Paper 0 & more", "First line second <line>.")
    assert (first.published, first.source) == ("2025-06-01", "arxiv-oai")
    gone = papers["2506.00030"]
    assert gone.withdrawn  # by source type and size: the comment's words do not say so
    assert gone.withdrawn_reason == "an error was found in section 3"
    assert (gone.version, gone.published, gone.updated) == (2, "2025-05-01", "2025-06-03")


def test_oai_takes_a_whole_set_without_categories_and_minds_the_window(replica: Replica, client: HttpClient) -> None:
    source = OaiSource(client, replica.base_url + "/oai")
    ids = [item.id for item in source.papers(date(2025, 6, 4), date(2025, 6, 4))]
    assert "2506.00020" in ids
    assert "2506.00040" not in ids  # another set
    assert "2506.00000" not in ids  # not changed since
    assert next(iter(source.papers(date(2025, 6, 4), date(2025, 5, 31)))).id == "2506.00030"
    assert list(source.papers(date(2025, 7, 4), date(2025, 7, 5))) == []  # noRecordsMatch is a quiet window


@pytest.mark.parametrize("night", [date(2025, 6, 3), date(2025, 6, 4)])
def test_the_feed_shows_one_announcement(replica: Replica, client: HttpClient, night: date) -> None:
    replica.tonight = night
    now = datetime(night.year, night.month, night.day, 12, tzinfo=UTC)
    source = FeedSource(client, replica.base_url + "/atom", categories=["cs.CV", "cs.SE"], clock=lambda: now)
    papers = {item.id: item for item in source.papers(date.min, date.max)}
    assert len(papers) == (7 if night.day == 3 else 8)
    one = next(iter(papers.values()))
    assert one.abstract == "First line second <line>."
    assert one.licence
    assert one.authors == ("A. Author", "Bé Autre")
    assert one.published is None  # the feed does not know when a paper was submitted


# --- odd answers -----------------------------------------------------------------------------------------------


@dataclass
class Canned:
    """A client that gives prepared bodies in order."""

    bodies: list[bytes]
    asked: list[Mapping[str, str | int]] = field(default_factory=list)

    def get(
        self, url: str, *, accept: str | None = None, params: Mapping[str, str | int] | None = None,
        also_status: Collection[int] = (), check: Callable[[Any], str | None] | None = None,
    ) -> Any:  # fmt: skip
        del accept, also_status
        self.asked.append(dict(params or {}))
        answer = Answer(self.bodies.pop(0), url)
        if check is not None and (detail := check(answer)):
            raise BadResponseError(url, detail)
        return answer


@dataclass
class Answer:
    content: bytes
    url: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def oai(body: str) -> bytes:
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{body}</OAI-PMH>'.encode()


def record(name: str, more: str = "") -> str:
    return (
        f"<record><header/><metadata><arXivRaw xmlns='http://arxiv.org/OAI/arXivRaw/'><id>{name}</id>{more}"
        "</arXivRaw></metadata></record>"
    )


def listing(records: str, token: str = "") -> bytes:
    return oai(f"<ListRecords>{records}<resumptionToken>{token}</resumptionToken></ListRecords>")


def papers_of(client: Canned) -> list[PaperMetadata]:
    return list(OaiSource(client, "http://x/oai").papers(date.min, date.max))


def test_a_refused_token_starts_the_listing_anew_once() -> None:
    bad = oai("<error code='badResumptionToken'>expired</error>")
    client = Canned([listing(record("2506.00001"), "t1"), bad, listing(record("2506.00001") + record("2506.00002"))])
    assert [item.id for item in papers_of(client)] == ["2506.00001", "2506.00002"]
    assert client.asked[1] == {"verb": "ListRecords", "resumptionToken": "t1"}
    assert client.asked[2]["metadataPrefix"] == "arXivRaw"
    with pytest.raises(ArxivQueryError, match="badResumptionToken: expired"):
        papers_of(Canned([listing("", "t1"), bad, listing("", "t1"), bad]))


def test_oai_faults_are_named() -> None:
    with pytest.raises(ArxivQueryError, match="badArgument: no"):
        papers_of(Canned([oai("<error code='badArgument'>no</error>")]))
    with pytest.raises(SourceContradictionError, match="came twice"):
        papers_of(Canned([listing("", "t1"), listing("", "t1")]))
    for body in (b"<html/>", b"<OAI-PMH", b"\xff"):
        with pytest.raises(BadResponseError):
            papers_of(Canned([body]))


def test_records_that_cannot_be_read_are_noted_and_deleted_ones_left_out() -> None:
    deleted = "<record><header status='deleted'/></record>"
    odd = record("2506.00003", "<version version='vX'><date>never</date></version>")
    client = Canned([listing(deleted + record("nonsense") + "<record/>" + odd)])
    source = OaiSource(client, "http://x/oai")
    found = list(source.papers(date.min, date.max))
    assert [(item.id, item.version, item.published) for item in found] == [("2506.00003", 1, None)]
    assert len(source.notes) == 2


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("A. B, C D and E F", ("A. B", "C D", "E F")),
        ("A. B (1 and 2), C D (2) ((1) Here (a place), (2) There)", ("A. B", "C D")),
        ("Alexander Anderson, Band and Co, and Z", ("Alexander Anderson", "Band", "Co", "Z")),
        ("", ()),
    ],
)
def test_authors_of_a_line(line: str, names: tuple[str, ...]) -> None:
    assert authors_of(line) == names


def feed(*entries: str) -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">'
        + "".join(entries) + "</feed>"
    ).encode()  # fmt: skip


def entry(name: str, day: str) -> str:
    return f"<entry><id>oai:arXiv.org:{name}</id><published>{day}T00:00:00-04:00</published></entry>"


def feed_of(body: bytes, now: str) -> list[str]:
    clock = datetime.fromisoformat(now)
    source = FeedSource(Canned([body]), "http://x/atom", categories=["cs.CV"], clock=lambda: clock)
    return [item.id for item in source.papers(date.min, date.max)]


def test_a_stale_feed_is_not_taken_for_news() -> None:
    old = feed(entry("2609.00001v1", "2026-09-23"))
    assert feed_of(old, "2026-09-23T12:00+00:00") == ["2609.00001"]
    with pytest.raises(SourceContradictionError, match="shows the announcement of 2026-09-23, that of 2026-09-24"):
        feed_of(old, "2026-09-24T12:00+00:00")
    with pytest.raises(SourceContradictionError, match="empty"):
        feed_of(feed(), "2026-09-24T12:00+00:00")
    assert feed_of(feed(), "2026-09-26T12:00+00:00") == []  # Saturday: skipDays
    assert feed_of(old, "2031-09-24T12:00+00:00") == ["2609.00001"]  # holidays of that year are not known


def test_feed_entries_that_are_none_are_left_out() -> None:
    assert [item.paper.id for item in read_feed(feed("<entry/>", entry("2609.00001v1", "someday")), "x")] == [
        "2609.00001"
    ]
    for body in (b"", b"<rss/>"):
        with pytest.raises(ValueError, match=r"XML|Atom"):
            read_feed(body, "x")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-09-24T12:00-04:00", date(2026, 9, 24)),
        ("2026-09-24T00:30-04:00", date(2026, 9, 23)),  # not built yet
        ("2026-09-27T12:00-04:00", date(2026, 9, 25)),  # Sunday: Thursday night's mailing, dated Friday
        ("2026-11-27T12:00-05:00", date(2026, 11, 26)),  # 26 November has no mailing in its evening
    ],
)
def test_the_announcement_that_is_due(now: str, day: date) -> None:
    assert expected_announcement(datetime.fromisoformat(now)) == day


@pytest.mark.corpus
def test_arxivs_own_answers_are_read(shared: Path) -> None:
    samples = shared / "arxiv" / "samples"
    page = read_oai_page(next((samples / "oai").glob("*arXivRaw*")).read_bytes(), "arxiv-oai")
    attention = next(item for item in page.papers if item.id == "1706.03762")
    assert (attention.version, attention.published, attention.authors[0]) == (7, "2017-06-12", "Ashish Vaswani")
    rendered = samples / "oai" / "rendered_from_arxiv_templates"
    withdrawn = read_oai_page((rendered / "ListRecords_arXivRaw_withdrawn_multi_version.xml").read_bytes(), "x")
    assert withdrawn.token
    assert next(item for item in withdrawn.papers if item.id == "0901.3666").withdrawn
    assert read_oai_page((rendered / "error_noRecordsMatch.xml").read_bytes(), "x").error == "noRecordsMatch"
    entries = [item for path in sorted((samples / "rss").glob("*.xml")) for item in read_feed(path.read_bytes(), "x")]
    assert {item.kind for item in entries} == {"new", "cross", "replace"}
    assert all(item.announced and item.paper.licence and item.paper.abstract for item in entries)
    assert not any(item.paper.abstract.startswith("arXiv:") for item in entries)
