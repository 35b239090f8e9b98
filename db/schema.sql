-- made by tools/make_schema.py from db/migrations; do not edit

CREATE TABLE "_migrations" (
   "name" TEXT PRIMARY KEY,
   "sha256" TEXT
);

CREATE TABLE candidates (
    id              INTEGER PRIMARY KEY,
    reading_id      INTEGER NOT NULL REFERENCES readings (id) ON DELETE CASCADE,
    position        INTEGER NOT NULL,
    field           TEXT NOT NULL,
    value           TEXT NOT NULL,
    key             TEXT NOT NULL,         -- value folded for comparison
    role            TEXT NOT NULL,
    confidence      REAL NOT NULL,
    reader          TEXT NOT NULL,         -- rule id and version, or prompt version and model
    attributes_json TEXT NOT NULL,
    features_json   TEXT NOT NULL
) STRICT;

CREATE TABLE counters (
    name TEXT NOT NULL,
    key  TEXT NOT NULL,
    n    INTEGER NOT NULL,
    PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE documents (
    num       INTEGER PRIMARY KEY,
    paper_id  TEXT NOT NULL,
    version   INTEGER NOT NULL,
    source    TEXT NOT NULL,               -- pdf, html or latex
    sha256    TEXT NOT NULL,               -- of the bytes
    reader    TEXT NOT NULL,
    pages     INTEGER NOT NULL,
    digest    TEXT NOT NULL,               -- of the whole Document as canonical JSON
    text      TEXT NOT NULL,               -- the one text that every evidence offset refers to
    rest_zlib BLOB NOT NULL,               -- everything but the text: zlib over canonical JSON
    UNIQUE (paper_id, version),
    FOREIGN KEY (paper_id, version) REFERENCES paper_versions (paper_id, version)
) STRICT;

CREATE VIRTUAL TABLE documents_fts USING fts5 (
    text, content = 'documents', content_rowid = 'num', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE entries (
    name       TEXT PRIMARY KEY,
    position   INTEGER NOT NULL,
    title      TEXT NOT NULL,
    released   TEXT,
    status     TEXT NOT NULL CHECK (status IN ('published', 'proposed')),
    entry_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
    id           INTEGER PRIMARY KEY,
    candidate_id INTEGER NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
    quote        TEXT NOT NULL,
    page         INTEGER,
    section      TEXT,
    start        INTEGER NOT NULL,         -- text[start:end] of the stored document is the quote (code points)
    "end"        INTEGER NOT NULL,
    reader       TEXT NOT NULL,
    source       TEXT NOT NULL             -- pdf, html, latex: the document; abstract, comment: the metadata
) STRICT;

CREATE TABLE link_checks (
    id     INTEGER PRIMARY KEY,
    url    TEXT NOT NULL,
    at     TEXT NOT NULL,
    is_ok  INTEGER NOT NULL CHECK (is_ok IN (0, 1)),
    status INTEGER,
    reason TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE links (
    url           TEXT PRIMARY KEY,
    state         TEXT NOT NULL CHECK (state IN ('ok', 'suspect', 'dead', 'unchecked')),
    failures      INTEGER NOT NULL DEFAULT 0,   -- in a row
    failing_since TEXT,                         -- day of the first of them
    last_ok       TEXT,
    last_checked  TEXT,
    status        INTEGER,
    reason        TEXT NOT NULL DEFAULT '',
    moved_to      TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE list_edits (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    list   TEXT NOT NULL,
    entry  TEXT NOT NULL,                  -- "": outside of all entries
    paper  TEXT,                           -- the entry's first paper, where it has one
    what   TEXT NOT NULL,                  -- entry, title, summary, authors, released, papers, link, figure, prose, text, order
    before TEXT NOT NULL,
    after  TEXT NOT NULL,
    at     TEXT NOT NULL
) STRICT;

CREATE TABLE list_exports (
    id     INTEGER PRIMARY KEY,
    list   TEXT NOT NULL,
    path   TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    data   BLOB NOT NULL,
    at     TEXT NOT NULL,
    UNIQUE (list, path)
) STRICT;

CREATE TABLE list_files (
    id   INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('manifest', 'credits')),
    data BLOB NOT NULL,
    UNIQUE (list, role)
) STRICT;

CREATE TABLE list_generations (
    list   TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (list, sha256)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_panels (
    list          TEXT NOT NULL,
    paper_id      TEXT NOT NULL REFERENCES papers (id),
    entry         TEXT NOT NULL,
    record_digest TEXT NOT NULL,
    generated     BLOB NOT NULL,
    prose_json    TEXT NOT NULL,
    PRIMARY KEY (list, paper_id)
) STRICT;

CREATE TABLE lists (
    name          TEXT PRIMARY KEY,
    sha256        TEXT NOT NULL,
    data          BLOB NOT NULL,           -- the imported file, byte for byte
    manifest_json TEXT NOT NULL,
    imported_at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE llm_cache (
    key           TEXT PRIMARY KEY,
    request_json  TEXT NOT NULL,
    response_json TEXT,
    status        TEXT NOT NULL,
    usage_in      INTEGER NOT NULL DEFAULT 0,
    usage_out     INTEGER NOT NULL DEFAULT 0,
    created_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE paper_versions (
    paper_id         TEXT NOT NULL REFERENCES papers (id),
    version          INTEGER NOT NULL CHECK (version >= 1),
    title            TEXT NOT NULL,
    updated          TEXT,
    first_seen       TEXT NOT NULL,        -- date of the version as its source says; the day of arrival where it says none
    withdrawn        INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    withdrawn_reason TEXT NOT NULL DEFAULT '',
    source           TEXT NOT NULL DEFAULT '',
    metadata_json    TEXT NOT NULL,
    content_sha256   TEXT,                 -- of the bytes that were read; NULL until fetched
    media_type       TEXT,
    source_format    TEXT,
    PRIMARY KEY (paper_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE papers (
    num              INTEGER PRIMARY KEY,  -- stable row number for full-text search; nothing else refers to it
    id               TEXT NOT NULL UNIQUE, -- arXiv id without version, local:<sha> or url:<sha>
    arxiv_id         TEXT,
    version          INTEGER NOT NULL,     -- newest version known
    title            TEXT NOT NULL,
    abstract         TEXT NOT NULL,
    authors_json     TEXT NOT NULL,
    categories_json  TEXT NOT NULL,
    published        TEXT,
    updated          TEXT,
    withdrawn        INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    withdrawn_reason TEXT NOT NULL DEFAULT '',
    document_version INTEGER,              -- newest version whose text is stored
    metadata_json    TEXT NOT NULL         -- newest version's metadata, blanks filled from older versions
) STRICT;

CREATE VIRTUAL TABLE papers_fts USING fts5 (
    title, abstract, content = 'papers', content_rowid = 'num', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE readings (
    id            INTEGER PRIMARY KEY,
    paper_id      TEXT NOT NULL,
    version       INTEGER NOT NULL,
    reader        TEXT NOT NULL,           -- "rules" or "llm"
    digest        TEXT NOT NULL,
    findings_json TEXT NOT NULL DEFAULT '[]',
    relevance_json TEXT,                   -- what reading the full text says of the relevance
    UNIQUE (paper_id, version, reader),
    FOREIGN KEY (paper_id, version) REFERENCES paper_versions (paper_id, version)
) STRICT;

CREATE TABLE records (
    paper_id    TEXT PRIMARY KEY REFERENCES papers (id),
    version     INTEGER NOT NULL,
    model_name  TEXT,
    label       TEXT NOT NULL,
    score       REAL NOT NULL,
    published   TEXT,
    digest      TEXT NOT NULL,
    record_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE relevance (
    paper_id     TEXT NOT NULL,
    version      INTEGER NOT NULL,
    label        TEXT NOT NULL CHECK (label IN ('model', 'maybe', 'no')),
    score        REAL NOT NULL,
    reasons_json TEXT NOT NULL,
    model        TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (paper_id, version),
    FOREIGN KEY (paper_id, version) REFERENCES paper_versions (paper_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE requests (
    id        INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    host      TEXT NOT NULL,
    method    TEXT NOT NULL,
    url       TEXT NOT NULL,
    status    INTEGER,                     -- NULL: no answer
    bytes     INTEGER NOT NULL,
    waited_s  REAL NOT NULL,               -- for the limiter
    elapsed_s REAL NOT NULL,
    error     TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE review_items (
    id                     TEXT PRIMARY KEY,
    paper_id               TEXT NOT NULL REFERENCES papers (id),
    field                  TEXT,
    key                    TEXT NOT NULL,
    value                  TEXT NOT NULL,
    reason                 TEXT NOT NULL,
    message                TEXT NOT NULL,
    priority               REAL NOT NULL,
    confidence             REAL,
    evidence_json          TEXT NOT NULL,
    previous               TEXT,
    previous_evidence_json TEXT NOT NULL,
    state                  TEXT NOT NULL CHECK (state IN ('open', 'deferred', 'resolved'))
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,
    started_at  TEXT NOT NULL,
    finished_at TEXT,
    status      TEXT NOT NULL CHECK (status IN ('running', 'done', 'degraded', 'failed', 'interrupted')),
    since       TEXT,
    until       TEXT,
    counts_json TEXT NOT NULL DEFAULT '{}',
    notes_json  TEXT NOT NULL DEFAULT '[]',
    owner       TEXT NOT NULL              -- host, process id and its start: tells a crashed run from a living one
) STRICT;

CREATE TABLE stage_ledger (
    paper_id    TEXT NOT NULL,
    version     INTEGER NOT NULL,
    stage       TEXT NOT NULL,
    input_hash  TEXT NOT NULL,
    code_hash   TEXT NOT NULL,
    output_hash TEXT,
    reason      TEXT,                      -- stable word of a failure
    message     TEXT,
    at          TEXT NOT NULL,
    PRIMARY KEY (paper_id, version, stage),
    CHECK ((output_hash IS NULL) <> (reason IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE triage_samples (
    paper_id TEXT PRIMARY KEY REFERENCES papers (id),
    week     TEXT NOT NULL,             -- ISO week, e.g. 2025-W23
    frame    INTEGER NOT NULL,          -- how many discarded papers the draw was made from
    label    TEXT CHECK (label IN ('model', 'no')) -- what the person said; NULL: not yet
) STRICT, WITHOUT ROWID;

CREATE TABLE verdicts (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    paper_id      TEXT NOT NULL REFERENCES papers (id),
    field         TEXT,                    -- NULL: the whole paper
    key           TEXT NOT NULL,
    action        TEXT NOT NULL CHECK (action IN ('accept', 'correct', 'reject', 'defer', 'duplicate', 'add')),
    value_json    TEXT NOT NULL,
    by            TEXT NOT NULL,
    at            TEXT NOT NULL,
    note          TEXT NOT NULL,
    evidence_json TEXT NOT NULL,
    undone        INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
    undone_at     TEXT
) STRICT;

CREATE TABLE vocabulary_additions (
    kind         TEXT NOT NULL,            -- which vocabulary: vision_encoders, datasets ...
    key          TEXT NOT NULL,
    name         TEXT NOT NULL,
    family       TEXT NOT NULL DEFAULT '',
    aliases_json TEXT NOT NULL DEFAULT '[]',
    paper_id     TEXT REFERENCES papers (id),
    by           TEXT NOT NULL,
    at           TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE watermarks (
    source TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX candidates_by_reading ON candidates (reading_id, position);

CREATE TRIGGER count_documents AFTER INSERT ON documents BEGIN
    INSERT INTO counters VALUES ('documents', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER count_papers AFTER INSERT ON papers BEGIN
    INSERT INTO counters VALUES ('papers', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER count_records AFTER INSERT ON records BEGIN
    INSERT INTO counters VALUES ('records', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
    INSERT INTO counters VALUES ('records.label', new.label, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER count_records_label AFTER UPDATE OF label ON records WHEN old.label IS NOT new.label BEGIN
    UPDATE counters SET n = n - 1 WHERE name = 'records.label' AND key = old.label;
    INSERT INTO counters VALUES ('records.label', new.label, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER count_review_new AFTER INSERT ON review_items BEGIN
    INSERT INTO counters VALUES ('review', new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    INSERT INTO counters VALUES ('review.reason.' || new.state, new.reason, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    INSERT INTO counters VALUES ('review.field.' || new.state, coalesce(new.field, ''), 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER count_review_state AFTER UPDATE OF state ON review_items WHEN old.state IS NOT new.state BEGIN
    UPDATE counters SET n = n - 1 WHERE name = 'review' AND key = old.state;
    UPDATE counters SET n = n - 1 WHERE name = 'review.reason.' || old.state AND key = old.reason;
    UPDATE counters SET n = n - 1 WHERE name = 'review.field.' || old.state AND key = coalesce(old.field, '');
    INSERT INTO counters VALUES ('review', new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    INSERT INTO counters VALUES ('review.reason.' || new.state, new.reason, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    INSERT INTO counters VALUES ('review.field.' || new.state, coalesce(new.field, ''), 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER count_verdicts AFTER INSERT ON verdicts BEGIN
    INSERT INTO counters VALUES ('verdicts', new.action, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER documents_fts_delete AFTER DELETE ON documents BEGIN
    INSERT INTO documents_fts (documents_fts, rowid, text) VALUES ('delete', old.num, old.text);
END;

CREATE TRIGGER documents_fts_insert AFTER INSERT ON documents BEGIN
    INSERT INTO documents_fts (rowid, text) VALUES (new.num, new.text);
END;

CREATE TRIGGER documents_fts_update AFTER UPDATE OF text ON documents WHEN old.text IS NOT new.text BEGIN
    INSERT INTO documents_fts (documents_fts, rowid, text) VALUES ('delete', old.num, old.text);
    INSERT INTO documents_fts (rowid, text) VALUES (new.num, new.text);
END;

CREATE INDEX entries_by_position ON entries (position);

CREATE INDEX evidence_by_candidate ON evidence (candidate_id);

CREATE INDEX link_checks_by_url ON link_checks (url, id);

CREATE INDEX list_edits_by_entry ON list_edits (list, entry, id);

CREATE TRIGGER list_edits_keep_content BEFORE UPDATE ON list_edits BEGIN
    SELECT RAISE (ABORT, 'edits are append-only');
END;

CREATE TRIGGER list_edits_keep_rows BEFORE DELETE ON list_edits BEGIN
    SELECT RAISE (ABORT, 'edits are append-only: they are never deleted');
END;

CREATE INDEX paper_versions_by_content ON paper_versions (content_sha256) WHERE content_sha256 IS NOT NULL;

CREATE INDEX papers_by_published ON papers (published);

CREATE TRIGGER papers_fts_delete AFTER DELETE ON papers BEGIN
    INSERT INTO papers_fts (papers_fts, rowid, title, abstract) VALUES ('delete', old.num, old.title, old.abstract);
END;

CREATE TRIGGER papers_fts_insert AFTER INSERT ON papers BEGIN
    INSERT INTO papers_fts (rowid, title, abstract) VALUES (new.num, new.title, new.abstract);
END;

CREATE TRIGGER papers_fts_update AFTER UPDATE OF title, abstract ON papers
WHEN old.title IS NOT new.title OR old.abstract IS NOT new.abstract BEGIN
    INSERT INTO papers_fts (papers_fts, rowid, title, abstract) VALUES ('delete', old.num, old.title, old.abstract);
    INSERT INTO papers_fts (rowid, title, abstract) VALUES (new.num, new.title, new.abstract);
END;

CREATE INDEX papers_withdrawn ON papers (id) WHERE withdrawn = 1;

CREATE INDEX requests_by_host ON requests (host, at);

CREATE INDEX requests_by_time ON requests (at);

CREATE INDEX review_items_live ON review_items (paper_id) WHERE state <> 'resolved';

CREATE INDEX review_items_open ON review_items (priority DESC, id) WHERE state = 'open';

CREATE INDEX review_items_open_field ON review_items (field, priority DESC, id) WHERE state = 'open';

CREATE INDEX review_items_open_reason ON review_items (reason, priority DESC, id) WHERE state = 'open';

CREATE INDEX runs_running ON runs (id) WHERE status = 'running';

CREATE INDEX stage_ledger_failures ON stage_ledger (stage, reason) WHERE reason IS NOT NULL;

CREATE INDEX triage_samples_week ON triage_samples (week);

CREATE INDEX verdicts_by_paper ON verdicts (paper_id, id);

CREATE TRIGGER verdicts_keep_content BEFORE UPDATE ON verdicts
WHEN old.undone = 1 OR new.undone = 0 OR new.undone_at IS NULL
    OR old.id IS NOT new.id OR old.paper_id IS NOT new.paper_id OR old.field IS NOT new.field
    OR old.key IS NOT new.key OR old.action IS NOT new.action OR old.value_json IS NOT new.value_json
    OR old.by IS NOT new.by OR old.at IS NOT new.at OR old.note IS NOT new.note
    OR old.evidence_json IS NOT new.evidence_json BEGIN
    SELECT RAISE (ABORT, 'verdicts are append-only: they can be undone once, nothing else');
END;

CREATE TRIGGER verdicts_keep_rows BEFORE DELETE ON verdicts BEGIN
    SELECT RAISE (ABORT, 'verdicts are append-only: they are never deleted');
END;

CREATE INDEX verdicts_on_whole_papers ON verdicts (paper_id, id) WHERE field IS NULL;
