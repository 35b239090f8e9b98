"""How the queue looks in a terminal: plain lines, foreign text without control characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vlmingest.records import ReviewItem
from vlmingest.review.queue import Shown

_RIVALS = 6


def plain(text: object) -> str:
    """One line of printable text: escape sequences of a paper never reach the terminal."""
    return " ".join("".join(ch if ch.isprintable() else " " for ch in str(text)).split())


def listing(items: Iterable[ReviewItem]) -> Iterator[str]:
    """One line a question."""
    for item in items:
        field = item.field.value if item.field else "paper"
        sure = f"{item.confidence:.2f}" if item.confidence is not None else "    "
        yield f"{item.id}  {item.paper:<18} {field:<30} {sure}  {plain(item.value)[:32]:<32}  {item.reason.value}"


def page(shown: Shown) -> Iterator[str]:
    """A question with its quotes in context, its rivals and the keys to answer it."""
    item = shown.item
    yield f"{item.id} ({shown.state})  {plain(shown.title)}  [{item.paper}]"
    yield f"{item.field.value if item.field else 'paper'} = {plain(item.value)}"
    sure = f", confidence {item.confidence:.2f}" if item.confidence is not None else ""
    yield f"why: {item.reason.value}{sure}: {plain(item.message)}"
    if item.previous is not None:
        yield f"before: {plain(item.previous)}"
        for proof in item.previous_evidence:
            yield f'  "{plain(proof.quote)}"'
    for proof, (before, quote, after) in zip(item.evidence, shown.context, strict=True):
        where = f"page {proof.page}" if proof.page else proof.source
        yield ""
        yield f"{where}, {plain(proof.section or 'no section')}  [{proof.reader}]"
        yield f"  ...{plain(before)} >>> {plain(quote)} <<< {plain(after)}..."
    if shown.rivals:
        yield ""
        yield "other candidates:"
        for rival in shown.rivals[:_RIVALS]:
            yield f"  {rival.confidence:.2f} {rival.role.value:<17} {plain(rival.value)}"
    yield ""
    yield f"vlmingest review accept {item.id} | reject {item.id} | defer {item.id} | correct {item.id} VALUE"
