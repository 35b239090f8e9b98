"""When to ask again: `Retry-After` in both of its forms (RFC 9110, 10.2.3), and backoff with jitter."""

from __future__ import annotations

import random
from email.utils import parsedate_to_datetime

LONGEST_S = 24 * 3600.0  # no header keeps us away for longer than a day


def retry_after_s(value: str | None, now: float) -> float | None:
    """Seconds from `now` (wall clock) that a `Retry-After` header asks for; None where it is absent or senseless."""
    if not value or not (text := value.strip()):
        return None
    if text.replace(".", "", 1).isdigit() and text.isascii():
        return min(float(text), LONGEST_S)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(0.0, moment.timestamp() - now), LONGEST_S)


def backoff_s(attempt: int, base_s: float, draw: random.Random) -> float:
    """Pause after the `attempt`-th failure (from 1): doubling, at most 2 minutes, with up to half as much jitter."""
    return min(base_s * 2.0 ** (attempt - 1), 120.0) * (1.0 + draw.random() / 2.0)
