-- Who needs care, and when somebody was last seen at a door, are asked on every start of Today: read from these alone.
CREATE INDEX resident_row_care ON resident_row (household, categories, birth) WHERE until IS NULL;
CREATE INDEX entry_row_seen ON entry_row (household, at_ms) WHERE kind = 'visit' AND outcome IN ('met', 'refused');
