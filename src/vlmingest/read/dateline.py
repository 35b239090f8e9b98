"""What the front of a document says of the paper beside title and authors: its date, and how its title is spelt.

Pure. For papers that no index describes: a report of one's own, a file read offline.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date

_FRONT = 3000  # characters: title page or first column at most
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>[A-Z][a-z]{2,8})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATE_LINES = tuple(
    re.compile(rf"\(?(?:(?:Date|Released|Published|Version of)[: ]\s*)?{form}\)?\.?")
    for form in (
        r"(?P<year>\d{4})[-/](?P<month>\d{2})[-/](?P<day>\d{2})",
        rf"{_MONTH} {_DAY},? (?P<year>\d{{4}})",
        rf"{_DAY} {_MONTH},? (?P<year>\d{{4}})",
    )
)
_WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
_SMALL = frozenset(
    (
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "of",
        "on",
        "or",
        "the",
        "to",
        "via",
        "with",
    )
)
_SEEN = 3  # so many places must write a word in one way
_SHORT = 4  # letters of a word that may be an abbreviation


def front_date(text: str, abstract_start: int | None) -> str | None:
    """The day (`YYYY-MM-DD`) that stands alone on a line before the abstract; None where there is none, or two."""
    end = min(abstract_start if abstract_start is not None else _FRONT, _FRONT)
    found = {day for line in text[:end].splitlines() if (day := _day(line.strip()))}
    return found.pop() if len(found) == 1 else None


def _day(line: str) -> str | None:
    for form in _DATE_LINES:
        match = form.fullmatch(line)
        if match is None:
            continue
        month = match["month"]
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1 if _is_month(month) else 0
        try:
            return date(int(match["year"]), number, int(match["day"])).isoformat()
        except ValueError:
            return None
    return None


def _is_month(word: str) -> bool:
    return word[:3].lower() in _MONTHS


def title_as_spelt(title: str, text: str) -> str:
    """A title set in capitals in the spelling that the text has for its words; any other title as it is.

    `SCALING LLMS` is `Scaling LLMs` where the text speaks of "LLMs" and of "scaling".
    """
    letters = [letter for letter in title if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    if len(_WORD.findall(title)) < 3 or not letters or capitals < 0.8 * len(letters):
        return title
    body = text.replace(title, " ")
    spellings: dict[str, Counter[str]] = {}
    for word in _WORD.findall(body):
        for part in {word, *word.split("-")}:
            spellings.setdefault(part.casefold(), Counter())[part] += 1
    parts: list[str] = []
    end = 0
    for match in _WORD.finditer(title):
        gap = title[end : match.start()]
        first = not parts or ":" in gap
        parts += [gap, _spelt(match[0], spellings, first=first)]
        end = match.end()
    return "".join(parts) + title[end:]


def _spelt(word: str, spellings: Mapping[str, Counter[str]], *, first: bool) -> str:
    """The word in the most frequent spelling of the text, as the word of a title."""
    if not word.isupper():  # the title itself spells it
        return word
    seen = spellings.get(word.casefold(), Counter())
    spelling, times = max(seen.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    has_digit = any(letter.isdigit() for letter in word)
    if "-" in word and (times < _SEEN or spelling[1:].islower()):
        parts = word.split("-")
        return "-".join(_spelt(part, spellings, first=first and not index) for index, part in enumerate(parts))
    if times >= _SEEN and (has_digit or not (spelling.islower() or spelling.istitle())):
        return spelling  # an abbreviation, or a name of its own spelling
    lower = word.lower()
    if lower in _SMALL:
        return lower[:1].upper() + lower[1:] if first else lower
    if (len(word) <= _SHORT or has_digit) and lower not in seen and word.capitalize() not in seen:
        return word  # an abbreviation that is found nowhere else
    return lower[:1].upper() + lower[1:]
