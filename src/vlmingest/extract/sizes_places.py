"""Where a size may be stated: beside the own name, in sentences on the own work, beside the language model in it.

Every pattern is a row of rules/sizes.toml whose weight is the chance that such a place gives a right size; `part` of a place
says what it speaks of (see `OF_MODEL`, `OF_LM`, `OF_PART`). Counts of data ("4M images") are no sizes; a size of the form
"Name-A3B" is an active size and is read elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from vlmingest.document import BlockKind
from vlmingest.extract.identity import name_candidates
from vlmingest.extract.parts import weighed_parts
from vlmingest.extract.rivals import names_rival
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.table_kinds import own_rows
from vlmingest.extract.view import PaperView, SectionKind, Sentence, TableView
from vlmingest.extract.voice import Voice, voice
from vlmingest.vocabulary import Mention, load

OF_MODEL, OF_LM, OF_PART = "model", "language model", "part"
MAX_NAMES = 3
SKIPPED = frozenset({SectionKind.RELATED, SectionKind.REFERENCES})
_ONE = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)(?: ?-?([BMbm])(?:illion)?(?![a-z]))?")
_EACH = re.compile(r"(?<![\w.])\d{1,4}(?:\.\d{1,2})? ?(?:[BM]\b|[bm]illion)")
_IN_NAME = re.compile(r"(?<=[-_ ])\d{1,3}(?:\.\d{1,2})?[BM]\b")
# The unit of a size, with its number before it: units are rarer than digits.
_MENTION = re.compile(r"[BMbm](?:(?<=\d.)|(?<=\d[ -].)|(?<=\d -.))(?:(?<=[BM])(?![A-Za-z0-9])|(?<=[bm])illion)")
_VERSION = re.compile(r"(?<![\d.])\d+(?:\.\d+)*(?![\d.]*[BbMm]\b)")
_LONGEST_NAME = 60
_SHORTEST, _OFTEN = 4, 3  # letters of a shortened name, and how often it must stand alone
_NAMELIKE = re.compile(r"[a-z0-9][A-Z]|[A-Za-z]\d|[A-Z]{2}")
_WORD = re.compile(r"[a-z0-9.]+")
_ACTIVE = re.compile(r"[-_ ]A\d")
# Behind a size: active parameters, or what a part of the model has.
_OF_ELSE = re.compile(
    r"(?:[- ]?param\w*)?,?(?: (?:that |which |of them |of which )?(?:are|is|being))? activ"
    r"|(?:[- ]?param\w*)?,? (?:as|for) (?:the|our|its|an?) (?:vision|visual|image|video|text|audio|language|frozen)",
    re.IGNORECASE,
)
_ACTIVATES = re.compile(r"\bactiv\w+ (?:only |just |about |around )?\Z", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:than|compar\w+|similar|unlike|outperform\w*|surpass\w*|beat\w*|exceed\w*|whereas|while|versus|vs|larger|against|rival\w*"
    r"|despite)\b",
    re.IGNORECASE,
)
# Between a size and "model": no vision-language model, but something beside it.
_PART_MODEL = re.compile(
    r"\b(?:reward|teacher|judge|draft|diffusion|embedding|critic|caption\w*|retriev\w+|(?:vision|visual|image|text|audio|speech)"
    r"(?![-–/ ](?:language|and|text|\w*modal)))\b",
    re.IGNORECASE,
)
_PART_BEHIND = re.compile(
    r"(?:[- ]?param\w*)?,?(?: (?:for|in|of|from|to|as))?(?: (?:the|an?|its|our|each))?(?: [\w-]+){0,2}? (?:LoRA|adapters?|resamplers?"
    r"|(?:vision|visual|image|text|audio)(?:[- ]only)? (?:encoder|tower|expert|backbone|transformer)s?|encoders?|projectors?|connectors?"
    r"|abstractors?|q-formers?|experts|embeddings?|(?:attention |transformer )?layers|self-attention|modules?)\b",
    re.IGNORECASE,
)
_LM_BEHIND = re.compile(
    r"(?:[- ]?param\w*)? (?:for|in|of|from|to) (?:the |its |our )?(?:large )?(?:language (?:model|decoder|backbone)|LLM|LM)\b"
)
# Right before a size: parameters that are added or tuned, not those of the whole.
_ADDED = re.compile(
    r"\b(?:(?:introduc\w+|add(?:s|ed|ing)?|additional\w*|extra|insert\w*)"
    r"(?: (?:only|merely|just|about|around|up|to|roughly|an?|additional|extra|new|further|mere))*"
    r"|(?:train|tun|fine-tun|optimi[sz]|updat)(?:s|es|ing|ed|e)? (?:only|merely|just)(?: about| around)?"
    r"|(?:only|merely|just) (?:train|tun|fine-tun|optimi[sz]|updat)(?:s|es|ing|ed|e)?(?: about| around)?) \Z",
    re.IGNORECASE,
)
_ANY_MODELS = re.compile(
    r"\W*(?:(?:Most|Many|Some|Such|Other|Large|Larger|Smaller|Current|Existing|Recent|Open|[\w-]+-source) )?"
    r"(?:[Mm]odels|LLMs|MLLMs|VLMs|LVLMs|LMMs) (?:with|of|at|beyond|above|below)\b"
)
_OF_MANY = re.compile(
    r"\b(?:[Mm]ost|[Mm]any|[Ee]xisting|[Pp]revious|[Pp]rior|[Rr]ecent|[Cc]urrent|[Cc]ommercial|[Pp]roprietary|[Oo]ther|[Ss]imilar"
    r"|[Tt]ypical)(?: [\w-]+){0,3} (?:models?|methods|works|[A-Z]*LMs?)\b|\b(?:typically|commonly|usually)\b"
)
_AT_MOST = re.compile(r"\b(?:less|fewer|more|no more|slightly more|little more) than (?:about |around )?\Z")
_EARLIER = re.compile(r"\b(?:forerunner|predecessor|previous|prior|earlier|original|older|former|first-generation)s?,? (?:\w+ )?\Z")
_VERSUS = re.compile(r"[- ]?(?:param\w*)?\)?,? (?:vs|v\.s|versus|compared)\b")
# The name of another model right before a size: "FooNet-7B", "FooNet 2 (7B", "foo-net-large has 7B".
_NAME_END = re.compile(
    r"(?<![\w-])(?:([A-Z][\w.+]*(?:-[\w.+]+)*(?: \d[\d.]*)?)(?:[-_]|,? ?\((?:with )?|,? with |['’]s )"
    r"|([A-Za-z][\w.]*(?:-[\w.]+)+)(?: model| backbone)?,? (?:has|have|contains?|comes with)(?: (?:about|around|only|roughly"
    r"|approximately|over|a total of))* )\Z"
)
_LM_WORDS = re.compile(
    r"(?<!vision[- –])(?<!visual[- ])(?<!and )(?<!modal large )(?<!text[- –])\b(?:language (?:model|decoder|backbone)s?|LLMs?|LMs?|decoders?)\b"
)
_USES = re.compile(
    r"\b(?:us(?:e|es|ed|ing)|adopt|employ|initiali[sz]|instantiat|based? on|built? (?:on|up)|backbones?|choos|select|integrat"
    r"|combin|equip|with|including|variants?)",
    re.IGNORECASE,
)
_SURE_OPEN = frozenset({SectionKind.METHOD, SectionKind.TRAINING, SectionKind.ABSTRACT, SectionKind.CONCLUSION})
_ALSO = frozenset({SectionKind.INTRODUCTION, SectionKind.EXPERIMENTS, SectionKind.OTHER, SectionKind.DATA})
# Rows of sentences that any model's parameters may fit: what is named shortly before says whose they are.
_OF_PARTS = frozenset({"size.parameters.v1", "size.total.v1"})
_OF_OTHERS = _OF_PARTS | {"size.in_sizes.v1", "size.bracketed.v1", "size.variant_named.v1", "size.ranging.v1", "size.scaling.v1"}
_COUNTING = _OF_PARTS | {"size.ranging.v1", "size.scaling.v1"}
_PARAMETERS = re.compile(r"[- ]?(?:param\w*)?(?: (?:versions?|variants?|sizes?) of)?(?: the)? ?(?:frozen |pretrained |pre-trained )?")
_NEXT = 40
_NEAR = 70
_SURELY = 0.7  # what is not said to be the own work, in a section that need not be on it, counts less
_OURS = 0.7  # a sentence that says "our 7B model" speaks of the own sizes, wherever it stands
_IN_TABLE = 0.7  # the least chance of a language model in an own row
_UNKNOWN = 0.3  # the chance that a language model which was not weighed is the own one
_ALONE = 0.6  # ... at least, where no other language model was found
_MOST = {"B": 2000.0, "M": 999.0}
_LEAST = {"B": 0.1, "M": 10.0}


class Place(NamedTuple):
    """One place that speaks for a size; `part`: of what it is the size."""

    rule: str
    weight: float
    start: int
    end: int
    part: str = OF_MODEL


def sizes_in(text: str) -> list[str]:
    """Sizes of a list such as "1B, 2B and 9B" or "3, 7 and 13 billion"; a number without a unit takes the next one's."""
    found: list[tuple[float, str]] = []
    waiting: list[float] = []
    for number, unit in _ONE.findall(text):
        waiting.append(float(number))
        if unit:
            found += [(value, unit.upper()) for value in waiting]
            waiting = []
    return list(dict.fromkeys(size for value, unit in found if (size := size_name(value, unit))))


