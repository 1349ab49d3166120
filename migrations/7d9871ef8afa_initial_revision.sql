-- initial revision
--
-- Revision ID: 7d9871ef8afa
-- Revises:
-- Create Date: 2026-11-21 10:00:00+00:00

-- migrate:upgrade postgres
CREATE SCHEMA dpo;

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

-- migrate:upgrade sqlite
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

-- migrate:downgrade postgres
DROP TABLE dpo.model_checksum;
DROP TABLE dpo.data_pipeline_execution;

-- No CASCADE: what others have put into the schema is not ours to drop.
DROP SCHEMA dpo;

-- migrate:downgrade sqlite
DROP TABLE model_checksum;
DROP TABLE data_pipeline_execution;
