-- Papers that triage discarded and that were put before a person, to estimate how many model papers are missed.
CREATE TABLE triage_samples (
    paper_id TEXT PRIMARY KEY REFERENCES papers (id),
    week     TEXT NOT NULL,             -- ISO week, e.g. 2025-W23
    frame    INTEGER NOT NULL,          -- how many discarded papers the draw was made from
    label    TEXT CHECK (label IN ('model', 'no')) -- what the person said; NULL: not yet
) STRICT, WITHOUT ROWID;
CREATE INDEX triage_samples_week ON triage_samples (week);
