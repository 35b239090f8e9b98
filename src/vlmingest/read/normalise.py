"""Named normalisation steps of the PDF text; the names of those that a document went through are in `Document.steps`.

Two kinds: steps that keep the length (a table of characters, applied to the whole page at once) and steps that join
(hyphens at line ends, by the vocabulary of the document itself).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from vlmingest.read.arrays import Codes

LINE_HYPHEN = "\ufffe"  # pdfium's mark for a hyphen at the end of a line
STEPS = ("control-characters", "spaces", "line-end-hyphens")


def _characters() -> dict[int, str]:
    table = {code: " " for code in [*range(32), *range(0x7F, 0xA0)] if chr(code) not in "\r\n"}
    table.update(dict.fromkeys([0x00A0, 0x1680, 0x2028, 0x2029, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "))
    table[0x02] = LINE_HYPHEN
    table[0x00AD] = "-"
    return table


CHARACTERS = _characters()


def _characters_16() -> Codes:
    table = np.arange(1 << 16, dtype=np.uint16)
    for code, character in CHARACTERS.items():
        table[code] = ord(character)
    return table


CHARACTERS_16 = _characters_16()  # the same, for a column of UTF-16 units


def joint(head: str, tail: str, vocabulary: Mapping[str, int]) -> str:
    """What stands between the two parts of a word broken at a line end: nothing, or the hyphen of a real compound.

    `vocabulary` counts the document's own words: `pro|cessing` stands elsewhere as `processing`, `multi|modal` as
    `multi-modal`. Where neither does, two words that both stand alone elsewhere are a compound.
    """
    left = re.split(r"[\s-]", head)[-1].strip(".,;:()[]").lower()
    right = re.split(r"[\s-]", tail)[0].strip(".,;:()[]").lower()
    if vocabulary.get(f"{left}-{right}", 0) > vocabulary.get(left + right, 0):
        return "-"
    if left + right in vocabulary or not right.isalpha():
        return "" if right.isalpha() else "-"
    return "-" if left in vocabulary and right in vocabulary and len(left) > 2 and len(right) > 2 else ""
