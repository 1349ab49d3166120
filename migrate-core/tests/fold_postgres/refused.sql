-- relation "t" already exists
CREATE TABLE t (a int); CREATE TABLE t (b int)
--
-- column "a" specified more than once
CREATE TABLE t (a int, a text)
--
-- column "a" of relation "t" already exists
CREATE TABLE t (a int); ALTER TABLE t ADD a text
--
-- relation "nope" does not exist
CREATE TABLE t (a int REFERENCES nope)
--
-- there is no primary key for referenced table "p"
CREATE TABLE p (a int); CREATE TABLE t (a int REFERENCES p)
--
-- there is no unique constraint matching given keys for referenced table "p"
CREATE TABLE p (a int); CREATE TABLE t (a int REFERENCES p (a))
--
-- column "z" named in key does not exist
CREATE TABLE t (a int, PRIMARY KEY (z))
--
-- multiple primary keys for table "t" are not allowed
CREATE TABLE t (a int PRIMARY KEY, b int PRIMARY KEY)
--
-- because other objects depend on it
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t DROP COLUMN a
--
-- because other objects depend on it
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; DROP TABLE t
--
-- because other objects depend on it
CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p); DROP TABLE p
--
-- because other objects depend on it
CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p); ALTER TABLE p DROP CONSTRAINT p_pkey
--
-- because other objects depend on it
CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e); DROP TYPE e
--
-- because other objects depend on it
CREATE TABLE t (a serial); DROP SEQUENCE t_a_seq
--
-- because other objects depend on it
CREATE SCHEMA x; CREATE TABLE x.t (a int); DROP SCHEMA x
--
-- cannot drop index t_pkey because constraint t_pkey on table t requires it
CREATE TABLE t (a int PRIMARY KEY); DROP INDEX t_pkey
--
-- cannot drop sequence t_a_seq because column a of table t requires it
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY); DROP SEQUENCE t_a_seq
--
-- column "nope" does not exist
CREATE TABLE t (a int); ALTER TABLE t RENAME nope TO b
--
-- already exists
CREATE TABLE t (a int, b int); ALTER TABLE t RENAME a TO b
--
-- already exists
CREATE TABLE t (a int); CREATE TABLE u (a int); ALTER TABLE t RENAME TO u
--
-- enum label "a" already exists
CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE 'a'
--
-- is not an existing enum label
CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE 'b' AFTER 'z'
--
-- type "e" already exists
CREATE TYPE e AS ENUM ('a'); CREATE TYPE e AS ENUM ('b')
--
-- column "a" is in a primary key
CREATE TABLE t (a int PRIMARY KEY); ALTER TABLE t ALTER a DROP NOT NULL
--
-- already has a default value
CREATE TABLE t (a int NOT NULL DEFAULT 1); ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY
--
-- must be declared NOT NULL before identity can be added
CREATE TABLE t (a int); ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY
--
-- "t" is not a view
CREATE TABLE t (a int); DROP VIEW t
--
-- schema "nope" does not exist
CREATE TABLE nope.t (a int)
--
-- constraint "c" for relation "t" already exists
CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c UNIQUE (a); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)
--
-- constraint "nope" of relation "t" does not exist
CREATE TABLE t (a int); ALTER TABLE t DROP CONSTRAINT nope
--
-- used by a view or rule
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t ALTER a TYPE bigint
--
-- identity column type must be smallint, integer, or bigint
CREATE TABLE t (a text GENERATED ALWAYS AS IDENTITY)
--
-- is not a foreign key constraint
CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0)); ALTER TABLE t ALTER CONSTRAINT c DEFERRABLE
--
-- already exists with same argument types
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'
--
-- cannot drop columns from view
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT * FROM t; CREATE OR REPLACE VIEW v AS SELECT a FROM t
--
-- cannot change name of view column "a" to "b"
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE OR REPLACE VIEW v AS SELECT b FROM t
--
-- cannot change data type of view column "a" from integer to bigint
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE OR REPLACE VIEW v AS SELECT a::bigint FROM t
--
-- column "a" specified more than once
CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE VIEW v AS SELECT * FROM t, u
--
-- column reference "a" is ambiguous
CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE VIEW v AS SELECT a FROM t, u
--
-- column "nope" does not exist
CREATE TABLE t (a int); CREATE VIEW v AS SELECT nope FROM t
--
-- column x.nope does not exist
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t x WHERE x.nope > 1
--
-- missing FROM-clause entry for table "y"
CREATE TABLE t (a int); CREATE VIEW v AS SELECT y.a FROM t x
--
-- relation "nope" does not exist
CREATE VIEW v AS SELECT 1 FROM nope
--
-- CREATE VIEW specifies more column names than columns
CREATE VIEW v (a, b) AS SELECT 1
--
-- too many column names were specified
CREATE TABLE t (a, b) AS SELECT 1
--
-- column "b" specified in USING clause does not exist
CREATE TABLE t (a int); CREATE TABLE u (b int); CREATE VIEW v AS SELECT 1 FROM t JOIN u USING (b)
--
-- because other objects depend on it
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT * FROM (SELECT a, count(b) FROM t GROUP BY 1) s; ALTER TABLE t DROP b
--
-- used by a view or rule
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t ORDER BY b; ALTER TABLE t ALTER b TYPE bigint
--
-- index "i" contains expressions
CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t ((a + 1)); ALTER TABLE t ADD UNIQUE USING INDEX i
--
-- "i" is a partial index
CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a) WHERE a > 0; ALTER TABLE t ADD UNIQUE USING INDEX i
--
-- "i" is not a unique index
CREATE TABLE t (a int); CREATE INDEX i ON t (a); ALTER TABLE t ADD UNIQUE USING INDEX i
--
-- constraint "nope" for table "t" does not exist
CREATE TABLE t (a int NOT NULL); ALTER TABLE t RENAME CONSTRAINT nope TO other
