-- Why: a base that does not come out as the office means it is dropped and fetched again. What it held that
-- perhaps this device alone can give back to a restored office must not go with it.
ALTER TABLE document ADD COLUMN redo INTEGER NOT NULL DEFAULT 0; -- 1: dropped; what lies over it is done again
ALTER TABLE proven_change ADD COLUMN given INTEGER NOT NULL DEFAULT 0; -- 1: this life of the office has it
CREATE TABLE put_by (
    n     INTEGER PRIMARY KEY,            -- an order in which they can be applied
    doc   BLOB NOT NULL,
    hash  BLOB NOT NULL,
    typed BLOB NOT NULL,
    UNIQUE (doc, hash),
    FOREIGN KEY (doc, hash) REFERENCES proven_change (doc, hash) ON DELETE CASCADE
);