def size_name(value: float, unit: str) -> str:
    """`7B`, `1.3B`, `400M`; "" for what is no size of a model; thousands of millions are billions."""
    if unit == "M" and value >= 1000:
        value, unit = value / 1000, "B"
    return f"{value:g}{unit}" if _LEAST[unit] <= value <= _MOST[unit] else ""


@cache
def size_rules() -> dict[str, tuple[Rule, ...]]:
    """The rows of rules/sizes.toml by what they are tried on."""
    rows: dict[str, list[Rule]] = defaultdict(list)
    for rule in load_rules("sizes").rules:
        rows[str(rule.attributes["where"])].append(rule)
    return {where: tuple(rules) for where, rules in rows.items()}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(str(load_rules("sizes").data[name]))


# --- beside the own name -----------------------------------------------------------------------------------------


def beside_names(view: PaperView) -> Iterator[tuple[str, Place]]:
    """Sizes right after or right before the own name, wherever it stands."""
    text, lowered = view.text, view.lowered
    seen: set[int] = set()
    for name in _spellings(own_model_names(view)):
        start = lowered.find(name)
        while start >= 0:
            end = start + len(name)
            if end not in seen and not (start and (text[start - 1].isalnum() or text[start - 1] in "-_/")):
                seen.add(end)
                yield from _around_name(view, start, end)
            start = lowered.find(name, end)


