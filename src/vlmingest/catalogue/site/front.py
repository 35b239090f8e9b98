"""The catalogue: a plain table, newest first, in pages; the script adds search, filters, order and choice to it."""

from __future__ import annotations

from collections.abc import Sequence

from vlmingest.catalogue.fields import COLUMNS
from vlmingest.catalogue.site.layout import TITLE, page
from vlmingest.catalogue.site.markup import Html, element, join, lines
from vlmingest.catalogue.site.panels import Panel

PAGE_ROWS = 160  # rows of a plain page: with scripts and data a first page of 1,000 models stays below 300 kB
SHOWN_VALUES = 3
# column of `fields` -> heading; the same order as in assets/catalogue.js and assets/style.css
TABLE = (
    ("name", "Model"),
    ("date", "Released"),
    ("sizes", "Sizes"),
    ("vision_encoders", "Vision encoder"),
    ("connectors", "Connector"),
    ("language_models", "Language backbone"),
    ("types", "Kind"),
)
_FILTERS = (
    ("vision", "Vision encoder"),
    ("connector", "Connector"),
    ("language", "Language backbone"),
    ("kind", "Kind"),
    ("year", "Year"),
)
_ORDERS = (
    ("", "newest first"),
    ("date", "oldest first"),
    ("name", "name"),
    ("-sizes", "largest first"),
    ("sizes", "smallest first"),
)


def front_pages(panels: Sequence[Panel]) -> dict[str, bytes]:
    """`index.html`, `index-2.html` ...: together they hold every panel once."""
    chunks = [panels[start : start + PAGE_ROWS] for start in range(0, len(panels), PAGE_ROWS)] or [panels]
    return {_name(number): _front(chunk, number, len(chunks), panels) for number, chunk in enumerate(chunks, 1)}


def _name(number: int) -> str:
    return "index.html" if number == 1 else f"index-{number}.html"


def _front(rows: Sequence[Panel], number: int, count: int, panels: Sequence[Panel]) -> bytes:
    first = (number - 1) * PAGE_ROWS + 1
    shown = f"{first}–{first + len(rows) - 1} of {len(panels):,}" if count > 1 else f"{len(panels):,}"
    lead = lines(
        element("p", "What each vision-language model is made of, with the sentence of the paper that says so.")
    )
    body = lines(
        _controls(),
        element("p", f"{shown} {'model' if len(panels) == 1 else 'models'}", id="count", role="status"),
        _table(rows),
        _pager(number, count) if count > 1 else None,
        element("div", Html(""), id="tray", class_="tray", hidden=True),
    )
    return page(TITLE, body, here="index.html", scripts=("assets/data.js", "assets/catalogue.js"), lead=lead)


def _controls() -> Html:
    search = element(
        "div",
        element("label", "Search", for_="search"),
        element(
            "input", id="search", type="search", autocomplete="off", spellcheck="false",
            placeholder="Name, title, encoder, data …",
        ),
        class_="field search",
    )  # fmt: skip
    filters = [
        element(
            "div",
            element("label", label, for_=f"filter-{name}"),
            element("select", element("option", "any", value=""), id=f"filter-{name}"),
            class_="field",
        )
        for name, label in _FILTERS
    ]
    order = element(
        "div",
        element("label", "Order", for_="order"),
        element("select", *(element("option", label, value=key) for key, label in _ORDERS), id="order"),
        class_="field order",
    )
    reset = element("button", "Reset", id="reset", type="button")
    more = element(
        "details",
        element("summary", "Filters and order"),
        element("div", lines(*filters, order, reset), class_="grid"),
        id="more",
        open=True,
    )
    return element("div", lines(search, more), class_="controls script-only", role="search")


def _table(rows: Sequence[Panel]) -> Html:
    head = element("tr", *(element("th", label, scope="col", data_key=key) for key, label in TABLE))
    body = lines(*(row_html(panel) for panel in rows))
    return element(
        "table",
        lines(
            element("caption", "Models, newest first", class_="unseen"), element("thead", head), element("tbody", body)
        ),
        id="models",
        class_="models",
    )


def row_html(panel: Panel) -> Html:
    """A row of the table; `catalogue.js` makes the same from the data."""
    name = element("a", panel.name, href=f"models/{panel.stem}.html")
    flag = element("span", "withdrawn", class_="flag") if panel.is_withdrawn else None
    title = element("span", panel.title, class_="title") if panel.title and panel.title != panel.name else None
    cells = [element("th", join(name, flag, title), scope="row"), element("td", panel.date or "–")]
    for key, _ in TABLE[2:]:
        values = panel.values(COLUMNS[key])
        rest = f" +{len(values) - SHOWN_VALUES}" if len(values) > SHOWN_VALUES else ""
        shown = ", ".join(values[:SHOWN_VALUES]) + rest
        cells.append(element("td", shown) if values else element("td", "–", class_="none"))
    return element("tr", *cells)


def _pager(number: int, count: int) -> Html:
    links = [
        element("a", str(one), href=_name(one), aria_current="page" if one == number else None)
        for one in range(1, count + 1)
    ]
    return element("nav", join("Page ", *links, separator=" "), class_="pager", id="pager", aria_label="Pages")
