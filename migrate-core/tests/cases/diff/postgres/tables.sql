Tables, schemas and enums that come and go.

== tables come, in a circle, with their enum
-- after
CREATE SCHEMA dpo;
CREATE TYPE dpo.state AS ENUM ('open', 'done');
CREATE TABLE dpo.a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b bigint, state dpo.state NOT NULL DEFAULT 'open');
CREATE TABLE dpo.b (id bigserial PRIMARY KEY, a bigint REFERENCES dpo.a ON DELETE CASCADE, state dpo.state, c bigint);
ALTER TABLE dpo.a ADD FOREIGN KEY (b) REFERENCES dpo.b;
CREATE TABLE dpo.c (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), self uuid REFERENCES dpo.c, a bigint REFERENCES dpo.a);
CREATE INDEX a_b_idx ON dpo.a (b) WHERE state = 'open';
COMMENT ON TABLE dpo.a IS 'a table';
COMMENT ON COLUMN dpo.a.b IS 'a column';

-- result
-- up
CREATE SCHEMA dpo;
CREATE TYPE dpo.state AS ENUM ('open', 'done');
CREATE TABLE dpo.a (
    id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME dpo.a_id_seq) NOT NULL,
    b bigint,
    state dpo.state DEFAULT 'open' NOT NULL,
    CONSTRAINT a_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE dpo.a IS 'a table';
COMMENT ON COLUMN dpo.a.b IS 'a column';
CREATE INDEX a_b_idx ON dpo.a USING btree (b) WHERE state = 'open';
CREATE SEQUENCE dpo.b_id_seq;
CREATE TABLE dpo.b (
    id bigint DEFAULT nextval('dpo.b_id_seq'::regclass) NOT NULL,
    a bigint,
    state dpo.state,
    c bigint,
    CONSTRAINT b_pkey PRIMARY KEY (id),
    CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES dpo.a (id) ON DELETE CASCADE
);
ALTER SEQUENCE dpo.b_id_seq OWNED BY dpo.b.id;
CREATE TABLE dpo.c (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    self uuid,
    a bigint,
    CONSTRAINT c_pkey PRIMARY KEY (id),
    CONSTRAINT c_a_fkey FOREIGN KEY (a) REFERENCES dpo.a (id),
    CONSTRAINT c_self_fkey FOREIGN KEY (self) REFERENCES dpo.c (id)
);
ALTER TABLE dpo.a ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES dpo.b (id);
-- ! it fails where rows of dpo.a are against a_b_fkey
-- down
ALTER TABLE dpo.a DROP CONSTRAINT a_b_fkey;
DROP TABLE dpo.c;
DROP TABLE dpo.b;
DROP TABLE dpo.a;
DROP TYPE dpo.state;
DROP SCHEMA dpo;
-- rows
a_id_seq: 1 f
b_id_seq: 1 f
-- rows are back

== linked tables go, with the enum that nobody uses any more
CREATE TYPE state AS ENUM ('open', 'done');
CREATE TYPE kept AS ENUM ('x');
CREATE TABLE a (id bigint PRIMARY KEY, b bigint, state state);
CREATE TABLE b (id bigserial PRIMARY KEY, a bigint REFERENCES a ON DELETE CASCADE, state state, k kept);
ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
CREATE TABLE c (b bigint REFERENCES b, k kept DEFAULT 'x');
INSERT INTO a VALUES (1);
INSERT INTO b (a) VALUES (1);
INSERT INTO c VALUES (1);
-- after
CREATE TYPE kept AS ENUM ('x');
CREATE TABLE c (k kept DEFAULT 'x');

-- result
-- up
ALTER TABLE public.c DROP CONSTRAINT c_b_fkey;
ALTER TABLE public.a DROP CONSTRAINT a_b_fkey;
DROP TABLE public.b;
DROP TABLE public.a;
ALTER TABLE public.c DROP COLUMN b;
DROP TYPE public.state;
-- ! the rows of public.b go with it
-- ! the rows of public.a go with it
-- ! the values of public.c.b go with it
-- down
CREATE TYPE public.state AS ENUM ('open', 'done');
ALTER TABLE public.c ADD COLUMN b bigint;
CREATE TABLE public.a (
    id bigint NOT NULL,
    b bigint,
    state public.state,
    CONSTRAINT a_pkey PRIMARY KEY (id)
);
CREATE SEQUENCE public.b_id_seq;
CREATE TABLE public.b (
    id bigint DEFAULT nextval('public.b_id_seq'::regclass) NOT NULL,
    a bigint,
    state public.state,
    k public.kept,
    CONSTRAINT b_pkey PRIMARY KEY (id),
    CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES public.a (id) ON DELETE CASCADE
);
ALTER SEQUENCE public.b_id_seq OWNED BY public.b.id;
ALTER TABLE public.a ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES public.b (id);
ALTER TABLE public.c ADD CONSTRAINT c_b_fkey FOREIGN KEY (b) REFERENCES public.b (id);
-- rows
c: (x)
-- rows back
c: (x,)
b_id_seq: 1 f

