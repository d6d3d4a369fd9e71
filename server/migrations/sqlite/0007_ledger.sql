-- Why: a list of doors that a clerk comes back to is kept under a name. What the name says may be about somebody, so
-- it rests in the office's own box; the query holds nothing but filters.
CREATE TABLE ledger_view (
  id INTEGER PRIMARY KEY, made_by BLOB NOT NULL, made_ms INTEGER NOT NULL, name_sealed BLOB NOT NULL, query TEXT NOT NULL
);
