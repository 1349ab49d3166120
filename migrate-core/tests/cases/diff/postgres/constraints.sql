Keys, checks, foreign keys, exclusions, indexes.

== constraints come, go and change
CREATE TABLE p (id int PRIMARY KEY, x int UNIQUE);
CREATE TABLE t (id int, a text, b int, CONSTRAINT k CHECK (b > 0), UNIQUE (a), CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id));
INSERT INTO p VALUES (1, 10);
INSERT INTO t VALUES (3, 'x', 1);
-- after
CREATE TABLE p (id int PRIMARY KEY, x int UNIQUE);
CREATE TABLE t (id int PRIMARY KEY, a text, b int, CONSTRAINT k CHECK (b >= 0), UNIQUE (a, b) DEFERRABLE INITIALLY DEFERRED, CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE);

-- result
-- ? column public.t.id is NOT NULL and has no default: what do the rows get?
     --backfill 'public.t.id=<expression>'

== constraints and indexes get other names
CREATE TABLE t (id int PRIMARY KEY, a text CONSTRAINT c1 CHECK (a <> ''), CONSTRAINT u1 UNIQUE (a));
CREATE INDEX i1 ON t (lower(a));
INSERT INTO t VALUES (3, 'x');
-- after
CREATE TABLE t (id int CONSTRAINT pk PRIMARY KEY, a text CONSTRAINT c2 CHECK (a <> ''), CONSTRAINT u2 UNIQUE (a));
CREATE INDEX i2 ON t (lower(a));

-- result
-- up
ALTER INDEX public.i1 RENAME TO i2;
ALTER TABLE public.t RENAME CONSTRAINT c1 TO c2;
ALTER TABLE public.t RENAME CONSTRAINT t_pkey TO pk;
ALTER TABLE public.t RENAME CONSTRAINT u1 TO u2;
-- down
ALTER TABLE public.t RENAME CONSTRAINT u2 TO u1;
ALTER TABLE public.t RENAME CONSTRAINT pk TO t_pkey;
ALTER TABLE public.t RENAME CONSTRAINT c2 TO c1;
ALTER INDEX public.i2 RENAME TO i1;
-- rows
t: (3,x)
-- rows are back

== a key that another table points to
CREATE TABLE p (id int PRIMARY KEY, x int UNIQUE);
CREATE TABLE t (p int REFERENCES p (id), x int CONSTRAINT tx REFERENCES p (x));
INSERT INTO p VALUES (1, 10);
INSERT INTO t VALUES (1, 10);
-- after
CREATE TABLE p (id int UNIQUE, x int PRIMARY KEY);
CREATE TABLE t (p int REFERENCES p (id), x int CONSTRAINT tx REFERENCES p (x));
-- flags
--backfill p.x=0

-- result
-- up
ALTER TABLE public.t
    DROP CONSTRAINT t_p_fkey,
    DROP CONSTRAINT tx;
ALTER TABLE public.p
    DROP CONSTRAINT p_pkey,
    DROP CONSTRAINT p_x_key;
UPDATE public.p SET x = 0 WHERE x IS NULL;
ALTER TABLE public.p
    ALTER COLUMN id DROP NOT NULL,
    ALTER COLUMN x SET NOT NULL,
    ADD CONSTRAINT p_id_key UNIQUE (id),
    ADD CONSTRAINT p_pkey PRIMARY KEY (x);
ALTER TABLE public.t
    ADD CONSTRAINT t_p_fkey FOREIGN KEY (p) REFERENCES public.p (id),
    ADD CONSTRAINT tx FOREIGN KEY (x) REFERENCES public.p (x);
-- ! it fails where rows of public.p agree in p_id_key
-- ! it fails where rows of public.p agree in p_pkey
-- ! it fails where rows of public.t are against t_p_fkey
-- ! it fails where rows of public.t are against tx
-- irreversible: column id is NOT NULL, and what the rows had in it is not known any more
-- rows
p: (1,10)
t: (1,10)

