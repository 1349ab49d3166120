RENAME TO.

== every object follows, and the new name is always in double quotes (V07, V38)
CREATE TABLE p (id INTEGER PRIMARY KEY, up int REFERENCES P (id), CHECK (p.id > 0 AND 'p' <> 'p.id' /* p.id */));
CREATE TABLE c (x REFERENCES [p]);
CREATE INDEX i ON p (id) WHERE p.id > 1;
CREATE VIEW v AS SELECT p.id, 'p', x . id AS p FROM `p`, main.p AS x /* p */;
CREATE TRIGGER r AFTER INSERT ON c BEGIN DELETE FROM p WHERE p.id = new.x; END;
CREATE VIEW w AS WITH p AS (SELECT 1 AS a) SELECT a FROM p;
ALTER TABLE p RENAME TO q;
ALTER TABLE q RENAME TO "q r";

-- result
CREATE TABLE "q r" (
    id INTEGER PRIMARY KEY,
    up int REFERENCES "q r" (id),
    CHECK ("q r".id > 0 AND 'p' <> 'p.id')
);
CREATE INDEX i ON "q r" (id) WHERE "q r".id > 1;
CREATE TABLE c (
    x REFERENCES "q r"
);
CREATE VIEW v AS SELECT "q r".id, 'p', x . id AS p FROM "q r", main."q r" AS x;
CREATE VIEW w AS WITH p AS (SELECT 1 AS a) SELECT a FROM p;
CREATE TRIGGER r AFTER INSERT ON c BEGIN DELETE FROM "q r" WHERE "q r".id = new.x; END;

== only the case cannot be changed (V08)
CREATE TABLE t (a);
ALTER TABLE t RENAME TO T;
ALTER TABLE t RENAME TO t_;
ALTER TABLE t_ RENAME TO T;

-- result
-- 2:25: refused: there is already another table or index with this name: T
CREATE TABLE T (
    a
);

== a table after IN does not follow, and so the rename is refused (V16)
CREATE TABLE p (a);
CREATE VIEW v AS SELECT 1 IN p;
ALTER TABLE p RENAME TO q;

-- result
-- 3:13: refused: error in view v after rename: no such table: main.p
CREATE TABLE p (
    a
);
CREATE VIEW v AS SELECT 1 IN p;

== legacy without foreign keys: nothing outside the table follows (V17)
CREATE TABLE p (a PRIMARY KEY, up REFERENCES p);
CREATE TABLE c (x REFERENCES p);
CREATE INDEX i ON p (a);
CREATE TRIGGER r AFTER INSERT ON p BEGIN DELETE FROM p; END;
CREATE VIEW v AS SELECT * FROM p;
PRAGMA legacy_alter_table = ON;
ALTER TABLE p RENAME TO q;

-- result
-- 6: None
CREATE TABLE c (
    x REFERENCES p
);
CREATE TABLE q (
    a PRIMARY KEY,
    up REFERENCES p
);
CREATE INDEX i ON q (a);
CREATE VIEW v AS SELECT * FROM p;
CREATE TRIGGER r AFTER INSERT ON "q" BEGIN DELETE FROM p; END;

== legacy with foreign keys: they follow, views and bodies of triggers do not (V18)
CREATE TABLE p (a PRIMARY KEY, up REFERENCES p);
CREATE TABLE c (x REFERENCES p);
CREATE TRIGGER r AFTER INSERT ON p BEGIN DELETE FROM p; END;
CREATE VIEW v AS SELECT * FROM p;
PRAGMA foreign_keys(1);
PRAGMA legacy_alter_table = true;
ALTER TABLE p RENAME TO q;

-- result
-- 5: None
-- 6: None
CREATE TABLE q (
    a PRIMARY KEY,
    up REFERENCES q
);
CREATE TABLE c (
    x REFERENCES q
);
CREATE VIEW v AS SELECT * FROM p;
CREATE TRIGGER r AFTER INSERT ON "q" BEGIN DELETE FROM p; END;

== legacy and a table that names itself in a check or filter
CREATE TABLE p (a, CHECK (p.a > 0));
CREATE TABLE q (a);
CREATE INDEX i ON q (a) WHERE q.a > 1;
PRAGMA legacy_alter_table = 'on';
ALTER TABLE p RENAME TO x;
ALTER TABLE q RENAME TO x;
PRAGMA legacy_alter_table = off;
ALTER TABLE q RENAME TO x;

-- result
-- 4: None
-- 5:13: refused: error in table x after rename: no such column: p.a
-- 6:13: refused: error in index i after rename: no such column: q.a
-- 7: None
CREATE TABLE p (
    a,
    CHECK (p.a > 0)
);
CREATE TABLE x (
    a
);
CREATE INDEX i ON x (a) WHERE "x".a > 1;

== one broken view or trigger blocks all renames, and no added column (V13)
CREATE TABLE gone (a);
CREATE VIEW v AS SELECT * FROM gone;
DROP TABLE gone;
CREATE TABLE t (a, b);
ALTER TABLE t RENAME a TO c;
ALTER TABLE t DROP b;
ALTER TABLE t RENAME TO u;
ALTER TABLE t ADD d;
PRAGMA legacy_alter_table = ON;
ALTER TABLE t RENAME TO u;
ALTER TABLE u RENAME a TO c;

-- result
-- 5:13: refused: error in view v: no such table: main.gone
-- 6:13: refused: error in view v: no such table: main.gone
-- 7:13: refused: error in view v: no such table: main.gone
-- 9: None
-- 11:13: refused: SQL logic error
CREATE TABLE u (
    a,
    b,
    d
);
CREATE VIEW v AS SELECT * FROM gone;

== what is no table, or has no such name
CREATE VIEW v AS SELECT 1 AS a;
ALTER TABLE v RENAME TO w;
ALTER TABLE nosuch RENAME TO x;
ALTER TABLE main.nosuch RENAME TO x;
ALTER TABLE sqlite_master RENAME TO x;
CREATE TABLE t (a);
ALTER TABLE t RENAME TO sqlite_t;
ALTER TABLE t RENAME TO v;
ALTER TABLE t RENAME TO;

-- result
-- 2:13: refused: view v may not be altered
-- 3:13: refused: no such table: nosuch
-- 4:18: refused: no such table: main.nosuch
-- 5:13: refused: table sqlite_master may not be altered
-- 7:25: refused: object name reserved for internal use: sqlite_t
-- 8:25: refused: there is already another table or index with this name: v
-- 9:24: refused: incomplete input
CREATE TABLE t (
    a
);
CREATE VIEW v AS SELECT 1 AS a;

== the number of an autoincrement follows, the index names too (V42)
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a UNIQUE);
ALTER TABLE t RENAME TO u;
CREATE TABLE n (id INTEGER PRIMARY KEY AUTOINCREMENT, a UNIQUE, b);
INSERT INTO n (id, a) SELECT id, a FROM u;
DROP TABLE u;
ALTER TABLE n RENAME TO u;

-- result
-- 4: Data
CREATE TABLE u (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a UNIQUE,
    b
);

== SQLite takes `excluded` for the name of the table, and rewrites it too
CREATE TABLE t (id INTEGER PRIMARY KEY, a);
CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = excluded.a; END;
ALTER TABLE t RENAME TO u;

-- result
CREATE TABLE u (
    id INTEGER PRIMARY KEY,
    a
);
CREATE TRIGGER r AFTER INSERT ON "u" BEGIN INSERT INTO "u" (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = "u".a; END;
