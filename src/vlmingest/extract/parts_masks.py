"""Sentences with the names of parts masked: "we adopt «V0» as the vision encoder and «L1,2» as the LLM".

Patterns over parts (rules/parts.toml) run over masked sentences, in which citations are gone, a name with its variant is
one placeholder, a shape and where its weights come from ("ViT-L/14 of CLIP") are one entity, and a list of names
("A, B and C") is one placeholder with several numbers. `masked_sentences(view)` makes them once per paper.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from vlmingest.extract.leads import has_any
from vlmingest.extract.own_model import holds_words, is_part
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import own_names
from vlmingest.extract.wording import wording
from vlmingest.records import FieldName
from vlmingest.vocabulary import Code, Mention

# Which names are one part or a list: rows of rules/parts_masks.toml.
_SHAPE_OF = wording("parts_masks.shape_of")
_SHAPES_OF = wording("parts_masks.shapes_of")
_OF_SHAPE = wording("parts_masks.of_shape")
_REPLACES = wording("parts_masks.replaces")
_EYE_OF = wording("parts_masks.eye_of")
_OF_EYE = wording("parts_masks.of_eye")
_AS_EYE = wording("parts_masks.as_eye")
_WITH_VARIANTS = wording("parts_masks.with_variants")
_LIST = wording("parts_masks.list")
# How citations, sizes and addresses are written, which are no wording.
_FOLD = re.compile(r"[\s_‐-―-]+")
# Without the space before it: so it begins with one of two letters, which are found in no time.
_CITATION = re.compile(
    r"\[\d[\d,;\s–-]{0,40}\]|\((?:see |e\.g\.,? )?[^()«»]{0,160}\b(?:19|20)\d\d[a-z]?\b[^()«»]{0,120}\)"
)
_RAISED = re.compile(r"»\d{1,2}(?:,\d{1,2})*(?= )")  # a number of a citation
_GONE = "\0"
_SIZES = re.compile(r"(»)\s?\(\s?((?:\d+(?:\.\d+)?\s?[BM](?:\s?(?:,|/|and|&|or)\s?)?){1,6}(?: parameters)?)\s?\)")
_SIZE = re.compile(r"\d+(?:\.\d+)?\s?[BM]")
_OPENS = ("(", ";", " ")
# "(Foo, 2024)": who wrote, not what was used.
_IN_CITATION = re.compile(r"(?: Team| AI| et al\.?)?,? (?:19|20)\d\d[a-z]?[);,]")
_EYE_CUES = (
    "encoder",
    "tower",
    "backbone",
    "transformer",
    "component",
    "«v",
)  # one stands wherever an eye is spoken of
_NUMBERS = re.compile(r"«V(\d+)»")
# Behind the own model's name: its size or edition. Only a piece of a pattern that is made anew for each paper.
_EDITION = r"(?:[- ]?(?:\d+(?:\.\d+)?[BM]|[Cc]hat|[Bb]ase|[Ii]nstruct|[A-Z]\b))*(?:[’']s|(?![\w-]))"
_ADDRESS = re.compile(r"(?:https?:/|www\.|\.(?:com?|org|io)/)\S*\Z")
PLACEHOLDER = re.compile(r"«([VL])([\d,]+)»")  # what stands for names of one kind
_EYE_FIELD = FieldName.VISION_ENCODER  # members of an enumeration are slow to look up
_EYE_WORDS = "vision encoder "
SEEN_THROUGH = " vision encoder"  # behind the name of a multimodal model: its encoder, which has no other name


class Name(NamedTuple):
    """A masked name: its mention, and the mention of the shape (or the weights) that belongs to it.

    `whole`: the multimodal model whose vision encoder it is ("the ViT of Foo-VL"), with no other name.
    """

    mention: Mention
    shape: Mention | None = None
    whole: Mention | None = None

    @property
    def span(self) -> tuple[int, int]:
        """From the start of the first to the end of the last of its mentions."""
        if self.shape is None and self.whole is None:
            return self.mention.start, self.mention.end
        mentions = [one for one in (self.mention, self.shape, self.whole) if one is not None]
        return min(one.start for one in mentions), max(one.end for one in mentions)


class Masked(NamedTuple):
    """A masked sentence; placeholders number `names`."""

    sentence: Sentence
    text: str
    lowered: str
    names: tuple[Name, ...]


class Parts(NamedTuple):
    """All mentions of parts in a paper: those in sentences, masked, and those that stand outside of any."""

    sentences: tuple[Masked, ...]
    outside: tuple[Mention, ...]


def masked_sentences(view: PaperView) -> Parts:
    """Every sentence that names a part, masked; and the mentions in tables, figures and front matter."""
    found: Parts | None = view.memo.get("parts.masked")
    if found is None:
        found = view.memo["parts.masked"] = _mask_all(view)
    return found


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """Lower case, without hyphens and spaces."""
    return _FOLD.sub("", name.lower())


def _mask_all(view: PaperView) -> Parts:
    own = own_folded(view)
    held: dict[int, list[Mention]] = defaultdict(list)
    outside = []
    for mention in view.mentions:
        if mention.start >= view.body_end and not view.is_appendix(mention.start):
            continue
        if mention.code.kind == "dataset" or is_own(view, mention, own) or _in_address(view.text, mention.start):
            continue
        if is_variant(view, view.text[mention.start : mention.end], mention):
            continue
        if view.text[mention.start - 1 : mention.start] in _OPENS and _IN_CITATION.match(view.text, mention.end):
            continue
        index = view.sentence_index(mention.start)
        if index is None:
            outside.append(mention)
        elif fits(mention, view.lowered[view.sentences[index].start : view.sentences[index].end]):
            held[index].append(mention)
    return Parts(
        tuple(mask(view, view.sentences[index], mentions) for index, mentions in sorted(held.items())), tuple(outside)
    )


def _in_address(text: str, start: int) -> bool:
    """Whether a name stands in the address of a page: whose page it is says nothing of the model."""
    return text[start - 1 : start] == "/" and _ADDRESS.search(text, max(start - 80, 0), start) is not None


def own_folded(view: PaperView) -> set[str]:
    """The folded names of the proposed model: a second one that is the name of a known part is the part's."""
    return {fold(name) for index, name in enumerate(own_names(view)) if not index or not is_part(name)}


