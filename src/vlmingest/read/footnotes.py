"""Footnotes and the marks that point to them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict

from vlmingest.document import Block, BlockKind

_MARK = re.compile(r"\d{1,2}|[∗*†‡§¶♮♯♢♠♣]{1,3}")
_POINTS = frozenset(
    {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.ABSTRACT, BlockKind.AUTHORS, BlockKind.TITLE, BlockKind.HEADING,
     BlockKind.CAPTION}
)  # fmt: skip


def anchored(text: str, blocks: list[Block], marks: list[int]) -> list[Block]:
    """The blocks, each footnote with the offset of its mark: raised behind a word on the page of the footnote.

    `marks`: offsets of the raised marks that stand apart from their words; others are looked for in the text.
    """
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
            result[index] = block.model_copy(
                update={"anchor": _anchor(text, mark[0], pages[block.page], sorted(marks))}
            )
    return result


def _anchor(text: str, mark: str, blocks: list[Block], marks: list[int]) -> int | None:
    """Where the mark stands: a number behind a letter or its punctuation, a sign behind anything."""
    for block in blocks:
        for place in marks[bisect_left(marks, block.start) : bisect_left(marks, block.end)]:
            if mark in text[place : text.find(" ", place)].split(","):
                return place
    before = r"[^\W\d_][.,;:)\]”\"']?" if mark.isdigit() else r"\S\s?"
    pattern = re.compile(
        rf"{before}({re.escape(mark)})(?![\w.%])" if mark.isdigit() else rf"{before}({re.escape(mark)})"
    )
    for block in blocks:
        found = pattern.search(text, block.start, block.end)
        if found:
            return found.start(1)
    return None
