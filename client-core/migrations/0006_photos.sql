-- Why: photos of a matter are attached without signal and travel after the text, in pieces. Each rests here sealed,
-- beside how far the office has it, until a backup of the office has it too.
CREATE TABLE photo (
    n        INTEGER PRIMARY KEY,          -- the order in which they go
    hash     BLOB NOT NULL UNIQUE,         -- of the sealed bytes, 32 bytes
    id       BLOB NOT NULL,                -- 16 bytes, sealed with it
    ticket   TEXT NOT NULL,
    command  BLOB NOT NULL,                -- that names it: it does not go before that one
    size     INTEGER NOT NULL,             -- sealed bytes
    at_ms    INTEGER NOT NULL,
    have     INTEGER NOT NULL DEFAULT 0,   -- so many of them the office has,
    have_in  BLOB,                         -- in this life of it
    whole    INTEGER NOT NULL DEFAULT 0,   -- 1: and has found the hash right
    position INTEGER NOT NULL DEFAULT 0    -- of the office's log at that time
);
CREATE INDEX photo_ticket ON photo (ticket, n);
CREATE INDEX photo_command ON photo (command);
-- Apart, because what is noted of a photo changes with each piece, and the photo never.
CREATE TABLE photo_sealed (
    hash  BLOB PRIMARY KEY REFERENCES photo (hash) ON DELETE CASCADE,
    bytes BLOB NOT NULL
);
