"""arXiv HTML -> Document: LaTeXML's `ltx_*` classes (older LaTeXML, ar5iv, Engrafo, the 2026 regenerated form).

Contract: `read_html(data)` raises EmptyFileError, NotAPaperFileError (no text in it) or TooLargeDocumentError; hostile
markup is harmless: scripts, styles, comments and hidden elements are dropped, nothing is fetched or executed.
The readers keys on class names and never on the tags that carry them: the generators differ in tags, not in classes.
"""

from __future__ import annotations

import re
from typing import Any

from vlmingest.document import BlockKind, Document
from vlmingest.errors import EmptyFileError, NotAPaperFileError, TooLargeDocumentError
from vlmingest.read.html_marks import (
    BLOCK_TAGS,
    ENTRY,
    FLOATS,
    FORMULAS,
    HEADING,
    LEVELS,
    NUMBERED,
    TAG_WORDS,
    asset_of,
    classes_of,
    fill_down,
    has_heading,
    is_dropped,
    is_grid,
    is_header_row,
    names_of,
    outside,
    span_of,
    with_class,
)
from vlmingest.read.latex_math import math_text
from vlmingest.read.markup import MAX_CELLS, MarkupBuilder, clean, split_label
from vlmingest.read.stamp import parse_stamp

READER = "html.v3"
MAX_BYTES = 64 << 20
_BEFORE_LINK = 60  # characters of an author line that are kept before an address: "Project page:"
_PARAGRAPH_WORDS = 30  # a paragraph inside a float has more; words of a drawing stand alone
MAX_DEPTH = 250  # LaTeXML's own pages stay below 60
Links = list[tuple[str, str]]


def read_html(data: bytes) -> Document:
    """A LaTeXML page (or any HTML with headings and paragraphs) as a Document without pages."""
    from lxml import etree, html  # noqa: PLC0415 - costs 30 ms that a PDF never needs

    if not data.strip():
        raise EmptyFileError
    if len(data) > MAX_BYTES:
        raise TooLargeDocumentError(f"{len(data) >> 20} MiB of HTML")
    # utf-8 is what LaTeXML writes; a page that says otherwise is believed
    encoding = None if re.search(rb"charset\s*=", data[:4096], re.IGNORECASE) else "utf-8"
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding=encoding)
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, LookupError) as error:
        raise NotAPaperFileError(f"no HTML: {error}") from None
    # arXiv puts its stamp, its licence and its notices around the article
    article = next((found for found in root.iter("article") if "ltx_document" in classes_of(found)), root)
    reader = _Reader(article)
    reader.walk(article, 0)
    reader.flush()
    document = reader.builder.finish(data)
    stamp = next((parse_stamp(found.text_content()) for found in root.xpath("//*[@id='watermark-tr']")), None)
    if stamp is not None:
        document = document.model_copy(update={"stamp": stamp})
    if not document.text:
        raise NotAPaperFileError("an HTML page without text")
    return document


