//! What an index's method can do, and the operator classes of its columns.

use std::ops::Range;

use super::reader::Reader;
use crate::dialect::postgres::access_methods::{Method, method};
use crate::fold::Problem;
use crate::schema::{ColumnType, Index, IndexKey, KeyPart, ObjectName, OtherKind};

impl Reader<'_, '_> {
    /// Refuses an index that its method cannot have; `parts` is where it is written. What an extension brings is known
    /// to the server alone.
    pub(super) fn method_fits(&self, table: &ObjectName, index: &Index, parts: &Range<usize>) -> Result<(), Problem> {
        let name = &index.method;
        let at = |word: &str| self.token_of(parts, word);
        let Some(known) = method(name) else {
            return if self.brings_more() {
                Ok(())
            } else {
                let message = format!("access method \"{name}\" does not exist");
                Err(Problem::new("unknown-object", at(name), message))
            };
        };
        for (bad, what) in [
            (index.unique && !known.unique, "unique indexes"),
            (index.keys.len() > 1 && !known.several, "multicolumn indexes"),
            (!index.include.is_empty() && !known.include, "included columns"),
        ] {
            if bad {
                let message = format!("access method \"{name}\" does not support {what}");
                return Err(Problem::new("refused", at(name), message));
            }
        }
        for key in &index.keys {
            let place = match &key.part {
                KeyPart::Column(column) => at(column),
                KeyPart::Expression(_) => parts.clone(),
            };
            if !known.ordered && (key.descending || key.nulls_first.is_some()) {
                let (what, word) = if key.descending { ("ASC/DESC", "desc") } else { ("NULLS FIRST/LAST", "nulls") };
                let message = format!("access method \"{name}\" does not support {what} options");
                return Err(Problem::new("refused", self.token_of(&(place.start..parts.end), word), message));
            }
            self.class_fits(known, table, key, &place, parts)?;
        }
        self.parameters_fit(&index.options, known.parameters, parts)
    }

    fn class_fits(
        &self,
        known: &Method,
        table: &ObjectName,
        key: &IndexKey,
        place: &Range<usize>,
        parts: &Range<usize>,
    ) -> Result<(), Problem> {
        let ty = match &key.part {
            KeyPart::Column(column) => self.schema.tables.get(table).and_then(|table| table.column(column)),
            KeyPart::Expression(_) => None,
        };
        let ty = ty.map(|column| &column.ty);
        if let (Some(ty), Some(collation)) = (ty, &key.collation) {
            let name = collation.trim_matches('"');
            self.can_collate(ty, self.token_of(&(place.end..parts.end), name))?;
        }
        let Some(class) = &key.operator_class else {
            return ty.map_or(Ok(()), |ty| self.has_default_class(known.name, ty, place.clone()));
        };
        let class = class.split('(').next().unwrap_or_default();
        let at = self.token_of(&(place.end..parts.end), class);
        if !known.has_class(class) && !class.contains('.') && !self.brings_more() {
            let message = format!("operator class \"{class}\" does not exist for access method \"{}\"", known.name);
            return Err(Problem::new("unknown-object", at, message));
        }
        let Some((ty, below)) = ty.and_then(|ty| self.below(ty).map(|below| (ty, below))) else { return Ok(()) };
        if known.has_class(class) && !known.accepts(class, below.name, below.array) {
            let message = format!("operator class \"{class}\" does not accept data type {ty}");
            return Err(Problem::new("wrong-kind", at, message));
        }
        Ok(())
    }

    /// Refuses a column whose type has no default operator class for a method.
    pub(super) fn has_default_class(&self, name: &str, ty: &ColumnType, at: Range<usize>) -> Result<(), Problem> {
        let (Some(known), Some(below)) = (method(name), self.below(ty)) else { return Ok(()) };
        if known.has_default(below.name, below.array) || self.brings_more() {
            return Ok(());
        }
        let message = format!("data type {ty} has no default operator class for access method \"{name}\"");
        Err(Problem::new("wrong-kind", at, message))
    }

    /// Returns whether an extension, or an operator class of the schema's own, may know more than the server alone.
    fn brings_more(&self) -> bool {
        let more = |kind| matches!(kind, OtherKind::Extension | OtherKind::OperatorClass | OtherKind::AccessMethod);
        self.schema.others.keys().any(|id| more(id.kind))
    }

    /// Refuses storage parameters that there are not, or whose value is out of bounds.
    pub(super) fn parameters_fit(&self, settings: &[String], known: &str, parts: &Range<usize>) -> Result<(), Problem> {
        for setting in settings {
            let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
            let at = self.token_of(parts, key.rsplit('.').next().unwrap_or(key));
            if !known.split(' ').any(|name| name == key) {
                let message = format!("unrecognized parameter \"{key}\"");
                return Err(Problem::new("unknown-object", at, message));
            }
            let bounds =
                value.parse::<f64>().ok().filter(|value| key == "fillfactor" && !(10.0..=100.0).contains(value));
            if bounds.is_some() {
                let message = format!("value {value} out of bounds for option \"{key}\"");
                return Err(Problem::new("refused", at, message).help("Valid values are between \"10\" and \"100\"."));
            }
        }
        Ok(())
    }
}

/// The storage parameters of a table.
pub(super) const TABLE_PARAMETERS: &str = "fillfactor toast_tuple_target parallel_workers user_catalog_table \
    vacuum_index_cleanup vacuum_truncate vacuum_max_eager_freeze_failure_rate log_autovacuum_min_duration \
    autovacuum_enabled autovacuum_vacuum_threshold autovacuum_vacuum_max_threshold autovacuum_vacuum_insert_threshold \
    autovacuum_analyze_threshold autovacuum_vacuum_cost_delay autovacuum_vacuum_cost_limit \
    autovacuum_vacuum_scale_factor autovacuum_vacuum_insert_scale_factor autovacuum_analyze_scale_factor \
    autovacuum_freeze_min_age autovacuum_freeze_max_age autovacuum_freeze_table_age \
    autovacuum_multixact_freeze_min_age autovacuum_multixact_freeze_max_age autovacuum_multixact_freeze_table_age \
    toast.vacuum_index_cleanup toast.vacuum_truncate toast.log_autovacuum_min_duration toast.autovacuum_enabled \
    toast.autovacuum_vacuum_threshold toast.autovacuum_vacuum_insert_threshold toast.autovacuum_vacuum_cost_delay \
    toast.autovacuum_vacuum_cost_limit toast.autovacuum_vacuum_scale_factor \
    toast.autovacuum_vacuum_insert_scale_factor toast.autovacuum_freeze_min_age toast.autovacuum_freeze_max_age \
    toast.autovacuum_freeze_table_age toast.autovacuum_multixact_freeze_min_age \
    toast.autovacuum_multixact_freeze_max_age toast.autovacuum_multixact_freeze_table_age \
    toast.autovacuum_vacuum_max_threshold toast.vacuum_max_eager_freeze_failure_rate oids";
