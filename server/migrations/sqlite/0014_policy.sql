-- Why: a device with another version of the table of policies may show another value of a disputed field than the office
-- does, until its app is brought up to date. The office has to see which devices those are.
ALTER TABLE device ADD COLUMN policy_version INTEGER;
