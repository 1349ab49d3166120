Views and triggers.

== views
CREATE TABLE t (a, b);
CREATE VIEW v AS SELECT a, b FROM t /*c*/  ;
CREATE VIEW w (x, "y z") AS WITH c AS (SELECT * FROM v) SELECT * FROM c UNION ALL SELECT 1, 2 ORDER BY 1 LIMIT 2 OFFSET 1;
CREATE VIEW bad AS SELECT 1 ORDER BY 1 UNION SELECT 2;
CREATE VIEW bad AS VALUES (1) ORDER BY 1;
CREATE VIEW bad AS SELECT ?;
CREATE VIEW bad AS SELECT * FROM temp.t;
CREATE VIEW bad AS SELECT a FROM;
CREATE VIEW bad AS INSERT INTO t VALUES (1);
CREATE VIEW IF NOT EXISTS v AS SELECT 1;
CREATE VIEW v AS SELECT 1;
DROP VIEW t;
DROP VIEW nosuch;
DROP VIEW IF EXISTS nosuch;
DROP VIEW v;

-- result
-- 4:29: refused: ORDER BY clause should come after UNION not before
-- 5:31: refused: near "ORDER": syntax error
-- 6:27: refused: parameters are not allowed in views
-- 7:34: refused: view bad cannot reference objects in database temp
-- 8:33: refused: incomplete input
-- 9:20: refused: near "INSERT": syntax error
-- 11:13: refused: view v already exists
-- 12:11: refused: use DROP TABLE to delete table t
-- 13:11: refused: no such view: nosuch
CREATE TABLE t (
    a,
    b
);
CREATE VIEW w (x, "y z") AS WITH c AS (SELECT * FROM v) SELECT * FROM c UNION ALL SELECT 1, 2 ORDER BY 1 LIMIT 2 OFFSET 1;

== triggers
CREATE TABLE t (id INTEGER PRIMARY KEY, a, b);
CREATE TABLE log (at, what);
create trigger r insert on t begin select 1; end /*c*/ ;
CREATE TRIGGER r1 AFTER UPDATE OF a, b ON t FOR EACH ROW WHEN new.a <> old.a BEGIN
    UPDATE OR IGNORE log SET at = 1, what = 'END;' WHERE at = old.a;
    INSERT INTO log (at, what) SELECT a, CASE WHEN b THEN 'x' ELSE 'y' END FROM t WHERE id = new.id;
    INSERT INTO log VALUES (new.a, 1) ON CONFLICT DO NOTHING;
    DELETE FROM log WHERE at IS NULL;
    SELECT RAISE(ABORT, 'no') WHERE new.a IS NULL;
    REPLACE INTO log VALUES (1, 2);
END;
CREATE TRIGGER bad AFTER INSERT ON t BEGIN SELECT 1 END;
CREATE TRIGGER bad AFTER INSERT ON t BEGIN END;
CREATE TRIGGER bad AFTER INSERT ON t FOR EACH STATEMENT BEGIN SELECT 1; END;
CREATE TRIGGER bad AFTER INSERT ON t BEGIN DROP TABLE t; END;
CREATE TRIGGER bad AFTER INSERT ON t BEGIN INSERT INTO main.log VALUES (1, 2); END;
CREATE TRIGGER bad AFTER INSERT ON t BEGIN INSERT INTO log VALUES (?, 2); END;
CREATE TRIGGER bad AFTER INSERT ON t BEGIN INSERT INTO log DEFAULT VALUES; END;
CREATE TRIGGER bad AFTER INSERT ON t BEGIN DELETE FROM log RETURNING at; END;
CREATE TRIGGER bad INSTEAD OF INSERT ON t BEGIN SELECT 1; END;
CREATE TRIGGER bad AFTER INSERT ON nosuch BEGIN SELECT 1; END;
CREATE TRIGGER bad AFTER INSERT ON t BEGIN SELECT * FROM temp.x; END;
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER r2 INSTEAD OF UPDATE OF a ON v BEGIN UPDATE t SET a = new.a WHERE a = old.a; END;
CREATE TRIGGER bad BEFORE INSERT ON v BEGIN SELECT 1; END;
CREATE TRIGGER IF NOT EXISTS r2 BEFORE INSERT ON t BEGIN SELECT 1; END;
DROP TRIGGER nosuch;
DROP TRIGGER IF EXISTS nosuch;
DROP TRIGGER R;

-- result
-- 13:1: refused: near "CREATE": syntax error
-- 15:44: refused: near "DROP": syntax error
-- 16:61: refused: qualified table names are not allowed on INSERT, UPDATE, and DELETE statements within triggers
-- 17:68: refused: trigger cannot use variables
-- 18:60: refused: near "DEFAULT": syntax error
-- 19:60: refused: near "RETURNING": syntax error
-- 20:41: refused: cannot create INSTEAD OF trigger on table: t
-- 21:36: refused: no such table: main.nosuch
-- 22:58: refused: trigger bad cannot reference objects in database temp
-- 25:37: refused: cannot create BEFORE trigger on view: v
-- 27:14: refused: no such trigger: nosuch
CREATE TABLE log (
    at,
    what
);
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a,
    b
);
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER r1 AFTER UPDATE OF a, b ON t FOR EACH ROW WHEN new.a <> old.a BEGIN
    UPDATE OR IGNORE log SET at = 1, what = 'END;' WHERE at = old.a;
    INSERT INTO log (at, what) SELECT a, CASE WHEN b THEN 'x' ELSE 'y' END FROM t WHERE id = new.id;
    INSERT INTO log VALUES (new.a, 1) ON CONFLICT DO NOTHING;
    DELETE FROM log WHERE at IS NULL;
    SELECT RAISE(ABORT, 'no') WHERE new.a IS NULL;
    REPLACE INTO log VALUES (1, 2);
END;
CREATE TRIGGER r2 INSTEAD OF UPDATE OF a ON v BEGIN UPDATE t SET a = new.a WHERE a = old.a; END;

== a dropped table takes its indexes and triggers, and leaves views, triggers and keys of others (V29)
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE INDEX i ON t (id);
CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE VIEW v AS SELECT * FROM t;
CREATE TABLE c (x REFERENCES t);
CREATE TRIGGER r2 AFTER INSERT ON c BEGIN DELETE FROM t; END;
CREATE TRIGGER iv INSTEAD OF INSERT ON v BEGIN SELECT 1; END;
DROP TABLE t;
DROP TABLE t;
DROP TABLE v;
DROP INDEX i;

-- result
-- 9:12: refused: no such table: t
-- 10:12: refused: use DROP VIEW to delete view v
-- 11:12: refused: no such index: i
CREATE TABLE c (
    x REFERENCES t
);
CREATE VIEW v AS SELECT * FROM t;
CREATE TRIGGER r2 AFTER INSERT ON c BEGIN DELETE FROM t; END;
CREATE TRIGGER iv INSTEAD OF INSERT ON v BEGIN SELECT 1; END;

== a dropped view takes its triggers (V30)
CREATE VIEW v AS SELECT 1 AS a;
CREATE TRIGGER iv INSTEAD OF INSERT ON v BEGIN SELECT 1; END;
DROP VIEW v;

-- result

