-- Why: the office counts the trainings of its staff and who of the roster was there, and each worker sees the own ones.
-- A day is written so that the order of days is the order of their texts.
CREATE TABLE training (
  id BLOB PRIMARY KEY, on_day TEXT NOT NULL, topic TEXT NOT NULL, made_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX training_day ON training (on_day);
CREATE TABLE training_worker (
  training BLOB NOT NULL REFERENCES training (id) ON DELETE CASCADE, worker BLOB NOT NULL,
  PRIMARY KEY (training, worker)
) WITHOUT ROWID;
CREATE INDEX training_of ON training_worker (worker);
