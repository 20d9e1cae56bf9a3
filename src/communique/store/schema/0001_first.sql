-- Version 1 of the catalogue: which parts make up the store, which reports they hold, what became of each input.
-- Times are UTC, ISO 8601, to the second.

-- A part is a folder parts/NAME with one Parquet file for each kind of row. Parts never change.
CREATE TABLE parts (
    name       TEXT PRIMARY KEY,
    shape      INTEGER NOT NULL,          -- version of the Parquet schemas (store/shapes.py)
    added      TEXT NOT NULL,
    superseded TEXT                       -- when compaction replaced it; NULL while the part is live
) WITHOUT ROWID;

CREATE TABLE files (
    part   TEXT NOT NULL REFERENCES parts (name) ON DELETE CASCADE,
    kind   TEXT NOT NULL CHECK (kind IN ('reports', 'events', 'statements', 'positions', 'traces')),
    rows   INTEGER NOT NULL,
    bytes  INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (part, kind)
) WITHOUT ROWID;

-- Every report that the store holds, and the live part that holds it.
CREATE TABLE reports (
    id   TEXT PRIMARY KEY,
    part TEXT NOT NULL REFERENCES parts (name)
) WITHOUT ROWID;

CREATE INDEX reports_by_part ON reports (part);

-- The ledger: what became of each input. A failed input has no report; when a later reading of it succeeds,
-- its line of failure goes.
CREATE TABLE inputs (
    origin    TEXT NOT NULL,              -- the file, folder member or address; '-' is standard input
    source_id TEXT NOT NULL DEFAULT '',   -- the input's own name within its origin
    report    TEXT NOT NULL DEFAULT '',
    outcome   TEXT NOT NULL CHECK (outcome IN ('coded', 'duplicate', 'failed')),
    stage     TEXT NOT NULL DEFAULT '',   -- where it failed, and why
    cause     TEXT NOT NULL DEFAULT '',
    attempts  INTEGER NOT NULL DEFAULT 1,
    at        TEXT NOT NULL,
    PRIMARY KEY (origin, source_id, report)
) WITHOUT ROWID;

CREATE INDEX failed_inputs ON inputs (at) WHERE outcome = 'failed';
