//! What a filing consists of: records, fields, types, enumerations, and the layout of a document's slots.
//!
//! In: `policies/schema.toml` (and the tables that enumerations take their values from). Out: a [`Schema`] that gives
//! every field a fixed offset. It must not know any field by name: fields are data.

mod model;
mod read;

pub mod format;

pub use model::{
    Collected, Collection, Dimension, Enum, EnumId, EnumValue, Expression, Field, Given, Record, RecordId, Schema,
    Sensitivity, Type, Words,
};
pub use read::{ValueSource, read_schema};
