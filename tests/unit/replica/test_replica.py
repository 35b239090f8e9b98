"""The replica as a product part: query language, pages in time, recorded error forms, faults, control."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from vlmingest.errors import DataFileError, UsageError
from vlmingest.replica import Corpus, FaultPlan, Replica
from vlmingest.replica.pages import View
from vlmingest.replica.query import QueryError, parse_query

ROWS = [
    {"id": "2506.00001", "title": "Visual instruction tuning", "authors": ["Ada One"], "abstract": "A projector.",
     "categories": ["cs.CV"], "versions": [
         {"version": 1, "submitted": "2025-06-01T10:00:00Z", "announced": "2025-06-02", "pdf": "1v1.pdf"},
         {"version": 2, "submitted": "2025-06-03T10:00:00Z", "announced": "2025-06-04", "title": "Better tuning",
          "withdrawn": True, "comment": "withdrawn"}]},
    {"id": "hep-th/9901001", "title": "Strings & <things>", "authors": ["Bo Two"], "abstract": "Old.",
     "categories": ["hep-th", "math.AG"], "versions": [
         {"version": 1, "submitted": "2025-06-02T23:59:00Z", "announced": "2025-06-03"}]},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "papers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    (tmp_path / "1v1.pdf").write_bytes(b"%PDF-1.4 %%EOF")
    return tmp_path


@pytest.fixture
def replica(folder: Path) -> Iterator[Replica]:
    with Replica(folder) as server:
        yield server


def get(url: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("cat:cs.CV", ["2506.00001"]),
        ("cat:cs.* OR cat:hep-th", ["2506.00001", "hep-th/9901001"]),
        ('ti:"better tuning"', ["2506.00001"]),
        ('ti:"tuning better"', []),
        ("all:strings ANDNOT cat:cs.CV", ["hep-th/9901001"]),
        ("(cat:cs.CV OR cat:hep-th) AND abs:proj*", ["2506.00001"]),
        ("au:two", ["hep-th/9901001"]),
        ("ti:(strings OR tuning)", ["2506.00001", "hep-th/9901001"]),
        ("projector old", ["2506.00001", "hep-th/9901001"]),
        ("submittedDate:[20250602 TO 20250602]", ["hep-th/9901001"]),
        ("submittedDate:[202506010000 TO 202506012359]", ["2506.00001"]),
        ("submittedDate:[2025 TO *] AND cat:cs.CV", ["2506.00001"]),
        ("lastUpdatedDate:[20250603 TO 20250604]", ["2506.00001"]),
        ("submittedDate:[202505 TO 202505]", []),
        ("id:2506.00001v2", ["2506.00001"]),
        ("nosuch:word", []),
    ],
)
def test_the_query_language(folder: Path, query: str, ids: list[str]) -> None:
    test = parse_query(query)
    assert [paper.id for paper in Corpus.load(folder).latest(None) if test(paper)] == ids


@pytest.mark.parametrize(
    "query", ["(", "a AND", "AND", ")", "submittedDate:[x TO y]", "ti:[1 TO 2]", 'ti:"open', "a ) b"]
)
def test_queries_that_cannot_be_read(query: str) -> None:
    with pytest.raises(QueryError):
        parse_query(query)


def test_time_passes(replica: Replica) -> None:
    def title(night: str) -> str:
        assert get(f"{replica.base_url}/replica/tonight", night.encode())[0] == 200
        return get(f"{replica.base_url}/api/query?id_list=2506.00001")[1]

    assert "totalResults>0<" in title("2025-06-01")
    assert "Visual instruction tuning" in title("2025-06-02")
    assert "Better tuning" in title("2025-06-04")
    assert get(f"{replica.base_url}/pdf/2506.00001v1")[0] == 200
    assert get(f"{replica.base_url}/pdf/2506.00001")[0] == 404, "withdrawn"
    assert "withdrawn" in get(f"{replica.base_url}/abs/2506.00001")[1]
    assert get(f"{replica.base_url}/html/2506.00001v1")[0] == 404
    assert "Strings &amp; &lt;things&gt;" in get(f"{replica.base_url}/abs/hep-th/9901001")[1]
    assert get(f"{replica.base_url}/robots.txt")[0] == 200
    for path in ("/", "/pdf/../papers.jsonl", "/pdf/abc", "/abs/2506.00009"):
        assert get(replica.base_url + path)[0] == 404
    assert not any("/replica/" in entry.path for entry in replica.log)
    assert len(json.loads(get(f"{replica.base_url}/replica/log")[1])) == len(replica.log)


def test_control_is_for_this_machine_only(replica: Replica) -> None:
    assert get(f"{replica.base_url}/replica/tonight", b"2025-06-02", Host="evil.example:80")[0] == 403
    assert get(f"{replica.base_url}/replica/tonight", b"nonsense")[0] == 400
    assert get(f"{replica.base_url}/replica/faults", b"nonsense")[0] == 400
    assert replica.tonight is None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("id_list=abc", "incorrect id format for abc"),
        ("search_query=cat:cs.CV&start=-1", "start must be non-negative"),
        ("search_query=cat:cs.CV&max_results=x", "max_results must be an integer"),
        ("search_query=cat:cs.CV&start=29999&max_results=10", "must not exceed 30000"),
        ("search_query=cat:cs.CV&sortBy=beauty", "sortBy must be in"),
        ("search_query=(", "term is due"),
    ],
)
def test_errors_take_the_recorded_form(replica: Replica, query: str, words: str) -> None:
    status, body = get(f"{replica.base_url}/api/query?{query}")
    assert status == 400
    assert "<title>Error</title>" in body
    assert "/api/errors#" in body
    assert words in body
    assert "<published>" not in body


@pytest.mark.corpus
def test_the_error_entry_equals_the_recorded_one(folder: Path, shared: Path) -> None:
    recorded = next((shared / "arxiv/samples/atom_api").glob("id_abc_*.xml")).read_text(encoding="utf-8")
    made = View(Corpus.load(folder), date(2025, 6, 3)).answer("/api/query", "id_list=abc").body.decode()
    now = "2025-06-03T04:00:00Z"
    assert made.strip() == recorded.replace("2026-04-12T22:59:06Z", now).strip()


def test_a_folder_of_plain_pdfs(tmp_path: Path) -> None:
    for name in ("2304.08485v1.pdf", "2304.08485v2.pdf", "other.pdf", "sub/hep-th_9901001.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"%PDF %%EOF")
    corpus = Corpus.load(tmp_path)
    assert [paper.name for paper in corpus.latest(None)] == ["2304.08485v2", "hep-th/9901001v1"]
    assert corpus.latest(date(2000, 1, 1))[0].published.year == 1999


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "x"}', json.dumps(ROWS[0]).replace("1v1.pdf", "../../x.pdf")])
def test_a_broken_corpus_says_where(tmp_path: Path, line: str) -> None:
    (tmp_path / "papers.jsonl").write_text("\n" + line, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"papers\.jsonl:2"):
        Corpus.load(tmp_path)


def test_fault_plans() -> None:
    plan = FaultPlan.parse("429:every=3,retry-after=2; reset:nth=1,path=/pdf ;stale")
    kinds = [(hit.kind if (hit := plan.strike(path)) else "") for path in ("/pdf/1", "/api", "/abs", "/pdf/2")]
    assert kinds == ["reset", "stale", "429", "stale"]
    for wrong in ("boom", "200", "429:every=x", "429:colour=red", "slow:delay=-1"):
        with pytest.raises(UsageError):
            FaultPlan.parse(wrong)
