"""The frame of every page: policy, navigation, switch of the theme, and where the files of the site stand."""

from __future__ import annotations

from functools import cache
from importlib import resources

from vlmingest.catalogue.site.markup import Html, element, join, lines

TITLE = "VLM architectures"
DESCRIPTION = "What vision-language models are made of, with the sentence of the paper that says so."
ASSETS = ("icon.svg", "style.css", "theme.js", "catalogue.js", "compare.js")
# no inline script or style, nothing from elsewhere; with Trusted Types no script can write markup from text either
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_NAVIGATION = (
    ("index.html", "Catalogue"),
    ("timeline.html", "Timeline"),
    ("charts.html", "Charts"),
    ("compare.html", "Compare"),
)


@cache
def load_asset(name: str) -> bytes:
    """A style sheet or script of this package."""
    return (resources.files(__package__) / "assets" / name).read_bytes()


def page(  # one argument per part of the frame
    title: str,
    body: Html,
    *,
    here: str,
    root: str = "",
    scripts: tuple[str, ...] = (),
    lead: Html | None = None,
    description: str = DESCRIPTION,
) -> bytes:
    """A whole page. `here`: its own name, marked in the navigation; `root`: the way up (`../`)."""
    full_title = title if title == TITLE else f"{title} · {TITLE}"
    head = element(
        "head",
        lines(
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", http_equiv="Content-Security-Policy", content=POLICY),
            element("meta", name="referrer", content="no-referrer"),
            element("meta", name="color-scheme", content="light dark"),
            element("meta", name="description", content=description),
            element("title", full_title),
            element("link", rel="icon", href=f"{root}assets/icon.svg"),
            element("link", rel="stylesheet", href=f"{root}assets/style.css"),
            element("link", rel="alternate", type="application/atom+xml", title=TITLE, href=f"{root}data/feed.atom"),
            element("script", Html(""), src=f"{root}assets/theme.js"),
            *(element("script", Html(""), src=f"{root}{script}", defer=True) for script in scripts),
        ),
    )
    content = element(
        "main", lines(element("div", lines(element("h1", title), lead), class_="lead"), body), id="content"
    )
    frame = lines(element("a", "Skip to the content", class_="skip", href="#content"), _top(here, root), content)
    document = element("html", lines(head, element("body", lines(frame, _foot(root)))), lang="en")
    return f"<!doctype html>\n{document}\n".encode()


def _top(here: str, root: str) -> Html:
    links = (
        element("a", label, href=root + name, aria_current="page" if name == here else None)
        for name, label in _NAVIGATION
    )
    brand = element(
        "a",
        element("span", Html(""), class_="mark", aria_hidden="true"),
        TITLE,
        class_="brand",
        href=f"{root}index.html",
    )
    switch = element("button", "Theme", id="theme", class_="script-only", type="button")
    return element("header", join(brand, element("nav", join(*links), aria_label="Main"), switch), class_="top")


def _foot(root: str) -> Html:
    files = ("catalogue.csv", "catalogue.bib", "feed.atom")
    links = join(*(element("a", name, href=f"{root}data/{name}") for name in files), separator=" · ")
    note = (
        "Made by vlmingest. Values come from the papers; each stands beside the sentence that proves it. "
        "Quotes belong to their authors."
    )
    return element("footer", lines(element("p", note), element("p", "Data: ", links)))
