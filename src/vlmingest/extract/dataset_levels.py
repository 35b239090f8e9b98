"""How plainly the place in a table, or the words right beside a name, say what is done with a set of data."""

from __future__ import annotations

from collections.abc import Iterator

from vlmingest.extract.dataset_cells import is_row_wise
from vlmingest.extract.dataset_places import TablePlace
from vlmingest.extract.rival_tables import is_of_rivals
from vlmingest.extract.table_kinds import TableKind, is_of_rival_data, own_rows
from vlmingest.extract.view import PaperView

_SETTINGS = frozenset(
    {TableKind.STAGES, TableKind.HYPERPARAMETER, TableKind.MIXTURE, TableKind.ARCHITECTURE, TableKind.OTHER}
)


def table_levels(view: PaperView, place: TablePlace) -> Iterator[str]:
    """How plainly a table's kind says what is done with the sets that it names."""
    if place.kind in _SETTINGS and place.table is not None and is_of_rivals(view, place.table):
        return
    if place.ticked:
        yield "train1"
        return
    if place.row == "compared":
        yield "compared"
        if place.kind is TableKind.COMPARISON and place.table is not None and is_of_rival_data(place.table):
            return  # nothing is done with what the own data are only set beside
    elif place.row:
        if place.row == "peer":
            yield "of_peers"
        if place.row == "label":
            yield "label_column"
        if place.row == "data":
            yield "train3"
        return
    match place.kind:
        case TableKind.MIXTURE:
            yield from _list_levels(place)
        case TableKind.STAGES | TableKind.HYPERPARAMETER:
            yield "train2"
        case TableKind.BENCHMARK:
            yield from _scored_levels(view, place)
        case TableKind.ABLATION:
            yield "evaluate2" if place.part == "head" else "evaluate1"
        case TableKind.STATISTICS if not place.plainly:
            yield "train1"
            yield "evaluate1"
        case _ if place.plainly:
            yield from _list_levels(place)
        case _:
            yield "evaluate1"


def _scored_levels(view: PaperView, place: TablePlace) -> Iterator[str]:
    """How plainly a table of scores says it."""
    if place.part in ("stub", "cell") and place.table is not None and not is_row_wise(view, place.table):
        if place.scored is None and not own_rows(view, place.table):
            yield "evaluate1"  # rows that we do not understand
    else:
        yield "evaluate3" if place.scored else "evaluate1" if place.scored is False else "evaluate2"


def _list_levels(place: TablePlace) -> Iterator[str]:
    """How plainly a table that lists data says it."""
    trains, evaluates = place.uses
    if place.plainly:
        yield "told_train" if trains else "told_evaluate"
    if trains:
        yield "train2" if place.part == "loose" or evaluates else "train3"
    if evaluates:
        yield "evaluate2" if trains else "evaluate3"


def levels_beside(nearby: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """What the words right beside a name say is done with it."""
    for name, use, level in (
        ("trained_on", "train", 3),
        ("training", "train", 2),
        ("evaluated_on", "evaluate", 3),
        ("evaluation", "evaluate", 2),
    ):
        if name in nearby:
            yield use, level
