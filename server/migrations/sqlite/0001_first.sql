-- The first shape: log, documents, streams, people, review, projections. Never edited after a release.
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

-- Places. The office owns them; a number is an attribute, never a key.
CREATE TABLE grid (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, grid_type TEXT, code TEXT NOT NULL, quota INTEGER,
  position INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE building (id BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE, grid BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE micro_grid (
  id BLOB PRIMARY KEY, grid BLOB NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE micro_grid_building (building BLOB PRIMARY KEY, micro_grid BLOB NOT NULL) WITHOUT ROWID;

-- Staff. Names, phones and birth dates are sealed under the worker's own key.
CREATE TABLE worker (
  id BLOB PRIMARY KEY, role INTEGER NOT NULL, name BLOB NOT NULL, name_blind BLOB NOT NULL, phone BLOB,
  born_on BLOB, sex TEXT, department TEXT, appointed_on TEXT, import_key BLOB UNIQUE
) WITHOUT ROWID;
CREATE INDEX worker_name ON worker (name_blind);
-- Which worker had which grid, from when until when (milliseconds; until open = still).
CREATE TABLE worker_grid (
  worker BLOB NOT NULL, grid BLOB NOT NULL, since_ms INTEGER NOT NULL, until_ms INTEGER,
  PRIMARY KEY (worker, grid, since_ms)
) WITHOUT ROWID;
CREATE TABLE enrol_code (
  code_hash BLOB PRIMARY KEY, worker BLOB NOT NULL, created_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,
  used_ms INTEGER
) WITHOUT ROWID;
CREATE TABLE device (
  id BLOB PRIMARY KEY, worker BLOB NOT NULL, role INTEGER NOT NULL, verify_key BLOB NOT NULL, box_key BLOB NOT NULL,
  enrolled_ms INTEGER NOT NULL, revoked_ms INTEGER, counter INTEGER NOT NULL DEFAULT 0,
  last_contact_ms INTEGER, pending_count INTEGER NOT NULL DEFAULT 0, app_version TEXT NOT NULL DEFAULT '',
  skew_ms INTEGER NOT NULL DEFAULT 0, refetch_count INTEGER NOT NULL DEFAULT 0, previous_contact_ms INTEGER
) WITHOUT ROWID;
CREATE TABLE actor (actor BLOB PRIMARY KEY, device BLOB NOT NULL) WITHOUT ROWID;

-- Keys of people, doors, matters, diaries and staff, wrapped under the community's key file.
CREATE TABLE subject_key (
  subject BLOB NOT NULL, key_id BLOB NOT NULL, wrapped BLOB NOT NULL, PRIMARY KEY (subject, key_id)
) WITHOUT ROWID;

-- Documents. A change is stored once; `id` is the order in which changes were taken.
CREATE TABLE document (
  doc BLOB PRIMARY KEY, kind INTEGER NOT NULL, suffix BLOB NOT NULL, register BLOB NOT NULL, digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX document_suffix ON document (kind, suffix);
CREATE TABLE change (
  id INTEGER PRIMARY KEY, doc BLOB NOT NULL, hash BLOB NOT NULL, command BLOB NOT NULL, stored BLOB NOT NULL,
  UNIQUE (doc, hash)
);
CREATE INDEX change_command ON change (command);
-- What became of every command that was ever taken or turned away. `check_bytes` tells a repeat from a fork.
CREATE TABLE command (
  id BLOB NOT NULL, check_bytes BLOB NOT NULL, device BLOB, worker BLOB NOT NULL, outcome INTEGER NOT NULL,
  code INTEGER NOT NULL, at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, offline_since_ms INTEGER,
  PRIMARY KEY (id, check_bytes)
) WITHOUT ROWID;

-- Streams: numbers without gaps, taken last inside the transaction.
CREATE TABLE stream (
  id TEXT PRIMARY KEY, epoch INTEGER NOT NULL, next_seq INTEGER NOT NULL, digest BLOB NOT NULL
) WITHOUT ROWID;
-- kind: 1 a change, 2 a document came in, 3 a document left, 4 a key came.
CREATE TABLE entry (
  stream TEXT NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL, doc BLOB NOT NULL, change INTEGER,
  PRIMARY KEY (stream, seq)
) WITHOUT ROWID;
CREATE TABLE member (
  ord INTEGER PRIMARY KEY, stream TEXT NOT NULL, doc BLOB NOT NULL, since_seq INTEGER NOT NULL, UNIQUE (stream, doc)
);
CREATE INDEX member_doc ON member (doc);
CREATE INDEX member_stream ON member (stream, ord);

-- What was held back, whole, with the reason.
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY, command BLOB NOT NULL, device BLOB NOT NULL, worker BLOB NOT NULL, code INTEGER NOT NULL,
  docs BLOB NOT NULL, command_stored BLOB NOT NULL, keys_wrapped BLOB NOT NULL, received_ms INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'held', UNIQUE (command, command_stored)
);

-- Conflicts: at most one open record for each document and place.
CREATE TABLE conflict (
  id INTEGER PRIMARY KEY, doc BLOB NOT NULL, container INTEGER NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL,
  opened_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, policy_version INTEGER NOT NULL, candidates BLOB NOT NULL,
  decided_by TEXT, decided_ms INTEGER, decision_key TEXT
);
CREATE UNIQUE INDEX conflict_open ON conflict (doc, container, key) WHERE state = 'open';
CREATE INDEX conflict_doc ON conflict (doc);
CREATE TABLE conflict_event (
  id INTEGER PRIMARY KEY, conflict INTEGER NOT NULL, at_ms INTEGER NOT NULL, what TEXT NOT NULL, who TEXT
);

-- The console's people, their sessions, and every look and decision.
CREATE TABLE clerk (
  login TEXT PRIMARY KEY, id BLOB NOT NULL, password_hash TEXT NOT NULL, created_ms INTEGER NOT NULL,
  failed_count INTEGER NOT NULL DEFAULT 0, locked_until_ms INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE session (token_hash BLOB PRIMARY KEY, login TEXT NOT NULL, expires_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, subject BLOB, hash BLOB NOT NULL
);

-- Projections: rows for lists and look-ups. Made from registers; can be rebuilt at any time.
CREATE TABLE door (
  household BLOB PRIMARY KEY, building BLOB NOT NULL, unit TEXT NOT NULL, room TEXT NOT NULL, use TEXT,
  refused INTEGER NOT NULL, conflict_count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX door_place ON door (building, unit, room);
CREATE TABLE resident (
  resident BLOB PRIMARY KEY, household BLOB, moved_out INTEGER NOT NULL, conflict_count INTEGER NOT NULL,
  refused_fields TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX resident_household ON resident (household);
CREATE TABLE ticket (
  ticket BLOB PRIMARY KEY, grid BLOB, building BLOB, household BLOB, category TEXT, size TEXT, stage INTEGER NOT NULL,
  due_on TEXT, opened_ms INTEGER, closed_ms INTEGER, conflict_count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ticket_household ON ticket (household);
CREATE TABLE diary_entry (
  diary BLOB NOT NULL, key TEXT NOT NULL, worker BLOB NOT NULL, grid BLOB, kind INTEGER NOT NULL,
  outcome INTEGER NOT NULL, household BLOB, at_ms INTEGER NOT NULL, PRIMARY KEY (diary, key)
) WITHOUT ROWID;
CREATE INDEX diary_entry_door ON diary_entry (household, at_ms);
CREATE TABLE blind (
  subject BLOB NOT NULL, kind INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY (subject, kind, value)
) WITHOUT ROWID;
CREATE INDEX blind_value ON blind (kind, value);
-- Rows of a book that have become documents, so that importing twice adds nothing.
CREATE TABLE import_key (key BLOB PRIMARY KEY, doc BLOB NOT NULL) WITHOUT ROWID;
