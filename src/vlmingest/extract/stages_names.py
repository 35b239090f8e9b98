"""Statements of what is trained, in which parts go by their proper names: "we freeze EVA and train QFormerX and Vicuna".

`FreezeReader` knows the names of this paper's encoders and language models (from `parts`) and of its connector (where the
paper introduces it by name, `rules/stages_freeze.toml`), and reads them as the parts they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from vlmingest.extract.parts import weighed_parts
from vlmingest.extract.plain_names import with_name_as
from vlmingest.extract.rules import load_rules
from vlmingest.extract.stages_freeze import ORDER, Freeze, names_part, read_freeze
from vlmingest.extract.stages_votes import is_encoder_free
from vlmingest.extract.stages_words import folded
from vlmingest.extract.view import PaperView
from vlmingest.extract.voice import own_names
from vlmingest.extract.wording import wording
from vlmingest.records import Component

_LEAST = 0.3  # probability of a part below which its name is not read as the model's own
_WORDS = {
    "": "it",
    "other": "mask decoder",
    "vision_encoder": "vision encoder",
    "language_model": "language model",
    "connector": "connector",
}


class FreezeReader:
    """Reads sentences of one paper; a text is read once."""

    def __init__(self, view: PaperView) -> None:
        self._names = _names(view)
        self._encoder_free = is_encoder_free(view)
        self._view = view
        self._longest = sorted(self._names, key=lambda name: (-len(name), name))
        self._read: dict[str, Freeze] = {}

    def read(self, text: str) -> Freeze:
        """What `text` says is trained and frozen."""
        found = self._read.get(text)
        if found is None:
            found = read_freeze(self._plain(text))
            if self._encoder_free and "vision_encoder" in found.trainable | found.frozen:
                found = _with_patches(found)
            self._read[text] = found
        return found

    def _plain(self, text: str) -> str:
        """The text in lower case, each name as the word for its part."""
        lower = folded(text)
        for name in self._longest:
            if name in lower:
                lower = with_name_as(lower, name, _WORDS[self._names[name]], _OF_ITS_OWN.regex)
        if "the adapter" in lower and self._view.once(_has_low_rank_adapter):
            lower = _BARE_ADAPTER.sub("lora weights", lower)
        if "the decoder" in lower and self._view.once(_has_mask_decoder):
            lower = _BARE_DECODER.sub("mask decoder", lower)
        return lower


_OF_ITS_OWN = wording("stages_sayings.of_its_own")


_BARE_DECODER = wording("stages_sayings.bare_decoder")


_BARE_ADAPTER = wording("stages_sayings.bare_adapter")


def _context() -> dict[str, list[str]]:
    found: dict[str, list[str]] = load_rules("stages_freeze").data["context"]
    return found


def _has_low_rank_adapter(view: PaperView) -> bool:
    text = view.lowered[: view.body_end]
    return "lora adapter" in text and not any(word in text for word in _context()["connecting_adapter"])


def _has_mask_decoder(view: PaperView) -> bool:
    text = view.lowered[: view.body_end]
    words = _context()
    return sum(map(text.count, words["mask_decoder"])) > sum(map(text.count, words["text_decoder"]))


def _with_patches(said: Freeze) -> Freeze:
    """In a model without a vision encoder what embeds the patches is the connector."""
    trainable, frozen = ({_PATCHES.get(part, part) for part in side} for side in (said.trainable, said.frozen))
    return replace(said, trainable=trainable, frozen=frozen - trainable)


_PATCHES: dict[Component, Component] = {"vision_encoder": "connector"}


def _names(view: PaperView) -> dict[str, str]:
    """Name in lower case -> part, of the names that the words of the rules do not know already."""
    found: dict[str, str] = {}
    for use, probability, _ in weighed_parts(view):
        if probability >= _LEAST and use.kind in _WORDS:
            for surface in (use.name, *use.surfaces):
                found.setdefault(folded(surface), use.kind)
    # the model's own name is no part of it, whatever it sounds like ("MultiModal-GPT")
    own = {name for name in map(folded, own_names(view)) if len(name) >= _SHORTEST}
    found = {name: kind for name, kind in found.items() if name not in own}
    for rule in load_rules("stages_freeze").of("stage.connector_name."):
        for _, match in view.hits(rule):
            found.setdefault(folded(match.group("name")), "connector")
    for short, part in _short_forms(view):
        found.setdefault(short, part)
    known = {name: part for name, part in found.items() if len(name) >= _SHORTEST and names_part(name) is None}
    return {**dict.fromkeys(own - found.keys(), ""), **known}


_SHORTEST = 3


# a short form in brackets behind a word in small letters or a title's
_SHORT_FORM = re.compile(r"\((?P<short>[A-Z][A-Za-z]{0,7}[A-Z][A-Za-z]?)s?\)")
_BEFORE_IT = 80  # letters in which its words stand
_LAST_CLAUSE = re.compile(r"\A.*[.,;:()]", re.DOTALL)


def _short_forms(view: PaperView) -> Iterator[tuple[str, Component]]:
    """Short forms that the paper makes for parts of its model: "Dual-view Enhancement Module (DEM)", "Patch Aligning Layer (PAL)"."""
    for match in _SHORT_FORM.finditer(view.text, 0, view.body_end):
        before = view.text[max(0, match.start() - _BEFORE_IT) : match.start()].rstrip()
        words = _meant(re.split(r"[^A-Za-z0-9]+", _LAST_CLAUSE.sub("", before)), match["short"])
        name = folded(" ".join(words))
        rule = next((one for one in load_rules("stages_freeze").of("stage.module.") if one.regex.search(name)), None)
        if not words or rule is None:
            continue
        told = (names_part(name), rule.value)  # what the words of the rules know goes first
        yield folded(match["short"]), next(one for part in told for one in ORDER if one == part)


def _meant(words: Sequence[str], short: str) -> Sequence[str]:
    """The last words whose first letters make the short form, in order; empty where they do not."""
    capitals = [letter.lower() for letter in short if letter.isupper()]
    at = len(words)
    for letter in reversed(capitals):
        at = next((i for i in range(at - 1, -1, -1) if words[i][:1].lower() == letter), -1)
        if at < 0:
            return ()
    return words[at:]
