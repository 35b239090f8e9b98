"""Which paragraphs speak of other people's works, whatever their heading says ("LLaVA [3] connects CLIP with Vicuna, ...").

A paper tells of others not only under "Related Work": in the introduction, beside its baselines, in an appendix. A paragraph is
judged by its words (a logistic model over how often each stands there) and by the paragraphs around it under the same heading.
The weights stand in weights/others.json; tools/train_others.py learns them from headings alone: paragraphs under "Related Work"
against those under headings of method, data, training and experiments. So no annotation is needed, and a heading tells here only
how sure one must be.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from vlmingest.document import Block, BlockKind, Section
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.wording import wording

SHORTEST = 80  # characters: shorter paragraphs are not judged
# Sections that are told already, and the introduction, which goes from others to the own work within a paragraph.
_NEVER = frozenset(
    {SectionKind.FRONT, SectionKind.ABSTRACT, SectionKind.INTRODUCTION, SectionKind.RELATED, SectionKind.REFERENCES}
)
_OF_THE_MODEL = frozenset({SectionKind.METHOD, SectionKind.TRAINING})
_SURE, _SURER = 0.6, 0.8  # chances; the latter where a heading says that the own model is told of
_ON_RIVALS = wording("rival_tables.heading")
_OURS = re.compile(r"\b(?:we|ours?)\b")
_PARAGRAPH, _ITEM = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_CITE = "["  # what begins a citation by number; authors and years of the other style are words themselves
_USUAL = 50  # words: counts are as if paragraphs were so long
_FEWEST = 20  # words: counts of a shorter one are not blown up further


class Weights(NamedTuple):
    """Log odds per word (`bias`: with no word known), and what makes of them and of the neighbours' the final log odds."""

    words: Mapping[str, float]
    bias: float
    own: float
    beside: float  # per log odds of the mean of the paragraphs just before and after, if any
    has_beside: float
    section: float  # of the mean of all others under the heading
    constant: float


def terms_of(lowered: str) -> dict[str, float]:
    """How much each term of a paragraph (in lower case) counts: the root of how often it would stand in one of usual length."""
    counts, scale = _counted(lowered)
    return {term: math.sqrt(count) * scale for term, count in counts.items()}


def _counted(lowered: str) -> tuple[Counter[str], float]:
    words = _WORD.findall(lowered)
    counts = Counter(words)
    counts[_CITE] = lowered.count(_CITE)
    return counts, math.sqrt(_USUAL / max(len(words) + counts[_CITE], _FEWEST))


def _odds_of(lowered: str, weights: Weights) -> float:
    """The log odds of a paragraph by its own words."""
    counts, scale = _counted(lowered)
    get, root = weights.words.get, math.sqrt
    worth = 0.0
    for term, count in counts.items():
        if weight := get(term):
            worth += weight if count == 1 else weight * root(count)
    return weights.bias + worth * scale


def neighbours(odds: Sequence[float], sections: Sequence[Hashable]) -> list[tuple[float, float, float, float]]:
    """For each paragraph its own log odds, the mean of those next to it, whether there are any, and the mean of its section's others."""
    sums: dict[Hashable, float] = defaultdict(float)
    counts: Counter[Hashable] = Counter(sections)
    for section, value in zip(sections, odds, strict=True):
        sums[section] += value
    found = []
    for index, (section, value) in enumerate(zip(sections, odds, strict=True)):
        beside = [odds[at] for at in (index - 1, index + 1) if 0 <= at < len(odds) and sections[at] == section]
        mean = sum(beside) / len(beside) if beside else 0.0
        others = (sums[section] - value) / (counts[section] - 1) if counts[section] > 1 else 0.0
        found.append((value, mean, float(bool(beside)), others))
    return found


class Passage(NamedTuple):
    """A paragraph, or the items of one list together: `blocks` are indexes, `section` is that of the heading above (-1: none)."""

    blocks: tuple[int, ...]
    text: str
    section: int


def passages(blocks: Sequence[Block], lowered: str, starts: Sequence[int]) -> Iterator[Passage]:
    """The paragraphs and lists that are long enough to be judged; `lowered`: the document's text, `starts`: of its sections."""
    items: list[int] = []
    for index, block in enumerate(blocks):
        if block.kind is _ITEM:
            items.append(index)
            continue
        if items:
            yield from _passage(blocks, items, lowered, starts)
            items = []
        if block.kind is _PARAGRAPH:
            yield from _passage(blocks, [index], lowered, starts)
    if items:
        yield from _passage(blocks, items, lowered, starts)


def _passage(blocks: Sequence[Block], indexes: list[int], lowered: str, starts: Sequence[int]) -> Iterator[Passage]:
    start, end = blocks[indexes[0]].start, blocks[indexes[-1]].end
    if end - start >= SHORTEST:
        yield Passage(tuple(indexes), lowered[start:end], bisect_right(starts, start) - 1)


def blocks_on_others(
    blocks: Sequence[Block], lowered: str, sections: Sequence[Section], kinds: Sequence[SectionKind]
) -> frozenset[int]:
    """Indexes of the paragraphs and list items on other works; `kinds`: of the document's sections, in order."""
    starts = [section.start for section in sections]
    found = [one for one in passages(blocks, lowered, starts) if one.section >= 0 and kinds[one.section] not in _NEVER]
    told = {index for index, section in enumerate(sections) if _ON_RIVALS.search(section.title)}
    judged = zip(found, chances([one.text for one in found], [one.section for one in found]), strict=True)
    return frozenset([
        index
        for passage, chance in judged
        if chance >= (_SURER if kinds[passage.section] in _OF_THE_MODEL else _SURE)
        or (passage.section in told and not _OURS.search(passage.text))
        for index in passage.blocks
    ])  # fmt: skip


def chances(paragraphs: Sequence[str], sections: Sequence[Hashable]) -> list[float]:
    """The chance of each paragraph (lower case, in order; `sections`: what heading each stands under) to be on other works."""
    weights = load_weights()
    odds = [_odds_of(text, weights) for text in paragraphs]
    return [
        1 / (1 + math.exp(-max(-30.0, min(30.0, (
            weights.constant + weights.own * own + weights.beside * beside + weights.has_beside * has + weights.section * rest
        )))))
        for own, beside, has, rest in neighbours(odds, sections)
    ]  # fmt: skip


@cache
def load_weights() -> Weights:
    """The weights of weights/others.json."""
    path = resources.files(__package__) / "weights" / "others.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    return Weights(data["words"], **data["context"])