def own_model_names(view: PaperView) -> list[str]:
    """The likely names of the own model, and of variants of it: their words hold those of its name."""
    return view.once(_own_model_names)


def _own_model_names(view: PaperView) -> list[str]:
    ranked = name_candidates(view)
    least = 0.3 * ranked[0].score if ranked else 0.0
    found = [
        one.name
        for index, one in enumerate(ranked)
        if not index
        or (index < MAX_NAMES and one.score >= least and not _is_part(one.name))
        or holds_words(one.name, ranked[0].name)
    ]
    return found + [short for short in _shortened(view, found[0]) if short not in found] if found else found


def _shortened(view: PaperView, name: str) -> list[str]:
    """The name without its first word, where the text often says it so: "R2" of "Lamplight R2"."""
    _, separator, rest = name.partition(" ") if " " in name else name.partition("-")
    if not separator or len(rest) < _SHORTEST or rest.islower() or not _NAMELIKE.search(rest) or _is_known(rest):
        return []
    alone = view.text.count(rest, 0, view.body_end) - view.text.count(name, 0, view.body_end)
    hyphened = view.text.count(rest.replace(" ", "-"), 0, view.body_end) if " " in rest else 0
    return [rest] if alone + hyphened >= _OFTEN else []


def _is_part(name: str) -> bool:
    """Whether a name is that of a known encoder or language model: no second name of the own model."""
    found = load().find(name, name.lower())
    return any(not mention.start and mention.code.kind != "dataset" and not mention.code.whole for mention in found)


