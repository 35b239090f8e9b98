"""When arXiv announces: tells a quiet night from a fault (info.arxiv.org/help/availability).

Submissions until 14:00 Eastern time are announced at 20:00, Sunday to Thursday; none on Friday and Saturday nights,
nor on the holidays of `holidays.toml`. A night is named by the date in New York on which it begins. The API shows the
papers after the following midnight.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
_CUT_OFF = time(14)
_ANNOUNCED = time(20)
_FRIDAY, _SATURDAY = 4, 5


@cache
def holidays() -> frozenset[date]:
    """Nights without an announcement, of the years for which arXiv has told them."""
    text = files("vlmingest.discover").joinpath("holidays.toml").read_text(encoding="utf-8")
    return frozenset(day for days in tomllib.loads(text).values() for day in days)


def knows_holidays(year: int) -> bool:
    """Whether the holidays of `year` are known; without them a silent weekday proves nothing."""
    return any(day.year == year for day in holidays())


def is_announcement_night(day: date) -> bool:
    """Whether arXiv announces papers in the evening of `day` (New York)."""
    return day.weekday() not in (_FRIDAY, _SATURDAY) and day not in holidays()


def announcement_night(submitted: datetime) -> date:
    """The evening on which a paper submitted at `submitted` (aware) is announced, moderation aside."""
    local = submitted.astimezone(EASTERN)
    # the cut-off that catches it: today's before 14:00, else tomorrow's; cut-offs are on weekdays only
    day = local.date() if local.time() < _CUT_OFF else local.date() + timedelta(days=1)
    while day.weekday() in (_SATURDAY, _SATURDAY + 1):
        day += timedelta(days=1)
    # Monday to Thursday: that evening; Friday before 14:00: on Sunday evening
    while not is_announcement_night(day):
        day += timedelta(days=1)
    return day


def announced_at(night: date) -> datetime:
    """The moment (UTC) at which the announcement of `night` goes out."""
    return datetime.combine(night, _ANNOUNCED, EASTERN).astimezone(UTC)
