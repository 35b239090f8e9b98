"""Whether a stretch of text speaks of another multimodal model, and not of the own one."""

from __future__ import annotations

from bisect import bisect_left

from vlmingest.extract.view import PaperView
from vlmingest.extract.voice import own_names
from vlmingest.extract.wording import wording

_ACTS = wording("rivals.acts")
_OURS = wording("rivals.we")


def names_rival(view: PaperView, start: int, end: int) -> bool:
    """Whether another model of the vocabulary is named in `[start, end)`, and neither the own one nor "we"."""
    mentions = view.mentions[bisect_left(view.mention_starts, start) : bisect_left(view.mention_starts, end)]
    others = [mention.code.name.lower() for mention in mentions if mention.code.whole or mention.code.closed]
    if not others:
        return False
    if all(any(own.startswith(name) for own in own_names(view)) for name in others):
        return False  # what the own model is a version of is no rival
    if _OURS.search(view.text, start, end):
        return False
    return not any(name in view.lowered[start:end] for name in own_names(view))


def rival_acts(view: PaperView, start: int, end: int) -> bool:
    """Whether the subject of `[start, end)` is such a model: "Foo (Bar et al., 2023) maps the image"."""
    if not names_rival(view, start, end):
        return False
    mentions = view.mentions[bisect_left(view.mention_starts, start) : bisect_left(view.mention_starts, end)]
    return any(
        mention.code.whole and _ACTS.match(view.text[mention.end : min(mention.end + 200, end)]) is not None
        for mention in mentions
    )
