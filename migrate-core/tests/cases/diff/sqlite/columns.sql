Columns that come, go and change.

== a column that may be NULL is added in place
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t VALUES (3, 'x');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, b INTEGER, a TEXT);

-- result
-- up
ALTER TABLE t ADD COLUMN b INTEGER;
-- down
ALTER TABLE t DROP COLUMN b;
-- rows
t: 3 3 'x' NULL
-- rows are back

== a column with a literal for a default is added in place
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t VALUES (3, 'x');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, retries INTEGER NOT NULL DEFAULT 0, s TEXT DEFAULT ('y'), d INT DEFAULT -1);

-- result
-- up
ALTER TABLE t ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE t ADD COLUMN s TEXT DEFAULT ('y');
ALTER TABLE t ADD COLUMN d INT DEFAULT -1;
-- down
ALTER TABLE t DROP COLUMN d;
ALTER TABLE t DROP COLUMN s;
ALTER TABLE t DROP COLUMN retries;
-- rows
t: 3 3 'x' 0 'y' -1
-- rows are back

== a column whose default is computed is not
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t VALUES (3, 'x');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT NOT NULL DEFAULT (1 + 1), c DEFAULT (abs(-3)));

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b TEXT NOT NULL DEFAULT (1 + 1),
    c DEFAULT (abs(-3))
);
INSERT OR ABORT INTO t (id, a) SELECT id, a FROM _old_t;
DROP TABLE _old_t;
-- down
ALTER TABLE t DROP COLUMN c;
ALTER TABLE t DROP COLUMN b;
-- rows
t: 3 3 'x' '2' 3
-- rows are back

== a column that is NOT NULL and has no default is asked about
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT NOT NULL);
-- flags
--drop a

-- result
-- ? column t.b is NOT NULL and has no default: what do the rows get?
     --backfill 't.b=<expression>'

== and gets what the flag says
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t VALUES (3, 'x');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT NOT NULL);
-- flags
--backfill t.b=a || id

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b TEXT NOT NULL
);
INSERT OR ABORT INTO t (id, a, b) SELECT id, a, a || id FROM _old_t;
DROP TABLE _old_t;
-- down
ALTER TABLE t DROP COLUMN b;
-- rows
t: 3 3 'x' 'x3'
-- rows are back

== a column goes in place
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER CHECK (b > 0), c REFERENCES t);
CREATE INDEX i ON t (a);
INSERT INTO t VALUES (3, 'x', 1, NULL);
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX i ON t (a);

-- result
-- up
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP COLUMN c;
-- ! the values of t.b go with it
-- ! the values of t.c go with it
-- down
ALTER TABLE t ADD COLUMN c REFERENCES t;
ALTER TABLE t ADD COLUMN b INTEGER CHECK (b > 0);
-- rows
t: 3 3 'x'
-- rows back
t: 3 3 'x' NULL NULL

== a column of an index goes with it
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
CREATE INDEX i ON t (b DESC) WHERE b > 1;
INSERT INTO t VALUES (3, 'x', 1);
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);

-- result
-- up
DROP INDEX i;
ALTER TABLE t DROP COLUMN b;
-- ! the values of t.b go with it
-- down
ALTER TABLE t ADD COLUMN b INTEGER;
CREATE INDEX i ON t (b DESC) WHERE b > 1;
-- rows
t: 3 3 'x'
-- rows back
t: 3 3 'x' NULL

== a column of a key goes with a rebuild
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER UNIQUE);
INSERT INTO t VALUES (3, 'x', 1);
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT
);
INSERT OR ABORT INTO t (id, a) SELECT id, a FROM _old_t;
DROP TABLE _old_t;
-- ! the values of t.b go with it
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b INTEGER UNIQUE
);
INSERT OR ABORT INTO t (id, a) SELECT id, a FROM _old_t;
DROP TABLE _old_t;
-- rows
t: 3 3 'x'
-- rows back
t: 3 3 'x' NULL

== a column that was NOT NULL comes back with nothing in it
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INTEGER NOT NULL, c BLOB NOT NULL);
INSERT INTO t VALUES (3, 'x', 1, x'00');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY);

