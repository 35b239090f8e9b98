"""Names of parts that the vocabulary does not know: "we adopt Foo-3 as our language backbone".

In sentences that speak of an encoder or a language model, what looks like a name (a digit or a capital inside, or a citation
behind it) is masked as one, and the strongest rows of rules/parts.toml are asked of it. What they say makes a part without a
code; its candidates carry the attribute `new_name`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache

from vlmingest.document import Span
from vlmingest.extract.parts_gather import (
    Hit,
    Key,
    PartUse,
    sentence_weight,
)
from vlmingest.extract.parts_masks import fold, is_own, mask, numbers_in, own_folded
from vlmingest.extract.parts_rows import FOR, part_rows
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import voice
from vlmingest.extract.wording import wording
from vlmingest.records import FieldName
from vlmingest.vocabulary import Code, Kind, Mention, load

# What words tell of a name: rows of rules/parts_unknown.toml.
_NO_PART = wording("parts_unknown.no_part")
_TOOL = wording("parts_unknown.tool")
_TRAINS = wording("parts_unknown.trains")
_EYE_AFTER = wording("parts_unknown.eye_after")
_BRAIN_AFTER = wording("parts_unknown.brain_after")
_TASK = wording("parts_unknown.task")
_THING = wording("parts_unknown.thing")
_SUFFIX = wording("parts_unknown.edition")
_EYE = wording("parts_unknown.own_eye")
_MADE = wording("parts_unknown.property")
_KIND = wording("parts_unknown.class")
_SEES = wording("parts_unknown.sees")
_LORA = wording("parts_unknown.lora")
# How names, sizes, versions and citations are written: letters, digits and signs, no wording.
_NAME = re.compile(
    r"(?<![\w@#/.-])(?:[A-Z][A-Za-z0-9]*|[a-z]{1,4}[A-Z][A-Za-z0-9]*)(?:[.+/-][A-Za-z0-9]+)*"
    r"(?: (?:[A-Z]{1,2}/\d+|[vV]?\d+(?:\.\d+)?[BM]?|[A-Z][a-z]*[A-Z0-9][\w.-]*)(?![\w%]))*"
)
_INSIDE = re.compile(r"[a-z][A-Z]|\d|[A-Z]{2,}[a-z]{2,}|-[A-Z]")
_CITED = re.compile(r"\s?(?:\[\d|\((?:[A-Z][\w’'-]+(?: et al\.?| and |,| &)|\d{4}))")
_SIZE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?[BM](?![A-Za-z])")
_VERSION = re.compile(r"v?\d[\d.]*\Z")
_PLAIN = re.compile(r"[A-Z][a-z]+(?:-[A-Z][a-z]+)+")  # "Multi-Layer": words, where no citation stands behind them
_YEAR = re.compile(r",?\s?(?:19|20)\d\d[a-z]?\s?[);]")  # an author in a citation
_CALLED = re.compile(r"\w\(\Z")
_SHORT = re.compile(r"\(([A-Z][A-Za-z-]{2,20})\)")
_FORMULA = re.compile(r"[∈⊂=×^]\s?\Z")  # before a name: a set of numbers
_IN_TURN = "respectively"
_LEAST = 0.35
_STEM = 4  # letters of a stem that is long enough to know a name by
_TRUST = 0.9


Rows = tuple[tuple[int, Rule, re.Pattern[str]], ...]  # each with its number among the rows of rules/parts.toml


@cache
def _rows() -> tuple[tuple[Rule, Rows], ...]:
    """Per noun, the rows for which alone a name that nobody knows is enough."""
    known = part_rows()
    asked = [
        (number, rule, pattern)
        for number, (rule, pattern) in enumerate(zip(known.rules, known.patterns, strict=True))
        if rule.attributes.get("unknown") and rule.role in FOR
    ]
    return tuple((noun, tuple(row for row in asked if row[1].field is noun.field)) for noun in known.nouns)


def gather_unknown(view: PaperView) -> list[PartUse]:
    """Parts of unknown name, in order of their first place."""
    found: dict[Key, PartUse] = {}
    own = own_folded(view)
    for noun, rows in _rows():
        search = (noun.lead or noun.low or noun.regex).search
        for index in view.sentences_for(noun):
            sentence = view.sentences[index]
            if search(view.lowered, sentence.start, sentence.end) is None:
                continue
            weight = sentence_weight(view, sentence, voice(view, sentence)) * _TRUST
            if weight >= _LEAST:
                _read(view, sentence, weight, noun.field, rows, own, found)
    return list(found.values())


def _read(
    view: PaperView,
    sentence: Sentence,
    weight: float,
    field: FieldName | None,
    rows: Rows,
    own: set[str],
    found: dict[Key, PartUse],
) -> None:
    kind: Kind = "vision_encoder" if field is FieldName.VISION_ENCODER else "language_model"
    known = _mentions_in(view, sentence)
    unknown = list(_names(view, sentence, kind, known, own))
    if not unknown:
        return
    parts = [one for one in known if one.code.kind != "dataset" and not is_own(view, one, own)]
    if any(one.code.kind == kind for one in parts) and _IN_TURN in view.lowered[sentence.start : sentence.end]:
        return  # of "A, B and C as the encoder, writer and painter, respectively" the known name has its role
    masked = mask(view, sentence, sorted((*parts, *unknown), key=lambda one: one.start))
    able = part_rows().able(masked.lowered)
    for number_of_row, rule, pattern in rows:
        strength = rule.weight * weight
        if strength < _LEAST or not able >> number_of_row & 1:
            continue
        for match in pattern.finditer(masked.lowered):
            for number in numbers_in(masked.text[match.start() : match.end()], field):
                mention = masked.names[number].mention
                if mention.code.family:
                    continue
                span = Span(mention.start, mention.end)
                name = mention.code.name
                use = found.setdefault((kind, fold(_SIZE.sub("", name))), PartUse(kind, name, None, span))
                use.hits.append(Hit(strength, span, rule.id, rule.role, name, sentence.section))
                use.surfaces[name] += 1
                for size in mention.sizes:
                    use.sizes[size] = use.sizes.get(size, 0) + 1


def _names(view: PaperView, sentence: Sentence, kind: Kind, known: list[Mention], own: set[str]) -> Iterator[Mention]:
    """What looks like a name, is none of the vocabulary and not the model's own."""
    stop = _stop_words()
    stems = _stems(frozenset(own))
    for match in _NAME.finditer(view.text, sentence.start, sentence.end):
        start, end = match.span()
        text = match.group()
        first = text.split(" ")[0]
        shaped = _INSIDE.search(text) is not None
        if (not shaped or _PLAIN.fullmatch(text)) and _CITED.match(view.text, end) is None:
            continue
        if any(one.start < end and start < one.end for one in known):
            continue
        if first.lower().rstrip("s") in stop or text.lower() in stop or len(text) < 3:
            continue
        if _is_symbol(view.text, start, end) or _is_short_for(view.text, sentence.start, match):
            continue
        if _serves_as_other(view.text, end, sentence.end, kind):
            continue
        if _TOOL.match(view.text, end) or _TRAINS.match(view.text, end) or _KIND.search(text):
            continue
        if _LORA.match(text) or _MADE.search(text) or _YEAR.match(view.text, end) or _NO_PART.match(view.text, end):
            continue
        if kind == "language_model" and (_is_whole(text) or _SEES.search(text)):
            continue
        if _CALLED.search(view.text, max(start - 2, 0), start):
            continue  # what stands in the brackets of a function: "Loss(Foo-B)"
        if start == sentence.start and not shaped:
            continue  # a capital at the start of a sentence
        folded = fold(text)
        if any(_is_version(folded, stem) for stem in stems):
            continue  # another version of the own model
        if folded in own or any(
            folded.startswith(name) for name in own if len(name) > 3 and not _is_own_eye(folded, name)
        ):
            continue
        if text in view.once(_tasks):
            continue
        name = _SUFFIX.sub("", text)
        yield Mention(Code(kind, name, ""), start, end, tuple(_SIZE.findall(text)), end, end)


