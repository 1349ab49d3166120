Keys, checks, foreign keys, options, indexes.

== keys and checks
CREATE TABLE p (id INTEGER PRIMARY KEY, x INT UNIQUE);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, CONSTRAINT k CHECK (b > 0), UNIQUE (a));
INSERT INTO p VALUES (1, 10);
INSERT INTO t VALUES (3, 'x', 1);
-- after
CREATE TABLE p (id INTEGER PRIMARY KEY, x INT UNIQUE);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, CONSTRAINT k CHECK (b >= 0), UNIQUE (a, b), FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b INT,
    CONSTRAINT k CHECK (b >= 0),
    UNIQUE (a, b),
    FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
INSERT OR ABORT INTO t (id, a, b) SELECT id, a, b FROM _old_t;
DROP TABLE _old_t;
-- ! it fails where rows of t agree in the new constraint
-- ! it fails where rows of t are against k
-- ! it fails where rows of t are against the new constraint
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b INT,
    CONSTRAINT k CHECK (b > 0),
    UNIQUE (a)
);
INSERT OR ABORT INTO t (id, a, b) SELECT id, a, b FROM _old_t;
DROP TABLE _old_t;
-- rows
p: 1 1 10
t: 3 3 'x' 1
-- rows are back

== the options of a foreign key
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, p REFERENCES p);
INSERT INTO p VALUES (1);
INSERT INTO t VALUES (3, 1);
-- after
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, p REFERENCES p ON DELETE CASCADE ON UPDATE SET NULL);

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    p REFERENCES p ON DELETE CASCADE ON UPDATE SET NULL
);
INSERT OR ABORT INTO t (id, p) SELECT id, p FROM _old_t;
DROP TABLE _old_t;
-- ! it fails where rows of t are against the new constraint
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    p REFERENCES p
);
INSERT OR ABORT INTO t (id, p) SELECT id, p FROM _old_t;
DROP TABLE _old_t;
-- rows
p: 1 1
t: 3 3 1
-- rows are back

== another primary key, and rows keep their rowid
CREATE TABLE t (a TEXT, b INT, PRIMARY KEY (a));
INSERT INTO t (rowid, a, b) VALUES (70, 'x', 1), (5, 'y', 2);
-- after
CREATE TABLE t (a TEXT, b INT, PRIMARY KEY (b, a));

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    a TEXT,
    b INT,
    PRIMARY KEY (b, a)
);
INSERT OR ABORT INTO t (rowid, a, b) SELECT rowid, a, b FROM _old_t;
DROP TABLE _old_t;
-- ! it fails where rows of t agree in the new constraint
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    a TEXT,
    b INT,
    PRIMARY KEY (a)
);
INSERT OR ABORT INTO t (rowid, a, b) SELECT rowid, a, b FROM _old_t;
DROP TABLE _old_t;
-- rows
t: 5 'y' 2
t: 70 'x' 1
-- rows are back

== options
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE w (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t VALUES (3, 'x');
INSERT INTO u VALUES (3, 'x');
INSERT INTO w VALUES (3, 'x');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT) STRICT;
CREATE TABLE w (id INTEGER PRIMARY KEY, a TEXT) WITHOUT ROWID;

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a TEXT
);
INSERT OR ABORT INTO t (id, a) SELECT id, a FROM _old_t;
DROP TABLE _old_t;
ALTER TABLE u RENAME TO _old_u;
CREATE TABLE u (
    id INTEGER PRIMARY KEY,
    a TEXT
) STRICT;
INSERT OR ABORT INTO u (id, a) SELECT id, CASE WHEN typeof(a) IN ('integer', 'real') THEN CAST(a AS TEXT) ELSE a END FROM _old_u;
DROP TABLE _old_u;
ALTER TABLE w RENAME TO _old_w;
CREATE TABLE w (
    id INTEGER PRIMARY KEY,
    a TEXT
) WITHOUT ROWID;
INSERT OR ABORT INTO w (id, a) SELECT id, a FROM _old_w;
DROP TABLE _old_w;
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE w RENAME TO _old_w;
CREATE TABLE w (
    id INTEGER PRIMARY KEY,
    a TEXT
);
INSERT OR ABORT INTO w (id, a) SELECT id, a FROM _old_w;
DROP TABLE _old_w;
ALTER TABLE u RENAME TO _old_u;
CREATE TABLE u (
    id INTEGER PRIMARY KEY,
    a TEXT
);
INSERT OR ABORT INTO u (id, a) SELECT id, a FROM _old_u;
DROP TABLE _old_u;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT
);
INSERT OR ABORT INTO t (id, a) SELECT id, a FROM _old_t;
DROP TABLE _old_t;
-- rows
t: 3 3 'x'
u: 3 3 'x'
w: 3 'x'
sqlite_sequence: t 3
-- rows are back

