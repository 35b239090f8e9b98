"""Lines of a section, and the blocks that span several: code, comments, figure blocks, tables."""

from __future__ import annotations

import re
from typing import NamedTuple

from vlmingest.catalogue.lists.marks import is_delimiter_row, is_source_label, links_of

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
BULLET = re.compile(r"(\s{0,3})([-*+]|\d{1,3}[.)])\s+(?=\S)")
BOLD_LINE = re.compile(
    r"\s*+(?:\*\*|__)(?P<title>(?:\\.|(?!\*\*|__).)+)(?:\*\*|__)\s*+(?P<rest>(?:\(.*\)|\[.*\])?)\s*+(?:<br\s*+/?>|\\)?\s*+"
)
_FIGURE_OPEN = re.compile(r"\s*<!--\s*([\w-]*figure[\w-]*)\s*:?\s*(\w*)\s*-->\s*", re.IGNORECASE)
_HTML_BLOCK = re.compile(r"</?(?:details|summary|div|p|table|tr|ul|ol|center|h[1-6])\b", re.IGNORECASE)
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}\s*")


class Line(NamedTuple):
    """`raw` verbatim with its end; `text` for reading; `start` is a byte offset in the file, `number` 1-based."""

    raw: bytes
    text: str
    start: int
    number: int

    @property
    def is_blank(self) -> bool:
        """Nothing but white space."""
        return not self.text.strip()


def lines_of(data: bytes, start: int, number: int) -> list[Line]:
    """The lines of a piece of the file."""
    found = []
    for raw in data.splitlines(keepends=True):
        found.append(Line(raw, raw.decode("utf-8", "replace"), start, number))
        start += len(raw)
        number += raw.count(b"\n")
    return found


def code_end(lines: list[Line], index: int) -> int | None:
    """Index after the code block that begins at `index`; None where none begins."""
    opening = FENCE.match(lines[index].text)
    if opening is None:
        return None
    mark = opening[1]
    for position in range(index + 1, len(lines)):
        text = lines[position].text.strip()
        if len(text) >= len(mark) and set(text) == {mark[0]} and FENCE.match(lines[position].text):
            return position + 1
    return len(lines)


def comment_end(lines: list[Line], index: int) -> int | None:
    """Index after the comment that begins the line `index`; None where none begins or it never ends."""
    if not lines[index].text.lstrip().startswith("<!--"):
        return None
    for position in range(index, len(lines)):
        if "-->" in lines[position].text:
            return position + 1
    return None


def marked_figure_end(lines: list[Line], index: int) -> int | None:
    """Index after `<!-- /architecture-figure:3 -->` for the line that opens it; None for any other line."""
    opening = _FIGURE_OPEN.fullmatch(lines[index].text)
    if opening is None:
        return None
    for position in range(index + 1, len(lines)):
        text = lines[position].text.strip()
        if text.startswith("<!--") and "/" + opening[1] in text:
            return position + 1
    return None


def picture_end(lines: list[Line], index: int) -> int | None:
    """Index after a picture: `![...](...)`, `<img ...>`, or a `<p>`/`<div>` that holds one, with its caption `<p>`."""
    text = lines[index].text.strip().lower()
    if re.fullmatch(r"!\[[^\]]*\]\([^)]*\)(?:<br\s*/?>)?", text) or text.startswith("<img"):
        return index + 1
    block = re.match(r"<(p|div|figure|center)\b", text)
    if block is None:
        return None
    for position in range(index, min(len(lines), index + 12)):
        if f"</{block[1]}>" in lines[position].text.lower():
            held = "".join(line.text for line in lines[index : position + 1]).lower()
            return position + 1 if "<img" in held or "![" in held or "<b>figure" in held else None
    return None


def is_table(lines: list[Line], index: int) -> bool:
    """Does a table's head stand here?"""
    return "|" in lines[index].text and index + 1 < len(lines) and is_delimiter_row(lines[index + 1].text)


def is_rule(text: str) -> bool:
    """A horizontal rule."""
    return _RULE.fullmatch(text) is not None


def item_end(lines: list[Line], index: int) -> int | None:
    """Index after the bullet and the lines that continue it, up to a blank one or the next block; None without a bullet."""
    if BULLET.match(lines[index].text) is None or is_rule(lines[index].text):
        return None
    position = index + 1
    while position < len(lines) and not lines[position].is_blank and not _starts_block(lines, position):
        position += 1
    return position


def _starts_block(lines: list[Line], index: int) -> bool:
    """Lines that are no lazy continuation of a paragraph (CommonMark 5.2), unless they are indented into the item."""
    text = lines[index].text
    stripped = text.lstrip(" \t")
    if len(text) - len(stripped) >= 2 and not BULLET.match(stripped):
        return False
    starts = stripped.startswith(("#", ">", "|", "```", "~~~", "<!--")) or BULLET.match(text) is not None
    return starts or is_rule(text) or _HTML_BLOCK.match(stripped) is not None


def without_bullet(text: str) -> str:
    """An item without its mark."""
    bullet = BULLET.match(text)
    return text[bullet.end() :] if bullet else text


def titled(text: str) -> bool:
    """Does a bullet or line carry a title of its own: bold words, or a link whose label is no mere `Paper`?"""
    content = without_bullet(text)
    links = [link for link in links_of(content) if not link.url.startswith("#")]
    if not links:
        return False
    head = content[: links[0].start]
    if re.search(r"(?:\*\*|__)\s*[^\s*_:][^*_]*[^*_:](?:\*\*|__)(?!\s*:)", head) or len(re.sub(r"\W", "", head)) >= 12:
        label = re.match(r"[\s*_]*([\w ]{2,20})[*_]*:", head)
        return label is None or not is_source_label(label[1])
    return not is_source_label(links[0].label) and not links[0].image and not head.strip(" *_[(`~")


def bold_entry_end(lines: list[Line], index: int) -> int | None:
    """Index after an entry of the form "bold title, then authors and links"; None where the line is no such title."""
    title = BOLD_LINE.fullmatch(lines[index].text.rstrip("\r\n"))
    if title is None or title["title"].rstrip().endswith(":"):
        return None
    position, linked, end, blanks = index + 1, False, None, 0
    while position < len(lines) and position < index + 12:
        text = lines[position].text
        if not text.strip():
            blanks += 1
            if linked or blanks > 2:
                break
        elif (
            BOLD_LINE.fullmatch(text.rstrip("\r\n"))
            or BULLET.match(text)
            or text.lstrip().startswith(("|", "<details", "---"))
        ):
            break
        else:
            sources = [link for link in links_of(text) if link.image or is_source_label(link.label)]
            linked = linked or bool(sources)
            end = position + 1
        position += 1
    return end if linked else None
