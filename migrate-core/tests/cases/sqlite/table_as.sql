CREATE TABLE AS: SQLite makes up the text.

== names, affinities, and a line for each column where it gets long (V31)
CREATE TABLE s (id INTEGER PRIMARY KEY, n varchar(9) NOT NULL, d date, b blob, x, "order" double);
CREATE TABLE c1 AS SELECT id, n, b FROM s;
CREATE TABLE c2 AS SELECT *, id+1, count(*), n AS "a b", n AS N FROM s;
CREATE TABLE c3 AS VALUES (1, 'x');
CREATE TABLE c4 AS SELECT CAST(n AS real), (n), +n, n COLLATE nocase, NULL, 1 AS one, 'x' AS "select" FROM s;
CREATE TABLE c5 AS SELECT a.n, b.n, b.* FROM s AS a JOIN s AS b USING (id);
CREATE TABLE c6 AS WITH w (q) AS (SELECT n FROM s) SELECT q, q || '' FROM w;
CREATE TABLE c7 AS SELECT rowid, "zz" FROM s;
CREATE TABLE IF NOT EXISTS c3 AS SELECT 1;
CREATE TABLE c3 AS SELECT 1;
CREATE TABLE bad AS SELECT nosuch FROM s;
CREATE TABLE bad AS SELECT * FROM nosuch;
CREATE TABLE bad (a) AS SELECT 1;

-- result
-- 10:14: refused: table c3 already exists
-- 11:28: refused: no such column: nosuch
-- 12:35: refused: no such table: nosuch
-- 13:22: refused: near "AS": syntax error
CREATE TABLE c1 (
    id INT,
    n TEXT,
    b
);
CREATE TABLE c2 (
    id INT,
    n TEXT,
    d NUM,
    b,
    x,
    "order" REAL,
    "id+1",
    "count(*)",
    "a b" TEXT,
    "N:1" TEXT
);
CREATE TABLE c3 (
    column1,
    column2
);
CREATE TABLE c4 (
    "CAST(n AS real)" REAL,
    n TEXT,
    "+n",
    "n:1" TEXT,
    "NULL",
    one,
    "select"
);
CREATE TABLE c5 (
    n TEXT,
    "n:1" TEXT,
    id INT,
    "n:2" TEXT,
    d NUM,
    b,
    x,
    "order" REAL
);
CREATE TABLE c6 (
    q TEXT,
    "q || ''"
);
CREATE TABLE c7 (
    id INT,
    """zz"""
);
CREATE TABLE s (
    id INTEGER PRIMARY KEY,
    n varchar(9) NOT NULL,
    d date,
    b blob,
    x,
    "order" double
);

== what the columns of a compound are depends on its values
CREATE TABLE c AS SELECT 1 UNION SELECT 'x';

-- result
-- 1:19: unclear: the columns of this table depend on more than its text
