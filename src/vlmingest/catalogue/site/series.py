"""Numbers behind the charts: counts per month, shares per period, sizes by date. Nothing here draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from vlmingest.catalogue.fields import COLUMNS
from vlmingest.catalogue.site.panels import Panel

KEPT = 7  # named groups of a share chart; the palette has one colour more, for the rest
OTHER = "other"
MONTHS = 240  # of the chart by month: one wrong date does not make it endless


@dataclass(frozen=True, slots=True)
class Shares:
    """`counts[i][j]`: uses of `groups[j]` in `periods[i]`; the last group may be "other"."""

    periods: tuple[str, ...]
    groups: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def share(self, period: int, group: int) -> float:
        """0..1; 0 in a period without any use."""
        total = sum(self.counts[period])
        return self.counts[period][group] / total if total else 0.0


def month_counts(panels: Iterable[Panel]) -> list[tuple[str, int]]:
    """(`2024-03`, models) for every month from the first to the last, empty ones too; the last `MONTHS` at most."""
    counts = Counter(panel.date[:7] for panel in panels if panel.date)
    if not counts:
        return []
    first, last = (_month_number(month) for month in (min(counts), max(counts)))
    first = max(first, last - MONTHS + 1)
    months = [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]
    return [(month, counts[month]) for month in months]


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def period_of(date: str, months: int) -> str:
    """The period of a date when one lasts `months` months (1, 3, 6 or 12): `2024-03`, `2024 Q1`, `2024 H1`, `2024`."""
    if months == 1:
        return date[:7]
    part = (int(date[5:7]) - 1) // months + 1
    return date[:4] if months == 12 else f"{date[:4]} {'Q' if months == 3 else 'H'}{part}"


def period_months(panels: Iterable[Panel]) -> int:
    """How long a period should be, so that there are at most about sixteen."""
    span = len(month_counts(panels))
    return next((months for months, limit in ((1, 15), (3, 48), (6, 96)) if span <= limit), 12)


def shares(panels: Sequence[Panel], groups_of: Callable[[Panel], Iterable[str]]) -> Shares:
    """Uses per period of the most used groups; a model that uses two counts in both."""
    dated = [panel for panel in panels if panel.date]
    months = period_months(dated)
    uses = [(period_of(panel.date, months), group) for panel in dated for group in groups_of(panel)]
    totals = Counter(group for _, group in uses)
    ranked = sorted(totals, key=lambda group: (-totals[group], group.casefold(), group))
    groups = ranked[:KEPT] + [OTHER] * (len(ranked) > KEPT)
    kept = {group: place for place, group in enumerate(ranked[:KEPT])}
    table: dict[str, list[int]] = {}
    for period, group in uses:
        row = table.setdefault(period, [0] * len(groups))
        row[kept.get(group, len(groups) - 1)] += 1
    periods = sorted(table)
    return Shares(tuple(periods), tuple(groups), tuple(tuple(table[period]) for period in periods))


def connector_counts(panels: Iterable[Panel]) -> list[tuple[str, int]]:
    """(connector type, models that have one), most used first."""
    counts = Counter(kind for panel in panels for kind in panel.values(COLUMNS["connectors"]))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def sizes_by_date(panels: Iterable[Panel]) -> list[tuple[str, float, Panel]]:
    """(date, billions of parameters, panel), oldest first; a model with three sizes gives three points."""
    points = [(panel.date, size, panel) for panel in panels if panel.date for size in panel.sizes_b if size > 0]
    return sorted(points, key=lambda point: (point[0], point[1], point[2].stem))
