"""The own model by its names and its rows of tables: its variants and short names too, without its earlier versions."""

from __future__ import annotations

import re

from vlmingest.extract.identity import name_candidates
from vlmingest.extract.table_kinds import own_rows
from vlmingest.extract.view import PaperView, TableView
from vlmingest.extract.wording import wording
from vlmingest.vocabulary import load

MAX_NAMES = 3
_VERSION = re.compile(r"(?<![\d.])\d+(?:\.\d+)*(?![\d.]*[BbMm]\b)")
_EDITION = wording("rivals.edition")
_PLAINLY = re.compile(
    r"(?:[- ]?\d+(?:\.\d+)?[BbMm])?(?: ?\([^()]*\)| ?\[[\d, ]+\])?\W*"
)  # behind a name without a version
_LEAST_STEM = 3
_LONGEST_NAME = 60
_SHORTEST, _OFTEN = 4, 3  # letters of a shortened name, and how often it must stand alone
_NAMELIKE = re.compile(r"[a-z0-9][A-Z]|[A-Za-z]\d|[A-Z]{2}")
_WORD = re.compile(r"(?:[^\W_]|\.)+")


def own_model_names(view: PaperView) -> list[str]:
    """The likely names of the own model, and of variants of it: their words hold those of its name."""
    return view.once(_own_model_names)


def own_model_name(view: PaperView) -> str:
    """The likeliest name of the own model; "" where the paper gives none."""
    return next(iter(own_model_names(view)), "")


def _own_model_names(view: PaperView) -> list[str]:
    ranked = name_candidates(view)
    least = 0.3 * ranked[0].score if ranked else 0.0
    found = [
        one.name
        for index, one in enumerate(ranked)
        if not index
        or (index < MAX_NAMES and one.score >= least and not is_part(one.name))
        or holds_words(one.name, ranked[0].name)
    ]
    return found + [short for short in _shortened(view, found[0]) if short not in found] if found else found


def _shortened(view: PaperView, name: str) -> list[str]:
    """The name without its first word, where the text often says it so: "R2" of "Lamplight R2"."""
    _, separator, rest = name.partition(" ") if " " in name else name.partition("-")
    if not separator or len(rest) < _SHORTEST or rest.islower() or not _NAMELIKE.search(rest) or _is_known(rest):
        return []
    alone = view.text.count(rest, 0, view.body_end) - view.text.count(name, 0, view.body_end)
    hyphened = view.text.count(rest.replace(" ", "-"), 0, view.body_end) if " " in rest else 0
    return [rest] if alone + hyphened >= _OFTEN else []


def is_part(name: str) -> bool:
    """Whether a name is that of a known encoder or language model: no second name of the own model."""
    found = load().find(name, name.lower())
    return any(not mention.start and mention.code.kind != "dataset" and not mention.code.whole for mention in found)


def _is_known(name: str) -> bool:
    """Whether a name begins with that of any model of the vocabulary."""
    return any(not mention.start and mention.code.kind != "dataset" for mention in load().find(name, name.lower()))


def holds_words(name: str, other: str) -> bool:
    """Whether the words of `other` all stand in `name`, in their order: "Foo-Small-V 2" holds "Foo-V"."""
    left = iter(_WORD.findall(name.lower()))
    wanted = _WORD.findall(other.lower())
    return all(word in left for word in wanted)


def own_model_rows(view: PaperView, table: TableView) -> tuple[int, ...]:
    """The rows of the own model: those that are known as such and its named variants, without its earlier versions."""
    known: dict[int, tuple[TableView, tuple[int, ...]]] = view.memo.setdefault("sizes.own_rows", {})
    if id(table) not in known:
        known[id(table)] = (table, _own_model_rows(view, table))  # the table is kept, so that its id stays its own
    return known[id(table)][1]


def _own_model_rows(view: PaperView, table: TableView) -> tuple[int, ...]:
    names = own_model_names(view)
    found = set(own_rows(view, table))
    if names:
        wanted = [(_WORD.findall(name.lower())[:1][0], name) for name in names if _WORD.search(name.lower())]
        top = table.table.header_rows
        for index, row in enumerate(table.table.cells[top:], start=top):
            cell = next((cell for cell in row[:2] if cell.strip()), "")
            if index not in found and cell[:1].isalpha() and len(cell) <= _LONGEST_NAME:
                low = cell.lower()
                if any(first in low and holds_words(low, name) for first, name in wanted):
                    found.add(index)
            if index in found and _is_other_version(cell, names[0]):
                found.discard(index)
        found -= _of_first_version(table, found, names[0])
    return tuple(sorted(found))


def _of_first_version(table: TableView, rows: set[int], name: str) -> set[int]:
    """Those of the own rows that call the model by its name without a version, where others give one: "Foo" beside "Foo 2"."""
    version = _VERSION.search(name)
    if version is None or version.end() != len(name) or version.start() < _LEAST_STEM:
        return set()
    stem = name[: version.start()].lower().rstrip(" -v")
    labels = {
        index: next((cell for cell in table.table.cells[index][:2] if cell.strip()), "").lower() for index in rows
    }
    plain = {
        index
        for index, label in labels.items()
        if label.startswith(stem) and "our" not in label and _PLAINLY.fullmatch(label, len(stem))
    }
    return plain if any(label.startswith(name.lower()) for label in labels.values()) else set()


def _is_other_version(cell: str, name: str) -> bool:
    """Whether `cell` is a version of the model that `name` is a version of, and another one."""
    version = _VERSION.search(name)
    if version is None or version.start() < _LEAST_STEM:
        return False
    stem = name[: version.start()].lower().rstrip(" -v")
    other = _VERSION.search(cell, len(stem)) if cell.lower().startswith(stem) else None
    if other is None or other.group() == version.group():
        return False
    return _EDITION.fullmatch(cell, len(stem), other.start()) is not None
