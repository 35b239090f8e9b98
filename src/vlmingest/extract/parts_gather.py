"""What a paper says of each part, gathered: hits of rule rows in sentences, cells of tables, names in figures.

A part (`PartUse`) is one entity of the paper: "CLIP" with all its variants, a bare shape ("ViT"), a language model with all
its sizes, or a name that the vocabulary does not know. A bare shape that the paper somewhere joins to weights ("ViT-L/14 of
CLIP") counts for those.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from functools import lru_cache
from typing import NamedTuple

from vlmingest.document import BlockKind, Span
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.leads import led_matches
from vlmingest.extract.parts_masks import Masked, Name, fold, is_variant, masked_sentences, numbers_in
from vlmingest.extract.parts_rivals import of_rivals
from vlmingest.extract.parts_rows import FOR, part_rows
from vlmingest.extract.parts_sentences import beside, holds, is_tried, passed_over
from vlmingest.extract.parts_tables import table_hits
from vlmingest.extract.parts_topics import of_topic
from vlmingest.extract.rules import Rule
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import Voice, own_names, voice
from vlmingest.extract.wording import wording
from vlmingest.records import FieldName, Role
from vlmingest.vocabulary import Code, Mention

# What a sentence counts for, and what around a name is none of it: rows of rules/parts_gather.toml.
_SET_UP = wording("parts_gather.set_up")
_OWN_ACT = wording("parts_gather.own_act")
_LATER = wording("parts_gather.plans")
_SUFFIX = wording("parts_gather.suffix")
_LAST_SUFFIX = wording("parts_gather.last_suffix")
_SCALE = wording("parts_gather.scale")
_NAMED_BY = wording("parts_gather.named_by")
_OWNER = wording("parts_gather.owner")
_SECTION_WEIGHT: Mapping[SectionKind, float] = {
    SectionKind.FRONT: 0.8,
    SectionKind.ABSTRACT: 1.0,
    SectionKind.INTRODUCTION: 0.8,
    SectionKind.METHOD: 1.0,
    SectionKind.TRAINING: 1.0,
    SectionKind.EXPERIMENTS: 0.85,
    SectionKind.DATA: 0.5,
    SectionKind.ABLATION: 0.45,
    SectionKind.RELATED: 0.15,
    SectionKind.CONCLUSION: 0.6,
    SectionKind.OTHER: 0.85,
    SectionKind.REFERENCES: 0.0,
}
# Where a figure shows the own model.
_SHOWN = frozenset(
    {SectionKind.METHOD, SectionKind.INTRODUCTION, SectionKind.FRONT, SectionKind.TRAINING, SectionKind.OTHER, SectionKind.ABSTRACT}
)  # fmt: skip
_TOLD_BESIDE = frozenset({SectionKind.EXPERIMENTS, SectionKind.DATA, SectionKind.ABLATION})
_OWN_BESIDE_OTHERS = 0.5
# How shapes and the files of weights are written, which is no wording.
_LONG_SHAPE = re.compile(r"\AViT[- ](Base|Large|Huge)[-/](\d\d)\Z")
_CHECKPOINT = re.compile(r"[-_][Pp]atch[-/]?\d+-\d{3}\b")  # the name of a file: nothing of it is left out
# Folded shapes that say nothing.
_BARE = ("vit", "visiontransformer", "visiontransformer(vit)", "vit(visiontransformer)")
_TOOL = "part.tool."
# What names examples, or what others achieve, weakens what the same words say for a part, but for the second ones.
_SPOKEN = ("part.achieves", "part.example", "part.of_others")
_TAKEN = ("part.default", "part.built_on")
_PERCEIVES = ("vision_encoder.features", "vision_encoder.extract", "vision_encoder.name_noun")
_CONTESTED = 0.6  # what is said for a part counts this much where the same words also speak of a tool
_TABLE, _CAPTIONED = "tab", 0.6  # the caption of a table says by what its numbers were got, which is often a trial
_TRIED = 0.4  # what a sentence on a trial says counts this much
_DEAF = 0.2  # below this weight of section and voice what is said for a part says nothing of the own model
_OWN_BESIDE = 0.85  # what a section on others says the own work does
_VOICE_WEIGHT = {Voice.OWN: 1.0, Voice.OPEN: 0.85, Voice.OTHER: 0.2}


class Hit(NamedTuple):
    """One thing said of a part: how strongly (weight of the row x section x voice), where, by which rule, in which role."""

    strength: float
    span: Span
    rule: str
    role: Role
    surface: str
    section: SectionKind


@dataclass
class PartUse:
    """All that a paper says of one part."""

    kind: str
    name: str
    code: Code | None
    place: Span  # of the first mention
    hits: list[Hit] = made(default_factory=list)
    against: list[Hit] = made(default_factory=list)
    surfaces: Counter[str] = made(default_factory=Counter)
    sections: Counter[SectionKind] = made(default_factory=Counter)
    voices: Counter[Voice] = made(default_factory=Counter)
    figures: int = 0
    cells: int = 0
    sizes: dict[str, int] = made(default_factory=dict)
    stands: list[tuple[Masked, Span, str]] = made(
        default_factory=list
    )  # every sentence, the name's place, the name given

    @property
    def field(self) -> FieldName:
        """The field that the part belongs to."""
        return FieldName.VISION_ENCODER if self.kind == "vision_encoder" else FieldName.LANGUAGE_MODEL

    @property
    def mentions(self) -> int:
        """How often sentences name it."""
        return sum(self.sections.values())


Key = tuple[str, str]


def gather(view: PaperView) -> dict[Key, PartUse]:
    """Every part that the paper names, by (kind, name); made once per paper."""
    found: dict[Key, PartUse] | None = view.memo.get("parts.gathered")
    if found is None:
        found = view.memo["parts.gathered"] = _gather(view)
    return found


def _gather(view: PaperView) -> dict[Key, PartUse]:
    parts = masked_sentences(view)
    joined = _joined_shapes(view, [name for masked in parts.sentences for name in masked.names])
    uses: dict[Key, PartUse] = {}
    for masked in parts.sentences:
        said = voice(view, masked.sentence)
        for name in masked.names:
            use, surface = _use_of(view, uses, name, joined)
            use.sections[masked.sentence.section] += 1
            use.voices[said] += 1
            use.surfaces[surface] += 1
            use.stands.append((masked, Span(*name.span), surface))
        _read_sentence(view, masked, said, uses, joined)
    references, of_table = SectionKind.REFERENCES, BlockKind.TABLE
    for mention in parts.outside:
        block = view.block_at(mention.start)
        section = view.section_kind(mention.start)
        if block is None or section is references:
            continue
        use, surface = _use_of(view, uses, Name(mention), joined)
        use.surfaces[surface] += 1
        if block.kind is of_table:
            use.cells += 1
        else:
            use.figures += section in _SHOWN
    for cell in table_hits(view):
        for mention in cell.mentions:
            if is_variant(view, cell.text[mention.start : mention.end], mention):
                continue
            use, surface = _use_of(view, uses, Name(mention), joined, text=cell.text)
            role = Role.USED if cell.own else Role.COMPARED
            hit = Hit(cell.weight, cell.span, cell.rule, role, surface, SectionKind.METHOD)
            (use.hits if cell.own else use.against).append(hit)
    for use in uses.values():
        if use.code is None or not (use.code.coder or use.code.shape):
            tools = {hit.span for hit in use.against if hit.rule.startswith(_TOOL)}
            use.hits = [_contested(hit) if hit.span in tools else hit for hit in use.hits]
        if spoken := {hit.span for hit in use.against if hit.rule.startswith(_SPOKEN)}:
            use.hits = [_contested(hit, _TAKEN) if hit.span in spoken else hit for hit in use.hits]
    return uses


def _contested(hit: Hit, spared: tuple[str, ...] = _PERCEIVES) -> Hit:
    """A hit on words that also speak of a tool ("we prompt an LLM (Foo) to write the answers") or of others: it says less."""
    return hit if hit.rule.startswith(spared) else hit._replace(strength=hit.strength * _CONTESTED)


def surface_of(text: str, mention: Mention) -> str:
    """The name to give: a vision encoder with its variant and without a resolution, a language model without its size."""
    if mention.code.kind == "vision_encoder":
        if mention.code.coder and _NAMED_BY.search(text, mention.start, mention.stem):
            return mention.code.name  # "the VAE model from Foo": the Foo VAE
        end = mention.end if _CHECKPOINT.match(text, mention.short_end) else mention.short_end
        return _tidy(_OWNER.sub("", text[mention.start : end]))
    if mention.code.sized:
        return _tidy(text[mention.start : mention.end])
    # A size within the name ("Foo-7B-v1.5") stays: without it the name is one that nobody writes.
    tail = _LAST_SUFFIX.sub("", text[mention.stem : mention.end])
    stem = text[mention.start : mention.stem]
    return _tidy((stem if mention.code.name == stem or tail else _LAST_SUFFIX.sub("", stem)) + tail)


def without_size(name: str) -> str:
    """The name of a language model of which there are several sizes: "Foo-v1.5" of "Foo-7B-v1.5"."""
    return _tidy(_SUFFIX.sub("", name)) or name


def scale_of(name: str) -> str:
    """The scale at the end of a name that has no number of parameters: "-XL" of "Foo-XL"."""
    found = _SCALE.search(name)
    return found.group() if found is not None else ""


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" -_/(")


def _joined_shapes(view: PaperView, names: list[Name]) -> dict[str, tuple[Mention, str]]:
    """Folded shape ("vitl/14") -> the weights it has in this paper, and the name of both."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    found: dict[tuple[str, str], tuple[Mention, str]] = {}
    for name in names:
        if name.shape is None or name.whole is not None:
            continue
        shape = surface_of(view.text, name.shape)
        if fold(shape) in _BARE:
            continue
        key = (fold(shape), name.mention.code.name)
        votes[key[0]][key[1]] += 1
        found.setdefault(key, (name.mention, _both(view.text, name)))
    return {shape: found[shape, counter.most_common(1)[0][0]] for shape, counter in votes.items()}


