"""PDF bytes -> Document: pages, lines, roles of the lines, blocks, text with word boxes."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from operator import add

from vlmingest.document import (
    Block,
    BlockKind,
    Document,
    Figure,
    Link,
    Page,
    Section,
    Span,
    Stamp,
    Table,
    WordBoxes,
)
from vlmingest.errors import DamagedDocumentError, GarbledTextError, NoTextLayerError, TooLargeDocumentError
from vlmingest.read import normalise
from vlmingest.read.floats import CAPTION, Float, Run, find_floats, set_apart
from vlmingest.read.flow import join_paragraphs, mark_authors
from vlmingest.read.pagelines import Line, page_lines
from vlmingest.read.pdfium import Graphic, PdfiumDocument, RawPage
from vlmingest.read.pypdf_reader import read_with_pypdf
from vlmingest.read.sections import close_sections, heading_of
from vlmingest.read.stamp import STAMP, parse_stamp

_NOT_ALNUM = re.compile(r"[\W_]+")
_URL = re.compile(r"https?://[^\s<>\"')\]}]+")
# the commonest short words of languages in Latin script: real text has 10 % and more of them, a shifted font none
_COMMON = frozenset(
    [
        "the", "of", "and", "to", "in", "is", "for", "that", "with", "on", "as", "we", "by", "are",
        "this", "from", "der", "die", "und", "das", "ist", "les", "des", "est", "une", "que", "los", "las",
        "para", "con", "del", "dos", "uma", "em", "il", "di", "che", "per", "non", "va", "la", "cho",
        "khi", "mot", "voi", "het", "een", "van", "och", "att", "som", "en", "de", "et", "el", "un",
        "se",
    ]
)  # fmt: skip
_NO_WORDS = 20  # characters a page: less is a scan


@dataclass(slots=True)
class _Text:
    """The text as it grows, with its words."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    boxes: list[float] = field(default_factory=list)
    page_starts: list[tuple[int, int]] = field(default_factory=list)

    def put(self, part: str) -> None:
        self.parts.append(part)
        self.length += len(part)

    def close(self) -> None:
        """End of a block: a hyphen that no line continues stays a hyphen."""
        if self.parts[-1].endswith(normalise.LINE_HYPHEN):
            self.parts[-1] = self.parts[-1][:-1] + "-"

    def break_row(self) -> None:
        """End of a table's row."""
        self.close()
        self.put("\n")


def read_pdf(data: bytes, max_pages: int | None = None) -> Document:
    """The Document of a PDF; raises EncryptedDocumentError, DamagedDocumentError, NoTextLayerError, GarbledTextError,
    TooLargeDocumentError above `max_pages`.
    """
    raws: list[RawPage] = []
    lines: list[Line] = []
    urls: list[Link] = []
    graphics: dict[int, list[Graphic]] = {}
    try:
        opened = PdfiumDocument(data)
    except DamagedDocumentError:
        return read_with_pypdf(data)
    with opened as document:
        if not document.page_count:
            raise DamagedDocumentError("no page in it")
        if max_pages is not None and document.page_count > max_pages:
            raise TooLargeDocumentError(f"{document.page_count} pages")
        for page in document.pages():
            raw = page.read()
            found = page_lines(raw, page.font_names())
            if any(CAPTION.match(line.text) for line in found):
                graphics[page.number] = page.graphics()
            urls += [Link(url=url, page=page.number, kind="annotation") for url in page.link_targets()]
            raws.append(raw)
            lines += found
    _check_text(raws)
    stamp = next((parse_stamp(line.text) for line in lines if line.page == 1 and STAMP.search(line.text)), None)
    body = _without_furniture(lines, raws)
    size = _body_size(body)
    vocabulary = Counter(word.strip(".,;:()").lower() for raw in raws for word in raw.text.split())
    runs = _runs(body, size)
    _mark_title(runs)
    floats = find_floats(runs, {raw.number: raw for raw in raws}, graphics, size)
    runs = join_paragraphs(set_apart(runs, floats))
    authors = mark_authors(runs)
    return _assemble(data, raws, runs, vocabulary, floats, urls, stamp, authors, size)


