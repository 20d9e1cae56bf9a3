-- Version 3: which reports are copies of one story (docs/explanation/stories.md).

-- What is kept of each report's words to find its copies. `seq` is the order in which the reports came.
CREATE TABLE told (
    seq       INTEGER PRIMARY KEY,
    report    TEXT NOT NULL,
    story     TEXT NOT NULL,
    first     INTEGER NOT NULL,           -- the seq of the story's first report
    published TEXT NOT NULL,
    likeness  BLOB NOT NULL               -- reading/likeness.py: Likeness.packed
);

-- Where copies meet: rows of the index by the keys of a likeness. New rows go into a small table and are moved, some
-- at every commit and in the order of the keys, into the large one, so that few of its pages are touched.
CREATE TABLE story_keys_new (key INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, seq)) WITHOUT ROWID;
CREATE TABLE story_keys (key INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, seq)) WITHOUT ROWID;

-- The key at which moving goes on. One row.
CREATE TABLE story_keys_moved (next INTEGER NOT NULL);
INSERT INTO story_keys_moved VALUES (0);