def is_own(view: PaperView, mention: Mention, own: set[str]) -> bool:
    """Whether the mention is the proposed model itself, or a word of its name ("Foo" in "Clever Foo")."""
    name = fold(view.text[mention.start : mention.end])
    if fold(mention.code.name) in own or name in own:
        return True
    for other in own:
        at = other.find(name)
        if at > 0 and fold(view.text[max(mention.start - 2 * at, 0) : mention.end]).endswith(other):
            return True
    return False


def is_variant(view: PaperView, text: str, mention: Mention) -> bool:
    """Whether an encoder's name is that of the proposed model in another edition: "Foo-02-CLIP" of "Foo-CLIP"."""
    name = own_names(view)[0] if own_names(view) else ""
    return mention.code.kind == "vision_encoder" and "-" in name and holds_words(text, name)


def fits(mention: Mention, lowered: str) -> bool:
    """Whether a word stands in the sentence that an ambiguous spelling needs."""
    return not mention.code.needs or any(word in lowered for word in mention.code.needs)


def mask(view: PaperView, sentence: Sentence, mentions: list[Mention]) -> Masked:
    """`sentence` with `mentions` (in order) masked."""
    pieces, at = [], sentence.start
    for number, mention in enumerate(mentions):
        pieces.append(view.text[at : mention.start].replace("«", '"').replace("»", '"'))
        pieces.append(f"«{'V' if mention.code.kind == 'vision_encoder' else 'L'}{number}»")
        at = mention.end
    pieces.append(view.text[at : sentence.end].replace("«", '"').replace("»", '"'))
    low = view.lowered[sentence.start : sentence.end]
    own = _own_model(view) if any(name in low for name in own_names(view)) else None
    text = _one_spaced(_anonymous("".join(pieces), own))
    if "[" in text or "(" in text:
        text = _CITATION.sub(_GONE, text).replace(f" {_GONE}", "").replace(_GONE, "")
    text = _RAISED.sub("»", text)
    names = [Name(mention) for mention in mentions]
    if "(" in text:
        text = _SIZES.sub(r"\1", text)
    if text.count("«V") > 1:
        text = _SHAPE_OF.sub(lambda match: _join(match, names), text)
        text = _OF_SHAPE.sub(lambda match: _join(match, names), text)
    text = joined = _join_lists(text)
    if text.count("«V") > 1:
        text = _SHAPES_OF.sub(lambda match: _join_all(match, names), text)
    if "» («" in text:
        text = _WITH_VARIANTS.sub(lambda match: _variants(match, names), text)
    if "«L" in text and any(mention.code.whole for mention in mentions) and has_any(text.lower(), _EYE_CUES):
        text = _EYE_OF.sub(lambda match: _seen_through(match, names), text)
        text = _OF_EYE.sub(lambda match: _seen_through(match, names), text)
        text = _AS_EYE.sub(lambda match: _seen_through(match, names).removeprefix(_EYE_WORDS), text)
    if text != joined:
        text = _join_lists(text)
    return Masked(sentence, text, _lower(text), tuple(names))


