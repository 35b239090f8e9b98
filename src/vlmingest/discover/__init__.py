"""Discover: where papers come from. An edge: it makes PaperMetadata and knows no other stage.

arXiv's API (`ArxivApiSource`), OAI-PMH (`OaiSource`), the feed of the day (`FeedSource`), metadata files
(`read_snapshot`), local folders (`FolderSource`), what a person names (`parse_target`), and arXiv's announcement
calendar (`vlmingest.discover.calendar`).
"""

from __future__ import annotations

from vlmingest.discover.arxiv_api import ArxivApiSource, Lookup
from vlmingest.discover.feed import FeedSource
from vlmingest.discover.folder import FolderSource
from vlmingest.discover.oai import OaiSource
from vlmingest.discover.snapshot import read_snapshot
from vlmingest.discover.source import Source
from vlmingest.discover.targets import ArxivTarget, PathTarget, Target, UrlTarget, parse_target
from vlmingest.discover.withdrawal import withdrawal_reason

__all__ = [
    "ArxivApiSource",
    "ArxivTarget",
    "FeedSource",
    "FolderSource",
    "Lookup",
    "OaiSource",
    "PathTarget",
    "Source",
    "Target",
    "UrlTarget",
    "parse_target",
    "read_snapshot",
    "withdrawal_reason",
]
