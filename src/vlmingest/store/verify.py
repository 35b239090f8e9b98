"""Re-checks every stored quote against the text it was taken from."""

from __future__ import annotations

from typing import NamedTuple

from vlmingest.store.papers import Papers


class Miss(NamedTuple):
    """A quote that does not stand where it says."""

    paper_id: str
    version: int
    field: str
    value: str
    quote: str
    reason: str


class Verified(NamedTuple):
    """How many quotes were looked at, and which were missed."""

    checked: int
    misses: list[Miss]


def verify(store: Papers) -> Verified:
    """Every quote of the machine layer: `text[start:end] == quote` on the page that it names."""
    checked, misses = 0, []
    at: tuple[str, int] | None = None
    document = metadata = None
    for paper_id, version, field, value, proof in store.quotes():
        if at != (paper_id, version):
            at = (paper_id, version)
            document, metadata = store.document(*at), store.paper_version(*at)
        checked += 1
        if proof.source in ("abstract", "comment"):
            source = getattr(metadata, proof.source) if metadata else ""
            reason = "" if source[proof.start : proof.end] == proof.quote else f"not in the {proof.source}"
        elif document is None:
            reason = "its document is gone"
        elif document.text[proof.start : proof.end] != proof.quote or not proof.quote:
            reason = "the text at its place is another"
        else:
            reason = "" if document.page_at(proof.start) == proof.page else "it stands on another page"
        if reason:
            misses.append(Miss(paper_id, version, field, value, proof.quote, reason))
    return Verified(checked, misses)
