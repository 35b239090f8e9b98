"""Sizes in sentences that speak of the own work: how much a sentence counts, and whose size a number in it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from vlmingest.document import BlockKind
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.leads import led_matches
from vlmingest.extract.own_model import own_model_names
from vlmingest.extract.rules import Rule
from vlmingest.extract.sizes_backbones import lm_chance
from vlmingest.extract.sizes_places import (
    OF_LM,
    OF_MODEL,
    OF_PART,
    Place,
    named_after,
    noted,
    sentence_factor,
    size_mentions,
    size_rules,
    words,
)
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.vocabulary import Mention

# Rows of sentences that any model's parameters may fit: what is named shortly before says whose they are.
_COUNTING = frozenset(
    {"size.parameters.v1", "size.model_has.v1", "size.total.v1", "size.ranging.v1", "size.scaling.v1"}
)
_OF_OTHERS = _COUNTING | {"size.in_sizes.v1", "size.bracketed.v1", "size.variant_named.v1", "size.the_model.v1"}
# Factors: where it is compared with something, has another's name before it, is of a part, or of the language model.
_COMPARES, _OF_ANOTHER, _OF_A_PART, _OF_THE_LM = 0.12, 0.3, 0.4, 0.8
_OF_DATA = 0.4  # a language model of a section on data may be one that writes them
_BEFORE = 130  # characters before the first size in which a row marked `near` may begin
_NEAR = 70  # characters
_OPENING = 5  # characters before the subject of a sentence
_SURELY_OWN = 0.6  # the chance from which on a language model is the own one, whatever the section says
_OURS = 0.7  # a sentence that says "our 7B model" speaks of the own sizes, wherever it stands


def in_sentences(view: PaperView) -> Iterator[tuple[str, Place]]:
    """Sizes in sentences that do not speak of others."""
    seen: set[int] = set()
    for number, _, is_data in size_mentions(view):
        index = view.sentence_index(number) if not is_data else None
        if index is None or index in seen:
            continue
        seen.add(index)
        sentence = view.sentences[index]
        if sentence.section is SectionKind.REFERENCES:
            continue
        factor = sentence_factor(view, sentence)
        if not factor and sentence.section is SectionKind.RELATED:
            yield from _of_subject(view, sentence)
        low = view.lowered[sentence.start : sentence.end]
        if not factor and "our " not in low:
            continue
        rules, words_of = _sentence_rules(sentence.kind is BlockKind.TITLE)
        held = 1
        for word, bit in words_of:
            if word in low:
                held |= bit
        near = max(sentence.start, number - _BEFORE)
        found = [
            (rule, match)
            for rule, wanted, is_near in rules
            if wanted & held
            for match in led_matches(
                rule.lead, rule.regex, view.text, near if is_near else sentence.start, sentence.end
            )
        ]
        if factor < _OURS and any(rule.attributes.get("ours") for rule, _ in found):
            factor = _OURS
        for rule, match in found:
            told = 1.0 if rule.attributes.get("ours") else factor
            if told:
                least, part = _whose(view, sentence, rule, match)
                if part == OF_LM and sentence.section is SectionKind.DATA:
                    least *= _OF_DATA
                yield from noted(view, rule, match, told * least, part)


def _of_subject(view: PaperView, sentence: Sentence) -> Iterator[tuple[str, Place]]:
    """The size of the own language model where it is introduced: "FooLM is a bilingual model with 6B parameters"."""
    index = bisect_left(view.mention_starts, sentence.start)
    if index == len(view.mentions) or view.mentions[index].start > sentence.start + _OPENING:
        return
    subject = view.mentions[index]
    chance = lm_chance(view, subject) if subject.code.kind == "language_model" and not subject.code.whole else 0.0
    if chance < _SURELY_OWN or _named_in(view, subject.end, sentence.end):
        return
    rule = next(rule for rule in size_rules()["own"] if rule.id == "size.parameters.v1")
    for match in rule.regex.finditer(view.text, subject.end, sentence.end):
        yield from noted(view, rule, match, chance, OF_LM)


def _named_in(view: PaperView, start: int, end: int) -> bool:
    """Whether a model is named in `[start, end)`."""
    low, high = bisect_left(view.mention_starts, start), bisect_left(view.mention_starts, end)
    return any(mention.code.kind != "dataset" for mention in view.mentions[low:high])


@cache
def _sentence_rules(of_title: bool) -> tuple[list[tuple[Rule, int, bool]], list[tuple[str, int]]]:
    """Rows with the bits of their words (1: any sentence will do) and whether a size stands near their start; the words' bits."""
    groups = size_rules()
    rules = (*groups["own"], *groups["base"], *(groups["title"] if of_title else ()))
    words_of = sorted({word for rule in rules for word in rule.attributes.get("words", ())})
    bits = {word: 2 << index for index, word in enumerate(words_of)}
    asked = [
        (rule, sum(bits[word] for word in rule.attributes.get("words", ())) or 1, bool(rule.attributes.get("near")))
        for rule in rules
    ]
    return asked, list(bits.items())


