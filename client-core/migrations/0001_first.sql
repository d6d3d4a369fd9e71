-- Why: the first form of a device's database. What the office has confirmed, what it has not, and what
-- the screens read.

-- Small things by name: identity, clock, actor, counter, cursor, reference data.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- The acknowledged base: one register for each document. `doc` is kind and id, 17 bytes.
-- A document that left scope keeps its row with its heads, and no register (`here` = 0).
CREATE TABLE document (
    doc      BLOB PRIMARY KEY,
    suffix   BLOB NOT NULL,               -- last five bytes of the id: how the wire names it
    here     INTEGER NOT NULL,
    leaving  INTEGER NOT NULL DEFAULT 0,  -- left every stream, and waits for its pending commands
    register BLOB,
    heads    BLOB NOT NULL,               -- 32 bytes each, sorted
    digest   BLOB NOT NULL                -- its number in the digests of streams
) WITHOUT ROWID;
CREATE INDEX document_suffix ON document (suffix);

-- The changes of the base, in an order in which they can be applied.
CREATE TABLE change (
    doc   BLOB NOT NULL,
    n     INTEGER NOT NULL,
    hash  BLOB NOT NULL,
    typed BLOB NOT NULL,
    PRIMARY KEY (doc, n)
) WITHOUT ROWID;

-- What the office has not confirmed: each command with what was meant.
CREATE TABLE outbox (
    n       INTEGER PRIMARY KEY AUTOINCREMENT,
    command BLOB NOT NULL UNIQUE,         -- 16 bytes
    stamp   BLOB NOT NULL,                -- who, when
    intent  TEXT NOT NULL,                -- JSON
    state   TEXT NOT NULL CHECK (state IN ('pending', 'waiting', 'rejected', 'quarantined')),
    code    INTEGER NOT NULL DEFAULT 0,   -- number of a permanent code, 0 if none
    reason  TEXT NOT NULL DEFAULT '',     -- the sentence for a person, if there is one
    in_full INTEGER NOT NULL DEFAULT 0,
    redone  INTEGER NOT NULL DEFAULT 0,   -- how often it was done again under a new actor
    at_ms   INTEGER NOT NULL
);
CREATE INDEX outbox_state ON outbox (state, n);

-- Its changes, in order. Those of pending and waiting commands lie over the base.
CREATE TABLE pending_change (
    command BLOB NOT NULL REFERENCES outbox (command) ON DELETE CASCADE,
    ord     INTEGER NOT NULL,
    doc     BLOB NOT NULL,
    hash    BLOB NOT NULL,
    typed   BLOB NOT NULL,
    PRIMARY KEY (command, ord)
) WITHOUT ROWID;
CREATE INDEX pending_change_doc ON pending_change (doc);

-- What the office has thanked for.
CREATE TABLE receipt (
    command BLOB PRIMARY KEY,
    counter INTEGER NOT NULL,             -- the request that it was confirmed in
    at_ms   INTEGER NOT NULL,
    intent  TEXT NOT NULL,
    checks  BLOB NOT NULL                 -- eight bytes over its (document, hash) pairs
) WITHOUT ROWID;
CREATE INDEX receipt_at ON receipt (at_ms);
CREATE TABLE receipt_signature (
    counter     INTEGER PRIMARY KEY,
    incarnation BLOB NOT NULL,
    checks      BLOB NOT NULL,            -- of all commands of that request, in order
    signature   BLOB NOT NULL
);

-- Keys of subjects. A key that this device made is not the office's before a command went with it.
CREATE TABLE subject_key (
    subject      BLOB NOT NULL,
    key_id       BLOB NOT NULL,
    secret       BLOB NOT NULL,
    acknowledged INTEGER NOT NULL,
    PRIMARY KEY (subject, key_id)
) WITHOUT ROWID;

