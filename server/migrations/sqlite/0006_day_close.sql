-- Why: the books of a day are closed by a record that nobody can change afterwards: numbered, signed, and bound to
-- the one before it. Reopening a day is one more record.
CREATE TABLE day_record (
  number INTEGER PRIMARY KEY, day TEXT NOT NULL, kind INTEGER NOT NULL, signed_ms INTEGER NOT NULL,
  signed_by BLOB NOT NULL, record BLOB NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL, notes_sealed BLOB
);
CREATE INDEX day_record_day ON day_record (day, number);
-- Why: a day asks for what was done on it, among years of it.
CREATE INDEX command_at ON command (at_ms);
CREATE INDEX diary_entry_at ON diary_entry (at_ms);
