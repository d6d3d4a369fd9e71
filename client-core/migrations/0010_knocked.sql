-- A call is no knock: how a door was last found is what the last visit says. Before, an unanswered call made a door where
-- somebody had been met one to knock at again, and an answered one made a door "met" where nobody had ever been.
UPDATE door_row SET
  last_visit_ms = (SELECT max(at_ms) FROM entry_row WHERE entry_row.household = door_row.household AND kind = 'visit'),
  last_outcome = (SELECT outcome FROM entry_row WHERE entry_row.household = door_row.household AND kind = 'visit'
                  ORDER BY at_ms DESC, key DESC LIMIT 1);
