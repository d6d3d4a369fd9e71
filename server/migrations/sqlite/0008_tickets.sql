-- Why: matters are worked by day, stage, grid and department, and a page must not open twenty thousand of them to
-- find fifty. The new columns are made from the documents once, when the office is opened next.
ALTER TABLE ticket ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN large INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN party TEXT;
ALTER TABLE ticket ADD COLUMN department TEXT;
ALTER TABLE ticket ADD COLUMN due_by TEXT;
ALTER TABLE ticket ADD COLUMN joint INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN joint_since_ms INTEGER;
CREATE INDEX ticket_due ON ticket (is_open, due_by, opened_ms);
CREATE INDEX ticket_stage ON ticket (stage, due_by, opened_ms);
CREATE INDEX ticket_grid ON ticket (grid, is_open, due_by);
CREATE INDEX ticket_department ON ticket (department, is_open, due_by);
CREATE INDEX ticket_closed ON ticket (closed_ms);
CREATE INDEX ticket_joint ON ticket (joint_since_ms) WHERE joint = 1;
CREATE INDEX ticket_category_of ON ticket (category);
-- What a matter can be, and how many days it has unless somebody says otherwise.
CREATE TABLE ticket_category (name TEXT PRIMARY KEY, position INTEGER NOT NULL, days INTEGER) WITHOUT ROWID;
INSERT INTO ticket_category VALUES
  ('屋顶漏水', 1, 7), ('路灯损坏', 2, 3), ('噪音扰民', 3, 0), ('邻里纠纷', 4, 3), ('疫苗接种协助', 5, 0),
  ('老旧小区改造', 6, 15), ('环境卫生', 7, 0), ('安全隐患', 8, 0), ('物业服务', 9, 3), ('违章建筑', 10, 7),
  ('管网', 11, 3), ('道路', 12, 7), ('其他', 13, 3);
-- How long a matter may take. A long one needs the resident's consent.
CREATE TABLE ticket_term (days INTEGER PRIMARY KEY, label TEXT NOT NULL, consent INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO ticket_term VALUES (0, '当日', 0), (3, '3 天', 0), (7, '7 天', 0), (15, '15 天', 1);
