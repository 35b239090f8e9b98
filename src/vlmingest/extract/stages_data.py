"""Data sets of a stage: names of the vocabulary in the sentences that speak of the stage's data."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from vlmingest.extract.stages_assign import Piece
from vlmingest.extract.view import PaperView
from vlmingest.extract.wording import wording

_TRAINING = wording("stages_kinds.on_data")
_EVALUATION = wording("stages_kinds.on_evaluation")
_ZONES = frozenset({"training", "method", "data"})


class StageData:
    """Finds the data sets that pieces of text name as training data."""

    def __init__(self, view: PaperView) -> None:
        self._text = view.text
        self._mentions = [mention for mention in view.mentions if mention.code.kind == "dataset"]
        self._starts = [mention.start for mention in self._mentions]

    def names(self, piece: Piece) -> Iterator[tuple[str, str]]:
        """(canonical name, name as the paper writes it), in order."""
        if piece.zone not in _ZONES or piece.how == "every":
            return
        index = bisect_left(self._starts, piece.place.start)
        if index >= len(self._starts) or self._starts[index] >= piece.place.end:
            return
        if not _TRAINING.search(piece.text) or _EVALUATION.search(piece.text):
            return
        while index < len(self._starts) and self._starts[index] < piece.place.end:
            mention = self._mentions[index]
            name = self._text[mention.start : mention.end]
            if name in piece.text:  # a sentence may speak of two stages
                yield mention.code.name, name
            index += 1
