"""Which sentences hold which cue of the rule files: one automaton over all cues, one pass over a text.

A rule row names cues (lower-case pieces, see `rules`); only sentences that hold one of them are worth its pattern.
`cue_sentences` finds them for every row of every rule file at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation

from vlmingest.extract.rules import load_rules, rule_files

# Files whose rows are read in another way (with an automaton of their own, in tables): only their nouns
# are looked for here, and what else of them is asked for one by one.
_APART = frozenset({"connector_setting", "dataset_cues", "parts", "table_kinds"})


@cache
def _automaton() -> tuple[AhoCorasick, tuple[str, ...]]:
    rules = (
        rule
        for name in rule_files()
        for rule in load_rules(name).rules
        if name not in _APART or rule.attributes.get("noun")
    )
    cues = sorted({cue for rule in rules for cue in rule.cues})
    return AhoCorasick(cues, implementation=Implementation.DFA), tuple(cues)


@cache
def indexed_cues() -> frozenset[str]:
    """The cues that `cue_sentences` looks for; `sentences_with` finds any other."""
    return frozenset(_automaton()[1])


def cue_sentences(lowered: str, starts: Sequence[int], ends: Sequence[int]) -> Mapping[str, list[int]]:
    """Cue -> indexes of the sentences `[starts[i], ends[i])` that hold it, ascending; a cue without any is left out.

    `starts` and `ends` ascend and the sentences do not overlap; a cue must lie inside one sentence.
    """
    automaton, cues = _automaton()
    found: dict[int, list[int]] = {}
    index, begin, stop = -1, 0, 0  # the sentence of the last match: matches come in order of their end
    for first, last in _runs(starts, ends):
        for number, start, end in automaton.find_matches_as_indexes(lowered[first:last], overlapping=True):
            if start + first < begin or end + first > stop:
                index = bisect_right(starts, start + first) - 1
                if end + first > ends[index]:
                    begin, stop = 0, 0  # none: the next match looks for its own
                    continue
                begin, stop = starts[index], ends[index]
            held = found.get(number)
            if held is None:
                found[number] = [index]
            elif held[-1] != index:
                held.append(index)
    return {cues[number]: held for number, held in found.items()}


_GAP = 300  # letters between sentences (a table, the references) that are worth a start anew


def _runs(starts: Sequence[int], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Stretches of sentences without long gaps between them."""
    if not starts:
        return
    first, last = starts[0], ends[0]
    for start, end in zip(starts, ends, strict=True):
        if start - last > _GAP:
            yield first, last
            first = start
        last = end
    yield first, last


def sentences_with(cue: str, lowered: str, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """Indexes of the sentences that hold `cue`, as `cue_sentences` gives them, by a search for this one alone."""
    found: list[int] = []
    place = lowered.find(cue)
    while place >= 0:
        index = bisect_right(starts, place) - 1
        after = place + 1
        if index >= 0 and place + len(cue) <= ends[index]:
            found.append(index)
            after = ends[index]
        place = lowered.find(cue, after)
    return found
