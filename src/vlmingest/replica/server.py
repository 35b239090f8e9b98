"""The HTTP server of the replica: loopback only, with a log for proofs of spacing and with faults on demand."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self, cast
from urllib.parse import unquote, urlsplit

from vlmingest.errors import UsageError
from vlmingest.replica.corpus import Corpus
from vlmingest.replica.faults import Fault, FaultPlan
from vlmingest.replica.pages import Page, View, html_page

HOST = "127.0.0.1"
_THINNING = frozenset({"empty-page", "empty-feed", "short-page"})
_MAX_CONTROL_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One request. `monotonic` and `at` (UTC ISO, ms) are its arrival; `at_once` counts requests then under way.

    `status` is None where the connection was broken before an answer; `bytes` counts the body as sent.
    """

    monotonic: float
    at: str
    method: str
    path: str
    status: int | None
    bytes: int
    user_agent: str
    fault: str
    at_once: int


class Replica:
    """arXiv's services over `corpus` on `base_url`; `tonight` and `faults` may change while it runs.

    Use it as a context manager, or `start()` and `stop()`. Port 0 takes a free one. Raises DataFileError for a broken
    corpus, UsageError for a fault plan that cannot be read or a port that is taken.
    """

    def __init__(
        self,
        corpus: Path,
        *,
        port: int = 0,
        tonight: date | None = None,
        faults: FaultPlan | str | None = None,
    ) -> None:
        self.corpus = Corpus.load(corpus)
        self.tonight = tonight
        self.faults = FaultPlan.parse(faults) if isinstance(faults, str) else faults or FaultPlan()
        self.stopping = threading.Event()
        self._log: list[LogEntry] = []
        self._lock = threading.Lock()
        self._under_way = 0
        self._thread: threading.Thread | None = None
        try:
            self._server = _Server((HOST, port), _Handler)
        except OSError as error:
            raise UsageError(f"port {port} cannot be opened ({error.strerror}); choose another with --port") from error
        self._server.replica = self

    @property
    def base_url(self) -> str:
        """Address without a slash at its end."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    @property
    def log(self) -> list[LogEntry]:
        """The requests so far in the order of their arrival.

        A client may have its answer a moment before the entry is written: waits briefly for requests under way.
        """
        deadline = time.monotonic() + 0.5
        while self._under_way and time.monotonic() < deadline:
            time.sleep(0.002)
        with self._lock:
            return sorted(self._log, key=lambda entry: entry.monotonic)

    def spacings(self) -> list[float]:
        """Seconds between the arrivals of consecutive requests."""
        return [later.monotonic - earlier.monotonic for earlier, later in pairwise(self.log)]

    def start(self) -> Self:
        """Serve in a thread of its own."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        """End the server and free its port."""
        self.stopping.set()
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @contextlib.contextmanager
    def arrival(self) -> Iterator[int]:
        """Counts a request as under way; gives how many are."""
        with self._lock:
            self._under_way += 1
            count = self._under_way
        try:
            yield count
        finally:
            with self._lock:
                self._under_way -= 1

    def note(self, entry: LogEntry) -> None:
        """Add to the log."""
        with self._lock:
            self._log.append(entry)

    def control(self, method: str, path: str, body: str) -> Page:
        """The control paths; see the package."""
        try:
            if (method, path) == ("POST", "/replica/tonight"):
                self.tonight = date.fromisoformat(body.strip()) if body.strip() else None
            elif (method, path) == ("POST", "/replica/faults"):
                self.faults = FaultPlan.parse(body)
            elif (method, path) == ("GET", "/replica/log"):
                return Page(200, json.dumps([asdict(entry) for entry in self.log]).encode(), "application/json")
            else:
                return Page(404, b'{"error": "no such control path"}', "application/json")
        except (ValueError, UsageError) as error:
            return Page(400, json.dumps({"error": str(error)}).encode(), "application/json")
        state = {"tonight": self.tonight.isoformat() if self.tonight else None}
        return Page(200, json.dumps(state).encode(), "application/json")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    replica: Replica

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are the daily bread of a server with faults."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "vlmingest-replica"
    timeout = 60

    @property
    def replica(self) -> Replica:
        return cast("_Server", self.server).replica

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Requests go to `Replica.log`, not to stderr."""

    def do_GET(self) -> None:
        arrived, clock = time.monotonic(), datetime.now(UTC)
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        if path.startswith("/replica/"):
            self._control(path)
            return
        replica = self.replica
        with replica.arrival() as at_once:
            fault = replica.faults.strike(path)
            status: int | None = None
            sent = 0
            try:
                page = self._page(path, parts.query, fault)
                if page is not None:
                    status = page.status
                    sent = self._send(page, fault)
            finally:
                at = clock.strftime("%Y-%m-%dT%H:%M:%S.") + f"{clock.microsecond // 1000:03d}Z"
                agent = self.headers.get("User-Agent", "")
                kind = fault.kind if fault else ""
                entry = LogEntry(arrived, at, self.command, self.path, status, sent, agent, kind, at_once)
                replica.note(entry)

    do_HEAD = do_GET  # noqa: N815 - the base class looks for this name

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/replica/"):
            self._control(path)
        else:
            self._send(Page(405, html_page("405", "Method not allowed")), None)

    def _control(self, path: str) -> None:
        # the Host check keeps web pages that this machine's browser shows from steering the replica
        host = (self.headers.get("Host") or "").rpartition(":")[0]
        size = self.headers.get("Content-Length", "0")
        length = int(size) if size.isdigit() else 0
        if host not in (HOST, "localhost") or self.client_address[0] != HOST or length > _MAX_CONTROL_BYTES:
            self.close_connection = True
            self._send(Page(403, b"{}", "application/json"), None)
            return
        body = self.rfile.read(length).decode("utf-8", "replace")
        self._send(self.replica.control(self.command, path, body), None)

    # --- answers and faults ------------------------------------------------------------------------------------

    def _page(self, path: str, query: str, fault: Fault | None) -> Page | None:
        """The answer, or None where the fault broke the connection."""
        replica = self.replica
        kind = fault.kind if fault else ""
        if fault is not None and (refusal := _refusal(fault, self.path)) is not None:
            return refusal
        if fault is not None and kind in ("reset", "hang"):
            if kind == "hang":
                replica.stopping.wait(60.0 if fault.delay is None else fault.delay)
            self._break_off()
            return None
        tonight = replica.tonight
        if fault is not None and kind == "stale":
            tonight = (tonight or datetime.now(UTC).date()) - timedelta(days=fault.days)
        view = View(replica.corpus, tonight, kind if kind in _THINNING else "")
        if kind == "error-entry":
            page = view.search({"id_list": "fault"})
            return Page(200, page.body, page.media_type)
        return view.answer(path, query)

    def _send(self, page: Page, fault: Fault | None) -> int:
        kind = fault.kind if fault else ""
        body = page.body if self.command != "HEAD" else b""
        if fault is not None and kind in ("truncate", "cut"):
            body = body[: fault.bytes or len(body) // 2]
        self.send_response(page.status)
        self.send_header("Content-Type", page.media_type)
        if kind == "cut":
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(len(page.body)))
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if fault is not None and kind == "slow":
            return self._drip(body, fault)
        self.wfile.write(body)
        if kind == "truncate":
            self.wfile.flush()
            self.close_connection = True
        return len(body)

    def _drip(self, body: bytes, fault: Fault) -> int:
        step, pause = fault.bytes or 1024, 0.05 if fault.delay is None else fault.delay
        for start in range(0, len(body), step):
            if self.replica.stopping.is_set():
                self.close_connection = True
                return start
            self.wfile.write(body[start : start + step])
            self.wfile.flush()
            time.sleep(pause)
        return len(body)

    def _break_off(self) -> None:
        """A reset, not an orderly end: linger 0 makes the kernel send RST."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # the base class would flush and shut down in order; closing both files first leaves only the reset
        self.rfile.close()
        self.connection.close()


def _refusal(fault: Fault, address: str) -> Page | None:
    if fault.kind == "html-for-pdf":
        return Page(200, html_page("arXiv", "The PDF is being made; please reload in a moment"))
    if fault.kind == "redirect":
        return Page(302, b"", headers={"Location": fault.to or address})
    if fault.status is None:
        return None
    headers = {}
    if fault.retry_after is not None:
        when = formatdate(time.time() + fault.retry_after, usegmt=True)
        headers["Retry-After"] = when if fault.date else f"{fault.retry_after:g}"
    words = "Rate exceeded." if fault.status == 429 else f"Fault {fault.status}"
    return Page(fault.status, html_page(str(fault.status), words), headers=headers)


def run_replica(corpus: Path, port: int = 0, faults: str = "", tonight: date | None = None) -> None:
    """Serve until Ctrl-C or SIGTERM; prints the address and the settings that point vlmingest at it."""
    replica = Replica(corpus, port=port, tonight=tonight, faults=faults)
    base = replica.base_url
    night = f" as of {tonight}" if tonight else ""
    lines = [
        f"replica of arXiv's services: {len(replica.corpus)} papers{night} on {base} (Ctrl-C ends it)",
        f"export VLMINGEST_ARXIV_API_URL={base}/api/query",
        f"export VLMINGEST_ARXIV_OAI_URL={base}/oai",
        f"export VLMINGEST_ARXIV_FEED_URL={base}/atom",
        f"export VLMINGEST_ARXIV_CONTENT_URL={base}",
        "export VLMINGEST_MIN_INTERVAL_S=0.2",
        f"# the next night: curl -d 2025-06-04 {base}/replica/tonight",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with replica:
        ended.wait()
    sys.stdout.write(f"{len(replica.log)} requests were served\n")
