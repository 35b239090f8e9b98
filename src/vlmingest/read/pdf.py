"""PDF bytes -> Document: pages, lines, roles of the lines, floats, and the text made of them."""

from __future__ import annotations

from vlmingest.cycles import no_cycle_search
from vlmingest.document import Document, Link
from vlmingest.errors import DamagedDocumentError, TooLargeDocumentError
from vlmingest.read.assemble import Reading, assemble
from vlmingest.read.captions import CAPTION
from vlmingest.read.drift import out_of_references
from vlmingest.read.floats import find_floats, set_apart
from vlmingest.read.flow import join_paragraphs
from vlmingest.read.front import mark_abstract, mark_authors, mark_title
from vlmingest.read.furniture import drop_line_numbers, without_furniture
from vlmingest.read.graphics import Graphics, page_graphics
from vlmingest.read.listed import mark_lists
from vlmingest.read.outline import read_outline
from vlmingest.read.pagelines import Line, glue_names, page_lines
from vlmingest.read.paragraphs import part_paragraphs
from vlmingest.read.pdfium import PdfiumDocument, RawPage
from vlmingest.read.pypdf_reader import read_with_pypdf
from vlmingest.read.roles import body_size, line_runs
from vlmingest.read.run_in import part_run_in_heads
from vlmingest.read.small_capitals import mark_small_capitals
from vlmingest.read.stamp import STAMP, parse_stamp
from vlmingest.read.textlayer import check_text, count_words, parts_of_compounds


def read_pdf(data: bytes, max_pages: int | None = None) -> Document:
    """The Document of a PDF; raises EncryptedDocumentError, DamagedDocumentError, NoTextLayerError, GarbledTextError,
    TooLargeDocumentError above `max_pages`.
    """
    try:
        opened = PdfiumDocument(data)
    except DamagedDocumentError:
        return read_with_pypdf(data)
    with no_cycle_search():
        return _read(data, opened, max_pages)


def _read(data: bytes, opened: PdfiumDocument, max_pages: int | None) -> Document:
    raws: list[RawPage] = []
    lines: list[Line] = []
    links: list[Link] = []
    graphics: dict[int, Graphics] = {}
    with opened as document:
        if not document.page_count:
            raise DamagedDocumentError("no page in it")
        if max_pages is not None and document.page_count > max_pages:
            raise TooLargeDocumentError(f"{document.page_count} pages")
        outline = read_outline(document)
        for page in document.pages():
            raw = page.read()
            drop_line_numbers(raw)
            found = page_lines(raw, page.font_names)
            mark_small_capitals(found, raw, page.character_boxes)
            if any(line.text[0] in "FT" and CAPTION.match(line.text) for line in found):
                graphics[page.number] = page_graphics(page)
            links += [Link(url=url, page=page.number, kind="annotation") for url in page.link_targets()]
            raws.append(raw)
            lines += found
    glue_names(raws, lines)
    vocabulary = count_words(raws)
    check_text(raws, vocabulary)
    vocabulary.update(parts_of_compounds(vocabulary))
    stamp = next((parse_stamp(line.text) for line in lines if line.page == 1 and STAMP.search(line.text)), None)
    body = without_furniture(lines, raws)
    size = body_size(body)
    by_number = {raw.number: raw for raw in raws}
    runs = line_runs(body, by_number, size, outline, {link.url for link in links})
    mark_title(runs)
    floats = find_floats(runs, by_number, graphics, size, vocabulary)
    mark_lists(runs)
    runs = out_of_references(join_paragraphs(set_apart(runs, floats)))
    authors = mark_authors(runs, by_number)
    mark_abstract(runs)
    runs = part_run_in_heads(part_paragraphs(runs), by_number)
    return assemble(data, Reading(raws, runs, floats, vocabulary, links, stamp, authors))
