"""Whose work a sentence speaks of: the paper's own (OWN), another's (OTHER), or neither is said (OPEN).

`voice(view, sentence)` looks at the subject: "we", "our", "this work" and the proposed model's own names against "prior
methods", "Doe et al.", "[12] propose" and "Name [12] uses". A phrase that only leans on another work ("Following X, we",
"Unlike X, we", "the encoder of X") says nothing of the subject. A sentence that starts with a pronoun takes the voice of
the one before it in the same block. Results are kept on the view.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from vlmingest.extract.headings import SectionKind
from vlmingest.extract.identity import name_candidates
from vlmingest.extract.leads import lead_of
from vlmingest.extract.plain_names import ends_word, find_name
from vlmingest.extract.rules import load_rules
from vlmingest.extract.view import PaperView, Sentence

MAX_OWN_NAMES = 3
_LATEST_SUBJECT = 16  # characters before the subject of a sentence
_OPENINGS = frozenset(
    ["", "the", "however", "in contrast", "while", "whereas", "recently", "similarly", "specifically", "moreover"]
)
_OF_THE_MODEL = (SectionKind.METHOD, SectionKind.TRAINING)
_MOST_OF_A_RIVAL = 14  # mentions of a rival model in a paper, as a rule
_NO_RIVALS = frozenset({*_OF_THE_MODEL, SectionKind.FRONT, SectionKind.ABSTRACT})
_LEAD = re.compile(r"(?:As|In|For|During|To|Following|Based|With|After|Within|Then|Finally|First)\b[^,.;]{0,80}, ")
_PRELIMINARIES = re.compile(r"preliminar|background|overview|revisit|baseline", re.IGNORECASE)


class Voice(StrEnum):
    """Whose work a sentence speaks of."""

    OWN = "own"
    OTHER = "other"
    OPEN = "open"


def own_names(view: PaperView) -> tuple[str, ...]:
    """Lower-case names of the proposed model, best first (a few at most; one word of a longer name is no name)."""
    found = view.memo.get("voice.own_names")
    if found is None:
        ranked = name_candidates(view)[:MAX_OWN_NAMES]
        least = ranked[0][1] * 0.3 if ranked else 0.0
        found = tuple(dict.fromkeys(name.lower() for name, score, _ in ranked if score >= least))
        view.memo["voice.own_names"] = found
    names: tuple[str, ...] = found
    return names


def voice(view: PaperView, sentence: Sentence) -> Voice:
    """Whose work `sentence` speaks of; `sentence` is one of `view.sentences`."""
    known: dict[int, Voice] = view.memo.setdefault("voice", {})
    found = known.get(sentence.start)
    if found is None:
        found = known[sentence.start] = _decide(view, sentence)
    return found


def _decide(view: PaperView, sentence: Sentence) -> Voice:
    text = view.text[sentence.start : sentence.end]
    own_subject, other_subject, own_word, pronoun, name_acts, _ = _patterns()
    owns = own_subject.search(text) is not None
    if owns and own_word.search(text):
        return Voice.OWN  # whatever else is said
    low = view.lowered[sentence.start : sentence.end]
    names: tuple[str, ...] = ()
    for name in own_names(view):
        if name in low:
            names = own_names(view)
            break
    acting = name_acts.match(text)
    if acting is not None and names and _opens_with(names, (acting["name"] or acting["label"]).lower()):
        acting = None  # "Specifically, Foo-7B uses" in the paper on Foo
    if not names and sentence.section in _OF_THE_MODEL:
        acting = None  # the own model, whose name was not found
    other = other_subject.match(text) is not None or _is_rival(view, acting) or _known_acts(view, sentence)
    if other and names and _opens_with(names, low):
        other = False  # "LLaVA [1] uses" in LLaVA's own paper
    if owns and not other:
        return Voice.OWN
    if other:
        return Voice.OTHER
    if any(find_name(low, name) >= 0 for name in names):
        return (
            Voice.OWN
        )  # "than X", "outperforms X" do not make X the subject, but in its own paper the talk is still of X
    if pronoun.match(text):
        before = sentence_before(view, sentence)
        if before is not None:
            return voice(view, before)
    return Voice.OTHER if _tells_of_others(view, sentence) or _goes_on_about_a_rival(view, sentence) else Voice.OPEN


def _is_rival(view: PaperView, match: re.Match[str] | None) -> bool:
    """Whether the name that acts is another model: the own one is named more often, even where its name was not found."""
    return match is not None and view.text.count(match.group("name") or match.group("label")) <= _MOST_OF_A_RIVAL


def _known_acts(view: PaperView, sentence: Sentence) -> bool:
    """Whether a multimodal model of the vocabulary is the subject: "Foo inserts layers"."""
    starts = view.mention_starts
    index = bisect_left(starts, sentence.start)
    if index == len(starts) or starts[index] > sentence.start + _LATEST_SUBJECT:
        return False
    mention = view.mentions[index]
    if view.lowered[mention.start : mention.end] in own_names(view):
        return False  # the own model, which the vocabulary knows by now
    if not (mention.code.whole or mention.code.closed):
        return False  # an encoder or a language model may act as a part of the own model
    before = view.text[sentence.start : mention.start].strip(" ,•–-")
    return before.lower() in _OPENINGS and _patterns()[-1].match(view.text[mention.end : sentence.end]) is not None


def _tells_of_others(view: PaperView, sentence: Sentence) -> bool:
    """Whether the section or the paragraph is about other works; "Preliminaries" may well describe what the own model is built on."""
    if sentence.section is not SectionKind.RELATED:
        return False
    if sentence.block in view.on_others:
        return True
    section = view.document.section_at(sentence.start)
    return section is None or _PRELIMINARIES.search(section.title) is None


def _goes_on_about_a_rival(view: PaperView, sentence: Sentence) -> bool:
    """Whether a rival is the subject of an earlier sentence of the paragraph, in which nothing is said of the own model."""
    if sentence.section in _NO_RIVALS:
        return False
    about: dict[int, int] = view.memo.setdefault("voice.about_rivals", {})
    if sentence.block not in about:
        about[sentence.block] = _about_rivals_from(view, sentence)
    return sentence.start >= about[sentence.block]


def _about_rivals_from(view: PaperView, sentence: Sentence) -> int:
    """Where the paragraph of a sentence begins to be about a rival; its end where it is not."""
    block = view.document.blocks[sentence.block]
    low = view.lowered[block.start : block.end]
    if _patterns()[2].search(view.text, block.start, block.end) or any(name in low for name in own_names(view)):
        return block.end
    sentences = view.sentences
    for index in range(view.sentence_index(block.start) or 0, len(sentences)):
        one = sentences[index]
        if one.block != sentence.block:
            break
        text = view.text[one.start : one.end]
        lead = _LEAD.match(text)
        acting = _patterns()[4].match(text) or (lead and _patterns()[4].match(text[lead.end() :]))
        if _is_rival(view, acting) or _rival_is_subject(view, one):
            return one.start
    return block.end


def _rival_is_subject(view: PaperView, sentence: Sentence) -> bool:
    """Whether a multimodal model of the vocabulary does something anywhere in a sentence: "As is shown, Foo inserts layers"."""
    starts = view.mention_starts
    return any(
        (mention.code.whole or mention.code.closed) and _patterns()[-1].match(view.text[mention.end : sentence.end])
        for mention in view.mentions[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
    )


def sentence_before(view: PaperView, sentence: Sentence) -> Sentence | None:
    """The sentence before in the same block."""
    index = view.sentence_index(sentence.start)
    if not index:
        return None
    before = view.sentences[index - 1]
    return before if before.block == sentence.block else None


def _opens_with(names: Iterable[str], text: str) -> bool:
    """Does a text in lower case open with a name of the own model?"""
    start = len("the ") if text.startswith(("the ", "our ")) else 0
    for name in names:
        for at in {0, start}:
            if text.startswith(name, at) and ends_word(text, at + len(name), len(text)):
                return True
    return False


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    rules = {rule.id: re.compile(rule.pattern) for rule in load_rules("voice").rules}
    for name in ("voice.own_subject.v1", "voice.own_word.v1"):  # asked only whether they stand anywhere
        rules[name] = lead_of(rules[name].pattern) or rules[name]
    wanted = ("own_subject", "other_subject", "own_word", "pronoun", "name_acts", "acts")
    return tuple(rules[f"voice.{name}.v1"] for name in wanted)
