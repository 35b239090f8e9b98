"""The charts page: each chart is an inline SVG with a table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from vlmingest.catalogue.site import series, svg
from vlmingest.catalogue.site.layout import page
from vlmingest.catalogue.site.markup import Html, element, lines
from vlmingest.catalogue.site.panels import Panel

_TOO_FEW = "Nothing to draw yet: no model has both a date and this field."


def charts_page(panels: Sequence[Panel]) -> bytes:
    """`charts.html`."""
    standing = [panel for panel in panels if not panel.is_withdrawn]
    body = element(
        "div",
        lines(
            _months(standing),
            _shares("encoders", "Vision encoders", "vision-encoder families", standing, _vision),
            _shares("languages", "Language backbones", "language-model families", standing, _language),
            _connectors(standing),
            _shares("connector-shares", "Connectors over time", "connector types", standing, _connector_types),
            _sizes(standing),
        ),
        class_="charts",
    )
    lead = element("p", "Every chart has its table below it. Withdrawn papers are left out.")
    return page("Charts", body, here="charts.html", lead=lead)


def _vision(panel: Panel) -> list[str]:
    return panel.vision_families


def _language(panel: Panel) -> list[str]:
    return panel.language_families


def _connector_types(panel: Panel) -> list[str]:
    return list(dict.fromkeys(item.type for record in panel.records for item in record.architecture.connectors))


def _figure(title: str, chart: Html | None, note: str, table: Html | None, legend: Html | None = None) -> Html:
    if chart is None or table is None:
        return element("figure", element("h2", title), element("p", _TOO_FEW), class_="panel")
    twin = element("details", element("summary", "As a table"), element("div", table, class_="wide", tabindex="0",
                   role="region", aria_label=f"{title} as a table"))  # fmt: skip
    caption = element("figcaption", note) if note else None
    return element("figure", lines(element("h2", title), chart, legend, caption, twin), class_="panel")


def _table(caption: str, head: Iterable[str], rows: Iterable[Sequence[str]]) -> Html:
    titles = element("tr", *(element("th", text, scope="col") for text in head))
    body = (
        element("tr", element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:])) for row in rows
    )
    return element(
        "table",
        lines(
            element("caption", caption, class_="unseen"),
            element("thead", titles),
            element("tbody", lines(*body)),
        ),
    )


def _months(panels: Sequence[Panel]) -> Html:
    counts = series.month_counts(panels)
    title = "Models per month"
    if not counts:
        return _figure(title, None, "", None)
    label = f"{title}, {counts[0][0]} to {counts[-1][0]}; the most are {max(count for _, count in counts)}"
    table = _table(title, ("Month", "Models"), [(month, str(count)) for month, count in counts])
    return _figure(title, svg.month_bars("months", label, counts), "", table)


def _shares(
    name: str, title: str, what: str, panels: Sequence[Panel], groups_of: Callable[[Panel], Iterable[str]]
) -> Html:
    data = series.shares(panels, groups_of)
    if not data.periods:
        return _figure(title, None, "", None)
    label = f"Shares of {what} over time; the most used are {', '.join(data.groups[:3])}"
    legend = element(
        "ul",
        *(element("li", svg.swatch(svg.colour_of(group, number)), group) for number, group in enumerate(data.groups)),
        class_="legend",
    )
    rows = [
        (period, *(f"{count} ({data.share(place, number):.0%})" if count else "–"
                   for number, count in enumerate(data.counts[place])))
        for place, period in enumerate(data.periods)
    ]  # fmt: skip
    note = "Share of all uses in a period; a model that uses two counts in both."
    return _figure(
        title, svg.share_columns(name, label, data), note, _table(title, ("Period", *data.groups), rows), legend
    )


def _connectors(panels: Sequence[Panel]) -> Html:
    counts = series.connector_counts(panels)
    title = "Connector types"
    if not counts:
        return _figure(title, None, "", None)
    table = _table(title, ("Connector", "Models"), [(group, str(count)) for group, count in counts])
    label = f"{title}: {counts[0][0]} leads with {counts[0][1]} models"
    return _figure(title, svg.count_bars("connectors", label, counts), "", table)


def _sizes(panels: Sequence[Panel]) -> Html:
    points = series.sizes_by_date(panels)
    title = "Size over time"
    if not points:
        return _figure(title, None, "", None)
    shown = [(day, size, panel.name) for day, size, panel in points]
    label = f"Parameters of {len({panel.stem for *_, panel in points})} models by date, on a logarithmic scale"
    table = _table(
        title, ("Model", "Date", "Parameters"), [(name, day, svg.size_text(size)) for day, size, name in shown]
    )
    note = "Parameters as the papers state them; a model in three sizes has three points."
    return _figure(title, svg.size_points("sizes", label, shown), note, table)
