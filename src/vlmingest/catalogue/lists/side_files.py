"""The files beside a list, the figure manifest and the credits: a new row, and not one other byte."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from vlmingest.catalogue.escape import markdown_text, safe_url, slug
from vlmingest.catalogue.lists.marks import cells_of, is_delimiter_row
from vlmingest.catalogue.lists.panel import short_caption
from vlmingest.catalogue.lists.splice import Edit, newline_of, splice
from vlmingest.catalogue.prose import inline
from vlmingest.records import Entry

_FIGURES = re.compile(r'"figures"\s*:\s*\[')
_SPACE = re.compile(r"\s*")


class FigureRecord(NamedTuple):
    """A record of the manifest: its title, byte offsets and index."""

    title: str
    start: int
    end: int
    number: int


def manifest_with(manifest: bytes, entry: Entry, following: list[str]) -> bytes | None:
    """The manifest with a record for `entry`, before the first title of `following` that it holds, else at the end.

    None where the file is no manifest of figures.
    """
    try:
        text = manifest.decode("utf-8")
        rows, opening = _rows(text)
    except (ValueError, UnicodeDecodeError):
        return None
    titles = {row.title: row for row in rows}
    if entry.title in titles:
        return manifest
    record = json.dumps(_record(entry, max((row.number for row in rows), default=0) + 1), ensure_ascii=False, indent=2)
    record = record.replace("\n", "\n    ")
    before = next((titles[title] for title in following if title in titles), None)
    if before is not None:
        edit = Edit(before.start, before.start, f"{record},\n    ".encode())
    elif rows:
        edit = Edit(rows[-1].end, rows[-1].end, f",\n    {record}".encode())
    else:
        edit = Edit(opening, opening, f"\n    {record}\n  ".encode())
    return splice(manifest, [edit])


def manifest_records(manifest: bytes) -> list[FigureRecord]:
    """The records of a manifest in their order; none where it cannot be read."""
    try:
        return _rows(manifest.decode("utf-8"))[0]
    except (ValueError, UnicodeDecodeError):
        return []


def credit_rows(text: bytes) -> dict[str, tuple[int, int]]:
    """First cell, as written -> byte offsets of each row of the credits' table."""
    found: dict[str, tuple[int, int]] = {}
    start = 0
    for line in text.splitlines(keepends=True):
        plain = line.decode("utf-8", "replace")
        if plain.lstrip().startswith("|") and not is_delimiter_row(plain):
            found.setdefault(cells_of(plain)[0], (start, start + len(line)))
        start += len(line)
    return found


def _rows(text: str) -> tuple[list[FigureRecord], int]:
    """The records with their byte offsets; raises ValueError where the text is no such manifest."""
    match = _FIGURES.search(text)
    if match is None:
        raise ValueError
    decoder, position, rows = json.JSONDecoder(), match.end(), []
    while (position := _skip(text, position)) < len(text) and text[position] != "]":
        row, end = decoder.raw_decode(text, position)
        if not isinstance(row, dict):
            raise ValueError
        index = row.get("index")
        rows.append(FigureRecord(str(row.get("title")), position, end, index if isinstance(index, int) else 0))
        position = _skip(text, end)
        if text[position : position + 1] == ",":
            position += 1
    # offsets in characters -> in bytes
    bounds, bytes_at, last = {}, 0, 0
    for place in sorted({place for row in rows for place in (row.start, row.end)} | {match.end()}):
        bytes_at += len(text[last:place].encode("utf-8"))
        bounds[place], last = bytes_at, place
    return [row._replace(start=bounds[row.start], end=bounds[row.end]) for row in rows], bounds[match.end()]


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _record(entry: Entry, index: int) -> dict[str, object]:
    figure, paper = entry.figure, entry.papers[0] if entry.papers else None
    row: dict[str, object] = {
        "index": index,
        "title": entry.title,
        "slug": slug(entry.name),
        "source_url": f"https://arxiv.org/abs/{paper}" if paper else None,
    }
    if figure is not None and figure.file:
        row |= {"status": "extracted", "arxiv_id": paper, "figure": figure.number, "pdf_page": figure.page}
        row |= {
            "paper_caption": figure.caption,
            "display_caption": short_caption(figure.caption),
            "file": figure.file.rpartition("/")[2],
        }
        row |= {"crop_pdf_points": list(figure.bbox)} if figure.bbox else {}
        row |= {"licence": figure.licence} if figure.licence else {}
    elif figure is not None:
        row |= {"status": "not-extracted", "arxiv_id": paper, "figure": figure.number, "pdf_page": figure.page}
        row |= {"crop_pdf_points": list(figure.bbox)} if figure.bbox else {}
        row["note"] = "The figure is named but not reproduced."
    else:
        row |= {"status": "no-figure-chosen", "note": "No architecture figure was chosen."}
    return row


def credits_with(text: bytes, entry: Entry, following: list[str]) -> bytes | None:
    """The credits with a row for a reproduced figure; None where there is no table or nothing to credit."""
    figure = entry.figure
    if figure is None or not figure.file:
        return None
    lines = text.splitlines(keepends=True)
    plain = [line.decode("utf-8", "replace") for line in lines]
    head = next((n for n in range(len(plain) - 1) if "|" in plain[n] and is_delimiter_row(plain[n + 1])), None)
    if head is None:
        return None
    starts = [sum(map(len, lines[:n])) for n in range(len(lines) + 1)]
    rows = {cells_of(plain[n])[0]: n for n in range(head + 2, len(plain)) if plain[n].lstrip().startswith("|")}
    if markdown_text(entry.title) in rows:
        return text
    names = [cell.lower() for cell in cells_of(plain[head])]
    row = "| " + " | ".join(_credit_cell(name, entry) for name in names) + " |" + newline_of(text)
    escaped = [markdown_text(title) for title in following]
    place = next((rows[title] for title in escaped if title in rows), max([head + 1, *rows.values()]) + 1)
    ended = place == 0 or place < len(lines) or plain[place - 1].endswith("\n")
    return splice(
        text, [Edit(starts[place], starts[place], (row if ended else newline_of(text) + row.rstrip()).encode())]
    )


def _credit_cell(name: str, entry: Entry) -> str:
    figure = entry.figure
    assert figure is not None
    if "source" in name:
        url = safe_url(f"https://arxiv.org/abs/{entry.papers[0]}") if entry.papers else None
        return f"[primary source]({url})" if url else "primary source"
    if "figure" in name:
        page = f", PDF p. {figure.page}" if figure.page else ""
        return markdown_text(f"Fig. {figure.number}{page}") if figure.number else "Architecture diagram"
    if "file" in name:
        file = (figure.file or "").rpartition("/")[2]
        return f"[{inline(file)}]({file})"
    return markdown_text(figure.licence) if "licen" in name else markdown_text(entry.title)
