-- Review in bulk: what a rule was previewed to decide and what it decided, so that one run can be taken back whole;
-- why what was held back was put away; and since when a device has been in touch without a break, so that a
-- session of several requests does not make an author look as if he had had signal all the time.
CREATE TABLE bulk (
  id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL, rule TEXT NOT NULL, filters TEXT NOT NULL,
  previewed_ms INTEGER NOT NULL, previewed_by TEXT NOT NULL, decided_ms INTEGER, decided_by TEXT
);
CREATE INDEX bulk_token ON bulk (token);
CREATE TABLE bulk_item (
  bulk INTEGER NOT NULL, conflict INTEGER NOT NULL, seen TEXT NOT NULL, label TEXT NOT NULL, decision_key TEXT,
  PRIMARY KEY (bulk, conflict)
) WITHOUT ROWID;
CREATE INDEX conflict_event_of ON conflict_event (conflict, id);
ALTER TABLE quarantine ADD COLUMN settled_ms INTEGER;
ALTER TABLE quarantine ADD COLUMN settled_by TEXT;
ALTER TABLE quarantine ADD COLUMN reason TEXT;
ALTER TABLE quarantine ADD COLUMN note_sealed BLOB;
ALTER TABLE device ADD COLUMN run_started_ms INTEGER;
