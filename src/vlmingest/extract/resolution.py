"""Input resolutions of the proposed model, in pixels of one side."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from vlmingest.extract.view import PaperView, SectionKind
from vlmingest.records import Candidate, FieldName

_PAIR = re.compile(r"(?<![\d.])(\d{3,4})\s?(?:px)?\s?[x×*∗]\s?(\d{3,4})(?![\d.])")
_SINGLE = re.compile(
    r"\b(?:resolutions?|image size|input size)(?: \w+){0,3}? (?:of |to |is |at |= ?)(\d{3,4})\b|\b(\d{3,4})\s?(?:px|pixels)\b|(?<=@)(\d{3})\b"
)
_CUE = re.compile(r"resolution|image|input|pixel|resiz|crop|tile|px", re.IGNORECASE)
_SKIP = frozenset({SectionKind.RELATED, SectionKind.REFERENCES, SectionKind.ABLATION, SectionKind.CONCLUSION})


def read_resolutions(view: PaperView) -> Iterator[Candidate]:
    """Square sizes of the vision input, stated in prose about the model, its training or its set-up."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pattern in (_PAIR, _SINGLE):
        for match in pattern.finditer(view.text):
            sentence = view.sentence_at(match.start())
            if sentence is None or sentence.section in _SKIP:
                continue
            sides = [int(group) for group in match.groups() if group]
            if len(set(sides)) != 1 or not 112 <= sides[0] <= 2048:
                continue
            if _CUE.search(view.text, sentence.start, sentence.end):
                found[sides[0]].append((match.start(), match.end()))
    for side, places in sorted(found.items()):
        yield Candidate(
            field=FieldName.IMAGE_RESOLUTION,
            value=str(side),
            evidence=tuple(view.evidence(start, end, "architecture.image_resolution.v1") for start, end in places[:2]),
            reader="rule:architecture.image_resolution.v1",
            confidence=0.7 if len(places) > 1 else 0.6,
        )
