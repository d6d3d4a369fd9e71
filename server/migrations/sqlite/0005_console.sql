-- Why: not everybody who signs in at the console may do everything. A grid leader's grids and a coordinator's
-- department are the roster's: the clerk's id is then the worker's.
ALTER TABLE clerk ADD COLUMN post TEXT NOT NULL DEFAULT 'clerk';
-- Why: what one device has had held back is looked up for each of its commands, and lists go on from a number.
CREATE INDEX quarantine_device ON quarantine (device, id);
CREATE INDEX quarantine_state ON quarantine (state, id);
