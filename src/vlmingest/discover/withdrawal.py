"""Is this edition a withdrawal? arXiv's API has no flag, only the words of the comment (info.arxiv.org/help/withdraw).

The phrases are data (`withdrawal.toml`): those that speak of something else (a withdrawal from a conference, say) are
taken out of the comment first, then those that state a withdrawal are looked for.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class WithdrawalRules(NamedTuple):
    """Compiled phrases of `withdrawal.toml`."""

    other: tuple[re.Pattern[str], ...]
    stated: tuple[re.Pattern[str], ...]


@cache
def load() -> WithdrawalRules:
    """The rules, read once."""
    data = tomllib.loads(files("vlmingest.discover").joinpath("withdrawal.toml").read_text(encoding="utf-8"))
    other, stated = (
        tuple(re.compile(row["pattern"], re.IGNORECASE) for row in data[kind]) for kind in ("other", "stated")
    )
    return WithdrawalRules(other, stated)


def withdrawal_reason(comment: str) -> str | None:
    """The comment of a withdrawn edition (its reason in the authors' or arXiv's words); None where it is not one."""
    if "withdr" not in comment.lower():
        return None
    rules = load()
    text = comment
    for pattern in rules.other:
        text = pattern.sub(" ... ", text)
    return comment if any(pattern.search(text) for pattern in rules.stated) else None
