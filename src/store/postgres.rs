//! The tables in PostgreSQL, over the connection that also migrates: it takes every URL and TLS setting that
//! `dpo upgrade` takes.

use migrate_core::postgres::Session;
use migrate_core::sql::Syntax;

use super::Store;
use crate::Outcome;

/// Returns a text as a literal that is read as such whatever the session's settings.
fn literal(text: &str) -> String {
    Syntax::named("postgres").map_or_else(|| migrate_core::sql::literal(text), |syntax| syntax.literal(text))
}

/// Returns the first column of the first row.
fn first(rows: Vec<Vec<Option<String>>>) -> Option<String> {
    rows.into_iter().next()?.into_iter().next()?
}

impl Store for Session<'static> {
    fn start(&mut self, models: &[&str]) -> Outcome<String> {
        let models: Vec<String> = models.iter().map(|model| literal(model)).collect();
        let rows = self.query(&format!(
            "WITH e AS (INSERT INTO dpo.execution (execution_id) VALUES (gen_random_uuid()) RETURNING execution_id), \
             s AS (INSERT INTO dpo.execution_step (execution_step_id, execution_id, step_name) \
             SELECT gen_random_uuid(), execution_id, 'LOAD' FROM e RETURNING execution_step_id), \
             m AS (INSERT INTO dpo.execution_step_model (execution_step_model_id, execution_step_id, model_name, checksum) \
             SELECT gen_random_uuid(), execution_step_id, model, md5(random()::text) FROM s, unnest(ARRAY[{}]::text[]) AS model) \
             SELECT execution_id FROM e",
            models.join(", ")
        ))?;
        first(rows).ok_or_else(|| "the database returned no id".into())
    }

    fn complete(&mut self, id: &str) -> Outcome<()> {
        let set = "status = 'COMPLETED', completed_on = now(), updated_on = now(), \
                   execution_time_ms = CAST(1000 * EXTRACT(epoch FROM now() - started_on) AS bigint)";
        let key = literal(id);
        let rows = self.query(&format!(
            "WITH s AS (UPDATE dpo.execution_step SET {set} WHERE execution_id::text = {key}) \
             UPDATE dpo.execution SET {set} WHERE execution_id::text = {key} RETURNING execution_id"
        ))?;
        first(rows).map(|_| ()).ok_or_else(|| format!("there is no execution {id}").into())
    }

    fn list(&mut self) -> Outcome<Vec<String>> {
        let rows = self.query(
            "SELECT concat_ws('  ', e.execution_id, e.status, to_char(e.started_on AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), \
             count(m.execution_step_model_id) || ' models') \
             FROM dpo.execution e LEFT JOIN dpo.execution_step s USING (execution_id) \
             LEFT JOIN dpo.execution_step_model m USING (execution_step_id) \
             GROUP BY e.execution_id ORDER BY e.started_on, e.execution_id",
        )?;
        Ok(rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
    }
}
