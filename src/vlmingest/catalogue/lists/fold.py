"""A point release joins its family: one badge more in the panel, and not one other byte."""

from __future__ import annotations

from vlmingest.catalogue.lists.document import ListDocument, Unit
from vlmingest.catalogue.lists.entries import family_name, paper_ids
from vlmingest.catalogue.lists.marks import Link, links_of
from vlmingest.catalogue.lists.panel import badges_of
from vlmingest.catalogue.lists.splice import Edit, splice
from vlmingest.catalogue.lists.style import style_of
from vlmingest.records import Entry


def find_family(document: ListDocument, target: str) -> Unit | None:
    """The entry that a person named: by its name, its title, or one of its papers."""
    wanted = target.strip().casefold()
    for unit in document.units:
        if unit.title and wanted in (unit.title.casefold(), family_name(unit.title).casefold()):
            return unit
    for unit in document.units:
        if target in paper_ids(link.url for link in links_of(unit.face)):
            return unit
    return None


def fold_paper(document: ListDocument, unit: Unit, paper: str) -> bytes:
    """The list with the paper's badge behind the last paper's badge of the panel; unchanged where it is there."""
    text = unit.text
    links = links_of(text)
    if paper in paper_ids(link.url for link in links):
        return document.data
    papers = [link for link in links if paper_ids([link.url])]
    badges = [link for link in links if link.image] or links
    if not (papers or badges):
        return document.data
    near = document.panels or [unit.section]
    (badge,) = badges_of(Entry(name=paper, papers=(paper,)), style_of(document, near))
    last: Link = (papers or badges)[0]
    for link in papers:  # the run of paper badges at the top; sources of figures come later
        if text[last.end : link.start].strip() == "":
            last = link
    new = f" {badge}" if last.image else f" [arXiv](https://arxiv.org/abs/{paper})"
    place = unit.start + len(text[: last.end].encode("utf-8"))
    return splice(document.data, [Edit(place, place, new.encode())])
