"""The units of a list as entries: families with papers, links, date, figure and prose.

What the list does not say stays empty. A date that only the list states has the basis `list`; where it comes from is
`Released.source` ("panel" or "timeline").
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping

from vlmingest.catalogue.lists import lines as ln
from vlmingest.catalogue.lists.document import ListDocument, Unit
from vlmingest.catalogue.lists.marks import (
    ISO_DATE,
    Link,
    cells_of,
    is_external,
    is_source_label,
    links_of,
    plain_text,
    released_in,
)
from vlmingest.catalogue.lists.pieces import looks_like_names, title_column
from vlmingest.catalogue.lists.segments import Kind, Segment
from vlmingest.errors import InvalidArxivIdError
from vlmingest.ids import ArxivId
from vlmingest.records import Entry, EntryFigure, EntryLink, Released

_IMAGE = re.compile(
    r"<img\b[^<>]{0,600}?\bsrc=[\"']([^\"'<>]{1,2000})[\"']|!\[[^\]]{0,600}\]\(([^)\s]+)[^)]{0,600}\)", re.IGNORECASE
)
_FIGURE_NOTE = re.compile(
    r"[>\s]*\*\*[^*\n]{0,40}figure", re.IGNORECASE
)  # `> **Architecture figure:** Figure 1 of the ...`
_HUGGING_FACE_PAPER = re.compile(r"huggingface\.co/papers/([\w.]+)")
_CAPTION = re.compile(r"<b>Figure\s+([\w.]+?)\.?</b>\s*(.{0,3000}?)(?:<a\b|</sub>)", re.DOTALL)
_PAGE = re.compile(r"PDF p\. (\d+)")
_DASH = re.compile(r"\A\s*(?:[-–—:|]\s+|[-–—]\s*)|(?<!\s)\s+[-–—]\s+")
# tags before a title: `**[CVPR 2024]**`, `(*2023.05*)`, `` `2024-03-05` ``; a link's label is none
_TAGS = re.compile(
    r"(?:\s*[*_]{0,3}(?:\[[^\]\n]{0,24}\d{2,4}[^\]\n]{0,10}\](?!\()|\([^)\n]{0,20}\d{4}[^)\n]{0,10}\)|`[^`\n]{1,24}`"
    r"|\d{4}[-./]\d{2}(?:[-./]\d{2})?)[*_]{0,3}[:,]?(?=\s))+\s*"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_EDGE = r"[\s,;:.()\[\]|/`*_-]*"
_VENUE = re.compile(
    rf"\A{_EDGE}(?:\(?[A-Z][\w'’.& -]{{1,30}}\d{{2,4}}\)?|\(?\d{{4}}(?:[./-]\d{{1,2}}){{0,2}}\)?)?{_EDGE}\Z"
)

Manifest = Mapping[str, Mapping[str, object]]


def entries_of(document: ListDocument, manifest: bytes | None = None) -> list[Entry]:
    """The units as entries, in the order of the list. `manifest` (JSON with `figures`) adds hand-made crop boxes."""
    figures = manifest_rows(manifest)
    dates = {plain_text(name): day for day, name in document.timeline}
    places = {section.start: index for index, section in enumerate(document.sections)}
    found = []
    for unit in document.units:
        if unit.shape == "panel":
            found.append(_panel(unit, document.pieces(places[unit.start]), dates, figures))
        else:
            found.append(_small(unit))
    return found


def family_name(title: str) -> str:
    """`LLaVA 1.5: Improved Baselines` -> `LLaVA 1.5`."""
    name, colon, rest = title.partition(":")
    return name.strip() if colon and rest[:1] in ("", " ") and name.strip() else title.strip()


def paper_ids(urls: Iterable[str]) -> tuple[str, ...]:
    """The arXiv ids behind addresses, without version and repeats."""
    found: dict[str, None] = {}
    for url in urls:
        # Hugging Face names its paper pages by arXiv id
        hugging = _HUGGING_FACE_PAPER.search(url)
        target = hugging[1] if hugging else url
        try:
            found.setdefault(ArxivId.parse(target).base)
        except InvalidArxivIdError:
            continue
    return tuple(found)


# --- panels ----------------------------------------------------------------------------------------------------


def _panel(unit: Unit, pieces: tuple[Segment, ...], dates: Mapping[str, str], figures: Manifest) -> Entry:
    name = family_name(unit.title)
    face = links_of(unit.section.face)
    sources = [link for link in face if is_external(link) and (link.image or is_source_label(link.label))]
    heading = [link for link in links_of(unit.section.heading) if is_external(link)]
    links = heading + [link for link in sources if not _in_figure(link, unit)]
    papers = paper_ids(link.url for link in links)
    if not papers:  # the figure's source, then any address in the panel
        papers = paper_ids(link.url for link in face)[:1] or paper_ids(link.url for link in links_of(unit.text))[:1]
    return Entry(
        name=name,
        title=unit.title,
        summary=" ".join(_words(pieces, Kind.SUMMARY).split("\n")[0].split()) if pieces else "",
        authors=_authors(pieces),
        released=_released(unit, name, dates),
        papers=papers,
        links=tuple(EntryLink(label=link.label, url=link.url) for link in links),
        figure=_figure(pieces, figures.get(unit.title, {})),
        status="published",
    )


def _in_figure(link: Link, unit: Unit) -> bool:
    """Links of the caption (`Source paper`, `Figure notice`) or of the note in its place are no badges."""
    line = unit.section.face[unit.section.face.rfind("\n", 0, link.start) + 1 : link.start]
    return not link.image and ("<sub>" in line or _FIGURE_NOTE.match(line) is not None)


def _words(pieces: Iterable[Segment], kind: Kind) -> str:
    return "\n".join(piece.text.strip() for piece in pieces if piece.kind == kind)


def _authors(pieces: Iterable[Segment]) -> str:
    text = _words(pieces, Kind.AUTHORS)
    return re.sub(r"(?i)\A(?:\*\*)?authors?:?(?:\*\*)?:?\s*", "", plain_text(re.sub(r"<br\s*/?>", " ", text)))


def _released(unit: Unit, name: str, dates: Mapping[str, str]) -> Released | None:
    day = released_in(unit.section.face)
    if day:
        return Released(date=day, basis="list", source="panel")
    day = dates.get(name) or dates.get(unit.title)
    return Released(date=day, basis="list", source="timeline") if day else None


def _figure(pieces: Iterable[Segment], known: Mapping[str, object]) -> EntryFigure | None:
    text = "".join(piece.text for piece in pieces if piece.kind == Kind.FIGURE)
    image = _IMAGE.search(text)
    if image is None:
        return None
    caption, page = _CAPTION.search(text), _PAGE.search(text)
    box = known.get("crop_pdf_points")
    numbers = [float(n) for n in box if isinstance(n, int | float)] if isinstance(box, list) else []
    return EntryFigure(
        number=caption[1] if caption else None,
        page=int(page[1]) if page else None,
        file=image[1] or image[2],
        caption=" ".join(html.unescape(plain_text(caption[2])).split()) if caption else "",
        bbox=(numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None,
    )


def manifest_rows(data: bytes | None) -> dict[str, dict[str, object]]:
    """The figure records of a manifest by panel title; a broken manifest is an empty one."""
    try:
        loaded = json.loads(data) if data else {}
    except ValueError:
        return {}
    rows = loaded.get("figures") if isinstance(loaded, dict) else None
    return {str(row.get("title")): row for row in rows if isinstance(row, dict)} if isinstance(rows, list) else {}


# --- items, rows, bold titles ----------------------------------------------------------------------------------


def _small(unit: Unit) -> Entry:
    links = [link for link in links_of(unit.text) if is_external(link)]
    title, rest = _title_of(unit)
    day = ISO_DATE.search(re.sub(r"\]\([^)]*\)", "]", unit.text))  # not one inside an address
    return Entry(
        name=family_name(title) or title,
        title=title,
        summary=_summary(unit, rest),
        authors=_small_authors(unit),
        released=Released(date="-".join(day.groups()), basis="list", source=unit.shape) if day else None,
        papers=paper_ids(link.url for link in links),
        links=tuple(EntryLink(label=link.label, url=link.url) for link in links),
        status="published",
    )


def _title_of(unit: Unit) -> tuple[str, str]:
    """The entry's title, and what stands after it."""
    if unit.shape == "row":
        cells = cells_of(unit.text)
        place = min(title_column(list(unit.head)), len(cells) - 1)
        return _without_sources(cells[place])[0], " | ".join(cells[place + 1 :])
    content = ln.without_bullet(unit.text)
    tags = _TAGS.match(content)
    content = content[tags.end() :] if tags else content
    first = content.split("\n")[0]
    bold = re.match(r"\s*(?:\*\*|__)((?:\\.|(?!\*\*|__).)+)(?:\*\*|__)", first)
    titled = next((link for link in links_of(content) if is_external(link) and not link.image), None)
    if bold and (titled is None or bold.start() <= titled.start):
        return plain_text(bold[1]).strip(" :"), content[bold.end() :]
    if titled and not is_source_label(titled.label):
        return titled.label, content[titled.end :]
    end = min((link.start for link in links_of(content)), default=len(content))
    quoted = re.search(r"[\"“]([^\"“”]{8,200})[\"”]", first[:end])
    if quoted:
        return plain_text(quoted[1]).rstrip(" .,"), content[quoted.end() :]
    head = re.split(r"(?<=[.,])\s+[*_(]", content[:end].split("\n")[0])[0]
    return plain_text(head).strip(" ,.;:([-") or plain_text(content)[:80], content[end:]


