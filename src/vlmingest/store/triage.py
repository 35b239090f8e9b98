"""What triage said of all papers, and the sample of the discarded that people judge."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vlmingest.records import Label, Relevance
from vlmingest.store.base import Base

# the relevance of the newest version that triage saw
_NEWEST = "r.version = (SELECT max(version) FROM relevance WHERE paper_id = r.paper_id)"
# discarded and left alone: nobody took the paper in by hand, it was not withdrawn
_DISCARDED = (
    f"FROM relevance r JOIN papers p ON p.id = r.paper_id WHERE {_NEWEST} AND r.label = 'no' AND p.withdrawn = 0 "
    "AND NOT EXISTS (SELECT 1 FROM records WHERE paper_id = p.id)"
)


class Scored(NamedTuple):
    """A paper with what triage said of it."""

    paper_id: str
    title: str
    relevance: Relevance


class Sampled(NamedTuple):
    """A discarded paper that was put before a person; `label` None: not judged yet."""

    paper_id: str
    week: str
    frame: int
    label: str | None


class Triage(Base):
    """Scores of papers, and the weekly sample."""

    def scored(self, label: Label | None = None, limit: int = -1) -> Iterator[Scored]:
        """Papers by falling score; those under the line stay listed."""
        rows = self._all(
            "SELECT r.paper_id, p.title, r.label, r.score, r.reasons_json, r.model FROM relevance r "
            f"JOIN papers p ON p.id = r.paper_id WHERE {_NEWEST} AND (?1 IS NULL OR r.label = ?1) "
            "ORDER BY r.score DESC, r.paper_id LIMIT ?2",
            label, limit,
        )  # fmt: skip
        for paper_id, title, found, score, reasons, model in rows:
            said = Relevance(label=found, score=score, reasons=tuple(json.loads(reasons)), model=model)
            yield Scored(paper_id, title, said)

    def discarded_ids(self) -> list[str]:
        """Papers under the line that nobody judged, by id."""
        rows = self._all(
            f"SELECT p.id {_DISCARDED} AND NOT EXISTS (SELECT 1 FROM triage_samples WHERE paper_id = p.id) ORDER BY p.id"
        )
        return [row[0] for row in rows]

    def discarded_count(self) -> int:
        """How many papers are under the line."""
        row = self._one(f"SELECT count(*) {_DISCARDED}")
        return int(row[0]) if row else 0

    def samples(self, week: str | None = None) -> list[Sampled]:
        """The sampled papers, by week and id."""
        rows = self._all(
            "SELECT paper_id, week, frame, label FROM triage_samples WHERE ?1 IS NULL OR week = ?1 "
            "ORDER BY week, paper_id",
            week,
        )
        return [Sampled(*row) for row in rows]

    def add_samples(self, week: str, frame: int, paper_ids: Sequence[str]) -> None:
        """Note the draw of a week."""
        with self.transaction():
            self.db.conn.executemany(
                "INSERT OR IGNORE INTO triage_samples (paper_id, week, frame) VALUES (?, ?, ?)",
                [[paper_id, week, frame] for paper_id in paper_ids],
            )

    def judge_sample(self, paper_id: str, label: str | None) -> bool:
        """What a person said of a sampled paper (None: taken back); False where it was not sampled."""
        with self.transaction():
            cursor = self.db.conn.execute("UPDATE triage_samples SET label = ? WHERE paper_id = ?", [label, paper_id])
        return cursor.rowcount > 0

    def likely_relatives(self, paper_id: str, words: Sequence[str], stems: Sequence[str], limit: int) -> list[str]:
        """Papers of the catalogue whose titles share words (or begin a word with a stem), the likest first."""
        terms = [*(f'"{word}"' for word in words), *(f'"{stem}" *' for stem in stems)]
        if not terms or not all(word.isalnum() for word in (*words, *stems)):
            return []
        rows = self._all(
            "SELECT p.id FROM papers_fts JOIN papers p ON p.num = papers_fts.rowid "
            "JOIN records r ON r.paper_id = p.id AND r.label <> 'no' "
            "WHERE papers_fts MATCH ?1 AND p.id <> ?2 ORDER BY bm25(papers_fts), p.id LIMIT ?3",
            f"title : ({' OR '.join(terms)})", paper_id, limit,
        )  # fmt: skip
        return [row[0] for row in rows]

    def whole_verdicts(self) -> list[tuple[str, str]]:
        """(paper, accept or reject): the latest verdict on each whole paper that counts, by id."""
        rows = self._all(
            "SELECT paper_id, action FROM verdicts v WHERE field IS NULL AND key = '' AND undone = 0 "
            "AND action IN ('accept', 'reject') AND id = (SELECT max(id) FROM verdicts WHERE paper_id = v.paper_id "
            "AND field IS NULL AND key = '' AND undone = 0) ORDER BY paper_id"
        )
        return [(row[0], row[1]) for row in rows]
