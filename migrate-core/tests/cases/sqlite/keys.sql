Primary keys, unique keys and the indexes that SQLite makes for them.

== which keys are the rowid, and so have no index (V21)
CREATE TABLE a (x integer primary key desc);
CREATE TABLE b (x integer, primary key (x desc));
CREATE TABLE c (x "INTEGER" primary key);
CREATE TABLE d (x int primary key);
CREATE TABLE e (x integer(4) primary key);
CREATE TABLE f (x integer, primary key (x collate nocase));
CREATE TABLE g (x integer primary key, unique (x));
CREATE TABLE h (x integer generated always primary key);

-- result
CREATE TABLE a (
    x integer PRIMARY KEY DESC
);
CREATE TABLE b (
    x integer,
    PRIMARY KEY (x DESC)
);
CREATE TABLE c (
    x "INTEGER" PRIMARY KEY
);
CREATE TABLE d (
    x int PRIMARY KEY
);
CREATE TABLE e (
    x integer(4) PRIMARY KEY
);
CREATE TABLE f (
    x integer,
    PRIMARY KEY (x COLLATE nocase)
);
CREATE TABLE g (
    x integer PRIMARY KEY,
    UNIQUE (x)
);
CREATE TABLE h (
    x integer PRIMARY KEY
);

== indexes are numbered in the order of the text, and two of the same columns are one (V19)
CREATE TABLE k (a unique, b primary key, c, unique (a), unique (a desc), unique (a collate nocase), unique (c, b), unique (b));
ALTER TABLE k RENAME TO l;
DROP INDEX sqlite_autoindex_l_1;
DROP INDEX IF EXISTS sqlite_autoindex_l_2;

-- result
-- 3:12: refused: index associated with UNIQUE or PRIMARY KEY constraint cannot be dropped
-- 4:22: refused: index associated with UNIQUE or PRIMARY KEY constraint cannot be dropped
CREATE TABLE l (
    a UNIQUE,
    b PRIMARY KEY,
    c,
    UNIQUE (a),
    UNIQUE (a DESC),
    UNIQUE (a COLLATE nocase),
    UNIQUE (c, b),
    UNIQUE (b)
);

== without rowid the key has a number and no row (V20)
CREATE TABLE w (a unique, b, c, primary key (b, a), unique (c)) without rowid;
CREATE TABLE w2 (a integer primary key, b unique) without rowid;

-- result
CREATE TABLE w (
    a NOT NULL UNIQUE,
    b NOT NULL,
    c,
    PRIMARY KEY (b, a),
    UNIQUE (c)
) WITHOUT ROWID;
CREATE TABLE w2 (
    a integer NOT NULL PRIMARY KEY,
    b UNIQUE
) WITHOUT ROWID;

== autoincrement
CREATE TABLE n (id integer primary key autoincrement, a);
CREATE TABLE n2 (id integer, primary key (id desc autoincrement));
CREATE TABLE bad (id int primary key autoincrement);
CREATE TABLE bad (id integer primary key desc autoincrement);
CREATE TABLE bad (id integer primary key autoincrement) without rowid;
CREATE TABLE bad (id integer primary key, other primary key);
CREATE TABLE bad (id integer primary key, primary key (id));
CREATE TABLE sqlite_sequence (name, seq);
DROP TABLE sqlite_sequence;

-- result
-- 3:26: refused: AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY
-- 4:30: refused: AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY
-- 5:30: refused: AUTOINCREMENT not allowed on WITHOUT ROWID tables
-- 6:49: refused: table "bad" has more than one primary key
-- 7:43: refused: table "bad" has more than one primary key
-- 8:14: refused: object name reserved for internal use: sqlite_sequence
-- 9:12: refused: table sqlite_sequence may not be dropped
CREATE TABLE n (
    id integer PRIMARY KEY AUTOINCREMENT,
    a
);
CREATE TABLE n2 (
    id integer,
    PRIMARY KEY (id DESC AUTOINCREMENT)
);

== keys of what is no column
CREATE TABLE bad (a, primary key (b));
CREATE TABLE bad (a, primary key (a, lower(a)));
CREATE TABLE bad (a, unique (a nulls first));
CREATE TABLE bad (a, unique ("zz"));

-- result
-- 1:35: refused: no such column: b
-- 2:38: refused: expressions prohibited in PRIMARY KEY and UNIQUE constraints
-- 3:32: refused: unsupported use of NULLS FIRST
-- 4:30: refused: expressions prohibited in PRIMARY KEY and UNIQUE constraints
