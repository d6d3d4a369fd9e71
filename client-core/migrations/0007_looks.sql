-- Why: whoever has a masked value shown is written down before it is shown. The row stays until the office has it in
-- its audit, and some time beyond: the same look again, a moment later, is the same look; and an office that comes
-- back from a backup may have to be told again.
CREATE TABLE look (
    n        INTEGER PRIMARY KEY,          -- the order in which they go
    id       BLOB NOT NULL UNIQUE,         -- 16 random bytes
    doc      BLOB NOT NULL,                -- key of the document, 17 bytes
    fields   TEXT NOT NULL,                -- names of the fields that were shown, with commas between
    worker   BLOB NOT NULL,
    at_ms    INTEGER NOT NULL,             -- by the office's clock as far as it was known
    there_in BLOB,                         -- this life of the office has it
    position INTEGER NOT NULL DEFAULT 0    -- of the office's log at that time
);
CREATE INDEX look_doc ON look (doc, at_ms);
