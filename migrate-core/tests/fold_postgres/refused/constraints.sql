-- 1:34 `nope`: relation "nope" does not exist
CREATE TABLE t (a int REFERENCES nope)
--
-- 2:34 `p`: there is no primary key for referenced table "p"
CREATE TABLE p (a int);
CREATE TABLE t (a int REFERENCES p)
--
-- 2:34 `p`: there is no unique constraint matching given keys for referenced table "p"
CREATE TABLE p (a int);
CREATE TABLE t (a int REFERENCES p (a))
--
-- 2:37 `z`: column "z" referenced in foreign key constraint does not exist
CREATE TABLE p (a int PRIMARY KEY);
CREATE TABLE t (a int REFERENCES p (z))
--
-- 2:37 `z`: column "z" referenced in foreign key constraint does not exist
CREATE TABLE p (a int PRIMARY KEY);
CREATE TABLE t (a int, FOREIGN KEY (z) REFERENCES p)
--
-- 2:34 `p`: number of referencing and referenced columns for foreign key disagree
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE t (a int REFERENCES p)
--
-- 2:24 `REFERENCES p`: foreign key constraint "t_a_fkey" cannot be implemented
CREATE TABLE p (a int PRIMARY KEY);
CREATE TABLE t (a text REFERENCES p)
--
-- 3:45 `b`: foreign key constraint "k" cannot be implemented
CREATE TABLE p (a int PRIMARY KEY);
CREATE TABLE t (b uuid);
ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES p (a)
--
-- 2:34 `v`: referenced relation "v" is not a table
CREATE VIEW v AS SELECT 1 AS a;
CREATE TABLE t (a int REFERENCES v (a))
--
-- 2:34 `p`: cannot use a deferrable unique constraint for referenced table "p"
CREATE TABLE p (a int UNIQUE DEFERRABLE);
CREATE TABLE t (a int REFERENCES p (a))
--
-- 3:34 `p`: there is no unique constraint matching given keys for referenced table "p"
CREATE TABLE p (a int);
CREATE UNIQUE INDEX ON p (a) WHERE a > 0;
CREATE TABLE t (a int REFERENCES p (a))
--
-- 2:34 `p`: constraints on permanent tables may reference only permanent tables
CREATE UNLOGGED TABLE p (a int PRIMARY KEY);
CREATE TABLE t (a int REFERENCES p)
--
-- 2:80 `b`: column "b" referenced in ON DELETE SET action must be part of foreign key
CREATE TABLE p (a int PRIMARY KEY);
CREATE TABLE t (a int, b int, FOREIGN KEY (a) REFERENCES p ON DELETE SET NULL (b))
--
-- 2:42 `PARTIAL`: MATCH PARTIAL not yet implemented
CREATE TABLE p (a int PRIMARY KEY);
CREATE TABLE t (a int REFERENCES p MATCH PARTIAL)
--
-- 2:77 `DELETE`: invalid ON DELETE action for foreign key constraint containing generated column
CREATE TABLE p (a int PRIMARY KEY);
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED REFERENCES p ON DELETE SET NULL)
--
-- 1:37 `z`: column "z" named in key does not exist
CREATE TABLE t (a int, PRIMARY KEY (z))
--
-- 1:35 `z`: column "z" named in key does not exist
CREATE TABLE t (a int, UNIQUE (a, z))
--
-- 1:42 `PRIMARY`: multiple primary keys for table "t" are not allowed
CREATE TABLE t (a int PRIMARY KEY, b int PRIMARY KEY)
--
-- 2:19 `PRIMARY`: multiple primary keys for table "t" are not allowed
CREATE TABLE t (a int PRIMARY KEY, b int);
ALTER TABLE t ADD PRIMARY KEY (b)
--
-- 1:40 `a`: column "a" appears twice in primary key constraint
CREATE TABLE t (a int, PRIMARY KEY (a, a))
--
-- 1:45 `a`: column "a" appears twice in unique constraint
CREATE TABLE t (a int, b int, UNIQUE (a, b, a))
--
-- 1:49 `z`: column "z" named in key does not exist
CREATE TABLE t (a int, PRIMARY KEY (a) INCLUDE (z))
--
-- 2:34 `VALID`: UNIQUE constraints cannot be marked NOT VALID
CREATE TABLE t (a int);
ALTER TABLE t ADD UNIQUE (a) NOT VALID
--
-- 1:37 `DEFERRABLE`: misplaced DEFERRABLE clause
CREATE TABLE t (a int CHECK (a > 0) DEFERRABLE)
--
-- 2:30 `NO`: UNIQUE constraints cannot be marked NO INHERIT
CREATE TABLE t (a int);
ALTER TABLE t ADD UNIQUE (a) NO INHERIT
--
-- 1:45 `INITIALLY`: constraint declared INITIALLY DEFERRED must be DEFERRABLE
CREATE TABLE t (a int UNIQUE NOT DEFERRABLE INITIALLY DEFERRED)
--
-- 3:30 `c`: constraint "c" for relation "t" already exists
CREATE TABLE t (a int);
ALTER TABLE t ADD CONSTRAINT c UNIQUE (a);
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)
--
-- 1:63 `c`: " already exists
CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0), CONSTRAINT c CHECK (a < 9))
--
-- 3:30 `u`: relation "u" already exists
CREATE TABLE t (a int);
CREATE TABLE u (a int);
ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)
--
-- 2:31 `nope`: constraint "nope" of relation "t" does not exist
CREATE TABLE t (a int);
ALTER TABLE t DROP CONSTRAINT nope
--
-- 3:31 `p_pkey`: cannot drop constraint p_pkey on table p because other objects depend on it
CREATE TABLE p (a int PRIMARY KEY);
CREATE TABLE t (a int REFERENCES p);
ALTER TABLE p DROP CONSTRAINT p_pkey
--
-- 3:27 `a`: cannot drop column a of table p because other objects depend on it
CREATE TABLE p (a int PRIMARY KEY);
CREATE TABLE t (a int REFERENCES p);
ALTER TABLE p DROP COLUMN a
--
-- 2:33 `nope`: constraint "nope" for table "t" does not exist
CREATE TABLE t (a int);
ALTER TABLE t RENAME CONSTRAINT nope TO c
--
-- 2:38 `d`: constraint "d" for relation "t" already exists
CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (a < 9));
ALTER TABLE t RENAME CONSTRAINT c TO d
--
-- 2:38 `d`: relation "d" already exists
CREATE TABLE t (a int CONSTRAINT c UNIQUE, b int CONSTRAINT d UNIQUE);
ALTER TABLE t RENAME CONSTRAINT c TO d
--
-- 2:35 `nope`: constraint "nope" of relation "t" does not exist
CREATE TABLE t (a int);
ALTER TABLE t VALIDATE CONSTRAINT nope
--
-- 2:35 `c`: constraint "c" of relation "t" is not a foreign key or check constraint
CREATE TABLE t (a int CONSTRAINT c UNIQUE);
ALTER TABLE t VALIDATE CONSTRAINT c
--
-- 2:32 `c`: constraint "c" of relation "t" is not a foreign key constraint
CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0));
ALTER TABLE t ALTER CONSTRAINT c DEFERRABLE
--
-- 2:32 `nope`: constraint "nope" of relation "t" does not exist
CREATE TABLE t (a int);
ALTER TABLE t ALTER CONSTRAINT nope DEFERRABLE
--
-- 2:38 `nope`: index "nope" does not exist
CREATE TABLE t (a int);
ALTER TABLE t ADD UNIQUE USING INDEX nope
--
-- 3:38 `i`: "i" is not a unique index
CREATE TABLE t (a int);
CREATE INDEX i ON t (a);
ALTER TABLE t ADD UNIQUE USING INDEX i
--
-- 3:38 `i`: "i" is a partial index
CREATE TABLE t (a int);
CREATE UNIQUE INDEX i ON t (a) WHERE a > 0;
ALTER TABLE t ADD UNIQUE USING INDEX i
--
-- 3:38 `i`: index "i" contains expressions
CREATE TABLE t (a int);
CREATE UNIQUE INDEX i ON t ((a + 1));
ALTER TABLE t ADD UNIQUE USING INDEX i
--
-- 3:38 `i`: index "i" column number 1 does not have default sorting behavior
CREATE TABLE t (a int);
CREATE UNIQUE INDEX i ON t (a DESC);
ALTER TABLE t ADD UNIQUE USING INDEX i
--
-- 2:43 `i`: index "i" is already associated with a constraint
CREATE TABLE t (a int CONSTRAINT i UNIQUE);
ALTER TABLE t ADD PRIMARY KEY USING INDEX i
--
-- 4:38 `i`: index "i" does not belong to table "t"
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE UNIQUE INDEX i ON u (a);
ALTER TABLE t ADD UNIQUE USING INDEX i
--
-- 1:44 `z`: column "z" named in key does not exist
CREATE TABLE t (a int, EXCLUDE USING gist (z WITH =))
--
-- 1:44 `nope`: access method "nope" does not exist
CREATE TABLE t (a int4range, EXCLUDE USING nope (a WITH &&))
--
-- 2:12 `t_pkey`: cannot drop index t_pkey because constraint t_pkey on table t requires it
CREATE TABLE t (a int PRIMARY KEY);
DROP INDEX t_pkey
--
-- 1:29 `a`: syntax error at or near "a"
CREATE TABLE t (a int CHECK a > 0)
--
-- 1:37 ``: syntax error at end of input
CREATE TABLE t (a int, CHECK (a > 0)
--
-- 1:24 `PRIMARY KEY`: data type json has no default operator class for access method "btree"
CREATE TABLE t (a json PRIMARY KEY)
