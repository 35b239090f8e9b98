"""The marks of LaTeXML's HTML: class names, what is dropped, cells that span, addresses, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from vlmingest.read.markup import clean

DROPPED_TAGS = frozenset(
    [
        "script", "style", "noscript", "template", "head", "nav", "button", "iframe", "object", "embed",
        "form", "svg", "title", "annotation", "annotation-xml", "footer",
    ]
)  # fmt: skip
DROPPED_CLASSES = frozenset(
    [
        "ltx_ERROR", "ltx_missing_citation", "ltx_note_mark", "ltx_tag_note", "ltx_note_type", "ltx_rdf", "ltx_page_footer",
        "ltx_page_header", "ltx_page_navbar", "ltx_pagination", "ltx_TOC", "ltx_page_logo",
        "ltx_role_footnotemark", "ltx_dates", "ltx_keywords", "ltx_classification", "ltx_bib_cited",
        "MJX_Assistive_MathML",
    ]
)  # fmt: skip
LEVELS = {
    "ltx_title_part": 1, "ltx_title_chapter": 1, "ltx_title_section": 1, "ltx_title_appendix": 1,
    "ltx_title_bibliography": 1,
    "ltx_title_acknowledgements": 1, "ltx_title_subsection": 2, "ltx_title_subsubsection": 3, "ltx_title_paragraph": 4,
    "ltx_title_subparagraph": 5,
}  # fmt: skip
FLOATS = frozenset(["ltx_figure", "ltx_table", "ltx_float"])
FORMULAS = frozenset(["ltx_equation", "ltx_equationgroup", "ltx_eqn_table", "ltx_DisplayMath", "ltx_displaymath"])
BLOCK_TAGS = frozenset(
    [
        "div", "section", "article", "main", "body", "html", "header", "aside", "blockquote", "ul", "ol",
        "dl", "dd", "dt", "center", "td", "tr", "tbody", "figure", "pre",
    ]
)  # fmt: skip
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])", re.IGNORECASE
)
HEADING = re.compile(r"h([1-6])\Z")
NUMBERED = re.compile(r"(?P<number>(?:\d+|[A-Z])(?:\.\d+)*)\.?\s+(?P<title>\D.*)", re.DOTALL)
ENTRY = re.compile(r"#bib\.bib(\d+)")
TAG_WORDS = re.compile(r"^(?:appendix|chapter|part|section|§)\s*", re.IGNORECASE)


def classes_of(element: Any) -> list[str]:
    """The class names of an element."""
    return (element.get("class") or "").split()


def is_dropped(element: Any, classes: list[str]) -> bool:
    """Whether an element is not text that a reader sees: scripts, navigation, hidden parts, marks of notes."""
    if not isinstance(element.tag, str) or element.tag in DROPPED_TAGS or not DROPPED_CLASSES.isdisjoint(classes):
        return True
    if element.get("hidden") is not None or (element.get("aria-hidden") == "true" and "ltx_tag" not in classes):
        return not any(name.startswith("mjx") for name in classes)
    style = element.get("style")
    return bool(style and HIDDEN.search(style))


def with_class(element: Any, wanted: str) -> Iterator[Any]:
    """Descendants that carry the class, in document order."""
    return (found for found in element.iter() if isinstance(found.tag, str) and wanted in classes_of(found))


def fill_down(line: list[str], pending: dict[int, tuple[int, str]]) -> None:
    """Put what spans down from above into the next columns."""
    while (above := pending.pop(len(line), None)) is not None:
        left, text = above
        if left > 1:
            pending[len(line)] = (left - 1, text)
        line.append(text)


def span_of(cell: Any, name: str) -> int:
    """How many columns or rows a cell spans (`name`: colspan or rowspan), at most 200."""
    value = cell.get(name) or next((c.rsplit("_", 1)[1] for c in classes_of(cell) if c.startswith(f"ltx_{name}_")), "1")
    return min(max(int(value), 1), 200) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def has_heading(element: Any) -> bool:
    """Whether a heading stands inside."""
    return any(
        not LEVELS.keys().isdisjoint(classes_of(inner)) for inner in element.iter() if isinstance(inner.tag, str)
    )


def is_grid(element: Any) -> bool:
    """Whether this is a table, and none that lays out a formula."""
    classes = classes_of(element)
    return ("ltx_tabular" in classes or element.tag == "table") and FORMULAS.isdisjoint(classes)


def is_header_row(row: Any, cells: list[Any]) -> bool:
    """Whether a row belongs to the head of its table."""
    parent = row.getparent()
    if parent is not None and (parent.tag == "thead" or "ltx_thead" in classes_of(parent)):
        return True
    return bool(cells) and all("ltx_th_column" in classes_of(c) for c in cells)


def outside(href: str) -> str:
    """The address where it leads to another host, else nothing."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    return href.strip() if parts.scheme in ("http", "https") and parts.netloc and len(href) < 2000 else ""


def asset_of(source: str) -> str:
    """The file name of a figure; data URLs and foreign hosts have none."""
    if "://" in source or source.startswith(("data:", "//")):
        return ""
    return re.split(r"[?#]", source, maxsplit=1)[0].strip()[:300]


def names_of(text: str) -> list[str]:
    """Author names of one personname: LaTeXML puts whole author lists into one."""
    parts = re.split(r"\s*(?:,|;|&|\band\b|\\And|\\AND)\s*", clean(text))
    names = [re.sub(r"[\d*†‡§¶∗]+\Z|\A[\d*†‡§¶∗]+", "", part).strip(" ,;") for part in parts]
    return [name for name in names if 2 < len(name) < 60 and "@" not in name and "://" not in name]
