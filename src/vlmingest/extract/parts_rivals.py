"""Names of parts in clauses that speak of another model: "Foo [3], built on Bar, is early; Baz squeezes features of Qux".

Asked of sentences that do not say whose work they speak of, outside of the sections on the own model.
"""

from __future__ import annotations

import re

from vlmingest.extract.headings import SectionKind
from vlmingest.extract.parts_masks import Masked
from vlmingest.extract.rivals import rival_acts
from vlmingest.extract.view import PaperView
from vlmingest.extract.voice import own_names

_OF_THE_MODEL = (SectionKind.METHOD, SectionKind.TRAINING)
_CLAUSE = re.compile(r";|,? (?=(?:while|whereas) )")
_CITED_SUBJECT = re.compile(
    r"[\s;,]*(?:[a-z]+ |[A-Z][a-z]+(?: \w+)?, )?(?P<name>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){0,2})(?: et al\.)? ?(?:\[\d[\d,; –-]*\]|\([A-Z][^()]{2,50}\d{4}[a-z]?\)|\(\d{4}[a-z]?\))"
)
_OURSELVES = re.compile(r"\b(?:we|ours?)\b", re.IGNORECASE)


def of_rivals(view: PaperView, masked: Masked) -> set[int]:
    """The names in clauses whose subject is another multimodal model: "Foo squeezes features; Bar builds on Baz"."""
    if masked.sentence.section in _OF_THE_MODEL:
        return set()  # there another model is mostly the own one's base
    whole = any(name.mention.code.whole for name in masked.names)
    sentence, found = masked.sentence, set()
    start = sentence.start
    for end in (*(match.start() for match in _CLAUSE.finditer(view.text, start, sentence.end)), sentence.end):
        if (whole and rival_acts(view, start, end)) or _cited_acts(view, masked, start, end):
            found |= {number for number, name in enumerate(masked.names) if start <= name.mention.start < end}
        start = end
    return found


def _cited_acts(view: PaperView, masked: Masked, start: int, end: int) -> bool:
    """Whether `[start, end)` begins with a name and who wrote it, and that name is no part's: "Foo [3], built on Baz, is"."""
    match = _CITED_SUBJECT.match(view.text, start, end)
    if match is None or _OURSELVES.search(view.text, start, end):
        return False
    if any(name in view.lowered[start:end] for name in own_names(view)):
        return False
    first, last = match.span("name")
    return not any(first <= name.mention.start < last and not name.mention.code.whole for name in masked.names)
