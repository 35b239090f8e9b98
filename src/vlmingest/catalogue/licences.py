"""The licence of a paper's version: its name, and whether a figure of it may be passed on. Rows of `licences.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

_UNKNOWN_NOTICE = "Copyright remains with the authors or publisher; the source names no licence."


class Licence(NamedTuple):
    """`shareable`: an excerpt may be published by others, under the conditions that `notice` names."""

    id: str
    name: str
    shareable: bool
    notice: str
    pattern: str = ""


UNKNOWN = Licence("unknown", "no known licence", shareable=False, notice=_UNKNOWN_NOTICE)


@cache
def load_licences() -> tuple[Licence, ...]:
    """The rows, in the order in which they are tried."""
    text = (resources.files("vlmingest.catalogue") / "licences.toml").read_text(encoding="utf-8")
    names = ("id", "name", "shareable", "notice", "pattern")
    return tuple(Licence(*(row[name] for name in names)) for row in tomllib.loads(text)["licence"])


def licence_of(text: str) -> Licence:
    """The licence that an address or a name speaks of; `UNKNOWN` for any other text."""
    return next((one for one in load_licences() if re.search(one.pattern, text[:300])), UNKNOWN)
