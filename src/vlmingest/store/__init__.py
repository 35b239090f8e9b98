"""The database: SQLite through sqlite-utils. An edge: it knows the records, and no other stage."""

from __future__ import annotations

from vlmingest.store.human import Human
from vlmingest.store.links import CheckRow, LinkRow, LinkStates
from vlmingest.store.lists import EditRow, Lists, PanelRow
from vlmingest.store.marks import Mark, Marks
from vlmingest.store.papers import Papers
from vlmingest.store.runs import LedgerRow, RequestRow, Runs
from vlmingest.store.triage import Sampled, Scored, Triage
from vlmingest.store.verify import Miss, Verified, verify

__all__ = [
    "CheckRow",
    "EditRow",
    "LedgerRow",
    "LinkRow",
    "Mark",
    "Miss",
    "PanelRow",
    "RequestRow",
    "Sampled",
    "Scored",
    "Store",
    "Verified",
    "verify",
]


class Store(Papers, Human, Runs, Marks, Lists, Triage, LinkStates):
    """The catalogue's database: machine layer, human layer, records, queue, ledgers. Open it with `Store.open`."""
