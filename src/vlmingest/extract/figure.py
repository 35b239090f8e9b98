"""Which figure shows the model: captions scored by cue words, position, and where the text mentions them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from vlmingest.document import Figure
from vlmingest.extract.view import PaperView
from vlmingest.records import Candidate, FieldName

# Weights of caption cues, set beforehand from the upstream list's chosen captions.
_CUES = tuple(
    (re.compile(pattern, re.IGNORECASE), weight)
    for pattern, weight in (
        (r"\barchitectures?\b", 3.0),
        (r"\b(?:overview|overall|framework|schematic|pipeline of (?:our|the))\b", 1.8),
        (r"\b(?:consists? of|includes? an?|comprises?|composed of|network|structure)\b", 1.0),
        (r"\b(?:encoder|projector|connector|adapter|q-former|decoder|tokens?|LLM)\b", 0.8),
        (r"\b(?:training (?:strategy|pipeline|paradigm)|stages?)\b", 0.4),
        (r"\bmodel overview\b", 1.0),
        (r"\b(?:examples?|qualitative|cases?|samples?|visuali[sz]ation|demonstrations?|conversation|prompts?)\b", -2.5),
        (
            r"\b(?:results?|performance|accuracy|ablation|win rate|distribution|effect of|scaling|compar\w+|benchmarks?)\b",
            -2.2,
        ),
        (r"\b(?:datasets?|data (?:collection|generation|pipeline|synthesis|construction)|annotation|captions)\b", -1.2),
        (r"\b(?:mask|mechanism|infrastructure|deployment|system for)\b", -0.8),
    )
)
_MENTION = re.compile(r"\bFig(?:ure|\.)?\s?(\d+)\b[^.]{0,80}|[^.]{0,80}\bFig(?:ure|\.)?\s?(\d+)\b")


def read_figure(view: PaperView) -> Iterator[Candidate]:
    """The best figures with softmax confidence; nothing where no caption speaks of a model."""
    scored = [(figure, _score(view, figure)) for figure in view.document.figures if figure.caption_span is not None]
    if not scored:
        return
    total = sum(math.exp(score) for _, score in scored)
    best, score = max(scored, key=lambda item: item[1])
    if score < 0.2 or best.caption_span is None:
        return
    yield Candidate(
        field=FieldName.FIGURE,
        value=best.number,
        attributes={
            "number": best.number,
            "page": best.page,
            "caption": best.caption,
            "bbox": list(best.bbox) if best.bbox is not None else None,
        },
        evidence=(view.evidence(best.caption_span.start, best.caption_span.end, "architecture.figure.v1"),),
        reader="rule:architecture.figure.v1",
        confidence=round(0.3 + 0.65 * math.exp(score) / total, 3),
    )


def _score(view: PaperView, figure: Figure) -> float:
    caption = figure.caption
    head = caption[:160]
    score = sum(weight for pattern, weight in _CUES if pattern.search(head))
    pages = len(view.document.pages) or 1
    page = figure.page or 1
    score += 0.8 if 2 <= page <= 7 else 0.0
    score -= 2.0 * (page / pages > 0.6)
    score += 0.5 * (figure.number in ("1", "2", "3"))
    return score
