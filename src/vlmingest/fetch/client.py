"""The one polite HTTP client: every outbound request of the product goes through `HttpClient.get`.

Contract: one request at a time and one per interval for each host group, across processes; `Retry-After` honoured;
what a host refuses is not asked again; every try leaves a ledger row; bodies are bounded in bytes and in time;
redirects cannot lead where the user did not point. Errors are the FetchError classes of `vlmingest.errors`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode, urlsplit

from vlmingest.errors import (
    AccessDeniedError,
    BadResponseError,
    CoolingDownError,
    FetchError,
    NotFoundError,
    UnreachableHostError,
    UsageError,
)
from vlmingest.fetch.addresses import Resolver, host_group, host_of, plain_url, redirect_target, resolve
from vlmingest.fetch.gate import HostGate, Turn
from vlmingest.fetch.later import backoff_s, retry_after_s
from vlmingest.fetch.ledger import Outcome, RequestLogRow, instant

if TYPE_CHECKING:
    import httpx

MAX_BODY_BYTES = 100 * 1024 * 1024
RETRY_AFTER_CAP_S = 15 * 60.0  # longer waits are left to the next run
_MAX_REDIRECTS = 5
_LATER = frozenset({429, 503, 406})  # arXiv says "come back later" in all three ways
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_COOLING_INTERVALS = 60  # cool-down after refusals without a Retry-After, in intervals


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: header names in lower case, `media_type` without parameters, `url` after redirects."""

    status: int
    content: bytes
    headers: Mapping[str, str]
    media_type: str
    url: str


@dataclass(frozen=True, slots=True)
class _Try:
    """How one try ended: a response, or what to raise and whether asking again makes sense."""

    outcome: Outcome
    response: Response | None = None
    error: FetchError | None = None
    again: bool = False
    retry_after: float | None = None
    location: str = ""


@dataclass(frozen=True, slots=True)
class _Request:
    url: str
    headers: Mapping[str, str]
    also_status: Collection[int]
    check: Callable[[Response], str | None] | None
    anywhere: bool = False


@dataclass(slots=True)
class _Progress:
    """What is known of a running try, for the ledger."""

    at: float = 0.0
    began: float = 0.0
    status: int | None = None
    received: int = 0
    waited_s: float = 0.0


