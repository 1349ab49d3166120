Temporary objects: they hide others, and are no part of the schema.

== a temporary table hides one of its name (V35)
CREATE TABLE t (a);
CREATE TEMP TABLE t (b);
ALTER TABLE t RENAME b TO c;
CREATE INDEX i ON t (c);
DROP TABLE t;
ALTER TABLE t ADD d;
CREATE TEMPORARY TABLE x (a);
CREATE INDEX ix ON x (a);
CREATE TRIGGER rx AFTER INSERT ON x BEGIN SELECT 1; END;
CREATE VIEW vx AS SELECT * FROM x;
CREATE TEMP TABLE main.y (a);
CREATE TEMP TABLE x (a);
CREATE TEMP TABLE IF NOT EXISTS x (a);
CREATE TRIGGER main.rm AFTER INSERT ON x BEGIN SELECT 1; END;
CREATE TEMP TRIGGER main.rm AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE INDEX temp.im ON t (a);

-- result
-- 11:19: refused: temporary table name must be unqualified
-- 12:19: refused: table x already exists
-- 14:40: refused: no such table: main.x
-- 15:21: refused: temporary trigger may not have qualified name
-- 16:25: refused: cannot create a TEMP index on non-TEMP table "t"
CREATE TABLE t (
    a,
    d
);
CREATE VIEW vx AS SELECT * FROM x;

== temporary views and triggers follow what they use, and block what they would break
CREATE TABLE t (a, b);
CREATE TEMP VIEW v AS SELECT a FROM t;
CREATE TEMP TRIGGER r AFTER INSERT ON t BEGIN SELECT new.a; END;
ALTER TABLE t RENAME a TO z;
ALTER TABLE t RENAME TO u;
ALTER TABLE u DROP z;
DROP VIEW temp.v;
DROP TRIGGER r;
ALTER TABLE u DROP z;

-- result
-- 6:13: refused: error in view v after drop column: no such column: z
CREATE TABLE u (
    b
);
