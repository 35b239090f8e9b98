"""Is a quiet night the calendar's doing, or is what a source shows old? Peers ran green for days on a stale index.

Pure: the caller gives what was listed and the time. It speaks only of years whose holidays are known, and calls a
listing stale only where it is long enough that the newest days cannot be empty by chance.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from vlmingest.discover.calendar import EASTERN, announced_at, is_announcement_night, knows_holidays

ENOUGH = 50  # listed papers; the default query lists some 1,500 a day
_SHOWN_AFTER = timedelta(hours=5)  # the API shows papers after the midnight that follows an announcement
_SLACK = timedelta(days=1)


class Freshness(NamedTuple):
    """`stale` is a fault of the source, `quiet` needs no thought, `fresh` and `unknown` say nothing."""

    state: Literal["fresh", "quiet", "stale", "unknown"]
    text: str = ""


def freshness(listed: int, newest: date | None, now: datetime) -> Freshness:
    """What `listed` papers of which the newest was submitted or updated on `newest` tell at `now` (aware)."""
    night = last_visible_night(now)
    if not knows_holidays(night.year) or not knows_holidays(now.year):
        return Freshness("unknown")
    if listed >= ENOUGH and newest is not None and newest < _last_cut_off(night) - _SLACK:
        text = (
            f"the newest of {listed} listed papers is of {newest}, although arXiv announced on {night}: "
            "what the source shows is old; the next run reads the window again"
        )
        return Freshness("stale", text)
    today = now.astimezone(EASTERN).date()
    if (today - night).days > 1:
        return Freshness("quiet", f"arXiv has announced nothing since {night:%A, %d %B} (weekend or holiday)")
    return Freshness("fresh")


def last_visible_night(now: datetime) -> date:
    """The newest announcement night whose papers must be visible at `now`."""
    day = now.astimezone(EASTERN).date()
    while not is_announcement_night(day) or announced_at(day) + _SHOWN_AFTER > now:
        day -= timedelta(days=1)
    return day


def _last_cut_off(night: date) -> date:
    """The day whose 14:00 cut-off that announcement followed: on Sundays Friday's."""
    return night - timedelta(days=2) if night.weekday() == 6 else night
