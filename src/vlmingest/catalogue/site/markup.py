"""HTML put together from elements: text is escaped because it is text; only what `element` made is markup."""

from __future__ import annotations

import html
import re

from vlmingest.catalogue.escape import UNSEEN, html_text

_SPACES = re.compile(r"\s+")
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Html(str):
    """Markup that may stand in a page as it is."""

    __slots__ = ()


Child = str | None
Attribute = str | int | float | bool | None


def element(name: str, /, *children: Child, **attributes: Attribute) -> Html:
    """`<name attributes>children</name>`; plain strings are escaped, None is left out.

    `class_`, `for_` stand for `class`, `for`; other underscores become hyphens (`aria_label`). True gives a bare
    attribute, None and False none. `style` and event handlers are refused: the pages' policy forbids them.
    """
    shown = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        label = key.rstrip("_").replace("_", "-")
        if label == "style" or label.startswith("on"):
            raise ValueError(f"the attribute {label} is not allowed in a page")
        shown.append(f" {label}" if value is True else f' {label}="{html_text(str(value))}"')
    head = f"<{name}{''.join(shown)}>"
    return Html(head) if name in _VOID else Html(f"{head}{join(*children)}</{name}>")


def join(*children: Child, separator: str = "") -> Html:
    """Children one after the other; plain strings are escaped, `separator` is not."""
    return Html(separator.join(child if isinstance(child, Html) else _text(child) for child in children if child))


def _text(text: str) -> str:
    """Escaped, on one line; a space at either end stays, since another element may stand there."""
    return html.escape(_SPACES.sub(" ", UNSEEN.sub("", text)))


def lines(*children: Child) -> Html:
    """Children one per line: a small change of the catalogue gives a small diff of the page."""
    return join(*children, separator="\n")