def _is_known(name: str) -> bool:
    """Whether a name begins with that of any model of the vocabulary."""
    return any(not mention.start and mention.code.kind != "dataset" for mention in load().find(name, name.lower()))


def holds_words(name: str, other: str) -> bool:
    """Whether the words of `other` all stand in `name`, in their order: "Foo-Small-V 2" holds "Foo-V"."""
    left = iter(_WORD.findall(name.lower()))
    wanted = _WORD.findall(other.lower())
    return all(word in left for word in wanted)


def _spellings(names: list[str]) -> list[str]:
    """The names in lower case, as they may stand in the text: words joined by spaces, hyphens or nothing, the longest first."""
    found: dict[str, None] = {}
    for name in names:
        words = re.split(r"[ -]", name.lower())
        found.update(dict.fromkeys((name.lower(), " ".join(words), "-".join(words), "".join(words))))
    return sorted(found, key=lambda name: (-len(name), name))


def _around_name(view: PaperView, start: int, end: int) -> Iterator[tuple[str, Place]]:
    """Sizes beside one place of a name; an earlier model of that name counts little."""
    earlier = 0.3 if _EARLIER.search(view.text, max(start - 40, 0), start) else 1.0
    references = view.document.references
    if references is not None and references.start <= start < references.end:
        return
    block = view.block_at(start)
    in_table = block is not None and block.kind in (BlockKind.TABLE, BlockKind.FIGURE_TEXT)
    for rule in size_rules()["after_name"]:
        match = rule.regex.match(view.text, end)
        if match is not None and (rule.id != "size.name_has.v1" or _named_after(view, match.end("value")) is None):
            if in_table and view.text[match.start("value") - 1].isspace():
                return  # the next cell
            yield from _noted(view, rule, match, earlier)
            return
    low = max(start - 40, 0)
    for rule in size_rules()["before_name"]:
        match = rule.regex.search(view.text[low:start])
        if match is not None and not in_table:
            for size in sizes_in(match.group("value")):
                yield size, Place(rule.id, rule.weight, low + match.start("value"), end)


def _noted(
    view: PaperView, rule: Rule, match: re.Match[str], factor: float, part: str = OF_MODEL
) -> Iterator[tuple[str, Place]]:
    group = "value" if match.group("value") else "more"
    start, end = match.span(group)
    if counts_data(view, end) or _ACTIVE.search(match.group(group)) or _OF_ELSE.match(view.text, end):
        return
    if _ACTIVATES.search(view.text, max(start - 24, 0), start):
        return
    part = str(rule.attributes.get("part", part))
    sizes = sizes_in(" ".join(_EACH.findall(match.group(group)))) if rule.attributes.get("each") else sizes_in(match.group(group))
    for size in sizes:
        yield size, Place(rule.id, round(rule.weight * factor, 4), match.start(), match.end(), part)


def counts_data(view: PaperView, end: int) -> bool:
    """Whether the number that ends at `end` counts images, tokens and the like."""
    return _pattern("data_words").match(view.text, end) is not None


