"""From a record to what its new panel says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vlmingest.catalogue.escape import plain
from vlmingest.catalogue.fields import display_name
from vlmingest.catalogue.lists.dates import release_of
from vlmingest.catalogue.lists.panel import Draft
from vlmingest.catalogue.prose import Prose, draft_prose, is_sure
from vlmingest.catalogue.prose_lint import lint_prose
from vlmingest.records import Entry, EntryFigure, EntryLink, FieldName, Record, Released

_LABELS = (
    (FieldName.CODE, (("github.com", "GitHub"),), "Code"),
    (FieldName.WEIGHTS, (("huggingface.co", "HuggingFace"), ("hf.co", "HuggingFace")), "Model"),
    (FieldName.DEMO, (), "Demo"),
    (FieldName.PROJECT, (), "Project"),
)


def draft_of(record: Record, known_dates: Sequence[Released] = (), figure: EntryFigure | None = None) -> Draft:
    """The draft of a panel. `known_dates`: releases that people stated; `figure`: one that settings allow to show.

    Sentences that the linter of prose refuses are left out.
    """
    prose = publishable(draft_prose(record), record)
    paper = record.paper
    release = release_of([record], known_dates)
    entry = Entry(
        name=display_name(record),
        title=entry_title(record),
        summary=prose.text("summary"),
        authors=", ".join(paper.authors),
        released=release.released if release else None,
        papers=(paper.arxiv_id,) if paper.arxiv_id else (),
        links=tuple(_links(record)),
        figure=figure or _figure(record),
        status="published",
    )
    return Draft(
        entry=entry,
        summary=prose.text("summary"),
        deep_dive=prose.paragraphs,
        contribution=entry.title.partition(": ")[2] or entry.title,
        author_names=paper.authors,
        prose=prose,
    )


def publishable(prose: Prose, record: Record) -> Prose:
    """The draft without the sentences that the linter refuses."""
    refused = {finding.clause for finding in lint_prose(prose, record)}
    kept = [one for one in prose.sentences if not refused & {one.text, *(clause.text for clause in one.clauses)}]
    return Prose(sentences=tuple(kept))


def entry_title(record: Record) -> str:
    """`Name: what the paper's title says of it`; the title alone where it begins with the name and a colon."""
    name, title = plain(display_name(record)), plain(record.paper.title)
    if not title or title == name:
        return name
    head, colon, rest = title.partition(":")
    if colon and _folded(head) == _folded(name):
        return f"{name}: {rest.strip()}"
    return title if _folded(title).startswith(_folded(name) + " ") and not colon else f"{name}: {title}"


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


def _links(record: Record) -> list[EntryLink]:
    """Links whose fact is sure, one of each kind: Code, then Model, Demo, Project."""
    found = []
    for field, hosts, default in _LABELS:
        fact = next((one for one in record.model.facts if one.field == field and is_sure(one)), None)
        if fact is not None:
            label = next((label for host, label in hosts if host in fact.value.casefold()), default)
            found.append(EntryLink(label=label, url=fact.value))
    return found


def _figure(record: Record) -> EntryFigure | None:
    figure = record.architecture.figure
    if figure is None or not is_sure(figure):
        return None
    return EntryFigure(number=figure.number, page=figure.page, caption=figure.caption, bbox=figure.bbox)