def _one_spaced(text: str) -> str:
    """`text` with one space for any run of them."""
    spaced = " ".join(text.split())
    return f"{' ' * text[:1].isspace()}{spaced}{' ' * text[-1:].isspace()}" if spaced else spaced


def _lower(text: str) -> str:
    """`text` in lower case, offset for offset."""
    lowered = text.lower()
    return (
        lowered if len(lowered) == len(text) else "".join(low if len(low := one.lower()) == 1 else one for one in text)
    )


def _own_model(view: PaperView) -> re.Pattern[str] | None:
    """The names of the proposed model; what is said of them is said of "our model"."""
    found: re.Pattern[str] | None
    if "parts.own_model" in view.memo:
        found = view.memo["parts.own_model"]
        return found
    kept = [name for index, name in enumerate(own_names(view)) if not index or not is_part(name)]
    names = sorted(kept, key=lambda name: (-len(name), name))
    pieces = "|".join(re.escape(name) for name in names if len(name) > 2)
    found = view.memo["parts.own_model"] = (
        re.compile(rf"(?<![\w-])(?=[A-Z\d]|[a-z]+[A-Z])(?i:{pieces}){_EDITION}") if pieces else None
    )
    return found


def _anonymous(text: str, own: re.Pattern[str] | None) -> str:
    """`text` with "our model" for the name of the own one."""
    if own is None:
        return text
    return own.sub(lambda match: "our model" + match.group()[-2:] * match.group().endswith(("’s", "'s")), text)


def _join_lists(text: str) -> str:
    """A list of names, "«V0», «V1» and «V2»", as one placeholder."""
    while text.count("«") > 1:
        joined = _LIST.sub(r"«\1\2,\3»", text)
        if joined == text:
            break
        text = joined
    return text


def _variants(match: re.Match[str], names: list[Name]) -> str:
    """The variants in brackets stand for the name before them, where they are of the same code ("ViT (ViT-B/16)")."""
    code = names[int(match.group(2))].mention.code
    if all(names[int(number)].mention.code == code for number in match.group(3).split(",")):
        return f"«{match.group(1)}{match.group(3)}»"
    return match.group()


def _join(match: re.Match[str], names: list[Name]) -> str:
    """One placeholder for a shape and the weights it has; the text as it stands where the two do not belong together."""
    first, second = int(match.group(1)), int(match.group(2))
    one, other = names[first], names[second]
    if _REPLACES.search(match.string, 0, match.start()):
        return match.group()  # "we replace the ViT-L with CLIP": two parts
    if one.shape is not None and other.mention.code == one.shape.code and one.shape.end == one.shape.stem:
        names[first] = Name(one.mention, other.mention)  # "the ViT of Foo (ViT-L/14)": the variant says more
        return f"«V{first}»"
    if one.shape is not None or other.shape is not None or one.mention.code.shape == other.mention.code.shape:
        return match.group()
    weights, shape = (other, one) if one.mention.code.shape else (one, other)
    if weights.mention.code.coder:
        return match.group()
    names[first] = Name(weights.mention, shape.mention)
    return f"«V{first}»"


def _join_all(match: re.Match[str], names: list[Name]) -> str:
    """A list of shapes that have the same weights ("ViT-B/16 and ViT-L/14 of Foo")."""
    shapes, weights = [int(number) for number in match.group(1).split(",")], names[int(match.group(2))]
    codes = [names[number].mention.code for number in shapes]
    if weights.mention.code.shape or weights.mention.code.coder or not all(code.shape for code in codes):
        return match.group()
    for number in shapes:
        names[number] = Name(weights.mention, names[number].mention)
    return f"«V{match.group(1)}»"


def _seen_through(match: re.Match[str], names: list[Name]) -> str:
    """One more name, an encoder, for "the vision encoder of «L0»" where «L0» is a multimodal model."""
    whole = names[int(match.group(1))].mention
    if not whole.code.whole:
        return match.group()
    seen = [names[int(number)] for number in _NUMBERS.findall(match.group())]
    if any(not name.mention.code.shape or name.whole for name in seen):
        return match.group()  # the encoder has a name of its own
    code = Code("vision_encoder", f"{whole.code.name}{SEEN_THROUGH}", whole.code.name)
    shape = seen[0].mention if seen else None
    names.append(Name(Mention(code, whole.start, whole.end, (), whole.end, whole.end), shape, whole))
    return f"{_EYE_WORDS}«V{len(names) - 1}»"


def numbers_in(text: str, field: FieldName | None) -> Iterator[int]:
    """The numbers of the placeholders of one field (None: of both) in a masked text."""
    for letter, numbers in PLACEHOLDER.findall(text):
        if field is None or (letter == "V") == (field is _EYE_FIELD):
            for number in numbers.split(","):
                yield int(number)
