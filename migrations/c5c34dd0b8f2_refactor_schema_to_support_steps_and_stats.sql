-- refactor schema to support steps and stats
--
-- Revision ID: c5c34dd0b8f2
-- Revises: fe9eed6d812f
-- Create Date: 2026-11-23 10:00:00+00:00

-- migrate:upgrade postgres
-- The old tables step aside under their first names, which their indexes still
-- carry. The renames also lock out every writer, so no row is missed below.
ALTER TABLE dpo.execution RENAME TO data_pipeline_execution;
ALTER TABLE dpo.execution_model RENAME TO model_checksum;

CREATE TABLE dpo.execution (
    execution_id uuid PRIMARY KEY,
    created_on timestamptz NOT NULL DEFAULT now(),
    updated_on timestamptz NOT NULL DEFAULT now(),
    status varchar(50) NOT NULL DEFAULT 'INITIALISED',
    started_on timestamptz NOT NULL DEFAULT now(),
    completed_on timestamptz,
    execution_time_ms bigint
);

CREATE TABLE dpo.execution_step (
    execution_step_id uuid PRIMARY KEY,
    created_on timestamptz NOT NULL DEFAULT now(),
    updated_on timestamptz NOT NULL DEFAULT now(),
    execution_id uuid NOT NULL REFERENCES dpo.execution (execution_id),
    step_name varchar(100) NOT NULL,
    status varchar(50) NOT NULL DEFAULT 'INITIALISED',
    started_on timestamptz NOT NULL DEFAULT now(),
    completed_on timestamptz,
    execution_time_ms bigint,
    rows_processed bigint
);

CREATE TABLE dpo.execution_step_model (
    execution_step_model_id uuid PRIMARY KEY,
    created_on timestamptz NOT NULL DEFAULT now(),
    updated_on timestamptz NOT NULL DEFAULT now(),
    execution_step_id uuid NOT NULL REFERENCES dpo.execution_step (execution_step_id),
    model_name varchar(250) NOT NULL,
    checksum varchar(100) NOT NULL
);

-- When an execution ended was never recorded: completed_on stays NULL.
INSERT INTO dpo.execution (
    execution_id, created_on, updated_on, status, started_on, execution_time_ms
)
SELECT id, created_on, last_updated_on, status, created_on, execution_time_ms
FROM dpo.data_pipeline_execution;

INSERT INTO dpo.execution_step (
    execution_step_id, created_on, updated_on, execution_id, step_name, status, started_on
)
SELECT
    gen_random_uuid(),
    min(c.created_on),
    max(c.last_updated_on),
    c.execution_id,
    c.type,
    e.status,
    min(c.created_on)
FROM dpo.model_checksum AS c
JOIN dpo.data_pipeline_execution AS e ON e.id = c.execution_id
GROUP BY c.execution_id, c.type, e.status;

-- The new key is the old one in the last digits of a UUID of version 8 (free
-- form), so that a downgrade can give every row its old id back.
INSERT INTO dpo.execution_step_model (
    execution_step_model_id, created_on, updated_on, execution_step_id, model_name, checksum
)
SELECT
    ('00000000-0000-8000-8000-' || lpad(to_hex(c.id), 12, '0'))::uuid,
    c.created_on,
    c.last_updated_on,
    s.execution_step_id,
    c.name,
    c.checksum
FROM dpo.model_checksum AS c
JOIN dpo.execution_step AS s ON s.execution_id = c.execution_id AND s.step_name = c.type;

DROP TABLE dpo.model_checksum;
DROP TABLE dpo.data_pipeline_execution;

-- migrate:upgrade sqlite
-- The old tables step aside: a rename of the new ones at the end would rewrite
-- their foreign keys, a rename of the old ones touches only what is dropped.
ALTER TABLE execution RENAME TO data_pipeline_execution;
ALTER TABLE execution_model RENAME TO model_checksum;

CREATE TABLE execution (
    execution_id TEXT NOT NULL PRIMARY KEY,
    created_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    status TEXT NOT NULL DEFAULT 'INITIALISED',
    started_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    completed_on TEXT,
    execution_time_ms INTEGER
);

CREATE TABLE execution_step (
    execution_step_id TEXT NOT NULL PRIMARY KEY,
    created_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    execution_id TEXT NOT NULL REFERENCES execution (execution_id),
    step_name TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'INITIALISED',
    started_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    completed_on TEXT,
    execution_time_ms INTEGER,
    rows_processed INTEGER
);

