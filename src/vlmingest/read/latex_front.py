"""What stands before the text of a LaTeX source: title, authors, and the addresses beside them."""

from __future__ import annotations

import re
from typing import Protocol

from vlmingest.document import BlockKind
from vlmingest.read.latex_macros import group_at
from vlmingest.read.markup import MarkupBuilder

# The front ends here; its lines are told apart by these.
_OPENING_END = re.compile(r"\\(?:begin\s*\{abstract\}|abstract\b|section\b|chapter\b|maketitle\b|twocolumn\b)")
_FRONT_LINE = re.compile(
    r"\\\\|\\(?:and|And|AND|quad|qquad|newline|par)\b|\n|(?<=\})\s*(?=\\(?:date|author|title|thanks)\b)"
)
_ADDRESS = re.compile(r"https?://|\\(?:url|href)\b")
_DECLARES = re.compile(
    r"\s*\\(?:usepackage|RequirePackage|documentclass|(?:re)?newcommand|def|hypersetup|input|bibliography)\b"
)
_DECLARING = re.compile(r"\\(?:icml)?(?:author|date|affil|affiliation|address|institute|email)\s*(?:\[[^\]]*\])?\s*\{")
_FRONT_COMMAND = re.compile(r"\\[A-Za-z@]+\*?")
_LONGEST_LINE = 400
_MAILS = re.compile(r"\S+@\S+|\{[^{}]*\}@\S+")


class Walker(Protocol):
    """What the front needs of the walk over the source."""

    builder: MarkupBuilder
    links: list[tuple[str, str]]
    notes: list[tuple[str, list[tuple[str, str]]]]

    def text_of(self, tex: str, depth: int = 0) -> str:
        """A fragment as text of one line."""
        ...


def read_front(walker: Walker, source: str) -> None:
    """Title and authors, wherever they are declared."""
    for wanted in ("icmltitle", "title"):
        if (match := re.search(rf"\\{wanted}\s*(?:\[[^\]]*\])?\s*(?=\{{)", source)) and (
            group := group_at(source, match.end())
        ):
            walker.builder.add_title(walker.text_of(re.sub(r"\\(?:vspace|thanks)\*?\{[^{}]*\}", "", group[0])))
            break
    names: list[str] = []
    for match in re.finditer(r"\\(?:author|icmlauthor|name)\s*(?:\[[^\]]*\])?\s*(?=\{)", source):
        if (group := group_at(source, match.end())) is not None:
            names += _author_names(walker, group[0])
    walker.builder.add_authors(names)
    _links(walker, source)
    walker.notes = []


def _links(walker: Walker, source: str) -> None:
    """Addresses beside the authors: lines of the author block, of what else the preamble declares, and of notes to them."""
    opening = _OPENING_END.split(source, maxsplit=1)[0]
    told = [note for note in walker.notes if note[1]]  # notes to the title
    for line in _FRONT_LINE.split(opening):
        if _ADDRESS.search(line) is None or _DECLARES.match(line):
            continue
        walker.links, walker.notes = [], []
        text = _FRONT_COMMAND.sub("", walker.text_of(_DECLARING.sub("{", line))).strip(" {}[]")
        if walker.links or "://" in text:
            walker.builder.add(BlockKind.AUTHORS, text[-_LONGEST_LINE:], walker.links)
        told += [note for note in walker.notes if note[1]]
    walker.links = []
    for text, links in told:
        walker.builder.add(BlockKind.FOOTNOTE, text, links)


def _author_names(walker: Walker, tex: str) -> list[str]:
    names: list[str] = []
    tex = re.sub(
        r"\$[^$]*\$|\\(?:thanks|footnotemark|textsuperscript|inst|affiliation|email|orcidID|fn|cor|corref|fnref|orcid)\s*(?:\[[^\]]*\])?\{[^{}]*\}",
        "",
        tex,
    )
    for part in re.split(r"\\(?:and|And|AND|quad|qquad)\b|\\\\|\n\s*\n|&|,", tex):
        name = re.sub(r"\[[^\]]*\]|[\d*†‡§]+", "", walker.text_of(part)).strip(" ,;-–—\\")
        if 3 < len(name) < 40 and " " in name and not _MAILS.search(name) and "://" not in name and name[0].isupper():
            names.append(name)
    return names
