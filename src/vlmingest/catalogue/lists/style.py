"""How a list writes its panels: learned from the panels nearest to where a new one goes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from vlmingest.catalogue.lists.document import ListDocument
from vlmingest.catalogue.lists.marks import links_of, released_in
from vlmingest.catalogue.lists.segments import Kind, Section

_SAMPLE = 40  # panels looked at; the newest show the present style
_ARXIV_IMAGE = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")
_MARKER = re.compile(rb"<!--\s*([\w-]*figure[\w-]*)\s*:\s*(\d+)\s*-->", re.IGNORECASE)
_DEFAULT_IMAGES = {
    "arXiv": "https://img.shields.io/badge/arXiv-{id}-b31b1b.svg?style=flat-square",
    "GitHub": "https://img.shields.io/badge/GitHub-Code-blue?style=flat-square",
    "HuggingFace": "https://img.shields.io/badge/HuggingFace-Model-blue?style=flat-square",
    "Project": "https://img.shields.io/badge/Project-Page-blue?style=flat-square",
    "Demo": "https://img.shields.io/badge/Demo-Try-blue?style=flat-square",
    "Paper": "https://img.shields.io/badge/Paper-PDF-blue?style=flat-square",
}


class Style(NamedTuple):
    """`images`: label -> badge picture, `{id}` standing for an arXiv id; `disclosure`: the lines that open the fold."""

    level: int
    is_bold: bool
    images: dict[str, str]
    has_released: bool
    disclosure: str
    marker: str  # `architecture-figure` where figure blocks are marked
    next_marker: int
    uses_badges: bool = True  # pictures that lead to sources; else `[Paper](...)`
    links_heading: bool = False  # the heading itself leads to the paper
    has_notice: bool = False  # captions lead to a FIGURE_NOTICE.md beside the pictures


def style_of(document: ListDocument, near: Sequence[Section]) -> Style:
    """The style of `near` (sections, the nearest first); counts of markers come from the whole file."""
    sample = list(near)[:_SAMPLE]
    levels = Counter(section.level for section in sample)
    bold = sum(section.heading.startswith(("**", "__")) for section in sample) * 2 > len(sample)
    markers = _MARKER.findall(document.data)
    names = Counter(name.decode("ascii") for name, _ in markers)
    return Style(
        level=levels.most_common(1)[0][0] if levels else 3,
        is_bold=bold,
        images=_images(sample),
        has_released=bool(document.timeline) or any(released_in(section.face) for section in sample),
        disclosure=_disclosure(document, sample),
        marker=names.most_common(1)[0][0] if names else "",
        next_marker=max((int(number) for _, number in markers), default=0) + 1,
        uses_badges=not sample or any(link.image for section in sample for link in links_of(section.face)),
        has_notice=b"FIGURE_NOTICE.md" in document.data,
        links_heading=sum("](http" in section.heading for section in sample) * 2 > len(sample),
    )


def _images(sample: Sequence[Section]) -> dict[str, str]:
    found: dict[str, Counter[str]] = {}
    for section in sample:
        for link in links_of(section.face):
            if link.image:
                image = _ARXIV_IMAGE.sub("{id}", link.image) if link.label == "arXiv" else link.image
                found.setdefault(link.label, Counter())[image] += 1
    images = dict(_DEFAULT_IMAGES)
    for label, counted in found.items():
        image, number = counted.most_common(1)[0]
        if label in images and number >= 3 and (label != "arXiv" or "{id}" in image):
            images[label] = image
    return images


def _disclosure(document: ListDocument, sample: Sequence[Section]) -> str:
    """The usual opening lines, without a trailing break."""
    counted: Counter[str] = Counter()
    places = {id(section): index for index, section in enumerate(document.sections)}
    for section in sample:
        for piece in document.pieces(places[id(section)]):
            if piece.kind == Kind.DISCLOSURE and "<summary" in piece.text:
                lines = [re.sub(r"(?:<br\s*/?>)?\s*\Z", "", line) for line in piece.text.splitlines()]
                counted["\n".join(lines)] += 1
                break
    return counted.most_common(1)[0][0] if counted else ""
