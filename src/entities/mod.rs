//! One struct for each table.
#![expect(deprecated, reason = "a derive warns so while the build script embeds only, and does not check")]

mod execution;
mod execution_step;
mod execution_step_model;

pub use execution::Execution;
pub use execution_step::ExecutionStep;
pub use execution_step_model::ExecutionStepModel;
