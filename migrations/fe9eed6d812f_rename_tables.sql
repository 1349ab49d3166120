-- rename tables
--
-- Revision ID: fe9eed6d812f
-- Revises: 7d9871ef8afa
-- Create Date: 2026-11-22 10:00:00+00:00

-- migrate:upgrade postgres
-- Constraints, indexes and the sequence of the serial column keep their names.
ALTER TABLE dpo.data_pipeline_execution RENAME TO execution;
ALTER TABLE dpo.model_checksum RENAME TO execution_model;

-- migrate:upgrade sqlite
ALTER TABLE data_pipeline_execution RENAME TO execution;
ALTER TABLE model_checksum RENAME TO execution_model;

-- migrate:downgrade postgres
ALTER TABLE dpo.execution_model RENAME TO model_checksum;
ALTER TABLE dpo.execution RENAME TO data_pipeline_execution;

-- migrate:downgrade sqlite
ALTER TABLE execution_model RENAME TO model_checksum;
ALTER TABLE execution RENAME TO data_pipeline_execution;
