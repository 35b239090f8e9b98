"""The places of one name in a paper, gathered: what they say of its role."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

_USES = frozenset(f"{use}{level}" for use in ("train", "evaluate") for level in (1, 2, 3))
_LEVELS = {use: tuple((f"{use}{level}", level) for level in (3, 2, 1)) for use in ("train", "evaluate")}


class Place(NamedTuple):
    """One place of a name; `says`: what it says of the role, as feature names."""

    start: int
    end: int
    says: tuple[str, ...]


class Group:
    """All places of one name. `use` is what the vocabulary says it is for, "" for a name that no list knows."""

    def __init__(self, key: str, name: str, use: str) -> None:
        self.key = key
        self.name = name
        self.use = use
        self.places: list[Place] = []
        self.counts: Counter[str] = Counter()
        self.surfaces: Counter[str] = Counter()
        self.peers: dict[str, tuple[int, int]] = {}  # use -> the plainest level in the paper, how many names have it
        self.tunes = 0.0  # how far the paper fine-tunes on what it is evaluated on

    @property
    def used(self) -> bool:
        """Whether any place says a use, be it a hint."""
        return not _USES.isdisjoint(self.counts)

    def level(self, use: str) -> int:
        """The plainest thing that is said of a use (train, evaluate): 3 to 0."""
        counts = self.counts
        for name, level in _LEVELS[use]:
            if counts.get(name):
                return level
        return 0

    def add(self, start: int, end: int, surface: str, says: tuple[str, ...]) -> None:
        """One more place."""
        self.places.append(Place(start, end, says))
        counts, surfaces = self.counts, self.surfaces
        for name in says:  # few: `update` costs more
            counts[name] = counts.get(name, 0) + 1
        surfaces[surface] = surfaces.get(surface, 0) + 1
