"""What decides in one masked sentence: whether a match holds, whether it tells of a trial, which names stand beside a sure one."""

from __future__ import annotations

import re

from vlmingest.extract.headings import SectionKind
from vlmingest.extract.parts_masks import PLACEHOLDER, Masked
from vlmingest.extract.parts_rows import FOR, part_rows
from vlmingest.extract.rules import Rule
from vlmingest.extract.voice import Voice

_SURE = 0.55  # strength from which a part draws the names beside it along
_TRYING = frozenset({SectionKind.EXPERIMENTS, SectionKind.ABLATION, SectionKind.OTHER})
_CHOOSES = re.compile(r"\b(?:we|our)\b[^.;:,]{0,50}\Z", re.IGNORECASE)  # "we take" before "popular models"


def passed_over(masked: Masked, settled: set[int]) -> set[int]:
    """The names beside one that was settled on, of its kind; beside a finished model they may be what it is made of."""
    settled = {number for number in settled if not masked.names[number].mention.code.whole}
    kinds = {masked.names[number].mention.code.kind for number in settled}
    codes = {masked.names[number].mention.code.name for number in settled}
    return {
        number
        for number, name in enumerate(masked.names)
        if number not in settled and name.mention.code.kind in kinds and name.mention.code.name not in codes
    }


def is_tried(masked: Masked) -> bool:
    """Whether a sentence tells of a trial: by the word, or, among experiments, by its way of speaking."""
    rows = part_rows().tried[: 1 + (masked.sentence.section in _TRYING)]
    text = masked.lowered
    for cues, pattern in rows:
        for cue in cues:  # plain loops: asked of every sentence that names a part
            if cue in text:
                if pattern.search(text) is not None:
                    return True
                break
    return False


def holds(rule: Rule, match: re.Match[str], masked: Masked, said: Voice) -> bool:
    """Whether a match is what its row needs.

    Its first name is a multimodal model (`rival`; an encoder, too, where the sentence is not on the own work), or no such
    model (`tuned`), or no bare shape (`named`), or one (`shaped`); what is common is not what "we" take (`chosen`).
    """
    if rule.attributes.get("chosen") and _CHOOSES.search(masked.text, 0, match.start()):
        return False
    rival = rule.attributes.get("rival")
    needs = rule.attributes.get("named")
    shaped = rule.attributes.get("shaped")
    if not rival and not needs and not shaped and not rule.attributes.get("tuned"):
        return True
    first = PLACEHOLDER.search(masked.text, match.start(), match.end())
    if first is None:
        return False
    code = masked.names[int(first[2].split(",")[0])].mention.code
    if needs or shaped:
        return code.shape == bool(shaped)
    return code.whole or (code.kind == "vision_encoder" and said is not Voice.OWN) if rival else not code.whole


def beside(masked: Masked, said: list[tuple[Rule, int, float]], cancelled: set[int]) -> list[tuple[Rule, int, float]]:
    """Names beside one that is surely used ("A for details and B for semantics"), of the same kind, of which nothing is said."""
    if len(masked.names) < 2 or not any(strength >= _SURE for _, _, strength in said):
        return []
    row = part_rows().beside
    known = {number for _, number, _ in said} | cancelled
    if any(rule.role not in FOR and not rule.attributes.get("aside") for rule, _, _ in said):
        return []
    found = []
    for letter in "VL":
        mine = {
            number
            for match in PLACEHOLDER.findall(masked.text)
            if match[0] == letter
            for number in map(int, match[1].split(","))
        }
        sure = max((strength for _, number, strength in said if number in mine), default=0.0)
        if sure >= _SURE:
            found += [(row, number, row.weight * sure) for number in sorted(mine - known)]
    return found