== both ends of a foreign key change their type
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (p int REFERENCES p ON DELETE CASCADE);
INSERT INTO p VALUES (1);
INSERT INTO t VALUES (1);
-- after
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE t (p bigint REFERENCES p ON DELETE CASCADE);

-- result
-- up
ALTER TABLE public.p ALTER COLUMN id TYPE bigint;
ALTER TABLE public.t ALTER COLUMN p TYPE bigint;
-- ! the values of public.p.id become bigint, as far as they can
-- ! the values of public.t.p become bigint, as far as they can
-- down
ALTER TABLE public.t ALTER COLUMN p TYPE integer;
ALTER TABLE public.p ALTER COLUMN id TYPE integer;
-- rows
p: (1)
t: (1)
-- rows are back

== indexes
CREATE TABLE t (a text, b int, c jsonb);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (b);
CREATE INDEX k ON t (a, b);
INSERT INTO t VALUES ('x', 2, '{}');
-- after
CREATE TABLE t (a text, b int, c jsonb);
CREATE UNIQUE INDEX i ON t (a DESC NULLS LAST) INCLUDE (b) NULLS NOT DISTINCT WHERE b > 1;
CREATE INDEX k ON t (a text_pattern_ops, b);
CREATE INDEX m ON t USING gin (c jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX n ON t (lower(a) COLLATE "C", (b + 1));
COMMENT ON INDEX n IS 'n';

-- result
-- up
DROP INDEX public.i;
DROP INDEX public.j;
DROP INDEX public.k;
CREATE UNIQUE INDEX i ON public.t USING btree (a DESC NULLS LAST) INCLUDE (b) NULLS NOT DISTINCT WHERE (b > 1);
CREATE INDEX k ON public.t USING btree (a text_pattern_ops, b);
CREATE INDEX m ON public.t USING gin (c jsonb_path_ops) WITH (fastupdate=off);
CREATE INDEX n ON public.t USING btree ((lower(a)) COLLATE "C", (b + 1));
COMMENT ON INDEX public.n IS 'n';
-- ! i is built while writes to public.t wait
-- ! it fails where rows of public.t agree in i
-- ! k is built while writes to public.t wait
-- ! m is built while writes to public.t wait
-- ! n is built while writes to public.t wait
-- down
DROP INDEX public.n;
DROP INDEX public.m;
DROP INDEX public.k;
DROP INDEX public.i;
CREATE INDEX k ON public.t USING btree (a, b);
CREATE INDEX j ON public.t USING btree (b);
CREATE INDEX i ON public.t USING btree (a);
-- rows
t: (x,2,{})
-- rows are back

== an exclusion
CREATE TABLE t (r int4range, s int4range, CONSTRAINT x EXCLUDE USING gist (r WITH &&));
INSERT INTO t VALUES ('[1,2)', '[1,2)');
-- after
CREATE TABLE t (r int4range, s int4range, CONSTRAINT x EXCLUDE USING gist (s WITH &&) WHERE (NOT isempty(s)));

-- result
-- up
ALTER TABLE public.t
    DROP CONSTRAINT x,
    ADD CONSTRAINT x EXCLUDE USING gist (s WITH &&) WHERE (NOT isempty(s));
-- ! it fails where rows of public.t are against x
-- down
ALTER TABLE public.t
    DROP CONSTRAINT x,
    ADD CONSTRAINT x EXCLUDE USING gist (r WITH &&);
-- rows
t: ("[1,2)","[1,2)")
-- rows are back

== options of a table
CREATE TABLE t (id int) WITH (fillfactor = 70, autovacuum_enabled = off);
CREATE TABLE u (id int);
-- after
CREATE TABLE t (id int) WITH (fillfactor = 90);
CREATE UNLOGGED TABLE u (id int);

-- result
-- up
ALTER TABLE public.t
    RESET (autovacuum_enabled),
    SET (fillfactor=90);
ALTER TABLE public.u SET UNLOGGED;
-- down
ALTER TABLE public.u SET LOGGED;
ALTER TABLE public.t SET (fillfactor=70, autovacuum_enabled=off);
-- rows
-- rows are back
