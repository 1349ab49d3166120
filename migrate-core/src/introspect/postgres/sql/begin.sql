-- One snapshot for all queries. The settings decide what the printing functions write, and end with the transaction.
-- That a temporary table hides no catalog, pg_catalog stands before pg_temp; nothing else is visible, so that every
-- name is printed with its schema.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT set_config(name, value, true)
  FROM (VALUES ('search_path', 'pg_catalog, pg_temp'),
               ('datestyle', 'ISO, MDY'),
               ('intervalstyle', 'postgres'),
               ('timezone', 'UTC'),
               ('bytea_output', 'hex'),
               ('xmloption', 'content'),
               ('extra_float_digits', '1'),
               ('standard_conforming_strings', 'on'),
               ('quote_all_identifiers', 'off'),
               ('jit', 'off')) AS settings (name, value)