CREATE TABLE execution_step_model (
    execution_step_model_id TEXT NOT NULL PRIMARY KEY,
    created_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    execution_step_id TEXT NOT NULL REFERENCES execution_step (execution_step_id),
    model_name TEXT NOT NULL,
    checksum TEXT NOT NULL
);

-- When an execution ended was never recorded: completed_on stays NULL.
INSERT INTO execution (
    execution_id, created_on, updated_on, status, started_on, execution_time_ms
)
SELECT id, created_on, last_updated_on, status, created_on, execution_time_ms
FROM data_pipeline_execution;

-- The key is a random UUID: version 4, variant 8, 9, a or b.
-- LEFT JOIN: a row whose execution is missing, since foreign keys are only checked
-- where a connection asks for it, must fail here and not vanish.
INSERT INTO execution_step (
    execution_step_id, created_on, updated_on, execution_id, step_name, status, started_on
)
SELECT
    lower(
        hex(randomblob(4)) || '-' || hex(randomblob(2))
        || '-4' || substr(hex(randomblob(2)), 2)
        || '-' || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2)
        || '-' || hex(randomblob(6))
    ),
    min(c.created_on),
    max(c.last_updated_on),
    c.execution_id,
    c.type,
    e.status,
    min(c.created_on)
FROM model_checksum AS c
LEFT JOIN data_pipeline_execution AS e ON e.id = c.execution_id
GROUP BY c.execution_id, c.type, e.status;

-- The new key is the old one in the last digits of a UUID of version 8 (free
-- form), so that a downgrade can give every row its old id back. An id has 64
-- bits here, of which the highest 16 (nearly always zero) go into the first group.
INSERT INTO execution_step_model (
    execution_step_model_id, created_on, updated_on, execution_step_id, model_name, checksum
)
SELECT
    '0000' || substr(printf('%016x', c.id), 1, 4)
    || '-0000-8000-8000-' || substr(printf('%016x', c.id), 5),
    c.created_on,
    c.last_updated_on,
    s.execution_step_id,
    c.name,
    c.checksum
FROM model_checksum AS c
JOIN execution_step AS s ON s.execution_id = c.execution_id AND s.step_name = c.type;

DROP TABLE model_checksum;
DROP TABLE data_pipeline_execution;

-- migrate:downgrade postgres
-- What only the new tables can hold is lost: start and completion, the figures
-- and states of steps, and steps without a model.

-- No row may be written between its copy and the drop.
LOCK TABLE dpo.execution, dpo.execution_step, dpo.execution_step_model IN ACCESS EXCLUSIVE MODE;

-- Created under the names of the first revision and renamed at the end, so that
-- constraints, indexes and the sequence get the names that they had.
CREATE TABLE dpo.data_pipeline_execution (
    id uuid PRIMARY KEY,
    created_on timestamptz NOT NULL DEFAULT now(),
    last_updated_on timestamptz NOT NULL DEFAULT now(),
    execution_time_ms integer,
    status varchar(50) NOT NULL DEFAULT 'INITIALISED'
);

CREATE TABLE dpo.model_checksum (
    id serial PRIMARY KEY,
    execution_id uuid NOT NULL REFERENCES dpo.data_pipeline_execution (id),
    created_on timestamptz NOT NULL DEFAULT now(),
    last_updated_on timestamptz NOT NULL DEFAULT now(),
    type varchar(100) NOT NULL,
    name varchar(250) NOT NULL,
    checksum varchar(100) NOT NULL
);

-- A time beyond the integer of the old column fails here, on purpose.
INSERT INTO dpo.data_pipeline_execution (
    id, created_on, last_updated_on, execution_time_ms, status
)
SELECT execution_id, created_on, updated_on, execution_time_ms, status
FROM dpo.execution;

-- Rows that the upgrade moved get their id back (the last 8 digits are the 32 bits
-- of an integer), rows that were made since are numbered above the highest of these.
INSERT INTO dpo.model_checksum (
    id, execution_id, created_on, last_updated_on, type, name, checksum
)
SELECT
    coalesce(
        m.old_id,
        greatest(max(m.old_id) OVER (), 0)
        + row_number() OVER (PARTITION BY m.old_id IS NULL ORDER BY m.created_on, m.uuid)
    ),
    m.execution_id,
    m.created_on,
    m.updated_on,
    m.step_name,
    m.model_name,
    m.checksum