== an AUTOINCREMENT goes on counting, also of an empty table
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
INSERT INTO t VALUES (3, 'x'), (9, 'y');
INSERT INTO u VALUES (9, 'y');
DELETE FROM t WHERE id = 9;
DELETE FROM u;
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT);
CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT);

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a INT
);
INSERT OR ABORT INTO t (id, a) SELECT id, a FROM _old_t;
DELETE FROM sqlite_sequence WHERE name = 't';
UPDATE sqlite_sequence SET name = 't' WHERE name = '_old_t';
DROP TABLE _old_t;
ALTER TABLE u RENAME TO _old_u;
CREATE TABLE u (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a INT
);
INSERT OR ABORT INTO u (id, a) SELECT id, a FROM _old_u;
DELETE FROM sqlite_sequence WHERE name = 'u';
UPDATE sqlite_sequence SET name = 'u' WHERE name = '_old_u';
DROP TABLE _old_u;
-- ! the values of t.a become INT, as far as they can
-- ! the values of u.a become INT, as far as they can
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE u RENAME TO _old_u;
CREATE TABLE u (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a TEXT
);
INSERT OR ABORT INTO u (id, a) SELECT id, a FROM _old_u;
DELETE FROM sqlite_sequence WHERE name = 'u';
UPDATE sqlite_sequence SET name = 'u' WHERE name = '_old_u';
DROP TABLE _old_u;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a TEXT
);
INSERT OR ABORT INTO t (id, a) SELECT id, a FROM _old_t;
DELETE FROM sqlite_sequence WHERE name = 't';
UPDATE sqlite_sequence SET name = 't' WHERE name = '_old_t';
DROP TABLE _old_t;
-- rows
t: 3 3 'x'
sqlite_sequence: t 9
sqlite_sequence: u 9
-- rows are back

== a check that names its table
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT CHECK (t.a > 0), b INT);
CREATE INDEX i ON t (a) WHERE t.a > 1;
INSERT INTO t VALUES (3, 1, 2), (9, 1, 2);
DELETE FROM t WHERE id = 9;
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT CHECK (t.a > 0), b TEXT);
CREATE INDEX i ON t (a) WHERE t.a > 1;

-- result
-- up
CREATE TABLE _old_t (id, a, b);
INSERT INTO _old_t (id, a, b) SELECT id, a, b FROM t;
CREATE TABLE _seq_t (seq);
INSERT INTO _seq_t (seq) SELECT seq FROM sqlite_sequence WHERE name = 't';
DROP TABLE t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a INT CHECK (t.a > 0),
    b TEXT
);
INSERT OR ABORT INTO t (id, a, b) SELECT id, a, b FROM _old_t;
DELETE FROM sqlite_sequence WHERE name = 't';
INSERT INTO sqlite_sequence (name, seq) SELECT 't', seq FROM _seq_t;
DROP TABLE _seq_t;
DROP TABLE _old_t;
CREATE INDEX i ON t (a) WHERE t.a > 1;
-- ! the values of t.b become TEXT, as far as they can
-- down
CREATE TABLE _old_t (id, a, b);
INSERT INTO _old_t (id, a, b) SELECT id, a, b FROM t;
CREATE TABLE _seq_t (seq);
INSERT INTO _seq_t (seq) SELECT seq FROM sqlite_sequence WHERE name = 't';
DROP TABLE t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a INT CHECK (t.a > 0),
    b INT
);
INSERT OR ABORT INTO t (id, a, b) SELECT id, a, b FROM _old_t;
DELETE FROM sqlite_sequence WHERE name = 't';
INSERT INTO sqlite_sequence (name, seq) SELECT 't', seq FROM _seq_t;
DROP TABLE _seq_t;
DROP TABLE _old_t;
CREATE INDEX i ON t (a) WHERE t.a > 1;
-- rows
t: 3 3 1 '2'
sqlite_sequence: t 9
-- rows are back

