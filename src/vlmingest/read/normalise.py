"""Named normalisation steps of the PDF text; the names of those that a document went through are in `Document.steps`.

Two kinds: steps that keep the length (a table of characters, applied to the whole page at once) and steps that join
(hyphens at line ends, by the vocabulary of the document itself).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
from pyphen import Pyphen

from vlmingest.read.arrays import Codes

LINE_HYPHEN = "\ufffe"  # pdfium's mark for a hyphen at the end of a line
_SIGNS = ".,;:!?()[]{}“”‘’\"'"
_LAST_LETTERS = re.compile(r"[^\W\d_]+\Z")
_FIRST_LETTERS = re.compile(r"[^\W\d_]+")
_NOTE_WORD = re.compile(r"\d{1,2}[A-Z]")  # a footnote that begins below
_AFTER_DOT = re.compile(r"[a-z\d][\w-]*(?:[./][\w./?=&%#~+:-]*)|\d{4,}")
_PATH = re.compile(r"[/._=?&\d-]")
_SCHEME = re.compile(r"(?:^|[(\[])https?:$")  # TeX breaks an address behind the colon, too
_NEW_ADDRESS = re.compile(r"\d{0,2}https?:|www\.")  # behind the mark of a footnote, too

STEPS = (
    "control-characters", "mathematical-letters", "spaces", "line-numbers", "furniture", "raised-marks", "line-end-hyphens",
    "broken-addresses",
)  # fmt: skip


def _mathematical() -> dict[int, str]:
    """The letters that fonts of mathematics by Unicode set ("VQA𝑣2"; Unicode, block 1D400-1D7FF) -> plain ones."""
    table = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x1D400, 0x1D800)}
    return {code: plain for code, plain in table.items() if len(plain) == 1 and plain != chr(code)}


def _characters() -> dict[int, str]:
    table = {code: " " for code in [*range(32), *range(0x7F, 0xA0)] if chr(code) not in "\r\n"}
    table.update(dict.fromkeys([0x00A0, 0x1680, 0x2028, 0x2029, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "))
    table[0x02] = LINE_HYPHEN
    table[0x00AD] = "-"
    return table


MATHEMATICAL = _mathematical()
CHARACTERS = _characters() | MATHEMATICAL


def _characters_16() -> Codes:
    table = np.arange(1 << 16, dtype=np.uint16)
    for code, character in _characters().items():
        table[code] = ord(character)
    return table


CHARACTERS_16 = _characters_16()  # the same, for a column of UTF-16 units


@cache
def _english() -> Pyphen:
    """Where TeX breaks an English word: Liang's patterns; two letters stay, three go on (The TeXbook, appendix H)."""
    return Pyphen(lang="en_US", left=2, right=3)


def _breaks_here(head: str, tail: str) -> bool:
    """Whether a typesetter breaks the word that the letters at the end of `head` and at the start of `tail` make just there."""
    before, after = _LAST_LETTERS.search(head), _FIRST_LETTERS.match(tail)
    if before is None or after is None:
        return True  # digits: not for the patterns to say
    return len(before[0]) in _english().positions((before[0] + after[0]).lower())


def joint(head: str, tail: str, vocabulary: Mapping[str, int]) -> str:
    """What stands between the two parts of a word broken at a line end: nothing, or the hyphen of a real compound.

    `vocabulary` counts the document's own words (and the first and last parts of its compounds, `self-` and `-bench`):
    `pro|cessing` stands elsewhere as `processing`, `multi|modal` as `multi-modal`. Where neither does, the hyphen is real where no
    typesetter would have broken a single word (`Lantern|QA`), and between parts that the document joins with others
    (`self-tuned` and `well-taught` for `self|taught`); and TeX breaks a word that has a hyphen (`EVA-CLIP-ViT`) nowhere but
    behind one (The TeXbook, chapter 14).
    """
    if "://" in head[head.rfind(" ") + 1 :]:
        return "-"  # of a web address
    left = re.split(r"[\s-]", head)[-1].strip(_SIGNS).lower()
    right = re.split(r"[\s-]", tail)[0].strip(_SIGNS).lower()
    if vocabulary.get(f"{left}-{right}", 0) > vocabulary.get(left + right, 0):
        return "-"
    # No typesetter breaks off one letter: `Foo-X`, `Q-Former` are compounds.
    if (len(left) == 1 and left.isalpha()) or (len(right) == 1 and right.isalpha()):
        return "-"
    if left + right in vocabulary:
        return "" if right.isalpha() or tail[0].islower() else "-"
    if not _breaks_here(head, tail):
        return "-"
    if not right.isalpha():
        return "" if tail[0].islower() else "-"
    if "-" in head[head.rfind(" ") + 1 :] or "-" in tail.split(" ", 1)[0]:
        return "-"
    known = (left in vocabulary or f"{left}-" in vocabulary) and (right in vocabulary or f"-{right}" in vocabulary)
    return "-" if known and len(left) > 2 and len(right) > 2 else ""


def open_address(text: str) -> str:
    """The web address that a line ends with, as far as the line has it; "" where it ends with something else."""
    tail = text[text.rfind(" ") + 1 :]
    start = max(tail.find("http"), 0)  # behind the mark of a footnote
    return tail[start:] if "://" in tail or _SCHEME.search(tail[start:]) else ""


def address_goes_on(tail: str, head: str, known: Iterable[str] = ()) -> bool:
    """Whether a web address at the end of a line (`tail`) goes on with the first word of the next (`head`).

    `https://arxiv.` + `org/abs/1706.03762`, `https:` + `//github.com/a-name`; not `https://x.org/.` + `Accessed`.
    `known`: whole addresses that the file's link annotations hold; what makes a longer part of one goes on.
    """
    word = head.rstrip(".,;:)]}")
    if _SCHEME.search(tail):
        return word.startswith("//")
    if not word or not (word[0].isalnum() or word[0] == "/") or _NEW_ADDRESS.match(word):
        return False
    if any(tail + word in address for address in known):
        return True
    if _NOTE_WORD.match(word):
        return False
    if tail[-1] == ".":
        return bool(_AFTER_DOT.fullmatch(word))
    if tail[-1] in "/-_=&?%~#":
        return bool(_PATH.search(word)) or (word != head and not word.istitle())
    return "/" in word and tail[-1].isalnum()
