//! One struct for each table.

mod execution;
mod execution_step;
mod execution_step_model;

pub use execution::Execution;
pub use execution_step::ExecutionStep;
pub use execution_step_model::ExecutionStepModel;
