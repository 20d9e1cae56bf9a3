-- Version 1 of corrections.sqlite: what people said of records, and what was drawn at random for them to judge.
-- Lines are only ever added; of several about one record the last holds. Times are UTC, ISO 8601, to the second.

CREATE TABLE corrections (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order in which they came
    id      TEXT NOT NULL UNIQUE,
    action  TEXT NOT NULL CHECK (action IN ('accept', 'reject', 'amend', 'add', 'withdraw')),
    record  TEXT NOT NULL,
    report  TEXT NOT NULL,
    who     TEXT NOT NULL,
    at      TEXT NOT NULL,
    coder   TEXT NOT NULL,                      -- the program's version
    note    TEXT NOT NULL,
    was     TEXT,                               -- the record as it stood, as JSON; NULL for one that is added
    becomes TEXT                                -- the record as it should be; NULL where it is only judged
);

CREATE INDEX corrections_by_report ON corrections (report);
CREATE INDEX corrections_by_record ON corrections (record);

-- A draw of records at random, in which each stratum has `size` records in the store and gave some.
CREATE TABLE draws (
    id   TEXT PRIMARY KEY,
    seed INTEGER NOT NULL,
    who  TEXT NOT NULL,
    at   TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE strata (
    draw TEXT NOT NULL REFERENCES draws (id),
    name TEXT NOT NULL,                         -- kind, type and band of confidence, as in `event AID 0.6-0.8`
    size INTEGER NOT NULL,
    PRIMARY KEY (draw, name)
) WITHOUT ROWID;

CREATE TABLE drawn (
    draw    TEXT NOT NULL REFERENCES draws (id),
    place   INTEGER NOT NULL,                   -- the order in which they are judged
    stratum TEXT NOT NULL,
    record  TEXT NOT NULL,
    was     TEXT NOT NULL,                      -- the record as it was drawn, as JSON
    PRIMARY KEY (draw, place)
) WITHOUT ROWID;
