-- Why: what a worker had shown on a device is told by the device, and told again until it is thanked for: each look
-- stands once in the audit. A device that says too much on one day is only counted from there on.
CREATE TABLE look (
  worker BLOB NOT NULL, id BLOB NOT NULL, PRIMARY KEY (worker, id)
) WITHOUT ROWID;
CREATE TABLE look_day (
  device BLOB NOT NULL, day TEXT NOT NULL, noted INTEGER NOT NULL DEFAULT 0, beyond INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (device, day)
) WITHOUT ROWID;
