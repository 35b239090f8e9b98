"""Small made-up papers as Documents, for the tests of the stage reader: headings, paragraphs and tables, no file behind."""

from __future__ import annotations

import re

from vlmingest.document import Block, BlockKind, Document, Section, Span, Table

_HEADING = re.compile(r"(#+) (?:([\dA-Z](?:\.\d+)*) )?(.+)")


def document(text: str) -> Document:
    """A Document of a text with "# 3 Title" headings, one paragraph a line, and "| a | b |" table rows."""
    parts: list[str] = []
    blocks: list[Block] = []
    sections: list[tuple[int, str | None, str, int]] = []
    tables: list[Table] = []
    rows: list[tuple[str, ...]] = []
    spans: list[Span] = []
    caption: tuple[str, Span] | None = None
    at = 0

    def close_table() -> None:
        nonlocal rows, spans, caption
        if rows:
            blocks.append(Block(kind=BlockKind.TABLE, start=spans[0].start, end=spans[-1].end, page=1))
            said, place = caption or ("", None)
            tables.append(
                Table(
                    label=f"Table {len(tables) + 1}",
                    caption=said,
                    page=1,
                    bbox=None,
                    cells=tuple(rows),
                    caption_span=place,
                    row_spans=tuple(spans),
                )
            )
        rows, spans, caption = [], [], None

    for given in text.strip().split("\n"):
        line = given
        heading = _HEADING.fullmatch(line)
        if line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
            line = " ".join(cells)
            rows.append(cells)
            spans.append(Span(at, at + len(line)))
        else:
            if rows:
                close_table()
            kind = BlockKind.PARAGRAPH
            if heading:
                kind = BlockKind.HEADING
                line = f"{heading[2]} {heading[3]}" if heading[2] else heading[3]
                sections.append((len(heading[1]), heading[2], heading[3], at))
            elif re.match(r"Table \d+: ", line):
                kind = BlockKind.CAPTION
                caption = (line.partition(": ")[2], Span(at, at + len(line)))
            blocks.append(Block(kind=kind, start=at, end=at + len(line), page=1))
        parts.append(line)
        at += len(line) + 1
    close_table()
    joined = "\n".join(parts) + "\n"
    made = []
    for index, (level, number, title, start) in enumerate(sections):
        end = next((s for lv, _, _, s in sections[index + 1 :] if lv <= level), len(joined))
        appendix = bool(number and number.isalpha())
        made.append(
            Section(number=number, title=title, level=level, page=1, start=start, end=end, is_appendix=appendix)
        )
    first_appendix = next((section.start for section in made if section.is_appendix), None)
    return Document(
        source="pdf",
        sha256="0" * 64,
        reader="test",
        text=joined,
        title="A Test Paper",
        blocks=tuple(blocks),
        sections=tuple(made),
        tables=tuple(tables),
        appendix_start=first_appendix,
        page_starts=((0, 1),),
    )
