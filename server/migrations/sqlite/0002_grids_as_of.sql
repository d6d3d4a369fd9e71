-- Why: after a re-division, what was done before it is judged by the grids of its own time.
-- Which grid a building had, from when until when (milliseconds; until open = still).
CREATE TABLE building_grid (
  building BLOB NOT NULL, grid BLOB NOT NULL, since_ms INTEGER NOT NULL, until_ms INTEGER,
  PRIMARY KEY (building, since_ms)
) WITHOUT ROWID;
INSERT INTO building_grid SELECT id, grid, 0, NULL FROM building;
