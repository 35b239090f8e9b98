"""The timeline: years and months, newest first, each model with its parts in one line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from vlmingest.catalogue.site.layout import page
from vlmingest.catalogue.site.markup import Html, element, join, lines
from vlmingest.catalogue.site.panels import Panel

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_FACTS = ("vision_encoders", "connectors", "language_models")


def timeline_page(panels: Sequence[Panel]) -> bytes:
    """`timeline.html`; panels newest first, those without a date last."""
    years = [(year, list(group)) for year, group in groupby(panels, key=lambda panel: panel.date[:4])]
    jump = [element("li", element("a", year or "No date", href=f"#{_anchor(year)}")) for year, _ in years]
    body = lines(
        element("nav", element("ul", *jump, class_="badges"), aria_label="Years") if len(years) > 1 else None,
        *(_year(year, group) for year, group in years),
    )
    lead = element("p", "By the day of the first public release, or of the first version on arXiv.")
    return page("Timeline", body, here="timeline.html", lead=lead)


def _anchor(year: str) -> str:
    return f"y{year}" if year else "no-date"


def _year(year: str, panels: Sequence[Panel]) -> Html:
    months = [(month, list(group)) for month, group in groupby(panels, key=lambda panel: panel.date[5:7])]
    count = element("small", f"{len(panels)}")
    heading = element("h2", year or "No date", " ", count, id=_anchor(year))
    return element("section", lines(heading, *(_month(month, group) for month, group in months)), class_="year")


def _month(month: str, panels: Sequence[Panel]) -> Html:
    name = _MONTHS[int(month) - 1] if month.isdigit() and 1 <= int(month) <= 12 else None
    items = lines(*(_item(panel) for panel in panels))
    return lines(element("h3", name) if name else None, element("ol", items, class_="line"))


def _item(panel: Panel) -> Html:
    facts = [text for name in _FACTS if (text := _short(panel.text(name)))]
    return element(
        "li",
        element("time", panel.date[5:] if panel.date[7:] else "–", datetime=panel.date) if panel.date else None,
        element(
            "div",
            element("a", panel.name, href=f"models/{panel.stem}.html"),
            element("span", "withdrawn", class_="flag") if panel.is_withdrawn else None,
            element("p", join(" · ".join(facts))) if facts else None,
        ),
    )


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(";,") + " …"
