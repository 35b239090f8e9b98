"""Sentences of a paper that may stand in a panel between quotation marks: whole, plain, telling, and without praise.

A sentence that begins well and then praises itself is quoted up to the comma before the praise: still the authors' own
words, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from vlmingest.catalogue.escape import plain

_LENGTH = (40, 320)  # characters: shorter says nothing, longer is a passage
_TELLING = re.compile(r"\b(?:propos|introduc|present|describ|develop)(?:e|es|ed|ing)\b", re.IGNORECASE)
_DESIGN = re.compile(
    r"\b(?:architecture|backbone|encoders?|decoders?|projectors?|projection|adapters?|adaptors?|connect(?:s|ed|or)?|"
    r"cross-attention|transformer|language model|LLMs?|consists? of|compris(?:es|ing)|integrat(?:es|ing))\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:we|our|this (?:paper|work|report))\b", re.IGNORECASE)
# what others do, or what is done in general: it tells nothing of this model
_BACKGROUND = re.compile(
    r"\A(?:While|Although|Typically|Recent(?:ly)?|Previous|Prior|Existing|Traditional|Conventional|Current|Most)\b|"
    r"\b(?:existing|previous|prior|other) (?:\w+ )?(?:works?|methods?|models?|approaches)\b|\breview of\b",
)
_RELEASE = re.compile(r"\b(?:publicly|available at|open-sourced?|(?:is|are|been) released)\b", re.IGNORECASE)
_CITATION = re.compile(r"\[\d|\bet al\b|\(\d{4}[a-z]?\)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")

Boasts = Callable[[str], object]


def is_whole_sentence(quote: str) -> bool:
    """A whole sentence of ordinary words: no table row, no formula, no citation numbers in a heap."""
    text = plain(quote)
    words = re.findall(r"[^\W\d_]{2,}", text)
    return (
        _LENGTH[0] <= len(text) <= _LENGTH[1]
        and text[0].isupper()
        and text.endswith(".")
        and len(words) >= 6
        and sum(map(len, words)) >= 0.6 * len(text)
    )


def best_quotes(quotes: Iterable[str]) -> list[str]:
    """The quotes without those on others' work: those that tell of the design first, those without citations before
    those with; else as given.
    """
    own = [quote for quote in quotes if _BACKGROUND.search(quote) is None]
    return sorted(own, key=lambda quote: (_DESIGN.search(quote) is None, _CITATION.search(quote) is not None))


def introduction(abstract: str, name: str, boasts: Boasts) -> str:
    """The words of the abstract that introduce the model; "" where none can be quoted.

    The sentence that names the model and says that it is presented comes first, then one that does either.
    """
    ranked: list[tuple[int, int, str]] = []
    for sentence in _SENTENCE_END.split(plain(abstract)):
        whole = is_whole_sentence(sentence)
        words = (sentence if not boasts(sentence) else _before_praise(sentence, boasts)) if whole else ""
        if not words or _RELEASE.search(words):
            continue
        names = _names(words, name)
        rank = 2 * names + bool(_TELLING.search(words)) + (names and bool(_DESIGN.search(words)))
        if rank:
            ranked.append((-rank, len(ranked), words))
    return min(ranked)[2] if ranked else ""


def of_design(abstract: str, name: str, boasts: Boasts) -> str:
    """The first sentence of the abstract, other than the introduction, that tells of the own architecture; or ""."""
    introduced = introduction(abstract, name, boasts)
    for sentence in best_quotes(_SENTENCE_END.split(plain(abstract))):
        told = {match.lower() for match in _DESIGN.findall(sentence)}
        own = _OWN.search(sentence) is not None or _names(sentence, name)
        fit = len(told) >= 2 and own and is_whole_sentence(sentence) and not boasts(sentence)
        if fit and not (introduced and introduced in sentence):
            return sentence
    return ""


def _names(text: str, name: str) -> bool:
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _before_praise(sentence: str, boasts: Boasts) -> str:
    """The sentence up to a comma, as long as can be without praise; "" where too little is left."""
    commas = [match.start() for match in re.finditer(r", (?=(?:which|that|and|with|while|an?|\w+ing)\b)", sentence)]
    for end in reversed(commas):
        words = sentence[:end]
        if len(words) >= _LENGTH[0] and not boasts(words):
            return words
    return ""