def _whose(view: PaperView, sentence: Sentence, rule: Rule, match: re.Match[str]) -> tuple[float, str]:
    """A factor for a match, and what it is the size of, by what stands before and behind it."""
    if rule.attributes.get("sure"):
        return 1.0, OF_MODEL
    start, end = match.span("value" if match.group("value") else "more")
    before = view.text[sentence.start : start]
    since = words("at_most").sub("", _since_own(view, before))
    compares = words("compared").search(since) or words("of_many").search(since)
    least = _COMPARES if compares and not rule.attributes.get("despite") else 1.0
    if words("versus").match(view.text, match.end()):
        least *= _OF_ANOTHER
    named = _named_right_before(view, match.start(), start) if rule.id in _COUNTING else None
    if named is not None:  # "half of the parameters of FooVL 7B"
        of_lm = named.code.kind == "language_model" and not named.code.closed
        return (least * lm_chance(view, named), OF_LM) if of_lm else (least * _OF_A_PART, OF_PART)
    factor, part = _by_words_behind(view, sentence, match, end)
    # "LampNet, with 2B parameters, reads" has it itself; in "It beats LampNet, with 2B parameters" it has not.
    others = rule.id in _OF_OTHERS or (rule.id == "size.at_parameters.v1" and not compares)
    if part == OF_MODEL and others:
        factor, part = _by_words_before(view, sentence, rule, match.start(), before)
    return least * factor, part


def _named_right_before(view: PaperView, low: int, start: int) -> Mention | None:
    """The model that is named from `low` on and right before `start`: the size there is the last piece of its name."""
    index = bisect_left(view.mention_starts, start) - 1
    if index < 0 or view.mentions[index].start < low or start - view.mentions[index].end > 1:
        return None
    mention = view.mentions[index]
    own = any(view.lowered.startswith(name.lower(), mention.start) for name in own_model_names(view))
    return None if own or mention.code.kind == "dataset" else mention


def _by_words_behind(view: PaperView, sentence: Sentence, match: re.Match[str], end: int) -> tuple[float, str]:
    """(factor, part) by what follows the size: a name, or a word for a part."""
    named = named_after(view, end)
    if named is not None and named.code.kind == "language_model":
        return lm_chance(view, named), OF_LM
    is_part = words("part_model").search(view.text, end, match.end()) is not None
    if named is not None or is_part or words("part_behind").match(view.text, end, sentence.end):
        return _OF_A_PART, OF_PART
    if words("lm_behind").match(view.text, end, sentence.end):
        return _OF_THE_LM, OF_LM
    return 1.0, OF_MODEL


def _by_words_before(view: PaperView, sentence: Sentence, rule: Rule, start: int, before: str) -> tuple[float, str]:
    """(factor, part) by what is named or told last before the size."""
    named = _named_before(view, sentence, start)
    if named is not None:
        if named.code.kind == "language_model" and not named.code.closed:
            return lm_chance(view, named), OF_LM
        return _OF_A_PART, OF_PART if named.code.kind == "vision_encoder" else OF_MODEL
    if _of_rival(view, before):
        return _OF_ANOTHER, OF_MODEL
    if rule.id in _COUNTING:
        if words("lm_words").search(before[-_NEAR:]):
            return _OF_THE_LM, OF_LM
        if words("added").search(before):
            return _OF_ANOTHER, OF_PART
        if words("parts").search(_since_own(view, before)):
            return _OF_A_PART, OF_PART
    return 1.0, OF_MODEL


def _since_own(view: PaperView, before: str) -> str:
    """What stands between the own name (or "our") and a size, or all where neither stands."""
    low = before.lower()
    last = max((low.rfind(name.lower()) for name in own_model_names(view)), default=-1)
    if last >= 0 and words("earlier").search(before, max(last - 40, 0), last):
        return before  # its forerunner
    return before[max(last, low.rfind(" our ")) + 1 :] if max(last, low.rfind(" our ")) >= 0 else before


def _of_rival(view: PaperView, before: str) -> bool:
    """Whether a name that is not the own one ends right before a size, and no "our" before it."""
    match = words("name_end").search(before)
    if match is None or before[: match.start()].rstrip().lower().endswith("our"):
        return False
    named = (match.group(1) or match.group(2)).lower()
    return not any(named.startswith(name.lower()) or name.lower().endswith(named) for name in own_model_names(view))


def _named_before(view: PaperView, sentence: Sentence, start: int) -> Mention | None:
    """The last model that is named shortly before `start`, nearer than the own name."""
    low = max(sentence.start, start - _NEAR)
    index = bisect_left(view.mention_starts, start) - 1
    while index >= 0 and view.mentions[index].code.kind == "dataset":
        index -= 1
    if index < 0 or view.mentions[index].start < low:
        return None
    own = max((view.lowered.rfind(name.lower(), low, start) for name in own_model_names(view)), default=-1)
    return view.mentions[index] if view.mentions[index].start > own else None
