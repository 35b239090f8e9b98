"""What sentences say is done with the data sets they name: cues of rules/dataset_cues.toml, and what stands beside a name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from vlmingest.extract.leads import finder_of
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
_NEXT = 300  # what is shorter between two sentences costs less to read than to leave out
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
        self._tries: list[tuple[_Try, ...]] = []
        self._speaking: list[
            int
        ] = []  # of these, the starts of words that may begin a cue of SPEAKING, and how to try it
        self._speaking_tries: list[tuple[_Try, ...]] = []
        automaton, tries, speaking = _triggers()
        lowered = view.lowered
        for low, high in _ranges(view):
            for number, begin, _ in automaton.find_matches_as_indexes(lowered[low:high]):
                start = begin + low
                before = lowered[start - 1] if start else " "
                if before == " " or not (before.isalnum() or before == "_"):
                    self._starts.append(start)
                    self._tries.append(tries[number])
                    if speaking[number]:
                        self._speaking.append(start)
                        self._speaking_tries.append(speaking[number])
        self._found: dict[int, tuple[Cue, ...]] = {}
        self._readings: dict[int, _Reading] = {}
        self._around: dict[int, frozenset[str]] = {}
        self._titles: dict[int, str] = {}  # by block: its heading and run-in title,
        self._headings: dict[int, str] = {}  # what they speak of,
        self._of_data: dict[int, bool] = {}  # and whether that is data of training

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
        make = tuple.__new__  # a third of the time of Cue(...)
        for place in range(bisect_left(starts, sentence.start), bisect_left(starts, end)):
            start = starts[place]
            for rule, match_at, name, plain, low in self._tries[place]:
                if rule in ends and start < ends[rule]:
                    continue
                match = match_at(lowered if low else text, start, end)
                if match is not None:
                    ends[rule] = stop = match.end()
                    found.append(make(Cue, (start, stop, name, plain)))
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
        text, lowered, starts, sentence = (
            self._view.text,
            self._view.lowered,
            self._speaking,
            self._view.sentences[index],
        )
        end = sentence.end
        for place in range(bisect_left(starts, sentence.start), bisect_left(starts, end)):
            start = starts[place]
            for _, match_at, _, _, low in self._speaking_tries[place]:
                if match_at(lowered if low else text, start, end) is not None:
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
            strong = tuple([cue for cue in cues if cue.name in STRONG])
            found = self._readings[index] = _Reading(frozenset([cue.name for cue in cues]), strong)
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
            self._titles[number] = title
            found = self._headings[number] = _title_cue(title.lower())
        return found

    def under_data(self, index: int) -> bool:
        """Whether the heading or the block's run-in title speaks of the data of training."""
        self._heading(index)
        number = self._view.sentences[index].block
        found = self._of_data.get(number)
        if found is None:
            found = self._of_data[number] = _TITLE_DATA.search(self._titles[number]) is not None
        return found


class _Reading(NamedTuple):
    names: frozenset[str]
    strong: tuple[Cue, ...]


_TITLE_DATA = re.compile(
    r"\b(?:(?:pre-?|post-?)?train\w*|tuning|SFT|alignment|instruction(?:[- ]following)?)\s+(?:\w+\s+)?(?:data(?:\s?sets?)?|corp(?:us|ora)|mixtures?)\b"
    r"|\bdata (?:mixture|recipe|composition|sources?)\b|\bdata(?:\s?sets?)? (?:for|used (?:in|for)) (?:\w+\s+)?(?:pre-?)?(?:train|tun)",
    re.IGNORECASE,
)


def _title_cue(title: str) -> str:
    """What a title in lower case speaks of."""
    if _TITLE_EVALUATE.search(title):
        return "evaluate"
    return "train" if _TITLE_TRAIN.search(title) else ""


_TITLE_TRAIN = finder_of(
    r"\b(?:pre-?|post-?)?train|tuning\b|\bsft\b|\bdata (?:collection|construction|curation|mixture|recipe|source)|instruct"
    r"|\bstage\b|\bdata(?:sets?)?\b"
)
_TITLE_EVALUATE = finder_of(
    r"\bevaluat|\bbenchmark|\bresults?\b|\bperformance|\bexperiment|\btest|\bdownstream|\bzero-shot|\bcomparison|\bmetrics?\b"
)


def parts_to_read(view: PaperView) -> tuple[tuple[int, int], ...]:
    """The text without the references, as ranges."""
    references = view.document.references
    if references is None:
        return ((0, len(view.text)),)
    return ((0, references.start), (references.end, len(view.text)))


def _ranges(view: PaperView) -> list[tuple[int, int]]:
    """The text of the sentences, as few ranges: those that follow each other are one."""
    found: list[tuple[int, int]] = []
    low = high = 0
    for sentence in view.sentences:
        if sentence.start - high > _NEXT:
            if high:
                found.append((low, high))
            low = sentence.start
        high = sentence.end
    found.append((low, high))
    return found


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
def _triggers() -> tuple[AhoCorasick, tuple[tuple[_Try, ...], ...], tuple[tuple[_Try, ...], ...]]:
    """Cue words (the longest at a place counts), the rules of all cue words at that place, and those that are of SPEAKING."""
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
    speaking = tuple(tuple(one for one in row if one.cue in SPEAKING) for row in held)
    return AhoCorasick(words, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA), held, speaking


class _BesideRules(NamedTuple):
    """Matchers for what stands after a name (from its end on) in lower case and as it is written; `after_says`: what their
    groups say, in the order of the rules; and searches for what stands before it (up to its start, in lower case), with the
    words it ends in.
    """

    after_low: Matcher
    after: Matcher
    after_says: tuple[tuple[str, int], ...]
    before: tuple[tuple[Matcher, str, tuple[str, ...]], ...]


@cache
def _beside_rules() -> _BesideRules:
    rules = load_rules("dataset_cues").of("dataset_beside.")
    after = [rule for rule in rules if rule.attributes["side"] == "after"]
    low = [rule for rule in after if rule.low is not None]
    cased = [rule for rule in after if rule.low is None]
    groups = [*low, *cased]
    return _BesideRules(
        _each_of([rule.low.pattern for rule in low if rule.low is not None]),
        _each_of([rule.regex.pattern for rule in cased]),
        tuple((str(rule.attributes["beside"]), groups.index(rule)) for rule in after),
        tuple(
            (
                (rule.lead or rule.low or rule.regex).search,
                str(rule.attributes["beside"]),
                tuple(rule.attributes["ends"]),
            )
            for rule in rules
            if rule.attributes["side"] == "before"
        ),
    )


def _each_of(patterns: list[str]) -> Matcher:
    """Tries all patterns in one call: group n is "" where the nth one matches, else None."""
    return re.compile("".join(f"(?:(?={pattern})()|)" for pattern in patterns)).match


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
    match_low, match, after_says, before_rules = _beside_rules()
    in_low, as_written = match_low(after.lower()), match(after)
    following: tuple[str, ...] = ()
    if in_low is not None and as_written is not None and (in_low.lastindex or as_written.lastindex):
        said = in_low.groups() + as_written.groups()
        following = tuple([name for name, group in after_says if said[group] is not None])
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
