"""What sentences say is done with the data sets they name: cues of rules/dataset_cues.toml, and what stands beside a name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from vlmingest.extract.rules import load_rules
from vlmingest.extract.view import PaperView, Sentence

STRONG = frozenset({"train", "evaluate"})
# A sentence with none of these cues (and no known name) is not looked through for new names.
SPEAKING = frozenset({"train", "evaluate", "data", "gather"})
_BESIDE = 90
_BEFORE = 48
_FARTHEST = 1200  # a list of thirty names with their citations is shorter
Matcher = Callable[[str], re.Match[str] | None]
_LONGEST_LEAD = 78
_LEAD = re.compile(r"(?:(?:Figure|Fig\.|Table)\s\S{1,6}[.:]\s*)?[^.:?!]{3,60}[.:]")


class Cue(NamedTuple):
    """A cue and its place in the text; `plain`: a verb with its preposition ("trained on"), which says most."""

    start: int
    end: int
    name: str
    plain: bool


class Cues:
    """The cues of one paper, by sentence; made once (`PaperView.once`). A pattern is tried only where a cue word begins."""

    def __init__(self, view: PaperView) -> None:
        self._view = view
        self._starts: list[int] = []
        self._speaking: list[int] = []  # starts of words that may begin a cue of SPEAKING
        self._tries: list[tuple[_Try, ...]] = []
        automaton, tries, speaking = _triggers()
        lowered = view.lowered
        for low, high in parts_to_read(view):
            for number, begin, _ in automaton.find_matches_as_indexes(lowered[low:high]):
                start = begin + low
                before = lowered[start - 1] if start else " "
                if not (before.isalnum() or before == "_"):
                    self._starts.append(start)
                    self._tries.append(tries[number])
                    if speaking[number]:
                        self._speaking.append(start)
        self._found: dict[int, tuple[Cue, ...]] = {}
        self._readings: dict[int, _Reading] = {}
        self._around: dict[int, frozenset[str]] = {}
        self._headings: dict[int, str] = {}
        self._of_data: dict[int, bool] = {}

    def of(self, index: int) -> tuple[Cue, ...]:
        """The cues of sentence `index` of the view, in order."""
        found = self._found.get(index)
        if found is None:
            found = self._found[index] = self._read(self._view.sentences[index])
        return found

    def _read(self, sentence: Sentence) -> tuple[Cue, ...]:
        text, lowered, starts, end = self._view.text, self._view.lowered, self._starts, sentence.end
        ends: dict[str, int] = {}
        found: list[Cue] = []
        for place in range(bisect_left(starts, sentence.start), bisect_left(starts, end)):
            start = starts[place]
            for rule, match_at, name, plain, low in self._tries[place]:
                if rule in ends and start < ends[rule]:
                    continue
                match = match_at(lowered if low else text, start, end)
                if match is not None:
                    ends[rule] = stop = match.end()
                    found.append(Cue(start, stop, name, plain))
        found.sort()
        return tuple(found)

    def may_name(self) -> set[int]:
        """The sentences with a word that may begin a cue of SPEAKING: in no other is a new name looked for."""
        return sentences_of(self._view, self._speaking)

    def speaks(self, index: int) -> bool:
        """Whether sentence `index` holds a cue of SPEAKING; the first one that is found is enough."""
        known = self._readings.get(index)
        if known is not None:
            return not known.names.isdisjoint(SPEAKING)
        text, lowered, starts, sentence = self._view.text, self._view.lowered, self._starts, self._view.sentences[index]
        end = sentence.end
        for place in range(bisect_left(starts, sentence.start), bisect_left(starts, end)):
            for _, match_at, name, _, low in self._tries[place]:
                if name in SPEAKING and match_at(lowered if low else text, starts[place], end) is not None:
                    return True
        return False

    def names(self, index: int) -> frozenset[str]:
        """The names of the cues of sentence `index`."""
        return self._reading(index).names

    def governing(self, index: int, start: int, end: int) -> tuple[str, Cue] | None:
        """The train or evaluate cue of the sentence that a name at `[start, end)` hangs on, and its side: left before right."""
        cues = self._reading(index).strong
        if not cues:
            return None
        place = bisect_left(cues, (start, 0, "", False))
        if place:
            return "left", cues[place - 1]
        return ("right", cues[place]) if cues[place].start >= end - 1 else None

    def around(self, index: int) -> frozenset[str]:
        """What the sentences before, the heading and the block's run-in title speak of: train, evaluate, both or neither."""
        found = self._around.get(index)
        if found is None:
            found = self._around[index] = frozenset({self._before(index), self._heading(index)} - {""})
        return found

    def _reading(self, index: int) -> _Reading:
        found = self._readings.get(index)
        if found is None:
            cues = self.of(index)
            strong = tuple(cue for cue in cues if cue.name in STRONG)
            found = self._readings[index] = _Reading(frozenset(cue.name for cue in cues), strong)
        return found

    def _before(self, index: int) -> str:
        """The last train or evaluate cue of the same block before sentence `index` (three sentences back at most); else ""."""
        sentences = self._view.sentences
        for back in range(index - 1, max(index - 4, -1), -1):
            if sentences[back].block != sentences[index].block:
                break
            strong = self._reading(back).strong
            if strong:
                return strong[-1].name
        return ""

    def _heading(self, index: int) -> str:
        """What the section's heading and the block's run-in title speak of: train, evaluate, or ""."""
        number = self._view.sentences[index].block
        found = self._headings.get(number)
        if found is None:
            block = self._view.document.blocks[number]
            section = self._view.document.section_at(block.start)
            lead = _LEAD.match(self._view.text, block.start, min(block.start + _LONGEST_LEAD, block.end))
            title = f"{section.title if section is not None else ''} | {lead.group() if lead is not None else ''}"
            found = self._headings[number] = _title_cue(title)
            self._of_data[number] = _TITLE_DATA.search(title) is not None
        return found

    def under_data(self, index: int) -> bool:
        """Whether the heading or the block's run-in title speaks of the data of training."""
        self._heading(index)
        return self._of_data[self._view.sentences[index].block]


