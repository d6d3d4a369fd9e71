-- Why: an office that was restored from a backup has lost what came after it. Until it says that a backup
-- has it, a device keeps the office's own signature over what it was given and thanked for, and can give
-- that back.
CREATE TABLE proof (
    n           INTEGER PRIMARY KEY,
    incarnation BLOB NOT NULL,            -- which life of the office signed
    digests     BLOB NOT NULL,            -- of commands, 32 bytes each, as they were signed
    signature   BLOB NOT NULL,
    life        BLOB NOT NULL,            -- the incarnation that `position` counts in
    position    INTEGER NOT NULL          -- of the office's log at that time
);
CREATE INDEX proof_position ON proof (life, position);
-- A command, or the part of it that came: the (document, hash) pairs that its digest is over.
CREATE TABLE proven_part (
    n       INTEGER PRIMARY KEY,
    proof   INTEGER NOT NULL REFERENCES proof (n) ON DELETE CASCADE,
    pairs   BLOB NOT NULL                 -- 49 bytes each
);
CREATE INDEX proven_part_proof ON proven_part (proof);
CREATE TABLE proven_change (
    doc  BLOB NOT NULL,
    hash BLOB NOT NULL,
    part INTEGER NOT NULL REFERENCES proven_part (n) ON DELETE CASCADE,
    PRIMARY KEY (doc, hash)
) WITHOUT ROWID;
CREATE INDEX proven_change_part ON proven_change (part);
-- Documents that the office asked back, and how many syncs have tried.
CREATE TABLE give_back (
    doc   BLOB PRIMARY KEY,
    tries INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
