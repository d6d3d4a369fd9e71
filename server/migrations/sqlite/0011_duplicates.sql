-- Why: what is likely one thing twice is found after the merge. What each document has in common with others stands
-- in rows that a look-up joins; links lead from what is set aside to what is kept; what a clerk said of a pair stays.
-- Projections, made from documents: which document another one repeats, and what a document can be alike by.
CREATE TABLE same_as (doc BLOB PRIMARY KEY, other BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX same_as_other ON same_as (other);
CREATE TABLE likeness (
  doc BLOB NOT NULL, how INTEGER NOT NULL, value BLOB NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (doc, how, value)
) WITHOUT ROWID;
CREATE INDEX likeness_value ON likeness (how, value, at_ms);
-- What was said of a pair (the smaller document first), in order: linked, taken back, not the same, looked at again.
-- `seen` is what spoke for it then: only something new brings a pair back that is not the same.
CREATE TABLE duplicate_act (
  id INTEGER PRIMARY KEY, a BLOB NOT NULL, b BLOB NOT NULL, what TEXT NOT NULL, kept BLOB, seen BLOB NOT NULL,
  at_ms INTEGER NOT NULL, who TEXT NOT NULL
);
CREATE INDEX duplicate_act_pair ON duplicate_act (a, b, id);