# --- in sentences ------------------------------------------------------------------------------------------------


def size_mentions(view: PaperView) -> list[tuple[int, int, bool]]:
    """(place of the last digit, end, whether it counts data) of every number with the unit of a size, in tables and sentences."""
    return view.once(_size_mentions)


def _size_mentions(view: PaperView) -> list[tuple[int, int, bool]]:
    found = []
    for mention in _MENTION.finditer(view.text):
        number = mention.start() - 1
        while view.text[number] in " -":
            number -= 1
        found.append((number, mention.end(), counts_data(view, mention.end())))
    return found


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
        factor = _factor(view, sentence)
        low = view.lowered[sentence.start : sentence.end]
        if not factor and "our " not in low:
            continue
        rules = [
            rule
            for rule in _sentence_rules(sentence.kind is BlockKind.TITLE)
            if "words" not in rule.attributes or any(word in low for word in rule.attributes["words"])
        ]
        found = [(rule, match) for rule in rules for match in rule.regex.finditer(view.text, sentence.start, sentence.end)]
        if factor < _OURS and any(rule.attributes.get("ours") for rule, _ in found):
            factor = _OURS
        for rule, match in found:
            told = 1.0 if rule.attributes.get("ours") else factor
            if told:
                least, part = _whose(view, sentence, rule, match)
                yield from _noted(view, rule, match, told * least, part)


@cache
def _sentence_rules(of_title: bool) -> tuple[Rule, ...]:
    rules = size_rules()
    return (*rules["own"], *rules["base"], *(rules["title"] if of_title else ()))


def _factor(view: PaperView, sentence: Sentence) -> float:
    """How much a sentence counts, by whose work it speaks of and where it stands."""
    speaks = voice(view, sentence)
    if speaks is Voice.OTHER:
        return 0.0
    factor = 1.0 if speaks is Voice.OWN else 0.7 if sentence.section in _SURE_OPEN else 0.5
    if factor < _SURELY and names_rival(view, sentence.start, sentence.end):
        factor = 0.3
    if sentence.section is SectionKind.RELATED:
        factor = 0.5 if speaks is Voice.OWN else 0.0
    if sentence.section is SectionKind.ABLATION:
        factor *= 0.3
    if _ANY_MODELS.match(view.text, sentence.start, sentence.end):
        factor *= 0.3
    if _pattern("trials").search(view.text, sentence.start, sentence.end):
        factor *= 0.3
    return factor


def _whose(view: PaperView, sentence: Sentence, rule: Rule, match: re.Match[str]) -> tuple[float, str]:
    """A factor for a match, and what it is the size of, by what stands before it."""
    if rule.attributes.get("sure"):
        return 1.0, OF_MODEL
    before = view.text[sentence.start : match.start("value" if match.group("value") else "more")]
    since = _AT_MOST.sub("", _since_own(view, before))
    least = 0.12 if _COMPARED.search(since) or _OF_MANY.search(since) and not rule.attributes.get("despite") else 1.0
    if _VERSUS.match(view.text, match.end()):
        least *= 0.3
    named = _named_after(view, match.end("value" if match.group("value") else "more"))
    if named is not None:
        is_lm = named.code.kind == "language_model"
        return least * (lm_chance(view, named) if is_lm else 0.4), OF_LM if is_lm else OF_PART
    end = match.end("value" if match.group("value") else "more")
    if _PART_MODEL.search(view.text, end, match.end()) or _PART_BEHIND.match(view.text, end, sentence.end):
        return least * 0.4, OF_PART
    if _LM_BEHIND.match(view.text, end, sentence.end):
        return least * 0.8, OF_LM
    if rule.id not in _OF_OTHERS:
        return least, OF_MODEL
    named = _named_before(view, sentence, match.start())
    if named is not None:
        if named.code.kind == "language_model" and not named.code.closed:
            return least * lm_chance(view, named), OF_LM
        return least * 0.4, OF_PART if named.code.kind == "vision_encoder" else OF_MODEL
    if _of_rival(view, before):
        return least * 0.3, OF_MODEL
    if rule.id in _COUNTING:
        if _LM_WORDS.search(before[-_NEAR:]):
            return least * 0.8, OF_LM
        if _ADDED.search(before):
            return least * 0.3, OF_PART
        if _pattern("parts").search(_since_own(view, before)):
            return least * 0.4, OF_PART
    return least, OF_MODEL


