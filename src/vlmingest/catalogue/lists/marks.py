"""The small signs of a list's Markdown: links, badges, dates, table rows, and what a label such as `Code` means."""

from __future__ import annotations

import re
from typing import NamedTuple

from vlmingest.catalogue.lists.segments import escapes_hidden, escapes_shown


class Link(NamedTuple):
    """One link; `image` is the badge's picture ("" for plain links), `start` and `end` are offsets in the text."""

    label: str
    url: str
    image: str
    start: int
    end: int


_TARGET = r"<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?"
_LINK = re.compile(
    rf"\[!\[([^\]]{{0,300}})\]\(([^)\s]*)(?:\s+\"[^\"]*\")?\)\]\({_TARGET}\)"  # a badge that leads somewhere
    rf"|(?<!!)\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\](?!\())+)\]\({_TARGET}\)"  # a plain link
)
# lengths are bounded: foreign text may open what it never closes, and every search must stay linear
_HTML_LINK = re.compile(
    r"<a\b[^<>]{0,300}?\bhref=[\"']([^\"'<>]{1,2000})[\"'][^<>]{0,300}>(.{0,600}?)</a>", re.IGNORECASE | re.DOTALL
)
_HTML_IMAGE = re.compile(r"<img\b[^<>]{0,600}?\bsrc=[\"']([^\"'<>]{1,2000})[\"'][^<>]{0,600}>", re.IGNORECASE)
_ALT = re.compile(r"\balt=[\"']([^\"']*)[\"']", re.IGNORECASE)
_MARKUP = re.compile(r"[*_`\[\]<>\\!~&]")
_TAG = re.compile(r"<[^<>]*>")
# labels that say what kind of source a link is; anything else is somebody's title
_SOURCE = re.compile(
    r"(?:the )?(?:official |original )?(?:paper|pdf|abs|arxiv|eprint|publication|code|source|github|repo(?:sitory)?"
    r"|project(?: ?page)?|web ?(?:site|page)|home ?page|page|demos?|models?|weights|checkpoints?|hugging ?face|hf|🤗"
    r"|data(?:set)?s?|benchmark|blog(?: ?post)?|video|youtube|slides|poster|bib(?:tex)?|citation|open ?review|tech(?:nical)?"
    r"|report|card|gradio|spaces?|colab|docs?|link|releases?|official|supp(?:lementary|l)?|twitter|intro(?:duction)?|news|stars?"
    r"|license|modelscope|implementation|pytorch|tensorflow|jax|unofficial)"
    r"(?:[ -]+(?:report|card|page|release|code|link|model|\d+|official|version|abs|pdf|paper|project|repo))*",
    re.IGNORECASE,
)
_RELEASED = re.compile(r"\*\*(?:Released|Release date|Date|Published)\s*+:?\*\*\s*+:?\s*+(\S+)", re.IGNORECASE)
_DELIMITER = re.compile(r"\s*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+")
DAY_OR_MONTH = re.compile(r"(?<![\d-])\d{4}-\d{2}(?:-\d{2})?(?![\d-])")
ISO_DATE = re.compile(r"(?<!\d)(\d{4})[-/.](\d{2})[-/.](\d{2})(?!\d)")


def links_of(text: str) -> list[Link]:
    """Badges, Markdown links and HTML links of `text`, in order."""
    found = []
    for match in _LINK.finditer(text):
        if match[4] is None:
            found.append(Link(match[1].strip(), match[3], match[2], match.start(), match.end()))
        else:
            label = plain_text(match[4])
            bare = label[1:-1] if label.startswith("[") and label.endswith("]") else label  # `[[Paper]](url)`
            found.append(Link(bare, match[5], "", match.start(), match.end()))
    if "<a" in text or "<A" in text:
        for match in _HTML_LINK.finditer(text):
            image = _HTML_IMAGE.search(match[2])
            alt = _ALT.search(image[0]) if image else None
            label = plain_text(match[2]) or (alt[1] if alt else "")
            found.append(Link(label, match[1], image[1] if image else "", match.start(), match.end()))
        found.sort(key=lambda link: link.start)
    return found


def is_external(link: Link) -> bool:
    """Does it leave the list?"""
    return link.url.lower().startswith(("http://", "https://"))


def is_source_label(label: str) -> bool:
    """`Paper`, `[code]`, `Project Page`: a label that names a kind of source, not a title."""
    return _SOURCE.fullmatch(label.strip(" []()*_:：.").strip()) is not None


def released_in(text: str) -> str | None:
    """What stands behind `**Released:**`, as written."""
    match = _RELEASED.search(text)
    return match[1] if match else None


def plain_text(markdown: str) -> str:
    """Markdown or HTML as words: marks, images and tags left out, links as their labels."""
    if not _MARKUP.search(markdown):
        return " ".join(markdown.split())
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", escapes_hidden(markdown))
    text = re.sub(r"\[([^\[\]]*)\]\([^)]*\)", r"\1", text)
    text = _TAG.sub(" ", text)
    text = re.sub(r"\*\*|__|~~|`", "", text)
    text = re.sub(r"(?<![\w*\\])[*_](?=\S)|(?<=[^\s\\])[*_](?![\w*])", "", text)
    return " ".join(escapes_shown(text).split())


def cells_of(row: str) -> list[str]:
    """The cells of a table row; an escaped bar does not end one."""
    text = row.strip()
    text = text.removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", text)]


def is_delimiter_row(line: str) -> bool:
    """`| --- | :-: |`: what makes the line above a table's head."""
    return "-" in line and "|" in line and _DELIMITER.fullmatch(line.rstrip("\r\n")) is not None
