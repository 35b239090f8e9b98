"""Figures out of stored papers: cut in a child process with limits, kept beside the database, passed on as settings allow.

A crop is kept under `<data>/figures/<hash of bytes, page, box, resolution>.png`; the same paper is cut once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import JsonValue

from vlmingest.catalogue.escape import markdown_text, paper_stem
from vlmingest.catalogue.figures import (
    Choice,
    FigureFile,
    choose,
    credit_text,
    hand_boxes,
    may_publish,
    noted,
    notice_text,
)
from vlmingest.catalogue.licences import Licence, licence_of
from vlmingest.errors import UnknownItemError, VlmIngestError
from vlmingest.files import write_out
from vlmingest.records import (
    ArchitectureFigure,
    Entry,
    FieldName,
    PaperMetadata,
    Record,
    ReviewItem,
    canonical_json,
    digest,
    value_key,
)
from vlmingest.settings import Settings
from vlmingest.store import Store
from vlmingest.workshop import code_hash

PAGE_DPI = 120  # a page that a reviewer looks at
DPI = 170  # a figure over the whole width of a page gets about 1,300 pixels


class Row(NamedTuple):
    """One figure with all that is known of it; `withheld` says why it is not published (empty: it is)."""

    choice: Choice
    credit: str
    licence: Licence
    withheld: str
    path: Path | None = None


def rows(
    settings: Settings, store: Store, records: Iterable[Record], entries: Sequence[Entry], policy: str
) -> list[Row]:
    """The figures of records, cut where `policy` lets them be published; the reason where it does not."""
    hands, due, choices = hand_boxes(entries), list[Row](), _Choices(settings, store)
    for record in records:
        version = _read_version(store, record)
        paper = store.paper_version(record.paper.id, version)
        if paper is None:
            continue
        licence, hand = licence_of(paper.licence), hands.get(record.paper.arxiv_id or record.paper.id)
        withheld = _withheld(record, policy, licence)
        # what stays here needs no document: those are large
        choice = noted(record, version, hand) if withheld or hand else choices.of(record, version)
        if choice is not None:
            due.append(Row(choice, credit_text(paper, choice), licence, withheld))
    choices.keep()
    return list(_cut(settings, store, due))


def _withheld(record: Record, policy: str, licence: Licence) -> str:
    """Why a figure is not published; empty where it may be."""
    if record.paper.withdrawn:
        return "the paper was withdrawn"
    if may_publish(policy, licence):
        return ""
    return "figures are switched off" if policy == "none" else f"{licence.name}: not to be passed on"


class _Choices:
    """Boxes worked out before: looking for one means reading a whole document, and papers do not change."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store
        self._path = settings.data_path / "figures" / "choices.json"
        self._code = code_hash("catalogue/figures.py")
        self._changed = False
        try:
            self._known: dict[str, list[Any] | None] = dict(json.loads(self._path.read_bytes()))
        except (OSError, ValueError):
            self._known = {}

    def of(self, record: Record, version: int) -> Choice | None:
        """`choose` for a record, from the notes where they have it."""
        read = self._store.ledger(record.paper.id, version, "read")
        figure = record.architecture.figure
        if figure is None or read is None:
            return None
        place: list[JsonValue] = [figure.number, figure.page, repr(figure.bbox), figure.caption]
        key = digest([self._code, record.paper.id, version, read.output_hash, place])
        if key not in self._known:
            choice = choose(record, version, self._store.document(record.paper.id, version))
            self._known[key], self._changed = list(choice) if choice else None, True
        found = self._known[key]
        return Choice(*found)._replace(box=tuple(found[4])) if found else None

    def keep(self) -> None:
        """Write the notes; without the right to do so the next export looks again."""
        if self._changed:
            with contextlib.suppress(OSError):
                write_out(self._path, json.dumps(self._known, sort_keys=True).encode())


def cut_one(settings: Settings, store: Store, record: Record, entries: Sequence[Entry] = ()) -> Row:
    """The figure of one record for a reviewer, whatever its licence; raises UnknownItemError where there is none."""
    standing = record.model_copy(update={"paper": record.paper.model_copy(update={"withdrawn": False})})
    cut = rows(settings, store, [standing], entries, "all")
    if not cut:
        raise UnknownItemError("figure of", record.paper.id, "no figure was chosen, or its page has no graphic")
    found = cut[0]
    if found.path is None:
        raise UnknownItemError("crop of", record.paper.id, found.withheld)
    return found


def for_review(settings: Settings, store: Store, item: ReviewItem) -> Row | None:
    """The crop that shows what a question about the architecture figure means; None for other questions."""
    record = store.record(item.paper) if item.field is FieldName.FIGURE else None
    document = store.document(item.paper) if record else None
    if record is None or document is None:
        return None
    asked = [one for one in document.figures if value_key(one.number) == item.key]
    pages = {proof.page for proof in item.evidence}
    asked.sort(key=lambda one: one.page not in pages)
    if asked:
        own = ArchitectureFigure(number=asked[0].number, page=asked[0].page, caption=asked[0].caption)
        architecture = record.architecture.model_copy(update={"figure": own})
        record = record.model_copy(update={"architecture": architecture})
    try:
        return cut_one(settings, store, record)
    except VlmIngestError:
        return None  # the question can be answered from the caption


