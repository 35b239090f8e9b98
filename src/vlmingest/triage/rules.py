"""Cues of a topic: rows of `rules.toml`, each a feature of the linear model and a reason that a person can read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from vlmingest.errors import DataFileError
from vlmingest.records import PaperMetadata

_PARTS = frozenset({"title", "abstract", "both", "comment", "more"})


@dataclass(frozen=True, slots=True)
class Cue:
    """One row. `pattern` is searched in `part` (where one of `needs` stands in it); `words` are looked up whole."""

    id: str
    reason: str
    part: str
    weight: float
    pattern: re.Pattern[str] | None
    folded: bool  # the pattern is for the lower-cased text
    words: frozenset[str]
    needs: tuple[str, ...]
    veto: bool
    matches: tuple[str, ...]
    rejects: tuple[str, ...]

    def holds(self, text: str, lowered: str, words: Collection[str]) -> bool:
        """Does the cue stand in `text`? `lowered` and `words` are the same text, lower-cased and cut into words."""
        if self.words:
            return not self.words.isdisjoint(words)
        if self.needs and not any(need in lowered for need in self.needs):
            return False
        return self.pattern is not None and self.pattern.search(lowered if self.folded else text) is not None


@dataclass(frozen=True, slots=True)
class Rules:
    """All cues, the lines that hold where nothing is trained, and the words of the first filter."""

    bias: float
    flag_at: float
    model_at: float
    cues: tuple[Cue, ...]
    first_words: tuple[str, ...]

    def is_on_topic(self, *lowered: str) -> bool:
        """Does one of the lower-cased texts hold a word of the first filter? No words set: every text does."""
        return not self.first_words or any(word in text for text in lowered for word in self.first_words)


def parse_rules(text: str, names: Sequence[str], where: str) -> Rules:
    """Rules of a TOML text; `names` are the topic's families; raises DataFileError naming `where`."""
    try:
        data = tomllib.loads(text)
        numbers = data["rules"]
        return Rules(
            bias=float(numbers["bias"]),
            flag_at=float(numbers["flag_at"]),
            model_at=float(numbers["model_at"]),
            cues=tuple(_cue(row, names, where) for row in data["cue"]),
            first_words=tuple(word.lower() for word in data.get("first_filter", {}).get("words", ())),
        )
    except (tomllib.TOMLDecodeError, re.error, KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataFileError(where, f"cannot be read as triage rules ({type(error).__name__}: {error})") from error


def _cue(row: dict[str, Any], names: Sequence[str], where: str) -> Cue:
    if row["part"] not in _PARTS:
        raise DataFileError(where, f"cue {row['id']}: part {row['part']!r} is none of {', '.join(sorted(_PARTS))}")
    pattern = row.get("pattern")
    if row.get("names"):
        pattern = rf"^(?:{'|'.join(map(re.escape, sorted(names, key=lambda name: (-len(name), name))))})(?![a-z])"
    words = frozenset(row.get("words", ()))
    if (pattern is None) == (not words):
        raise DataFileError(where, f"cue {row['id']}: a row has either a pattern (or names) or words")
    return Cue(
        id=row["id"],
        reason=row["reason"],
        part=row["part"],
        weight=float(row["weight"]),
        pattern=re.compile(pattern.removeprefix("(?i)")) if pattern is not None else None,
        folded=pattern is not None and pattern.startswith("(?i)"),
        words=words,
        needs=tuple(row.get("needs", ())),
        veto=bool(row.get("veto", False)),
        matches=tuple(row["matches"]),
        rejects=tuple(row["rejects"]),
    )


def found_cues(paper: PaperMetadata, rules: Rules, words: Collection[str]) -> list[Cue]:
    """The cues of a paper in the order of the rules; `words`: the lower-case words of title and abstract."""
    parts = {"title": paper.title, "abstract": paper.abstract, "comment": paper.comment}
    parts["both"] = f"{paper.title}\n{paper.abstract}"
    parts["more"] = f"{paper.abstract}\n{paper.comment}"
    lowered = {name: text.lower() for name, text in parts.items()}
    return [cue for cue in rules.cues if cue.holds(parts[cue.part], lowered[cue.part], words)]