def _check_text(raws: list[RawPage]) -> None:
    text = "".join(raw.text for raw in raws)
    if len(text.strip()) < _NO_WORDS * max(len(raws), 1):
        raise NoTextLayerError
    letters = len(_NOT_ALNUM.sub("", text))
    spaces = len(text) - sum(map(len, text.split()))
    if letters < 0.4 * (len(text) - spaces):
        raise GarbledTextError(f"{letters} letters in {len(text)} characters")
    words = re.findall(r"[a-z]{2,}", text.lower())
    if (
        len(words) >= 150
        and letters < 1.3 * sum(map(len, words))
        and sum(w in _COMMON for w in words) < 0.01 * len(words)
    ):
        raise GarbledTextError("no common word of any of six languages")


def _without_furniture(lines: list[Line], raws: list[RawPage]) -> list[Line]:
    heights = {raw.number: raw.height for raw in raws}

    def edge(line: Line) -> bool:
        height = heights[line.page]
        return line.y1 < 0.085 * height or line.y0 > 0.92 * height

    def key(line: Line) -> str:
        return re.sub(r"\d+", "#", line.text)

    repeats = Counter(key(line) for line in lines if edge(line))
    kept = []
    for line in lines:
        if STAMP.search(line.text) and line.page == 1:
            continue
        if edge(line) and (repeats[key(line)] >= 3 or re.fullmatch(r"(Page )?\d{1,4}", line.text)):
            continue
        kept.append(line)
    return kept