-- result
-- up
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP COLUMN c;
-- ! the values of t.a go with it
-- ! the values of t.b go with it
-- ! the values of t.c go with it
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    c BLOB NOT NULL,
    b INTEGER NOT NULL,
    a TEXT NOT NULL
);
-- rows without a value in c get x''; rows without a value in b get 0; rows without a value in a get ''
INSERT OR ABORT INTO t (id, c, b, a) SELECT id, x'', 0, '' FROM _old_t;
DROP TABLE _old_t;
-- rows
t: 3 3
-- rows back
t: 3 3 x'[]' 0 ''

== a column that was unique and NOT NULL does not
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL UNIQUE);
INSERT INTO t VALUES (3, 'x');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY);

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY
);
INSERT OR ABORT INTO t (id) SELECT id FROM _old_t;
DROP TABLE _old_t;
-- ! the values of t.a go with it
-- irreversible: column a is NOT NULL, and what the rows had in it is not known any more
-- rows
t: 3 3

== unless the flag says what
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL UNIQUE);
INSERT INTO t VALUES (3, 'x');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- flags
--backfill t.a='x' || id

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY
);
INSERT OR ABORT INTO t (id) SELECT id FROM _old_t;
DROP TABLE _old_t;
-- ! the values of t.a go with it
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT NOT NULL UNIQUE
);
INSERT OR ABORT INTO t (id, a) SELECT id, 'x' || id FROM _old_t;
DROP TABLE _old_t;
-- rows
t: 3 3
-- rows back
t: 3 3 'x3'

== a column like one that goes is asked about
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT);

-- result
-- ? column t.a went and b of its type came: is it the same?
     --rename t.a=b
     --drop t.a

== a rename of a column keeps rows and what names it
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> ''), UNIQUE (a));
CREATE INDEX i ON t (lower(a)) WHERE a > 'a';
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER r AFTER UPDATE OF a ON t BEGIN UPDATE t SET a = NEW.a WHERE id = 0; END;
INSERT INTO t VALUES (3, 'x');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT CHECK (b <> ''), UNIQUE (b));
CREATE INDEX i ON t (lower(b)) WHERE b > 'a';
-- flags
--described
--rename t.a=b

-- result
-- up
ALTER TABLE t RENAME COLUMN a TO b;
-- ! a program that still uses t.a fails
-- down
ALTER TABLE t RENAME COLUMN b TO a;
-- rows
t: 3 3 'x'
-- rows are back

== a rename of a column with a rebuild
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c INT);
CREATE VIEW v AS SELECT a FROM t;
INSERT INTO t VALUES (3, 'x', 1);
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, c TEXT);
-- flags
--described
--rename t.a=b

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME COLUMN a TO b;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    b TEXT,
    c TEXT
);
INSERT OR ABORT INTO t (id, b, c) SELECT id, b, c FROM _old_t;
DROP TABLE _old_t;
-- ! a program that still uses t.a fails
-- ! the values of t.c become TEXT, as far as they can
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    b TEXT,
    c INT
);
INSERT OR ABORT INTO t (id, b, c) SELECT id, b, c FROM _old_t;
DROP TABLE _old_t;
ALTER TABLE t RENAME COLUMN b TO a;
-- rows
t: 3 3 'x' '1'
-- rows are back

== a type of another affinity
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b REAL, c TEXT);
CREATE TABLE c (t REFERENCES t ON DELETE CASCADE);
CREATE INDEX i ON t (a);
CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 0; END;
CREATE VIEW v AS SELECT a FROM t;
INSERT INTO t VALUES (3, 7, 1.5, '12');
INSERT INTO c VALUES (3);
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL, c INT);
CREATE TABLE c (t REFERENCES t ON DELETE CASCADE);
CREATE INDEX i ON t (a);
-- flags
--described

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b REAL,
    c INT
);
INSERT OR ABORT INTO t (id, a, b, c) SELECT id, a, b, c FROM _old_t;
DROP TABLE _old_t;
CREATE INDEX i ON t (a);
CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 0; END;
-- ! the values of t.a become TEXT, as far as they can
-- ! the values of t.c become INT, as far as they can
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a INT,
    b REAL,
    c TEXT
);
INSERT OR ABORT INTO t (id, a, b, c) SELECT id, a, b, c FROM _old_t;
DROP TABLE _old_t;
CREATE INDEX i ON t (a);
CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 0; END;
-- rows
c: 1 3
t: 3 3 '7' 1.5 12
-- rows are back

