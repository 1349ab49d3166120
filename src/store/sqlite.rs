//! The tables in SQLite.

use rusqlite::{Connection, params};

use super::Store;
use crate::Outcome;

/// A random UUID (version 4) in SQL.
const UUID: &str = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' \
     || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))";

impl Store for Connection {
    fn start(&mut self, models: &[&str]) -> Outcome<String> {
        let transaction = self.transaction()?;
        let execution: String = transaction.query_row(
            &format!("INSERT INTO execution (execution_id) VALUES ({UUID}) RETURNING execution_id"),
            [],
            |row| row.get(0),
        )?;
        let step: String = transaction.query_row(
            &format!(
                "INSERT INTO execution_step (execution_step_id, execution_id, step_name) VALUES ({UUID}, ?1, 'LOAD') \
                 RETURNING execution_step_id"
            ),
            [&execution],
            |row| row.get(0),
        )?;
        for model in models {
            transaction.execute(
                &format!(
                    "INSERT INTO execution_step_model (execution_step_model_id, execution_step_id, model_name, checksum) \
                     VALUES ({UUID}, ?1, ?2, lower(hex(randomblob(8))))"
                ),
                params![step, model],
            )?;
        }
        transaction.commit()?;
        Ok(execution)
    }

    fn complete(&mut self, id: &str) -> Outcome<()> {
        let transaction = self.transaction()?;
        for table in ["execution", "execution_step"] {
            let update = format!(
                "UPDATE {table} SET status = 'COMPLETED', completed_on = CURRENT_TIMESTAMP, updated_on = CURRENT_TIMESTAMP, \
                 execution_time_ms = CAST(86400000 * (julianday('now') - julianday(started_on)) AS INTEGER) \
                 WHERE execution_id = ?1"
            );
            if transaction.execute(&update, [id])? == 0 && table == "execution" {
                return Err(format!("there is no execution {id}").into());
            }
        }
        Ok(transaction.commit()?)
    }

    fn list(&mut self) -> Outcome<Vec<String>> {
        let mut statement = self.prepare(
            "SELECT e.execution_id || '  ' || e.status || '  ' || e.started_on || '  ' || count(m.execution_step_model_id) || ' models' \
             FROM execution e LEFT JOIN execution_step s ON s.execution_id = e.execution_id \
             LEFT JOIN execution_step_model m ON m.execution_step_id = s.execution_step_id \
             GROUP BY e.execution_id ORDER BY e.started_on, e.execution_id",
        )?;
        let lines: Result<Vec<String>, _> = statement.query_map([], |row| row.get(0))?.collect();
        Ok(lines?)
    }
}
