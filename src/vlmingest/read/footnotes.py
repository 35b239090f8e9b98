"""Footnotes and the marks that point to them."""

from __future__ import annotations

import re
from collections import defaultdict

from vlmingest.document import Block, BlockKind

_MARK = re.compile(r"\d{1,2}|[∗*†‡§¶♮♯♢♠♣]{1,3}")
_POINTS = frozenset(
    {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.ABSTRACT, BlockKind.AUTHORS, BlockKind.TITLE, BlockKind.HEADING,
     BlockKind.CAPTION}
)  # fmt: skip


def anchored(text: str, blocks: list[Block]) -> list[Block]:
    """The blocks, each footnote with the offset of its mark: raised behind a word on the page of the footnote."""
    notes = [index for index, block in enumerate(blocks) if block.kind is BlockKind.FOOTNOTE]
    if not notes:
        return blocks
    wanted = {blocks[index].page for index in notes}
    pages: defaultdict[int | None, list[Block]] = defaultdict(list)
    for block in blocks:
        if block.page in wanted and block.kind in _POINTS:
            pages[block.page].append(block)
    result = list(blocks)
    for index in notes:
        block = blocks[index]
        mark = _MARK.match(text, block.start, block.end)
        if mark is not None:
            result[index] = block.model_copy(update={"anchor": _anchor(text, mark[0], pages[block.page])})
    return result


def _anchor(text: str, mark: str, blocks: list[Block]) -> int | None:
    """Where the mark stands: a number behind a letter or its punctuation, a sign behind anything."""
    before = r"[^\W\d_][.,;:)\]”\"']?" if mark.isdigit() else r"\S\s?"
    pattern = re.compile(
        rf"{before}({re.escape(mark)})(?![\w.%])" if mark.isdigit() else rf"{before}({re.escape(mark)})"
    )
    for block in blocks:
        found = pattern.search(text, block.start, block.end)
        if found:
            return found.start(1)
    return None
