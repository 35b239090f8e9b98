"""Small made-up papers for the tests of field readers: blocks of text, sections from headings, tables with row spans."""

from __future__ import annotations

from vlmingest.document import Block, BlockKind, Document, Figure, Link, Page, References, Section, Span, Table
from vlmingest.extract.view import PaperView

P, H, C, F = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.CAPTION, BlockKind.FOOTNOTE


def made_paper(*blocks, title="Reading at Night", abstract="", tables=(), figures=(), links=(), pages=10):
    """A view of a paper: title, abstract, then blocks: a str is a paragraph, ("# Heading" a heading), else (kind, text).

    `tables` are (caption, header, *rows) of cells; each stands after the blocks with its rows as lines of text.
    `figures` are (number, page, caption); `links` (url, anchor text): an annotation on that text.
    """
    text, made, sections = title + "\n", [Block(kind=BlockKind.TITLE, start=0, end=len(title), page=1)], []
    abstract_span = None
    if abstract:
        made.append(Block(kind=BlockKind.ABSTRACT, start=len(text), end=len(text) + len(abstract), page=1))
        abstract_span = Span(len(text), len(text) + len(abstract))
        text += abstract + "\n"
    references = None
    for entry in blocks:
        kind, part = entry if isinstance(entry, tuple) else (P, entry)
        if part.startswith("# "):
            kind, part = H, part[2:]
            sections.append((len(text), part))
            if part == "References":
                references = len(text)
        made.append(Block(kind=kind, start=len(text), end=len(text) + len(part), page=1))
        text += part + "\n"
    shown = []
    for number, page, caption in figures:
        line = f"Figure {number}: {caption}"
        made.append(Block(kind=C, start=len(text), end=len(text) + len(line), page=page))
        span = Span(len(text), len(text) + len(line))
        shown.append(
            Figure(number=number, caption=caption, page=page, bbox=(50.0, 80.0, 500.0, 300.0), caption_span=span)
        )
        text += line + "\n"
    tabulated = []
    for label, (caption, *rows) in enumerate(tables, start=1):
        start, spans = len(text), []
        for row in rows:
            line = " ".join(row)
            spans.append(Span(len(text), len(text) + len(line)))
            text += line + "\n"
        made.append(Block(kind=BlockKind.TABLE, start=start, end=len(text) - 1, page=1))
        tabulated.append(
            Table(
                label=f"Table {label}",
                caption=caption,
                page=1,
                bbox=None,
                cells=tuple(tuple(row) for row in rows),
                row_spans=tuple(spans),
            )
        )
    ends = [*(start for start, _ in sections[1:]), len(text)][: len(sections)]
    return PaperView(
        Document(
            source="pdf",
            sha256="0" * 64,
            reader="t",
            text=text,
            title=title,
            abstract=abstract_span,
            pages=tuple(Page(number=number, width=612.0, height=792.0) for number in range(1, pages + 1)),
            blocks=tuple(made),
            sections=tuple(
                Section(
                    number=None, title=name, level=1, page=1, start=start, end=end, is_reference=name == "References"
                )
                for (start, name), end in zip(sections, ends, strict=True)
            ),
            references=References(page=pages, start=references, end=len(text)) if references is not None else None,
            tables=tuple(tabulated),
            figures=tuple(shown),
            links=tuple(
                Link(url=url, page=1, start=text.index(anchor), end=text.index(anchor) + len(anchor), kind="annotation")
                for url, anchor in links
            ),
            page_starts=tuple(
                sorted({(0, 1)} | {(block.start, block.page) for block in made if block.page != 1}, key=lambda x: x[0])
            ),
        )
    )


def assert_quoted(view, candidates):
    """Every candidate's evidence is a run of the text."""
    for one in candidates:
        assert one.evidence
        for evidence in one.evidence:
            assert view.text[evidence.start : evidence.end] == evidence.quote
            assert 0 < len(evidence.quote.split()) <= 60
