-- 2:14 `t`: relation "t" already exists
CREATE TABLE t (a int);
CREATE TABLE t (b int)
--
-- 2:14 `v`: relation "v" already exists
CREATE VIEW v AS SELECT 1 AS a;
CREATE TABLE v (b int)
--
-- 2:14 `s`: relation "s" already exists
CREATE SEQUENCE s;
CREATE TABLE s (b int)
--
-- 2:14 `t_pkey`: relation "t_pkey" already exists
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE t_pkey (b int)
--
-- 2:14 `e`: type "e" already exists
CREATE TYPE e AS ENUM ('a');
CREATE TABLE e (b int)
--
-- 1:14 `nope.t`: schema "nope" does not exist
CREATE TABLE nope.t (a int)
--
-- 1:19 `nope`: type "nope" does not exist
CREATE TABLE t (a nope)
--
-- 1:36 `nope.kind`: schema "nope" does not exist
CREATE TABLE t (a int, b text[], c nope.kind)
--
-- 1:17 `ctid`: column name "ctid" conflicts with a system column name
CREATE TABLE t (ctid int)
--
-- 2:14 `t`: no schema has been selected to create in
SET search_path = nope;
CREATE TABLE t (a int)
--
-- 1:22 `nope`: relation "nope" does not exist
CREATE TABLE t (LIKE nope)
--
-- 2:13 `nope`: relation "nope" does not exist
CREATE TABLE t (a int, b int);
ALTER TABLE nope ADD c int
--
-- 3:25 `u`: relation "u" already exists
CREATE TABLE t (a int);
CREATE TABLE u (a int);
ALTER TABLE t RENAME TO u
--
-- 3:24 `t`: relation "t" already exists
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT 1 AS b;
ALTER VIEW v RENAME TO t
--
-- 2:26 `nope`: schema "nope" does not exist
CREATE TABLE t (a int);
ALTER TABLE t SET SCHEMA nope
--
-- 4:26 `x`: relation "t" already exists
CREATE SCHEMA x;
CREATE TABLE x.t (a int);
CREATE TABLE t (a int);
ALTER TABLE t SET SCHEMA x
--
-- 1:12 `nope`: table "nope" does not exist
DROP TABLE nope
--
-- 1:11 `nope`: view "nope" does not exist
DROP VIEW nope
--
-- 1:24 `nope`: materialized view "nope" does not exist
DROP MATERIALIZED VIEW nope
--
-- 1:15 `nope`: sequence "nope" does not exist
DROP SEQUENCE nope
--
-- 1:12 `nope`: index "nope" does not exist
DROP INDEX nope
--
-- 2:11 `t`: "t" is not a view
CREATE TABLE t (a int);
DROP VIEW t
--
-- 2:12 `v`: "v" is not a table
CREATE VIEW v AS SELECT 1 AS a;
DROP TABLE v
--
-- 2:24 `v`: "v" is not a materialized view
CREATE VIEW v AS SELECT 1 AS a;
DROP MATERIALIZED VIEW v
--
-- 2:12 `t`: "t" is not an index
CREATE TABLE t (a int);
DROP INDEX t
--
-- 2:15 `t`: "t" is not a sequence
CREATE TABLE t (a int);
DROP SEQUENCE t
--
-- 3:12 `t`: cannot drop table t because other objects depend on it
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
DROP TABLE t
--
-- 4:11 `v`: cannot drop view v because other objects depend on it
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
DROP VIEW v
--
-- 3:12 `p`: cannot drop table p because other objects depend on it
CREATE TABLE p (a int PRIMARY KEY);
CREATE TABLE t (a int REFERENCES p);
DROP TABLE p
--
-- 2:12 `t`: "t" is not a view
CREATE TABLE t (a int);
ALTER VIEW t RENAME TO u
--
-- 2:13 `v`: ALTER action ADD COLUMN cannot be performed on relation "v"
CREATE VIEW v AS SELECT 1 AS a;
ALTER TABLE v ADD COLUMN b int
--
-- 2:15 `x`: schema "x" already exists
CREATE SCHEMA x;
CREATE SCHEMA x
--
-- 1:15 `pg_x`: unacceptable schema name "pg_x"
CREATE SCHEMA pg_x
--
-- 3:26 `y`: schema "y" already exists
CREATE SCHEMA x;
CREATE SCHEMA y;
ALTER SCHEMA x RENAME TO y
--
-- 1:14 `nope`: schema "nope" does not exist
ALTER SCHEMA nope RENAME TO y
--
-- 3:13 `x`: cannot drop schema x because other objects depend on it
CREATE SCHEMA x;
CREATE TABLE x.t (a int);
DROP SCHEMA x
--
-- 1:13 `nope`: schema "nope" does not exist
DROP SCHEMA nope
--
-- 1:34 `nope`: relation "nope" does not exist
CREATE TABLE t (a int) INHERITS (nope)
--
-- 2:32 `p`: relation "p" would be inherited from more than once
CREATE TABLE p (a int);
CREATE TABLE c () INHERITS (p, p)
--
-- 2:17 `a`: column "a" has a type conflict
CREATE TABLE p (a int);
CREATE TABLE c (a text) INHERITS (p)
--
-- 3:23 `p`: child table is missing column "a"
CREATE TABLE p (a int);
CREATE TABLE c (b int);
ALTER TABLE c INHERIT p
--
-- 3:23 `p`: child table "c" has different type for column "a"
CREATE TABLE p (a int);
CREATE TABLE c (a text);
ALTER TABLE c INHERIT p
--
-- 3:23 `p`: child table is missing constraint "k"
CREATE TABLE p (a int, CONSTRAINT k CHECK (a > 0));
CREATE TABLE c (a int);
ALTER TABLE c INHERIT p
--
-- 3:23 `p`: relation "p" would be inherited from more than once
CREATE TABLE p (a int);
CREATE TABLE c () INHERITS (p);
ALTER TABLE c INHERIT p
--
-- 3:23 `c`: circular inheritance not allowed
CREATE TABLE p (a int);
CREATE TABLE c () INHERITS (p);
ALTER TABLE p INHERIT c
--
-- 3:26 `p`: relation "p" is not a parent of relation "c"
CREATE TABLE p (a int);
CREATE TABLE c (a int);
ALTER TABLE c NO INHERIT p
--
-- 3:27 `a`: cannot drop inherited column "a"
CREATE TABLE p (a int);
CREATE TABLE c () INHERITS (p);
ALTER TABLE c DROP COLUMN a
--
-- 3:22 `a`: cannot rename inherited column "a"
CREATE TABLE p (a int);
CREATE TABLE c () INHERITS (p);
ALTER TABLE c RENAME a TO b
--
-- 3:21 `a`: cannot alter inherited column "a"
CREATE TABLE p (a int);
CREATE TABLE c () INHERITS (p);
ALTER TABLE c ALTER a TYPE bigint
--
-- 3:12 `p`: cannot drop table p because other objects depend on it
CREATE TABLE p (a int);
CREATE TABLE c () INHERITS (p);
DROP TABLE p
--
-- 3:31 `k`: cannot drop inherited constraint "k" of relation "c"
CREATE TABLE p (a int, CONSTRAINT k CHECK (a > 0));
CREATE TABLE c () INHERITS (p);
ALTER TABLE c DROP CONSTRAINT k
--
-- 2:30 `p`: "p" is not partitioned
CREATE TABLE p (a int);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (1)
--
-- 1:44 `z`: column "z" named in partition key does not exist
CREATE TABLE p (a int) PARTITION BY RANGE (z)
--
-- 1:23 `PRIMARY`: unique constraint on partitioned table must include all partitioning columns
CREATE TABLE p (a int PRIMARY KEY, b int) PARTITION BY RANGE (b)
--
-- 2:29 `p`: cannot inherit from partitioned table "p"
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE TABLE c () INHERITS (p)
--
-- 2:32 `FOR VALUES IN (1)`: invalid bound specification for a range partition
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)
--
-- 3:32 `FOR VALUES FROM (5) TO (20)`: partition "p2" would overlap partition "p1"
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (5) TO (20)
--
-- 3:32 `FOR VALUES IN (2, 3)`: partition "p2" would overlap partition "p1"
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 2);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2, 3)
--
-- 3:32 `DEFAULT`: partition "p2" conflicts with existing default partition "p1"
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p DEFAULT;
CREATE TABLE p2 PARTITION OF p DEFAULT
--
-- 3:32 `c`: relation "c" is not a partition of relation "p"
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE TABLE c (a int);
ALTER TABLE p DETACH PARTITION c
--
-- 3:32 `p1`: "p1" is already a partition
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p DEFAULT;
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (1)
--
-- 3:32 `c`: child table is missing column "b"
CREATE TABLE p (a int, b int) PARTITION BY RANGE (a);
CREATE TABLE c (a int);
ALTER TABLE p ATTACH PARTITION c DEFAULT
--
-- 3:32 `c`: table "c" contains column "x" not found in parent "p"
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE TABLE c (a int, x int);
ALTER TABLE p ATTACH PARTITION c DEFAULT
--
-- 2:27 `a`: cannot drop column "a" because it is part of the partition key of relation "p"
CREATE TABLE p (a int) PARTITION BY RANGE (a);
ALTER TABLE p DROP COLUMN a
--
-- 2:21 `a`: cannot alter column "a" because it is part of the partition key of relation "p"
CREATE TABLE p (a int) PARTITION BY RANGE (a);
ALTER TABLE p ALTER a TYPE bigint
--
-- 2:26 `nope`: index "nope" for table "t" does not exist
CREATE TABLE t (a int);
ALTER TABLE t CLUSTER ON nope
--
-- 2:44 `nope`: index "nope" for table "t" does not exist
CREATE TABLE t (a int);
ALTER TABLE t REPLICA IDENTITY USING INDEX nope
--
-- 4:13 `t`: could not change table "t" to logged because it references unlogged table "p"
CREATE TABLE p (a int PRIMARY KEY);
CREATE UNLOGGED TABLE t (a int REFERENCES p);
ALTER TABLE p SET UNLOGGED;
ALTER TABLE t SET LOGGED
--
-- 2:31 `nope`: trigger "nope" for table "t" does not exist
CREATE TABLE t (a int);
ALTER TABLE t DISABLE TRIGGER nope
