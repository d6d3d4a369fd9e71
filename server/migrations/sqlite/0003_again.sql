-- Why: when a device fetches everything again, the office shows for which reason.
ALTER TABLE device ADD COLUMN refetch_reason INTEGER NOT NULL DEFAULT 0;
