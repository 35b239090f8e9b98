"""Paper text, list text and addresses made safe for the format they are written into.

Everything that a paper, a list or a reply says is data: in Markdown it can neither open a tag, a link nor a table cell,
in HTML no tag, in CSV no formula (OWASP "CSV Injection"), and an address is a link only where its scheme is http(s).
"""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import quote, urlsplit

# C0 and C1 controls, lone surrogates (no UTF-8 holds them), and what reorders displayed text ("Trojan Source",
# CVE-2021-42574)
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_MARKDOWN = re.compile(r"([\\`*_\[\]~|$])")
_LINE_START = re.compile(r"^([#>+=-]|\d+(?=[.)](?:\s|$)))")  # CommonMark: white space behind the mark of a list
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SAFE_URL = "!#$&'*+,/:;=?@~%-._"


def plain(text: str) -> str:
    """One line without control and text-reordering characters; runs of white space become one space."""
    return " ".join(UNSEEN.sub("", text).split())


def markdown_text(text: str) -> str:
    """`text` as one line of Markdown that shows exactly these characters: no markup, HTML, table cell or mention."""
    line = _MARKDOWN.sub(r"\\\1", plain(text))
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")
    line = re.sub(r"(?i)\b(https?|ftp|www)(?=:|\.)", lambda m: m[0] + "&#8203;", line)  # GFM would link a bare address
    return _LINE_START.sub(lambda m: "\\" + m[0] if not m[0].isdigit() else f"{m[0]}&#8203;", line)


def html_text(text: str) -> str:
    """`text` for HTML text and quoted attributes."""
    return html.escape(plain(text), quote=True)


def csv_cell(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula: a leading apostrophe where it would."""
    cell = UNSEEN.sub("", text)
    return "'" + cell if cell.lstrip(" ").startswith(_FORMULA_START) else cell


def safe_url(url: str) -> str | None:
    """The address, percent-encoded for Markdown and HTML; None where it is not http(s) with a host."""
    address = UNSEEN.sub("", url).strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    # parentheses would end a Markdown link, brackets and quotes an attribute
    return quote(address, safe=_SAFE_URL)


def markdown_link(label: str, url: str) -> str:
    """`[label](url)`, or the escaped label and address as text where the address is not a safe one."""
    target = safe_url(url)
    return f"[{markdown_text(label)}]({target})" if target else f"{markdown_text(label)} ({markdown_text(url)})"


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens: for file names and anchors of our own; never empty."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-") or "entry"


def paper_stem(paper_id: str) -> str:
    """A paper's id as a safe file stem: `2304.08485`, `hep-th_9901001`, `local-3fa9...`; never a path."""
    return re.sub(r"[^A-Za-z0-9._-]", lambda m: "_" if m[0] == "/" else "-", paper_id).lstrip(".") or "paper"
