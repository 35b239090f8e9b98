"""A list as bytes in typed pieces: `b"".join(piece.data for piece in pieces) == file` for any bytes whatever.

A file is cut twice. `cut` cuts at headings (a fast scan: lists of many megabytes are cut in well under a second);
each `Section` is cut further into `Segment`s only when somebody asks what is in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise


class Kind(StrEnum):
    """What a piece of a list is; the value is its name in the import report."""

    FRONT_MATTER = "front matter"
    HEADING = "heading"
    CONTENTS = "contents"
    INDEX = "index row"
    TIMELINE = "timeline row"
    TABLE = "table head"
    ROW = "table row"
    ENTRY_ROW = "entry row"
    ENTRY_ITEM = "entry item"
    ENTRY_LINE = "entry line"  # a bold title, and the line of authors or links below it
    BADGES = "badges and links"
    AUTHORS = "authors"
    RELEASED = "release date"
    FIGURE = "figure block"
    DISCLOSURE = "disclosure"
    SUMMARY = "summary"
    DEEP_DIVE = "deep dive"
    REFERENCE = "reference"
    ITEM = "list item"
    TEXT = "text"
    CODE = "code block"
    COMMENT = "comment"
    BANNER = "image"
    RULE = "rule"
    BLANK = "blank"
    VERBATIM = "verbatim"  # not understood: published again as it is


@dataclass(frozen=True, slots=True)
class Segment:
    """Whole lines of one kind, verbatim; `line` is 1-based."""

    kind: Kind
    data: bytes
    line: int
    start: int = 0  # byte offset in the file

    @property
    def text(self) -> str:
        """The segment for reading: damaged UTF-8 shows as U+FFFD."""
        return self.data.decode("utf-8", "replace")


@dataclass(frozen=True)
class Section:
    """From one heading to the next. Level 0 is what stands before the first heading; `start` is a byte offset."""

    data: bytes
    line: int
    start: int = 0
    level: int = 0
    heading: str = ""  # the heading's Markdown, without its marks
    _cache: dict[str, object] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def title(self) -> str:
        """The heading as plain text: bold marks and link targets left out."""
        return plain_heading(self.heading)

    @cached_property
    def text(self) -> str:
        """The section for reading: damaged UTF-8 shows as U+FFFD."""
        return self.data.decode("utf-8", "replace")

    @cached_property
    def body(self) -> str:
        """`text` without the heading line."""
        return self.text if not self.level else self.text.partition("\n")[2]

    @cached_property
    def face_bytes(self) -> bytes:
        """What a reader sees without opening anything, below the heading, up to the first disclosure or code block."""
        start = self.data.find(b"\n") + 1 if self.level else 0
        if self.level and not start:
            return b""
        end = self.data.find(b"<details", start)
        end = len(self.data) if end < 0 else end
        if b"```" in self.data or b"~~~" in self.data or end == len(self.data):
            hidden = _HIDDEN.search(self.data, start, end)
            end = hidden.start() if hidden else end
        return self.data[start:end]

    @cached_property
    def face(self) -> str:
        """`face_bytes` for reading."""
        return self.face_bytes.decode("utf-8", "replace")


_MARKUP = re.compile(r"[*_`\[\]<>\\!#&]")
_HIDDEN = re.compile(rb"<(?:details|DETAILS|Details)\b|\n {0,3}(?:```|~~~)")
_LINK = re.compile(r"!?\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)")
_AFTER_LINE_END = rb"(?: {0,3}(`{3,}|~{3,})|(#{1,6})(?=[ \t\r\n]|\Z)|[ \t]*(<!--))"
# begins with the line end itself, not with a look-behind: that keeps the scan as fast as a search for one character
_MARK = re.compile(rb"\n" + _AFTER_LINE_END)
_MARK_OLD_MAC = re.compile(rb"[\r\n]" + _AFTER_LINE_END)  # files with lone carriage returns
_FIRST = re.compile(_AFTER_LINE_END)
_FENCE_END = {byte: re.compile(rb"^ {0,3}(%s{3,})[ \t]*\r?$" % byte, re.MULTILINE) for byte in (b"`", b"~")}
_LINE_END = re.compile(rb"\r\n|\n|\r")


def plain_heading(markdown: str) -> str:
    """`**[LLaVA](url)** ##` -> `LLaVA`; images are dropped, inline code and backslash escapes resolved."""
    bare = markdown.strip().removeprefix("**").removesuffix("**").strip()
    if not _MARKUP.search(bare):
        return " ".join(bare.split())
    text = escapes_hidden(markdown)
    text = re.sub(r"\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)|!\[[^\]]*\]\([^)]*\)", "", text)
    text = _LINK.sub(lambda m: m[1], text)
    text = re.sub(r"<[^<>]*>", "", text)
    text = re.sub(r"[ \t]#+[ \t]*\Z", "", text).strip()
    text = re.sub(r"\*\*|__|(?<!\w)[*_`](?=\S)|(?<=\S)[*_`](?!\w)", "", text)
    return " ".join(escapes_shown(text).split())


_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HIDDEN_CHARACTER = re.compile("[\ue021-\ue07e]")


def escapes_hidden(markdown: str) -> str:
    """Backslash escapes as private-use characters, so that an escaped star marks no emphasis; see `escapes_shown`."""
    return _ESCAPED.sub(lambda m: chr(0xE000 + ord(m[1])), markdown)


def escapes_shown(text: str) -> str:
    """The characters that were escaped, and HTML entities, as themselves."""
    shown = html.unescape(text) if "&" in text else text
    return _HIDDEN_CHARACTER.sub(lambda m: chr(ord(m[0]) - 0xE000), shown).replace("\u200b", "")


def cut(data: bytes) -> list[Section]:
    """Cut at headings that stand outside code fences and comments. No byte is dropped; any bytes are a list."""
    cuts = [(0, 0, ""), *_headings(data), (len(data), 0, "")]
    sections, line = [], 1
    for (start, level, heading), (end, _, _) in pairwise(cuts):
        piece = data[start:end]
        if piece:
            sections.append(Section(piece, line, start, level, heading))
            line += piece.count(b"\n")
    return sections


def _headings(data: bytes) -> Iterator[tuple[int, int, str]]:
    mark = _MARK_OLD_MAC if b"\r" in data and data.count(b"\r") != data.count(b"\r\n") else _MARK
    position = 0
    while match := (mark.search(data, position) if position else _FIRST.match(data) or mark.search(data)):
        fence, hashes, comment = match.groups()
        if fence is not None:
            position = _fence_end(data, match.end(), fence)
        elif comment is not None:
            closed = data.find(b"-->", match.end())
            position = closed + 3 if closed >= 0 else match.end()
        else:
            stop = _LINE_END.search(data, match.end())
            position = stop.start() if stop else len(data)
            yield match.start(2), len(hashes), data[match.end() : position].decode("utf-8", "replace").strip()


def _fence_end(data: bytes, position: int, fence: bytes) -> int:
    """Where the code block ends that `fence` opens; an open one runs to the end of the file (CommonMark 4.5)."""
    for match in _FENCE_END[fence[:1]].finditer(data, position):
        if len(match[1]) >= len(fence):
            return match.end()
    return len(data)