def _since_own(view: PaperView, before: str) -> str:
    """What stands between the own name (or "our") and a size, or all where neither stands."""
    low = before.lower()
    last = max((low.rfind(name.lower()) for name in own_model_names(view)), default=-1)
    if last >= 0 and _EARLIER.search(before, max(last - 40, 0), last):
        return before  # its forerunner
    return before[max(last, low.rfind(" our ")) + 1 :] if max(last, low.rfind(" our ")) >= 0 else before


def _of_rival(view: PaperView, before: str) -> bool:
    """Whether a name that is not the own one ends right before a size, and no "our" before it."""
    match = _NAME_END.search(before)
    if match is None or before[: match.start()].rstrip().lower().endswith("our"):
        return False
    named = (match.group(1) or match.group(2)).lower()
    return not any(named.startswith(name.lower()) or name.lower().endswith(named) for name in own_model_names(view))


def _named_after(view: PaperView, end: int) -> Mention | None:
    """The language model or encoder whose size ends at `end`: "the 2B and 7B parameter FooLM models"."""
    index = bisect_left(view.mention_starts, end)
    if index == len(view.mentions) or view.mentions[index].start > end + _NEXT:
        return None
    mention = view.mentions[index]
    if mention.code.kind == "dataset" or not _PARAMETERS.fullmatch(view.text, end, mention.start):
        return None
    if any(view.lowered.startswith(name.lower(), mention.start) for name in own_model_names(view)):
        return None
    return mention


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


# --- beside the language model -----------------------------------------------------------------------------------


def of_backbones(view: PaperView) -> Iterator[tuple[str, Place]]:
    """Sizes of the language models in the own model: what it is called by where it has no size of its own."""
    rows = _table_rows(view)
    starts = [start for start, _, _ in rows]
    rule, joined = size_rules()["backbone"][0], size_rules()["after_lm"][0]
    before = size_rules()["before_lm"][0]
    for mention in view.mentions:
        if mention.code.kind != "language_model" or mention.code.closed:
            continue
        found = list(mention.sizes) or _IN_NAME.findall(view.text, max(mention.stem - 6, mention.start), mention.end)
        start, end = mention.start, mention.end
        match = joined.regex.match(view.text, end)
        if match is not None and not counts_data(view, match.end("value")):
            found.append(match.group("value"))
            end = match.end()
        elif not found:
            match = before.regex.search(view.text[max(start - 40, 0) : start])
            if match is not None:
                found.append(match.group("value"))
                start = max(start - 40, 0) + match.start("value")
        if not found:
            continue
        weight = _lm_weight(view, mention, rows, starts)
        if weight:
            for size in sizes_in(" ".join(found)):
                yield size, Place(rule.id, round(rule.weight * weight, 4), start, end, OF_LM)


    yield from _of_new_names(view, rule)


def _of_new_names(view: PaperView, rule: Rule) -> Iterator[tuple[str, Place]]:
    """Sizes in the names of language models that the vocabulary does not know."""
    for use, chance, _ in weighed_parts(view):
        if use.kind != "language_model" or use.code is not None:
            continue
        for hit in use.hits:
            for size in sizes_in(" ".join(_IN_NAME.findall(hit.surface))):
                yield size, Place(rule.id, round(rule.weight * chance, 4), hit.span.start, hit.span.end, OF_LM)


