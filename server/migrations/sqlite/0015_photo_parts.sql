-- Why: what comes of a photo is kept for each device that brings it, so that one that brings wrong bytes hinders no
-- other. And a photo of which nothing has come for long will not come to its end: its phone was lost, or its record put
-- away; what lies there of it takes room, and a place among those that its device may have begun.
CREATE TABLE photo_part (
  hash BLOB NOT NULL, device BLOB NOT NULL, moved_ms INTEGER NOT NULL, PRIMARY KEY (hash, device)
) WITHOUT ROWID;
CREATE INDEX photo_part_device ON photo_part (device);
CREATE INDEX photo_part_moved ON photo_part (moved_ms);
INSERT INTO photo_part SELECT hash, device, begun_ms FROM photo_come WHERE whole_ms IS NULL;
DROP INDEX photo_come_device;
-- Photos that held commands name: their phone may bring them, whoever has it by now.
CREATE TABLE photo_held (
  hash BLOB NOT NULL, command BLOB NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (hash, command)
) WITHOUT ROWID;
