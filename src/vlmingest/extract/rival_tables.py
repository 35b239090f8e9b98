"""Tables that are about other people's models, with no row or column of the own one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from vlmingest.extract.identity import fold_name
from vlmingest.extract.own_model import own_model_names
from vlmingest.extract.table_kinds import stub
from vlmingest.extract.view import PaperView, TableView
from vlmingest.extract.wording import wording
from vlmingest.vocabulary import load

_NAMELIKE = wording("rival_tables.namelike")
_CITED = wording("rival_tables.cited")
_OF_MODELS = wording("rival_tables.of_models")
_OF_A_STAGE = wording("rival_tables.of_a_stage")
_OURS = wording("rival_tables.ours")
_LETTERS = re.compile(r"[^\W\d_]*")
_FEWEST = 2
_MOST = 40  # rows that tell enough
_LONGEST_NAME = 60
_SHORTEST = 4  # letters of a name


def is_of_rivals(view: PaperView, table: TableView) -> bool:
    """Whether the columns of a table of settings are other people's models ("Setting | Foo-2 [3] | BarNet"), or its rows are."""
    known: dict[int, tuple[TableView, bool]] = view.memo.setdefault("own_model.of_rivals", {})
    if id(table) not in known:
        found = columns_are_rivals(view, table) or rows_are_rivals(view, table, unheard=False)
        known[id(table)] = (table, found)
    return known[id(table)][1]


def columns_are_rivals(view: PaperView, table: TableView) -> bool:
    """Whether the columns of a table are other people's models, the own one not among them."""
    return are_rivals(view, table.headers[1:])


def rows_are_rivals(view: PaperView, table: TableView, *, unheard: bool = True) -> bool:
    """Whether the rows of a table are other people's models; a head that says so ("Model") makes it likelier."""
    models = bool(table.headers) and _OF_MODELS.match(table.headers[0]) is not None
    return are_rivals(view, stub(table)[table.table.header_rows :], unheard=unheard or models, models=models)


def are_rivals(view: PaperView, labels: Sequence[str], *, unheard: bool = True, models: bool = False) -> bool:
    """Whether the labels of a table's rows (or columns) are those of other people's models, the own one not among them.

    They are where two at least, and half of them, are models that the vocabulary knows or carry a citation, or (`unheard`) are
    names like those of models, but of no part or set of data that it knows; plain words with a capital speak neither way. Where
    they are said to be `models`, two are enough: others are called by a part. Sizes and stages of one model share their first
    letters, or are no names.
    """
    named = [label for label in map(str.strip, labels[:_MOST]) if label and len(label) <= _LONGEST_NAME]
    if len(named) < _FEWEST or not own_model_names(view):
        return False
    plain = [fold_name(_CITED.sub("", label)) for label in named]
    own = tuple(fold_name(name) for name in own_model_names(view))
    if any(name.startswith(own) for name in plain) or any("ur" in label and _OURS.search(label) for label in named):
        return False
    stems: set[str] = set()
    rivals = neutral = 0
    for label, name in zip(named, plain, strict=True):
        opens, known, named_within = _known(label)
        alien = unheard and not opens and len(name) >= _SHORTEST and _is_namelike(label, models and not named_within)
        rival = known or alien or _CITED.search(label) is not None
        rivals += rival
        neutral += not rival and not opens and label[:1].isupper() and _OF_A_STAGE.search(label) is None
        if known or alien:
            stems.add(_LETTERS.match(name)[0][:_SHORTEST])  # type: ignore[index]  # it matches nothing, too
    return rivals >= _FEWEST and (models or 2 * rivals >= len(named) - neutral) and len(stems) >= _FEWEST


@lru_cache(maxsize=4096)
def _known(label: str) -> tuple[bool, bool, bool]:
    """Whether a label opens with a name of the vocabulary, whether that is a multimodal model's, and whether it holds any."""
    mentions = load().find(label, label.lower())
    first = next((one for one in mentions if not one.start), None)
    return first is not None, first is not None and (first.code.whole or first.code.closed), bool(mentions)


def _is_namelike(label: str, whole: bool) -> bool:
    """Whether a label begins with a name such as models have (`whole`: or goes on so), and says of no stage of training."""
    name = label.split("(", 1)[0] if whole else label.split(" ", 1)[0]
    return _NAMELIKE.search(name) is not None and _OF_A_STAGE.search(label) is None
