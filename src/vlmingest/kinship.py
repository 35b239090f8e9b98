"""Questions on papers that may be the same work under another id, or a later release of a known family.

The index of titles names a few likely relatives among the papers of the catalogue; `triage.families` compares them; a
person decides. Accepted, the verdict is `duplicate` with the other paper, and undoing it asks again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from vlmingest.records import Action, PaperMetadata, Reason, ReviewItem, Verdict
from vlmingest.store import Store
from vlmingest.triage.families import Proposal, cited_ids, family_key, name_stem, propose

_MOST_RELATIVES = 25
_WORD = re.compile(r"[^\W_]{2,}")
_PRIORITY = {"duplicate": 1.3, "family": 0.9}  # times the score: a copy must not become a second entry


def kin_questions(store: Store, paper: PaperMetadata) -> list[ReviewItem]:
    """The likeliest relative of each kind as a question; none for a paper without a relative."""
    relatives = list(_relatives(store, paper))
    if not relatives:
        return []
    key = family_key(paper.title)
    cited: frozenset[str] = frozenset()
    if key and any(family_key(other.title) == key for other in relatives):
        document = store.document(paper.id)
        cited = cited_ids(document.text) if document is not None else cited
    best: dict[str, Proposal] = {}
    for proposal in propose(paper, relatives, cited):
        best.setdefault(proposal.kind, proposal)
    return [_question(paper.id, proposal) for proposal in best.values()]


def unanswered(items: Iterable[ReviewItem], verdicts: Iterable[Verdict]) -> list[ReviewItem]:
    """The questions that no verdict answers; a deferred one stays."""
    latest = {(verdict.field, verdict.key): verdict.action for verdict in verdicts if not verdict.undone}
    return [item for item in items if latest.get((item.field, item.key), "defer") == "defer"]


def kin_verdict(item: ReviewItem, action: Action, *, by: str = "", note: str = "") -> Verdict:
    """The answer to such a question: accept says that it is so."""
    if action in ("accept", "duplicate"):
        return Verdict(
            paper=item.paper, field=None, key=item.key, action="duplicate", value=item.value, by=by, note=note
        )
    return Verdict(paper=item.paper, field=None, key=item.key, action=action, by=by, note=note)


def _relatives(store: Store, paper: PaperMetadata) -> Iterable[PaperMetadata]:
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(paper.title)))
    stem = [word.lower() for word in _WORD.findall(name_stem(paper.title))][:1]
    for paper_id in store.likely_relatives(paper.id, words, stem, _MOST_RELATIVES):
        other = store.paper(paper_id)
        if other is not None:
            yield other


def _question(paper_id: str, proposal: Proposal) -> ReviewItem:
    key = f"duplicate:{proposal.other}"
    what = "the same work as" if proposal.kind == "duplicate" else "a later release of the family of"
    return ReviewItem(
        id=ReviewItem.make_id(paper_id, None, key, Reason.POSSIBLE_DUPLICATE),
        paper=paper_id,
        field=None,
        key=key,
        value=proposal.other,
        reason=Reason.POSSIBLE_DUPLICATE,
        message=f"may be {what} {proposal.other}: {'; '.join(proposal.reasons)}; accept folds it into that entry",
        priority=round(_PRIORITY[proposal.kind] * proposal.score, 4),
        confidence=proposal.score,
    )
