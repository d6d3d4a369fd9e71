-- Why: a document that is no longer this device's leaves, and with it the names of its door and people.
-- A refused or held command that was about it is still shown in words.
CREATE TABLE outbox_words (
    command BLOB PRIMARY KEY REFERENCES outbox (command) ON DELETE CASCADE,
    place   TEXT,
    about   TEXT
) WITHOUT ROWID;
