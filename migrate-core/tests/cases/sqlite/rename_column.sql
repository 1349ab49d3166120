RENAME COLUMN.

== a token keeps its style, a quoted new name forces quotes (V09)
CREATE TABLE t (a, b, CHECK (a > 0 AND "a" < 9 AND [a] <> 5), FOREIGN KEY (b) REFERENCES t (A));
CREATE INDEX i ON t (a);
CREATE VIEW v AS SELECT A FROM t;
ALTER TABLE t RENAME a TO c;
ALTER TABLE t RENAME COLUMN c TO "d";

-- result
CREATE TABLE t (
    d,
    b,
    CHECK ("d" > 0 AND "d" < 9 AND "d" <> 5),
    FOREIGN KEY (b) REFERENCES t (d)
);
CREATE INDEX i ON t (d);
CREATE VIEW v AS SELECT "d" FROM t;

== every string in double quotes of the whole schema is rewritten, but for defaults (V10)
CREATE TABLE t (a);
CREATE TABLE u (x CHECK (x <> "lit") DEFAULT "def");
CREATE VIEW v AS SELECT "str" FROM u;
ALTER TABLE u RENAME TO u2;
ALTER TABLE t RENAME a TO b;

-- result
CREATE TABLE t (
    b
);
CREATE TABLE u2 (
    x CHECK (x <> 'lit') DEFAULT "def"
);
CREATE VIEW v AS SELECT 'str' FROM "u2";

== a view that reads the column through another view is left without it (V14)
CREATE TABLE t (a);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
ALTER TABLE t RENAME a TO b;

-- result
-- 4:13: refused: error in view w after rename: no such column: a
CREATE TABLE t (
    a
);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;

== NATURAL JOIN changes in silence, USING refuses (V15)
CREATE TABLE t (a, b);
CREATE TABLE u (a, c);
CREATE VIEW v AS SELECT b, c FROM t NATURAL JOIN u;
ALTER TABLE t RENAME a TO z;
CREATE TABLE t2 (a, b);
CREATE VIEW v2 AS SELECT b, c FROM t2 JOIN u USING (a);
ALTER TABLE t2 RENAME a TO z;

-- result
-- 7:13: refused: error in view v2 after rename: cannot join using column a - column not present in both tables
CREATE TABLE t (
    z,
    b
);
CREATE TABLE t2 (
    a,
    b
);
CREATE TABLE u (
    a,
    c
);
CREATE VIEW v AS SELECT b, c FROM t NATURAL JOIN u;
CREATE VIEW v2 AS SELECT b, c FROM t2 JOIN u USING (a);

