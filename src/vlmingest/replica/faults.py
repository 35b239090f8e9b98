"""Faults on demand. A plan is a text: faults joined by `;`, each `kind:option=value,option=value`.

    429:every=3,retry-after=2;reset:nth=5;truncate:path=/pdf;slow:bytes=1;empty-page;html-for-pdf;stale

Kinds
    429, 503, 406, 403, 404, 500 ...  answer with that status (`retry-after=SECONDS`; with `date=1` as an HTTP date)
    reset          break the connection before a word is said
    hang           say nothing for `delay` seconds (default 60), then break off
    truncate       promise the whole length, send half of it (or `bytes`), break off
    cut            the same without promising a length: only the content can tell
    slow           send `bytes` at a time (default 1024) with `delay` seconds (default 0.05) between
    empty-page     API: no entry on the page, though the total says that there are some
    empty-feed     API: no entry, and a total of 0
    error-entry    API: HTTP 200 with arXiv's error entry
    short-page     API: half of the entries of the page
    stale          everything as it was `days` nights ago (default 1)
    html-for-pdf   an HTML page with status 200 where a PDF is due
    redirect       302 to `to` (default: the same address)

Which requests (all, where nothing is said): `path=/pdf` (the path begins so; `/api` for kinds marked API, `/pdf` for
html-for-pdf), `every=N`, `nth=N`, `first=N`, `after=N` (all but the first N), counted among those of the path.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from vlmingest.errors import UsageError

_KINDS = frozenset(
    {
        "reset",
        "hang",
        "truncate",
        "cut",
        "slow",
        "empty-page",
        "empty-feed",
        "error-entry",
        "short-page",
        "stale",
        "html-for-pdf",
        "redirect",
    }
)
_SELECTORS = ("every", "nth", "first", "after")
_DEFAULT_PATH = {
    "empty-page": "/api", "empty-feed": "/api", "error-entry": "/api", "short-page": "/api", "html-for-pdf": "/pdf",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault and the requests it befalls; see the module."""

    kind: str
    path: str = ""
    every: int = 0
    nth: int = 0
    first: int = 0
    after: int = 0
    retry_after: float | None = None
    date: bool = False
    bytes: int = 0
    delay: float | None = None
    days: int = 1
    to: str = ""

    @property
    def status(self) -> int | None:
        """The HTTP status of a status fault."""
        return int(self.kind) if self.kind.isdigit() else None

    def strikes(self, number: int) -> bool:
        """Whether the `number`-th matching request (from 1) is hit."""
        if self.every and number % self.every:
            return False
        if self.nth and number != self.nth:
            return False
        return not (self.first and number > self.first) and number > self.after


class FaultPlan:
    """The faults of a replica, with their counts; safe between threads."""

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        self._counts = [0] * len(self.faults)
        self._lock = threading.Lock()

    @classmethod
    def parse(cls, spec: str) -> FaultPlan:
        """A plan from its text; raises UsageError with what is wrong."""
        return cls([_fault(part.strip()) for part in spec.split(";") if part.strip()])

    def strike(self, path: str) -> Fault | None:
        """Count a request; the first fault that hits it."""
        hit = None
        with self._lock:
            for index, fault in enumerate(self.faults):
                if path.startswith(fault.path):
                    self._counts[index] += 1
                    if hit is None and fault.strikes(self._counts[index]):
                        hit = fault
        return hit


def _fault(text: str) -> Fault:
    kind, _, rest = text.partition(":")
    kind = kind.strip()
    if kind not in _KINDS and not (kind.isdigit() and 400 <= int(kind) <= 599):
        raise UsageError(f"unknown fault {kind!r}; expected an HTTP status or one of {', '.join(sorted(_KINDS))}")
    options: dict[str, object] = {"path": _DEFAULT_PATH.get(kind, "")}
    for pair in filter(None, (item.strip() for item in rest.split(","))):
        name, equals, value = (piece.strip() for piece in pair.partition("="))
        try:
            options[name.replace("-", "_")] = _option(name, value if equals else "")
        except ValueError as error:
            raise UsageError(f"fault {kind}: cannot read {pair!r}; expected {error}") from error
    return Fault(kind, **options)  # type: ignore[arg-type]


def _option(name: str, value: str) -> object:
    if name in ("path", "to"):
        return value
    if name in (*_SELECTORS, "bytes", "days"):
        if not (value.isascii() and value.isdigit()):
            raise ValueError("a whole number")
        return int(value)
    if name in ("retry-after", "delay"):
        try:
            seconds = float(value)
        except ValueError:
            raise ValueError("seconds") from None
        if not 0 <= seconds < 1e9:
            raise ValueError("seconds")
        return seconds
    if name == "date":
        return value not in ("", "0", "no")
    names = "path, every, nth, first, after, retry-after, date, bytes, delay, days, to"
    raise ValueError(f"one of {names}")
