ADD COLUMN.

== the column goes before the constraints of the table, after a comment (V04)
CREATE TABLE t (a int, -- one
 b int -- two
 , UNIQUE (a, b));
alter table t  add  column  C  TEXT  default 'x' ;
ALTER TABLE t ADD column int;

-- result
CREATE TABLE t (
    a int,
    b int,
    C TEXT DEFAULT 'x',
    int,
    UNIQUE (a, b)
);

== a comment at the end (V05)
CREATE TABLE t (a);
ALTER TABLE t ADD b int -- note
;
ALTER TABLE t ADD c int /* note */ ;

-- result
-- 2:13: refused: error in table t after add column: incomplete input
CREATE TABLE t (
    a,
    c int
);

== in an empty table nearly everything (V06)
CREATE TABLE e (a);
ALTER TABLE e ADD b NOT NULL;
ALTER TABLE e ADD c DEFAULT (random());
ALTER TABLE e ADD d AS (a) STORED;
ALTER TABLE e ADD e REFERENCES nosuch DEFAULT 1;
ALTER TABLE e ADD f CHECK (f > a) COLLATE nocase DEFAULT CURRENT_TIMESTAMP;

-- result
CREATE TABLE e (
    a,
    b NOT NULL,
    c DEFAULT (random()),
    d GENERATED ALWAYS AS (a) STORED,
    e REFERENCES nosuch DEFAULT 1,
    f CHECK (f > a) DEFAULT CURRENT_TIMESTAMP COLLATE nocase
);

== with rows it depends on them
CREATE TABLE f (a);
INSERT INTO f VALUES (1);
ALTER TABLE f ADD b NOT NULL;

-- result
-- 2: Data
-- 3: SQLite alone: Cannot add a NOT NULL column with default value NULL

== what no table takes
CREATE TABLE t (a, b);
ALTER TABLE t ADD a;
ALTER TABLE t ADD "A" int;
ALTER TABLE t ADD c PRIMARY KEY;
ALTER TABLE t ADD c UNIQUE;
ALTER TABLE t ADD c DEFAULT (a);
ALTER TABLE t ADD c COLLATE klingon;
ALTER TABLE t ADD c CHECK (nosuch > 1);
ALTER TABLE t ADD c AS (random());
ALTER TABLE t ADD COLUMN IF NOT EXISTS c int;
ALTER TABLE t ADD c int, ADD d int;
ALTER TABLE t ADD (c int);
ALTER TABLE t ADD COLUMN;
ALTER TABLE nosuch ADD c;
CREATE VIEW v AS SELECT 1;
ALTER TABLE v ADD c;
CREATE TABLE s (a int) STRICT;
ALTER TABLE s ADD c;
ALTER TABLE s ADD c date;
ALTER TABLE s ADD c any;

-- result
-- 2:19: refused: duplicate column name: a
-- 3:19: refused: duplicate column name: A
-- 4:21: refused: Cannot add a PRIMARY KEY column
-- 5:21: refused: Cannot add a UNIQUE column
-- 6:29: refused: default value of column [c] is not constant
-- 7:29: refused: no such collation sequence: klingon
-- 8:13: refused: error in table t after add column: no such column: nosuch
-- 9:13: refused: error in table t after add column: non-deterministic functions prohibited in generated columns
-- 10:33: refused: near "EXISTS": syntax error
-- 11:24: refused: near ",": syntax error
-- 12:19: refused: near "(": syntax error
-- 13:25: refused: incomplete input
-- 14:13: refused: no such table: nosuch
-- 16:13: refused: Cannot add a column to a view
-- 18:13: refused: error in table s after add column: missing datatype for s.c
-- 19:13: refused: error in table s after add column: unknown datatype for s.c: "date"
CREATE TABLE s (
    a int,
    c any
) STRICT;
CREATE TABLE t (
    a,
    b
);
CREATE VIEW v AS SELECT 1;