-- Streams that this device follows, and the documents in them.
CREATE TABLE stream (
    stream        TEXT PRIMARY KEY,
    office_digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE stream_member (
    stream     TEXT NOT NULL,
    doc        BLOB NOT NULL,
    generation INTEGER NOT NULL,          -- of the fetch that last named it
    PRIMARY KEY (stream, doc)
) WITHOUT ROWID;
CREATE INDEX stream_member_doc ON stream_member (doc);

-- What the screens read. Ids are texts of UUIDs, dates are YYYY-MM-DD, times are milliseconds since 1970.
CREATE TABLE door_row (
    household      TEXT PRIMARY KEY,
    grid           TEXT,
    building       TEXT,
    building_name  TEXT NOT NULL,         -- '' where the reference data does not know the building
    unit           TEXT NOT NULL,         -- normal form; '' for none
    room           TEXT NOT NULL,
    floor          INTEGER,
    use            TEXT,                  -- as shown
    people_count   INTEGER,
    resident_count INTEGER NOT NULL DEFAULT 0,
    open_tickets   INTEGER NOT NULL DEFAULT 0,
    refusal        INTEGER NOT NULL DEFAULT 0,
    conflicts      INTEGER NOT NULL DEFAULT 0,
    last_visit_ms  INTEGER,
    last_outcome   TEXT,                  -- met, not_home, refused, clear, found
    pending        INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX door_row_place ON door_row (building_name, unit, floor, room);

CREATE TABLE resident_row (
    resident       TEXT PRIMARY KEY,
    household      TEXT,
    name           TEXT NOT NULL,         -- as shown; '' where never written
    name_initials  TEXT NOT NULL,         -- of the pinyin
    name_pinyin    TEXT NOT NULL,
    identity       TEXT,
    identity_last4 TEXT,
    phone          TEXT,
    phone_last4    TEXT,
    birth          TEXT,
    sex            TEXT,
    relation       TEXT,
    categories     TEXT,                  -- codes joined by ','
    until          TEXT,                  -- moved out on
    conflicts      INTEGER NOT NULL DEFAULT 0,
    pending        INTEGER NOT NULL DEFAULT 0,
    fields_json    TEXT NOT NULL          -- every field ever written: name -> {state, value, why, conflict}
) WITHOUT ROWID;
CREATE INDEX resident_row_household ON resident_row (household);
CREATE INDEX resident_row_initials ON resident_row (name_initials);
CREATE INDEX resident_row_phone ON resident_row (phone_last4);
CREATE INDEX resident_row_identity ON resident_row (identity_last4);

CREATE TABLE ticket_row (
    ticket      TEXT PRIMARY KEY,
    household   TEXT,
    building    TEXT,
    unit        TEXT,
    grid        TEXT,
    category    TEXT,
    size        TEXT,
    source      TEXT,
    text        TEXT,
    reporter    TEXT,
    reported_on TEXT,
    stage       INTEGER NOT NULL,         -- number of the stage
    is_open     INTEGER NOT NULL,
    due_on      TEXT,
    party       TEXT,
    opened_ms   INTEGER,
    updated_ms  INTEGER NOT NULL,
    conflicts   INTEGER NOT NULL DEFAULT 0,
    pending     INTEGER NOT NULL DEFAULT 0,
    state_json  TEXT NOT NULL             -- steps, flags, satisfaction; see project/ticket.rs
) WITHOUT ROWID;
CREATE INDEX ticket_row_household ON ticket_row (household);
CREATE INDEX ticket_row_open ON ticket_row (is_open, updated_ms);

CREATE TABLE entry_row (
    diary     TEXT NOT NULL,
    key       TEXT NOT NULL,
    worker    TEXT,
    grid      TEXT,
    diary_on  TEXT,                       -- the office's day
    kind      TEXT NOT NULL,              -- visit, call, patrol
    outcome   TEXT NOT NULL,
    household TEXT,
    building  TEXT,
    note      TEXT,
    at_ms     INTEGER NOT NULL,
    command   TEXT NOT NULL,
    pending   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (diary, key)
) WITHOUT ROWID;
CREATE INDEX entry_row_household ON entry_row (household, at_ms);
CREATE INDEX entry_row_day ON entry_row (worker, diary_on, at_ms);
