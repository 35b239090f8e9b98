"""Which sentences hold which cue of the rule files: one automaton over all cues, one pass over a text.

A rule row names cues (lower-case pieces, see `rules`); only sentences that hold one of them are worth its pattern.
`cue_sentences` finds them for every row of every rule file at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation

from vlmingest.extract.rules import load_rules, rule_files


@cache
def _automaton() -> tuple[AhoCorasick, tuple[str, ...]]:
    cues = sorted({cue for name in rule_files() for rule in load_rules(name).rules for cue in rule.cues})
    return AhoCorasick(cues, implementation=Implementation.DFA), tuple(cues)


def cue_sentences(lowered: str, starts: Sequence[int], ends: Sequence[int]) -> Mapping[str, list[int]]:
    """Cue -> indexes of the sentences `[starts[i], ends[i])` that hold it, ascending; a cue without any is left out.

    `starts` and `ends` ascend and the sentences do not overlap; a cue must lie inside one sentence.
    """
    automaton, cues = _automaton()
    found: dict[str, list[int]] = {}
    index, stop = -1, 0  # the sentence of the last match: matches come in order of their end
    for number, start, end in automaton.find_matches_as_indexes(lowered, overlapping=True):
        if not (index >= 0 and starts[index] <= start and end <= stop):
            index = bisect_right(starts, start) - 1
            if index < 0:
                continue
            stop = ends[index]
            if end > stop:
                continue
        cue = cues[number]
        held = found.get(cue)
        if held is None:
            found[cue] = [index]
        elif held[-1] != index:
            held.append(index)
    return found
