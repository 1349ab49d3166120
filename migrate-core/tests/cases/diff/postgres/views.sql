What has views on it.

== a type under views
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE MATERIALIZED VIEW m AS SELECT a FROM v;
CREATE UNIQUE INDEX m_a ON m (a);
COMMENT ON VIEW v IS 'a view';
CREATE VIEW w AS SELECT a FROM m;
CREATE VIEW x AS SELECT 1 AS one;
INSERT INTO t VALUES (3, 7);
-- after
CREATE TABLE t (id int PRIMARY KEY, a bigint);
-- flags
--described

-- result
-- up
DROP VIEW public.w;
DROP MATERIALIZED VIEW public.m;
DROP VIEW public.v;
ALTER TABLE public.t ALTER COLUMN a TYPE bigint;
CREATE VIEW public.v (id, a) AS
SELECT id, a FROM t;
COMMENT ON VIEW public.v IS 'a view';
CREATE MATERIALIZED VIEW public.m (a) AS
SELECT a FROM v;
CREATE UNIQUE INDEX m_a ON public.m USING btree (a);
CREATE VIEW public.w (a) AS
SELECT a FROM m;
-- ! the values of public.t.a become bigint, as far as they can
-- down
DROP VIEW public.w;
DROP MATERIALIZED VIEW public.m;
DROP VIEW public.v;
ALTER TABLE public.t ALTER COLUMN a TYPE integer;
CREATE VIEW public.v (id, a) AS
SELECT id, a FROM t;
COMMENT ON VIEW public.v IS 'a view';
CREATE MATERIALIZED VIEW public.m (a) AS
SELECT a FROM v;
CREATE UNIQUE INDEX m_a ON public.m USING btree (a);
CREATE VIEW public.w (a) AS
SELECT a FROM m;
-- rows
t: (3,7)
-- rows are back

== labels go and change places, with what hangs on the type
CREATE TYPE mood AS ENUM ('sad', 'so-so', 'glad');
COMMENT ON TYPE mood IS 'a mood';
CREATE TABLE t (id int, m mood NOT NULL DEFAULT 'so-so', CONSTRAINT c CHECK (m <> 'sad' OR id > 0), CONSTRAINT d CHECK (m <> 'so-so'));
CREATE TABLE u (ms mood[]);
CREATE INDEX i ON t (m) WHERE m = 'glad';
CREATE INDEX j ON t (m);
CREATE VIEW v AS SELECT m FROM t;
INSERT INTO t VALUES (1, 'sad'), (2, 'glad');
INSERT INTO u VALUES ('{sad,glad}');
-- after
CREATE TYPE mood AS ENUM ('glad', 'sad');
COMMENT ON TYPE mood IS 'a mood';
CREATE TABLE t (id int, m mood NOT NULL DEFAULT 'glad', CONSTRAINT c CHECK (m <> 'sad' OR id > 0));
CREATE TABLE u (ms mood[]);
CREATE INDEX i ON t (m) WHERE m = 'glad';
CREATE INDEX j ON t (m);
-- flags
--described

-- result
-- up
DROP VIEW public.v;
ALTER TABLE public.t
    DROP CONSTRAINT d,
    ALTER COLUMN m DROP DEFAULT;
DROP INDEX public.i;
ALTER TABLE public.t DROP CONSTRAINT c;
ALTER TYPE public.mood RENAME TO mood_old;
CREATE TYPE public.mood AS ENUM ('glad', 'sad');
ALTER TABLE public.t
    ALTER COLUMN m TYPE public.mood USING m::text::public.mood,
    ADD CONSTRAINT c CHECK (m <> 'sad' OR id > 0);
CREATE INDEX i ON public.t USING btree (m) WHERE (m = 'glad');
ALTER TABLE public.u ALTER COLUMN ms TYPE public.mood[] USING ms::text[]::public.mood[];
DROP TYPE public.mood_old;
COMMENT ON TYPE public.mood IS 'a mood';
ALTER TABLE public.t ALTER COLUMN m SET DEFAULT 'glad';
CREATE VIEW public.v (m) AS
SELECT m FROM t;
-- ! every table that uses public.mood is written anew
-- ! it fails where a row has 'so-so'
-- down
DROP VIEW public.v;
ALTER TABLE public.t ALTER COLUMN m DROP DEFAULT;
DROP INDEX public.i;
ALTER TABLE public.t DROP CONSTRAINT c;
ALTER TYPE public.mood RENAME TO mood_old;
CREATE TYPE public.mood AS ENUM ('sad', 'so-so', 'glad');
ALTER TABLE public.t
    ALTER COLUMN m TYPE public.mood USING m::text::public.mood,
    ADD CONSTRAINT c CHECK (m <> 'sad' OR id > 0);
CREATE INDEX i ON public.t USING btree (m) WHERE (m = 'glad');
ALTER TABLE public.u ALTER COLUMN ms TYPE public.mood[] USING ms::text[]::public.mood[];
DROP TYPE public.mood_old;
COMMENT ON TYPE public.mood IS 'a mood';
ALTER TABLE public.t
    ALTER COLUMN m SET DEFAULT 'so-so',
    ADD CONSTRAINT d CHECK (m <> 'so-so');
CREATE VIEW public.v (m) AS
SELECT m FROM t;
-- rows
t: (1,sad)
t: (2,glad)
u: ("{sad,glad}")
-- rows are back
