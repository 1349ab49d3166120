//! The tables in PostgreSQL.

use postgres::Client;

use super::Store;
use crate::Outcome;

impl Store for Client {
    fn start(&mut self, models: &[&str]) -> Outcome<String> {
        let mut transaction = self.transaction()?;
        let row = transaction.query_one(
            "INSERT INTO dpo.execution (execution_id) VALUES (gen_random_uuid()) RETURNING execution_id::text",
            &[],
        )?;
        let execution: String = row.get(0);
        let row = transaction.query_one(
            "INSERT INTO dpo.execution_step (execution_step_id, execution_id, step_name) \
             VALUES (gen_random_uuid(), $1::text::uuid, 'LOAD') RETURNING execution_step_id::text",
            &[&execution],
        )?;
        let step: String = row.get(0);
        for model in models {
            transaction.execute(
                "INSERT INTO dpo.execution_step_model (execution_step_model_id, execution_step_id, model_name, checksum) \
                 VALUES (gen_random_uuid(), $1::text::uuid, $2, md5(random()::text))",
                &[&step, model],
            )?;
        }
        transaction.commit()?;
        Ok(execution)
    }

    fn complete(&mut self, id: &str) -> Outcome<()> {
        let mut transaction = self.transaction()?;
        for table in ["execution", "execution_step"] {
            let update = format!(
                "UPDATE dpo.{table} SET status = 'COMPLETED', completed_on = now(), updated_on = now(), \
                 execution_time_ms = CAST(1000 * EXTRACT(epoch FROM now() - started_on) AS bigint) \
                 WHERE execution_id::text = $1"
            );
            if transaction.execute(&update, &[&id])? == 0 && table == "execution" {
                return Err(format!("there is no execution {id}").into());
            }
        }
        Ok(transaction.commit()?)
    }

    fn list(&mut self) -> Outcome<Vec<String>> {
        let rows = self.query(
            "SELECT concat_ws('  ', e.execution_id, e.status, to_char(e.started_on AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), \
             count(m.execution_step_model_id) || ' models') \
             FROM dpo.execution e LEFT JOIN dpo.execution_step s USING (execution_id) \
             LEFT JOIN dpo.execution_step_model m USING (execution_step_id) \
             GROUP BY e.execution_id ORDER BY e.started_on, e.execution_id",
            &[],
        )?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}
