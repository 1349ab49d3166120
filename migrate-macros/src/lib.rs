//! The derives of migrate: structs that say what their tables are, and enums that are types of their own.
//!
//! A derive reads its struct with the parser that the build script and the command line use too
//! (`migrate_core::entity`). What the build script found, it reports at the fields: `migrate_core::build::check()`
//! compares all entities with the migrations and writes what differs to `$OUT_DIR`.

mod entity;
mod enumeration;
mod report;

use proc_macro::TokenStream;

/// Makes a struct with named fields a row of a table.
///
/// Implements `migrate_core::meta::Entity`. The attributes `#[entity(…)]` and `#[column(…)]` say what the struct and
/// its types do not.
///
/// ```
/// use migrate_core::meta::Entity as _;
/// use migrate_macros::Entity;
///
/// # const DPO_SCHEMA: &str = "dpo";
/// #[derive(Entity)]
/// #[entity(schema = DPO_SCHEMA, unchecked)]
/// struct ExecutionStep {
///     #[column(primary_key)]
///     execution_step_id: i64,
///     #[column(length = 50, default = "'INITIALISED'")]
///     status: String,
///     rows_processed: Option<i64>,
/// }
/// assert_eq!(ExecutionStep::TABLE, "dpo.execution_step");
/// assert_eq!(ExecutionStep::COLUMNS, ["execution_step_id", "status", "rows_processed"]);
/// ```
#[proc_macro_derive(Entity, attributes(entity, column))]
pub fn derive_entity(input: TokenStream) -> TokenStream {
    entity::expand(input.into()).into()
}

/// Makes an enum without fields a type whose labels are its variants.
///
/// Implements `migrate_core::meta::SqlEnum`. Labels are the variants as written, unless `#[sql_enum(…)]` says otherwise.
///
/// ```
/// use migrate_core::meta::SqlEnum as _;
/// use migrate_macros::SqlEnum;
///
/// #[derive(SqlEnum)]
/// #[sql_enum(rename_all = "snake_case", unchecked)]
/// enum JobState {
///     Waiting,
///     #[sql_enum(rename = "busy")]
///     InProgress,
/// }
/// assert_eq!(JobState::LABELS, ["waiting", "busy"]);
/// assert_eq!(JobState::InProgress.label(), "busy");
/// ```
#[proc_macro_derive(SqlEnum, attributes(sql_enum))]
pub fn derive_sql_enum(input: TokenStream) -> TokenStream {
    enumeration::expand(input.into()).into()
}
