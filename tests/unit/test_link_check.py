"""Links have a history: one bad day is a suspicion, three are a death; no answer from anywhere blames the network."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from vlmingest import link_check
from vlmingest.commands.lists import import_list, links
from vlmingest.errors import (
    AccessDeniedError,
    BadResponseError,
    CoolingDownError,
    FetchError,
    NotFoundError,
    UnreachableHostError,
)
from vlmingest.link_check import Outcome, check_links, check_one, due_links, is_due, judge, links_in, next_row
from vlmingest.store import LinkRow, Store

URL = "https://example.org/a"


def after(*checks: tuple[str, bool | None], row: LinkRow | None = None) -> LinkRow:
    row = row or LinkRow(URL)
    for day, is_ok in checks:
        row = next_row(row, Outcome(URL, is_ok, reason="x"), day)
    return row


@pytest.mark.parametrize(
    ("checks", "state", "failures"),
    [
        ([("2025-01-01", True)], "ok", 0),
        ([("2025-01-01", False)], "suspect", 1),
        ([("2025-01-01", False), ("2025-01-01", False), ("2025-01-01", False)], "suspect", 1),
        ([("2025-01-01", False), ("2025-01-02", False)], "suspect", 2),
        ([("2025-01-01", False), ("2025-01-02", False), ("2025-01-03", False)], "dead", 3),
        ([("2025-01-01", False), ("2025-01-02", True), ("2025-01-03", False), ("2025-01-04", False)], "suspect", 2),
        ([("2025-01-01", False), ("2025-01-02", False), ("2025-01-09", False)], "dead", 3),
        ([("2025-01-01", False), ("2025-01-02", False), ("2025-01-03", False), ("2025-01-04", True)], "ok", 0),
        ([("2025-01-01", True), ("2025-01-02", None)], "ok", 0),
        ([("2025-01-01", None)], "unchecked", 0),
    ],
)
def test_states(checks: list[tuple[str, bool | None]], state: str, failures: int) -> None:
    row = after(*checks)
    assert (row.state, row.failures) == (state, failures)
    assert (row.failing_since is None) == (failures == 0)


def test_what_is_due_and_in_which_order() -> None:
    good = after(("2025-01-01", True))
    bad = after(("2025-01-01", False))._replace(url="b")
    new = LinkRow("n")
    assert [is_due(good, day) for day in ("2025-01-01", "2025-01-07", "2025-01-08")] == [False, False, True]
    assert [is_due(bad, day) for day in ("2025-01-01", "2025-01-02")] == [False, True]
    assert [row.url for row in due_links([good, bad, new], "2025-01-08", 0)] == ["n", "b", URL]
    assert [row.url for row in due_links([good, bad, new], "2025-01-08", 1)] == ["n"]


def test_links_of_a_list() -> None:
    data = b"# [L](https://e.org/l)\n\n[![a](https://i/x.svg)](https://e.org/a#b) [c](#c) <a href='https://e.org/d'>d</a> [a](https://e.org/a)\n"
    assert links_in(data) == ["https://e.org/l", "https://e.org/a", "https://e.org/d"]


class Fake:
    """A client that answers from a table; `seen` are the addresses that were asked for."""

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers, self.seen = answers, []

    def get(self, url: str, *, also_status: tuple[int, ...] = (), anywhere: bool = False) -> object:
        self.seen.append(url)
        answer = self.answers[url]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Answer:
    def __init__(self, status: int, url: str = URL) -> None:
        self.status, self.url = status, url


@pytest.mark.parametrize(
    ("answer", "is_ok", "status"),
    [
        (Answer(200), True, 200),
        (Answer(403), True, 403),
        (Answer(429), True, 429),
        (NotFoundError(URL, "HTTP 404"), False, 404),
        (UnreachableHostError(URL, "no route"), False, None),
        (UnreachableHostError(URL, "HTTP 502"), False, 502),
        (BadResponseError(URL, "HTTP 400"), False, 400),
        (BadResponseError(URL, "more than 2 MiB"), True, None),
        (BadResponseError(URL, "redirects from https down to http://x"), True, None),
        (AccessDeniedError(URL, "HTTP 403"), None, None),
        (CoolingDownError(URL, "HTTP 503", "later"), None, None),
    ],
)
def test_answers(answer: object, is_ok: bool | None, status: int | None) -> None:
    outcome = check_one(Fake({URL: answer}), URL, lambda _: False)  # type: ignore[arg-type]
    assert (outcome.is_ok, outcome.status) == (is_ok, status)


def test_where_it_moved_to_and_where_nobody_may_go() -> None:
    fake = Fake({URL: Answer(200, "https://example.org/new")})
    assert check_one(fake, URL, lambda _: False).moved_to == "https://example.org/new"
    fake.seen.clear()
    assert check_one(fake, "http://192.168.0.1/admin", lambda host: host.startswith("192.")).is_ok is None
    assert fake.seen == []


def test_when_nothing_answers_the_network_is_blamed(tmp_path: Path) -> None:
    urls = [f"https://e{n}.org/" for n in range(8)]
    dead: dict[str, object] = {url: UnreachableHostError(url, "no route") for url in urls}
    with Store.open(tmp_path / "v.db", create=True) as store:
        fake = Fake(dead)
        report = check_links(store, fake, urls, "2025-01-01")  # type: ignore[arg-type]
        assert (report.is_offline, report.asked, len(fake.seen)) == (True, 5, 5)
        assert {row.state for row in report.rows} == {"unchecked"}
        report = check_links(store, Fake({**dead, urls[3]: Answer(200)}), urls, "2025-01-01", limit=7)  # type: ignore[arg-type]
        assert (report.is_offline, report.asked, len(report.of("ok")), len(report.of("suspect"))) == (False, 7, 1, 6)
        assert [check.is_ok for check in store.link_history(urls[0])] == [False]
        few = check_links(store, Fake(dead), urls[7:], "2025-01-01")  # type: ignore[arg-type]
        assert (few.is_offline, few.of("suspect")[0].url) == (False, urls[7])
    assert judge([]) is False


def test_three_days_over_loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    """The real client, politely: redirects, refusals of robots and a page that dies."""
    lines = [f"- [{page.title()}]({server}/{page}) - is a page." for page in ("good", "moved", "robot", "gone")]
    (tmp_path / "README.md").write_text("\n".join(["# L", "", *lines, ""]))
    monkeypatch.setenv("VLMINGEST_DB", str(tmp_path / "v.db"))
    monkeypatch.setenv("VLMINGEST_MIN_INTERVAL_S", "0")
    run = CliRunner()
    assert run.invoke(links, []).exit_code == 1  # no list
    assert run.invoke(import_list, [str(tmp_path / "README.md")]).exit_code == 0
    unasked = json.loads(run.invoke(links, ["--json"]).output)
    assert (unasked["asked"], unasked["unchecked"]) == (4, 4)  # loopback is inside the user's network
    for day, code in (("2025-01-01", 0), ("2025-01-02", 0), ("2025-01-03", 1)):
        monkeypatch.setattr(link_check, "today", lambda day=day: day)
        result = run.invoke(links, ["--internal"])
        assert result.exit_code == code, result.output
    assert "dead: " in result.output
    assert "HTTP 404, failing since 2025-01-01" in result.output
    assert f"moved: {server}/moved -> {server}/good" in result.output
    assert "3 ok, 0 suspect, 1 dead, 0 unchecked; asked 1 now" in result.output
    shown = json.loads(run.invoke(links, [str(tmp_path / "README.md"), "--no-check", "--json"]).output)
    assert (shown["asked"], shown["dead"]) == (0, 1)


@pytest.fixture
def server() -> Iterator[str]:
    """A loopback server with a page, a redirect to it, a refusal and nothing else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response({"/good": 200, "/moved": 301, "/robot": 403}.get(self.path, 404))
            if self.path == "/moved":
                self.send_header("Location", "/good")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def test_an_offline_run_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("# L\n\n" + "".join(f"- [A{n}](https://e{n}.org) - a thing.\n" for n in range(6)))
    monkeypatch.setenv("VLMINGEST_DB", str(tmp_path / "v.db"))
    monkeypatch.setattr("vlmingest.fetch.addresses.is_internal", lambda _: False)

    def fail(*_: object, **__: object) -> object:
        raise UnreachableHostError("x", "no route")

    monkeypatch.setattr("vlmingest.fetch.HttpClient.get", fail)
    result = CliRunner().invoke(links, [str(tmp_path / "a.md")])
    assert result.exit_code == 1
    assert "the network is at fault" in result.output


def test_unknown_trouble_of_a_fetch_is_a_failure() -> None:
    assert check_one(Fake({URL: FetchError(URL)}), URL, lambda _: False).is_ok is False  # type: ignore[arg-type]
    assert check_one(Fake({}), "https://[broken", lambda _: False).is_ok is False  # type: ignore[arg-type]