def _both(text: str, name: Name) -> str:
    if name.whole is not None:
        return name.mention.code.name
    weights = surface_of(text, name.mention)
    if name.shape is None:
        return weights
    shape = surface_of(text, name.shape)
    if fold(shape) in _BARE or fold(shape) in fold(weights):
        return weights
    if shape.startswith("ViT"):
        weights = re.sub(r"[-_ ]?ViT\Z", "", weights)
        shape = _LONG_SHAPE.sub(lambda match: f"ViT-{match[1][0]}/{match[2]}", shape)
    return f"{weights} {shape}"


def _use_of(
    view: PaperView,
    uses: dict[Key, PartUse],
    name: Name,
    joined: Mapping[str, tuple[Mention, str]],
    text: str | None = None,
) -> tuple[PartUse, str]:
    mention = name.mention
    if text is None:
        known: dict[tuple[int, int, bool], str] = view.memo.setdefault("parts.surfaces", {})
        key_of_name = (mention.start, name.shape.start if name.shape is not None else -1, name.whole is not None)
        found = known.get(key_of_name)
        surface = known[key_of_name] = found if found is not None else _both(view.text, name)
    else:
        surface = _both(text, name)
    if name.shape is None and mention.code.shape and fold(surface) in joined:
        mention, surface = joined[fold(surface)]
    code = mention.code
    key = (code.kind, code.name)
    use = uses.get(key)
    if use is None:
        use = uses[key] = PartUse(code.kind, code.name, code, Span(name.mention.start, name.mention.end))
    for size in mention.sizes:
        use.sizes[size] = use.sizes.get(size, 0) + 1
    return use, surface