FROM (
    SELECT
        esm.execution_step_model_id AS uuid,
        CASE
            WHEN esm.execution_step_model_id::text LIKE '00000000-0000-8000-8000-0000%'
            THEN ('x' || right(esm.execution_step_model_id::text, 8))::bit(32)::integer
        END AS old_id,
        esm.created_on,
        esm.updated_on,
        esm.model_name,
        esm.checksum,
        es.execution_id,
        es.step_name
    FROM dpo.execution_step_model AS esm
    JOIN dpo.execution_step AS es ON es.execution_step_id = esm.execution_step_id
) AS m;

-- The sequence goes on after the highest id, and starts at 1 if there is none.
SELECT setval(
    'dpo.model_checksum_id_seq',
    greatest(max(id), 1),
    coalesce(max(id) >= 1, false)
)
FROM dpo.model_checksum;

DROP TABLE dpo.execution_step_model;
DROP TABLE dpo.execution_step;
DROP TABLE dpo.execution;

ALTER TABLE dpo.data_pipeline_execution RENAME TO execution;
ALTER TABLE dpo.model_checksum RENAME TO execution_model;

-- migrate:downgrade sqlite
-- What only the new tables can hold is lost: start and completion, the figures
-- and states of steps, and steps without a model.

-- Created under the names of the first revision and renamed at the end, when the
-- new tables have made room: the foreign key follows the rename.
CREATE TABLE data_pipeline_execution (
    id TEXT NOT NULL PRIMARY KEY,
    created_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_updated_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    execution_time_ms INTEGER,
    status TEXT NOT NULL DEFAULT 'INITIALISED'
);

CREATE TABLE model_checksum (
    id INTEGER PRIMARY KEY,
    execution_id TEXT NOT NULL REFERENCES data_pipeline_execution (id),
    created_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_updated_on TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL
);

INSERT INTO data_pipeline_execution (
    id, created_on, last_updated_on, execution_time_ms, status
)
SELECT execution_id, created_on, updated_on, execution_time_ms, status
FROM execution;

-- Rows that the upgrade moved get their id back, rows that were made since are
-- numbered above the highest of these. SQLite has no function that reads a number
-- from hexadecimal digits: the recursion takes one of the 16 at a time.
-- LEFT JOIN: as in the upgrade, a model without its step must fail.
INSERT INTO model_checksum (
    id, execution_id, created_on, last_updated_on, type, name, checksum
)
SELECT
    coalesce(
        m.old_id,
        max(coalesce(max(m.old_id) OVER (), 0), 0)
        + row_number() OVER (PARTITION BY m.old_id IS NULL ORDER BY m.created_on, m.uuid)
    ),
    m.execution_id,
    m.created_on,
    m.updated_on,
    m.step_name,
    m.model_name,
    m.checksum
FROM (
    SELECT
        esm.execution_step_model_id AS uuid,
        CASE
            WHEN esm.execution_step_model_id GLOB '0000????-0000-8000-8000-????????????'
                AND substr(esm.execution_step_model_id, 5, 4)
                    || substr(esm.execution_step_model_id, 25) NOT GLOB '*[^0-9a-f]*'
            THEN (
                WITH RECURSIVE reader (digits, value) AS (
                    SELECT
                        substr(esm.execution_step_model_id, 5, 4)
                        || substr(esm.execution_step_model_id, 25),
                        0
                    UNION ALL
                    SELECT
                        substr(digits, 2),
                        (value << 4) | (instr('0123456789abcdef', substr(digits, 1, 1)) - 1)
                    FROM reader
                    WHERE digits <> ''
                )
                SELECT value FROM reader WHERE digits = ''
            )
        END AS old_id,
        esm.created_on,
        esm.updated_on,
        esm.model_name,
        esm.checksum,
        es.execution_id,
        es.step_name
    FROM execution_step_model AS esm
    LEFT JOIN execution_step AS es ON es.execution_step_id = esm.execution_step_id
) AS m;

DROP TABLE execution_step_model;
DROP TABLE execution_step;
DROP TABLE execution;

ALTER TABLE data_pipeline_execution RENAME TO execution;
ALTER TABLE model_checksum RENAME TO execution_model;
