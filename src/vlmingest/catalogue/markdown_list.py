"""An existing Markdown list, kept byte for byte: `render_list(parse_list(data)) == data` for any bytes.

The list is cut into segments at its headings; a segment below the top that holds badges is a panel. What a panel
holds is read from its lines; what is not understood stays in the segment's bytes and is published again as it was.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from itertools import pairwise

from vlmingest.document import Frozen
from vlmingest.errors import InvalidArxivIdError
from vlmingest.ids import ArxivId
from vlmingest.records import Entry, EntryFigure, EntryLink, Released

_HEADING = re.compile(rb"^(#{1,6})[ \t]+(.*?)[ \t]*\r?$", re.MULTILINE)
_FENCE = re.compile(rb"^ {0,3}(?:```|~~~)")
_BADGE = re.compile(r"\[!\[([^\]]*)\]\([^)]*\)\]\(([^)\s]+)\)")
_RELEASED = re.compile(r"\*\*Released:\*\*\s*(\d{4}-\d{2}-\d{2})")
_IMAGE = re.compile(r"<img\b[^>]*?\bsrc=[\"']([^\"']+)[\"']", re.IGNORECASE)
_FIGURE = re.compile(r"<b>Figure\s+([\w.]+?)\.?</b>\s*(.*?)(?:<a\b|</sub>)(?:.*?PDF p\. (\d+))?", re.DOTALL)
_TIMELINE = re.compile(r"^\|\s*(\d{4}-\d{2}-\d{2})\s*\|\s*([^|]+?)\s*\|", re.MULTILINE)
_FENCED_OR_DETAILS = re.compile(r"<details\b.*", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Segment:
    """`data` verbatim; `line` is 1-based. Level 0 is what stands before the first heading."""

    data: bytes
    line: int
    level: int = 0
    title: str = ""

    @property
    def text(self) -> str:
        """The segment for reading: damaged UTF-8 shows as U+FFFD."""
        return self.data.decode("utf-8", "replace")

    @property
    def badges(self) -> list[tuple[str, str]]:
        """Label and target of each badge, in order, outside the expandable part."""
        return _BADGE.findall(_FENCED_OR_DETAILS.sub("", self.text))

    @property
    def is_panel(self) -> bool:
        """An entry of the list: a heading below the top with at least one badge."""
        return self.level >= 2 and bool(self.title) and bool(self.badges)


class ListDocument(Frozen):
    """A list as segments that concatenate to its exact bytes."""

    segments: tuple[Segment, ...]

    @property
    def panels(self) -> list[Segment]:
        """The entries, in the order of the list."""
        return [segment for segment in self.segments if segment.is_panel]

    @property
    def timeline(self) -> list[tuple[str, str]]:
        """Date and name of each row of the timeline table."""
        rows = (_TIMELINE.findall(segment.text) for segment in self.segments if not segment.is_panel)
        return [row for found in rows for row in found]


def parse_list(data: bytes) -> ListDocument:
    """Cut at headings outside code fences. No byte is dropped or changed; any bytes are a list."""
    cuts = [(0, 0, "")]
    fenced, offset = False, 0
    for line in data.splitlines(keepends=True):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (match := _HEADING.match(line)):
            title = match[2].decode("utf-8", "replace").strip().rstrip("#").strip().strip("*").strip()
            cuts.append((offset, len(match[1]), title))
        offset += len(line)
    bounds = [*cuts, (len(data), 0, "")]
    segments = []
    line_number = 1
    for (start, level, title), (end, _, _) in pairwise(bounds):
        piece = data[start:end]
        if piece:
            segments.append(Segment(piece, line_number, level, title))
            line_number += piece.count(b"\n")
    return ListDocument(segments=tuple(segments))


def render_list(document: ListDocument) -> bytes:
    """The exact bytes that were parsed."""
    return b"".join(segment.data for segment in document.segments)


def entries_of(document: ListDocument, manifest: bytes | None = None) -> list[Entry]:
    """The panels as entries. `manifest` (JSON with `figures`) adds hand-made crop boxes; a broken one is ignored."""
    figures = _manifest(manifest)
    dates = {name: day for day, name in document.timeline}
    return [_entry(panel, dates, figures) for panel in document.panels]


def _entry(panel: Segment, dates: dict[str, str], figures: dict[str, dict[str, object]]) -> Entry:
    name = panel.title.split(":")[0].strip()
    lines = [line.strip() for line in panel.text.splitlines()[1:]]
    papers = []
    for _, url in panel.badges:
        try:
            papers.append(ArxivId.parse(url).base)
        except InvalidArxivIdError:
            continue
    released = _RELEASED.search(panel.text)
    day = released[1] if released else dates.get(name)
    return Entry(
        name=name,
        title=panel.title,
        summary=next((line for line in lines if line and not line.startswith(("[", "<", "!"))), ""),
        authors=_authors(lines),
        released=Released(date=day, basis="list") if day else None,
        papers=tuple(dict.fromkeys(papers)),
        links=tuple(EntryLink(label=label, url=url) for label, url in panel.badges),
        figure=_figure(panel, figures.get(panel.title, {})),
        status="published",
    )


def _authors(lines: list[str]) -> str:
    """The line after the badges."""
    after = [index for index, line in enumerate(lines) if line.startswith("[![")]
    for line in lines[after[-1] + 1 :] if after else ():
        if line and not line.startswith("<") and not line.startswith("**Released"):
            return line.removesuffix("<br>").strip()
        if line.startswith(("<p", "<details", "<!--")):
            return ""
    return ""


def _figure(panel: Segment, known: dict[str, object]) -> EntryFigure | None:
    image = _IMAGE.search(_FENCED_OR_DETAILS.sub("", panel.text))
    if image is None:
        return None
    caption = _FIGURE.search(panel.text)
    box = known.get("crop_pdf_points")
    numbers = [float(n) for n in box if isinstance(n, int | float)] if isinstance(box, list) else []
    return EntryFigure(
        number=caption[1] if caption else None,
        page=int(caption[3]) if caption and caption[3] else None,
        file=image[1],
        caption=html.unescape(caption[2]).strip() if caption else "",
        bbox=(numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None,
    )


def _manifest(data: bytes | None) -> dict[str, dict[str, object]]:
    try:
        loaded = json.loads(data) if data else {}
    except ValueError:
        return {}
    rows = loaded.get("figures") if isinstance(loaded, dict) else None
    return {str(row.get("title")): row for row in rows if isinstance(row, dict)} if isinstance(rows, list) else {}
