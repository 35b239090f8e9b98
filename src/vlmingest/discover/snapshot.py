"""Metadata lines from a file: one JSON object a line, `.jsonl`, plain or packed with gzip or xz; streamed.

Fields as in our own exports and listings (id, version, title, authors, abstract, categories, primary_category, comment,
published, updated, doi) or as in arXiv's public metadata snapshot (authors and categories as one text, `comments`,
`journal-ref`, `license`, `versions` with their dates, `update_date`). Only `id` must be there.
"""

from __future__ import annotations

import gzip
import json
import logging
import lzma
import zlib
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Any, cast

from vlmingest.discover.withdrawal import withdrawal_reason
from vlmingest.errors import DataFileError, InvalidArxivIdError
from vlmingest.ids import ArxivId
from vlmingest.records import PaperMetadata

_LOG = logging.getLogger(__name__)
_MAX_LINE = 4 * 1024 * 1024  # characters; no paper's metadata comes near


def read_snapshot(
    path: Path,
    on_bad_line: Callable[[int, str], None] | None = None,
    wanted: Callable[[str], bool] | None = None,
) -> Iterator[PaperMetadata]:
    """The papers of a file, in its order; a line that is no paper goes to `on_bad_line(number, why)`, else to the log.

    `wanted` is asked for each raw line before it is parsed; lines that it refuses are passed over.
    Raises DataFileError where the file cannot be opened or breaks off inside its compression.
    """
    try:
        with _open(path) as lines:
            for number, line in enumerate(iter(lambda: lines.readline(_MAX_LINE), ""), 1):
                if not line.strip() or (wanted is not None and not wanted(line)):
                    continue
                try:
                    yield paper_of(json.loads(line))
                except (ValueError, TypeError, KeyError, RecursionError) as error:
                    why = " ".join(str(error).split())[:200]
                    if on_bad_line is not None:
                        on_bad_line(number, why)
                    else:
                        _LOG.warning("%s: line %d is no paper and was left out (%s)", path, number, why)
    except (OSError, EOFError, lzma.LZMAError, zlib.error, UnicodeDecodeError) as error:
        raise DataFileError(str(path), f"cannot be read ({error}); is the file whole?") from error


def paper_of(row: object) -> PaperMetadata:
    """One line as PaperMetadata; raises ValueError where it has no id."""
    if not isinstance(row, dict) or not (text := _text(row.get("id"))):
        raise ValueError("no id")
    data = cast("dict[str, Any]", row)
    try:
        arxiv_id = ArxivId.parse(text)
    except InvalidArxivIdError:
        arxiv_id = None
    versions = [item for item in data.get("versions") or () if isinstance(item, dict)]
    version = arxiv_id.version if arxiv_id and arxiv_id.version else _version(data, versions)
    comment = _text(data.get("comment") or data.get("comments"))
    reason = withdrawal_reason(comment)
    return PaperMetadata(
        id=arxiv_id.base if arxiv_id else text,
        arxiv_id=arxiv_id.base if arxiv_id else None,
        version=version,
        title=_text(data.get("title")),
        authors=_names(data),
        abstract=_text(data.get("abstract")),
        categories=_categories(data),
        published=_day(data.get("published")) or (_day(versions[0].get("created")) if versions else None),
        updated=_day(data.get("updated"))
        or (_day(versions[-1].get("created")) if versions else None)
        or _day(data.get("update_date")),
        comment=comment,
        doi=_text(data.get("doi")),
        journal_ref=_text(data.get("journal_ref") or data.get("journal-ref")),
        licence=_text(data.get("licence") or data.get("license")),
        withdrawn=bool(data.get("withdrawn")) or reason is not None,
        withdrawn_reason=_text(data.get("withdrawn_reason")) or reason or "",
        source="snapshot",
    )


def _open(path: Path) -> IO[str]:
    with path.open("rb") as file:
        magic = file.read(6)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.open(path, "rt", encoding="utf-8")
    if magic.startswith(b"\xfd7zXZ\x00"):
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open("rt", encoding="utf-8-sig")


def _text(value: object) -> str:
    # half of a surrogate pair, which JSON can write and no database can hold, becomes a question mark
    return " ".join(value.encode("utf-8", "replace").decode().split()) if isinstance(value, str) else ""


def _version(data: dict[str, Any], versions: list[dict[str, Any]]) -> int:
    value = data.get("version") or len(versions) or 1
    text = str(value).lower().removeprefix("v")
    return max(1, int(text)) if text.isascii() and text.isdigit() else 1


def _names(data: dict[str, Any]) -> tuple[str, ...]:
    authors = data.get("authors")
    if isinstance(authors, list):
        return tuple(name for item in authors if (name := _text(item)))
    parsed = data.get("authors_parsed")  # [[family, given, suffix, ...], ...]
    if isinstance(parsed, list) and parsed:
        people = [item for item in parsed if isinstance(item, list) and item]
        return tuple(" ".join(part for part in (*map(_text, item[1:2]), _text(item[0])) if part) for item in people)
    return tuple(name for part in _text(authors).replace(" and ", ", ").split(",") if (name := part.strip()))


def _categories(data: dict[str, Any]) -> tuple[str, ...]:
    value = data.get("categories")
    items = [_text(item) for item in value] if isinstance(value, list) else _text(value).split()
    return tuple(dict.fromkeys(filter(None, [_text(data.get("primary_category")), *items])))


def _day(value: object) -> str | None:
    """`2025-03-18T...` or `Mon, 2 Apr 2007 19:18:42 GMT` as a date."""
    text = _text(value)
    if len(text) >= 10 and text[4] == text[7] == "-" and text[:4].isdigit():
        return text[:10]
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return None
