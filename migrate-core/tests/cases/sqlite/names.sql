Name spaces, IF EXISTS, what is looked at when.

== tables, views and indexes share a space, triggers have their own (V27)
CREATE TABLE t (a);
CREATE INDEX I ON t (a);
CREATE TABLE i (x);
CREATE VIEW i AS SELECT 1;
CREATE VIEW T AS SELECT 1;
CREATE INDEX t ON t (a);
CREATE TRIGGER t AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE TRIGGER T AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE TABLE t2 (a);
ALTER TABLE t2 RENAME TO i;
ALTER TABLE t2 RENAME TO T;

-- result
-- 3:14: refused: there is already an index named i
-- 4:13: refused: there is already an index named i
-- 5:13: refused: table T already exists
-- 6:14: refused: there is already a table named t
-- 8:16: refused: trigger T already exists
-- 10:26: refused: there is already another table or index with this name: i
-- 11:26: refused: there is already another table or index with this name: T
CREATE TABLE t (
    a
);
CREATE INDEX I ON t (a);
CREATE TABLE t2 (
    a
);
CREATE TRIGGER t AFTER INSERT ON t BEGIN SELECT 1; END;

== IF EXISTS and IF NOT EXISTS are no blankets (V28)
CREATE TABLE t (a);
CREATE INDEX i ON t (a);
CREATE TABLE IF NOT EXISTS t (zz zz);
CREATE VIEW IF NOT EXISTS t AS SELECT 1;
CREATE INDEX IF NOT EXISTS i ON t (nosuch);
CREATE INDEX IF NOT EXISTS i ON nosuch (a);
CREATE TABLE IF NOT EXISTS i (a);
DROP VIEW IF EXISTS t;
DROP TABLE IF EXISTS i;
DROP INDEX IF EXISTS t;

-- result
-- 6:33: refused: no such table: main.nosuch
-- 7:28: refused: there is already an index named i
-- 8:21: refused: use DROP TABLE to delete table t
CREATE TABLE t (
    a
);
CREATE INDEX i ON t (a);

== views and triggers are not looked into before they are used, tables and indexes are (V26)
CREATE VIEW v AS SELECT nope(a), zz FROM nosuch;
CREATE TABLE t (a);
CREATE TRIGGER r AFTER UPDATE OF zz ON t WHEN new.zz BEGIN INSERT INTO nosuch VALUES (1); END;
CREATE TRIGGER r2 AFTER INSERT ON nosuch BEGIN SELECT 1; END;
CREATE INDEX i ON t (zz);
CREATE TABLE u (a CHECK (zz));
CREATE TABLE w (a, b AS (nope(a)));

-- result
-- 4:35: refused: no such table: main.nosuch
-- 5:22: refused: no such column: zz
-- 6:26: refused: no such column: zz
-- 7:26: refused: no such function: nope
CREATE TABLE t (
    a
);
CREATE VIEW v AS SELECT nope(a), zz FROM nosuch;
CREATE TRIGGER r AFTER UPDATE OF zz ON t WHEN new.zz BEGIN INSERT INTO nosuch VALUES (1); END;

== other databases
CREATE TABLE elsewhere.t (a);
CREATE VIEW elsewhere.v AS SELECT 1;
DROP TABLE elsewhere.t;
DROP TABLE IF EXISTS elsewhere.t;
ALTER TABLE elsewhere.t RENAME TO u;
CREATE TABLE t (a);
ALTER TABLE main.t RENAME TO u;
DROP TABLE main.nosuch;

-- result
-- 1:14: refused: unknown database elsewhere
-- 2:13: refused: unknown database elsewhere
-- 3:22: refused: no such table: elsewhere.t
-- 5:23: refused: no such table: elsewhere.t
-- 8:17: refused: no such table: main.nosuch
CREATE TABLE u (
    a
);

== what is no statement
CREATE SEQUENCE s;
CREATE TABLE;
DROP SCHEMA main;
ALTER VIEW v RENAME TO w;
GRANT ALL ON t TO me;
CREATE OR REPLACE VIEW v AS SELECT 1;

-- result
-- 1:8: refused: near "SEQUENCE": syntax error
-- 2:13: refused: incomplete input
-- 3:6: refused: near "SCHEMA": syntax error
-- 4:7: refused: near "VIEW": syntax error
-- 5:1: refused: near "GRANT": syntax error
-- 6:8: refused: near "OR": syntax error