class _Reading(NamedTuple):
    names: frozenset[str]
    strong: tuple[Cue, ...]


_TITLE_DATA = re.compile(
    r"\b(?:(?:pre-?|post-?)?train\w*|tuning|SFT|alignment|instruction(?:[- ]following)?)\s+(?:\w+\s+)?(?:data(?:\s?sets?)?|corp(?:us|ora)|mixtures?)\b"
    r"|\bdata (?:mixture|recipe|composition|sources?)\b|\bdata(?:\s?sets?)? (?:for|used (?:in|for)) (?:\w+\s+)?(?:pre-?)?(?:train|tun)",
    re.IGNORECASE,
)


def _title_cue(title: str) -> str:
    if _TITLE_EVALUATE.search(title):
        return "evaluate"
    return "train" if _TITLE_TRAIN.search(title) else ""


_TITLE_TRAIN = re.compile(
    r"\b(?:pre-?|post-?)?train|tuning\b|\bSFT\b|\bdata (?:collection|construction|curation|mixture|recipe|source)|instruct"
    r"|\bstage\b|\bdata(?:sets?)?\b",
    re.IGNORECASE,
)
_TITLE_EVALUATE = re.compile(
    r"\bevaluat|\bbenchmark|\bresults?\b|\bperformance|\bexperiment|\btest|\bdownstream|\bzero-shot|\bcomparison|\bmetrics?\b",
    re.IGNORECASE,
)


def parts_to_read(view: PaperView) -> tuple[tuple[int, int], ...]:
    """The text without the references, as ranges."""
    references = view.document.references
    if references is None:
        return ((0, len(view.text)),)
    return ((0, references.start), (references.end, len(view.text)))


