-- Version 6: where copies meet is kept in sorted runs (src/communique/store/runs.py), so that it stays as fast as it was.

-- A run: pairs of a key and a report's `seq`, in order. Later runs hold later reports. Numbers are never given again:
-- a writer knows by them which runs it has seen.
CREATE TABLE story_runs (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    pairs  INTEGER NOT NULL,
    start  INTEGER NOT NULL,              -- the id of its first chunk; the others follow
    chunks INTEGER NOT NULL,
    firsts BLOB NOT NULL,                 -- the first key of each chunk, 64 bits each
    filter BLOB NOT NULL                  -- a Bloom filter of its keys
);

-- Pieces of runs: keys (64 bits) each with a seq (32 bits), little-endian.
CREATE TABLE story_chunks (
    id    INTEGER PRIMARY KEY,
    pairs BLOB NOT NULL
);

-- What version 3 kept instead (story_keys and others) is carried over and dropped by the next writer; SQL cannot pack it.