def _sets_up(view: PaperView, sentence: Sentence) -> bool:
    """Whether the section of a sentence tells how the model is built and trained, among experiments or data."""
    known: dict[int, bool] = view.memo.setdefault("parts.set_up", {})
    found = known.get(sentence.block)
    if found is None:
        section = view.document.section_at(sentence.start)
        found = known[sentence.block] = section is not None and _tells_set_up(section.title)
    return found


@lru_cache(maxsize=1024)
def _tells_set_up(title: str) -> bool:
    """Many papers, and all paragraphs of a section, share their headings."""
    return _SET_UP.stands_in(title.lower()) is not None


def is_headed_by_own(view: PaperView, sentence: Sentence) -> bool:
    """Whether the section of a sentence is called like the own model ("3 Foo"): it describes it."""
    known: dict[int, bool] = view.memo.setdefault("parts.headed", {})
    found = known.get(sentence.block)
    if found is None:
        section = view.document.section_at(sentence.start)
        title = section.title.lower() if section is not None else ""
        found = known[sentence.block] = any(name in title for name in own_names(view)[:1])
    return found


def sentence_weight(view: PaperView, sentence: Sentence, said: Voice) -> float:
    """How much a sentence counts for the own model; in related work and preliminaries, too."""
    section = sentence.section
    words = view.lowered[sentence.start : sentence.end]
    if ("future" in words or "interested in" in words) and _LATER.stands_in(view.lowered, sentence.start, sentence.end):
        return _DEAF
    if section in _TOLD_BESIDE and _sets_up(view, sentence):
        return _VOICE_WEIGHT[said]
    if (
        section is SectionKind.RELATED
        and said is Voice.OWN
        and _OWN_ACT.search(view.text, sentence.start, sentence.end)
    ):
        return _OWN_BESIDE
    if section is SectionKind.RELATED and said is not Voice.OTHER:
        return _OWN_BESIDE_OTHERS * _VOICE_WEIGHT[said]
    if section is SectionKind.OTHER and is_headed_by_own(view, sentence):
        section = SectionKind.METHOD
    return _SECTION_WEIGHT[section] * _VOICE_WEIGHT[said]


