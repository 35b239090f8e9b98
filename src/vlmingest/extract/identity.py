"""The proposed model's name: from the title ("X: ..."), "we propose X", "called X", and how often the text says it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vlmingest.extract.view import PaperView, SectionKind
from vlmingest.records import Candidate, FieldName

_NAME = r"[A-Z][\w.+-]*(?:[ -](?:[A-Z0-9][\w.+-]*|[kvV]\d[\w.]*)){0,2}"
_TITLE = re.compile(r"^\s*(?P<value>[^:]{2,40}?)\s*:\s")
_REPORT = re.compile(r"^(?P<value>.{2,40}?)(?:\s+Technical Report|\s+Model Card)\b", re.IGNORECASE)
_PROPOSE = re.compile(
    rf"\b(?:[Ww]e|[Tt]his (?:paper|work|report)|[Ii]n this (?:paper|work|report), we)\s(?:[\w]+ly )?(?:then |also )?"
    rf"(?:present|introduce|propose|develop|release|build|train|unveil)s?\s(?:(?:the|our|a|an)\s)?(?P<value>{_NAME})"
)
_CALLED = re.compile(
    rf"\b(?:called|named|dubbed|termed|denoted as|namely|i\.e\.,|abbreviated as|referred to as)\s(?:as\s)?(?:the\s)?(?P<value>{_NAME})"
)
_BRACKET = re.compile(r"\(\s?(?P<value>[A-Z][A-Za-z0-9.-]{1,20})\s?\)")
_WEAK = re.compile(
    r"^(?:In|The|A|An|We|Our|This|It|For|To|How|Why|What|Multi-?[Mm]odal.*|Large.*|Vision|Visual|Language|GPT-?\d.*|LLMs?|MLLMs?|VLMs?|LMMs?|"
    r"CLIP|LLaMA|Vicuna|ImageNet|Transformer|SFT|RL|Q-Former|LoRA|AI)$"
)


def name_candidates(view: PaperView) -> list[tuple[str, float, tuple[int, int]]]:
    """(name, score, place) of possible model names, best first."""
    scores: dict[str, float] = {}
    places: dict[str, tuple[int, int]] = {}

    def note(raw: str, weight: float, place: tuple[int, int] | None) -> None:
        name = re.sub(r"\s+", " ", raw).strip(" .,;:-*†‡")
        if len(name) < 2 or _WEAK.match(name):
            return
        scores[name] = scores.get(name, 0.0) + weight
        if place is not None:
            places.setdefault(name, place)

    title = view.title
    for pattern, weight in ((_REPORT, 5.0), (_TITLE, 5.0)):
        match = pattern.match(title)
        if match and len(match.group("value").split()) <= 4:
            note(match.group("value"), weight, None)
            break
    for sentence in view.sentences:
        if sentence.section not in (SectionKind.FRONT, SectionKind.ABSTRACT, SectionKind.INTRODUCTION):
            continue
        text = view.text[sentence.start : sentence.end]
        early = 2.0 if sentence.section is not SectionKind.INTRODUCTION else 1.0
        for pattern, weight in ((_PROPOSE, 1.2), (_CALLED, 1.0)):
            for match in pattern.finditer(text):
                note(
                    match.group("value"), weight * early, (sentence.start + match.start(), sentence.start + match.end())
                )
        if re.search(r"\b(?:propose|introduce|present)", text):
            for match in _BRACKET.finditer(text):
                note(match.group("value"), 0.9 * early, (sentence.start + match.start(), sentence.start + match.end()))
    found = []
    for name, score in scores.items():
        folded = name.lower()
        times = view.lowered.count(folded)
        if not times:
            continue
        place = places.get(name)
        if place is None:
            start = view.lowered.find(folded)
            place = (start, start + len(name))
        found.append((name, score * (1 + min(times, 40) / 20), place))
    return sorted(found, key=lambda item: (-item[1], item[0]))


def read_identity(view: PaperView) -> Iterator[Candidate]:
    """The best name as a name; close followers as aliases."""
    found = name_candidates(view)
    for index, (name, score, place) in enumerate(found[:3]):
        if index and score < 0.35 * found[0][1]:
            break
        field = FieldName.NAME if index == 0 else FieldName.ALIAS
        total = sum(item[1] for item in found[:3])
        yield Candidate(
            field=field,
            value=name,
            evidence=(view.evidence(place[0], place[1], f"{field.value}.v1"),),
            reader=f"rule:{field.value}.v1",
            confidence=round(min(0.95, 0.4 + 0.55 * score / total), 3) if index == 0 else 0.45,
        )
