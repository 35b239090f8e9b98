"""The text layer as a whole: the document's own words, and whether they are words at all."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from vlmingest.errors import GarbledTextError, NoTextLayerError
from vlmingest.read.pdfium import RawPage

# the commonest short words of languages in Latin script: real text has 10 % and more of them, a shifted font none
_COMMON = frozenset(
    [
        "the", "of", "and", "to", "in", "is", "for", "that", "with", "on", "as", "we", "by", "are",
        "this", "from", "der", "die", "und", "das", "ist", "les", "des", "est", "une", "que", "los", "las",
        "para", "con", "del", "dos", "uma", "em", "il", "di", "che", "per", "non", "va", "la", "cho",
        "khi", "mot", "voi", "het", "een", "van", "och", "att", "som", "en", "de", "et", "el", "un",
        "se",
    ]
)  # fmt: skip
_NO_WORDS = 20  # characters a page: less is a scan
_LOOKED_AT = 12  # pages, evenly spread: encodings are those of the whole file
_LETTERS = 0.4  # share of letters and digits among the characters that are not white space
_WORDS = 150  # words in Latin script that a verdict on the language needs
_COMMON_SHARE = 0.025  # garbage hits the list by chance, a translation has 0.07 and more, English 0.17
_PUNCTUATION = ".,;:()"


def count_words(pages: list[RawPage]) -> Counter[str]:
    """How often each word stands in the pages, lower case, without the punctuation around it."""
    tokens = Counter(" ".join([page.text for page in pages]).lower().split())
    for token in [token for token in tokens if not token.isalnum()]:
        word = token.strip(_PUNCTUATION)
        if word != token:
            tokens[word] += tokens.pop(token)
    return tokens


def parts_of_compounds(vocabulary: Counter[str]) -> Counter[str]:
    """`self-`, `-supervised` for the `self-supervised` of a vocabulary: what begins and what ends compounds, and how often."""
    parts: Counter[str] = Counter()
    for word in [word for word in vocabulary if "-" in word and "/" not in word]:
        first, *others = word.split("-")
        parts[f"{first}-"] += vocabulary[word]
        for other in others:
            parts[f"-{other}"] += vocabulary[word]
    return parts


def check_text(pages: list[RawPage], vocabulary: Counter[str]) -> None:
    """Raises NoTextLayerError for a scan and GarbledTextError where the characters are no words of any language."""
    if sum(int((page.ends - page.starts).sum()) for page in pages) < _NO_WORDS * max(len(pages), 1):
        raise NoTextLayerError
    solid = letters = latin = 0
    for page in pages[:: max(1, len(pages) // _LOOKED_AT)]:
        codes = page.codes[page.codes < 1 << 16]
        solid += int((page.ends - page.starts).sum())
        letters += int(np.count_nonzero(_letters()[codes]))
        latin += int(np.count_nonzero(((codes | 32) >= 97) & ((codes | 32) <= 122)))
    if letters < _LETTERS * solid:
        raise GarbledTextError(f"{letters} letters in {solid} characters")
    if letters >= 1.3 * latin:
        return
    common = sum(vocabulary[word] for word in _COMMON)
    if common >= _COMMON_SHARE * vocabulary.total():
        return
    words = sum(count for word, count in vocabulary.items() if len(word) > 1 and word.isascii() and word.isalpha())
    if words >= _WORDS and common < _COMMON_SHARE * words:
        raise GarbledTextError("hardly a common word of any of six languages")


@lru_cache(maxsize=1)
def _letters() -> npt.NDArray[np.bool_]:
    """Whether each of the first 65,536 code points is a letter or a digit."""
    return np.array([chr(code).isalnum() for code in range(1 << 16)])
