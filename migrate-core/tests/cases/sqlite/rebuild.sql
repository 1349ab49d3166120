Tables that are rebuilt by hand.

== the new table gets the old name, with a view in the way (V46)
CREATE TABLE t (a);
CREATE VIEW v AS SELECT a FROM t;
CREATE TABLE new_t (a, b);
INSERT INTO new_t (a) SELECT a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
PRAGMA legacy_alter_table = ON;
ALTER TABLE new_t RENAME TO t;

-- result
-- 4: Data
-- 6:13: refused: error in view v: no such table: main.t
-- 7: None
CREATE TABLE t (
    a,
    b
);
CREATE VIEW v AS SELECT a FROM t;

== the old table steps aside in legacy mode, and everything else stays as it is
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a text, p REFERENCES p, up REFERENCES t);
CREATE INDEX ti ON t (a);
CREATE TRIGGER tt AFTER INSERT ON t BEGIN UPDATE p SET id = new.p; END;
CREATE TRIGGER pt AFTER INSERT ON p BEGIN INSERT INTO t (p) VALUES (new.id); END;
CREATE VIEW tv AS SELECT a FROM t;
CREATE TABLE c (t REFERENCES t ON DELETE CASCADE);
PRAGMA legacy_alter_table = ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a text NOT NULL DEFAULT '', p REFERENCES p, up REFERENCES t);
INSERT OR ABORT INTO t (id, a, p, up) SELECT id, coalesce(a, ''), p, up FROM _old_t;
UPDATE sqlite_sequence SET seq = 7 WHERE name = 't';
DROP TABLE _old_t;
CREATE INDEX ti ON t (a);
CREATE TRIGGER tt AFTER INSERT ON t BEGIN UPDATE p SET id = new.p; END;
PRAGMA legacy_alter_table = OFF;

-- result
-- 8: None
-- 11: Data
-- 12: Data
-- 16: None
CREATE TABLE p (
    id INTEGER PRIMARY KEY
);
CREATE TABLE t (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a text NOT NULL DEFAULT '',
    p REFERENCES p,
    up REFERENCES t
);
CREATE INDEX ti ON t (a);
CREATE TABLE c (
    t REFERENCES t ON DELETE CASCADE
);
CREATE VIEW tv AS SELECT a FROM t;
CREATE TRIGGER pt AFTER INSERT ON p BEGIN INSERT INTO t (p) VALUES (new.id); END;
CREATE TRIGGER tt AFTER INSERT ON t BEGIN UPDATE p SET id = new.p; END;

== the old table steps aside, and the foreign keys of others go with it
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE TABLE c (t REFERENCES t);
ALTER TABLE t RENAME TO old_t;
CREATE TABLE t (id INTEGER PRIMARY KEY, b);
DROP TABLE old_t;

-- result
CREATE TABLE c (
    t REFERENCES old_t
);
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    b
);
