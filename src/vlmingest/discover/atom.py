"""One page of arXiv's API, judged before it is parsed: error entries, empty pages, cut XML.

The `arxiv` package parses leniently: it drops an error entry, takes an empty first page for the end, and recovers what
it can from broken XML. So every page is looked at here first, strictly.
"""

from __future__ import annotations

from typing import NamedTuple

_ATOM = "{http://www.w3.org/2005/Atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


class FeedPage(NamedTuple):
    """What a page says of itself; `usable` counts entries with id, published and updated."""

    total: int
    start: int
    entries: int
    usable: int
    error: str  # the words of arXiv's error entry, or ""

    @property
    def is_contradiction(self) -> bool:
        """Nothing usable here, although the source counts results beyond `start`."""
        return self.usable == 0 and (self.entries > 0 or self.total > self.start)


def read_page(content: bytes) -> FeedPage:
    """Parse one Atom page strictly; raises ValueError where it is not a whole, well-formed feed."""
    from lxml import etree  # noqa: PLC0415 - heavy, and only needed here

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser=parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {error.msg}") from error
    if root is None or root.tag != f"{_ATOM}feed":
        raise ValueError("not an Atom feed")
    entries = root.findall(f"{_ATOM}entry")
    texts = [{child.tag: (child.text or "").strip() for child in entry} for entry in entries]
    usable = sum(all(text.get(f"{_ATOM}{name}") for name in ("id", "published", "updated")) for text in texts)
    total = _number(root.findtext(f"{_OPENSEARCH}totalResults"))
    start = _number(root.findtext(f"{_OPENSEARCH}startIndex"))
    return FeedPage(total, start, len(entries), usable, _error(texts))


def _error(entries: list[dict[str, str]]) -> str:
    """The manual (3.4) and the recorded samples: one entry titled "Error" whose id lies under /api/errors."""
    if len(entries) != 1 or entries[0].get(f"{_ATOM}title") != "Error":
        return ""
    if "/api/errors" not in entries[0].get(f"{_ATOM}id", ""):
        return ""
    return entries[0].get(f"{_ATOM}summary") or "error without words"


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.strip().isdigit() else 0
