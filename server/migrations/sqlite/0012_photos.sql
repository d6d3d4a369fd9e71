-- Why: photos of matters come after their records, in pieces, and rest beside the database. Lists and the day close
-- have to know which are still to come without looking into every document or folder.
CREATE TABLE photo (
  ticket BLOB NOT NULL, key TEXT NOT NULL, hash BLOB NOT NULL, photo BLOB NOT NULL, size INTEGER NOT NULL,
  stage INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  worker BLOB NOT NULL, PRIMARY KEY (ticket, key)
) WITHOUT ROWID;
CREATE INDEX photo_hash ON photo (hash);
-- What has come of each: from which device, and since when it is whole.
CREATE TABLE photo_come (
  hash BLOB PRIMARY KEY, device BLOB NOT NULL, begun_ms INTEGER NOT NULL, whole_ms INTEGER
) WITHOUT ROWID;
CREATE INDEX photo_come_device ON photo_come (device) WHERE whole_ms IS NULL;
-- Who looked at the photos of which matter not long ago is asked with every picture of a page.
CREATE INDEX audit_photos ON audit (who, subject, at_ms) WHERE what = 'read_photos';
