//! `dpo.execution`.

use chrono::{DateTime, Utc};
use migrate_macros::Entity;
use uuid::Uuid;

use crate::names::DPO_SCHEMA;

/// A run of the pipeline.
#[derive(Clone, Debug, Entity)]
#[entity(schema = DPO_SCHEMA)]
pub struct Execution {
    /// Its id.
    #[column(primary_key)]
    pub execution_id: Uuid,
    /// When its row was made.
    #[column(default = "now()")]
    pub created_on: DateTime<Utc>,
    /// When its row was last changed.
    #[column(default = "now()")]
    pub updated_on: DateTime<Utc>,
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
}
