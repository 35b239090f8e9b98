"""Politeness against a real server: spacing across processes, Retry-After, storms, refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from vlmingest.errors import AccessDeniedError, BadResponseError, CoolingDownError, NotFoundError, UnreachableHostError
from vlmingest.fetch import HttpClient, RequestLogRow, fetch_paper
from vlmingest.ids import ArxivId
from vlmingest.replica import FaultPlan, Replica

PAPER = ArxivId("2506.01234", 1)
PDF = b"%PDF-1.4\n" + b"x" * 3000 + b"\n%%EOF\n"
WORKER = """
import json, sys
from pathlib import Path
from vlmingest.fetch import HttpClient
rows = []
client = HttpClient(interval_for=lambda url: 0.2, state_dir=Path(sys.argv[1]), log=rows.append)
for number in range(8):
    client.get(sys.argv[2] + "/robots.txt", params={"n": number})
print(json.dumps([row.at for row in rows]))
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "pdf").mkdir(parents=True)
    (folder / "pdf" / "2506.01234v1.pdf").write_bytes(PDF)
    row = {
        "id": "2506.01234", "title": "A paper", "authors": ["A. Author"], "abstract": "Words.", "categories": ["cs.CV"],
        "versions": [
            {"version": 1, "submitted": "2025-06-02T10:00:00Z", "announced": "2025-06-03", "pdf": f"pdf/{PAPER}.pdf"}
        ],
    }  # fmt: skip
    (folder / "papers.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return folder


def client_of(tmp_path: Path, rows: list[RequestLogRow] | None = None, **options: object) -> HttpClient:
    log = None if rows is None else rows.append
    options = {"interval_for": lambda _: 0.02, "retries": 2, "seed": 1} | options
    return HttpClient(state_dir=tmp_path / "state", log=log, **options)  # type: ignore[arg-type]


def test_two_processes_together_keep_the_interval(corpus: Path, tmp_path: Path) -> None:
    with Replica(corpus) as replica:
        command = [sys.executable, "-c", WORKER, str(tmp_path / "state"), replica.base_url]
        workers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
        ledgers = [json.loads(worker.communicate(timeout=60)[0]) for worker in workers]
        log = replica.log
    assert len(log) == 16
    assert min(later.monotonic - earlier.monotonic for earlier, later in pairwise(log)) >= 0.2
    assert {entry.at_once for entry in log} == {1}, "one connection at a time"
    ledger = sorted(datetime.fromisoformat(at) for rows in ledgers for at in rows)
    assert min((later - earlier).total_seconds() for earlier, later in pairwise(ledger)) >= 0.2


def test_threads_of_one_process_keep_the_interval(corpus: Path, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with Replica(corpus) as replica, ThreadPoolExecutor(4) as pool:
        clients = [client_of(tmp_path, interval_for=lambda _: 0.05) for _ in range(4)]
        list(pool.map(lambda client: client.get(replica.base_url + "/robots.txt"), clients * 2))
        assert len(replica.log) == 8
        assert min(replica.spacings()) >= 0.05


@pytest.mark.parametrize("form", ["retry-after=1", "retry-after=2,date=1"])
@pytest.mark.parametrize("status", ["429", "503", "406"])
def test_retry_after_is_honoured(corpus: Path, tmp_path: Path, status: str, form: str) -> None:
    rows: list[RequestLogRow] = []
    with Replica(corpus, faults=f"{status}:first=1,{form}") as replica:
        assert fetch_paper(client_of(tmp_path, rows), replica.base_url, PAPER, "pdf").content == PDF
        # an HTTP date has whole seconds: of the two asked for at least one remains
        assert replica.spacings()[0] >= 1.0 - 0.01
    assert [(row.status, row.outcome) for row in rows] == [(int(status), "later"), (200, "ok")]
    assert rows[1].waited_s >= 0.9


def test_long_retry_after_is_left_to_the_next_run(corpus: Path, tmp_path: Path) -> None:
    with Replica(corpus, faults="429:retry-after=7200") as replica:
        with pytest.raises(CoolingDownError) as caught:
            fetch_paper(client_of(tmp_path), replica.base_url, PAPER, "pdf")
        assert caught.value.retry_at.endswith("Z")
        assert len(replica.log) == 1
        replica.faults = FaultPlan()
        with pytest.raises(CoolingDownError, match="no request was sent"):
            fetch_paper(client_of(tmp_path), replica.base_url, PAPER, "pdf")  # another client: the next run
        assert len(replica.log) == 1


def test_a_storm_ends_in_cooling_down_and_then_goes_on(corpus: Path, tmp_path: Path) -> None:
    with Replica(corpus, faults="429:first=3,retry-after=0.2") as replica:
        with pytest.raises(CoolingDownError):
            fetch_paper(client_of(tmp_path), replica.base_url, PAPER, "pdf")
        assert len(replica.log) == 3
        later = client_of(tmp_path)
        import time

        time.sleep(0.25)
        assert fetch_paper(later, replica.base_url, PAPER, "pdf").content == PDF


def test_403_stops_the_host_for_this_run(corpus: Path, tmp_path: Path) -> None:
    with Replica(corpus, faults="403") as replica:
        client = client_of(tmp_path)
        for _ in range(3):
            with pytest.raises(AccessDeniedError):
                fetch_paper(client, replica.base_url, PAPER, "pdf")
        assert len(replica.log) == 1


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        ("reset:first=1", "unreachable"),
        ("truncate:first=1", "truncated"),
        ("500:first=1", "server-error"),
        ("html-for-pdf:first=1", "bad-payload"),
        ("cut:first=1", "bad-payload"),
    ],
)
def test_passing_troubles_are_tried_again(corpus: Path, tmp_path: Path, faults: str, outcome: str) -> None:
    rows: list[RequestLogRow] = []
    with Replica(corpus, faults=faults) as replica:
        assert fetch_paper(client_of(tmp_path, rows), replica.base_url, PAPER, "pdf").content == PDF
        assert min(replica.spacings()) >= 0.02, "a retry keeps the interval, too"
    assert [row.outcome for row in rows] == [outcome, "ok"]


