-- Why: a document that leaves its device's scope goes. Until a backup has what the office had signed of it, an
-- office that loses its disk may have nobody else to ask. Its proven changes are put by; its keys are boxed to
-- the office, so that nobody can read here what is no longer this device's.
CREATE TABLE put_away (
    doc  BLOB PRIMARY KEY,
    keys BLOB NOT NULL                    -- the box; empty if it had no keys
) WITHOUT ROWID;
