"""Comparison of chosen models side by side; without JavaScript the newest ones."""

from __future__ import annotations

from collections.abc import Sequence

from vlmingest.catalogue.fields import COLUMNS
from vlmingest.catalogue.site.layout import page
from vlmingest.catalogue.site.markup import Html, element, lines
from vlmingest.catalogue.site.panels import Panel
from vlmingest.catalogue.site.scripts import COMPARED

_SHOWN = 3


def compare_page(panels: Sequence[Panel]) -> bytes:
    """`compare.html`."""
    chosen = [panel for panel in panels if panel.records][:_SHOWN]
    control = element(
        "div",
        element(
            "div",
            element("label", "Add a model", for_="add"),
            element("input", id="add", type="text", list="names", autocomplete="off", placeholder="name"),
            element("datalist", Html(""), id="names"),
            class_="field search",
        ),
        element("button", "Add", id="add-button", type="button"),
        element("button", "Clear", id="clear", type="button"),
        class_="controls script-only",
    )
    body = lines(
        control,
        element("p", Html(""), id="count", role="status"),
        element("div", _table(chosen), class_="wide", tabindex="0", role="region", aria_label="Comparison"),
    )
    lead = element("p", "Models side by side, field by field. An address holds the choice: share it as it stands.")
    scripts = ("assets/compare-data.js", "assets/compare.js")
    return page("Compare", body, here="compare.html", scripts=scripts, lead=lead)


def _table(panels: Sequence[Panel]) -> Html:
    head = [element("th", element("a", panel.name, href=f"models/{panel.stem}.html"), scope="col") for panel in panels]
    rows = [
        element(
            "tr",
            element("th", COLUMNS[name].label, scope="row"),
            *(element("td", "; ".join(panel.values(COLUMNS[name])) or "–") for panel in panels),
        )
        for name in COMPARED
    ]
    corner = element("td", Html("")) if panels else None
    return element(
        "table",
        lines(
            element("caption", "Chosen models", class_="unseen"),
            element("thead", element("tr", corner, *head)),
            element("tbody", lines(*rows) if panels else None),
        ),
        id="comparison",
        class_="comparison",
    )
