"""Sizes of the proposed model: its name followed by a size ("LaVIN-7B", "KOSMOS-1 (1.6B)")."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from vlmingest.extract.identity import name_candidates
from vlmingest.extract.view import PaperView, SectionKind
from vlmingest.records import Candidate, FieldName


def read_sizes(view: PaperView) -> Iterator[Candidate]:
    """Sizes that stand with the model's own name."""
    names = [name for name, _, _ in name_candidates(view)[:2]]
    if not names:
        return
    own = "|".join(re.escape(name) for name in names)
    pattern = re.compile(rf"(?:{own})[\w-]{{0,8}}?(?:[- ]|\s?\()(\d+(?:\.\d+)?)\s?([BM])\b")
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for match in pattern.finditer(view.text):
        if view.section_kind(match.start()) is not SectionKind.REFERENCES:
            found[f"{match.group(1)}{match.group(2)}"].append((match.start(), match.end()))
    for size, places in sorted(found.items()):
        yield Candidate(
            field=FieldName.SIZE,
            value=size,
            evidence=tuple(view.evidence(start, end, "model.size.v1") for start, end in places[:2]),
            reader="rule:model.size.v1",
            confidence=0.9 if len(places) > 1 else 0.75,
        )
