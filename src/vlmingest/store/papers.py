"""Papers, versions, documents, candidates: the machine layer of the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from vlmingest.document import Document, Finding
from vlmingest.records import Candidate, Evidence, FieldName, PaperMetadata, Relevance, Role, digest, merged
from vlmingest.store.base import Base
from vlmingest.store.rows import as_json, models, now, packed, unpacked, upsert


class Papers(Base):
    """What sources and readers gave."""

    def save_paper(self, meta: PaperMetadata) -> bool:
        """Keep the metadata of one version; True when it is new or changed. An older version never hides a newer.

        What several sources say of a version is merged (`vlmingest.records.merged`).
        """
        with self.transaction():
            known = self._one("SELECT version, metadata_json FROM papers WHERE id = ?", meta.id)
            if known is not None:
                before = PaperMetadata.model_validate_json(known[1])
                meta = merged(before, meta) if meta.version >= before.version else meta
            text = as_json(meta)
            seen = meta.updated or meta.published
            row: dict[str, Any] = {
                "id": meta.id,
                "arxiv_id": meta.arxiv_id,
                "version": meta.version,
                "title": meta.title,
                "abstract": meta.abstract,
                "authors_json": as_json(meta.authors),
                "categories_json": as_json(meta.categories),
                "published": meta.published,
                "updated": meta.updated,
                "withdrawn": int(meta.withdrawn),
                "withdrawn_reason": meta.withdrawn_reason,
                "metadata_json": text,
            }
            changed = False
            if known is None or meta.version >= known[0]:
                changed = upsert(self.db, "papers", ["id"], row)
            old = self._one(
                "SELECT first_seen, metadata_json FROM paper_versions WHERE paper_id = ? AND version = ?",
                meta.id, meta.version,
            )  # fmt: skip
            version = {
                "paper_id": meta.id,
                "version": meta.version,
                "title": meta.title,
                "updated": meta.updated,
                "first_seen": old[0] if old else (seen or now()[:10]),
                "withdrawn": int(meta.withdrawn),
                "withdrawn_reason": meta.withdrawn_reason,
                "source": meta.source,
                "metadata_json": text,
            }
            return upsert(self.db, "paper_versions", ["paper_id", "version"], version) or changed

    def paper(self, paper_id: str) -> PaperMetadata | None:
        """The newest version's metadata."""
        row = self._one("SELECT metadata_json FROM papers WHERE id = ?", paper_id)
        return PaperMetadata.model_validate_json(row[0]) if row else None

    def paper_version(self, paper_id: str, version: int) -> PaperMetadata | None:
        """One version's metadata."""
        row = self._one(
            "SELECT metadata_json FROM paper_versions WHERE paper_id = ? AND version = ?", paper_id, version
        )
        return PaperMetadata.model_validate_json(row[0]) if row else None

    def versions(self, paper_id: str) -> list[int]:
        """Known versions, ascending."""
        rows = self._all("SELECT version FROM paper_versions WHERE paper_id = ? ORDER BY version", paper_id)
        return [row[0] for row in rows]

    def versions_on(self, paper_id: str, day: str) -> list[int]:
        """Versions that had appeared on `day` (an ISO date, inclusive), ascending."""
        rows = self._all(
            "SELECT version FROM paper_versions WHERE paper_id = ? AND substr(first_seen, 1, 10) <= ? ORDER BY version",
            paper_id, day,
        )  # fmt: skip
        return [row[0] for row in rows]

    def paper_ids(self) -> list[str]:
        """All papers, by id."""
        return [row[0] for row in self._all("SELECT id FROM papers ORDER BY id")]

    def save_relevance(self, paper_id: str, version: int, relevance: Relevance) -> None:
        """What triage said of a version's metadata."""
        row = {
            "paper_id": paper_id,
            "version": version,
            "label": relevance.label,
            "score": relevance.score,
            "reasons_json": as_json(relevance.reasons),
            "model": relevance.model,
        }
        with self.transaction():
            upsert(self.db, "relevance", ["paper_id", "version"], row)

    def relevance(self, paper_id: str) -> Relevance | None:
        """What triage said of the newest version that it saw."""
        row = self._one(
            "SELECT label, score, reasons_json, model FROM relevance WHERE paper_id = ? ORDER BY version DESC LIMIT 1",
            paper_id,
        )
        if row is None:
            return None
        return Relevance(label=row[0], score=row[1], reasons=tuple(json.loads(row[2])), model=row[3])

    def save_version_content(
        self, paper_id: str, version: int, sha256: str, media_type: str, source_format: str
    ) -> None:
        """Which bytes a version has."""
        with self.transaction():
            self.db.conn.execute(
                "UPDATE paper_versions SET content_sha256 = ?, media_type = ?, source_format = ? "
                "WHERE paper_id = ? AND version = ? AND (content_sha256 IS NOT ? OR source_format IS NOT ?)",
                [sha256, media_type, source_format, paper_id, version, sha256, source_format],
            )

    def edition_of_content(self, sha256: str) -> tuple[str, int] | None:
        """The paper version that has these bytes."""
        row = self._one(
            "SELECT paper_id, version FROM paper_versions WHERE content_sha256 = ? ORDER BY paper_id, version LIMIT 1",
            sha256,
        )
        return (row[0], row[1]) if row else None

    # --- documents -------------------------------------------------------------------------------------------

    def save_document(self, paper_id: str, version: int, document: Document) -> str:
        """The one text of a version, and where everything stands in it; returns a hash of all of it."""
        text, rest = packed(document)
        row = {
            "paper_id": paper_id,
            "version": version,
            "source": document.source,
            "sha256": document.sha256,
            "reader": document.reader,
            "pages": len(document.pages),
            "digest": digest([document.sha256, document.reader, document.text]),
            "text": text,
            "rest_zlib": rest,
        }
        with self.transaction():
            upsert(self.db, "documents", ["paper_id", "version"], row)
            self.db.conn.execute(
                "UPDATE papers SET document_version = ? "
                "WHERE id = ? AND (document_version IS NULL OR document_version < ?)",
                [version, paper_id, version],
            )
        return sha256(text.encode("utf-8", "surrogatepass") + rest).hexdigest()

    def document(self, paper_id: str, version: int | None = None) -> Document | None:
        """A version's Document; without a version the newest that was read."""
        row = self._one(
            "SELECT text, rest_zlib FROM documents WHERE paper_id = ? AND (? IS NULL OR version = ?) "
            "ORDER BY version DESC LIMIT 1",
            paper_id, version, version,
        )  # fmt: skip
        return unpacked(row[0], row[1]) if row else None

    def search(self, query: str, limit: int = 20) -> list[dict[str, str]]:
        """Papers whose title, abstract or text holds all words of the query, best first, with a snippet."""
        words = " ".join('"' + word.replace('"', '""') + '"' for word in query.split())
        if not words:
            return []
        rows = self._all(
            "SELECT p.id, p.title, snippet(papers_fts, 1, '[', ']', '...', 12), bm25(papers_fts) AS rank "
            "FROM papers_fts JOIN papers p ON p.num = papers_fts.rowid WHERE papers_fts MATCH ?1 "
            "UNION ALL SELECT p.id, p.title, snippet(documents_fts, 0, '[', ']', '...', 12), bm25(documents_fts) "
            "FROM documents_fts JOIN documents d ON d.num = documents_fts.rowid JOIN papers p ON p.id = d.paper_id "
            "AND d.version = p.document_version WHERE documents_fts MATCH ?1 ORDER BY rank, 1",
            words,
        )
        hits: dict[str, dict[str, str]] = {}
        for paper_id, title, snippet, _ in rows:
            hits.setdefault(paper_id, {"paper_id": paper_id, "title": title, "snippet": snippet})
        return list(hits.values())[:limit]

    # --- candidates ------------------------------------------------------------------------------------------

    def replace_candidates(self, paper_id: str, version: int, reader: str, candidates: Sequence[Candidate]) -> None:
        """The machine layer of one reader for one version, as a whole; the same candidates change nothing."""
        mark = digest([digest(item) for item in candidates])
        with self.transaction():
            row = self._one(
                "SELECT id, digest FROM readings WHERE paper_id = ? AND version = ? AND reader = ?",
                paper_id, version, reader,
            )  # fmt: skip
            if row is not None and row[1] == mark:
                return
            if row is not None:
                self.db.conn.execute("DELETE FROM readings WHERE id = ?", [row[0]])
            reading = self.db.conn.execute(
                "INSERT INTO readings (paper_id, version, reader, digest) VALUES (?, ?, ?, ?)",
                [paper_id, version, reader, mark],
            ).lastrowid
            for position, item in enumerate(candidates):
                self._insert_candidate(reading, position, item)

    def drop_reading(self, paper_id: str, version: int, reader: str) -> None:
        """Take away what a reader said that is switched off now."""
        with self.transaction():
            self.db.conn.execute(
                "DELETE FROM readings WHERE paper_id = ? AND version = ? AND reader = ?", [paper_id, version, reader]
            )

    def _insert_candidate(self, reading: int | None, position: int, item: Candidate) -> None:
        candidate = self.db.conn.execute(
            "INSERT INTO candidates (reading_id, position, field, value, key, role, confidence, reader, "
            "attributes_json, features_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [reading, position, item.field, item.value, item.key, item.role, item.confidence, item.reader,
             as_json(item.attributes), as_json(item.features)],
        ).lastrowid  # fmt: skip
        self.db.conn.executemany(
            'INSERT INTO evidence (candidate_id, quote, page, section, start, "end", reader, source) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [[candidate, e.quote, e.page, e.section, e.start, e.end, e.reader, e.source] for e in item.evidence],
        )

    def candidates(self, paper_id: str, version: int | None = None) -> list[Candidate]:
        """All readers' candidates of a version; without a version of the newest that was extracted."""
        if version is None:
            row = self._one("SELECT max(version) FROM readings WHERE paper_id = ?", paper_id)
            version = row[0] if row else None
        rows = self._all(
            "SELECT c.id, c.field, c.value, c.role, c.attributes_json, c.reader, c.confidence, c.features_json "
            "FROM candidates c JOIN readings r ON r.id = c.reading_id WHERE r.paper_id = ? AND r.version = ? "
            "ORDER BY r.reader, c.position",
            paper_id, version,
        )  # fmt: skip
        proofs: dict[int, list[Evidence]] = {}
        for candidate_id, *values in self._all(
            'SELECT e.candidate_id, e.quote, e.page, e.section, e.start, e."end", e.reader, e.source FROM evidence e '
            "JOIN candidates c ON c.id = e.candidate_id JOIN readings r ON r.id = c.reading_id "
            "WHERE r.paper_id = ? AND r.version = ? ORDER BY e.id",
            paper_id, version,
        ):  # fmt: skip
            names = ("quote", "page", "section", "start", "end", "reader", "source")
            proofs.setdefault(candidate_id, []).append(Evidence(**dict(zip(names, values, strict=True))))
        return [
            Candidate(
                field=FieldName(field), value=value, role=Role(role), attributes=json.loads(attributes), reader=reader,
                confidence=confidence, features=json.loads(features), evidence=tuple(proofs.get(candidate_id, ())),
            )
            for candidate_id, field, value, role, attributes, reader, confidence, features in rows
        ]  # fmt: skip

    def save_extraction(self, paper_id: str, version: int, relevance: Relevance, findings: Sequence[Finding]) -> None:
        """What reading the full text says of the relevance, and what was doubtful."""
        with self.transaction():
            self.db.conn.execute(
                "UPDATE readings SET relevance_json = ?, findings_json = ? WHERE paper_id = ? AND version = ? "
                "AND reader = 'rules'",
                [as_json(relevance), as_json(list(findings)), paper_id, version],
            )

    def extraction(self, paper_id: str, version: int) -> tuple[Relevance | None, list[Finding]]:
        """The second look and the findings of a version."""
        row = self._one(
            "SELECT relevance_json, findings_json FROM readings "
            "WHERE paper_id = ? AND version = ? AND reader = 'rules'",
            paper_id, version,
        )  # fmt: skip
        if row is None:
            return None, []
        relevance = Relevance.model_validate_json(row[0]) if row[0] else None
        return relevance, list(models(Finding, row[1]))

    def quotes(self) -> Iterator[tuple[str, int, str, str, Evidence]]:
        """Every stored quote with its paper, version, field and value."""
        rows = self._all(
            'SELECT r.paper_id, r.version, c.field, c.value, e.quote, e.page, e.section, e.start, e."end", e.source '
            "FROM evidence e JOIN candidates c ON c.id = e.candidate_id JOIN readings r ON r.id = c.reading_id "
            "ORDER BY r.paper_id, r.version, e.id"
        )
        names = ("quote", "page", "section", "start", "end", "source")
        for paper_id, version, field, value, *proof in rows:
            yield paper_id, version, field, value, Evidence(**dict(zip(names, proof, strict=True)))
