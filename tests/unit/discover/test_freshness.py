"""Quiet by the calendar, or stale."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from vlmingest.discover.freshness import ENOUGH, freshness, last_visible_night


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-09-24T12:00-04:00", date(2026, 9, 23)),
        ("2026-09-24T23:00-04:00", date(2026, 9, 23)),  # announced, not yet shown
        ("2026-09-25T02:00-04:00", date(2026, 9, 24)),
        ("2026-09-27T12:00-04:00", date(2026, 9, 24)),  # Friday and Saturday nights are silent
        ("2026-09-28T12:00-04:00", date(2026, 9, 27)),
        ("2026-11-27T12:00-05:00", date(2026, 11, 25)),  # the 26th is a holiday
    ],
)
def test_the_night_that_must_be_visible(now: str, night: date) -> None:
    assert last_visible_night(datetime.fromisoformat(now)) == night


@pytest.mark.parametrize(
    ("now", "newest", "listed", "state"),
    [
        ("2026-09-24T12:00-04:00", date(2026, 9, 23), ENOUGH, "fresh"),
        ("2026-09-24T12:00-04:00", date(2026, 9, 22), ENOUGH, "fresh"),  # a day of slack
        ("2026-09-24T12:00-04:00", date(2026, 9, 21), ENOUGH, "stale"),
        ("2026-09-24T12:00-04:00", date(2026, 9, 21), ENOUGH - 1, "fresh"),  # a narrow query may have no paper
        ("2026-09-24T12:00-04:00", None, 0, "fresh"),
        ("2026-09-27T12:00-04:00", date(2026, 9, 24), 9, "quiet"),
        ("2026-09-28T12:00-04:00", date(2026, 9, 25), ENOUGH, "fresh"),  # Sunday's mailing follows Friday's cut-off
        ("2026-09-28T12:00-04:00", date(2026, 9, 23), ENOUGH, "stale"),
        ("2033-09-28T12:00-04:00", date(2033, 9, 3), ENOUGH, "unknown"),  # holidays not known
    ],
)
def test_freshness(now: str, newest: date | None, listed: int, state: str) -> None:
    found = freshness(listed, newest, datetime.fromisoformat(now))
    assert found.state == state
    assert bool(found.text) == (state in ("quiet", "stale"))
