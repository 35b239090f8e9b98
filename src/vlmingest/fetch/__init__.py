"""Fetch: the one polite HTTP client, full texts of papers, and the content store. An edge: it knows no other stage."""

from __future__ import annotations

from vlmingest.fetch.client import HttpClient, Response
from vlmingest.fetch.content import ContentStore
from vlmingest.fetch.ledger import RequestLogRow
from vlmingest.fetch.papers import Format, fetch_paper, fetch_url, paper_url, sniff

__all__ = [
    "ContentStore",
    "Format",
    "HttpClient",
    "RequestLogRow",
    "Response",
    "fetch_paper",
    "fetch_url",
    "paper_url",
    "sniff",
]
