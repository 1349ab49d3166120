What no schema shows.

== data is not read
CREATE TABLE t (a);
INSERT INTO t VALUES (1), ('CREATE TABLE x');
REPLACE INTO t VALUES (2);
UPDATE t SET a = a || 'x' WHERE a IN (SELECT a FROM t);
WITH w AS (SELECT 1) SELECT * FROM w;
VALUES (1), (2);
SELECT 1;
DELETE FROM t;

-- result
-- 2: Data
-- 3: Data
-- 4: Data
-- 5: Data
-- 6: Data
-- 7: Data
-- 8: Data
CREATE TABLE t (
    a
);

== upkeep
CREATE TABLE t (a);
ANALYZE t;
REINDEX;
VACUUM;
EXPLAIN SELECT 1;
EXPLAIN QUERY PLAN SELECT * FROM t;
PRAGMA user_version = 20240101;
PRAGMA main.cache_size;
PRAGMA foreign_keys;

-- result
-- 2: None
-- 3: None
-- 4: None
-- 5: None
-- 6: None
-- 7: None
-- 8: None
-- 9: None
CREATE TABLE t (
    a
);

== a number that does not fit is none of the fold's business (V43)
PRAGMA user_version = 20240101120000;

-- result
-- 1: None

== other databases
ATTACH ':memory:' AS other;

-- result
-- 1:1: unclear: what is in an attached database is no part of this one's schema

== other databases that go
DETACH other;

-- result
-- 1:1: unclear: what is in an attached database is no part of this one's schema

== transactions
BEGIN;

-- result
-- 1:1: unclear: a revision does not begin or end transactions: migrate owns them
