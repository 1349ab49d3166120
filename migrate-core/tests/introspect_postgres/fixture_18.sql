-- What only PostgreSQL 18 has.
CREATE SCHEMA new;
SET search_path = new;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE parent (id integer, valid daterange, PRIMARY KEY (id, valid WITHOUT OVERLAPS));
CREATE TABLE child (
    id integer CONSTRAINT named NOT NULL NO INHERIT,
    valid daterange,
    a integer,
    b integer,
    twice integer GENERATED ALWAYS AS (a * 2) VIRTUAL,
    CONSTRAINT temporal FOREIGN KEY (id, PERIOD valid) REFERENCES parent (id, PERIOD valid),
    CONSTRAINT lax CHECK (a > 0) NOT ENFORCED
);
ALTER TABLE child ADD CONSTRAINT later NOT NULL a NOT VALID;
COMMENT ON CONSTRAINT later ON child IS 'soon';
CREATE TABLE base (a integer NOT NULL);
CREATE TABLE derived () INHERITS (base);
CREATE TABLE both_say () INHERITS (base);
ALTER TABLE both_say ALTER a SET NOT NULL;
CREATE PUBLICATION generated FOR TABLE child WITH (publish_generated_columns = stored);
CREATE TABLE numbered (id integer GENERATED ALWAYS AS IDENTITY, at date) PARTITION BY RANGE (at);
CREATE TABLE numbered_1 PARTITION OF numbered DEFAULT;