def _without_sources(text: str) -> tuple[str, str]:
    """Plain words without links that only name a source, and the words with them cut out, in Markdown."""
    cut = text
    for link in reversed(links_of(text)):
        if link.image or is_source_label(link.label):
            cut = cut[: link.start] + cut[link.end :]
    cut = re.sub(r"[\[(][\s,;|/&]*[\])]", "", cut)
    return plain_text(cut).strip(" ,;|"), cut


def _summary(unit: Unit, rest: str) -> str:
    """What is said of the entry: for items the words after the dash, for rows the longest cell of words."""
    if unit.shape == "row":
        cells = [plain_text(cell) for cell in rest.split(" | ") if not links_of(cell)]
        longest = max(cells, key=len, default="")
        return longest if len(longest.split()) >= 4 else ""
    words = _without_sources(rest)[1]
    words = re.sub(
        r"(?:`[^`\n]*`[ \t]*)++$", "", words, flags=re.MULTILINE
    )  # licence and language, as lists of programs have them
    lines = re.split(r"\n|<br\s*/?>", words)
    parts = _DASH.split(lines[0], maxsplit=1)
    if len(parts) == 2 and len(parts[0]) < 200 and _VENUE.match(parts[0]) and _WORD.search(plain_text(parts[1])):
        return plain_text(parts[1]).strip(" -–—:|[]")
    lines = [line for line in lines if len(_WORD.findall(plain_text(line))) >= 3 and not looks_like_names(line)]
    return plain_text(lines[0]).strip(" -–—:|[]") if lines else ""


def _small_authors(unit: Unit) -> str:
    if unit.shape == "row":
        for name, cell in zip(unit.head, unit.text.strip().strip("|").split("|"), strict=False):
            if re.search(r"author", name, re.IGNORECASE):
                return plain_text(cell)
        return ""
    lines = re.split(r"\\?\n|<br\s*/?>", unit.text)[1:]
    return next((plain_text(line) for line in lines if not links_of(line) and looks_like_names(line)), "")
