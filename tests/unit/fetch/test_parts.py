"""The parts of the client: gate, Retry-After, addresses, content store, sniffing."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from vlmingest.errors import (
    BadResponseError,
    CorruptContentError,
    ReadOnlyDatabaseError,
    SettingError,
    UnknownItemError,
    UsageError,
)
from vlmingest.fetch import ContentStore, HttpClient, fetch_url, paper_url, sniff
from vlmingest.fetch.addresses import host_group, is_internal, plain_url, redirect_target
from vlmingest.fetch.gate import GateState, HostGate
from vlmingest.fetch.later import LONGEST_S, backoff_s, retry_after_s
from vlmingest.fetch.ledger import instant
from vlmingest.ids import ArxivId


class Clock:
    """Wall clock, monotonic clock and sleep of a test."""

    def __init__(self) -> None:
        self.wall, self.ticks, self.slept = 1_000_000.0, 50.0, 0.0

    def sleep(self, seconds: float) -> None:
        self.wall += seconds
        self.ticks += seconds
        self.slept += seconds


def gate_of(folder: Path, clock: Clock, boot: str = "one") -> HostGate:
    gate = HostGate(folder, clock=lambda: clock.wall, monotonic=lambda: clock.ticks, sleep=clock.sleep)
    gate.boot = boot
    return gate


def pass_gate(gate: HostGate, interval: float = 3.0) -> None:
    with gate.turn("arxiv.org", interval) as turn:
        turn.stamp()


def test_the_interval_holds_whatever_the_wall_clock_does(tmp_path: Path) -> None:
    clock = Clock()
    gate = gate_of(tmp_path, clock)
    pass_gate(gate)
    assert clock.slept == 0
    clock.wall += 3600  # set forward: the kernel's clock knows better
    pass_gate(gate)
    assert 3.0 <= clock.slept <= 3.1
    clock.wall -= 7200
    clock.slept = 0
    pass_gate(gate)
    assert 3.0 <= clock.slept <= 3.1


@pytest.mark.parametrize(("step", "wait"), [(10.0, 0.0), (1.0, 2.0), (-500.0, 3.0)])
def test_after_a_reboot_the_wall_clock_decides(tmp_path: Path, step: float, wait: float) -> None:
    clock = Clock()
    pass_gate(gate_of(tmp_path, clock))
    clock.wall += step
    clock.ticks = 0.0
    pass_gate(gate_of(tmp_path, clock, boot="two"))
    assert clock.slept == pytest.approx(wait, abs=0.01)


def test_a_torn_state_counts_as_just_now(tmp_path: Path) -> None:
    clock = Clock()
    (tmp_path / "arxiv.org.gate").write_bytes(b'{"wall": 12')
    pass_gate(gate_of(tmp_path, clock))
    assert 3.0 <= clock.slept <= 3.1


def test_peace_is_kept_on_disk(tmp_path: Path) -> None:
    clock = Clock()
    with gate_of(tmp_path, clock).turn("arxiv.org", 0) as turn:
        turn.refuse_until(clock.wall + 60)
        turn.wait_until(clock.wall + 5)
    assert gate_of(tmp_path, clock).refused_until("arxiv.org") == pytest.approx(clock.wall + 60)
    pass_gate(gate_of(tmp_path, clock), 0)
    assert clock.slept == pytest.approx(5)
    clock.wall += 61
    assert gate_of(tmp_path, clock).refused_until("arxiv.org") == 0.0
    assert GateState() == GateState(0.0, 0.0, "", 0.0, 0.0)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SettingError):
        pass_gate(gate_of(tmp_path / "file" / "state", Clock()))


def test_retry_after_in_both_forms() -> None:
    assert retry_after_s("120", 0) == 120
    assert retry_after_s("Thu, 01 Jan 1970 00:02:00 GMT", 60.0) == 60
    assert retry_after_s("Thu, 01 Jan 1970 00:02:00 GMT", 600.0) == 0
    assert retry_after_s("999999999", 0) == LONGEST_S
    for nonsense in (None, "", "soon", "-5", "1e9", "²"):
        assert retry_after_s(nonsense, 0) is None
    pauses = [backoff_s(attempt, 3.0, random.Random(1)) for attempt in range(1, 9)]
    assert pauses == sorted(pauses)
    assert 3 <= pauses[0] <= 4.5
    assert pauses[-1] <= 180
    assert instant(0.1239) == "1970-01-01T00:00:00.123Z"


def test_host_groups() -> None:
    assert {host_group(f"https://{host}/x") for host in ("arxiv.org", "export.arxiv.org", "OAIPMH.arxiv.org")} == {
        "arxiv.org"
    }
    assert host_group("https://notarxiv.org/") == "notarxiv.org"
    assert (
        host_group("http://localhost:1/")
        == host_group("http://127.0.0.9:2/")
        == host_group("http://[::1]/")
        == "loopback"
    )
    assert plain_url("https://me:secret@example.org:8443/a?b=c#d") == "https://example.org:8443/a?b=c"


def test_internal_addresses() -> None:
    for host in (
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "localhost",
        "0.0.0.0",
    ):
        assert is_internal(host, lambda _: []), host
    assert is_internal("evil.example", lambda _: ["93.184.216.34", "192.168.1.1"])
    assert not is_internal("good.example", lambda _: ["93.184.216.34"])
    assert not is_internal("93.184.216.34")


def test_redirects() -> None:
    public = {"a.example": ["93.184.216.34"], "b.example": ["93.184.216.35"], "in.example": ["10.0.0.1"]}

    def go(url: str, location: str, *, anywhere: bool = True) -> str:
        return redirect_target(url, location, anywhere=anywhere, resolver=lambda host: public.get(host, []))

    assert go("https://a.example/x", "/y#z") == "https://a.example/y"
    assert go("https://a.example/x", "https://b.example/") == "https://b.example/"
    assert go("https://arxiv.org/pdf/1", "https://export.arxiv.org/pdf/1", anywhere=False).startswith("https://export")
    for location in (
        "http://a.example/",
        "file:///etc/passwd",
        "https://127.0.0.1/",
        "https://in.example/",
        "gopher://b",
    ):
        with pytest.raises(BadResponseError):
            go("https://a.example/x", location)
    with pytest.raises(BadResponseError):
        go("https://a.example/x", "https://b.example/", anywhere=False)


def test_content_store(tmp_path: Path) -> None:
    store = ContentStore(tmp_path / "content")
    sha = store.put(b"words")
    assert store.put(b"words") == sha
    assert store.get(sha) == b"words"
    assert store.has(sha)
    assert store.path(sha).relative_to(tmp_path / "content").parts == (sha[:2], sha[2:4], sha)
    store.path(sha).write_bytes(b"other")
    with pytest.raises(CorruptContentError):
        store.get(sha)
    store.put(b"words")
    assert store.get(sha) == b"words", "a second put repairs"
    assert [file.name for file in (tmp_path / "content").rglob("*") if file.is_file()] == [sha]
    with pytest.raises(UnknownItemError):
        store.get("0" * 64)
    for wrong in ("../../etc/passwd", "", "A" * 64):
        with pytest.raises(UnknownItemError):
            store.has(wrong)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_content_store_in_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ReadOnlyDatabaseError):
        ContentStore(tmp_path / "content").put(b"x")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"), (b"junk %PDF-1.7", "pdf"), (b"\x1f\x8b..", "gzip"), (b"%!PS-Adobe", "postscript"),
        (b"\xef\xbb\xbf \n<!DOCTYPE html>", "html"), (b"<?xml?><html/>", "html"), (b"<?xml?><feed/>", "text"),
        (b"x" * 257 + b"ustar", "tar"), (b"\\documentclass", "text"), (b"\x00\x01", "unknown"),
    ],
)  # fmt: skip
def test_sniffing(data: bytes, kind: str) -> None:
    assert sniff(data) == kind


def test_addresses_and_agent(tmp_path: Path) -> None:
    assert paper_url("http://x/", ArxivId("hep-th/9901001", 2), "latex") == "http://x/e-print/hep-th/9901001v2"
    client = HttpClient(interval_for=lambda _: 0.0, state_dir=tmp_path, contact="me@example.org\r\nX: y")
    assert client.user_agent.endswith("(+me@example.org X: y)")
    with pytest.raises(UsageError):
        fetch_url(client, "file:///etc/passwd")
    with pytest.raises(UsageError):
        client.get("http:///nohost")