== a table gets another name and keeps its rows
CREATE TABLE old (id serial PRIMARY KEY, a text);
CREATE TABLE c (o int REFERENCES old ON DELETE CASCADE);
CREATE VIEW v AS SELECT a FROM old;
INSERT INTO old (a) VALUES ('x');
INSERT INTO c VALUES (1);
-- after
CREATE SEQUENCE old_id_seq AS int;
CREATE TABLE new (id int CONSTRAINT old_pkey PRIMARY KEY DEFAULT nextval('old_id_seq'), a text);
ALTER SEQUENCE old_id_seq OWNED BY new.id;
CREATE TABLE c (o int REFERENCES new ON DELETE CASCADE);
-- flags
--described
--rename old=new

-- result
-- up
ALTER TABLE public.old RENAME TO new;
-- ! a program that still uses public.old fails
-- down
ALTER TABLE public.new RENAME TO old;
-- rows
c: (1)
new: (1,x)
old_id_seq: 1 t
-- rows are back

== a table moves to another schema
CREATE TABLE t (id serial PRIMARY KEY, a text);
CREATE INDEX i ON t (a);
INSERT INTO t (a) VALUES ('x');
-- after
CREATE SCHEMA dpo;
CREATE TABLE dpo.t (id serial PRIMARY KEY, a text);
CREATE INDEX i ON dpo.t (a);
-- flags
--rename public.t=dpo.t

-- result
-- up
CREATE SCHEMA dpo;
ALTER TABLE public.t SET SCHEMA dpo;
-- ! a program that still uses public.t fails
-- down
ALTER TABLE dpo.t SET SCHEMA public;
DROP SCHEMA dpo;
-- rows
t: (1,x)
t_id_seq: 1 t
-- rows are back

== a key that a new table points to comes with it
CREATE TABLE p (id int, x int);
INSERT INTO p VALUES (1, 1);
-- after
CREATE TABLE p (id int PRIMARY KEY, x int UNIQUE);
CREATE TABLE a (p int REFERENCES p (x));
-- flags
--backfill p.id=x

-- result
-- up
CREATE TABLE public.a (
    p integer
);
UPDATE public.p SET id = x WHERE id IS NULL;
ALTER TABLE public.p
    ALTER COLUMN id SET NOT NULL,
    ADD CONSTRAINT p_pkey PRIMARY KEY (id),
    ADD CONSTRAINT p_x_key UNIQUE (x);
ALTER TABLE public.a ADD CONSTRAINT a_p_fkey FOREIGN KEY (p) REFERENCES public.p (x);
-- ! it fails where rows of public.p agree in p_pkey
-- ! it fails where rows of public.p agree in p_x_key
-- ! it fails where rows of public.a are against a_p_fkey
-- down
ALTER TABLE public.a DROP CONSTRAINT a_p_fkey;
ALTER TABLE public.p
    DROP CONSTRAINT p_x_key,
    DROP CONSTRAINT p_pkey,
    ALTER COLUMN id DROP NOT NULL;
DROP TABLE public.a;
-- rows
p: (1,1)
-- rows are back

== a table with an identity gets another name, and what is called after it too
CREATE TABLE old (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s serial, a text UNIQUE);
CREATE INDEX old_a_idx ON old (a);
INSERT INTO old (a) VALUES ('x');
-- after
CREATE TABLE new (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s serial, a text UNIQUE);
CREATE INDEX new_a_idx ON new (a);
-- flags
--rename old=new

-- result
-- up
ALTER TABLE public.old RENAME TO new;
ALTER INDEX public.old_a_idx RENAME TO new_a_idx;
ALTER TABLE public.new RENAME CONSTRAINT old_a_key TO new_a_key;
ALTER TABLE public.new RENAME CONSTRAINT old_pkey TO new_pkey;
ALTER SEQUENCE public.old_id_seq RENAME TO new_id_seq;
ALTER SEQUENCE public.old_s_seq RENAME TO new_s_seq;
ALTER TABLE public.new ALTER COLUMN s SET DEFAULT nextval('public.new_s_seq'::regclass);
-- ! a program that still uses public.old fails
-- down
ALTER TABLE public.new RENAME CONSTRAINT new_pkey TO old_pkey;
ALTER TABLE public.new RENAME CONSTRAINT new_a_key TO old_a_key;
ALTER SEQUENCE public.new_s_seq RENAME TO old_s_seq;
ALTER SEQUENCE public.new_id_seq RENAME TO old_id_seq;
ALTER TABLE public.new ALTER COLUMN s SET DEFAULT nextval('public.old_s_seq'::regclass);
ALTER INDEX public.new_a_idx RENAME TO old_a_idx;
ALTER TABLE public.new RENAME TO old;
-- rows
new: (1,1,x)
new_id_seq: 1 t
new_s_seq: 1 t
-- rows are back
