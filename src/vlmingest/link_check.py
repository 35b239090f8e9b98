"""Whether the links of the list are alive, with history: one failure is a bad day, three days of them are a dead link.

States: ok; suspect (the last check failed); dead (failed on three different days in a row, over three days); unchecked.
A host that refuses robots (401, 403, 405, 429, 999 ...) has answered: the link is alive. When nothing at all can be
reached, the network is at fault and no link is blamed. List text is foreign: addresses inside the user's own network
are not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from vlmingest import catalogue
from vlmingest.catalogue.lists.marks import is_external, links_of
from vlmingest.errors import AccessDeniedError, BadResponseError, CoolingDownError, FetchError, UsageError
from vlmingest.store import LinkRow, Store

DEAD_AFTER_FAILURES = 3
DEAD_AFTER_DAYS = 3
RECHECK_DAYS = 7  # a link that was alive is asked again after a week; suspects and dead ones every day
MAX_BODY_BYTES = 2 * 1024 * 1024
_ANSWERED = (401, 403, 405, 406, 418, 429, 451, 999)  # refusals of robots, all of them signs of life
_NETWORK_PROBES = 5  # links that must all be out of reach before the network is blamed


class Getter(Protocol):
    """What is needed of the HTTP client."""

    def get(self, url: str, *, also_status: tuple[int, ...] = (), anywhere: bool = False) -> object:
        """The answer, or a FetchError."""


class Outcome(NamedTuple):
    """One check: `is_ok` None where nothing can be said of the link."""

    url: str
    is_ok: bool | None
    status: int | None = None
    reason: str = ""
    moved_to: str = ""


class LinkReport(NamedTuple):
    """What a run did: rows of the links of the list, how many were asked, and whether the network was out of reach."""

    rows: tuple[LinkRow, ...]
    asked: int
    is_offline: bool = False

    def of(self, state: str) -> list[LinkRow]:
        """Rows in one state."""
        return [row for row in self.rows if row.state == state]


def links_in(data: bytes) -> list[str]:
    """The web addresses of a list, once each, in its order, without fragments; badge pictures are not asked."""
    found: dict[str, None] = {}
    for section in catalogue.parse_list(data).sections:
        for link in links_of(section.heading) + links_of(section.body):
            if is_external(link):
                found.setdefault(link.url.partition("#")[0])
    return list(found)


def next_row(row: LinkRow, outcome: Outcome, day: str) -> LinkRow:
    """The state after a check on `day`. Failures of one day count once."""
    if outcome.is_ok is None:
        return row._replace(reason=outcome.reason)
    if outcome.is_ok:
        return row._replace(
            state="ok", failures=0, failing_since=None, last_ok=day, last_checked=day, status=outcome.status,
            reason=outcome.reason, moved_to=outcome.moved_to,
        )  # fmt: skip
    again = row.failures > 0 and row.last_checked == day
    failures = row.failures if again else row.failures + 1
    since = row.failing_since or day
    days = (date.fromisoformat(day) - date.fromisoformat(since)).days + 1
    dead = failures >= DEAD_AFTER_FAILURES and days >= DEAD_AFTER_DAYS
    return row._replace(
        state="dead" if dead else "suspect", failures=failures, failing_since=since, last_checked=day,
        status=outcome.status, reason=outcome.reason,
    )  # fmt: skip


def is_due(row: LinkRow, day: str) -> bool:
    """Suspects and dead links once a day, living ones once a week."""
    if row.last_checked is None:
        return True
    age = (date.fromisoformat(day) - date.fromisoformat(row.last_checked)).days
    return age >= (RECHECK_DAYS if row.state == "ok" else 1)


def check_one(client: Getter, url: str, is_internal: Callable[[str], bool]) -> Outcome:
    """Ask for one address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return Outcome(url, is_ok=False, reason="no address of the web")
    try:
        if is_internal(host):
            return Outcome(url, None, reason="an address inside your own network; not asked")
        answer = client.get(url, also_status=_ANSWERED, anywhere=True)
    except UsageError as error:
        return Outcome(url, is_ok=False, reason=str(error))
    except (AccessDeniedError, CoolingDownError) as error:
        return Outcome(url, None, reason=error.detail)
    except BadResponseError as error:
        lives = error.detail.startswith(("more than ", "redirects "))  # a big file, a redirect that we do not follow
        return Outcome(url, lives, _status(error), error.detail)
    except FetchError as error:
        return Outcome(url, is_ok=False, status=_status(error), reason=error.detail or error.reason)
    status, final = getattr(answer, "status", None), str(getattr(answer, "url", url))
    moved = final if urlsplit(final)[1:3] != urlsplit(url)[1:3] else ""
    return Outcome(url, is_ok=True, status=status, moved_to=moved)


def _status(error: FetchError) -> int | None:
    word = error.detail.rpartition("HTTP ")[2]
    return int(word) if word.isdigit() else None


def due_links(rows: Iterable[LinkRow], day: str, limit: int) -> list[LinkRow]:
    """What to ask now: never asked before, then the failing, then the longest unasked; spread over hosts."""
    rank = {"unchecked": 0, "suspect": 1, "dead": 2, "ok": 3}
    due = [row for row in rows if is_due(row, day)]
    due.sort(key=lambda row: (rank[row.state], row.last_checked or "", row.url))
    return due[:limit] if limit else due


def judge(outcomes: Sequence[Outcome]) -> bool:
    """Is the network itself out of reach: several links asked, and not one answer?"""
    asked = [one for one in outcomes if one.is_ok is not None]
    return len(asked) >= _NETWORK_PROBES and all(one.is_ok is False and one.status is None for one in asked)


def check_links(
    store: Store,
    client: Getter,
    urls: Sequence[str],
    day: str,
    *,
    limit: int = 0,
    is_internal: Callable[[str], bool] = lambda _: False,
    tell: Callable[[Outcome], object] = lambda _: None,
) -> LinkReport:
    """Ask for what is due, remember each answer as it comes, and give the states of all `urls`.

    Until one link has answered, failures are held back: where none answers, the network is blamed and none is kept.
    """
    held: list[tuple[LinkRow, Outcome]] = []
    outcomes: list[Outcome] = []
    answered = False
    for row in due_links(store.link_states(urls), day, limit):
        outcome = check_one(client, row.url, is_internal)
        outcomes.append(outcome)
        tell(outcome)
        answered = answered or outcome.is_ok is True or outcome.status is not None
        held.append((row, outcome))
        if answered:
            _keep(store, held, day)
        elif judge(outcomes):
            return LinkReport(tuple(store.link_states(urls)), len(outcomes), is_offline=True)
    _keep(store, held, day)
    return LinkReport(tuple(store.link_states(urls)), len(outcomes))


def _keep(store: Store, held: list[tuple[LinkRow, Outcome]], day: str) -> None:
    for row, outcome in held:
        store.save_link(next_row(row, outcome, day), outcome.is_ok)
    held.clear()


def today() -> str:
    """The day in UTC."""
    return datetime.now(UTC).date().isoformat()
