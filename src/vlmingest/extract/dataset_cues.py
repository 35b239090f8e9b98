"""What sentences say is done with the data sets they name: cues of rules/dataset_cues.toml, and what stands beside a name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView, Sentence

STRONG = frozenset({"train", "evaluate"})
_BESIDE = 90
_LEAD = re.compile(r"[^.:?!]{3,60}[.:]")


class Cue(NamedTuple):
    """A cue and its place in the text; `plain`: a verb with its preposition ("trained on"), which says most."""

    start: int
    end: int
    name: str
    plain: bool


class Cues:
    """The cues of one paper, by sentence; made once (`PaperView.once`)."""

    def __init__(self, view: PaperView) -> None:
        self._view = view
        self._held: dict[int, list[Rule]] = defaultdict(list)
        for rule in load_rules("dataset_cues").of("dataset_cue."):
            for index in view.sentences_for(rule):
                self._held[index].append(rule)
        self._found: dict[int, tuple[Cue, ...]] = {}
        self._headings: dict[str, str] = {}

    def of(self, index: int) -> tuple[Cue, ...]:
        """The cues of sentence `index` of the view, in order."""
        found = self._found.get(index)
        if found is None:
            sentence = self._view.sentences[index]
            cues = [
                Cue(match.start(), match.end(), str(rule.attributes["cue"]), bool(rule.attributes.get("plain")))
                for rule in self._held.get(index, ())
                for match in rule.regex.finditer(self._view.text, sentence.start, sentence.end)
            ]
            found = self._found[index] = tuple(sorted(cues))
        return found

    def governing(self, index: int, start: int, end: int) -> tuple[str, Cue] | None:
        """The train or evaluate cue of the sentence that a name at `[start, end)` hangs on, and its side: left before right."""
        cues = [cue for cue in self.of(index) if cue.name in STRONG]
        if not cues:
            return None
        place = bisect_left(cues, (start, 0, "", False))
        if place:
            return "left", cues[place - 1]
        return ("right", cues[place]) if cues[place].start >= end - 1 else None

    def before(self, index: int) -> str:
        """The last plain cue of the same block before sentence `index` (three sentences back at most); else ""."""
        sentences = self._view.sentences
        for back in range(index - 1, max(index - 4, -1), -1):
            if sentences[back].block != sentences[index].block:
                break
            cues = [cue for cue in self.of(back) if cue.name in STRONG]
            if cues:
                return cues[-1].name
        return ""

    def heading(self, sentence: Sentence) -> str:
        """What the section's heading and the block's run-in title speak of: train, evaluate, or ""."""
        section = self._view.document.section_at(sentence.start)
        block = self._view.document.blocks[sentence.block]
        lead = _LEAD.match(self._view.text, block.start, min(block.start + 64, block.end))
        title = f"{section.title if section is not None else ''} | {lead.group() if lead is not None else ''}"
        if title not in self._headings:
            self._headings[title] = _title_cue(title)
        return self._headings[title]


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


@cache
def _beside_rules() -> tuple[tuple[Rule, str, bool], ...]:
    rules = load_rules("dataset_cues").of("dataset_beside.")
    return tuple((rule, str(rule.attributes["beside"]), rule.attributes["side"] == "after") for rule in rules)


def beside(text: str, start: int, end: int) -> tuple[str, ...]:
    """What stands right before and after a name: evaluation, training, data, model, cited, listed ..."""
    after = text[end : end + _BESIDE]
    before = text[max(start - _BESIDE, 0) : start]
    return tuple(
        name for rule, name, is_after in _beside_rules() if rule.regex.search(after if is_after else before) is not None
    )


def is_direct(text: str, cue: Cue, start: int) -> bool:
    """Whether nothing but a list stands between a cue and a name: "trained on A [1], B, and the C dataset"."""
    return not [word for word in _PLAIN_WORD.findall(text[cue.end : start]) if word not in _list_words()]


_PLAIN_WORD = re.compile(r"(?<![\w-])[a-z]+(?![\w-])")


@cache
def _list_words() -> frozenset[str]:
    return frozenset(str(load_rules("dataset_cues").data["list_words"]).split())


def cues(view: PaperView) -> Cues:
    """The Cues of a paper, made once."""
    return view.once(Cues)
