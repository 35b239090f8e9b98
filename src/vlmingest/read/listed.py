"""Figures that list sets of data and how much of each is taken: their text is no prose, though it is as wide."""

from __future__ import annotations

import re

from vlmingest.document import BlockKind
from vlmingest.read.captions import CAPTION
from vlmingest.read.floats import Run

# How much of a set is taken, behind its name: "(10.0 K)", "(free, 2k)".
_TAKEN = re.compile(r"\((?:[\w/]+,\s)?[~$]?\d[\d.,]*\s?[KMBk]\)")
_WORD = re.compile(r"[a-z]{3,}")
_LEAST_TAKEN = 3
_PROSE = 0.25  # of its words that a list has in lower case at most


def mark_lists(runs: list[Run]) -> None:
    """Lists of sets and how much of each is taken, on a page with a figure, are the text of the figure and no prose."""
    pages = {
        run.lines[0].page for run in runs
        if run.kind is BlockKind.CAPTION and (match := CAPTION.match(run.lines[0].text)) and match[1][0] == "F"
    }  # fmt: skip
    for run in runs:
        if run.kind is BlockKind.PARAGRAPH and run.lines[0].page in pages:
            text = " ".join(line.text for line in run.lines)
            words = text.split()
            if len(_TAKEN.findall(text)) >= _LEAST_TAKEN and (
                sum(_WORD.fullmatch(word) is not None for word in words) < _PROSE * len(words)
            ):
                run.kind = BlockKind.FIGURE_TEXT
