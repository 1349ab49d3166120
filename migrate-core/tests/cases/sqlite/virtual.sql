Virtual tables, kept as text; their shadow tables are known by name.

== full text
CREATE VIRTUAL TABLE f USING fts5 (title, body);
CREATE TABLE f_data (a);
CREATE INDEX i ON f (title);
CREATE TRIGGER r AFTER INSERT ON f BEGIN SELECT 1; END;
CREATE TABLE docs (id INTEGER PRIMARY KEY, title);
CREATE TRIGGER dt AFTER INSERT ON docs BEGIN INSERT INTO f (title) VALUES (new.title); END;
CREATE VIEW fv AS SELECT title, rank FROM f WHERE f MATCH 'x';
ALTER TABLE docs RENAME title TO name;
ALTER TABLE f ADD x;
ALTER TABLE f RENAME title TO x;
ALTER TABLE f DROP title;
ALTER TABLE f RENAME TO g;
DROP VIEW fv;
ALTER TABLE f RENAME TO g;
CREATE VIRTUAL TABLE IF NOT EXISTS g USING fts5 (x);
CREATE VIRTUAL TABLE g USING fts5 (x);
CREATE VIRTUAL TABLE h;

-- result
-- 2:14: refused: table f_data already exists
-- 3:19: refused: virtual tables may not be indexed
-- 4:34: refused: cannot create triggers on virtual tables
-- 9:13: refused: virtual tables may not be altered
-- 10:13: refused: cannot rename columns of virtual table "f"
-- 11:13: refused: cannot drop column from virtual table "f"
-- 12:13: refused: error in view fv after rename: no such column: f
-- 16:22: refused: table g already exists
-- 17:23: refused: incomplete input
CREATE TABLE docs (
    id INTEGER PRIMARY KEY,
    name
);
CREATE VIRTUAL TABLE "g" USING fts5 (title, body);
CREATE TRIGGER dt AFTER INSERT ON docs BEGIN INSERT INTO "g" (title) VALUES (new.name); END;

== statistics and full text add nothing of their own (V37)
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a);
CREATE INDEX i ON t (a);
INSERT INTO t (a) VALUES (1);
ANALYZE;
CREATE VIRTUAL TABLE f USING fts5(a);
DROP TABLE f;

-- result
-- 3: Data
-- 4: None
CREATE TABLE t (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a
);
CREATE INDEX i ON t (a);