== an index that names its table
CREATE TABLE t (a INT, b INT);
CREATE INDEX i ON t (a) WHERE t.a > 1;
INSERT INTO t VALUES (1, 2);
-- after
CREATE TABLE t (a INT, b TEXT);
CREATE INDEX i ON t (a) WHERE t.a > 1;

-- result
-- up
PRAGMA legacy_alter_table=ON;
DROP INDEX i;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    a INT,
    b TEXT
);
INSERT OR ABORT INTO t (rowid, a, b) SELECT rowid, a, b FROM _old_t;
DROP TABLE _old_t;
CREATE INDEX i ON t (a) WHERE t.a > 1;
-- ! the values of t.b become TEXT, as far as they can
-- down
PRAGMA legacy_alter_table=ON;
DROP INDEX i;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    a INT,
    b INT
);
INSERT OR ABORT INTO t (rowid, a, b) SELECT rowid, a, b FROM _old_t;
DROP TABLE _old_t;
CREATE INDEX i ON t (a) WHERE t.a > 1;
-- rows
t: 1 1 '2'
-- rows are back

== indexes
CREATE TABLE t (a TEXT, b INT);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (b);
CREATE INDEX k ON t (a, b);
INSERT INTO t VALUES ('x', 2);
-- after
CREATE TABLE t (a TEXT, b INT);
CREATE UNIQUE INDEX i ON t (a DESC) WHERE b > 1;
CREATE INDEX l ON t (a, b);
CREATE INDEX m ON t (lower(a) COLLATE NOCASE, b);

-- result
-- up
DROP INDEX i;
DROP INDEX j;
DROP INDEX k;
CREATE UNIQUE INDEX i ON t (a DESC) WHERE b > 1;
CREATE INDEX l ON t (a, b);
CREATE INDEX m ON t (lower(a) COLLATE NOCASE, b);
-- ! i is built while writes to t wait
-- ! it fails where rows of t agree in i
-- ! l is built while writes to t wait
-- ! m is built while writes to t wait
-- down
DROP INDEX m;
DROP INDEX l;
DROP INDEX i;
CREATE INDEX k ON t (a, b);
CREATE INDEX j ON t (b);
CREATE INDEX i ON t (a);
-- rows
t: 1 'x' 2
-- rows are back

== quoted names
CREATE TABLE "select" ("a b" INT, "x""y" TEXT);
CREATE INDEX "i j" ON "select" ("a b");
INSERT INTO "select" VALUES (1, 'q');
-- after
CREATE TABLE "select" ("a b" TEXT, "x""y" TEXT, "group" INT);
CREATE INDEX "i j" ON "select" ("a b");

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE "select" RENAME TO _old_select;
CREATE TABLE "select" (
    "a b" TEXT,
    "x""y" TEXT,
    "group" INT
);
INSERT OR ABORT INTO "select" (rowid, "a b", "x""y") SELECT rowid, "a b", "x""y" FROM _old_select;
DROP TABLE _old_select;
CREATE INDEX "i j" ON "select" ("a b");
-- ! the values of select.a b become TEXT, as far as they can
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE "select" RENAME TO _old_select;
CREATE TABLE "select" (
    "a b" INT,
    "x""y" TEXT
);
INSERT OR ABORT INTO "select" (rowid, "a b", "x""y") SELECT rowid, "a b", "x""y" FROM _old_select;
DROP TABLE _old_select;
CREATE INDEX "i j" ON "select" ("a b");
-- rows
select: 1 '1' 'q' NULL
-- rows are back

== views and triggers
CREATE TABLE t (a INT, b INT);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 1; END;
CREATE TRIGGER s INSTEAD OF INSERT ON v BEGIN DELETE FROM t; END;
-- after
CREATE TABLE t (a INT, b INT);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW x AS SELECT b FROM v;
CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 2; END;
CREATE TRIGGER s INSTEAD OF INSERT ON v BEGIN DELETE FROM t; END;

-- result
-- up
DROP TRIGGER r;
DROP VIEW w;
DROP VIEW v;
CREATE VIEW v AS SELECT a, b FROM t;
CREATE TRIGGER s INSTEAD OF INSERT ON v BEGIN DELETE FROM t; END;
CREATE VIEW x AS SELECT b FROM v;
CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 2; END;
-- down
DROP TRIGGER r;
DROP VIEW x;
DROP VIEW v;
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER s INSTEAD OF INSERT ON v BEGIN DELETE FROM t; END;
CREATE VIEW w AS SELECT a FROM v;
CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 1; END;
-- rows
-- rows are back
