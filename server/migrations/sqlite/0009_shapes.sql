-- Why: the office sees its grids and buildings as they lie, how long ago somebody was at each door, and what came when.
-- What a grid (kind 1) or a building (kind 2) looks like from above: a GeoJSON geometry in WGS84.
CREATE TABLE shape (place BLOB PRIMARY KEY, kind INTEGER NOT NULL, geometry TEXT NOT NULL, put_ms INTEGER NOT NULL);
-- A map file that a clerk looks through before it is taken, one for each clerk.
CREATE TABLE shape_draft (clerk BLOB PRIMARY KEY, text BLOB NOT NULL, put_ms INTEGER NOT NULL);
-- Visits (kind 1) at which somebody was at the door (outcome 2 is nobody): the last one of each door is asked for.
-- Indexes that hold every column of their question: a page that counts 200,000 entries answers in milliseconds.
CREATE INDEX diary_entry_met ON diary_entry (household, at_ms, kind, outcome) WHERE kind = 1 AND outcome <> 2;
-- What came from devices, by when it came.
CREATE INDEX command_received ON command (received_ms, outcome, device) WHERE device IS NOT NULL;
CREATE INDEX conflict_opened ON conflict (opened_ms);
CREATE INDEX conflict_decided ON conflict (decided_ms) WHERE decided_ms IS NOT NULL;
-- Matters by what they are about and where, and the open ones by when they are due.
CREATE INDEX ticket_about ON ticket (category, building, grid, stage, opened_ms, household);
CREATE INDEX ticket_age ON ticket (stage, due_on, opened_ms, building, grid, household);