def _body_size(lines: list[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _runs(lines: list[Line], size: float) -> list[Run]:
    runs: list[Run] = []
    in_references = False
    for line in lines:
        last = runs[-1] if runs else None
        kind = BlockKind.REFERENCE if in_references else BlockKind.PARAGRAPH
        if CAPTION.match(line.text):
            runs.append(Run(BlockKind.CAPTION, [line]))
            continue
        heading = heading_of(line, size)
        if heading:
            if last and last.kind is BlockKind.HEADING and _continues(last.lines[-1], line) and not heading.number:
                last.lines.append(line)
                continue
            in_references = heading.is_references or (in_references and not heading.number and not line.is_bold)
            runs.append(Run(BlockKind.HEADING, [line]))
            continue
        same = last is not None and last.kind is not BlockKind.HEADING and _continues(last.lines[-1], line)
        if last is not None and same and last.kind in {BlockKind.CAPTION, kind}:
            last.lines.append(line)
        else:
            runs.append(Run(kind, [line]))
    return runs


def _continues(above: Line, line: Line) -> bool:
    """Whether `line` goes on where `above` ends: the next line of a column, or the top of the next column or page."""
    if abs(above.size - line.size) > 0.8:
        return False
    if above.page != line.page or line.y1 < above.y0 - 5 * line.size:
        return above.text[-1] not in ".:!?" and line.text[0].islower()
    gap = line.y0 - above.y1
    return -1.2 * line.size < gap < 0.75 * line.size and line.x0 < above.x1 and line.x1 > above.x0


def _mark_title(runs: list[Run]) -> None:
    first = [run for run in runs if run.lines[0].page == 1 and run.lines[0].y0 < 400]
    first = [run for run in first if sum(len(line.text) for line in run.lines) > 8] or runs[:1]
    best = max(first, key=lambda run: run.lines[0].size, default=None)
    if best is not None:
        best.kind = BlockKind.TITLE


def _assemble(
    data: bytes,
    raws: list[RawPage],
    runs: list[Run],
    vocabulary: Counter[str],
    floats: list[Float],
    urls: list[Link],
    stamp: Stamp | None,
    authors: tuple[str, ...],
    size: float,
) -> Document:
    text = _Text()
    last_order = {raw.number: len(raw.starts) for raw in raws}
    by_page = {raw.number: raw for raw in raws}
    blocks: list[Block] = []
    sections: list[Section] = []
    spans: dict[int, Span] = {}
    rows: dict[int, Span] = {}
    seams: list[int] = []
    before: Line | None = None
    for run in runs:
        if text.length:
            text.put("\n" if run.kind is BlockKind.REFERENCE else "\n\n")
        start = text.length
        previous: Line | None = None
        row_starts = {id(line) for line in run.row_starts}
        row = start
        for line in run.lines:
            if id(line) in row_starts and previous is not None:
                text.break_row()
                previous, row = None, text.length
            _put_line(text, by_page[line.page], line, previous, vocabulary)
            if before is not None and not _adjacent(before, line, last_order):
                seams.append(text.starts[-(line.last - line.first)])
            previous = before = line
            if run.row_starts:
                rows[id(line)] = Span(row, text.length)
        text.close()
        blocks.append(Block(kind=run.kind, start=start, end=text.length, page=run.lines[0].page))
        spans[id(run)] = Span(start, text.length)
        if run.kind is BlockKind.HEADING:
            heading = heading_of(run.lines[0], size)
            if heading is not None:
                shown = " ".join([heading.title, *(line.text for line in run.lines[1:])])
                sections.append(
                    Section(number=heading.number, title=shown, level=heading.level, page=run.lines[0].page, start=start,
                            end=text.length, is_reference=heading.is_references)
                )  # fmt: skip
    full = "".join(text.parts)
    closed, references, appendix, abstract = close_sections(sections, len(full))
    tables, figures = _values(full, floats, spans, rows)
    links = urls + [
        Link(url=m[0].rstrip(".,;"), start=m.start(), end=m.end(), kind="text") for m in _URL.finditer(full)
    ]
    title = next((full[b.start : b.end] for b in blocks if b.kind is BlockKind.TITLE), "")
    return Document(
        source="pdf", sha256=hashlib.sha256(data).hexdigest(), reader="pdf.v1", steps=normalise.STEPS, text=full,
        pages=tuple(Page(number=r.number, width=r.width, height=r.height) for r in raws), title=title, authors=authors, stamp=stamp,
        abstract=abstract, blocks=tuple(blocks), sections=closed, references=references, appendix_start=appendix,
        tables=tables, figures=figures, links=tuple(links), seams=tuple(seams), page_starts=tuple(text.page_starts),
        words=WordBoxes(
            starts=tuple(text.starts), ends=tuple(text.ends), pages=tuple(text.pages), boxes=tuple(text.boxes)
        ),
    )  # fmt: skip


def _adjacent(before: Line, line: Line, counts: dict[int, int]) -> bool:
    """Whether two lines stand side by side in the file's own text, page breaks included."""
    if before.page == line.page:
        return before.last == line.first
    return before.last == counts[before.page] and line.first == 0 and line.page == before.page + 1


def _put_line(text: _Text, raw: RawPage, line: Line, previous: Line | None, vocabulary: Counter[str]) -> None:
    if previous is not None:
        tail, head = text.parts[-1], raw.text[raw.starts[line.first] : raw.ends[line.first]]
        if tail.endswith(normalise.LINE_HYPHEN):
            kept = normalise.joint(tail[:-1], head, vocabulary)
            text.parts[-1] = tail[:-1] + kept
            text.length += len(kept) - 1
            text.ends[-1] = text.length
        else:
            text.put(" ")
    if not text.page_starts or text.page_starts[-1][1] != line.page:
        text.page_starts.append((text.length, line.page))
    first, last = line.first, line.last
    lengths = [end - start for start, end in zip(raw.starts[first:last], raw.ends[first:last], strict=True)]
    # each word starts after the words before it and one space per word
    starts = list(accumulate((length + 1 for length in lengths[:-1]), initial=text.length))
    text.starts += starts
    text.ends += map(add, starts, lengths)
    text.pages += [line.page] * len(lengths)
    body, tail = line.text[:-1], line.text[-1]
    text.put(body.replace(normalise.LINE_HYPHEN, "-") + tail)
    text.boxes += raw.boxes[4 * line.first : 4 * line.last]


def _values(
    full: str, floats: list[Float], spans: dict[int, Span], rows: dict[int, Span]
) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    tables: list[Table] = []
    figures: list[Figure] = []
    for found in floats:
        span = spans[id(found.caption)]
        match = CAPTION.match(full, span.start)
        caption = full[match.end() if match else span.start : span.end].strip()
        if found.is_table:
            cells = tuple(tuple(row.cells) for row in found.rows)
            row_spans = tuple(_reach([rows[id(li)] for li in row.lines if id(li) in rows]) for row in found.rows)
            tables.append(
                Table(label=f"Table {found.number}", caption=caption, page=found.page, bbox=found.bbox, cells=cells,
                      header_rows=sum(row.is_header for row in found.rows), caption_span=span, row_spans=row_spans)
            )  # fmt: skip
        else:
            figures.append(
                Figure(number=found.number, caption=caption, page=found.page, bbox=found.bbox, caption_span=span)
            )
    return tuple(tables), tuple(figures)


def _reach(spans: list[Span]) -> Span | None:
    return Span(min(s.start for s in spans), max(s.end for s in spans)) if spans else None
