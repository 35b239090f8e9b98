"""A reply is worth what the text proves: quotes are found in the document, values stand inside their quotes."""

from __future__ import annotations

import re
import unicodedata

from vlmingest.document import Span

MIN_QUOTE = 12  # characters; a shorter quote proves nothing
_SAME = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-"})


def fold(text: str) -> tuple[str, list[int]]:
    """Folded text (NFKC, case, quotes, dashes, runs of space) and for each of its characters the offset in `text`."""
    folded: list[str] = []
    origin: list[int] = []
    for offset, character in enumerate(text):
        if character == "\u00ad":
            continue
        for piece in unicodedata.normalize("NFKC", character).translate(_SAME).casefold():
            space = piece.isspace()
            if space and folded and folded[-1] == " ":
                continue
            folded.append(" " if space else piece)
            origin.append(offset)
    return "".join(folded), origin


def find_quote(quote: str, text: str) -> Span | None:
    """Where `quote` stands in `text` after folding both; None where it does not, or is too short to prove anything."""
    needle = fold(quote)[0].strip()
    if len(needle) < MIN_QUOTE:
        return None
    haystack, origin = fold(text)
    at = haystack.find(needle)
    return None if at < 0 else Span(origin[at], origin[at + len(needle) - 1] + 1)


def holds_value(value: str, quote: str) -> bool:
    """Does `value` stand in `quote` at word boundaries, digits exactly? `ViT-6B` is not in `InternViT-6B`."""
    needle = fold(value)[0].strip()
    pattern = "".join(r"[\s_-]?" if ch in " _-" else re.escape(ch) for ch in needle)
    boundary = rf"(?<![^\W_])(?<![^\W_][-.]){pattern}(?![^\W_])(?![.]\d)"
    return bool(needle) and re.search(boundary, fold(quote)[0]) is not None
