-- 3:24 `v`: cannot drop columns from view
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT * FROM t;
CREATE OR REPLACE VIEW v AS SELECT a FROM t
--
-- 3:24 `v`: cannot change name of view column "a" to "b"
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t;
CREATE OR REPLACE VIEW v AS SELECT b FROM t
--
-- 3:24 `v`: cannot change data type of view column "a" from integer to bigint
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t;
CREATE OR REPLACE VIEW v AS SELECT a::bigint FROM t
--
-- 3:13 `v`: column "a" specified more than once
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE VIEW v AS SELECT * FROM t, u
--
-- 3:25 `a`: column reference "a" is ambiguous
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE VIEW v AS SELECT a FROM t, u
--
-- 2:25 `nope`: column "nope" does not exist
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT nope FROM t
--
-- 2:42 `x`: column x.nope does not exist
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t x WHERE x.nope > 1
--
-- 2:25 `y`: missing FROM-clause entry for table "y"
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT y.a FROM t x
--
-- 1:32 `nope`: relation "nope" does not exist
CREATE VIEW v AS SELECT 1 FROM nope
--
-- 1:13 `v`: CREATE VIEW specifies more column names than columns
CREATE VIEW v (a, b) AS SELECT 1
--
-- 1:14 `t`: : too many column names were specified
CREATE TABLE t (a, b) AS SELECT 1
--
-- 3:41 `USING`: column "b" specified in USING clause does not exist
CREATE TABLE t (a int);
CREATE TABLE u (b int);
CREATE VIEW v AS SELECT 1 FROM t JOIN u USING (b)
--
-- 3:20 `b`: cannot drop column b of table t because other objects depend on it
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT * FROM (SELECT a, count(b) FROM t GROUP BY 1) s;
ALTER TABLE t DROP b
--
-- 3:21 `b`: cannot alter type of a column used by a view or rule
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t ORDER BY b;
ALTER TABLE t ALTER b TYPE bigint
