"""Whether a stretch of text speaks of another multimodal model, and not of the own one."""

from __future__ import annotations

import re
from bisect import bisect_left

from vlmingest.extract.view import PaperView
from vlmingest.extract.voice import own_names

_OURS = re.compile(r"\b(?:we|ours?)\b", re.IGNORECASE)


def names_rival(view: PaperView, start: int, end: int) -> bool:
    """Whether another model of the vocabulary is named in `[start, end)`, and neither the own one nor "we"."""
    mentions = view.mentions[bisect_left(view.mention_starts, start) : bisect_left(view.mention_starts, end)]
    if not any(mention.code.whole or mention.code.closed for mention in mentions):
        return False
    if _OURS.search(view.text, start, end):
        return False
    return not any(name in view.lowered[start:end] for name in own_names(view))