def page_image(settings: Settings, store: Store, paper: str, page: int) -> Path:
    """A whole page as PNG, for a reviewer; raises UnknownItemError where there is none."""
    record, document = store.record(paper), store.document(paper)
    sha = None
    if record is not None and document is not None and document.source == "pdf" and 1 <= page <= len(document.pages):
        version = _read_version(store, record)
        sheet = document.pages[page - 1]
        choice = Choice(paper, version, "", page, (0.0, 0.0, sheet.width, sheet.height), "", "reader")
        sha = _content(store, choice)
    if sha is None:
        raise UnknownItemError("page of", f"{paper}, {page}", "only papers read as PDF have pages")
    path, call = _place(settings, sha, choice, PAGE_DPI)
    if not path.is_file():
        for _, problem in _render(settings, {0: (path, call)}):
            raise problem
    return path


def _place(settings: Settings, sha: str, choice: Choice, dpi: int) -> tuple[Path, tuple[object, ...]]:
    """Where a crop is kept, and the call that makes it."""
    key = canonical_json([sha, choice.page, list(choice.box), dpi])
    name = f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.png"
    return settings.data_path / "figures" / name, (sha, choice.page, choice.box, dpi)


def published(found: Iterable[Row]) -> dict[str, FigureFile]:
    """Paper id -> the file that may be published."""
    files = {}
    for row in found:
        if row.path is not None and not row.withheld:
            data = row.path.read_bytes()
            name = f"{paper_stem(row.choice.paper)}-figure-{paper_stem(row.choice.number)}.png"
            files[row.choice.paper] = FigureFile(
                name, data, *png_size(data), row.choice.caption, row.credit, notice_text(row.licence)
            )
    return files


def index_bytes(found: Iterable[Row]) -> bytes:
    """`figures.json`: every figure, published or not, with its box, licence, credit and the reason for withholding."""
    files = published(found := list(found))
    listed: list[dict[str, Any]] = []
    for row in sorted(found, key=lambda one: one.choice.paper):
        file = files.get(row.choice.paper)
        listed.append(
            {
                **row.choice._asdict(),
                "licence": row.licence.id,
                "credit": row.credit,
                "notice": notice_text(row.licence),
                "file": file.name if file else None,
                "withheld": row.withheld or None,
            }
        )
    return (json.dumps({"schema_version": 1, "figures": listed}, indent=1, ensure_ascii=False) + "\n").encode()


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG, in pixels."""
    width, height = struct.unpack(">II", data[16:24])
    return int(width), int(height)


def _cut(settings: Settings, store: Store, due: Sequence[Row]) -> Iterator[Row]:
    """The rows with the paths of their crops; what cannot be cut is withheld, with the reason."""
    waiting: dict[int, tuple[Path, tuple[object, ...]]] = {}
    done: dict[int, Row] = {}
    for number, row in enumerate(due):
        sha = _content(store, row.choice)
        if row.withheld or sha is None:
            done[number] = row if row.withheld else row._replace(withheld="the file of the paper is not at hand")
            continue
        path, call = _place(settings, sha, row.choice, DPI)
        done[number] = row._replace(path=path)
        if not path.is_file():
            waiting[number] = (path, call)
    for number, problem in _render(settings, waiting):
        done[number] = due[number]._replace(withheld=f"could not be cut: {problem}")
    yield from (done[number] for number in range(len(due)))


def _render(
    settings: Settings, waiting: dict[int, tuple[Path, tuple[object, ...]]]
) -> Iterator[tuple[int, VlmIngestError]]:
    """Cut and keep; gives the failures. Hostile files are opened in a child with limits only."""
    if not waiting:
        return
    from vlmingest.fetch import ContentStore  # noqa: PLC0415
    from vlmingest.isolate import WorkerPool  # noqa: PLC0415

    content = ContentStore(settings.data_path / "content")
    limits = {
        "memory_mib": settings.reader_memory_mib,
        "cpu_s": settings.reader_cpu_s,
        "wall_s": settings.reader_wall_s,
    }
    with WorkerPool(max(settings.workers, 1), **limits) as pool:
        calls = (
            (number, "vlmingest.read.crop:crop", (content.get(str(sha)), *rest))
            for number, (_, (sha, *rest)) in waiting.items()
        )
        for number, result in pool.run(calls):
            if isinstance(result, VlmIngestError):
                yield number, result
            else:
                write_out(waiting[number][0], result)


def _read_version(store: Store, record: Record) -> int:
    """The version whose text the record was made from: a withdrawal has none of its own."""
    read = [
        version
        for version in store.versions(record.paper.id)
        if version <= record.paper.version
        and (row := store.ledger(record.paper.id, version, "read"))
        and row.output_hash
    ]
    return read[-1] if read else record.paper.version


def _content(store: Store, choice: Choice) -> str | None:
    """The hash of the PDF that the figure stands in."""
    row = store.ledger(choice.paper, choice.version, "fetch")
    return row.output_hash if row else None


def with_licences(entries: Iterable[Entry], paper_of: Callable[[str], PaperMetadata | None]) -> list[Entry]:
    """Entries whose figures know the licence of the paper that they were cut from."""
    told = []
    for entry in entries:
        figure = entry.figure
        paper = paper_of(entry.papers[0]) if figure and not figure.licence and entry.papers else None
        if figure and paper and paper.licence:
            figure = figure.model_copy(update={"licence": licence_of(paper.licence).id})
        told.append(entry.model_copy(update={"figure": figure}) if figure is not entry.figure else entry)
    return told


def credits_bytes(files: Iterable[FigureFile]) -> bytes:
    """`CREDITS.md`: who made each figure, and what may be done with it."""
    lines = ["# Figure credits", "", "Each image is an excerpt of the paper named beside it.", ""]
    lines += ["| File | Credit | Notice |", "| --- | --- | --- |"]
    lines += [
        f"| [{markdown_text(file.name)}]({file.name}) | {markdown_text(file.credit)} | {markdown_text(file.notice)} |"
        for file in sorted(files, key=lambda one: one.name)
    ]
    return ("\n".join(lines) + "\n").encode()