== a type with a value for it
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t VALUES (3, 'yes');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);
-- flags
--backfill t.a=a = 'yes'

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a INTEGER
);
INSERT OR ABORT INTO t (id, a) SELECT id, (a = 'yes') FROM _old_t;
DROP TABLE _old_t;
-- ! the values of t.a become INTEGER, as far as they can
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT
);
INSERT OR ABORT INTO t (id, a) SELECT id, a FROM _old_t;
DROP TABLE _old_t;
-- rows
t: 3 3 1
-- rows back
t: 3 3 '1'

== nullability
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT DEFAULT 'z');
INSERT INTO t VALUES (3, 'x', NULL), (4, 'y', 'q');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT NOT NULL DEFAULT 'z');

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b TEXT NOT NULL DEFAULT 'z'
);
INSERT OR ABORT INTO t (id, a, b) SELECT id, a, coalesce(b, 'z') FROM _old_t;
DROP TABLE _old_t;
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT NOT NULL,
    b TEXT DEFAULT 'z'
);
-- rows without a value in a get ''
INSERT OR ABORT INTO t (id, a, b) SELECT id, coalesce(a, ''), b FROM _old_t;
DROP TABLE _old_t;
-- rows
t: 3 3 'x' 'z'
t: 4 4 'y' 'q'
-- rows back
t: 3 3 'x' 'z'
t: 4 4 'y' 'q'

== NOT NULL without a default is asked about
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);

-- result
-- ? column t.a is NOT NULL and has no default: what do the rows get?
     --backfill 't.a=<expression>'

== NOT NULL with a value
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t VALUES (3, NULL);
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
-- flags
--backfill t.a='none'

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT NOT NULL
);
INSERT OR ABORT INTO t (id, a) SELECT id, coalesce(a, 'none') FROM _old_t;
DROP TABLE _old_t;
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT
);
INSERT OR ABORT INTO t (id, a) SELECT id, a FROM _old_t;
DROP TABLE _old_t;
-- rows
t: 3 3 'none'
-- rows back
t: 3 3 'none'

== default, collation, generation
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c AS (id + 1), d);
INSERT INTO t (id, a, b) VALUES (3, 'x', 'y');
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT CURRENT_TIMESTAMP, b TEXT COLLATE NOCASE, c AS (id + 2) STORED, d AS (id));

-- result
-- up
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT DEFAULT CURRENT_TIMESTAMP,
    b TEXT COLLATE NOCASE,
    c GENERATED ALWAYS AS (id + 2) STORED,
    d GENERATED ALWAYS AS (id) VIRTUAL
);
INSERT OR ABORT INTO t (id, a, b) SELECT id, a, b FROM _old_t;
DROP TABLE _old_t;
-- down
PRAGMA legacy_alter_table=ON;
ALTER TABLE t RENAME TO _old_t;
CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b TEXT,
    c GENERATED ALWAYS AS (id + 1) VIRTUAL,
    d
);
INSERT OR ABORT INTO t (id, a, b, d) SELECT id, a, b, d FROM _old_t;
DROP TABLE _old_t;
-- rows
t: 3 3 'x' 'y' 5 3
-- rows back
t: 3 3 'x' 'y' 4 3

== a column comes with its foreign key and check
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY);
INSERT INTO t VALUES (3);
-- after
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE SET NULL, n INT CHECK (n > 0));

-- result
-- up
ALTER TABLE t ADD COLUMN p INTEGER REFERENCES p ON DELETE SET NULL;
ALTER TABLE t ADD COLUMN n INT CHECK (n > 0);
-- ! it fails where rows of t are against the new constraint
-- down
ALTER TABLE t DROP COLUMN n;
ALTER TABLE t DROP COLUMN p;
-- rows
t: 3 3 NULL NULL
-- rows are back
