-- 1:17 `nope`: relation "nope" does not exist
CREATE INDEX ON nope (a)
--
-- 2:20 `z`: column "z" does not exist
CREATE TABLE t (a int);
CREATE INDEX ON t (z)
--
-- 2:32 `z`: column "z" does not exist
CREATE TABLE t (a int);
CREATE INDEX ON t (a) INCLUDE (z)
--
-- 3:14 `i`: relation "i" already exists
CREATE TABLE t (a int);
CREATE INDEX i ON t (a);
CREATE INDEX i ON t (a)
--
-- 2:14 `t`: relation "t" already exists
CREATE TABLE t (a int);
CREATE INDEX t ON t (a)
--
-- 2:17 `v`: cannot create index on relation "v"
CREATE VIEW v AS SELECT 1 AS a;
CREATE INDEX ON v (a)
--
-- 2:17 `s`: cannot create index on relation "s"
CREATE SEQUENCE s;
CREATE INDEX ON s (last_value)
--
-- 2:25 `nope`: access method "nope" does not exist
CREATE TABLE t (a int);
CREATE INDEX ON t USING nope (a)
--
-- 2:22 `nope_ops`: operator class "nope_ops" does not exist for access method "btree"
CREATE TABLE t (a int);
CREATE INDEX ON t (a nope_ops)
--
-- 2:22 `text_ops`: operator class "text_ops" does not accept data type integer
CREATE TABLE t (a int);
CREATE INDEX ON t (a text_ops)
--
-- 2:32 `gin`: access method "gin" does not support unique indexes
CREATE TABLE t (a int[]);
CREATE UNIQUE INDEX ON t USING gin (a)
--
-- 2:25 `hash`: access method "hash" does not support multicolumn indexes
CREATE TABLE t (a int, b int);
CREATE INDEX ON t USING hash (a, b)
--
-- 2:32 `DESC`: access method "gin" does not support ASC/DESC options
CREATE TABLE t (a int[]);
CREATE INDEX ON t USING gin (a DESC)
--
-- 2:25 `hash`: access method "hash" does not support included columns
CREATE TABLE t (a int, b int);
CREATE INDEX ON t USING hash (a) INCLUDE (b)
--
-- 2:32 `(`: expressions are not supported in included columns
CREATE TABLE t (a int);
CREATE INDEX ON t (a) INCLUDE ((a + 1))
--
-- 2:20 `a`: data type json has no default operator class for access method "btree"
CREATE TABLE t (a json);
CREATE INDEX ON t (a)
--
-- 2:30 `a`: data type integer has no default operator class for access method "gin"
CREATE TABLE t (a int);
CREATE INDEX ON t USING gin (a)
--
-- 2:29 `nope`: unrecognized parameter "nope"
CREATE TABLE t (a int);
CREATE INDEX ON t (a) WITH (nope = 1)
--
-- 2:30 `"C"`: collations are not supported by type integer
CREATE TABLE t (a int);
CREATE INDEX ON t (a COLLATE "C")
--
-- 1:13 `nope`: relation "nope" does not exist
ALTER INDEX nope RENAME TO i
--
-- 4:25 `j`: relation "j" already exists
CREATE TABLE t (a int);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (a);
ALTER INDEX i RENAME TO j
--
-- 4:12 `i`: cannot drop index i because other objects depend on it
CREATE TABLE p (a int);
CREATE UNIQUE INDEX i ON p (a);
CREATE TABLE t (a int REFERENCES p (a));
DROP INDEX i
--
-- 1:30 `nope`: unrecognized parameter "nope"
CREATE TABLE t (a int) WITH (nope = 1)
--
-- 1:30 `fillfactor`: value 5 out of bounds for option "fillfactor"
CREATE TABLE t (a int) WITH (fillfactor = 5)
--
-- 2:20 `fillfactor`: value 101 out of bounds for option "fillfactor"
CREATE TABLE t (a int);
ALTER TABLE t SET (fillfactor = 101)
--
-- 2:17 `s`: relation "s" already exists
CREATE SEQUENCE s;
CREATE SEQUENCE s
--
-- 2:17 `t`: relation "t" already exists
CREATE TABLE t (a int);
CREATE SEQUENCE t
--
-- 1:19 `INCREMENT 0`: INCREMENT must not be zero
CREATE SEQUENCE s INCREMENT 0
--
-- 1:19 `MINVALUE 10 MAXVALUE 5`: MINVALUE (10) must be less than MAXVALUE (5)
CREATE SEQUENCE s MINVALUE 10 MAXVALUE 5
--
-- 1:19 `MAXVALUE 10 START 20`: START value (20) cannot be greater than MAXVALUE (10)
CREATE SEQUENCE s MAXVALUE 10 START 20
--
-- 1:19 `CACHE 0`: CACHE (0) must be greater than zero
CREATE SEQUENCE s CACHE 0
--
-- 1:22 `text`: : sequence type must be smallint, integer, or bigint
CREATE SEQUENCE s AS text
--
-- 1:31 `INCREMENT`: : conflicting or redundant options
CREATE SEQUENCE s INCREMENT 1 INCREMENT 2
--
-- 1:28 `nope`: relation "nope" does not exist
CREATE SEQUENCE s OWNED BY nope.a
--
-- 2:30 `z`: column "z" of relation "t" does not exist
CREATE TABLE t (a int);
CREATE SEQUENCE s OWNED BY t.z
--
-- 3:30 `t`: sequence must be in same schema as table it is linked to
CREATE SCHEMA x;
CREATE TABLE x.t (a int);
CREATE SEQUENCE s OWNED BY x.t.a
--
-- 2:15 `t_a_seq`: default value for column a of table t depends on sequence t_a_seq
CREATE TABLE t (a serial);
DROP SEQUENCE t_a_seq
--
-- 2:15 `t_a_seq`: cannot drop sequence t_a_seq because column a of table t requires it
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY);
DROP SEQUENCE t_a_seq
--
-- 2:24 `OWNED`: cannot change ownership of identity sequence
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY);
ALTER SEQUENCE t_a_seq OWNED BY NONE
--
-- 3:16 `t_a_seq`: cannot move an owned sequence into another schema
CREATE TABLE t (a serial);
CREATE SCHEMA x;
ALTER SEQUENCE t_a_seq SET SCHEMA x
--
-- 1:16 `nope`: relation "nope" does not exist
ALTER SEQUENCE nope RESTART
--
-- 2:16 `t`: "t" is not a sequence
CREATE TABLE t (a int);
ALTER SEQUENCE t RESTART
--
-- 3:28 `s2`: relation "s2" already exists
CREATE SEQUENCE s;
CREATE SEQUENCE s2;
ALTER SEQUENCE s RENAME TO s2
--
-- 2:18 `MAXVALUE 10 RESTART 20`: RESTART value (20) cannot be greater than MAXVALUE (10)
CREATE SEQUENCE s;
ALTER SEQUENCE s MAXVALUE 10 RESTART 20
