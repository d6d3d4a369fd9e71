-- Why: whoever was removed from the console is still called by the name under which decisions were made; and the
-- audit, which only grows, is asked for by person, by deed and by day.
CREATE TABLE clerk_gone (id BLOB PRIMARY KEY, login TEXT NOT NULL, removed_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX audit_who ON audit (who, id);
CREATE INDEX audit_what ON audit (what, id);
CREATE INDEX audit_at ON audit (at_ms);
