"""What every source of metadata offers, and what it needs of an HTTP client.

Sources differ in protocol (API, OAI-PMH, feeds, files) and agree in this: `papers(since, until)` lists every paper that
is new or has a new version in the window, perhaps more, never less; or it raises a FetchError. What was listed before
the error may be kept; only a listing that came to its end may move the watermark of `name`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from vlmingest.records import PaperMetadata


class Source(Protocol):
    """A place that lists papers."""

    @property
    def name(self) -> str:
        """The name of its watermark and of `PaperMetadata.source`."""

    def papers(self, since: date, until: date) -> Iterator[PaperMetadata]:
        """Papers of the window (UTC dates, both included); raises FetchError."""


class Answer(Protocol):
    """What a source reads of an HTTP answer."""

    @property
    def status(self) -> int: ...
    @property
    def content(self) -> bytes: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def url(self) -> str: ...


class Getter(Protocol):
    """The one polite client, as sources see it (`vlmingest.fetch.HttpClient`; edges do not import one another)."""

    def get(
        self,
        url: str,
        *,
        accept: str | None = None,
        params: Mapping[str, str | int] | None = None,
        also_status: Collection[int] = (),
        check: Callable[[Any], str | None] | None = None,
    ) -> Answer:
        """One polite request; raises FetchError."""
