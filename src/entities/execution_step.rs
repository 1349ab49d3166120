//! `dpo.execution_step`.

use chrono::{DateTime, Utc};
use migrate_macros::Entity;
use uuid::Uuid;

use super::Execution;
use crate::names::DPO_SCHEMA;

/// A step of an execution.
#[derive(Clone, Debug, Entity)]
#[entity(schema = DPO_SCHEMA)]
pub struct ExecutionStep {
    /// Its id.
    #[column(primary_key)]
    pub execution_step_id: Uuid,
    /// When its row was made.
    #[column(default = "now()")]
    pub created_on: DateTime<Utc>,
    /// When its row was last changed.
    #[column(default = "now()")]
    pub updated_on: DateTime<Utc>,
    /// The execution that it is a step of.
    #[column(references(Execution))]
    pub execution_id: Uuid,
    /// What it does.
    #[column(length = 100)]
    pub step_name: String,
    /// How far it is.
    #[column(length = 50, default = "'INITIALISED'")]
    pub status: String,
    /// When it began.
    #[column(default = "now()")]
    pub started_on: DateTime<Utc>,
    /// When it ended.
    pub completed_on: Option<DateTime<Utc>>,
    /// How long it took.
    pub execution_time_ms: Option<i64>,
    /// How many rows it read.
    pub rows_processed: Option<i64>,
}
