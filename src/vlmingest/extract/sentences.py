"""Sentences of a block as half-open spans into the text: abbreviations, initials, versions and numbers do not end one."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A full stop (or ? !), closing quotes or brackets, white space, then something that can start a sentence.
# The group is the white space between two sentences; after a CJK stop there may be none. One set of characters stands first,
# so that the search skips from stop to stop.
_END = re.compile(
    r"[.!?。！？](?:(?<=[.!?])[)\]\"'”’]*(\s+)(?=[\"'“‘(\[]*[A-Z0-9\u0391-\u03a9•◦\u4e00-\u9fff])|(?<=[。！？])(\s*))"
)
# Words whose full stop ends no sentence (lower case, without the stop).
_ABBREVIATIONS = frozenset(
    ["et", "al", "e.g", "i.e", "eg", "ie", "cf", "vs", "etc", "fig", "figs", "eq", "eqs", "eqn", "sec", "secs", "sect", "tab", "tabs", "ref", "refs", "app", "appx", "resp", "approx", "dept", "no", "nos", "vol", "pp", "ed", "eds", "dr", "mr", "mrs", "ms", "prof", "st", "jr", "sr", "inc", "ltd", "co", "corp", "w.r.t", "wrt", "a.k.a", "aka", "i.i.d", "viz", "ca", "alg", "thm", "def", "prop", "supp", "suppl", "avg", "max", "min", "std"]
)  # fmt: skip
# After these the stop ends a sentence when a capital follows ("etc. We ..."), not when a digit does ("no. 5").
_ENDING_WORDS = frozenset({"etc", "al", "no", "max", "min", "app", "co", "std", "avg", "def", "ed", "st"})
_LAST_WORD = re.compile(r"([\w.]+)\Z")
_NEXT = re.compile(r"\s+[\"'“‘(\[]*(\S+)")
_STARTERS = frozenset(
    ["We", "The", "This", "These", "In", "For", "It", "Our", "To", "As", "By", "On", "At", "From", "With", "When", "While", "However", "Moreover", "Furthermore", "Finally", "And", "They", "Specifically", "Additionally", "During", "After", "Following", "Then", "A", "An", "Since", "Given", "Both", "Each", "All", "There", "Thus", "Therefore", "Hence", "But"]
)  # fmt: skip


def sentence_bounds(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(start, end) of the sentences in `text[start:end]`, in order, without the white space around them."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    begin = start
    for match in _END.finditer(text, start, end):
        stop, after = match.span()
        gap = match.start(match.lastindex or 0)
        if text[stop] == "." and not _ends_sentence(text, stop, gap, end):
            continue
        yield begin, gap
        begin = after
    if begin < end:
        yield begin, end


def _ends_sentence(text: str, stop: int, after: int, end: int) -> bool:
    word = text[max(text.rfind(" ", max(stop - 24, 0), stop) + 1, stop - 24, 0) : stop]
    if not word.isalnum():
        match = _LAST_WORD.search(word)
        word = match.group(1) if match else ""
    word = word.lower()
    if (
        len(word) == 1 and word.isalpha() and text[stop - 2 : stop - 1] not in "-/"
    ):  # an initial: "J. Doe", not "ViT-L. We"
        return False
    if word not in _ABBREVIATIONS:
        return True
    follows = _NEXT.match(text, after, end)
    if follows is None:
        return True
    return word in _ENDING_WORDS and follows.group(1) in _STARTERS
