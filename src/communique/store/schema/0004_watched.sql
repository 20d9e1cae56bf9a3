-- Version 4: what `communique watch` follows, and how far it is. Times are UTC, ISO 8601, to the second; '' is never.

-- An address that is followed: a feed, a sitemap, a list of articles.
CREATE TABLE watched (
    address    TEXT PRIMARY KEY,
    began      TEXT NOT NULL,
    checked    TEXT NOT NULL DEFAULT '',  -- when it was last looked at, with or without success
    looked     TEXT NOT NULL DEFAULT '',  -- when it was last looked at with success
    not_before TEXT NOT NULL DEFAULT '',  -- set when it failed: not looked at again before this
    failures   INTEGER NOT NULL DEFAULT 0,  -- in a row
    cause      TEXT NOT NULL DEFAULT '',
    gone       INTEGER NOT NULL DEFAULT 0   -- its host says that it will not come back
) WITHOUT ROWID;

-- A document of a watched address: itself, or a list that it names. It has its line once all that it names is noted.
CREATE TABLE watched_documents (
    address  TEXT PRIMARY KEY,
    parent   TEXT NOT NULL,             -- the document that names it; '' for a watched address
    stamp    TEXT NOT NULL,             -- when its parent says that it changed last
    etag     TEXT NOT NULL,
    modified TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX watched_documents_by_parent ON watched_documents (parent);

-- Every report that a watched address named. It is pending until the ledger has what became of it.
CREATE TABLE watched_entries (
    address    TEXT PRIMARY KEY,
    source     TEXT NOT NULL,           -- the watched address
    stamp      TEXT NOT NULL,           -- when it changed last, as its source says
    title      TEXT NOT NULL,
    published  TEXT NOT NULL,
    outlet     TEXT NOT NULL,
    language   TEXT NOT NULL,
    text       TEXT NOT NULL,           -- the report, where its source carries it, until it is read
    fault      TEXT NOT NULL,
    noted      TEXT NOT NULL,
    pending    INTEGER NOT NULL,
    lines      INTEGER NOT NULL,        -- of the ledger that it had when it was noted: one more, and it is read
    changes    INTEGER NOT NULL DEFAULT 0,  -- times that it was to be read again
    attempts   INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

CREATE INDEX pending_entries ON watched_entries (not_before, noted) WHERE pending;