def _read_sentence(
    view: PaperView, masked: Masked, said: Voice, uses: dict[Key, PartUse], joined: Mapping[str, tuple[Mention, str]]
) -> None:
    factor = sentence_weight(view, masked.sentence, said)
    tried = factor > _DEAF and is_tried(masked)
    if tried:
        factor *= _TRIED
    if masked.sentence.kind is BlockKind.CAPTION and view.lowered.startswith(_TABLE, masked.sentence.start):
        factor *= _CAPTIONED
    found: list[tuple[Rule, int]] = []
    cancelled: set[int] = set()
    lowered = masked.lowered
    for rule, pattern, lead in part_rows().of(lowered, factor <= _DEAF):
        if said is Voice.OWN and rule.attributes.get("stranger"):
            continue
        if lead is None:
            matches = pattern.finditer(lowered)
        elif (first := lead.search(lowered)) is not None:
            matches = led_matches(lead, pattern, lowered, 0, len(lowered), first)
        else:
            continue
        for match in matches:
            if not holds(rule, match, masked, said):
                continue
            group = match.lastgroup or 0 if "part" in pattern.groupindex else 0
            numbers = list(numbers_in(masked.text[match.start(group) : match.end(group)], rule.field))
            found += [(rule, number) for number in numbers]
            if rule.attributes.get("cancels"):
                cancelled.update(numbers)
    if settled := {number for rule, number in found if rule.attributes.get("settles")}:
        cancelled |= passed_over(masked, settled)
        factor = factor / _TRIED if tried else factor
    if factor > _DEAF:
        found += of_topic(view, masked, {number for rule, number in found if rule.role not in FOR})
    theirs = of_rivals(view, masked) if found and said is Voice.OPEN and factor > _DEAF else set()
    scaled = [
        (rule, number, rule.weight * (1.0 if rule.role not in FOR else factor * _DEAF if number in theirs else factor))
        for rule, number in found
    ]
    scaled += beside(masked, scaled, cancelled)
    for rule, number, strength in scaled:
        good = rule.role in FOR
        if good and number in cancelled:
            continue
        name = masked.names[number]
        use, surface = _use_of(view, uses, name, joined)
        hit = Hit(strength, Span(*name.span), rule.id, rule.role, surface, masked.sentence.section)
        (use.hits if good else use.against).append(hit)
