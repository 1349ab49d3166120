Enums.

== a label comes
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (m mood DEFAULT 'sad');
INSERT INTO t VALUES ('sad'), ('glad');
-- after
CREATE TYPE mood AS ENUM ('worst', 'sad', 'so-so', 'glad', 'best');
CREATE TABLE t (m mood DEFAULT 'sad');

-- result
-- up
ALTER TYPE public.mood ADD VALUE 'worst' BEFORE 'sad';
ALTER TYPE public.mood ADD VALUE 'so-so' BEFORE 'glad';
ALTER TYPE public.mood ADD VALUE 'best';
-- down
ALTER TABLE public.t ALTER COLUMN m DROP DEFAULT;
ALTER TYPE public.mood RENAME TO mood_old;
CREATE TYPE public.mood AS ENUM ('worst', 'sad', 'so-so', 'glad');
ALTER TABLE public.t
    ALTER COLUMN m TYPE public.mood USING m::text::public.mood,
    ALTER COLUMN m SET DEFAULT 'sad';
DROP TYPE public.mood_old;
ALTER TABLE public.t ALTER COLUMN m DROP DEFAULT;
ALTER TYPE public.mood RENAME TO mood_old;
CREATE TYPE public.mood AS ENUM ('worst', 'sad', 'glad');
ALTER TABLE public.t
    ALTER COLUMN m TYPE public.mood USING m::text::public.mood,
    ALTER COLUMN m SET DEFAULT 'sad';
DROP TYPE public.mood_old;
ALTER TABLE public.t ALTER COLUMN m DROP DEFAULT;
ALTER TYPE public.mood RENAME TO mood_old;
CREATE TYPE public.mood AS ENUM ('sad', 'glad');
ALTER TABLE public.t
    ALTER COLUMN m TYPE public.mood USING m::text::public.mood,
    ALTER COLUMN m SET DEFAULT 'sad';
DROP TYPE public.mood_old;
-- rows
t: (glad)
t: (sad)
-- rows are back

== a label that is used at once
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (m mood DEFAULT 'sad');
INSERT INTO t VALUES ('sad'), ('glad');
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad', 'best');
CREATE TABLE t (m mood DEFAULT 'best');

-- result
-- up
-- migrate:no-transaction
ALTER TYPE public.mood ADD VALUE 'best';
ALTER TABLE public.t ALTER COLUMN m SET DEFAULT 'best';
-- down
ALTER TABLE public.t ALTER COLUMN m SET DEFAULT 'sad';
ALTER TABLE public.t ALTER COLUMN m DROP DEFAULT;
ALTER TYPE public.mood RENAME TO mood_old;
CREATE TYPE public.mood AS ENUM ('sad', 'glad');
ALTER TABLE public.t
    ALTER COLUMN m TYPE public.mood USING m::text::public.mood,
    ALTER COLUMN m SET DEFAULT 'sad';
DROP TYPE public.mood_old;
-- rows
t: (glad)
t: (sad)
-- rows are back

== text becomes an enum and back
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int, m text DEFAULT 'a', n e DEFAULT 'b');
INSERT INTO t VALUES (1, 'a', 'b');
-- after
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE t (id int, m mood DEFAULT 'a', n text DEFAULT 'b');

-- result
-- up
CREATE TYPE public.mood AS ENUM ('a', 'b');
ALTER TABLE public.t
    ALTER COLUMN m DROP DEFAULT,
    ALTER COLUMN m TYPE public.mood USING m::public.mood,
    ALTER COLUMN m SET DEFAULT 'a',
    ALTER COLUMN n DROP DEFAULT,
    ALTER COLUMN n TYPE text,
    ALTER COLUMN n SET DEFAULT 'b';
DROP TYPE public.e;
-- ! the values of public.t.m become public.mood, as far as they can
-- ! the values of public.t.n become text, as far as they can
-- down
CREATE TYPE public.e AS ENUM ('a', 'b');
ALTER TABLE public.t
    ALTER COLUMN n DROP DEFAULT,
    ALTER COLUMN n TYPE public.e USING n::public.e,
    ALTER COLUMN n SET DEFAULT 'b',
    ALTER COLUMN m DROP DEFAULT,
    ALTER COLUMN m TYPE text,
    ALTER COLUMN m SET DEFAULT 'a';
DROP TYPE public.mood;
-- rows
t: (1,a,b)
-- rows are back

== one enum becomes another
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int, m e DEFAULT 'a');
INSERT INTO t VALUES (1, 'b');
-- after
CREATE TYPE f AS ENUM ('a', 'b', 'c');
CREATE TABLE t (id int, m f DEFAULT 'a');

-- result
-- up
CREATE TYPE public.f AS ENUM ('a', 'b', 'c');
ALTER TABLE public.t
    ALTER COLUMN m DROP DEFAULT,
    ALTER COLUMN m TYPE public.f USING m::text::public.f,
    ALTER COLUMN m SET DEFAULT 'a';
DROP TYPE public.e;
-- ! the values of public.t.m become public.f, as far as they can
-- down
CREATE TYPE public.e AS ENUM ('a', 'b');
ALTER TABLE public.t
    ALTER COLUMN m DROP DEFAULT,
    ALTER COLUMN m TYPE public.e USING m::text::public.e,
    ALTER COLUMN m SET DEFAULT 'a';
DROP TYPE public.f;
-- rows
t: (1,b)
-- rows are back
