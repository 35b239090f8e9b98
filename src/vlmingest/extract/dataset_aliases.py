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
    r"(?P<long>[A-Z0-9][\w+-]*(?: [A-Z0-9][\w+-]*|\s(?:the|of|in|and)(?=\s[A-Z])){0,5})"
)
_GLOSS = re.compile(r"\((?P<long>[a-z][a-z -]{3,60})\)")
_SMALL = frozenset({"of", "the", "in", "and"})
_SHORTEST, _LONGEST = 2, 5
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


def is_glossed(view: PaperView, name: str) -> bool:
    """Whether the text explains a name in capitals by plain words: "recall rate (RR)", "RR (recall rate)"."""
    if not (_SHORTEST <= len(name) <= _LONGEST and name.isalpha() and name.isupper()):
        return False
    text = view.text
    place = text.find(f"({name})")
    while place >= 0:
        if _stands_for(name, _WORDS.split(text[max(place - _BEFORE, 0) : place].rstrip())[-len(name) :]):
            return True
        place = text.find(f"({name})", place + 1)
    place = text.find(f"{name} (")
    while place >= 0:
        gloss = None if text[place - 1 : place].isalnum() else _GLOSS.match(text, place + len(name) + 1)
        if gloss is not None:
            words = [word for word in _WORDS.split(gloss.group("long")) if word not in _SMALL]
            if len(words) == 1 or _stands_for(name, words):
                return True
        place = text.find(f"{name} (", place + 1)
    return False


def _stands_for(short: str, words: list[str]) -> bool:
    return len(words) == len(short) and all(
        word[:1] == letter.lower() for word, letter in zip(words, short, strict=True)
    )
