-- Version 5: inputs that were skipped, how each was read, and parts that were damaged.

-- What a reading was told beside its inputs, as JSON: the folder from which relative paths count, a day of publication.
-- Reading an input again asks for it.
CREATE TABLE readings (
    id  INTEGER PRIMARY KEY,
    how TEXT NOT NULL UNIQUE
);

-- A part of which a file is torn or missing is set aside: it is live no longer, its reports are lost until they are
-- coded again. What is left of its files stays until then.
ALTER TABLE parts ADD COLUMN damaged TEXT;  -- what is wrong with it, in a sentence; NULL for a whole part

CREATE TABLE lost (
    report TEXT PRIMARY KEY,
    part   TEXT NOT NULL REFERENCES parts (name)
) WITHOUT ROWID;

CREATE INDEX lost_by_part ON lost (part);

-- SQLite changes no CHECK in place.
CREATE TABLE new_inputs (
    origin    TEXT NOT NULL,              -- the file, folder member or address; '-' is standard input
    source_id TEXT NOT NULL DEFAULT '',   -- the input's own name within its origin
    report    TEXT NOT NULL DEFAULT '',   -- '' for an input that failed
    outcome   TEXT NOT NULL CHECK (outcome IN ('coded', 'duplicate', 'skipped', 'failed')),
    stage     TEXT NOT NULL DEFAULT '',   -- where it failed or was skipped, and why
    cause     TEXT NOT NULL DEFAULT '',
    attempts  INTEGER NOT NULL DEFAULT 1,
    at        TEXT NOT NULL,
    reading   INTEGER REFERENCES readings (id),
    PRIMARY KEY (origin, source_id, report)
) WITHOUT ROWID;

INSERT INTO new_inputs (origin, source_id, report, outcome, stage, cause, attempts, at)
SELECT origin, source_id, report, outcome, stage, cause, attempts, at FROM inputs;

DROP TABLE inputs;
ALTER TABLE new_inputs RENAME TO inputs;

-- What became of each input as things are now: one whose report was lost has failed, in the store.
CREATE VIEW ledger AS
SELECT
    origin, source_id, inputs.report AS report,
    iif(gone.report IS NULL, outcome, 'failed') AS outcome,
    iif(gone.report IS NULL, stage, 'store') AS stage,
    iif(gone.report IS NULL, cause, (SELECT damaged FROM parts WHERE name = gone.part)) AS cause,
    attempts, at, coalesce(how, '') AS how
FROM inputs
LEFT JOIN lost AS gone ON gone.report = inputs.report AND outcome IN ('coded', 'skipped')
LEFT JOIN readings ON readings.id = reading;
