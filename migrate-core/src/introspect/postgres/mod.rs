//! PostgreSQL: the system catalogs to a schema.