class _Reader:
    """One walk over the tree; inline text that stands between blocks is collected in `loose`."""

    def __init__(self, root: Any) -> None:
        self.builder = MarkupBuilder("html", READER)
        self.loose: list[str] = []
        self.links: Links = []
        self.notes: list[tuple[str, Links]] = []
        self.kind = BlockKind.PARAGRAPH
        self.is_latexml = next(with_class(root, "ltx_document"), None) is not None or bool(
            root.xpath("//*[contains(@class,'ltx_')]")
        )

    # --- blocks --------------------------------------------------------------------------------------------

    def walk(self, element: Any, depth: int) -> None:
        """The children of a block element, in order."""
        if depth > MAX_DEPTH:
            raise TooLargeDocumentError(f"elements nested more than {MAX_DEPTH} deep")
        self.loose.append(element.text or "")
        for child in element:
            self._block(child, depth + 1)
            self.loose.append(child.tail or "")

    def _block(self, element: Any, depth: int) -> None:
        classes = classes_of(element)
        if is_dropped(element, classes):
            return
        level = next((LEVELS[name] for name in classes if name in LEVELS), None)
        heading = HEADING.match(element.tag)
        if "ltx_title_document" in classes or (not self.is_latexml and element.tag == "h1" and not self.builder.title):
            self.flush()
            self.builder.add_title(self.inline(element))
            self._flush_notes()
        elif "ltx_authors" in classes:
            self.flush()
            self._authors(element)
        elif "ltx_abstract" in classes:
            self.flush()
            self._abstract(element)
        elif level is not None or (heading and not self.is_latexml):
            self._heading(element, classes, level if level is not None else max(1, int(element.tag[1]) - 1))
        elif not FLOATS.isdisjoint(classes) or (element.tag == "figure" and not self.is_latexml):
            self.flush()
            self._open_float(element, depth)
        elif not FORMULAS.isdisjoint(classes):
            self.flush()
            self._add(BlockKind.FORMULA, element)
        elif "ltx_tabular" in classes or element.tag == "table":
            self.flush()
            self.builder.add_table("", "", *self.grid(element))
        elif "ltx_bibitem" in classes:
            self.flush()
            self._add(BlockKind.REFERENCE, element)
        elif element.tag == "p" or "ltx_p" in classes:
            self._paragraph(element, depth)
        elif element.tag == "li" or "ltx_item" in classes:
            self._item(element, depth)
        elif element.tag in BLOCK_TAGS or "ltx_para" in classes or "ltx_inline-block" in classes:
            self.flush()
            self.walk(element, depth)
            self.flush()
        else:
            self.loose.append(self.inline(element))

    def _paragraph(self, element: Any, depth: int) -> None:
        self.flush()
        if any(True for _ in element.iter("table", "figure")) and not self._is_plain(element):
            self.walk(element, depth)
            self.flush()
        else:
            self._add(self.kind, element)

    @staticmethod
    def _is_plain(element: Any) -> bool:
        return not any(not (FLOATS | {"ltx_tabular"}).isdisjoint(classes_of(inner)) for inner in element.iter())

    def _item(self, element: Any, depth: int) -> None:
        self.flush()
        before, self.kind = self.kind, BlockKind.LIST_ITEM
        self.walk(element, depth)
        self.flush()
        self.kind = before

    def _add(self, kind: BlockKind, element: Any) -> None:
        self.links = []
        text = self.inline(element)
        self.builder.add(kind, text, self.links)
        self.links = []
        self._flush_notes()

    def flush(self) -> None:
        """What stood between two blocks becomes a paragraph, footnotes follow it."""
        text = "".join(self.loose)
        self.loose = []
        if text.strip():
            self.builder.add(self.kind, text, self.links)
            self.links = []
        self._flush_notes()

    def _flush_notes(self) -> None:
        notes, self.notes = self.notes, []
        for text, links in notes:
            self.builder.add(BlockKind.FOOTNOTE, text, links)

    def _authors(self, element: Any) -> None:
        names: list[str] = []
        for person in with_class(element, "ltx_personname"):
            names += names_of(self.inline(person, breaks=","))
        self.builder.add_authors(names)
        self._flush_notes()
        self.links = []
        lines = self.inline(element, breaks="\n").split("\n")  # addresses may stand in any part of the author block
        for url, shown in self.links:
            line = next((line for line in lines if shown in line), shown)
            self.builder.add(
                BlockKind.AUTHORS, line.partition(shown)[0][-_BEFORE_LINK:] + (shown or url), [(url, shown)]
            )
        self.links, self.notes = [], []

    def _abstract(self, element: Any) -> None:
        for child in element:
            classes = classes_of(child)
            if is_dropped(child, classes) or "ltx_title" in classes:
                continue
            self.links = []
            text = self.inline(child)
            self.builder.add_abstract(text, self.links)
        self.links = []
        self._flush_notes()

    def _heading(self, element: Any, classes: list[str], level: int) -> None:
        self.flush()
        tag = next(with_class(element, "ltx_tag"), None)
        number = TAG_WORDS.sub("", clean("".join(tag.itertext()))) if tag is not None else ""
        title = clean(self.inline(element, without=tag))
        if tag is None and (match := NUMBERED.fullmatch(title)):
            number, title = match["number"], match["title"]
        is_appendix = "ltx_title_appendix" in classes or title.casefold() in ("appendix", "appendices")
        self.builder.add_heading(number, title, level, is_appendix=is_appendix)
        self._flush_notes()

    # --- floats --------------------------------------------------------------------------------------------

    def _open_float(self, element: Any, depth: int) -> None:
        """A float that the conversion never closed swallows what follows it: from its first section on, blocks again."""
        late = [child for child in element if has_heading(child)]
        for child in late:
            element.remove(child)
        self._float(element)
        for child in late:
            self._block(child, depth)

    def _float(self, element: Any, spare: list[Any] | None = None) -> None:
        """A figure or table with its caption; one that only holds captioned panels is read panel by panel.

        `spare`: grids that stand beside the panels; LaTeXML puts a grid there when only its caption is in the panel.
        """
        tags = [inner for inner in element.iter() if isinstance(inner.tag, str)]
        captions = [inner for inner in tags if inner.tag == "figcaption" or "ltx_caption" in classes_of(inner)]
        own = [caption for caption in captions if self._float_of(caption, element) is element]
        inner_floats = [inner for inner in tags[1:] if not FLOATS.isdisjoint(classes_of(inner))]
        grids = [inner for inner in tags if is_grid(inner) and not self._in_table(inner, element)]
        if not own and inner_floats:
            left = [grid for grid in grids if self._float_of(grid, element) is element]
            for part in inner_floats:
                if self._float_of(part.getparent(), element) is element:
                    self._float(part, left)
            for grid in left:
                self.builder.add_table("", "", *self.grid(grid))
            return
        self.links = []
        caption = clean(" ".join(self.inline(c) for c in own))
        links, self.links = self.links, []
        label, number = split_label(caption)
        classes = classes_of(element)
        if not grids and spare and "ltx_table" in classes:
            grids = [spare.pop(0)]
        if "ltx_table" in classes or (grids and (label.startswith("Tab") or not number)):
            cells = [self.grid(grid) for grid in grids] or [([], 1)]
            for index, (rows, header) in enumerate(cells):
                self.builder.add_table(label, caption if index == 0 else "", rows, header, links)
                links = []
        elif label.startswith(("Algorithm", "Listing")):
            self.builder.add(BlockKind.CAPTION, caption, links)
            for line in [*with_class(element, "ltx_listingline")] or [*with_class(element, "ltx_p")]:
                self.builder.add(BlockKind.FIGURE_TEXT, self.inline(line))
        else:
            assets = [name for image in element.iter("img", "object") if (name := asset_of(image.get("src") or ""))]
            if caption or assets:
                self.builder.add_figure(number, caption, assets, links)
        if not label.startswith(("Algorithm", "Listing")):
            self._words_inside(element, [*own, *grids])
        self._flush_notes()

    def _words_inside(self, element: Any, taken: list[Any]) -> None:
        """What a float holds besides caption and grids: words of the drawing, or a paragraph that strayed in."""
        for inner in element.iter():
            if not isinstance(inner.tag, str) or not (inner.tag == "p" or "ltx_p" in classes_of(inner)):
                continue
            if not any(outer in taken for outer in (inner, *inner.iterancestors())):
                text = self.inline(inner)
                long = len(text.split()) >= _PARAGRAPH_WORDS
                self.builder.add(BlockKind.PARAGRAPH if long else BlockKind.FIGURE_TEXT, text)

    @staticmethod
    def _float_of(element: Any, top: Any) -> Any:
        while element is not top and element is not None:
            if not FLOATS.isdisjoint(classes_of(element)):
                return element
            element = element.getparent()
        return top

    @staticmethod
    def _in_table(element: Any, top: Any) -> bool:
        parent = element.getparent()
        while parent is not None and parent is not top:
            if "ltx_tabular" in classes_of(parent) or parent.tag == "table":
                return True
            parent = parent.getparent()
        return False

    def grid(self, table: Any) -> tuple[list[list[str]], int]:
        """Cells row by row, spanning ones repeated, and the number of header rows."""
        rows: list[list[str]] = []
        pending: dict[int, tuple[int, str]] = {}  # column -> (rows left, text) of cells that span rows
        header = 0
        total = 0
        for row in table.iter():
            if not isinstance(row.tag, str) or not (row.tag == "tr" or "ltx_tr" in classes_of(row)):
                continue
            if self._table_of(row) is not table:
                continue
            line: list[str] = []
            cells = [c for c in row if isinstance(c.tag, str) and (c.tag in ("td", "th") or "ltx_td" in classes_of(c))]
            for cell in cells:
                fill_down(line, pending)
                text = clean(self.inline(cell))
                columns, height = span_of(cell, "colspan"), span_of(cell, "rowspan")
                total += columns
                if total > MAX_CELLS:
                    raise TooLargeDocumentError(f"more than {MAX_CELLS} table cells")
                for _ in range(columns):
                    if height > 1:
                        pending[len(line)] = (height - 1, text)
                    line.append(text)
            fill_down(line, pending)
            if any(line):
                is_header = is_header_row(row, cells)
                header += is_header and header == len(rows)
                rows.append(line)
        return rows, min(header or 1, max(len(rows) - 1, 1))

    @staticmethod
    def _table_of(row: Any) -> Any:
        parent = row.getparent()
        while parent is not None and not (parent.tag == "table" or "ltx_tabular" in classes_of(parent)):
            parent = parent.getparent()
        return parent

    # --- inline --------------------------------------------------------------------------------------------

    def inline(self, element: Any, *, without: Any = None, breaks: str = " ", depth: int = 0) -> str:
        """The text of an element as it is read; footnotes go to `notes`, links to `links`."""
        if depth > MAX_DEPTH:
            raise TooLargeDocumentError(f"elements nested more than {MAX_DEPTH} deep")
        if depth == 0 and element.tag == "math":
            return self._math(element)
        parts = [element.text or ""]
        for child in element:
            if child is not without:
                parts.append(self._inline_child(child, breaks, depth))
            parts.append(child.tail or "")
        return "".join(parts)

    def _inline_child(self, child: Any, breaks: str, depth: int) -> str:
        classes = classes_of(child)
        if is_dropped(child, classes):
            return ""
        if child.tag == "math":
            return self._math(child)
        if child.tag == "br":
            return breaks
        if child.tag == "img":
            return f" {child.get('alt')} " if "ltx_Math" in classes and child.get("alt") else ""
        if "ltx_note" in classes:
            content = next(with_class(child, "ltx_note_content"), child)
            outer, self.links = self.links, []
            self.notes.append((self.inline(content, depth=depth + 1), self.links))
            self.links = outer
            return ""
        text = self.inline(child, breaks=breaks, depth=depth + 1)
        # a conversion without the bibliography's labels prints `key, `: the entry's number is what a reader would see
        if child.tag == "a" and text.rstrip().endswith(",") and (entry := ENTRY.fullmatch(child.get("href") or "")):
            return entry[1]
        if child.tag == "a" and (url := outside(child.get("href") or "")):
            self.links.append((url, text))
        apart = (
            child.tag in BLOCK_TAGS
            or child.tag in ("p", "li", "table")
            or not {"ltx_p", "ltx_td", "ltx_bibblock"}.isdisjoint(classes)
        )
        return f" {text} " if apart else text

    @staticmethod
    def _math(element: Any) -> str:
        notes = [note for note in element.iter("annotation") if "tex" in (note.get("encoding") or "")]
        tex = element.get("alttext") or next((note.text for note in notes), None)
        if tex:
            return math_text(tex)
        return "".join(text for text in element.itertext() if text not in {note.text for note in notes})
