"""Charts as inline SVG: no script, colours from the style sheet, a title on every mark. Units are those of the viewBox."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from vlmingest.catalogue.site.markup import Html, element, lines
from vlmingest.catalogue.site.series import Shares

WIDTH, HEIGHT = 460, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 8, 10, 26


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _canvas(name: str, label: str, *marks: Html | None, height: int = HEIGHT) -> Html:
    title = element("title", label, id=f"{name}-title")
    return element(
        "svg", lines(title, *marks), viewBox=f"0 0 {WIDTH} {height}", role="img", aria_labelledby=f"{name}-title",
        class_="chart",
    )  # fmt: skip


def _text(x: float, y: float, text: str, anchor: str = "middle") -> Html:
    return element("text", text, x=_number(x), y=_number(y), text_anchor=anchor)


def _rule(y: float) -> Html:
    return element("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=_number(y), y2=_number(y), class_="rule")


def _rect(x: float, y: float, width: float, height: float, colour: int, tip: str) -> Html:
    return element(
        "rect", element("title", tip), x=_number(x), y=_number(y), width=_number(max(width, 0.5)),
        height=_number(max(height, 0)), class_=f"c{colour}",
    )  # fmt: skip


def nice_ticks(top: float) -> list[int]:
    """Whole numbers from 0 that reach `top` in four or five steps."""
    if top <= 4:
        return list(range(max(math.ceil(top), 1) + 1))
    size = 10 ** math.floor(math.log10(top / 4))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor * 5 >= top)
    return [round(step * number) for number in range(math.ceil(top / step) + 1)]


def month_bars(name: str, label: str, counts: Sequence[tuple[str, int]]) -> Html:
    """A bar per month; years are written below their January, or below the first month."""
    ticks = nice_ticks(max(count for _, count in counts))
    high, wide = HEIGHT - _TOP - _BOTTOM, (WIDTH - _LEFT - _RIGHT) / len(counts)
    marks: list[Html] = []
    for tick in ticks:
        y = _TOP + high * (1 - tick / ticks[-1])
        marks += [_rule(y), _text(_LEFT - 6, y + 4, str(tick), "end")]
    named = _named_months([month for month, _ in counts], wide)
    for place, (month, count) in enumerate(counts):
        x, tall = _LEFT + place * wide, high * count / ticks[-1]
        if count:
            gap = min(2.0, wide * 0.2)
            marks.append(_rect(x + gap / 2, _TOP + high - tall, wide - gap, tall, 4, f"{month}: {count}"))
        if month in named and x < WIDTH - 20:
            marks.append(_text(x, HEIGHT - 8, month[:4] if len(counts) > 18 else month, "start"))
    return _canvas(name, label, *marks)


def _named_months(months: Sequence[str], wide: float) -> set[str]:
    """Months that get a label: each January, and the first month where no January stands near."""
    near = math.ceil((36 if len(months) > 18 else 56) / wide)
    januaries = [place for place, month in enumerate(months) if month.endswith("-01")]
    places = januaries if januaries and januaries[0] < near else [0, *januaries]
    kept: list[int] = []
    for place in places:
        if not kept or place - kept[-1] >= near:
            kept.append(place)
    return {months[place] for place in kept}


def share_columns(name: str, label: str, data: Shares) -> Html:
    """Stacked columns of 100 %, a column per period."""
    high, wide = HEIGHT - _TOP - _BOTTOM, (WIDTH - _LEFT - _RIGHT) / len(data.periods)
    wide = min(wide, 90)
    marks: list[Html] = []
    for percent in (0, 25, 50, 75, 100):
        y = _TOP + high * (1 - percent / 100)
        marks += [_rule(y), _text(_LEFT - 6, y + 4, f"{percent}%", "end")]
    every = math.ceil(60 / wide)
    for place, period in enumerate(data.periods):
        x, top = _LEFT + place * wide, float(_TOP + high)
        for number, group in enumerate(data.groups):
            count, share = data.counts[place][number], data.share(place, number)
            if count:
                top -= high * share
                tip = f"{period}, {group}: {count} ({share:.0%})"
                marks.append(_rect(x + 1, top, wide - 2, high * share, colour_of(group, number), tip))
        if place % every == 0:
            marks.append(_text(x + wide / 2, HEIGHT - 8, period))
    return _canvas(name, label, *marks)


def colour_of(group: str, number: int) -> int:
    """The palette's colour of a group; "other" is always the grey one."""
    return 7 if group == "other" and number == 7 else number


def count_bars(name: str, label: str, counts: Sequence[tuple[str, int]]) -> Html:
    """Horizontal bars with their names and numbers."""
    left, row = 150, 24
    height = len(counts) * row + 8
    most = max(count for _, count in counts)
    marks: list[Html] = []
    for place, (group, count) in enumerate(counts):
        y = 4 + place * row
        wide = (WIDTH - left - 50) * count / most
        marks += [
            _text(left - 8, y + 15, group, "end"),
            _rect(left, y + 3, wide, row - 6, 4, f"{group}: {count}"),
            _text(left + wide + 6, y + 15, str(count), "start"),
        ]
    return _canvas(name, label, *marks, height=height)


def size_points(name: str, label: str, points: Sequence[tuple[str, float, str]]) -> Html:
    """Points over time on a logarithmic scale; (ISO date, billions of parameters, what the point is)."""
    days = [_day(day) for day, _, _ in points]
    first, last = min(days), max(days)
    low = math.floor(math.log10(min(size for _, size, _ in points)))
    top = max(math.ceil(math.log10(max(size for _, size, _ in points))), low + 1)
    high, wide = HEIGHT - _TOP - _BOTTOM, WIDTH - _LEFT - _RIGHT - 8
    marks: list[Html] = []
    for power in range(low, top + 1):
        y = _TOP + high * (1 - (power - low) / (top - low))
        marks += [_rule(y), _text(_LEFT - 6, y + 4, size_text(10.0**power), "end")]
    years = range(int(points[0][0][:4]), int(points[-1][0][:4]) + 1)
    for year in years[:: math.ceil(len(years) / 8)]:
        offset = (_day(f"{year:04}-01-01") - first) / max(last - first, 1)
        if 0 <= offset <= 0.95:
            marks.append(_text(_LEFT + 4 + offset * wide, HEIGHT - 8, str(year)))
    for day, (when, size, tip) in zip(days, points, strict=True):
        x = _LEFT + 4 + wide * ((day - first) / max(last - first, 1) if last > first else 0.5)
        y = _TOP + high * (1 - (math.log10(size) - low) / (top - low))
        marks.append(
            element(
                "circle",
                element("title", f"{tip}, {size_text(size)}, {when}"),
                cx=_number(x),
                cy=_number(y),
                r=3.5,
                class_="c4 point",
            )
        )
    return _canvas(name, label, *marks)


def size_text(billions: float) -> str:
    """`7B`, `400M`, `1T`."""
    if billions >= 1000:
        return f"{billions / 1000:g}T"
    return f"{billions:g}B" if billions >= 1 else f"{billions * 1000:g}M"


def _day(text: str) -> int:
    """The day's number; of a month the middle."""
    return date.fromisoformat(text if len(text) == 10 else f"{text}-15").toordinal()


def swatch(number: int) -> Html:
    """The colour of a legend entry."""
    return element("svg", element("rect", width=12, height=12, class_=f"c{number}"), viewBox="0 0 12 12", class_="swatch",
                   aria_hidden="true")  # fmt: skip
