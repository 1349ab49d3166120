DROP COLUMN.

== the first, one between and the last, with the comments that go and stay
CREATE TABLE t (a -- c1
, b int -- c2
, c, d CHECK (d > 0) NOT NULL DEFAULT 1 REFERENCES x (y) COLLATE nocase);
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP d;
ALTER TABLE t DROP a;
ALTER TABLE t DROP c;

-- result
-- 7:20: refused: cannot drop column "c": no other columns exist
CREATE TABLE t (
    c
);

== what needs the column refuses (V40)
CREATE TABLE t (id INTEGER PRIMARY KEY, a CHECK (a > 0) REFERENCES t (id), u UNIQUE, c, d, e, f, g AS (f), UNIQUE (c), CHECK (d > 0), FOREIGN KEY (e) REFERENCES t (id));
CREATE TABLE k (a, b, PRIMARY KEY (a, b));
ALTER TABLE t DROP id;
ALTER TABLE k DROP a;
ALTER TABLE t DROP u;
ALTER TABLE t DROP c;
ALTER TABLE t DROP d;
ALTER TABLE t DROP e;
ALTER TABLE t DROP f;
ALTER TABLE t DROP nosuch;
ALTER TABLE t DROP a;
ALTER TABLE t DROP g;
CREATE INDEX i ON t (lower(f));
ALTER TABLE t DROP f;
DROP INDEX i;
CREATE VIEW v AS SELECT f FROM t;
ALTER TABLE t DROP f;
ALTER TABLE v DROP f;

-- result
-- 3:20: refused: cannot drop PRIMARY KEY column: "id"
-- 4:20: refused: cannot drop PRIMARY KEY column: "a"
-- 5:20: refused: cannot drop UNIQUE column: "u"
-- 6:13: refused: error in table t after drop column: no such column: c
-- 7:13: refused: error in table t after drop column: no such column: d
-- 8:13: refused: error in table t after drop column: unknown column "e" in foreign key definition
-- 9:13: refused: error in table t after drop column: no such column: f
-- 10:20: refused: no such column: "nosuch"
-- 14:13: refused: error in index i after drop column: no such column: f
-- 17:13: refused: error in view v after drop column: no such column: f
-- 18:13: refused: cannot drop column from view "v"
CREATE TABLE k (
    a,
    b,
    PRIMARY KEY (a, b)
);
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    u UNIQUE,
    c,
    d,
    e,
    f,
    UNIQUE (c),
    CHECK (d > 0),
    FOREIGN KEY (e) REFERENCES t (id)
);
CREATE VIEW v AS SELECT f FROM t;

== a name in double quotes becomes a string in silence (V11)
CREATE TABLE t (a, b);
CREATE VIEW v AS SELECT "b" FROM t;
ALTER TABLE t DROP b;
ALTER TABLE t RENAME a TO z;

-- result
CREATE TABLE t (
    z
);
CREATE VIEW v AS SELECT 'b' FROM t;

== lists of columns in triggers and foreign keys of others are not looked at (V12)
CREATE TABLE k (x);
CREATE TABLE u (a, b);
CREATE TABLE l (x REFERENCES u (b));
CREATE TRIGGER r1 AFTER UPDATE OF b ON u BEGIN SELECT 1; END;
CREATE TRIGGER r2 AFTER INSERT ON k BEGIN UPDATE u SET b = 1; INSERT INTO u (b) VALUES (1); END;
ALTER TABLE u DROP b;

-- result
CREATE TABLE k (
    x
);
CREATE TABLE u (
    a
);
CREATE TABLE l (
    x REFERENCES u (b)
);
CREATE TRIGGER r2 AFTER INSERT ON k BEGIN UPDATE u SET b = 1; INSERT INTO u (b) VALUES (1); END;
CREATE TRIGGER r1 AFTER UPDATE OF b ON u BEGIN SELECT 1; END;

== but expressions in triggers are
CREATE TABLE u (a, b);
CREATE TRIGGER r AFTER INSERT ON u BEGIN SELECT new.b; END;
ALTER TABLE u DROP b;

-- result
-- 3:13: refused: error in trigger r after drop column: no such column: new.b
CREATE TABLE u (
    a,
    b
);
CREATE TRIGGER r AFTER INSERT ON u BEGIN SELECT new.b; END;

== the last ordinary column
CREATE TABLE g (a, b AS (1));
ALTER TABLE g DROP a;

-- result
-- 2:13: refused: error in table g after drop column: must have at least one non-generated column
CREATE TABLE g (
    a,
    b GENERATED ALWAYS AS (1) VIRTUAL
);
