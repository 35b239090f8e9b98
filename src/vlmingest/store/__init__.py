"""The database: SQLite through sqlite-utils. An edge: it knows the records, and no other stage."""

from __future__ import annotations

from vlmingest.store.human import Human
from vlmingest.store.lists import EditRow, Lists, PanelRow
from vlmingest.store.marks import Mark, Marks
from vlmingest.store.papers import Papers
from vlmingest.store.runs import LedgerRow, RequestRow, Runs
from vlmingest.store.verify import Miss, Verified, verify

__all__ = ["EditRow", "LedgerRow", "Mark", "Miss", "PanelRow", "RequestRow", "Store", "Verified", "verify"]


class Store(Papers, Human, Runs, Marks, Lists):
    """The catalogue's database: machine layer, human layer, records, queue, ledgers. Open it with `Store.open`."""
