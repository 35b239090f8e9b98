"""What a person names on the command line: an arXiv id in any form, an address, a file or a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from vlmingest.discover.folder import SUFFIXES
from vlmingest.errors import InvalidArxivIdError, UsageError
from vlmingest.ids import ArxivId


@dataclass(frozen=True, slots=True)
class ArxivTarget:
    """A paper of arXiv."""

    arxiv_id: ArxivId


@dataclass(frozen=True, slots=True)
class UrlTarget:
    """A PDF or HTML page somewhere else."""

    url: str


@dataclass(frozen=True, slots=True)
class PathTarget:
    """A file or folder that is there."""

    path: Path


Target = ArxivTarget | UrlTarget | PathTarget


def parse_target(text: str) -> Target:
    """What `text` names: an existing path, else an arXiv id, URL or DOI, else any http(s) URL; raises UsageError."""
    stripped = text.strip()
    if not stripped or "\x00" in stripped:
        raise UsageError("an empty target; name an arXiv id, a URL, a file or a folder")
    path = Path(stripped).expanduser()
    if _exists(path):
        return PathTarget(path)
    scheme = urlsplit(stripped).scheme.lower() if "://" in stripped else ""
    if not scheme and stripped.lower().endswith(SUFFIXES):
        raise UsageError(f"{stripped}: no such file")
    try:
        return ArxivTarget(ArxivId.parse(stripped))
    except InvalidArxivIdError:
        pass
    if scheme in ("http", "https"):
        if not urlsplit(stripped).hostname:
            raise UsageError(f"{stripped!r} names no host")
        return UrlTarget(stripped)
    if scheme:
        raise UsageError(f"{stripped!r}: only http and https addresses can be fetched")
    raise UsageError(f"{stripped!r} is no arXiv id, no http(s) address, and no such file or folder exists")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False
