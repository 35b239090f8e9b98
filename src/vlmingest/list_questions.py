"""Questions that writing the list raises: edits by hand where the machine changes, too, and new models of a family."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from vlmingest import catalogue
from vlmingest.catalogue.lists.family import propose_family
from vlmingest.catalogue.lists.merge import Conflict
from vlmingest.records import Reason, ReviewItem, value_key
from vlmingest.store import Store


def conflict_questions(
    store: Store, base: bytes, found: Sequence[Conflict]
) -> tuple[tuple[ReviewItem, ...], tuple[str, ...]]:
    """Conflicts as questions on the paper of their entry; where no paper of ours is concerned, as notes."""
    if not found:
        return (), ()
    document = catalogue.parse_list(base)
    entries = catalogue.entries_of(document)
    questions, notes = [], []
    for conflict in found:
        papers: tuple[str, ...] = ()
        for unit, entry in zip(document.units, entries, strict=True):
            if unit.line <= conflict.line < unit.line + unit.text.count("\n"):
                papers = entry.papers
        known = next((paper for paper in papers if store.paper(paper) is not None), None)
        if known is None:
            left = " ".join(_text(conflict.ours).split())[:200]
            notes.append(
                f"line {conflict.line}: changed in two places; the edit of this file stays, not taken: {left!r}"
            )
        else:
            questions.append(conflict_question(known, conflict))
    return tuple(questions), tuple(notes)


def conflict_question(paper: str, conflict: Conflict) -> ReviewItem:
    """`value` is what the machine wants to write, `previous` what a person wrote and what stands in the list."""
    ours, theirs = _text(conflict.ours), _text(conflict.theirs)
    key = value_key(hashlib.sha256(conflict.ours + b"\0" + conflict.theirs).hexdigest())
    return ReviewItem(
        id=ReviewItem.make_id(paper, "list", key, Reason.EDIT_CONFLICT),
        paper=paper,
        field=None,
        key=f"list:{key}",
        value=ours,
        reason=Reason.EDIT_CONFLICT,
        message="the list was edited by hand where the record changed; accept takes the new text, reject keeps the edit",
        priority=0.9,
        previous=theirs,
    )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def family_questions(store: Store) -> list[ReviewItem]:
    """New models that look like point releases of a family: one question each, asked once."""
    found: list[ReviewItem] = []
    waiting = store.review_items(reason=Reason.NEW_ENTRY)
    entries = store.entries() if waiting else []
    published = {paper for entry in entries for paper in entry.papers}
    for item in waiting:
        record = store.record(item.paper)
        if record is None or record.model.name is None or item.paper in published:
            continue
        proposal = propose_family(record.model.name, entries)
        if proposal is not None:
            found.append(
                ReviewItem(
                    id=ReviewItem.make_id(item.paper, "list", value_key(proposal.entry), Reason.NEW_FAMILY),
                    paper=item.paper,
                    field=None,
                    key=f"family:{value_key(proposal.entry)}",
                    value=proposal.entry,
                    reason=Reason.NEW_FAMILY,
                    message=f"{proposal.why}; accept folds it into {proposal.entry}, reject lets it stand alone",
                    priority=proposal.score,
                )
            )
    return found