class HttpClient:
    """See the module. `interval_for(url)` gives the seconds between requests to the host group of `url`.

    `state_dir` keeps the gates; processes that share it share the politeness. `log` takes a row for every try.
    """

    def __init__(
        self,
        *,
        interval_for: Callable[[str], float],
        state_dir: Path,
        contact: str = "",
        timeout_s: float = 30.0,
        total_s: float = 600.0,
        retries: int = 4,
        max_bytes: int = MAX_BODY_BYTES,
        log: Callable[[RequestLogRow], None] | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        resolver: Resolver = resolve,
        seed: int | None = None,
    ) -> None:
        self._interval_for = interval_for
        self._gate = HostGate(state_dir, clock=clock, monotonic=monotonic, sleep=sleep)
        self._timeout_s, self._total_s, self._max_bytes = timeout_s, total_s, max_bytes
        self._retries = retries
        self._log = log
        self._clock, self._monotonic = clock, monotonic
        self._resolver = resolver
        self._random = random.Random(seed)  # noqa: S311 - jitter, no secret
        self._denied: set[str] = set()
        self._http: httpx.Client | None = None
        one_line = " ".join(contact.split())
        self.user_agent = f"vlmingest/{_version()}" + (f" (+{one_line})" if one_line else "")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the sockets; the client opens new ones when it is used again."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def get(
        self,
        url: str,
        *,
        accept: str | None = None,
        params: Mapping[str, str | int] | None = None,
        also_status: Collection[int] = (),
        check: Callable[[Response], str | None] | None = None,
        anywhere: bool = False,
    ) -> Response:
        """Ask for `url` politely; the 200 answer, or one with a status in `also_status`.

        `check` looks at the answer and says what is wrong with it (asked once more, then BadResponseError).
        `anywhere`: redirects may lead to other public hosts. Raises UnreachableHostError, NotFoundError,
        AccessDeniedError, CoolingDownError, BadResponseError; UsageError where `url` is no http(s) address.
        """
        url = _with_params(url, params)
        headers = {"Accept": accept} if accept else {}
        request = _Request(url, headers, also_status, check, anywhere)
        for _ in range(_MAX_REDIRECTS + 1):
            result = self._persist(request)
            if result.response is not None and not result.location:
                return result.response
            target = redirect_target(request.url, result.location, anywhere=anywhere, resolver=self._resolver)
            request = replace(request, url=target)
        raise BadResponseError(url, f"more than {_MAX_REDIRECTS} redirects")

    def _persist(self, request: _Request) -> _Try:
        """Try until there is an answer, a refusal, or no try left."""
        group = host_group(request.url)
        interval = self._interval_for(request.url)
        for attempt in range(1, self._retries + 2):
            self._refuse_early(request.url, group)
            with self._gate.turn(group, interval) as turn:
                # while this process waited, another one may have been told to stay away
                self._refuse_if_cooling(request.url, turn.state.refuse_until)
                result = self._try_once(request, turn, group, attempt)
                if result.error is None:
                    return result
                if result.outcome == "denied":
                    self._denied.add(group)
                last = attempt > self._retries or (result.outcome == "bad-payload" and attempt > 1)
                if not result.again:
                    raise result.error
                pause = self._pause(result, attempt, interval)
                now = self._clock()
                if result.outcome == "later" and (last or pause > RETRY_AFTER_CAP_S):
                    cooling = max(pause, min(interval * _COOLING_INTERVALS, RETRY_AFTER_CAP_S))
                    if result.retry_after is not None:
                        cooling = result.retry_after
                    turn.refuse_until(now + cooling)
                    raise CoolingDownError(request.url, result.error.detail, instant(now + cooling)) from None
                if last:
                    raise result.error
                turn.wait_until(now + pause)
        raise AssertionError("the loop above returns or raises")

    def _pause(self, result: _Try, attempt: int, interval: float) -> float:
        if result.retry_after is not None:
            return result.retry_after
        return backoff_s(attempt, max(interval, 0.1), self._random)

    def _refuse_early(self, url: str, group: str) -> None:
        if group in self._denied:
            raise AccessDeniedError(url, "denied earlier in this run; not asked again")
        self._refuse_if_cooling(url, self._gate.refused_until(group))

    def _refuse_if_cooling(self, url: str, until: float) -> None:
        if until > self._clock():
            raise CoolingDownError(url, "asked to stay away earlier; no request was sent", instant(until))

    def _try_once(self, request: _Request, turn: Turn, group: str, attempt: int) -> _Try:
        import httpx  # noqa: PLC0415 - heavy, and only needed here

        progress = _Progress(at=self._clock(), began=self._monotonic(), waited_s=turn.waited_s)
        turn.stamp()
        try:
            result = self._exchange(request, turn, progress)
        except httpx.TimeoutException as error:
            result = _transient("timeout", UnreachableHostError(request.url, _words(error) or "timed out"))
        except httpx.RemoteProtocolError as error:
            result = _transient("truncated", BadResponseError(request.url, _words(error)))
        except (httpx.TransportError, OSError) as error:
            result = _transient("unreachable", UnreachableHostError(request.url, _words(error)))
        except httpx.DecodingError as error:
            result = _transient("truncated", BadResponseError(request.url, _words(error)))
        finally:
            if progress.status is None:
                turn.stamp()
        self._note(request, group, progress, result, attempt)
        return result

    def _exchange(self, request: _Request, turn: Turn, progress: _Progress) -> _Try:
        deadline = progress.began + self._total_s
        with self._session().stream("GET", request.url, headers=request.headers) as answer:
            turn.stamp()
            progress.status = answer.status_code
            if answer.status_code in _REDIRECTS and "location" in answer.headers:
                return _Try("redirect", _response(answer, b""), location=answer.headers["location"])
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                progress.received = len(body)
                if len(body) > self._max_bytes:
                    detail = f"more than {self._max_bytes // (1024 * 1024)} MiB"
                    return _Try("too-large", error=BadResponseError(request.url, detail))
                if self._monotonic() > deadline:
                    detail = f"not complete after {self._total_s:.0f} s"
                    return _transient("timeout", UnreachableHostError(request.url, detail))
            promised = answer.headers.get("content-length", "")
            if promised.isdigit() and int(promised) != answer.num_bytes_downloaded:
                detail = f"{answer.num_bytes_downloaded} of {promised} bytes"
                return _transient("truncated", BadResponseError(request.url, detail))
            return self._judge(request, _response(answer, bytes(body)))

    def _judge(self, request: _Request, response: Response) -> _Try:
        status, url = response.status, request.url
        if status == 200 or status in request.also_status:
            wrong = request.check(response) if request.check is not None else None
            if wrong:
                return _transient("bad-payload", BadResponseError(url, wrong))
            return _Try("ok", response)
        detail = f"HTTP {status}"
        if status in _LATER:
            wait = retry_after_s(response.headers.get("retry-after"), self._clock())
            return _Try("later", error=CoolingDownError(url, detail), again=True, retry_after=wait)
        if status == 403:
            return _Try("denied", error=AccessDeniedError(url, detail))
        if status in (404, 410):
            return _Try("not-found", error=NotFoundError(url, detail))
        if status >= 500:
            return _transient("server-error", UnreachableHostError(url, detail))
        return _Try("refused", error=BadResponseError(url, detail))

    def _note(self, request: _Request, group: str, progress: _Progress, result: _Try, attempt: int) -> None:
        if self._log is None:
            return
        row = RequestLogRow(
            host=host_of(request.url), group=group, url=plain_url(request.url), at=instant(progress.at),
            status=progress.status, bytes=progress.received, waited_s=round(progress.waited_s, 3),
            elapsed_s=round(max(0.0, self._monotonic() - progress.began), 3), outcome=result.outcome, attempt=attempt,
        )  # fmt: skip
        self._log(row)

    def _session(self) -> httpx.Client:
        if self._http is None:
            import httpx  # noqa: PLC0415 - heavy, and only needed here

            self._http = httpx.Client(
                headers={"User-Agent": self.user_agent, "Accept-Encoding": "gzip, identity"},
                timeout=self._timeout_s,
                follow_redirects=False,  # each hop takes its own turn
                # one connection at a time: none is kept open while another process has its turn
                limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
                # loopback is never behind a proxy
                mounts={f"all://{host}": httpx.HTTPTransport() for host in ("127.0.0.1", "localhost", "[::1]")},
            )
        return self._http


def _transient(outcome: Outcome, error: FetchError) -> _Try:
    return _Try(outcome, error=error, again=True)


def _response(answer: httpx.Response, content: bytes) -> Response:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    media_type = headers.get("content-type", "").split(";")[0].strip().lower()
    return Response(answer.status_code, content, headers, media_type, str(answer.url))


def _with_params(url: str, params: Mapping[str, str | int] | None) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{url!r} is not an http(s) address")
    url = plain_url(url)
    if not params:
        return url
    return url + ("&" if parts.query else "?") + urlencode(params)


def _version() -> str:
    # not from the package itself: edges do not import what it opens its door to
    try:
        return version("vlmingest")
    except PackageNotFoundError:
        return "0"


def _words(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
