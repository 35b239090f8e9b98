"""The state of the links of the list, and every check that led to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vlmingest.store.base import Base
from vlmingest.store.rows import now, upsert

_COLUMNS = "url, state, failures, failing_since, last_ok, last_checked, status, reason, moved_to"


class LinkRow(NamedTuple):
    """One address; days are ISO dates, `failures` are failing days in a row."""

    url: str
    state: str = "unchecked"
    failures: int = 0
    failing_since: str | None = None
    last_ok: str | None = None
    last_checked: str | None = None
    status: int | None = None
    reason: str = ""
    moved_to: str = ""


class CheckRow(NamedTuple):
    """One check of an address."""

    url: str
    at: str
    is_ok: bool
    status: int | None
    reason: str


class LinkStates(Base):
    """Tables `links` and `link_checks`."""

    def link_states(self, urls: Sequence[str]) -> list[LinkRow]:
        """The states of these addresses, in their order; those never asked are `unchecked`."""
        known = {row[0]: LinkRow(*row) for row in self._all(f"SELECT {_COLUMNS} FROM links")}
        return [known.get(url, LinkRow(url)) for url in urls]

    def save_link(self, row: LinkRow, is_ok: bool | None) -> None:
        """The state after a check, and the check itself; `is_ok` None: nothing was learnt, only the reason is kept."""
        with self.transaction():
            upsert(self.db, "links", ["url"], row._asdict())
            if is_ok is not None:
                self.db.conn.execute(
                    "INSERT INTO link_checks (url, at, is_ok, status, reason) VALUES (?, ?, ?, ?, ?)",
                    [row.url, now(), int(is_ok), row.status, row.reason],
                )

    def link_history(self, url: str) -> list[CheckRow]:
        """Every check of an address, the oldest first."""
        rows = self._all("SELECT url, at, is_ok, status, reason FROM link_checks WHERE url = ? ORDER BY id", url)
        return [CheckRow(row[0], row[1], bool(row[2]), row[3], row[4]) for row in rows]
