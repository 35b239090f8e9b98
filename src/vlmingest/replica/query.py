"""arXiv's search language (info.arxiv.org/help/api/user-manual 5.1): fields, words, phrases, AND, OR, ANDNOT, ranges.

Words are compared whole and without case, `word*` by its beginning; words side by side without an operator are joined
with OR; AND and ANDNOT bind closer than OR. Unknown fields match nothing. A range takes minutes of UTC: `[202506010000
TO 202506022359]`, shorter forms stand for their whole span, `*` is open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from vlmingest.replica.corpus import Edition

Test = Callable[[Edition], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<paren>[()])|(?P<field>[A-Za-z_]+):(?=[^\s)])|(?P<range>\[[^\]]*\])|\"(?P<phrase>[^\"]*)\"|(?P<word>[^\s()\"]+))"
)
_OPERATORS = frozenset({"AND", "OR", "ANDNOT"})
_WORDS = re.compile(r"[^\W_]+")


class QueryError(ValueError):
    """The query cannot be understood."""


def parse_query(text: str) -> Test:
    """The test that a query stands for; raises QueryError."""
    tokens = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise QueryError(f"cannot read {text[position : position + 30]!r}")
        kind = match.lastgroup or ""
        tokens.append((kind, match[kind]))
        position = match.end()
    parser = _Parser(tokens)
    test = parser.either("all")
    if parser.rest:
        raise QueryError(f"unexpected {parser.rest[0][1]!r}")
    return test


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.rest = tokens

    def either(self, field: str) -> Test:
        tests = [self.both(field)]
        while self.rest and self.rest[0] != ("paren", ")"):
            if self.rest[0] == ("word", "OR"):
                self.rest = self.rest[1:]
            tests.append(self.both(field))
        return tests[0] if len(tests) == 1 else lambda paper: any(test(paper) for test in tests)

    def both(self, field: str) -> Test:
        test = self.single(field)
        while self.rest and self.rest[0] in (("word", "AND"), ("word", "ANDNOT")):
            negated = self.rest[0][1] == "ANDNOT"
            self.rest = self.rest[1:]
            test = _joined(test, self.single(field), negated=negated)
        return test

    def single(self, field: str) -> Test:
        if not self.rest:
            raise QueryError("the query ends where a term is due")
        (kind, value), self.rest = self.rest[0], self.rest[1:]
        if kind == "field":
            return self.single(value)
        if kind == "paren" and value == "(":
            test = self.either(field)
            if not self.rest or self.rest[0] != ("paren", ")"):
                raise QueryError("a parenthesis is not closed")
            self.rest = self.rest[1:]
            return test
        if kind == "paren" or (kind == "word" and value in _OPERATORS):
            raise QueryError(f"unexpected {value!r}")
        if kind == "range":
            return _between(field, value)
        return _matches(field, value)


def _joined(left: Test, right: Test, *, negated: bool) -> Test:
    return lambda paper: left(paper) and right(paper) is not negated


def _matches(field: str, value: str) -> Test:
    if field == "cat":
        wanted = value.lower()
        if wanted.endswith("*"):
            return lambda paper: any(category.lower().startswith(wanted[:-1]) for category in paper.categories)
        return lambda paper: any(category.lower() == wanted for category in paper.categories)
    if field == "id":
        return lambda paper: value in (paper.id, paper.name)
    if field in ("submittedDate", "lastUpdatedDate"):
        return _between(field, f"[{value} TO {value}]")
    words = _WORDS.findall(value.lower())
    prefix = value.endswith("*")
    return lambda paper: any(_holds(part, words, prefix=prefix) for part in _parts(paper, field))


def _parts(paper: Edition, field: str) -> list[str]:
    parts = {
        "ti": [paper.title],
        "au": list(paper.authors),
        "abs": [paper.abstract],
        "co": [paper.comment],
        "jr": [paper.journal_ref],
        "rn": [],
    }
    if field == "all":
        return [*(text for texts in parts.values() for text in texts), " ".join(paper.categories), paper.id]
    return parts.get(field, [])


def _holds(text: str, words: list[str], *, prefix: bool) -> bool:
    found = _WORDS.findall(text.lower())
    size = len(words)
    for start in range(len(found) - size + 1 if size else 0):
        window = found[start : start + size]
        if window == words or (prefix and window[:-1] == words[:-1] and window[-1].startswith(words[-1])):
            return True
    return False


def _between(field: str, text: str) -> Test:
    match = re.fullmatch(r"\[\s*(\d{4,14}|\*)\s+TO\s+(\d{4,14}|\*)\s*\]", text)
    if match is None or field not in ("submittedDate", "lastUpdatedDate"):
        raise QueryError(f"cannot read {field}:{text}")
    low = datetime.min.replace(tzinfo=UTC) if match[1] == "*" else _span(match[1])[0]
    high = datetime.max.replace(tzinfo=UTC) if match[2] == "*" else _span(match[2])[1]
    if field == "submittedDate":
        return lambda paper: low <= paper.published < high
    return lambda paper: low <= paper.submitted < high


def _span(digits: str) -> tuple[datetime, datetime]:
    """The time that a shortened date stands for: `20250601` is the whole day."""
    padded = (digits + "00000101000000"[len(digits) :]) if len(digits) <= 8 else digits.ljust(14, "0")
    try:
        start = datetime.strptime(padded, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise QueryError(f"{digits} is no date") from error
    if len(digits) >= 14:
        return start, start + timedelta(seconds=1)
    if len(digits) >= 12:
        return start, start + timedelta(minutes=1)
    if len(digits) >= 10:
        return start, start + timedelta(hours=1)
    if len(digits) >= 8:
        return start, start + timedelta(days=1)
    month = start.month % 12 + 1 if len(digits) >= 6 else 1
    year = start.year + (1 if len(digits) < 6 or start.month == 12 else 0)
    return start, start.replace(year=year, month=month)