@lru_cache(maxsize=64)
def _stems(own: frozenset[str]) -> frozenset[str]:
    """The own names without a version at their end."""
    return frozenset(_VERSION.sub("", name) for name in own)


def _is_version(folded: str, stem: str) -> bool:
    """Whether a name is a version of what `stem` is the name of; of a short one nothing may stand behind it."""
    rest = folded[len(stem) :] if folded.startswith(stem) else ""
    return rest[:1].isdigit() and (len(stem) >= _STEM or (len(stem) > 1 and _VERSION.fullmatch(rest) is not None))


def _tasks(view: PaperView) -> frozenset[str]:
    """Names that the paper says are short for something a model is trained by: "Gap Language Modeling (GapLM)"."""
    low = view.lowered
    return frozenset(
        match[1]
        for match in _SHORT.finditer(view.text)
        if _TASK.stands_in(low, max(match.start() - 14, 0), match.start())
    )


def _is_symbol(text: str, start: int, end: int) -> bool:
    """Whether a name stands in a formula: "W ∈ RCout×Cin"."""
    return _FORMULA.search(text, max(start - 2, 0), start) is not None or text[end : end + 1] in {"×", "∈", "="}


def _is_short_for(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a name is short for words before it ("Mixture of Token Paths (MoTP)") that end in nothing that encodes or writes."""
    if text[match.end() : match.end() + 1] != ")" or text[match.start() - 1 : match.start()] != "(":
        return False
    before = text[max(start, match.start() - 90) : match.start() - 1].rstrip()
    letters = [one for one in match.group() if one.isupper()]
    words = re.findall(r"[A-Za-z]+", before)[-2 * len(letters) :]
    if len(letters) < 2 or _THING.search(before):
        return False
    initials = iter(word[0].upper() for word in words)
    return all(letter in initials for letter in letters)


def _serves_as_other(text: str, start: int, end: int, kind: Kind) -> bool:
    """Whether the words behind a name say that it is a part of the other kind: "Foo as the visual encoder" is no LLM."""
    tail = text[start : min(start + 90, end)]
    own, other = (_EYE_AFTER, _BRAIN_AFTER) if kind == "vision_encoder" else (_BRAIN_AFTER, _EYE_AFTER)
    found, rival = own.match(tail), other.match(tail)
    return rival is not None and (found is None or rival.end() < found.end())


def _is_whole(name: str) -> bool:
    """Whether a name is that of an edition of a known multimodal model: "Foo-VL-Next" of "Foo-VL"."""
    pieces = name.split("-")
    for count in range(len(pieces), 0, -1):
        stem = "-".join(pieces[:count])
        if any(not one.start and (one.code.whole or one.code.closed) for one in load().find(stem, stem.lower())):
            return True
    return False


def _is_own_eye(folded: str, own: str) -> bool:
    """Whether a name is that of the own model's encoder: "FooViT" of "Foo"."""
    return _EYE.match(folded, len(own)) is not None


def _mentions_in(view: PaperView, sentence: Sentence) -> list[Mention]:
    starts = view.mention_starts
    return list(view.mentions[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)])


@cache
def _stop_words() -> frozenset[str]:
    """Words that look like names and are none, lower case, without a plural s."""
    return frozenset(load_rules("parts").data["stop"]["words"].split())
