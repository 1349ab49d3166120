Tables that come and go.

== nothing
CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT DEFAULT ('x'));
-- after
create table "T" ("A" integer not null primary key, b varchar(10) default 'x');

-- result
-- up
-- down
-- rows
-- rows are back

== a table comes
-- after
CREATE TABLE job (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE INDEX job_name ON job (name);

-- result
-- up
CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL
);
CREATE INDEX job_name ON job (name);
-- down
DROP TABLE job;
-- rows
-- rows are back

== a table goes with its rows
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY AUTOINCREMENT, p REFERENCES p ON DELETE CASCADE);
CREATE INDEX c_p ON c (p);
CREATE TRIGGER c_t AFTER INSERT ON c BEGIN DELETE FROM p WHERE id < 0; END;
INSERT INTO p VALUES (1), (2);
INSERT INTO c VALUES (7, 1);
-- after
CREATE TABLE p (id INTEGER PRIMARY KEY);

-- result
-- up
DROP TABLE c;
-- ! the rows of c go with it
-- down
CREATE TABLE c (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    p REFERENCES p ON DELETE CASCADE
);
CREATE INDEX c_p ON c (p);
CREATE TRIGGER c_t AFTER INSERT ON c BEGIN DELETE FROM p WHERE id < 0; END;
-- rows
p: 1 1
p: 2 2
-- rows back
p: 1 1
p: 2 2

== linked tables come in the order of their keys, also in a circle
-- after
CREATE TABLE a (id INTEGER PRIMARY KEY, b REFERENCES b);
CREATE TABLE b (id INTEGER PRIMARY KEY, a REFERENCES a);
CREATE TABLE c (id INTEGER PRIMARY KEY, z REFERENCES z);
CREATE TABLE z (id INTEGER PRIMARY KEY);

-- result
-- up
CREATE TABLE z (
    id INTEGER PRIMARY KEY
);
CREATE TABLE c (
    id INTEGER PRIMARY KEY,
    z REFERENCES z
);
CREATE TABLE a (
    id INTEGER PRIMARY KEY,
    b REFERENCES b
);
CREATE TABLE b (
    id INTEGER PRIMARY KEY,
    a REFERENCES a
);
-- down
DROP TABLE b;
DROP TABLE a;
DROP TABLE c;
DROP TABLE z;
-- rows
-- rows are back

== linked tables go
CREATE TABLE a (id INTEGER PRIMARY KEY);
CREATE TABLE b (id INTEGER PRIMARY KEY, a NOT NULL REFERENCES a);
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (1, 1);
-- after

-- result
-- up
DROP TABLE b;
DROP TABLE a;
-- ! the rows of b go with it
-- ! the rows of a go with it
-- down
CREATE TABLE a (
    id INTEGER PRIMARY KEY
);
CREATE TABLE b (
    id INTEGER PRIMARY KEY,
    a NOT NULL REFERENCES a
);
-- rows
-- rows back

== a table like one that goes is asked about
CREATE TABLE old (id INTEGER PRIMARY KEY, name TEXT);
-- after
CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT);

-- result
-- ? table old went and new with the same columns came: is it the same?
     --rename old=new
     --drop old

== a rename keeps rows, and what points to the table
CREATE TABLE old (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, o REFERENCES old (id) ON DELETE CASCADE);
CREATE VIEW v AS SELECT name FROM old;
CREATE TRIGGER tr AFTER DELETE ON c BEGIN UPDATE old SET name = 'x' WHERE id = OLD.o; END;
INSERT INTO old VALUES (5, 'a');
INSERT INTO c VALUES (1, 5);
-- after
CREATE TABLE new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, o REFERENCES new (id) ON DELETE CASCADE);
-- flags
--described
--rename old=new

-- result
-- up
ALTER TABLE old RENAME TO new;
-- ! a program that still uses old fails
-- down
ALTER TABLE new RENAME TO old;
-- rows
c: 1 1 5
new: 5 5 'a'
sqlite_sequence: new 5
-- rows are back

== a rename and a rebuild in one script
CREATE TABLE old (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, n INT);
CREATE TABLE c (id INTEGER PRIMARY KEY, o REFERENCES old (id) ON DELETE CASCADE);
CREATE VIEW v AS SELECT name FROM old;
INSERT INTO old VALUES (5, 'a', 1), (9, 'b', 2);
DELETE FROM old WHERE id = 9;
INSERT INTO c VALUES (1, 5);
-- after
CREATE TABLE new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL DEFAULT 'z', n INT);
CREATE TABLE c (id INTEGER PRIMARY KEY, o REFERENCES new (id) ON DELETE CASCADE);
-- flags
--described
--rename old=new

-- result
-- up
ALTER TABLE old RENAME TO new;
CREATE TABLE _old_new (id, name, n);
INSERT INTO _old_new (id, name, n) SELECT id, name, n FROM new;
CREATE TABLE _seq_new (seq);
INSERT INTO _seq_new (seq) SELECT seq FROM sqlite_sequence WHERE name = 'new';
DROP TABLE new;
CREATE TABLE new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL DEFAULT 'z',
    n INT
);
INSERT OR ABORT INTO new (id, name, n) SELECT id, coalesce(name, 'z'), n FROM _old_new;
DELETE FROM sqlite_sequence WHERE name = 'new';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new', seq FROM _seq_new;
DROP TABLE _seq_new;
DROP TABLE _old_new;
-- ! a program that still uses old fails
-- down
CREATE TABLE _old_new (id, name, n);
INSERT INTO _old_new (id, name, n) SELECT id, name, n FROM new;
CREATE TABLE _seq_new (seq);
INSERT INTO _seq_new (seq) SELECT seq FROM sqlite_sequence WHERE name = 'new';
DROP TABLE new;
CREATE TABLE new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT,
    n INT
);
INSERT OR ABORT INTO new (id, name, n) SELECT id, name, n FROM _old_new;
DELETE FROM sqlite_sequence WHERE name = 'new';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new', seq FROM _seq_new;
DROP TABLE _seq_new;
DROP TABLE _old_new;
ALTER TABLE new RENAME TO old;
-- rows
c: 1 1 5
new: 5 5 'a' 1
sqlite_sequence: new 9
-- rows are back

== a drop that is meant
CREATE TABLE old (id INTEGER PRIMARY KEY, name TEXT);
-- after
CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT);
-- flags
--drop old

-- result
-- up
DROP TABLE old;
CREATE TABLE new (
    id INTEGER PRIMARY KEY,
    name TEXT
);
-- ! the rows of old go with it
-- down
DROP TABLE new;
CREATE TABLE old (
    id INTEGER PRIMARY KEY,
    name TEXT
);
-- rows
-- rows are back

== a flag that answers nothing
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- after
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- flags
--drop u
--rename a=b
--backfill t.x=1

-- result
-- ? `--rename a=b` answers nothing
-- ? `--drop u` answers nothing
-- ? `--backfill 't.x=1'` answers nothing
