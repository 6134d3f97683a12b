//! JSON Schemas (draft 2020-12) of what people and programs write and read: filings, policy files, reports.
//!
//! In: the loaded [`World`](crate::policy::World), so that names of fields, enumerations, checks, forms and materials are
//! the loaded ones. Out: a JSON value, for editors and validators. It must not decide what is right: it says what the
//! readers accept, and tests compare the two.

mod filing;
mod parts;
mod policy;
mod report;

pub use filing::filing;
pub use policy::{PolicyFile, policy, policy_file};
pub use report::report;

/// A schema as it is printed: indented, with a line end.
pub fn text(schema: &serde_json::Value) -> String {
    format!("{schema:#}\n")
}
