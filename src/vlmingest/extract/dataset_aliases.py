"""Short forms that a paper explains: of names ("FQA: FooQA, BB: BarBench" under a table), and of plain words ("recall rate (RR)").

The first mean the long names; the second are no names of data.
"""

from __future__ import annotations

import re

from vlmingest.extract.dataset_names import clean_cell
from vlmingest.extract.view import PaperView
from vlmingest.vocabulary.datasets import fold_name

_LEAST = 2  # pairs in one caption: one alone is a run-in title
_PAIR = re.compile(
    r"(?<![\w-])(?P<short>[A-Z][A-Za-z0-9+-]{0,9})\s?[:=]\s"
    r"(?P<long>[A-Z0-9][\w+-]*(?:[ -][A-Z0-9][\w+-]*|\s(?:the|of|in|and)(?=\s[A-Z])){0,5})"
)
_SHORT = re.compile(r"\((?P<short>[A-Z]{2,5})\)")
_GLOSS = re.compile(r"(?<![\w-])(?P<short>[A-Z]{2,5}) \((?P<long>[a-z][a-z -]{3,60})\)")
_WORDS = re.compile(r"[\s-]+")
_BEFORE = 80


def long_names(view: PaperView) -> dict[str, str]:
    """Folded short form -> the long name, as the captions of tables have it."""
    found: dict[str, str] = {}
    for table in view.tables:
        if table.caption.count(":") + table.caption.count("=") < _LEAST:
            continue
        pairs = [(one.group("short"), clean_cell(one.group("long"))) for one in _PAIR.finditer(table.caption)]
        if len(pairs) >= _LEAST:
            found.update({fold_name(short): name for short, name in pairs if len(name) > len(short)})
    return found


def glossed(view: PaperView) -> frozenset[str]:
    """Folded capitals that stand for plain words."""
    found: set[str] = set()
    for match in _SHORT.finditer(view.text):
        before = view.text[max(match.start() - _BEFORE, 0) : match.start()].rstrip()
        if _stands_for(match.group("short"), _WORDS.split(before)[-len(match.group("short")) :]):
            found.add(fold_name(match.group("short")))
    for match in _GLOSS.finditer(view.text):
        words = [word for word in _WORDS.split(match.group("long")) if word not in ("of", "the", "in", "and")]
        if _stands_for(match.group("short"), words) or len(words) == 1:
            found.add(fold_name(match.group("short")))
    return frozenset(found)


def _stands_for(short: str, words: list[str]) -> bool:
    return len(words) == len(short) and all(
        word[:1] == letter.lower() for word, letter in zip(words, short, strict=True)
    )
