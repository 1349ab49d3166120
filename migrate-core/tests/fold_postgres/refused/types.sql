-- 2:13 `e`: type "e" already exists
CREATE TYPE e AS ENUM ('a');
CREATE TYPE e AS ENUM ('b')
--
-- 2:13 `t`: type "t" already exists
CREATE TABLE t (a int);
CREATE TYPE t AS ENUM ('b')
--
-- 1:34 `'a'`: already exists
CREATE TYPE e AS ENUM ('a', 'b', 'a')
--
-- 2:24 `'a'`: enum label "a" already exists
CREATE TYPE e AS ENUM ('a');
ALTER TYPE e ADD VALUE 'a'
--
-- 2:34 `'z'`: "z" is not an existing enum label
CREATE TYPE e AS ENUM ('a');
ALTER TYPE e ADD VALUE 'b' AFTER 'z'
--
-- 2:35 `'y'`: "y" is not an existing enum label
CREATE TYPE e AS ENUM ('a');
ALTER TYPE e ADD VALUE 'b' BEFORE 'y'
--
-- 2:34 `'b'`: enum label "b" already exists
CREATE TYPE e AS ENUM ('a', 'b');
ALTER TYPE e RENAME VALUE 'a' TO 'b'
--
-- 2:27 `'z'`: "z" is not an existing enum label
CREATE TYPE e AS ENUM ('a', 'b');
ALTER TYPE e RENAME VALUE 'z' TO 'c'
--
-- 3:11 `e`: cannot drop type e because other objects depend on it
CREATE TYPE e AS ENUM ('a');
CREATE TABLE t (a e);
DROP TYPE e
--
-- 3:11 `e`: cannot drop type e because other objects depend on it
CREATE TYPE e AS ENUM ('a');
CREATE DOMAIN d AS e;
DROP TYPE e
--
-- 3:24 `f`: type "f" already exists
CREATE TYPE e AS ENUM ('a');
CREATE TYPE f AS ENUM ('b');
ALTER TYPE e RENAME TO f
--
-- 2:25 `nope`: schema "nope" does not exist
CREATE TYPE e AS ENUM ('a');
ALTER TYPE e SET SCHEMA nope
--
-- 2:13 `e`: "e" is not a domain
CREATE TYPE e AS ENUM ('a');
DROP DOMAIN e
--
-- 2:12 `d`: d is not an enum
CREATE DOMAIN d AS int;
ALTER TYPE d ADD VALUE 'x'
--
-- 2:12 `e`: relation "e" does not exist
CREATE TYPE e AS ENUM ('a');
ALTER TYPE e ADD ATTRIBUTE x int
--
-- 1:12 `nope`: type "nope" does not exist
ALTER TYPE nope ADD VALUE 'x'
--
-- 1:11 `nope`: type "nope" does not exist
DROP TYPE nope
--
-- 1:13 `nope`: type "nope" does not exist
DROP DOMAIN nope
--
-- 1:24 `'0123456789012345678901234567890123456789012345678901234567890123456789'`: invalid enum label "0123456789012345678901234567890123456789012345678901234567890123456789"
CREATE TYPE e AS ENUM ('0123456789012345678901234567890123456789012345678901234567890123456789')
--
-- 1:26 `x`: column "x" specified more than once
CREATE TYPE c AS (x int, x text)
--
-- 1:21 `nope`: type "nope" does not exist
CREATE TYPE c AS (x nope)
--
-- 2:28 `x`: column "x" of relation "c" already exists
CREATE TYPE c AS (x int);
ALTER TYPE c ADD ATTRIBUTE x int
--
-- 2:29 `z`: column "z" of relation "c" does not exist
CREATE TYPE c AS (x int);
ALTER TYPE c DROP ATTRIBUTE z
--
-- 2:36 `y`: column "y" of relation "c" already exists
CREATE TYPE c AS (x int, y int);
ALTER TYPE c RENAME ATTRIBUTE x TO y
--
-- 2:31 `z`: " does not exist
CREATE TYPE c AS (x int);
ALTER TYPE c RENAME ATTRIBUTE z TO y
--
-- 3:30 `x`: cannot alter type "c" because column "t.a" uses it
CREATE TYPE c AS (x int);
CREATE TABLE t (a c);
ALTER TYPE c ALTER ATTRIBUTE x TYPE text
--
-- 3:11 `c`: cannot drop type c because other objects depend on it
CREATE TYPE c AS (x int);
CREATE TABLE t (a c);
DROP TYPE c
--
-- 3:21 `a`: cannot alter table "t" because column "u.b" uses its row type
CREATE TABLE t (a int);
CREATE TABLE u (b t);
ALTER TABLE t ALTER a TYPE bigint
--
-- 3:12 `t`: cannot drop table t because other objects depend on it
CREATE TABLE t (a int);
CREATE TABLE u (b t);
DROP TABLE t
--
-- 1:35 `nope`: type "nope" does not exist
CREATE TYPE r AS RANGE (subtype = nope)
--
-- 1:24 `(collation = "C")`: type attribute "subtype" is required
CREATE TYPE r AS RANGE (collation = "C")
--
-- 2:11 `t`: cannot drop type t because table t requires it
CREATE TABLE t (a int);
DROP TYPE t
--
-- 2:15 `d`: type "d" already exists
CREATE DOMAIN d AS int;
CREATE DOMAIN d AS text
--
-- 1:20 `nope`: type "nope" does not exist
CREATE DOMAIN d AS nope
--
-- 1:33 `NULL`: conflicting NULL/NOT NULL constraints
CREATE DOMAIN d AS int NOT NULL NULL
--
-- 1:34 `DEFAULT`: multiple default expressions
CREATE DOMAIN d AS int DEFAULT 1 DEFAULT 2
--
-- 1:24 `UNIQUE`: unique constraints not possible for domains
CREATE DOMAIN d AS int UNIQUE
--
-- 1:66 `c`: constraint "c" for domain "d" already exists
CREATE DOMAIN d AS int CONSTRAINT c CHECK (VALUE > 0) CONSTRAINT c CHECK (VALUE < 9)
--
-- 2:31 `c`: constraint "c" for domain "d" already exists
CREATE DOMAIN d AS int CONSTRAINT c CHECK (VALUE > 0);
ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE < 9)
--
-- 2:32 `nope`: constraint "nope" of domain "d" does not exist
CREATE DOMAIN d AS int;
ALTER DOMAIN d DROP CONSTRAINT nope
--
-- 2:36 `nope`: constraint "nope" of domain "d" does not exist
CREATE DOMAIN d AS int;
ALTER DOMAIN d VALIDATE CONSTRAINT nope
--
-- 2:34 `nope`: constraint "nope" for domain d does not exist
CREATE DOMAIN d AS int;
ALTER DOMAIN d RENAME CONSTRAINT nope TO c
--
-- 3:13 `d`: cannot drop type d because other objects depend on it
CREATE DOMAIN d AS int;
CREATE TABLE t (a d);
DROP DOMAIN d
--
-- 2:14 `e`: is not a domain
CREATE TYPE e AS ENUM ('a');
ALTER DOMAIN e SET NOT NULL
--
-- 1:14 `nope`: type "nope" does not exist
ALTER DOMAIN nope SET NOT NULL
--
-- 3:26 `e`: type "e" already exists
CREATE DOMAIN d AS int;
CREATE TYPE e AS ENUM ('a');
ALTER DOMAIN d RENAME TO e
--
-- 1:32 `"C"`: collations are not supported by type integer
CREATE DOMAIN d AS int COLLATE "C"