== queries: aliases, subqueries, WITH, compounds, windows
CREATE TABLE p (id INTEGER PRIMARY KEY, a, b);
CREATE TABLE q (id INTEGER PRIMARY KEY, p_id REFERENCES p (id), a);
CREATE VIEW v1 AS SELECT p.a, x.b FROM p JOIN p AS x ON x.id = p.id WHERE p.a IN (SELECT a FROM q WHERE q.p_id = p.id) ORDER BY p.a, 2;
CREATE VIEW v2 AS WITH RECURSIVE w (z) AS (SELECT a FROM p UNION ALL SELECT z FROM w WHERE z < 3) SELECT * FROM w, p;
CREATE VIEW v3 AS SELECT a, count(*) AS n FROM p GROUP BY a HAVING n > 1 ORDER BY n, a;
CREATE VIEW v4 AS SELECT a FROM p UNION SELECT a FROM q ORDER BY a;
CREATE VIEW v5 AS SELECT sum(a) FILTER (WHERE b > 1) OVER (PARTITION BY b ORDER BY p.id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM p WINDOW win AS (ORDER BY a);
CREATE VIEW v6 AS SELECT CASE WHEN a = 'a' THEN "a" ELSE [b] END AS a, CAST(a AS text), a BETWEEN 1 AND b AND 3 FROM p;
CREATE VIEW v7 AS SELECT EXISTS (SELECT 1 FROM p WHERE p.a = o.a) FROM p o;
CREATE VIEW v8 AS SELECT rowid, oid FROM p;
CREATE TRIGGER r AFTER UPDATE OF a, b ON p WHEN new.a <> old.a BEGIN
    UPDATE q SET a = new.a, p_id = (SELECT id FROM p WHERE p.a = new.b) WHERE q.a = old.a;
    INSERT INTO p (id, a) VALUES (new.id, new.a) ON CONFLICT (id) DO UPDATE SET a = excluded.a WHERE p.a IS NULL;
END;
ALTER TABLE p RENAME a TO aa;
ALTER TABLE p RENAME b TO "b b";
ALTER TABLE p RENAME id TO pid;

-- result
CREATE TABLE p (
    pid INTEGER PRIMARY KEY,
    aa,
    "b b"
);
CREATE TABLE q (
    id INTEGER PRIMARY KEY,
    p_id REFERENCES p (pid),
    a
);
CREATE VIEW v1 AS SELECT p.aa, x."b b" FROM p JOIN p AS x ON x.pid = p.pid WHERE p.aa IN (SELECT a FROM q WHERE q.p_id = p.pid) ORDER BY p.aa, 2;
CREATE VIEW v2 AS WITH RECURSIVE w (z) AS (SELECT aa FROM p UNION ALL SELECT z FROM w WHERE z < 3) SELECT * FROM w, p;
CREATE VIEW v3 AS SELECT aa, count(*) AS n FROM p GROUP BY aa HAVING n > 1 ORDER BY n, aa;
CREATE VIEW v4 AS SELECT aa FROM p UNION SELECT a FROM q ORDER BY aa;
CREATE VIEW v5 AS SELECT sum(aa) FILTER (WHERE "b b" > 1) OVER (PARTITION BY "b b" ORDER BY p.pid ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM p WINDOW win AS (ORDER BY aa);
CREATE VIEW v6 AS SELECT CASE WHEN aa = 'a' THEN "aa" ELSE "b b" END AS a, CAST(aa AS text), aa BETWEEN 1 AND "b b" AND 3 FROM p;
CREATE VIEW v7 AS SELECT EXISTS (SELECT 1 FROM p WHERE p.aa = o.aa) FROM p o;
CREATE VIEW v8 AS SELECT pid, pid FROM p;
CREATE TRIGGER r AFTER UPDATE OF aa, "b b" ON p WHEN new.aa <> old.aa BEGIN
    UPDATE q SET a = new.aa, p_id = (SELECT pid FROM p WHERE p.aa = new."b b") WHERE q.a = old.aa;
    INSERT INTO p (pid, aa) VALUES (new.pid, new.aa) ON CONFLICT (pid) DO UPDATE SET aa = excluded.aa WHERE p.aa IS NULL;
END;

== new names that SQLite reads otherwise, or that are taken
CREATE TABLE t (a, b, CHECK (a > 0));
ALTER TABLE t RENAME a TO B;
ALTER TABLE t RENAME a TO cast;
ALTER TABLE t RENAME a TO select;
ALTER TABLE t RENAME nosuch TO x;
ALTER TABLE t RENAME "nosuch" TO x;
ALTER TABLE t RENAME a TO A;
CREATE VIEW v AS SELECT a FROM t;
ALTER TABLE v RENAME a TO x;

-- result
-- 2:13: refused: error in table t after rename: duplicate column name: b
-- 3:13: refused: error in table t after rename: near ">": syntax error
-- 4:27: refused: near "select": syntax error
-- 5:22: refused: no such column: "nosuch"
-- 6:22: refused: no such column: ""nosuch""
-- 9:13: refused: cannot rename columns of view "v"
CREATE TABLE t (
    A,
    b,
    CHECK (A > 0)
);
CREATE VIEW v AS SELECT a FROM t;
