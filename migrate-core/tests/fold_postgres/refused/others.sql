-- 2:17 `f`: function "f" already exists with same argument types
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'
--
-- 2:32 `RETURNS`: cannot change return type of existing function
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT 2::text'
--
-- 2:30 `b`: cannot change name of input parameter "a"
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION f(b int) RETURNS int LANGUAGE sql AS 'SELECT 2'
--
-- 2:30 `a`: cannot remove parameter defaults from existing function
CREATE FUNCTION f(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2'
--
-- 2:29 `f`: cannot change routine kind
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE PROCEDURE f() LANGUAGE sql AS 'SELECT 2'
--
-- 1:17 `f`: no language specified
CREATE FUNCTION f() RETURNS int AS 'SELECT 1'
--
-- 1:42 `nope`: language "nope" does not exist
CREATE FUNCTION f() RETURNS int LANGUAGE nope AS 'SELECT 1'
--
-- 1:17 `f`: no function body specified
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql
--
-- 1:17 `f`: function result type must be specified
CREATE FUNCTION f() LANGUAGE plpgsql AS 'BEGIN END'
--
-- 1:53 `VOLATILE`: conflicting or redundant options
CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE VOLATILE AS 'SELECT 1'
--
-- 1:21 `nope`: does not exist
CREATE FUNCTION f(a nope) RETURNS int LANGUAGE plpgsql AS 'BEGIN END'
--
-- 1:29 `nope`: type "nope" does not exist
CREATE FUNCTION f() RETURNS nope LANGUAGE sql AS 'SELECT 1'
--
-- 1:26 `a`: parameter name "a" used more than once
CREATE FUNCTION f(a int, a text) RETURNS int LANGUAGE plpgsql AS 'BEGIN END'
--
-- 1:36 `b`: input parameters after one with a default value must also have defaults
CREATE FUNCTION f(a int DEFAULT 1, b int) RETURNS int LANGUAGE plpgsql AS 'BEGIN END'
--
-- 1:15 `nope`: function nope() does not exist
DROP FUNCTION nope()
--
-- 2:15 `f`: function f(text) does not exist
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION f(text)
--
-- 3:15 `f`: function name "f" is not unique
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION f
--
-- 2:16 `f`: f() is not a procedure
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
DROP PROCEDURE f()
--
-- 3:15 `f`: default value for column a of table t depends on function f()
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (a int DEFAULT f());
DROP FUNCTION f()
--
-- 4:15 `f`: cannot drop function f(integer) because other objects depend on it
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE t (a int);
CREATE INDEX ON t (f(a));
DROP FUNCTION f(int)
--
-- 3:15 `f`: cannot drop function f(integer) because other objects depend on it
CREATE FUNCTION f(int) RETURNS bool LANGUAGE sql AS 'SELECT true';
CREATE TABLE t (a int CHECK (f(a)));
DROP FUNCTION f(int)
--
-- 3:30 `g`: function g() already exists in schema "public"
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION f() RENAME TO g
--
-- 1:16 `nope`: function nope() does not exist
ALTER FUNCTION nope() RENAME TO g
--
-- 4:15 `f`: cannot drop function f() because other objects depend on it
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (a int);
CREATE TRIGGER r BEFORE INSERT ON t EXECUTE FUNCTION f();
DROP FUNCTION f()
--
-- 4:16 `r`: trigger "r" for relation "t" already exists
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (a int);
CREATE TRIGGER r BEFORE INSERT ON t EXECUTE FUNCTION f();
CREATE TRIGGER r AFTER INSERT ON t EXECUTE FUNCTION f()
--
-- 2:54 `nope`: function nope() does not exist
CREATE TABLE t (a int);
CREATE TRIGGER r BEFORE INSERT ON t EXECUTE FUNCTION nope()
--
-- 3:54 `f`: function f must return type trigger
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (a int);
CREATE TRIGGER r BEFORE INSERT ON t EXECUTE FUNCTION f()
--
-- 2:35 `nope`: relation "nope" does not exist
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER r BEFORE INSERT ON nope EXECUTE FUNCTION f()
--
-- 3:35 `z`: column "z" of relation "t" does not exist
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (a int);
CREATE TRIGGER r BEFORE UPDATE OF z ON t EXECUTE FUNCTION f()
--
-- 3:39 `t`: "t" is a table
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (a int);
CREATE TRIGGER r INSTEAD OF INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()
--
-- 3:35 `v`: "v" is a view
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE VIEW v AS SELECT 1 AS a;
CREATE TRIGGER r BEFORE INSERT ON v FOR EACH ROW EXECUTE FUNCTION f()
--
-- 3:25 `TRUNCATE`: TRUNCATE FOR EACH ROW triggers are not supported
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (a int);
CREATE TRIGGER r BEFORE TRUNCATE ON t FOR EACH ROW EXECUTE FUNCTION f()
--
-- 2:14 `nope`: trigger "nope" for table "t" does not exist
CREATE TABLE t (a int);
DROP TRIGGER nope ON t
--
-- 1:19 `nope`: relation "nope" does not exist
DROP TRIGGER r ON nope
--
-- 2:15 `nope`: trigger "nope" for table "t" does not exist
CREATE TABLE t (a int);
ALTER TRIGGER nope ON t RENAME TO r
--
-- 3:15 `p`: policy "p" for table "t" already exists
CREATE TABLE t (a int);
CREATE POLICY p ON t;
CREATE POLICY p ON t
--
-- 2:13 `nope`: policy "nope" for table "t" does not exist
CREATE TABLE t (a int);
DROP POLICY nope ON t
--
-- 1:20 `nope`: relation "nope" does not exist
CREATE POLICY p ON nope
--
-- 2:14 `nope`: policy "nope" for table "t" does not exist
CREATE TABLE t (a int);
ALTER POLICY nope ON t RENAME TO q
--
-- 3:13 `r`: rule "r" for relation "t" already exists
CREATE TABLE t (a int);
CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;
CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING
--
-- 2:11 `nope`: rule "nope" for relation "t" does not exist
CREATE TABLE t (a int);
DROP RULE nope ON t
--
-- 3:19 `s`: statistics object "s" already exists
CREATE TABLE t (a int, b int);
CREATE STATISTICS s ON a, b FROM t;
CREATE STATISTICS s ON a, b FROM t
--
-- 1:34 `nope`: relation "nope" does not exist
CREATE STATISTICS s ON a, b FROM nope
--
-- 1:17 `nope`: statistics object "nope" does not exist
DROP STATISTICS nope
--
-- 2:18 `pg_trgm`: extension "pg_trgm" already exists
CREATE EXTENSION pg_trgm;
CREATE EXTENSION pg_trgm
--
-- 1:16 `nope`: extension "nope" does not exist
DROP EXTENSION nope
--
-- 3:16 `citext`: cannot drop extension citext because other objects depend on it
CREATE EXTENSION citext;
CREATE TABLE t (a citext);
DROP EXTENSION citext
--
-- 2:20 `p`: publication "p" already exists
CREATE PUBLICATION p;
CREATE PUBLICATION p
--
-- 1:18 `nope`: publication "nope" does not exist
DROP PUBLICATION nope
--
-- 1:16 `nope`: collation "nope"
DROP COLLATION nope
--
-- 1:18 `nope`: relation "nope" does not exist
COMMENT ON TABLE nope IS 'x'
--
-- 2:21 `nope`: column "nope" of relation "t" does not exist
CREATE TABLE t (a int);
COMMENT ON COLUMN t.nope IS 'x'
--
-- 2:23 `nope`: constraint "nope" for table "t" does not exist
CREATE TABLE t (a int);
COMMENT ON CONSTRAINT nope ON t IS 'x'
--
-- 1:18 `nope`: relation "nope" does not exist
COMMENT ON INDEX nope IS 'x'
--
-- 1:19 `nope`: schema "nope" does not exist
COMMENT ON SCHEMA nope IS 'x'
--
-- 1:17 `nope`: type "nope" does not exist
COMMENT ON TYPE nope IS 'x'
--
-- 1:21 `nope`: function nope() does not exist
COMMENT ON FUNCTION nope() IS 'x'
--
-- 2:20 `nope`: trigger "nope" for table "t" does not exist
CREATE TABLE t (a int);
COMMENT ON TRIGGER nope ON t IS 'x'
--
-- 2:19 `nope`: policy "nope" for table "t" does not exist
CREATE TABLE t (a int);
COMMENT ON POLICY nope ON t IS 'x'
--
-- 1:22 `nope`: extension "nope" does not exist
COMMENT ON EXTENSION nope IS 'x'
--
-- 2:17 `t`: "t" is not a view
CREATE TABLE t (a int);
COMMENT ON VIEW t IS 'x'
--
-- 2:23 `nope`: constraint "nope" for domain d does not exist
CREATE DOMAIN d AS int;
COMMENT ON CONSTRAINT nope ON DOMAIN d IS 'x'
--
-- 2:11 `m`: "m" is not a view
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
DROP VIEW m
--
-- 2:13 `m`: relation "m" already exists
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
CREATE VIEW m AS SELECT 1 AS b
--
-- 3:13 `v`: relation "v" already exists
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW v AS SELECT a FROM t
--
-- 3:26 `v`: relation "v" already exists
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE MATERIALIZED VIEW v AS SELECT a FROM t
