"""Names of data sets that no list knows, by their shape; what looks alike (metrics, tasks, models) is passed over.

`names_in` looks into running text, `cell_names` into a table cell. Both only propose: whether a name is a set of data is
judged from all its places (see `dataset_scores`).

Patterns that stand here tell how names, citations, marks and amounts are written: letters, digits and signs. What says something
about words is a row of rules/dataset_names.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from vlmingest.extract.rules import load_rules
from vlmingest.extract.wording import wording
from vlmingest.vocabulary.datasets import fold_name

# A word that looks like a name: two capitals, a capital inside, or letters with digits.
# Atomic groups: a word is read in one way only, so that no text makes the search slow. A look at its first letters passes over
# plain words.
_STRONG = (
    r"(?>[A-Z]+\d+[A-Za-z]*|[A-Z][a-z]*(?:[A-Z][a-z]*)+\d*|[A-Z]{2,}[a-z]*\d*|[a-z]{1,10}+[A-Z][A-Za-z]*\d*|[A-Z][a-z]+\d+(?:[A-Z][a-z]+|[A-Za-z]{0,2})"
    r"|\d+[A-Z]{2,}[A-Za-z]*)"
)
_PIECE = rf"(?>{_STRONG}|[A-Z][a-z]+|[A-Z]|[a-z]+|v?\d+(?:\.\d+)*[KMBk]?)"
_WORD = rf"(?>(?:{_STRONG}|[A-Z][a-z]*)(?:[-/_]{_PIECE})*(?:(?<=\d)\.\d(?![\w.]))?\+{{0,2}})"
_NAME = re.compile(
    rf"(?<![\w-])(?=[A-Z]|[a-z]{{1,10}}+[A-Z]|\d++[A-Z])(?P<name>{_WORD}(?:\s(?:{_WORD}|v?\d+(?:\.\d+)*[KMBk]?(?![\w.%×x])|(?:in|of|the)(?=\s[A-Z]))){{0,4}})(?![\w·-])"
)
_IS_STRONG = re.compile(rf"(?:^|[-/_\s]){_STRONG}|[A-Z][a-z]+-[A-Za-z]|[A-Za-z]-\d|\s\d")
_LEADING = wording("dataset_names.leading")
_TRAILING = wording("dataset_names.trailing")
_CITED = re.compile(
    r"\s*(?:\[(?:[\d,;\s–-]+|[A-Z][^\[\]]{0,120}\d\d[a-z]?)\]|\((?:[A-Z][^()]*?\d{4}[a-z]?[^()]*|\d{4})\))"
)
_MARKS = re.compile(r"[*†‡§¶∗⋆↑↓★♣♠⇑⇓^]+|\\\w+")
_BRACKET = re.compile(r"\s*\([^()]*\)?\s*\Z")
_SPLIT_WORDS = wording("dataset_names.split_words")
_PARTS = re.compile(r"\s*(?:,|;|\+(?=\s|[A-Z])|\n|\s/\s|\s&\s|\band\b)\s*")
# "FooQA (10K) BarQA (mc, 2.5k)": what is taken of each parts the sets of a list without commas.
_AMOUNTS = re.compile(r"\s?\((?:[\w/]+,\s)?[~≈]?\d[\d.,]*\s?[KMBk]?\)(?=\s*[\w\[])")
_PARTS_CITED = re.compile(r"\s*(?:,(?![^\[(]*[\])])|;|\n|\s&\s)\s*")
_WORDS_ONLY = re.compile(r"[A-Z][A-Za-z]*(?:[ -][A-Za-z][A-Za-z]*)+")
_MOST_PLAIN = 4
_VAGUE = wording("dataset_names.vague")
# "Poe 2011", "Doe and Roe 2011"
_AUTHORS = re.compile(r"(?:[A-Z][\w'-]*[a-z]\w*\s){1,3}(?:19|20)\d\d")
MAX_NAME = 44
_BETWEEN_WORDS = re.compile(r"[ /&#-]+")
_SHORTEST = 2
_SHORT_WORD = 3
_AMOUNT = re.compile(r"[A-Za-z]-?\d+(?:\.\d+)?[KkM]\Z")
_MUCH = re.compile(r"\s[~≈]?\d[\d.,]*\s?[KMBk]\Z")  # "chart data 2.6M": how much is taken is no part of a name
MOST_WORDS = 3
_LONGEST_CELL = 4000  # a whole mixture may stand in one cell
_NO_SET = wording("dataset_names.no_set")
_RUN_ON = wording("dataset_names.run_on")


def names_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of words in `text[start:end]` that could name a set of data (or a model, a metric, a task)."""
    for match in _matches(text, start, end):
        low, high = match.span("name")
        name = text[low:high]
        if name[-4:].isdigit() and _AUTHORS.fullmatch(name) is not None and is_cited_there(text, start, high):
            continue
        # One plain word is no name, except with a citation: whether its list makes it one is seen later.
        if not is_plain(name) or (len(name) > _SHORT_WORD and _CITED.match(text, high, end) is not None):
            span = _trim(text, low, high)
            if span is not None:
                yield span


