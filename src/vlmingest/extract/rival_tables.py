"""Tables that are about other people's models, with no row or column of the own one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vlmingest.extract.identity import fold_name
from vlmingest.extract.own_model import own_model_names
from vlmingest.extract.table_kinds import stub
from vlmingest.extract.view import PaperView, TableView
from vlmingest.vocabulary import load

_NAMELIKE = re.compile(r"[a-z0-9][A-Z]|[A-Za-z]\d|[A-Z]{2}")
_CITED = re.compile(r"\[[\d,\s–-]{1,20}\]|\([^()]{0,60}\b(?:19|20)\d\d[a-z]?[^()]{0,20}\)|\bet al\b")
_OF_MODELS = re.compile(r"\W*(?:\w+ )?(?:models?|methods?|approach(?:es)?|systems?)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]*")
_FEWEST = 2
_LONGEST_NAME = 60
_SHORTEST = 4  # letters of a name


def is_of_rivals(view: PaperView, table: TableView) -> bool:
    """Whether the columns of a table of settings are other people's models ("Setting | Foo-2 [3] | BarNet"), or its rows are."""
    known: dict[int, tuple[TableView, bool]] = view.memo.setdefault("own_model.of_rivals", {})
    if id(table) not in known:
        rows = stub(table)[table.table.header_rows :]
        of_models = bool(table.headers) and _OF_MODELS.match(table.headers[0]) is not None
        found = are_rivals(view, table.headers[1:], unheard=False) or are_rivals(view, rows, unheard=of_models)
        known[id(table)] = (table, found)
    return known[id(table)][1]


def are_rivals(view: PaperView, labels: Sequence[str], *, unheard: bool = True) -> bool:
    """Whether the labels of a table's rows (or columns) are those of other people's models, the own one not among them.

    They are where at least half of them, and two, are models that the vocabulary knows or carry a citation, or (`unheard`) are
    names like those of models, but of no part or set of data that it knows. Sizes and stages of one model share their first
    letters, or are no names.
    """
    named = [label for label in map(str.strip, labels) if label and len(label) <= _LONGEST_NAME]
    if len(named) < _FEWEST or not own_model_names(view):
        return False
    folded = [fold_name(name) for name in own_model_names(view)]
    stems: set[str] = set()
    rivals = 0
    for label in named:
        plain = fold_name(_CITED.sub("", label))
        if any(plain.startswith(name) for name in folded):
            return False
        found = next((one for one in load().find(label, label.lower()) if not one.start), None)
        known = found is not None and (found.code.whole or found.code.closed)
        alien = (
            unheard
            and found is None
            and _NAMELIKE.search(label.split(" ", 1)[0]) is not None
            and len(plain) >= _SHORTEST
        )
        rivals += known or _CITED.search(label) is not None or alien
        if known or alien:
            stems.add(_LETTERS.match(plain)[0][:_SHORTEST])  # type: ignore[index]  # it matches nothing, too
    return rivals >= _FEWEST and 2 * rivals >= len(named) and len(stems) >= _FEWEST
