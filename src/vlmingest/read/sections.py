"""Headings from font size, weight and numbering; the sections, references, appendix and abstract they make."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vlmingest.document import References, Section
from vlmingest.read.pagelines import Line

_NUMBERED = re.compile(
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){0,3}|[IVX]{1,5})\.?\s+(?P<title>(?:\d{1,2})?[A-Z][^|=]{2,110})"
)
_NAMED = re.compile(
    r"(?i)(abstract|references|bibliography|acknowledge?ments?|appendix|appendices|introduction|conclusions?|"
    r"supplementary materials?|limitations?|broader impacts?)\W?"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's parts."""

    number: str | None
    title: str
    level: int

    @property
    def is_references(self) -> bool:
        """References or Bibliography."""
        return self.title.lower().strip(" .:") in {"references", "bibliography"}


def is_named(title: str) -> bool:
    """Whether a title is one that sections without a number usually have: `References`, `Acknowledgements` ..."""
    return bool(_NAMED.fullmatch(title.replace(" ", "") if title.isupper() else title.strip()))


def heading_of(line: Line, body_size: float, *, is_sure: bool = False) -> Heading | None:
    """The heading that the line is, or None: larger or bolder than the body, with a number or a usual name.

    `is_sure`: the outline names it, so a number is enough. Small capitals count by the height of the line.
    """
    text = line.text
    if len(text) > 120 or len(text) < 3:
        return None
    height = max(line.size, line.y1 - line.y0) if text.isupper() else line.size
    larger = line.size > body_size * 1.05
    strong = is_sure or larger or (line.is_bold and line.size > body_size * 0.95)
    if not (strong or text.isupper()):
        return None
    match = _NUMBERED.fullmatch(text)
    if text[-1] == "." and sum(word.islower() for word in text.split()) > 3:
        return None  # a sentence
    if match and (strong or match["title"].isupper()) and height > body_size * (0.85 if text.isupper() else 0.9):
        number = match["number"]
        return Heading(number, match["title"].strip(), number.count(".") + 1)
    if is_named(text) and (strong or text.isupper()):
        return Heading(None, text.strip(), 1)
    if line.size > body_size * 1.12 and line.is_bold and text[0].isupper() and line.page > 1:
        return Heading(None, text.strip(), 1)
    return None


def close_sections(sections: list[Section], length: int) -> tuple[tuple[Section, ...], References | None, int | None]:
    """Sections with their ends; the references, and the start of the appendix."""
    closed: list[Section] = []
    references: References | None = None
    appendix: int | None = None
    for index, section in enumerate(sections):
        end = next((s.start for s in sections[index + 1 :] if s.level <= section.level), length)
        name = section.title.lower().strip(" .:")
        after = references is not None and not section.is_reference
        if appendix is None and (name.startswith("append") or (after and bool(section.number))):
            appendix = section.start
        if section.is_reference and references is None:
            references = References(page=section.page, start=section.start, end=end)
        closed.append(section.model_copy(update={"end": end, "is_appendix": appendix is not None}))
    return tuple(closed), references, appendix
