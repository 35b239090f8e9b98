"""Visual tokens per image and active parameters: numbers that stand beside words which say what they count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from vlmingest.extract.headings import SectionKind
from vlmingest.extract.resolution import input_rules
from vlmingest.extract.view import PaperView
from vlmingest.records import Candidate, FieldName

_SKIP = frozenset({SectionKind.RELATED, SectionKind.REFERENCES, SectionKind.ABLATION})
_MOST_TOKENS = 50_000


def read_visual_tokens(view: PaperView) -> Iterator[Candidate]:
    """Counts such as "256 visual tokens", outside of related work and ablations."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for sentence, match in view.hits(input_rules()["visual_tokens"]):
        count = int(next(group for group in match.groups() if group).replace(",", ""))
        if sentence.section not in _SKIP and 1 < count <= _MOST_TOKENS:
            found[count].append(match.span())
    for count, places in sorted(found.items()):
        yield _candidate(view, FieldName.VISUAL_TOKENS, str(count), places, "architecture.visual_tokens.v2")


def read_active_sizes(view: PaperView) -> Iterator[Candidate]:
    """Sizes such as "2.8B active" or "Name-30B-A3B", of a mixture of experts."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for name in ("active_size", "active_name"):
        for sentence, match in view.hits(input_rules()[name]):
            if sentence.section not in _SKIP:
                number, unit = (group for group in match.groups() if group)
                found[f"{number}{unit}"].append(match.span())
    for size, places in sorted(found.items()):
        yield _candidate(view, FieldName.ACTIVE_SIZE, size, places, "model.active_size.v2")


def _candidate(view: PaperView, field: FieldName, value: str, places: list[tuple[int, int]], rule: str) -> Candidate:
    return Candidate(
        field=field,
        value=value,
        evidence=tuple(view.evidence(start, end, rule) for start, end in places[:2]),
        reader=f"rule:{rule}",
        confidence=0.7 if len(places) > 1 else 0.6,
    )
