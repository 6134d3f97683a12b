//! The fields by which filings are named and dated: the interface that reports and commands share with the schema.

use super::build::found;
use crate::filing::{Document, Slot};
use crate::schema::Schema;

/// The kind of filing.
pub const KIND: &str = "filing.kind";
/// The province.
pub const PROVINCE: &str = "filing.province";
/// The access provider.
pub const PROVIDER: &str = "filing.provider";
/// The day of submission.
pub const DATE: &str = "filing.date";
/// The nature of the subject.
pub const NATURE: &str = "subject.nature";
/// The services.
pub const SERVICES: &str = "services";
/// The kind of a service, below it.
pub const SERVICE_KIND: &str = "kind";

/// The day of submission, in days from CE, when the document gives it.
pub fn day(schema: &Schema, document: &Document) -> Option<i64> {
    let (slots, _) = found(schema, document, DATE)?;
    match document.slot(*slots.first()?) {
        Slot::Int(day) => Some(day),
        _ => None,
    }
}
