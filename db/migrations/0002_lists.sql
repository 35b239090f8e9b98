-- The list as people keep it: its side files, what was exported, which panels are ours, edits by hand, links.

-- The files beside a list, byte for byte.
CREATE TABLE list_files (
    id   INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('manifest', 'credits')),
    data BLOB NOT NULL,
    UNIQUE (list, role)
) STRICT;

-- What was last written to a place: the base of the next three-way merge.
CREATE TABLE list_exports (
    id     INTEGER PRIMARY KEY,
    list   TEXT NOT NULL,
    path   TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    data   BLOB NOT NULL,
    at     TEXT NOT NULL,
    UNIQUE (list, path)
) STRICT;

-- Every generation that we made: a file that is one of them holds no edit by hand.
CREATE TABLE list_generations (
    list   TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (list, sha256)
) STRICT, WITHOUT ROWID;

-- Panels that were made from a record: what the machine last wrote, to tell its words from a person's.
CREATE TABLE list_panels (
    list          TEXT NOT NULL,
    paper_id      TEXT NOT NULL REFERENCES papers (id),
    entry         TEXT NOT NULL,
    record_digest TEXT NOT NULL,
    generated     BLOB NOT NULL,
    prose_json    TEXT NOT NULL,
    PRIMARY KEY (list, paper_id)
) STRICT;

-- Edits by hand, append-only: the human layer of the list.
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
CREATE INDEX list_edits_by_entry ON list_edits (list, entry, id);
CREATE TRIGGER list_edits_keep_content BEFORE UPDATE ON list_edits BEGIN
    SELECT RAISE (ABORT, 'edits are append-only');
END;
CREATE TRIGGER list_edits_keep_rows BEFORE DELETE ON list_edits BEGIN
    SELECT RAISE (ABORT, 'edits are append-only: they are never deleted');
END;

-- Whole-paper verdicts: which papers wait to become entries, without reading every verdict.
CREATE INDEX verdicts_on_whole_papers ON verdicts (paper_id, id) WHERE field IS NULL;

-- The state of each link of the list, and the checks that led to it.
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
CREATE TABLE link_checks (
    id     INTEGER PRIMARY KEY,
    url    TEXT NOT NULL,
    at     TEXT NOT NULL,
    is_ok  INTEGER NOT NULL CHECK (is_ok IN (0, 1)),
    status INTEGER,
    reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX link_checks_by_url ON link_checks (url, id);