# Where a name begins, or its first capital stands behind small letters ("fooQA"); not where a plain word stands before another
# ("We train"). It starts with a set, by which the engine skips the rest of a text.
_LEAD = re.compile(
    r"[A-Z\d](?:(?<![\w-].)(?:(?<=[A-Z])(?![a-z]+ (?!(?:in|of|the) )[a-z]+[ ,.;:)])|(?=\d*[A-Z]))|(?<=[a-z][A-Z]))"
)
_SMALL_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")


def _matches(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What `_NAME.finditer(text, start, end)` gives, without most plain words that stand alone."""
    search, match_at = _LEAD.search, _NAME.match
    place = search(text, start, end)
    while place is not None:
        begin, after = place.span()
        while begin > start and text[begin - 1] in _SMALL_LETTERS:
            begin -= 1
        match = match_at(text, begin, end)
        if match is not None:
            yield match
            after = match.end()
        place = search(text, after, end)


def is_cited_there(text: str, low: int, end: int) -> bool:
    """Whether authors and a year that end at `end` are part of a citation in brackets ("(Roe, Doe, and Poe 2011)")."""
    opening = text.rfind("(", low, end)
    return opening >= 0 and ")" not in text[opening:end] and text[end : end + 2].lstrip("abcd")[:1] in (")", ";", ",")


def is_plain(name: str) -> bool:
    """Whether a name is one word that looks like any other at the start of a sentence."""
    return name.isalpha() and name[1:].islower()


def is_short_form(text: str, start: int, end: int) -> bool:
    """Whether capitals in brackets stand for the plain words before them ("grounded captioning (GC)")."""
    name = text[start:end]
    if not (name.isupper() and text[start - 1 : start] == "(" and text[end : end + 1] == ")"):
        return False
    words = re.split(r"[\s-]+", text[max(start - 80, 0) : start - 1].rstrip())[-len(name) :]
    return len(words) == len(name) and all(word[:1] == letter.lower() for word, letter in zip(words, name, strict=True))


_SPELLED = re.compile(r"(?P<short>[A-Z][A-Za-z]{1,9})\s?\(\Z")
_GLOSS = re.compile(r"\s\((?P<short>[A-Z]{2,6})s?\)")


def is_spelled_out(text: str, start: int, end: int) -> bool:
    """Whether words in capitals are what a short form stands for: "FOO (Free Objects Outside)", "Character Recognition (OCR)"."""
    if " " not in text[start:end]:
        return False
    opening = text.rfind("(", max(start - 60, 0), start)
    before = (
        _SPELLED.search(text, max(opening - 11, 0), opening + 1)
        if opening >= 0 and ")" not in text[opening:start]
        else None
    )
    if before is not None and text[opening + 1 : opening + 2] == before.group("short")[0]:
        return True
    gloss = _GLOSS.match(text, end)
    return gloss is not None and fold_name(gloss.group("short")) in not_data()


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without words that only begin or end a phrase; None where nothing that looks like a name is left."""
    if " " not in text[start:end]:
        return (start, end) if is_name(text[start:end], is_plain(text[start:end])) else None
    leading = _LEADING.match(text, start, end)
    while leading is not None:
        start = leading.end()
        leading = _LEADING.match(text, start, end)
    name = text[start:end]
    trailing = _TRAILING.search(name)
    while trailing is not None:
        name = name[: trailing.start()]
        trailing = _TRAILING.search(name)
    return (start, start + len(name)) if is_name(name) else None


@lru_cache(maxsize=8192)
def is_name(name: str, in_cell: bool = False) -> bool:
    """Whether it is written like a name and is no metric, task or other common word; in a cell a capital is enough."""
    if not _SHORTEST <= len(name) <= MAX_NAME or not any(ch.isalpha() for ch in name):
        return False
    folded = fold_name(name)
    if folded in not_data() or folded.rstrip("s") in not_data() or len(folded) < _SHORTEST:
        return False
    if _NO_SET.search(name) or all(fold_name(word) in not_data() for word in re.split(r"[ -]", name)):
        return False
    ordinary = name[1:].islower() or not name.isalpha()  # "FRAMES" and "ArT" are written like names
    if ordinary and all(_describes(word, "-" in name) for word in _BETWEEN_WORDS.split(_MUCH.sub("", name))):
        return False
    if _IS_STRONG.search(name) is not None:
        return True
    words = [word for word in name.split() if word not in ("of", "in", "the")]
    least = 1 if in_cell and len(name) > _SHORT_WORD else 2
    return (
        least <= len(words) <= MOST_WORDS
        and all(word[0].isupper() for word in words)
        and words[-1] == name.rsplit(" ", 1)[-1]
    )


def _describes(word: str, joined: bool) -> bool:
    """Whether a word of a name only says of what sort something is ("chart QA", but "Chart-QA" may be a name)."""
    folded = fold_name(word)
    if folded in ("qa", "vqa"):
        return not joined
    if folded in not_data():
        return True
    return (len(folded) < _SHORTEST and not folded.isalpha()) or folded in describing()


@lru_cache(maxsize=2048)
def cell_names(cell: str) -> tuple[str, ...]:
    """The names in a cell: split at commas, without citations, marks, splits and metrics."""
    return tuple(_cell_names(cell))


def _cell_names(cell: str) -> Iterator[str]:
    if not cell or len(cell) > _LONGEST_CELL:
        return
    for part in _PARTS.split(_AMOUNTS.sub(";", _CITED.sub("", cell))):
        name = clean_cell(part)
        if name and any(ch.isupper() for ch in name) and is_name(name, in_cell=True) and name.count(" ") <= 4:
            yield name


def described_names(cell: str, of_sets: bool) -> Iterator[str]:
    """Names of plain words in a cell of a list of data ("Detailed Caption [3]"): the cited ones, or all in a column of sets."""
    if not cell or len(cell) > _LONGEST_CELL:
        return
    for part in _PARTS_CITED.split(cell):
        if of_sets or _CITED.search(part) is not None:
            name = clean_cell(part)
            words = _WORDS_ONLY.fullmatch(name)
            if words and 2 <= len(name.split()) <= _MOST_PLAIN and not is_name(name, in_cell=True):
                folded = fold_name(name)
                if folded not in not_data() and not _VAGUE.search(name):
                    yield name


def clean_cell(cell: str) -> str:
    """A cell's text without citation, marks, brackets and the split."""
    name = _MARKS.sub("", _CITED.sub("", cell)).strip(" .:|")
    while name != (shorter := _BRACKET.sub("", name)):
        name = shorter
    name = _SPLIT_WORDS.sub("", name).strip(" .:-")
    return _RUN_ON.sub("", name).strip(" -")


@cache
def not_data() -> frozenset[str]:
    """Folded words that are no data sets."""
    return frozenset(str(load_rules("dataset_names").data["not_data"]).split())


@cache
def describing() -> frozenset[str]:
    """Folded words that say of what sort data is."""
    return frozenset(str(load_rules("dataset_names").data["describing"]).split())


_DATA_LIKE = wording("dataset_names.data_like")
_MODEL_LIKE = wording("dataset_names.model_like")


def looks_like_data(name: str) -> bool:
    """Whether the end of a name is one that sets of data have, and hardly a model."""
    folded = fold_name(name)
    return _DATA_LIKE.search(folded) is not None and _MODEL_LIKE.search(folded) is None


_VARIANT = wording("dataset_names.variant")


def is_variant(key: str, own: frozenset[str]) -> bool:
    """Whether a folded name is one of the own model with a size or a use behind it ("foo7b", "foovideochat")."""
    return any(key.startswith(name) and _VARIANT.fullmatch(key, len(name)) is not None for name in own)


def shape_features(name: str) -> dict[str, float]:
    """What the shape of a name says."""
    folded = fold_name(name)
    found = {"shape_words": min(name.count(" "), 3) / 3}
    if _DATA_LIKE.search(folded):
        found["shape_data"] = 1.0
    if _MODEL_LIKE.search(folded):
        found["shape_model"] = 1.0
    if _AMOUNT.search(name):
        found["shape_amount"] = 1.0
    if folded.endswith("bench"):
        found["shape_bench"] = 1.0
    if folded.endswith("qa"):
        found["shape_qa"] = 1.0
    if any(ch.isdigit() for ch in name):
        found["shape_digit"] = 1.0
    if len(folded) <= 3:
        found["shape_short"] = 1.0
    if name.isupper():
        found["shape_capitals"] = 1.0
    if not any(ch.isupper() for ch in name[1:]) and " " not in name:
        found["shape_plain"] = 1.0
    return found