@pytest.mark.parametrize(
    ("faults", "error", "tries"),
    [
        ("404", NotFoundError, 1),
        ("410", NotFoundError, 1),
        ("400", BadResponseError, 1),
        ("reset", UnreachableHostError, 3),
        ("truncate", BadResponseError, 3),
        ("502", UnreachableHostError, 3),
        ("html-for-pdf", BadResponseError, 2),
    ],
)
def test_lasting_troubles_have_a_name(
    corpus: Path, tmp_path: Path, faults: str, error: type[Exception], tries: int
) -> None:
    with Replica(corpus, faults=faults) as replica:
        with pytest.raises(error):
            fetch_paper(client_of(tmp_path), replica.base_url, PAPER, "pdf")
        assert len(replica.log) == tries


def test_a_dripping_answer_and_a_huge_one_end(corpus: Path, tmp_path: Path) -> None:
    with Replica(corpus, faults="slow:bytes=1") as replica:
        with pytest.raises(UnreachableHostError, match="not complete after"):
            fetch_paper(client_of(tmp_path, total_s=0.2, retries=0), replica.base_url, PAPER, "pdf")
        replica.faults = FaultPlan()
        with pytest.raises(BadResponseError, match="more than"):
            fetch_paper(client_of(tmp_path, max_bytes=1000), replica.base_url, PAPER, "pdf")


def test_redirects_stay_where_they_may(corpus: Path, tmp_path: Path) -> None:
    with Replica(corpus, faults="redirect:first=1") as replica:
        assert fetch_paper(client_of(tmp_path), replica.base_url, PAPER, "pdf").content == PDF
        for target in ("http://example.org/", "file:///etc/passwd"):
            replica.faults = FaultPlan.parse(f"redirect:to={target}")
            with pytest.raises(BadResponseError, match="redirects"):
                fetch_paper(client_of(tmp_path), replica.base_url, PAPER, "pdf")
        replica.faults = FaultPlan.parse("redirect")
        with pytest.raises(BadResponseError, match="more than 5 redirects"):
            fetch_paper(client_of(tmp_path), replica.base_url, PAPER, "pdf")


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(UnreachableHostError):
        client_of(tmp_path, retries=0).get("http://127.0.0.1:9/")