def _lm_weight(view: PaperView, mention: Mention, rows: list[tuple[int, int, bool]], starts: list[int]) -> float:
    """How much a language model counts there: the chance that it is the own one, by sentence or row of a table."""
    chance = lm_chance(view, mention)
    index = bisect_right(starts, mention.start) - 1
    if index >= 0 and mention.start < rows[index][1]:
        return max(chance, _IN_TABLE) if rows[index][2] else 0.0
    sentence = view.sentence_at(mention.start)
    if sentence is None or sentence.section in SKIPPED:
        return 0.0
    factor = _factor(view, sentence)
    if factor and sentence.section in _ALSO:
        factor = 0.7 if _USES.search(view.text, max(sentence.start, mention.start - 90), mention.start) else 0.3
    if _COMPARED.search(view.text[sentence.start : mention.start]):
        factor *= 0.4
    return chance * factor


def _table_rows(view: PaperView) -> list[tuple[int, int, bool]]:
    """(start, end, whether it is an own row or heads one) of all rows of tables outside related work."""
    found = []
    for table in view.tables:
        own = set(own_model_rows(view, table)) if table.section not in SKIPPED else set()
        for index, row in enumerate(table.table.cells):
            span = table.row_span(index)
            if span is not None:
                heads = bool(own) and _spans_all(row) and _heads_own(table, index, own)
                found.append((span.start, span.end, index in own or heads))
    return sorted(found)


def own_model_rows(view: PaperView, table: TableView) -> tuple[int, ...]:
    """The rows of the own model: those that are known as such and its named variants, without its earlier versions."""
    known: dict[int, tuple[TableView, tuple[int, ...]]] = view.memo.setdefault("sizes.own_rows", {})
    if id(table) not in known:
        known[id(table)] = (table, _own_model_rows(view, table))  # the table is kept, so that its id stays its own
    return known[id(table)][1]


def _own_model_rows(view: PaperView, table: TableView) -> tuple[int, ...]:
    names = own_model_names(view)
    found = set(own_rows(view, table))
    if names:
        wanted = [(_WORD.findall(name.lower())[:1][0], name) for name in names if _WORD.search(name.lower())]
        top = table.table.header_rows
        for index, row in enumerate(table.table.cells[top:], start=top):
            cell = next((cell for cell in row[:2] if cell.strip()), "")
            if index not in found and cell[:1].isalpha() and len(cell) <= _LONGEST_NAME:
                low = cell.lower()
                if any(first in low and holds_words(low, name) for first, name in wanted):
                    found.add(index)
            if index in found and _is_other_version(cell, names[0]):
                found.discard(index)
    return tuple(sorted(found))


def _is_other_version(cell: str, name: str) -> bool:
    """Whether `cell` is a version of the model that `name` is a version of, and another one."""
    version = _VERSION.search(name)
    if version is None or len(name[: version.start()]) < 3:
        return False
    stem = name[: version.start()].lower().rstrip(" -v")
    other = _VERSION.search(cell, len(stem)) if cell.lower().startswith(stem) else None
    return other is not None and other.start() <= len(stem) + 2 and other.group() != version.group()


def _spans_all(row: tuple[str, ...]) -> bool:
    return len({cell for cell in row if cell}) == 1


def _heads_own(table: TableView, index: int, own: set[int]) -> bool:
    """Whether the row that spans the table stands over an own row, before the next of its kind."""
    for below in range(index + 1, len(table.table.cells)):
        if below in own:
            return True
        if _spans_all(table.table.cells[below]):
            return False
    return False


def lm_chance(view: PaperView, mention: Mention) -> float:
    """The chance that the language model of `mention` is in the own model."""
    chances = view.once(_lm_chances)
    return chances.get(mention.code.name, _UNKNOWN if chances else _ALONE)


def _lm_chances(view: PaperView) -> dict[str, float]:
    return {
        use.code.name: chance
        for use, chance, _ in weighed_parts(view)
        if use.kind == "language_model" and use.code is not None
    }
