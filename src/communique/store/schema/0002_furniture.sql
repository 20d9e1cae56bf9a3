-- Version 2: the paragraphs that outlets print with story after story (reading/repeated.py).

CREATE TABLE furniture (
    outlet  TEXT NOT NULL,                -- as knowledge/repeated.py: outlet_of gives it
    key     INTEGER NOT NULL,             -- of the folded paragraph: key_of
    text    TEXT NOT NULL,                -- one example
    stories INTEGER NOT NULL,             -- in which it was counted
    counted INTEGER NOT NULL,             -- stories of the outlet that were counted
    refused INTEGER NOT NULL DEFAULT 0,   -- 1: the user wants it read as reporting
    PRIMARY KEY (outlet, key)
) WITHOUT ROWID;

-- From how many reports was learned so far. One row.
CREATE TABLE furniture_learned (reports INTEGER NOT NULL);
INSERT INTO furniture_learned VALUES (0);
