-- Every start of Today asks who needs care, who has a birthday and what is in conflict: read from these, not from whole rows.
ALTER TABLE door_row ADD COLUMN last_seen_ms INTEGER; -- when a visit last found somebody, whether they would talk or not
UPDATE door_row SET last_seen_ms = (SELECT max(at_ms) FROM entry_row
  WHERE entry_row.household = door_row.household AND kind = 'visit' AND outcome IN ('met', 'refused'));
CREATE INDEX door_row_care ON door_row (household, last_seen_ms, refusal, use);
CREATE INDEX resident_row_care ON resident_row (household, categories, birth) WHERE until IS NULL AND categories IS NOT NULL;
CREATE INDEX resident_row_birth ON resident_row (birth, household) WHERE until IS NULL;
CREATE INDEX door_row_conflicts ON door_row (household) WHERE conflicts > 0;
CREATE INDEX resident_row_conflicts ON resident_row (resident) WHERE conflicts > 0;
CREATE INDEX ticket_row_conflicts ON ticket_row (ticket) WHERE conflicts > 0;
CREATE INDEX resident_row_birthday ON resident_row (substr(birth, 5)) WHERE until IS NULL; -- -MM-DD
CREATE INDEX door_row_not_home ON door_row (last_visit_ms, household) WHERE last_outcome = 'not_home' AND refusal = 0;
CREATE INDEX entry_row_tries ON entry_row (household, outcome, at_ms, key);