def sentences_of(view: PaperView, starts: list[int]) -> set[int]:
    """Indexes of the sentences that hold one of these offsets."""
    found: set[int] = set()
    begin = stop = 0  # the last sentence found: the offsets mostly ascend, many in one sentence
    for start in starts:
        if begin <= start < stop:
            continue
        index = view.sentence_index(start)
        if index is not None:
            found.add(index)
            begin, stop = start, view.sentences[index].end
    return found


class _Try(NamedTuple):
    """A rule to try at a place: its id, how, and what its attributes say."""

    rule: str
    match: Callable[[str, int, int], re.Match[str] | None]
    cue: str
    plain: bool
    low: bool  # whether the text in lower case is tried


@cache
def _triggers() -> tuple[AhoCorasick, tuple[tuple[_Try, ...], ...], tuple[bool, ...]]:
    """Cue words (the longest at a place counts), the rules of all cue words at that place, and whether one is of SPEAKING."""
    rules = load_rules("dataset_cues").of("dataset_cue.")
    words = sorted({cue for rule in rules for cue in rule.cues})
    tries = tuple(
        (
            rule,
            _Try(
                rule.id,
                (rule.low or rule.regex).match,
                str(rule.attributes["cue"]),
                bool(rule.attributes.get("plain")),
                rule.low is not None,
            ),
        )
        for rule in rules
    )
    held = tuple(tuple(one for rule, one in tries if word.startswith(rule.cues)) for word in words)
    speaking = tuple(any(one.cue in SPEAKING for one in row) for row in held)
    return AhoCorasick(words, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA), held, speaking


@cache
def _beside_rules() -> tuple[tuple[tuple[Matcher, str, bool], ...], tuple[tuple[Matcher, str, tuple[str, ...]], ...]]:
    """Matchers for what stands after a name (from its end on; whether the text in lower case is tried) and before it (up to
    its start, in lower case, with the words it ends in).
    """
    rules = load_rules("dataset_cues").of("dataset_beside.")
    after = tuple(
        ((rule.low or rule.regex).match, str(rule.attributes["beside"]), rule.low is not None)
        for rule in rules
        if rule.attributes["side"] == "after"
    )
    before = tuple(
        ((rule.lead or rule.low or rule.regex).search, str(rule.attributes["beside"]), tuple(rule.attributes["ends"]))
        for rule in rules
        if rule.attributes["side"] == "before"
    )
    return after, before


class Beside(NamedTuple):
    """What stands right before and right after a name: evaluation, training, data, model, cited, listed ..."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Both."""
        return (*self.after, *self.before)


def beside(text: str, start: int, end: int) -> Beside:
    """What stands right before and after a name."""
    after, before = text[end : end + _BESIDE], text[max(start - _BEFORE, 0) : start]
    after_rules, before_rules = _beside_rules()
    low = after.lower()
    following = tuple([name for match, name, lower in after_rules if match(low if lower else after) is not None])
    if not before.endswith((" ", "(")):
        return Beside((), following)
    before = before.lower()
    last = before.rstrip()
    leading = tuple([name for search, name, ends in before_rules if last.endswith(ends) and search(before) is not None])
    return Beside(leading, following)


def words_between(text: str, cue: Cue, start: int) -> int:
    """How many plain words that belong to no list stand between a cue and a name: 0 in "trained on A [1], B, and the C dataset"."""
    if start - cue.end > _FARTHEST:
        return _FARTHEST
    return sum(word not in _list_words() for word in _PLAIN_WORD.findall(text[cue.end : start]))


_PLAIN_WORD = re.compile(r"(?<![\w-])[a-z]+(?![\w-])")


@cache
def _list_words() -> frozenset[str]:
    return frozenset(str(load_rules("dataset_cues").data["list_words"]).split())


def cues(view: PaperView) -> Cues:
    """The Cues of a paper, made once."""
    return view.once(Cues)
