"""The static site: one folder, no server, nothing from elsewhere; it works from file:// and without JavaScript.

Catalogue (search, filters, order, choice), timeline, charts, comparison, and a page per model with its evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vlmingest.catalogue.feeds import export_atom, export_bibtex
from vlmingest.catalogue.fields import in_order
from vlmingest.catalogue.figures import FigureFile
from vlmingest.catalogue.site.charts import charts_page
from vlmingest.catalogue.site.compare import compare_page
from vlmingest.catalogue.site.front import front_pages
from vlmingest.catalogue.site.layout import ASSETS, load_asset
from vlmingest.catalogue.site.model import model_page
from vlmingest.catalogue.site.panels import panels_of
from vlmingest.catalogue.site.scripts import catalogue_data, comparison_data
from vlmingest.catalogue.site.timeline import timeline_page
from vlmingest.catalogue.tables import export_csv
from vlmingest.records import Entry, Record

__all__ = ["build_site"]


def build_site(
    records: Sequence[Record], entries: Sequence[Entry] = (), figures: Mapping[str, FigureFile] | None = None
) -> dict[str, bytes]:
    """Relative file name -> bytes; the same input gives the same bytes.

    `figures`: paper id -> the figure that may be shown. All text is escaped; the pages' policy forbids inline scripts.
    """
    figures = figures or {}
    ordered = in_order(records)
    panels = panels_of(ordered, entries)
    files = front_pages(panels)
    files |= {
        "timeline.html": timeline_page(panels),
        "charts.html": charts_page(panels),
        "compare.html": compare_page(panels),
        "assets/data.js": catalogue_data(panels),
        "assets/compare-data.js": comparison_data(panels),
        "data/catalogue.csv": export_csv(ordered),
        "data/catalogue.bib": export_bibtex(ordered, entries),
        "data/feed.atom": export_atom(ordered, entries),
    }
    files |= {f"assets/{name}": load_asset(name) for name in ASSETS}
    for panel in panels:
        figure = next((figures[record.paper.id] for record in panel.records if record.paper.id in figures), None)
        files[f"models/{panel.stem}.html"] = model_page(panel, figure)
        if figure:
            files[f"figures/{figure.name}"] = figure.data
    return files
