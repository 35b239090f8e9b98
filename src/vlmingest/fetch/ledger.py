"""The request ledger's row: what one outbound try was, for the database and for the proof of polite access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Outcome = Literal[
    "ok", "redirect", "not-found", "denied", "later", "server-error", "refused", "unreachable", "timeout", "truncated",
    "too-large", "bad-payload",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RequestLogRow:
    """One try. `at`: the moment before the request was sent, UTC ISO with ms; `status` None without an answer.

    `bytes` counts the body as received and decoded; `waited_s` is the time spent waiting for the turn (interval, other
    processes, Retry-After); `elapsed_s` the request itself. `group` is the unit of the interval (arxiv.org is one).
    """

    host: str
    group: str
    url: str
    at: str
    status: int | None
    bytes: int
    waited_s: float
    elapsed_s: float
    outcome: Outcome
    attempt: int = 1


def instant(epoch_s: float) -> str:
    """Seconds since 1970 as UTC ISO text with milliseconds (`2025-06-03T00:00:00.000Z`)."""
    moment = datetime.fromtimestamp(epoch_s, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
