Tables: their text, columns, types, options.

== a table in its simplest form, and one that is there already
CREATE TABLE job (id INTEGER PRIMARY KEY, title TEXT NOT NULL DEFAULT '', done);
CREATE TABLE job (other);
CREATE TABLE IF NOT EXISTS JOB (other stuff (1));

-- result
-- 2:14: refused: table job already exists
CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL DEFAULT '',
    done
);

== the qualifier, IF NOT EXISTS and what stands before the name are not kept, quotes are (V01)
create/* c */table if not exists main . [Job List] (a int /*x*/, -- y
 b) -- z
;

-- result
CREATE TABLE "Job List" (
    a int,
    b
);

== with options everything up to the end is kept (V02)
CREATE TABLE pair (a int, b int, PRIMARY KEY (a, b)) /*p*/ WITHOUT ROWID /*q*/ ;
CREATE TABLE typed (a int, b Text, c any, d 'blob') STRICT, WITHOUT ROWID;
CREATE TABLE typed (a int primary key, b Text, c any, d 'blob') STRICT, WITHOUT ROWID, STRICT;

-- result
-- 2:14: refused: PRIMARY KEY missing on table typed
CREATE TABLE pair (
    a int NOT NULL,
    b int NOT NULL,
    PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE TABLE typed (
    a int NOT NULL PRIMARY KEY,
    b Text,
    c any,
    d 'blob'
) STRICT, WITHOUT ROWID;

== a type is any run of words, with up to two numbers (V22)
CREATE TABLE odd (a int comment 'x', b generated always, c int generated, d 'my type'(1), e int auto_increment, f enum, g int4range[], h decimal(+10,-2), i varchar ( 10 ), j "INTEGER", k int /* c */ unsigned);
CREATE TABLE bad (a enum('x'));
CREATE TABLE bad (a time(3) without time zone);
CREATE TABLE bad (a decimal(1, 2, 3));
CREATE TABLE bad (a my.type);

-- result
-- 2:26: refused: near "'x'": syntax error
-- 3:29: refused: near "without": syntax error
-- 4:33: refused: near ",": syntax error
-- 5:23: refused: near ".": syntax error
CREATE TABLE odd (
    a int comment 'x',
    b,
    c int generated,
    d 'my type'(1),
    e int auto_increment,
    f enum,
    g int4range[],
    h decimal(+10,-2),
    i varchar ( 10 ),
    j "INTEGER",
    k int /* c */ unsigned
);

== defaults: a bare word is a string, a call is not looked at, a column is refused (V23)
CREATE TABLE d (a default foo, b default "foo bar", c default [x y], d default (nosuch()), e default - 1, f default current_timestamp, g default 1 default 2, h default x'00', i default (TRUE), j default +1.5e3, k default ((1) + 2), l default 'it''s');
CREATE TABLE bad (a, b default (a));
CREATE TABLE bad (a default now());
CREATE TABLE bad (a default ("x"));
CREATE TABLE bad (a default +x);
CREATE TABLE bad (a default ((SELECT 1)));
CREATE TABLE bad (a default);

-- result
-- 2:32: refused: default value of column [b] is not constant
-- 3:32: refused: near "(": syntax error
-- 4:29: refused: default value of column [a] is not constant
-- 5:30: refused: near "x": syntax error
-- 6:29: refused: default value of column [a] is not constant
-- 7:28: refused: near ")": syntax error
CREATE TABLE d (
    a DEFAULT foo,
    b DEFAULT "foo bar",
    c DEFAULT [x y],
    d DEFAULT (nosuch()),
    e DEFAULT - 1,
    f DEFAULT current_timestamp,
    g DEFAULT 2,
    h DEFAULT x'00',
    i DEFAULT (TRUE),
    j DEFAULT +1.5e3,
    k DEFAULT ((1) + 2),
    l DEFAULT 'it''s'
);

== names of constraints may dangle and come twice, and commas are optional (V24)
CREATE TABLE c (a int constraint c1 constraint c2 not null constraint c3, b, constraint k1 check (a > 0) check (b > 0) constraint k2 constraint k3 unique (a) unique (b), constraint k1 check (a < 9));
CREATE TABLE bad (a, unique (a),);
CREATE TABLE bad (unique (a), a);

-- result
-- 2:33: refused: near ")": syntax error
-- 3:19: refused: near "unique": syntax error
CREATE TABLE c (
    a int CONSTRAINT c2 NOT NULL,
    b,
    CONSTRAINT k1 CHECK (a > 0),
    CHECK (b > 0),
    CONSTRAINT k3 UNIQUE (a),
    UNIQUE (b),
    CONSTRAINT k1 CHECK (a < 9)
);

== generated columns (V39)
CREATE TABLE g (a, b int as (a + 1), c generated always as (b * 2) stored not null, d text collate nocase as (a || 'x') virtual unique);
CREATE TABLE bad (a as (1));
CREATE TABLE bad (a, b as (a) default 1);
CREATE TABLE bad (a, b default 1 as (a));
CREATE TABLE bad (a, b as (a), primary key (b));
CREATE TABLE bad (a, b as (rowid));
CREATE TABLE bad (a, b as (other.a));
CREATE TABLE bad (a, b as (bad.a));
CREATE TABLE bad (a, b as (c), c as (b));
CREATE TABLE bad (a, b as (random()));
CREATE TABLE bad (a, b as (a) persisted);
CREATE TABLE bad (a, b as ((select 1)));

-- result
-- 2:14: refused: must have at least one non-generated column
-- 3:39: refused: cannot use DEFAULT on a generated column
-- 4:38: refused: error in generated column "b"
-- 5:45: refused: generated columns cannot be part of the PRIMARY KEY
-- 6:28: refused: no such column: rowid
-- 7:34: refused: no such column: other.a
-- 8:28: refused: the "." operator prohibited in generated columns
-- 9:32: refused: generated column loop on "c"
-- 10:28: refused: non-deterministic functions prohibited in generated columns
-- 11:31: refused: error in generated column "b"
-- 12:29: refused: subqueries prohibited in generated columns
CREATE TABLE g (
    a,
    b int GENERATED ALWAYS AS (a + 1) VIRTUAL,
    c NOT NULL GENERATED ALWAYS AS (b * 2) STORED,
    d text UNIQUE COLLATE nocase GENERATED ALWAYS AS (a || 'x') VIRTUAL
);

== types that a strict table has, and those that it has not (V44)
CREATE TABLE s (a INT, b INTEGER, c REAL, d TEXT, e BLOB, f ANY) STRICT;
CREATE TABLE bad (x int, y varchar(5)) STRICT;
CREATE TABLE bad (x) STRICT;
CREATE TABLE bad (x int) STRICT WITHOUT ROWID;
CREATE TABLE bad (x int) FAST;
CREATE TABLE bad (x int) WITHOUT OIDS;
CREATE TABLE bad (x int) WITHOUT ROWID;

-- result
-- 2:26: refused: unknown datatype for bad.y: "varchar(5)"
-- 3:19: refused: missing datatype for bad.x
-- 4:33: refused: near "WITHOUT": syntax error
-- 5:26: refused: unknown table option: FAST
-- 6:34: refused: unknown table option: OIDS
-- 7:14: refused: PRIMARY KEY missing on table bad
CREATE TABLE s (
    a INT,
    b INTEGER,
    c REAL,
    d TEXT,
    e BLOB,
    f ANY
) STRICT;

== conflict clauses are kept, and stand only where SQLite reads them (V45)
CREATE TABLE o (a unique on conflict ignore not null on conflict ignore, b primary key on conflict replace, c null on conflict fail, check (a > 0) on conflict abort);
CREATE TABLE bad (a check (a > 0) on conflict ignore);
CREATE TABLE bad (a unique on conflict ignore, unique (a) on conflict replace);

-- result
-- 2:35: refused: near "on": syntax error
-- 3:48: refused: conflicting ON CONFLICT clauses specified
CREATE TABLE o (
    a NOT NULL ON CONFLICT IGNORE UNIQUE ON CONFLICT IGNORE,
    b PRIMARY KEY ON CONFLICT REPLACE,
    c,
    CHECK (a > 0)
);

== a column twice, a check on what is not there
CREATE TABLE bad (a, A);
CREATE TABLE bad (a CHECK (b > 1));
CREATE TABLE bad (a CHECK (count(*) > 1));
CREATE TABLE bad (a CHECK (nosuch(a)));
CREATE TABLE bad (a CHECK ((SELECT 1)));
CREATE TABLE bad (a CHECK (a > ?1));
CREATE TABLE bad (a COLLATE klingon);
CREATE TABLE bad (a, UNIQUE (b));
CREATE TABLE bad (a, UNIQUE (a + 1));
CREATE TABLE good (a CHECK (good.a > 1 AND main.good.a < 9 AND rowid > 0 AND a <> "text" AND random() IS NOT NULL));

-- result
-- 1:22: refused: duplicate column name: A
-- 2:28: refused: no such column: b
-- 3:28: refused: misuse of aggregate function count()
-- 4:28: refused: no such function: nosuch
-- 5:29: refused: subqueries prohibited in CHECK constraints
-- 6:32: refused: parameters prohibited in CHECK constraints
-- 7:29: refused: no such collation sequence: klingon
-- 8:30: refused: no such column: b
-- 9:30: refused: expressions prohibited in PRIMARY KEY and UNIQUE constraints
CREATE TABLE good (
    a CHECK (good.a > 1 AND main.good.a < 9 AND rowid > 0 AND a <> "text" AND random() IS NOT NULL)
);

== names in every kind of quotes (V34)
CREATE TABLE 'q'('a' int, 'b', `c``d`, "e""f", [g h], unique ('b'), check ('a' <> 'b' and [g h] > 1));
CREATE INDEX 'i' ON 'q'('a', "e""f");
CREATE INDEX j ON q ('nosuch');
CREATE VIEW 'v'('x') AS SELECT 'a' FROM 'q';

-- result
-- 3:22: refused: no such column: nosuch
CREATE TABLE q (
    a int,
    b,
    "c`d",
    "e""f",
    "g h",
    UNIQUE (b),
    CHECK ('a' <> 'b' and [g h] > 1)
);
CREATE INDEX i ON q (a, "e""f");
CREATE VIEW v (x) AS SELECT 'a' FROM 'q';

== names beyond ASCII are as they are, of ASCII the case does not count (V27)
CREATE TABLE É (a);
CREATE TABLE é (a);
CREATE TABLE É (b);
CREATE TABLE "" (" ");
CREATE TABLE sqlite_mine (a);
CREATE TABLE "SQLite_mine" (a);
CREATE TABLE mine (sqlite_mine);

-- result
-- 3:14: refused: table É already exists
-- 5:14: refused: object name reserved for internal use: sqlite_mine
-- 6:14: refused: object name reserved for internal use: SQLite_mine
CREATE TABLE "" (
    " "
);
CREATE TABLE mine (
    sqlite_mine
);
CREATE TABLE "É" (
    a
);
CREATE TABLE "é" (
    a
);
