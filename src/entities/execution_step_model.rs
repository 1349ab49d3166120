//! `dpo.execution_step_model`.

use chrono::{DateTime, Utc};
use migrate_macros::Entity;
use uuid::Uuid;

use super::ExecutionStep;
use crate::names::DPO_SCHEMA;

/// A model that a step read.
#[derive(Clone, Debug, Entity)]
#[entity(schema = DPO_SCHEMA)]
pub struct ExecutionStepModel {
    /// Its id.
    #[column(primary_key)]
    pub execution_step_model_id: Uuid,
    /// When its row was made.
    #[column(default = "now()")]
    pub created_on: DateTime<Utc>,
    /// When its row was last changed.
    #[column(default = "now()")]
    pub updated_on: DateTime<Utc>,
    /// The step that read it.
    #[column(references(ExecutionStep))]
    pub execution_step_id: Uuid,
    /// Its name.
    #[column(length = 250)]
    pub model_name: String,
    /// What its text hashed to.
    #[column(length = 100)]
    pub checksum: String,
}
