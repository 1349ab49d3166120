ADD and DROP CONSTRAINT, SET and DROP NOT NULL.

== with the comments that go and stay (V41) (since 3053000)
CREATE TABLE t (a int /*1*/, b text CONSTRAINT nn NOT NULL /*2*/ DEFAULT 'x', -- three
 CONSTRAINT k1 CHECK (a > 0) -- four
);
ALTER TABLE t ALTER a SET NOT NULL;
ALTER TABLE t ALTER COLUMN b DROP NOT NULL;
ALTER TABLE t ALTER COLUMN b DROP NOT NULL;
ALTER TABLE t ADD CONSTRAINT k2 CHECK (b <> '') ON CONFLICT ABORT;
ALTER TABLE t ADD CHECK (a > 1);
ALTER TABLE t DROP CONSTRAINT k1;
ALTER TABLE t ALTER a SET NOT NULL ON CONFLICT IGNORE -- note
;
ALTER TABLE t ADD CONSTRAINT K2 CHECK (b <> '');
ALTER TABLE t ADD CONSTRAINT k3 CHECK (zz > 1);
ALTER TABLE t DROP CONSTRAINT k1;
ALTER TABLE t ADD CONSTRAINT u UNIQUE (a);
ALTER TABLE t ALTER zz SET NOT NULL;
ALTER TABLE t ALTER zz DROP NOT NULL;
ALTER TABLE t ALTER a SET DEFAULT 1;
ALTER TABLE t ALTER a TYPE int;
ALTER TABLE nosuch DROP CONSTRAINT x;

-- result
-- 12:30: refused: constraint K2 already exists
-- 13:40: refused: no such column: zz
-- 14:31: refused: no such constraint: k1
-- 15:32: refused: near "UNIQUE": syntax error
-- 16:21: refused: no such column: zz
-- 17:21: refused: no such column: zz
-- 18:27: refused: near "DEFAULT": syntax error
-- 19:23: refused: near "TYPE": syntax error
-- 20:13: refused: no such table: nosuch
CREATE TABLE t (
    a int NOT NULL ON CONFLICT IGNORE,
    b text DEFAULT 'x',
    CONSTRAINT k2 CHECK (b <> ''),
    CHECK (a > 1)
);

== names of what is no check (since 3053000)
CREATE TABLE u (a CONSTRAINT c1 PRIMARY KEY CONSTRAINT c2 NOT NULL CONSTRAINT c3 UNIQUE CONSTRAINT c4 CHECK (a) CONSTRAINT c5 DEFAULT 1 CONSTRAINT c6 COLLATE nocase, b NOT NULL DEFAULT (1 + 1) UNIQUE, CONSTRAINT c8 UNIQUE (a, b), CONSTRAINT c9 CHECK (b));
ALTER TABLE u DROP CONSTRAINT c1;
ALTER TABLE u DROP CONSTRAINT c3;
ALTER TABLE u DROP CONSTRAINT c8;
ALTER TABLE u DROP CONSTRAINT c5;
ALTER TABLE u DROP CONSTRAINT c6;
ALTER TABLE u DROP CONSTRAINT c9;
ALTER TABLE u DROP CONSTRAINT "C4";
ALTER TABLE u DROP CONSTRAINT c2;
ALTER TABLE u ALTER b DROP NOT NULL;
ALTER TABLE u ALTER b SET NOT NULL;
CREATE VIEW v AS SELECT 1 AS a;
ALTER TABLE v DROP CONSTRAINT x;
ALTER TABLE v ALTER a SET NOT NULL;

-- result
-- 2:31: refused: constraint may not be dropped: c1
-- 3:31: refused: constraint may not be dropped: c3
-- 4:31: refused: constraint may not be dropped: c8
-- 13:13: refused: cannot edit constraints of view "v"
-- 14:13: refused: cannot edit constraints of view "v"
CREATE TABLE u (
    a CONSTRAINT c1 PRIMARY KEY CONSTRAINT c3 UNIQUE DEFAULT 1 COLLATE nocase,
    b NOT NULL UNIQUE DEFAULT (1 + 1),
    CONSTRAINT c8 UNIQUE (a, b)
);
CREATE VIEW v AS SELECT 1 AS a;
