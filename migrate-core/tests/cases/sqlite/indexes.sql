Indexes.

== the text is kept to its end (V03)
CREATE TABLE t (a, b);
create unique  index if not exists main.i on t (a)  /*c*/  ;
create index if not exists I on nosuch_is_looked_for (a);
create unique index i on t (b);

-- result
-- 3:33: refused: no such table: main.nosuch_is_looked_for
-- 4:21: refused: index i already exists
CREATE TABLE t (
    a,
    b
);
CREATE UNIQUE INDEX i ON t (a);

== expressions, collations, directions, filters
CREATE TABLE t (a text collate nocase, b, "c d");
CREATE INDEX i1 ON t (a COLLATE rtrim DESC, b ASC);
CREATE INDEX i2 ON t (lower(a) DESC, b || "c d", 1, ("c d")) WHERE a IS NOT NULL AND t.b > 1;
CREATE INDEX i3 ON t ((a), (b) COLLATE NOCASE);
CREATE INDEX bad ON t (t.a);
CREATE INDEX bad ON t (t.a + 1);
CREATE INDEX bad ON t (rowid);
CREATE INDEX bad ON t (zz);
CREATE INDEX bad ON t (random());
CREATE INDEX bad ON t ((SELECT 1));
CREATE INDEX bad ON t (a) WHERE zz > 1;
CREATE INDEX bad ON t (a) WHERE count(*) > 1;
CREATE INDEX bad ON t (a NULLS LAST);
CREATE INDEX bad ON t (a COLLATE klingon);
CREATE INDEX bad ON main.t (a);
CREATE UNIQUE INDEX bad ON t (nosuch(a));
CREATE INDEX bad ON nosuch (a);
CREATE INDEX bad ON sqlite_schema (name);
CREATE INDEX sqlite_i ON t (a);

-- result
-- 5:24: refused: the "." operator prohibited in index expressions
-- 6:24: refused: the "." operator prohibited in index expressions
-- 7:24: refused: no such column: rowid
-- 8:24: refused: no such column: zz
-- 9:24: refused: non-deterministic functions prohibited in index expressions
-- 10:25: refused: subqueries prohibited in index expressions
-- 11:33: refused: no such column: zz
-- 12:33: refused: misuse of aggregate function count()
-- 13:26: refused: unsupported use of NULLS LAST
-- 14:34: refused: no such collation sequence: klingon
-- 15:25: refused: near ".": syntax error
-- 16:31: refused: no such function: nosuch
-- 17:21: refused: no such table: main.nosuch
-- 18:21: refused: table sqlite_master may not be indexed
-- 19:14: refused: object name reserved for internal use: sqlite_i
CREATE TABLE t (
    a text COLLATE nocase,
    b,
    "c d"
);
CREATE INDEX i1 ON t (a COLLATE rtrim DESC, b);
CREATE INDEX i2 ON t (lower(a) DESC, b || "c d", 1, "c d") WHERE a IS NOT NULL AND t.b > 1;
CREATE INDEX i3 ON t (a, b COLLATE NOCASE);

== a string that becomes a column later (V32)
CREATE TABLE t (a);
CREATE INDEX i ON t ("b");
ALTER TABLE t ADD b;

-- result
CREATE TABLE t (
    a,
    b
);
CREATE INDEX i ON t (b);

== a string as a key blocks what rewrites strings (V33)
CREATE TABLE t (a);
CREATE INDEX i ON t ("nosuch");
CREATE TABLE o (x, y);
ALTER TABLE o RENAME x TO z;
ALTER TABLE o DROP y;
ALTER TABLE t RENAME a TO z;
ALTER TABLE o RENAME TO p;

-- result
-- 4:13: refused: error in index i after rename: no such column: nosuch
-- 5:13: refused: error in index i after drop column: no such column: nosuch
-- 6:13: refused: error in index i: no such column: nosuch
CREATE TABLE p (
    x,
    y
);
CREATE TABLE t (
    a
);
CREATE INDEX i ON t ("nosuch");
