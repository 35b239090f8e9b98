"""The papers of a corpus folder, and what of them exists on a given night. For the format see the package."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from vlmingest.errors import DataFileError, InvalidArxivIdError
from vlmingest.ids import ArxivId

FORMATS = ("pdf", "html", "source")


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a paper, complete. `published` is the first version's submission, `submitted` this one's (UTC)."""

    id: str
    version: int
    title: str
    authors: tuple[str, ...]
    abstract: str
    categories: tuple[str, ...]
    comment: str
    doi: str
    journal_ref: str
    published: datetime
    submitted: datetime
    announced: date
    withdrawn: bool
    files: Mapping[str, Path]
    licence: str = ""

    @property
    def name(self) -> str:
        """The id with version."""
        return f"{self.id}v{self.version}"


class Corpus:
    """All editions by paper, oldest first; raises DataFileError where the folder does not hold what it should."""

    def __init__(self, papers: Iterable[tuple[Edition, ...]]) -> None:
        self._papers = {editions[0].id: editions for editions in papers}

    @classmethod
    def load(cls, folder: Path) -> Corpus:
        """Read `folder/papers.jsonl`, or else the PDFs of the folder."""
        lines = folder / "papers.jsonl"
        if not lines.is_file():
            return cls(_plain(folder))
        papers = []
        try:
            text = lines.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DataFileError(str(lines), f"cannot be read ({error})") from error
        # not splitlines(): a title may hold U+2028, which JSON leaves as it is
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                try:
                    papers.append(_editions(folder, json.loads(line)))
                except (ValueError, KeyError, TypeError, InvalidArxivIdError) as error:
                    raise DataFileError(f"{lines}:{number}", f"{type(error).__name__}: {error}") from error
        return cls(papers)

    def __len__(self) -> int:
        return len(self._papers)

    def latest(self, tonight: date | None) -> list[Edition]:
        """The newest announced edition of every paper, by id."""
        found = (self.edition(name, None, tonight) for name in sorted(self._papers))
        return [edition for edition in found if edition is not None]

    def edition(self, paper: str, version: int | None, tonight: date | None) -> Edition | None:
        """One announced edition; the newest where `version` is None; None where there is no such."""
        editions = [
            item
            for item in self._papers.get(paper, ())
            if (tonight is None or item.announced <= tonight) and version in (None, item.version)
        ]
        return editions[-1] if editions else None

    def history(self, paper: str, tonight: date | None) -> list[Edition]:
        """Every announced edition of a paper."""
        return [item for item in self._papers.get(paper, ()) if tonight is None or item.announced <= tonight]


def _editions(folder: Path, row: dict[str, Any]) -> tuple[Edition, ...]:
    base = ArxivId.parse(row["id"]).base
    editions: list[Edition] = []
    facts = {"comment": "", "doi": "", "journal_ref": "", "abstract": "", "licence": ""} | {
        key: row[key] for key in row if key not in ("id", "versions")
    }
    for item in sorted(row["versions"], key=lambda version: int(version["version"])):
        facts |= {key: item[key] for key in facts.keys() & item.keys() if item[key] is not None}
        submitted = _instant(item["submitted"])
        editions.append(
            Edition(
                id=base,
                version=int(item["version"]),
                title=str(facts["title"]),
                authors=tuple(facts.get("authors") or ()),
                abstract=str(facts["abstract"] or ""),
                categories=tuple(facts["categories"]),
                comment=str(facts["comment"] or ""),
                doi=str(facts["doi"] or ""),
                journal_ref=str(facts["journal_ref"] or ""),
                published=editions[0].submitted if editions else submitted,
                submitted=submitted,
                announced=date.fromisoformat(item["announced"]),
                withdrawn=bool(item.get("withdrawn")),
                files={kind: _inside(folder, item[kind]) for kind in FORMATS if item.get(kind)},
                licence=str(facts["licence"] or ""),
            )
        )
    if not editions:
        raise ValueError(f"{base} has no version")
    return tuple(editions)


def _plain(folder: Path) -> list[tuple[Edition, ...]]:
    """Papers from file names alone: the month of the id stands for the date."""
    papers: dict[str, dict[int, Edition]] = {}
    if not folder.is_dir():
        raise DataFileError(str(folder), "no such folder")
    for file in sorted(folder.rglob("*.pdf")):
        arxiv_id = ArxivId.of_filename(file.name)
        if arxiv_id is None or file.name.startswith(".") or not file.resolve().is_relative_to(folder.resolve()):
            continue
        digits = arxiv_id.base.rpartition("/")[2]
        year = int(digits[:2]) + (1900 if digits[:2] > "90" else 2000)
        when = datetime(year, int(digits[2:4]), 1, tzinfo=UTC)
        version = arxiv_id.version or 1
        papers.setdefault(arxiv_id.base, {})[version] = Edition(
            arxiv_id.base, version, file.stem, ("Unknown",), "", ("cs.CV",), "", "", "",
            when, when, when.date(), False, {"pdf": file},
        )  # fmt: skip
    return [
        tuple(replace(item, version=number) for number, item in sorted(versions.items()))
        for versions in papers.values()
    ]


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"{name!r} leads out of the corpus folder")
    return path


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
